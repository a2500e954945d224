// Samplers of a context, as JavaScript sees them.

#include "context.h"
#include "convert.h"
#include "model.h"

#include <stdexcept>

static std::vector<std::string> texts(const Napi::Object & o, const char * name) {
    auto list = array(o, name);
    std::vector<std::string> out;
    for (uint32_t i = 0; i < list.Length(); ++i) { out.push_back(list.Get(i).As<Napi::String>().Utf8Value()); }
    return out;
}

static SamplerSettings::Grammar grammar_of(const Napi::Object & o) {
    SamplerSettings::Grammar g;
    g.gbnf = text(o, "gbnf");
    g.root = text(o, "root");
    if (o.Get("triggers").IsObject()) {
        auto triggers = o.Get("triggers").As<Napi::Object>();
        g.lazy     = true;
        g.patterns = texts(triggers, "patterns");
        g.tokens   = values<int32_t>(triggers.Get("tokens"), "tokens");
    }
    if (!o.Get("begun").IsUndefined()) { g.begun = values<int32_t>(o.Get("begun"), "begun"); }
    return g;
}

static SamplerSettings::Budget budget_of(const Napi::Object & o) {
    SamplerSettings::Budget b;
    auto list = array(o, "ends");
    for (uint32_t i = 0; i < list.Length(); ++i) { b.ends.push_back(values<int32_t>(list.Get(i), "ends")); }
    b.start  = values<int32_t>(o.Get("start"), "start");
    b.forced = values<int32_t>(o.Get("forced"), "forced");
    b.tokens = (int32_t) number(o, "tokens");
    b.begun  = boolean(o, "begun");
    return b;
}

static SamplerSettings settings_of(const Napi::Object & o) {
    const auto f = [&](const char * name) { return (float) number(o, name); };
    const auto n = [&](const char * name) { return (int32_t) number(o, name); };
    SamplerSettings s;
    s.top_logprobs = n("topLogprobs");
    auto biases = array(o, "logitBias");
    for (uint32_t i = 0; i < biases.Length(); ++i) {
        auto entry = biases.Get(i).As<Napi::Object>();
        s.bias.push_back({ (llama_token) number(entry, "token"), (float) number(entry, "bias") });
    }
    s.temperature        = f("temperature");
    s.top_k              = n("topK");
    s.top_p              = f("topP");
    s.min_p              = f("minP");
    s.typical_p          = f("typicalP");
    s.top_n_sigma        = f("topNSigma");
    s.xtc_probability    = f("xtcProbability");
    s.xtc_threshold      = f("xtcThreshold");
    s.dynatemp_range     = f("dynatempRange");
    s.dynatemp_exponent  = f("dynatempExponent");
    s.penalty_last_n     = n("penaltyLastN");
    s.repeat_penalty     = f("repeatPenalty");
    s.frequency_penalty  = f("frequencyPenalty");
    s.presence_penalty   = f("presencePenalty");
    s.dry_multiplier     = f("dryMultiplier");
    s.dry_base           = f("dryBase");
    s.dry_allowed_length = n("dryAllowedLength");
    s.dry_last_n         = n("dryLastN");
    s.dry_breakers       = texts(o, "drySequenceBreakers");
    s.mirostat           = n("mirostat");
    s.mirostat_tau       = f("mirostatTau");
    s.mirostat_eta       = f("mirostatEta");
    s.seed               = (uint32_t) number(o, "seed");
    if (o.Get("grammar").IsObject()) { s.grammar = grammar_of(o.Get("grammar").As<Napi::Object>()); }
    if (o.Get("contrast").IsObject()) {
        auto c = o.Get("contrast").As<Napi::Object>();
        s.contrast = Contrast { (float) number(c, "alpha"), (float) number(c, "plausibility"), (float) number(c, "topP") };
    }
    if (o.Get("tilt").IsObject()) {
        auto t = o.Get("tilt").As<Napi::Object>();
        Tilt tilt;
        tilt.plausibility = (float) number(t, "plausibility");
        tilt.table        = std::make_shared<const std::vector<float>>(values<float>(t.Get("table"), "tilt.table"));
        tilt.places.assign((size_t) number(t, "readings"), 0);
        s.tilt = std::move(tilt);
    }
    if (o.Get("reasoning").IsObject()) { s.budget = budget_of(o.Get("reasoning").As<Napi::Object>()); }
    return s;
}

Napi::Value Context::create_sampler(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        auto & opened = open();
        Model::require_loaded(model, model_id);
        return Napi::Number::New(env, opened.create_sampler(settings_of(info[0].As<Napi::Object>())));
    });
}

Napi::Value Context::fork_sampler(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        return Napi::Number::New(env, open().fork_sampler(info[0].As<Napi::Number>().Int32Value(), info[1].As<Napi::Number>().Uint32Value()));
    });
}

Napi::Value Context::accept_tokens(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        open().accept_tokens(info[0].As<Napi::Number>().Int32Value(), values<int32_t>(info[1], "tokens"));
        return env.Undefined();
    });
}

Napi::Value Context::place_readings(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        open().place_readings(info[0].As<Napi::Number>().Int32Value(), values<int32_t>(info[1], "places"));
        return env.Undefined();
    });
}

// Also of a context that is closed: whoever held a sampler lets it go.
Napi::Value Context::free_sampler(const Napi::CallbackInfo & info) {
    if (decoder) { decoder->free_sampler(info[0].As<Napi::Number>().Int32Value()); }
    return info.Env().Undefined();
}
