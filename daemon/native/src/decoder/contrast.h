#pragma once

#include <vector>

// Logits of an answer's further streams at the same token: the same model under other edits. null: the answer's own.
struct Streams {
    const float * toward  = nullptr;
    const float * against = nullptr;
};

// z + α·(z_toward − z_against) among the plausible tokens. With toward = the answer's own this is contrastive decoding (Li et al.
// 2023, in the form of O'Brien & Lewis 2023, which is the plain answer at α = 0); with three streams it is DExperts (Liu et al. 2021).
struct Contrast {
    float alpha        = 0;
    float plausibility = 0; // tokens below this share of the likeliest one's probability are left out; 0: none
    float top_p        = 1; // of the others the likeliest that make up p are kept, before α acts; 1: all

    // `scores` comes as the answer's own logits, −∞ where a token is ruled out already, and goes as what is sampled from.
    void apply(const float * own, const Streams & streams, std::vector<float> & scores) const;
};

// KL(p ‖ q) in nats of softmax(p) from softmax(q), each n long; not finite where the logits are not.
double divergence(const float * p, const float * q, int n);
