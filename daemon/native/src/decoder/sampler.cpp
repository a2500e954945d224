#include "sampler.h"

#include "logits.h"

#include "reasoning-budget.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

// An incomplete chain goes with its Sampler where one of these throws.
Sampler::Sampler(const llama_model * model, const SamplerSettings & s) : top(s.top_logprobs), contrast(s.contrast), tilt(s.tilt), vocab(llama_model_get_vocab(model)), n_vocab(llama_vocab_n_tokens(vocab)) {
    if (tilt && tilt->table->size() != (size_t) n_vocab*(tilt->places.size() + 1)) { throw std::runtime_error("tilt.table must have a row for every token"); }
    const bool penalties = s.repeat_penalty != 1.0f || s.frequency_penalty != 0.0f || s.presence_penalty != 0.0f;
    const bool dry = s.dry_multiplier > 0.0f;
    chain.reset(llama_sampler_chain_init(llama_sampler_chain_default_params()));
    add_bias(s.bias);
    // with a rule they come before it: what is wanted or banned outright decides what is plausible
    if (!bias.empty() && !contrast && !tilt) { add(llama_sampler_init_logit_bias(n_vocab, (int32_t) bias.size(), bias.data())); }
    if (s.grammar) { add_grammar(*s.grammar); }
    if (penalties && s.penalty_last_n != 0) {
        add(llama_sampler_init_penalties(n_vocab, s.penalty_last_n, s.repeat_penalty, s.frequency_penalty, s.presence_penalty));
    }
    if (dry) {
        std::vector<const char *> breakers;
        for (const auto & one : s.dry_breakers) { breakers.push_back(one.c_str()); }
        add(llama_sampler_init_dry(vocab, s.dry_multiplier, s.dry_base, s.dry_allowed_length, s.dry_last_n, breakers.data(), breakers.size()));
    }
    add_drawn(s);
    if (s.budget) { add_budget(*s.budget); }
    greedy = s.temperature <= 0.0f && !penalties && !dry && !grammar && !budget && !contrast && !tilt;
}

void Sampler::add(llama_sampler * s) {
    llama_sampler_chain_add(chain.get(), s);
    random.emplace_back();
}

void Sampler::add_drawing(uint32_t seed, std::function<llama_sampler * (uint32_t)> make) {
    add(make(seed));
    random.back() = std::move(make);
}

void Sampler::add_bias(const std::vector<llama_logit_bias> & biases) {
    std::map<llama_token, float> sums;
    for (const auto & b : biases) {
        if (b.token < 0 || b.token >= n_vocab) { throw std::runtime_error("logitBias: token " + std::to_string(b.token) + " is not in the vocabulary"); }
        sums[b.token] += b.bias;
    }
    for (const auto & [token, sum] : sums) { bias.push_back({ token, sum }); }
}

void Sampler::add_grammar(const SamplerSettings::Grammar & g) {
    if (g.lazy) {
        std::vector<const char *> patterns;
        for (const auto & one : g.patterns) { patterns.push_back(one.c_str()); }
        grammar.reset(llama_sampler_init_grammar_lazy_patterns(vocab, g.gbnf.c_str(), g.root.c_str(), patterns.data(), patterns.size(), g.tokens.data(), g.tokens.size()));
    } else {
        grammar.reset(llama_sampler_init_grammar(vocab, g.gbnf.c_str(), g.root.c_str()));
    }
    if (!grammar) { throw std::runtime_error("the grammar cannot be parsed, or has no rule '" + g.root + "'"); }
    if (!g.begun) { return; }
    try {
        for (const auto token : *g.begun) { llama_sampler_accept(grammar.get(), token); }
    } catch (const std::exception &) {
        throw std::runtime_error("the grammar does not begin as the prompt ends");
    }
}

// The part of the chain that ends in a choice.
void Sampler::add_drawn(const SamplerSettings & s) {
    if (s.temperature <= 0.0f) {
        add(llama_sampler_init_greedy());
    } else if (s.mirostat != 0) {
        add(llama_sampler_init_temp(s.temperature));
        const int version = s.mirostat, size = n_vocab;
        const float tau = s.mirostat_tau, eta = s.mirostat_eta;
        add_drawing(s.seed, [=](uint32_t own) { return version == 1 ? llama_sampler_init_mirostat(size, own, tau, eta, 100) : llama_sampler_init_mirostat_v2(own, tau, eta); });
    } else {
        if (s.top_n_sigma > 0.0f) { add(llama_sampler_init_top_n_sigma(s.top_n_sigma)); }
        if (s.top_k > 0)          { add(llama_sampler_init_top_k(s.top_k)); }
        if (s.typical_p < 1.0f)   { add(llama_sampler_init_typical(s.typical_p, 1)); }
        if (s.top_p < 1.0f)       { add(llama_sampler_init_top_p(s.top_p, 1)); }
        if (s.min_p > 0.0f)       { add(llama_sampler_init_min_p(s.min_p, 1)); }
        if (s.xtc_probability > 0.0f) {
            const float p = s.xtc_probability, threshold = s.xtc_threshold;
            add_drawing(s.seed, [=](uint32_t own) { return llama_sampler_init_xtc(p, threshold, 1, own); });
        }
        add(llama_sampler_init_temp_ext(s.temperature, s.dynatemp_range, s.dynatemp_exponent));
        add_drawing(s.seed, [](uint32_t own) { return llama_sampler_init_dist(own); });
    }
}

