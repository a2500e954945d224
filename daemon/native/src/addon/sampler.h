#pragma once

#include "llama.h"

#include <napi.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

// One answer's sampler: llama.cpp's chain in the order of its server, the grammar first.
class Sampler {
public:
    Sampler(const llama_model * model, const Napi::Object & config);

    // Picks a token from one row of logits and accepts it; LLAMA_TOKEN_NULL when grammar and biases leave none.
    llama_token sample(const float * logits);
    // A token that was not sampled here: penalties and the grammar look back on it, a budget of reasoning does not count it.
    void        accept(llama_token token);

    int top = 0; // log-probabilities wanted beside the token

private:
    struct drop { void operator()(llama_sampler * s) const { llama_sampler_free(s); } };
    using owned = std::unique_ptr<llama_sampler, drop>;

    llama_token largest(const float * logits) const;
    void        add_budget(const Napi::Object & config);

    const llama_vocab * vocab;
    int                 n_vocab;
    bool                greedy = false; // nothing but arg-max of logits and biases: no candidate list is built
    owned               chain, grammar;
    owned               budget; // of reasoning tokens
    std::vector<llama_logit_bias> bias; // by token, each once
    std::vector<llama_token_data> candidates;
};
