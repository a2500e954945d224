// Decoding by what the same model says under other edits: over the whole vocabulary, before any sampler cuts it.

#include "contrast.h"

#include "logits.h"

#include <algorithm>
#include <cmath>
#include <numeric>

// Rules out all but the likeliest that make up p; the one that passes p stays, as in llama.cpp's sampler.
static void keep_top_p(std::vector<float> & scores, float p) {
    const double norm = log_sum_exp(scores.data(), (int) scores.size());
    if (!std::isfinite(norm)) { return; }
    std::vector<int> order(scores.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int a, int b) { return scores[a] > scores[b] || (scores[a] == scores[b] && a < b); });
    double sum = 0;
    for (int token : order) {
        const bool kept = sum < p;
        sum += std::exp(scores[token] - norm);
        if (!kept) { scores[token] = -INFINITY; }
    }
}

void Contrast::apply(const float * own, const Streams & streams, std::vector<float> & scores) const {
    const int n = (int) scores.size();
    if (plausibility > 0) {
        const float least = scores[arg_max(scores.data(), n)] + std::log(plausibility);
        for (auto & s : scores) {
            if (s < least) { s = -INFINITY; }
        }
    }
    if (top_p < 1) { keep_top_p(scores, top_p); }
    const float * toward  = streams.toward  ? streams.toward  : own;
    const float * against = streams.against ? streams.against : own;
    for (int i = 0; i < n; ++i) {
        if (scores[i] != -INFINITY) { scores[i] += alpha*(toward[i] - against[i]); }
    }
}

double divergence(const float * p, const float * q, int n) {
    const double p_norm = log_sum_exp(p, n), q_norm = log_sum_exp(q, n);
    if (!std::isfinite(p_norm) || !std::isfinite(q_norm)) { return NAN; }
    double sum = 0;
    for (int i = 0; i < n; ++i) {
        const double log_p = p[i] - p_norm;
        if (log_p > -700) { sum += std::exp(log_p)*(log_p - (q[i] - q_norm)); }
    }
    return std::max(sum, 0.0); // rounding alone takes it below
}
