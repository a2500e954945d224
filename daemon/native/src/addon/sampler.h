#pragma once

#include "contrast.h"
#include "llama.h"

#include <napi.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// One answer's sampler: llama.cpp's chain in the order of its server, the grammar first.
class Sampler {
public:
    Sampler(const llama_model * model, const Napi::Object & config);

    // Goes on as `other` would, with random numbers of its own.
    Sampler(const Sampler & other, uint32_t seed);

    // Picks a token from one row of logits and accepts it; LLAMA_TOKEN_NULL when grammar and biases leave none.
    llama_token sample(const float * logits, const Streams & streams);
    // A token that was not sampled here: penalties and the grammar look back on it, a budget of reasoning does not count it.
    void        accept(llama_token token);

    int top = 0; // log-probabilities wanted beside the token
    std::optional<Contrast> contrast;

private:
    struct drop { void operator()(llama_sampler * s) const { llama_sampler_free(s); } };
    using owned = std::unique_ptr<llama_sampler, drop>;

    llama_token largest(const float * logits) const;
    void        add_budget(const Napi::Object & config);
    bool        apply_contrast(const float * logits, const Streams & streams);

    const llama_vocab * vocab;
    int                 n_vocab;
    bool                greedy = false; // nothing but arg-max of logits and biases: no candidate list is built
    owned               chain, grammar;
    std::vector<std::function<llama_sampler * (uint32_t seed)>> random; // by place in the chain: makes it anew; empty where it draws nothing
    owned               budget; // of reasoning tokens
    std::vector<llama_logit_bias> bias; // by token, each once
    std::vector<llama_token_data> candidates;
    std::vector<float> scores;
};
