#pragma once

#include <cstdint>
#include <memory>
#include <vector>

// What is added to the logits of a row from readings of that very row: for each token a linear form of them,
// z += Σ_k readings[k]·table[z, k] + table[z, n]. With the values of prefix scorers it is token-wise controlled decoding (Mudgal et al.
// 2024, equation 4), π(z)·exp(λ·V(z)).
struct Tilt {
    float plausibility = 0;                          // tokens below this share of the likeliest one's probability are left out; 0: none
    std::shared_ptr<const std::vector<float>> table; // [vocabulary × (n + 1)]
    std::vector<int32_t> places;                     // [n] of the readings in a row of them; they move with the topology

    // `scores` comes as logits, −∞ where a token is ruled out already. `readings`: the row's, all of them.
    void apply(const float * readings, std::vector<float> & scores) const;
};
