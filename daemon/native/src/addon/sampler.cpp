#include "sampler.h"

#include "convert.h"
#include "logits.h"

#include "reasoning-budget.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

Sampler::Sampler(const llama_model * model, const Napi::Object & c) : vocab(llama_model_get_vocab(model)), n_vocab(llama_vocab_n_tokens(vocab)) {
    top = (int) number(c, "topLogprobs");
    auto biases = array(c, "logitBias");
    std::map<llama_token, float> sums;
    for (uint32_t i = 0; i < biases.Length(); ++i) {
        auto entry = biases.Get(i).As<Napi::Object>();
        const int token = (int) number(entry, "token");
        if (token < 0 || token >= n_vocab) { throw std::runtime_error("logitBias: token " + std::to_string(token) + " is not in the vocabulary"); }
        sums[token] += (float) number(entry, "bias");
    }
    for (const auto & [token, sum] : sums) { bias.push_back({ token, sum }); }

    const auto f = [&](const char * name) { return (float) number(c, name); };
    const auto n = [&](const char * name) { return (int32_t) number(c, name); };
    const float temperature = f("temperature");
    const bool penalties = f("repeatPenalty") != 1.0f || f("frequencyPenalty") != 0.0f || f("presencePenalty") != 0.0f;
    const bool dry = f("dryMultiplier") > 0.0f;
    const auto g = c.Get("grammar");

    chain.reset(llama_sampler_chain_init(llama_sampler_chain_default_params()));
    const auto add = [&](llama_sampler * s) {
        llama_sampler_chain_add(chain.get(), s);
        random.emplace_back();
    };
    const auto draw = [&](uint32_t seed, std::function<llama_sampler * (uint32_t)> make) {
        add(make(seed));
        random.back() = std::move(make);
    };
    if (c.Get("contrast").IsObject()) { contrast = Contrast::of(c.Get("contrast").As<Napi::Object>()); }
    // with a contrast they come before it: what is wanted or banned outright decides what is plausible
    if (!bias.empty() && !contrast) { add(llama_sampler_init_logit_bias(n_vocab, (int32_t) bias.size(), bias.data())); }
    if (g.IsObject()) {
        auto grammar_config = g.As<Napi::Object>();
        const auto gbnf = text(grammar_config, "gbnf"), root = text(grammar_config, "root");
        if (grammar_config.Get("triggers").IsObject()) {
            // llama.cpp's lazy form: it applies from the first trigger on
            auto triggers = grammar_config.Get("triggers").As<Napi::Object>();
            auto list = array(triggers, "patterns");
            std::vector<std::string> held;
            for (uint32_t i = 0; i < list.Length(); ++i) { held.push_back(list.Get(i).As<Napi::String>().Utf8Value()); }
            std::vector<const char *> patterns;
            for (const auto & s : held) { patterns.push_back(s.c_str()); }
            const auto tokens = values<int32_t>(triggers.Get("tokens"), "tokens");
            grammar.reset(llama_sampler_init_grammar_lazy_patterns(vocab, gbnf.c_str(), root.c_str(), patterns.data(), patterns.size(), tokens.data(), tokens.size()));
        } else {
            grammar.reset(llama_sampler_init_grammar(vocab, gbnf.c_str(), root.c_str()));
        }
        if (!grammar) { throw std::runtime_error("the grammar cannot be parsed, or has no rule '" + root + "'"); }
        // what the prompt says already of what the grammar describes
        if (!grammar_config.Get("begun").IsUndefined()) {
            try {
                for (const auto token : values<int32_t>(grammar_config.Get("begun"), "begun")) { llama_sampler_accept(grammar.get(), token); }
            } catch (const std::exception &) {
                throw std::runtime_error("the grammar does not begin as the prompt ends");
            }
        }
    }
    if (penalties && n("penaltyLastN") != 0) {
        add(llama_sampler_init_penalties(n_vocab, n("penaltyLastN"), f("repeatPenalty"), f("frequencyPenalty"), f("presencePenalty")));
    }
    if (dry) {
        auto list = array(c, "drySequenceBreakers");
        std::vector<std::string> held;
        for (uint32_t i = 0; i < list.Length(); ++i) { held.push_back(list.Get(i).As<Napi::String>().Utf8Value()); }
        std::vector<const char *> breakers;
        for (const auto & s : held) { breakers.push_back(s.c_str()); }
        add(llama_sampler_init_dry(vocab, f("dryMultiplier"), f("dryBase"), n("dryAllowedLength"), n("dryLastN"), breakers.data(), breakers.size()));
    }
    const uint32_t seed = (uint32_t) number(c, "seed");
    if (temperature <= 0.0f) {
        add(llama_sampler_init_greedy());
    } else if (n("mirostat") != 0) {
        add(llama_sampler_init_temp(temperature));
        const int version = n("mirostat"), size = n_vocab;
        const float tau = f("mirostatTau"), eta = f("mirostatEta");
        draw(seed, [=](uint32_t own) { return version == 1 ? llama_sampler_init_mirostat(size, own, tau, eta, 100) : llama_sampler_init_mirostat_v2(own, tau, eta); });
    } else {
        if (f("topNSigma") > 0.0f)      { add(llama_sampler_init_top_n_sigma(f("topNSigma"))); }
        if (n("topK") > 0)              { add(llama_sampler_init_top_k(n("topK"))); }
        if (f("typicalP") < 1.0f)       { add(llama_sampler_init_typical(f("typicalP"), 1)); }
        if (f("topP") < 1.0f)           { add(llama_sampler_init_top_p(f("topP"), 1)); }
        if (f("minP") > 0.0f)           { add(llama_sampler_init_min_p(f("minP"), 1)); }
        if (f("xtcProbability") > 0.0f) {
            const float p = f("xtcProbability"), threshold = f("xtcThreshold");
            draw(seed, [=](uint32_t own) { return llama_sampler_init_xtc(p, threshold, 1, own); });
        }
        add(llama_sampler_init_temp_ext(temperature, f("dynatempRange"), f("dynatempExponent")));
        draw(seed, [](uint32_t own) { return llama_sampler_init_dist(own); });
    }
    if (c.Get("reasoning").IsObject()) { add_budget(c.Get("reasoning").As<Napi::Object>()); }
    greedy = temperature <= 0.0f && !penalties && !dry && !grammar && !budget && !contrast;
}

