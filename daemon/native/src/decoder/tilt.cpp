#include "tilt.h"

#include "logits.h"

#include <cmath>

void Tilt::apply(const float * readings, std::vector<float> & scores) const {
    const size_t n = places.size(), vocabulary = scores.size();
    if (plausibility > 0) {
        const float least = scores[arg_max(scores.data(), (int) vocabulary)] + std::log(plausibility);
        for (auto & s : scores) {
            if (s < least) { s = -INFINITY; }
        }
    }
    std::vector<float> x(n);
    for (size_t k = 0; k < n; ++k) { x[k] = readings[places[k]]; }
    const float * row = table->data();
    for (size_t z = 0; z < vocabulary; ++z, row += n + 1) {
        if (scores[z] == -INFINITY) { continue; }
        float sum = row[n];
        for (size_t k = 0; k < n; ++k) { sum += x[k]*row[k]; }
        scores[z] += sum;
    }
}
