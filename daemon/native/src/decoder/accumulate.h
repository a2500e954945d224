#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// Running statistics of one site over the tokens of a corpus, per class, so that identification never drags raw activations
// through JavaScript.
struct Accumulator {
    size_t place = 0; // index into the topology
    int    site = 0, layer = 0, width = 0, classes = 1, bins = 0;
    float  low = 0, high = 1;
    std::vector<double>   tokens;                     // [classes]
    std::vector<double>   positive, sum, squares;     // [classes × width]
    std::vector<float>    max;
    std::vector<double>   arg_max;
    std::vector<uint32_t> histogram;                  // [classes × width × bins]

    void init(int width_) {
        width = width_;
        const size_t n = (size_t) classes*width;
        tokens.assign(classes, 0);
        positive.assign(n, 0); sum.assign(n, 0); squares.assign(n, 0); arg_max.assign(n, -1);
        max.assign(n, -3.4e38f);
        histogram.assign(n*bins, 0);
    }

    void add(int c, const float * x) {
        const double at = tokens[c]++;
        const size_t base = (size_t) c*width;
        // without branches and aliases, so that the compiler makes vector code of it
        double * __restrict pos = &positive[base], * __restrict one = &sum[base], * __restrict two = &squares[base], * __restrict arg = &arg_max[base];
        float  * __restrict top = &max[base];
        for (int j = 0; j < width; ++j) {
            const double v = x[j];
            pos[j] += v > 0 ? 1.0 : 0.0;
            one[j] += v;
            two[j] += v*v;
        }
        for (int j = 0; j < width; ++j) {
            const bool more = x[j] > top[j];
            arg[j] = more ? at : arg[j];
            top[j] = more ? x[j] : top[j];
        }
        if (bins > 0) {
            const float scale = bins/(high - low);
            for (int j = 0; j < width; ++j) {
                int b = (int) ((x[j] - low)*scale);
                b = b < 0 ? 0 : b >= bins ? bins - 1 : b;
                histogram[(base + j)*bins + b]++;
            }
        }
    }
};