Sampler::Sampler(const Sampler & other, uint32_t seed) : top(other.top), contrast(other.contrast), tilt(other.tilt), vocab(other.vocab), n_vocab(other.n_vocab), greedy(other.greedy), random(other.random), bias(other.bias) {
    chain.reset(llama_sampler_chain_init(llama_sampler_chain_default_params()));
    for (size_t i = 0; i < random.size(); ++i) {
        llama_sampler_chain_add(chain.get(), random[i] ? random[i](seed) : llama_sampler_clone(llama_sampler_chain_get(other.chain.get(), (int32_t) i)));
    }
    if (other.grammar) { grammar.reset(llama_sampler_clone(other.grammar.get())); }
    if (other.budget)  { budget.reset(llama_sampler_clone(other.budget.get())); }
}

void Sampler::add_budget(const SamplerSettings::Budget & b) {
    // llama.cpp's server feeds the end of the prompt to it, where tokens behind the tag count as forced ones if the budget is 0
    const auto state = b.begun ? REASONING_BUDGET_COUNTING : REASONING_BUDGET_IDLE;
    budget.reset(common_reasoning_budget_init(vocab, { b.start }, b.ends, b.forced, b.tokens, state));
}

void Sampler::accept(llama_token token) {
    if (grammar) { llama_sampler_accept(grammar.get(), token); }
    llama_sampler_accept(chain.get(), token);
}

// The first of the largest, as llama.cpp's chain of biases and arg-max finds it.
llama_token Sampler::largest(const float * logits) const {
    llama_token best = LLAMA_TOKEN_NULL;
    float most = -INFINITY;
    const auto take = [&](llama_token token, float value) {
        if (value > most) { best = token; most = value; }
    };
    int from = 0;
    const auto unbiased = [&](int to) {
        if (to <= from) { return; }
        const int token = from + arg_max(logits + from, to - from);
        take(token, logits[token]);
    };
    for (const auto & b : bias) {
        unbiased(b.token);
        take(b.token, logits[b.token] + b.bias);
        from = b.token + 1;
    }
    unbiased(n_vocab);
    return best;
}

// What is plausible is told of what grammar and biases leave, so that it never contradicts them.
bool Sampler::choose_by_rules(const float * logits, const Streams & streams, const float * readings) {
    for (const auto & b : bias) { candidates[b.token].logit += b.bias; }
    scores.resize(n_vocab);
    for (int i = 0; i < n_vocab; ++i) { scores[i] = candidates[i].logit; }
    apply_rules(logits, streams, readings, scores);
    for (int i = 0; i < n_vocab; ++i) { candidates[i].logit = scores[i]; }
    return std::any_of(scores.begin(), scores.end(), [](float s) { return s != -INFINITY; });
}

void Sampler::apply_rules(const float * logits, const Streams & streams, const float * readings, std::vector<float> & to) const {
    if (contrast) { contrast->apply(logits, streams, to); }
    if (tilt && readings) { tilt->apply(readings, to); }
}

llama_token Sampler::sample(const float * logits, const Streams & streams, const float * readings) {
    if (greedy) { return largest(logits); }
    candidates.resize(n_vocab);
    for (int i = 0; i < n_vocab; ++i) { candidates[i] = { i, logits[i], 0.0f }; }
    llama_token_data_array list = { candidates.data(), candidates.size(), -1, false };
    try {
        if (budget) { llama_sampler_apply(budget.get(), &list); }
        if (grammar) {
            llama_sampler_apply(grammar.get(), &list);
            // biases may forbid what the grammar asks for; the chain would then choose among the forbidden ones
            for (const auto & b : bias) { if (b.bias == -INFINITY) { candidates[b.token].logit = -INFINITY; } }
            const bool any = std::any_of(candidates.begin(), candidates.end(), [](const auto & t) { return std::isfinite(t.logit); });
            if (!any) { return LLAMA_TOKEN_NULL; }
        }
        if ((contrast || tilt) && !choose_by_rules(logits, streams, readings)) { return LLAMA_TOKEN_NULL; }
        llama_sampler_apply(chain.get(), &list);
        if (list.selected < 0 || list.selected >= (int64_t) list.size || list.data[list.selected].logit == -INFINITY) { return LLAMA_TOKEN_NULL; }
        const llama_token token = list.data[list.selected].id;
        accept(token);
        if (budget) { llama_sampler_accept(budget.get(), token); }
        return token;
    } catch (const std::exception &) {
        return LLAMA_TOKEN_NULL; // the grammar ended in a state without continuation
    }
}
