#pragma once

#include "contrast.h"
#include "tilt.h"
#include "llama.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What llama.cpp's server calls its sampling parameters, and what comes beside them. Names and defaults: engine/model/native.ts.
struct SamplerSettings {
    struct Grammar {
        std::string gbnf, root;
        bool lazy = false;                 // it applies from the first trigger on
        std::vector<std::string> patterns; // triggers: regular expressions, tokens
        std::vector<int32_t>     tokens;
        std::optional<std::vector<int32_t>> begun; // what the prompt says already of what it describes
    };

    // Of reasoning: after so many tokens between the tags the end tag is forced.
    struct Budget {
        std::vector<int32_t> start, forced;
        std::vector<std::vector<int32_t>> ends;
        int32_t tokens = 0;
        bool    begun = false; // the prompt ends within it
    };

    float temperature = 0.8f, top_p = 1, min_p = 0, typical_p = 1, top_n_sigma = 0;
    float dynatemp_range = 0, dynatemp_exponent = 1, xtc_probability = 0, xtc_threshold = 0.1f;
    float repeat_penalty = 1, frequency_penalty = 0, presence_penalty = 0;
    float dry_multiplier = 0, dry_base = 1.75f, mirostat_tau = 5, mirostat_eta = 0.1f;
    int32_t top_k = 0, penalty_last_n = 64, dry_allowed_length = 2, dry_last_n = -1, mirostat = 0;
    std::vector<std::string> dry_breakers;
    uint32_t seed = 0;
    int      top_logprobs = 0;           // log-probabilities wanted beside the token
    std::vector<llama_logit_bias> bias;  // a token may come several times: they add up
    std::optional<Grammar>  grammar;
    std::optional<Contrast> contrast;
    std::optional<Tilt>     tilt;
    std::optional<Budget>   budget;
};

// One answer's sampler: llama.cpp's chain in the order of its server, the grammar first.
class Sampler {
public:
    Sampler(const llama_model * model, const SamplerSettings & settings);

    // Goes on as `other` would, with random numbers of its own.
    Sampler(const Sampler & other, uint32_t seed);

    // Picks a token from one row of logits and accepts it; LLAMA_TOKEN_NULL when grammar and biases leave none.
    // readings: of the same row; null: it has none
    llama_token sample(const float * logits, const Streams & streams, const float * readings);
    // The logits as the rules of decoding leave them, `scores` as Contrast and Tilt take them.
    void        apply_rules(const float * logits, const Streams & streams, const float * readings, std::vector<float> & scores) const;
    // A token that was not sampled here: penalties and the grammar look back on it, a budget of reasoning does not count it.
    void        accept(llama_token token);

    int top = 0; // log-probabilities wanted beside the token
    std::optional<Contrast> contrast;
    std::optional<Tilt>     tilt;

private:
    struct drop { void operator()(llama_sampler * s) const { llama_sampler_free(s); } };
    using owned = std::unique_ptr<llama_sampler, drop>;

    llama_token largest(const float * logits) const;
    void        add_bias(const std::vector<llama_logit_bias> & biases);
    void        add_grammar(const SamplerSettings::Grammar & g);
    void        add_budget(const SamplerSettings::Budget & config);
    void        add(llama_sampler * s);
    void        add_drawing(uint32_t seed, std::function<llama_sampler * (uint32_t)> make);
    void        add_drawn(const SamplerSettings & s);
    bool        choose_by_rules(const float * logits, const Streams & streams, const float * readings);

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
