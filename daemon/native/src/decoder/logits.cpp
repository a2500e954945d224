#include "logits.h"

#include <cmath>
#include <cstdint>
#include <cstring>

// The compiler's baseline for x86-64 has vectors of four; where a processor has eight, they are chosen as the library is loaded:
// that is before a sanitizer is ready.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define WIDER __attribute__((target_clones("avx2", "default")))
#else
#define WIDER
#endif

static constexpr int LANES = 32, BLOCK = 256;

// clones need linkage, so a namespace and not `static`
namespace logits {
    WIDER float largest(const float * x, int n);
    WIDER void exps(const float * x, float max, float * part);
}

float logits::largest(const float * x, int n) {
    float part[LANES];
    for (int k = 0; k < LANES; ++k) { part[k] = -INFINITY; }
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (int k = 0; k < LANES; ++k) { part[k] = x[i + k] > part[k] ? x[i + k] : part[k]; }
    }
    float max = -INFINITY;
    for (float p : part) { max = p > max ? p : max; }
    for (; i < n; ++i) { max = x[i] > max ? x[i] : max; }
    return max;
}

int arg_max(const float * x, int n) {
    const float max = logits::largest(x, n);
    for (int i = 0; i < n; ++i) {
        if (x[i] == max) { return i; }
    }
    return 0;
}

// exp for x ≤ 0 to 2e-7 of its value: 2ⁿ·exp(r) with |r| ≤ ln 2 / 2 and a polynomial for exp(r) (Cephes, expf.c). NaN stays NaN.
static inline float exp_negative(float x) {
    x = -87.0f > x ? -87.0f : x; // below it the result is no normal float
    const float shift = 12582912.0f; // 1.5·2²³: adding it rounds to an integer, which then stands in the lowest bits
    const float shifted = x*1.44269504f + shift;
    const float n = shifted - shift;
    const float r = x - n*0.693359375f + n*2.12194440e-4f; // ln 2 in two parts
    float p = 1.9875691500e-4f;
    p = p*r + 1.3981999507e-3f;
    p = p*r + 8.3334519073e-3f;
    p = p*r + 4.1665795894e-2f;
    p = p*r + 1.6666665459e-1f;
    p = p*r + 5.0000001201e-1f;
    const float y = p*r*r + r + 1.0f;
    uint32_t bits;
    std::memcpy(&bits, &shifted, sizeof(bits));
    bits = (bits << 23) + (127u << 23);
    float scale;
    std::memcpy(&scale, &bits, sizeof(scale));
    return y*scale;
}

// one block of exp(x − max), added up in lanes
void logits::exps(const float * x, float max, float * part) {
    float block[BLOCK];
    for (int k = 0; k < BLOCK; ++k) { block[k] = exp_negative(x[k] - max); }
    for (int j = 0; j < BLOCK; j += LANES) {
        for (int k = 0; k < LANES; ++k) { part[k] += block[j + k]; }
    }
}

double log_sum_exp(const float * x, int n) {
    const float max = logits::largest(x, n);
    float part[LANES] = {};
    int i = 0;
    for (; i + BLOCK <= n; i += BLOCK) { logits::exps(x + i, max, part); }
    double sum = 0;
    for (float p : part) { sum += p; }
    for (; i < n; ++i) { sum += exp_negative(x[i] - max); }
    return (double) max + std::log(sum);
}
