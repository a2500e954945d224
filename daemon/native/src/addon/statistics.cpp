// Samplers and accumulators of a context, as JavaScript sees them.

#include "context.h"
#include "convert.h"
#include "model.h"

#include <cstdint>
#include <stdexcept>

Napi::Value Context::create_sampler(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        if (closing) { throw std::runtime_error("the context is closed"); }
        Model::require_loaded(model, model_id);
        auto sampler = std::make_unique<Sampler>(model, info[0].As<Napi::Object>());
        std::lock_guard<std::mutex> lock(state);
        const int32_t id = next_sampler++;
        samplers[id] = std::move(sampler);
        return Napi::Number::New(env, id);
    });
}

Napi::Value Context::fork_sampler(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        const int32_t source = info[0].As<Napi::Number>().Int32Value();
        const uint32_t seed = info[1].As<Napi::Number>().Uint32Value();
        std::lock_guard<std::mutex> lock(state);
        auto it = samplers.find(source);
        if (it == samplers.end()) { throw std::runtime_error("no such sampler"); }
        auto sampler = std::make_unique<Sampler>(*it->second, seed);
        const int32_t id = next_sampler++;
        samplers[id] = std::move(sampler);
        return Napi::Number::New(env, id);
    });
}

Napi::Value Context::accept_tokens(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        const auto tokens = values<int32_t>(info[1], "tokens");
        for (int32_t token : tokens) { if (token < 0 || token >= n_vocab) { throw std::runtime_error("token is not in the vocabulary"); } }
        std::lock_guard<std::mutex> lock(state);
        auto it = samplers.find(info[0].As<Napi::Number>().Int32Value());
        if (it == samplers.end()) { throw std::runtime_error("no such sampler"); }
        for (int32_t token : tokens) { it->second->accept(token); }
        return env.Undefined();
    });
}

Napi::Value Context::free_sampler(const Napi::CallbackInfo & info) {
    std::lock_guard<std::mutex> lock(state);
    samplers.erase(info[0].As<Napi::Number>().Int32Value());
    return info.Env().Undefined();
}

static int site_named(const std::string & name) {
    for (int s = 0; s < STEER_SITE_COUNT; ++s) { if (name == llama_steer_site_name(s)) { return s; } }
    throw std::runtime_error("unknown site '" + name + "'");
}

// index of the place that an accumulator reads, SIZE_MAX where nothing is tapped
static size_t tapped(const llama_steer & steer, const Accumulator & a) {
    const auto & places = steer.places();
    for (size_t i = 0; i < places.size(); ++i) {
        if (places[i].site == a.site && places[i].layer == a.layer && places[i].tap) { return i; }
    }
    return SIZE_MAX;
}

Napi::Value Context::set_accumulators(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        std::vector<Accumulator> next;
        if (info[0].IsObject()) {
            auto spec = info[0].As<Napi::Object>();
            auto sites = array(spec, "sites");
            for (uint32_t i = 0; i < sites.Length(); ++i) {
                auto e = sites.Get(i).As<Napi::Object>();
                Accumulator a;
                a.site    = site_named(text(e, "site"));
                a.layer   = (int) number(e, "layer");
                a.classes = (int) number(spec, "classes");
                a.bins    = (int) number(spec, "bins");
                a.low     = (float) number(spec, "low");
                a.high    = (float) number(spec, "high");
                if (a.classes < 1 || a.classes > 4096 || a.bins < 0 || a.bins > 4096) { throw std::runtime_error("classes must lie between 1 and 4096, bins between 0 and 4096"); }
                if (a.bins > 0 && !(a.high > a.low)) { throw std::runtime_error("a histogram needs low < high"); }
                next.push_back(std::move(a));
            }
        }
        // places are known on the decoding thread, after the changes staged before this one
        stage([this, next = std::move(next)]() mutable {
            for (auto & a : next) {
                a.place = tapped(*steer, a);
                if (a.place == SIZE_MAX) { throw std::runtime_error(std::string("no tap at ") + llama_steer_site_name(a.site) + " layer " + std::to_string(a.layer)); }
                a.init(steer->width_of(a.site, a.layer));
            }
            std::lock_guard<std::mutex> lock(state);
            accumulators = std::move(next);
        });
        return env.Undefined();
    });
}

// A new topology numbers its places anew; one whose tap is gone keeps what it has and counts no more.
void Context::place_accumulators() {
    std::lock_guard<std::mutex> lock(state);
    for (auto & a : accumulators) { a.place = tapped(*steer, a); }
}

Napi::Value Context::read_accumulators(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    must_be_idle(env);
    std::lock_guard<std::mutex> lock(state);
    auto out = Napi::Array::New(env, accumulators.size());
    for (uint32_t i = 0; i < accumulators.size(); ++i) {
        const auto & a = accumulators[i];
        auto o = Napi::Object::New(env);
        o.Set("site", llama_steer_site_name(a.site));
        o.Set("layer", Napi::Number::New(env, a.layer));
        o.Set("width", Napi::Number::New(env, a.width));
        o.Set("tokens", to_js(env, a.tokens));
        o.Set("positive", to_js(env, a.positive));
        o.Set("sum", to_js(env, a.sum));
        o.Set("sumSquares", to_js(env, a.squares));
        o.Set("max", to_js(env, a.max));
        o.Set("argMax", to_js(env, a.arg_max));
        o.Set("histogram", to_js(env, a.histogram));
        out.Set(i, o);
    }
    return out;
}