Sampler::Sampler(const Sampler & other, uint32_t seed) : top(other.top), contrast(other.contrast), vocab(other.vocab), n_vocab(other.n_vocab), greedy(other.greedy), random(other.random), bias(other.bias) {
    chain.reset(llama_sampler_chain_init(llama_sampler_chain_default_params()));
    for (size_t i = 0; i < random.size(); ++i) {
        llama_sampler_chain_add(chain.get(), random[i] ? random[i](seed) : llama_sampler_clone(llama_sampler_chain_get(other.chain.get(), (int32_t) i)));
    }
    if (other.grammar) { grammar.reset(llama_sampler_clone(other.grammar.get())); }
    if (other.budget)  { budget.reset(llama_sampler_clone(other.budget.get())); }
}

// llama.cpp's own: when so many tokens were written between the tags, it forces the end tag
void Sampler::add_budget(const Napi::Object & config) {
    auto list = array(config, "ends");
    std::vector<llama_tokens> ends;
    for (uint32_t i = 0; i < list.Length(); ++i) { ends.push_back(values<int32_t>(list.Get(i), "ends")); }
    const auto start = values<int32_t>(config.Get("start"), "start"), forced = values<int32_t>(config.Get("forced"), "forced");
    // llama.cpp's server feeds the end of the prompt to it, where tokens behind the tag count as forced ones if the budget is 0
    const auto state = boolean(config, "begun") ? REASONING_BUDGET_COUNTING : REASONING_BUDGET_IDLE;
    budget.reset(common_reasoning_budget_init(vocab, { start }, ends, forced, (int32_t) number(config, "tokens"), state));
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
bool Sampler::apply_contrast(const float * logits, const Streams & streams) {
    for (const auto & b : bias) { candidates[b.token].logit += b.bias; }
    scores.resize(n_vocab);
    for (int i = 0; i < n_vocab; ++i) { scores[i] = candidates[i].logit; }
    contrast->apply(logits, streams, scores);
    for (int i = 0; i < n_vocab; ++i) { candidates[i].logit = scores[i]; }
    return std::any_of(scores.begin(), scores.end(), [](float s) { return s != -INFINITY; });
}

llama_token Sampler::sample(const float * logits, const Streams & streams) {
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
        if (contrast && !apply_contrast(logits, streams)) { return LLAMA_TOKEN_NULL; }
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
