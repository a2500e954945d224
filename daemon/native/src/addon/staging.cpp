// Changes to a context, staged under a mutex and applied by the decoding thread at the start of the next decode, in order.

#include "context.h"

#include "convert.h"
#include "model.h"

#include <algorithm>
#include <stdexcept>

int64_t Context::stage(std::function<void()> change) {
    std::lock_guard<std::mutex> lock(mutex);
    if (closing) { throw std::runtime_error("the context is closed"); }
    if (staged.empty()) { oldest = version + 1; }
    staged.push_back(std::move(change));
    return ++version;
}

static int site_of(const Napi::Object & o) {
    const auto name = text(o, "site");
    for (int s = 0; s < STEER_SITE_COUNT; ++s) {
        if (name == llama_steer_site_name(s)) { return s; }
    }
    throw std::runtime_error("unknown site '" + name + "'");
}

// Element, bank, probe and tap lists become one place per (site, layer), in order of first mention of a probe so that the
// readings of a token come in topology order.
std::vector<llama_steer_place> Context::places_of(const Napi::Object & o) {
    std::vector<llama_steer_place> places;
    auto at = [&](const Napi::Object & entry) -> llama_steer_place & {
        const int site = site_of(entry), layer = (int) number(entry, "layer");
        for (auto & p : places) { if (p.site == site && p.layer == layer) { return p; } }
        places.emplace_back();
        places.back().site = site;
        places.back().layer = layer;
        return places.back();
    };
    auto each = [&](const char * name, auto f) {
        auto list = array(o, name);
        for (uint32_t i = 0; i < list.Length(); ++i) {
            auto entry = list.Get(i).As<Napi::Object>();
            f(entry, at(entry));
        }
    };
    each("probes", [&](const Napi::Object & e, llama_steer_place & p) {
        if (p.probes > 0) { throw std::runtime_error("the probes of one place must come in one entry"); }
        p.probes = (int) number(e, "count");
        p.w = values<float>(e.Get("w"), "probes.w");
    });
    each("element", [&](const Napi::Object & e, llama_steer_place & p) {
        p.scale = p.scale || boolean(e, "scale");
        p.shift = p.shift || boolean(e, "shift");
    });
    each("banks", [&](const Napi::Object & e, llama_steer_place & p) {
        p.rank = (int) number(e, "rank");
        p.v = values<float>(e.Get("v"), "banks.v");
        p.u = values<float>(e.Get("u"), "banks.u");
    });
    each("taps", [&](const Napi::Object &, llama_steer_place & p) { p.tap = true; });
    return places;
}

Napi::Value Context::configure(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        Model::require_loaded(model, model_id);
        auto places = places_of(info[0].As<Napi::Object>());
        for (const auto & p : places) { Model::require_live(model, p.site, p.layer); }
        const int profiles = max_profiles;
        const auto v = stage([this, places = std::move(places), profiles]() mutable {
            // also after a failure, which leaves another topology than before: none
            llama_steer_reserve(ctx);
            try {
                steer->configure(std::move(places), profiles);
            } catch (...) {
                place_accumulators();
                throw;
            }
            place_accumulators();
        });
        return Napi::Number::New(env, (double) v);
    });
}

Napi::Value Context::estimate(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    must_be_idle(env);
    return guarded(env, [&]() -> Napi::Value {
        std::lock_guard<std::mutex> lock(outside);
        return Napi::Number::New(env, (double) steer->estimate(places_of(info[0].As<Napi::Object>()), max_profiles));
    });
}

Napi::Value Context::write_profile(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        struct Element { int site, layer; bool dense; std::vector<int32_t> indices; std::vector<float> scale, shift; };
        struct Bank    { int site, layer; std::vector<float> params; bool rotate; };
        const int profile = info[0].As<Napi::Number>().Int32Value();
        if (profile <= 0 || profile >= max_profiles - 1) { throw std::runtime_error("profile must lie between 1 and " + std::to_string(max_profiles - 2)); }
        auto rows = info[1].As<Napi::Object>();
        std::vector<Element> elements;
        auto list = array(rows, "element");
        for (uint32_t i = 0; i < list.Length(); ++i) {
            auto e = list.Get(i).As<Napi::Object>();
            elements.push_back({ site_of(e), (int) number(e, "layer"), e.Get("indices").IsNull(), values<int32_t>(e.Get("indices"), "indices"), values<float>(e.Get("scale"), "scale"), values<float>(e.Get("shift"), "shift") });
        }
        std::vector<Bank> banks;
        list = array(rows, "banks");
        for (uint32_t i = 0; i < list.Length(); ++i) {
            auto e = list.Get(i).As<Napi::Object>();
            banks.push_back({ site_of(e), (int) number(e, "layer"), values<float>(e.Get("params"), "params"), boolean(e, "rotate") });
        }
        const auto v = stage([this, profile, elements = std::move(elements), banks = std::move(banks)] {
            const uint64_t before = steer->version();
            steer->clear_profile(profile);
            for (const auto & e : elements) {
                const size_t count = e.dense ? std::max(e.scale.size(), e.shift.size()) : e.indices.size();
                if ((!e.scale.empty() && e.scale.size() != count) || (!e.shift.empty() && e.shift.size() != count)) { throw std::runtime_error("indices, scale and shift differ in length"); }
                steer->write_element(e.site, e.layer, profile, e.dense ? nullptr : e.indices.data(), count, e.scale.empty() ? nullptr : e.scale.data(), e.shift.empty() ? nullptr : e.shift.data());
            }
            for (const auto & b : banks) {
                for (const auto & p : steer->places()) {
                    if (p.site == b.site && p.layer == b.layer && b.params.size() != (size_t) llama_steer::N_PARAMS*p.rank) { throw std::runtime_error("bank parameters do not fit its rank"); }
                }
                steer->write_bank(b.site, b.layer, profile, b.params.data(), b.rotate);
            }
            if (steer->version() != before) { llama_steer_reserve(ctx); }
        });
        return Napi::Number::New(env, (double) v);
    });
}

Napi::Value Context::bind(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        const int seq = info[0].As<Napi::Number>().Int32Value(), from = info[1].As<Napi::Number>().Int32Value(), profile = info[2].As<Napi::Number>().Int32Value();
        if (seq < 0 || seq >= n_seq)                    { throw std::runtime_error("no such sequence"); }
        if (profile < 0 || profile >= max_profiles - 1) { throw std::runtime_error("no such profile"); }
        return Napi::Number::New(env, (double) stage([=] { steer->bind(seq, from, profile); }));
    });
}

Napi::Value Context::seq_remove(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        const int seq = info[0].As<Napi::Number>().Int32Value(), from = info[1].As<Napi::Number>().Int32Value(), to = info[2].As<Napi::Number>().Int32Value();
        if (seq < 0 || seq >= n_seq) { throw std::runtime_error("no such sequence"); }
        return Napi::Number::New(env, (double) stage([=] {
            llama_memory_seq_rm(llama_get_memory(ctx), seq, from, to);
            if (from <= 0 && to < 0) { steer->unbind(seq); }
        }));
    });
}

Napi::Value Context::seq_copy(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        const int a = info[0].As<Napi::Number>().Int32Value(), b = info[1].As<Napi::Number>().Int32Value(), from = info[2].As<Napi::Number>().Int32Value(), to = info[3].As<Napi::Number>().Int32Value();
        if (a < 0 || a >= n_seq || b < 0 || b >= n_seq) { throw std::runtime_error("no such sequence"); }
        return Napi::Number::New(env, (double) stage([=] {
            auto * memory = llama_get_memory(ctx);
            if (unified || a == b) {
                llama_memory_seq_cp(memory, a, b, from, to);
                return;
            }
            // between streams the data is copied, all of it; what was not asked for goes again
            llama_memory_seq_cp(memory, a, b, -1, -1);
            if (from > 0) { llama_memory_seq_rm(memory, b, -1, from); }
            if (to >= 0)  { llama_memory_seq_rm(memory, b, to, -1); }
        }));
    });
}

Napi::Value Context::seq_shift(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        const int seq = info[0].As<Napi::Number>().Int32Value(), from = info[1].As<Napi::Number>().Int32Value(), to = info[2].As<Napi::Number>().Int32Value(), delta = info[3].As<Napi::Number>().Int32Value();
        if (seq < 0 || seq >= n_seq) { throw std::runtime_error("no such sequence"); }
        if (closing) { throw std::runtime_error("the context is closed"); }
        if (!llama_memory_can_shift(llama_get_memory(ctx))) { throw std::runtime_error("this model's cache cannot be shifted"); }
        return Napi::Number::New(env, (double) stage([=] {
            llama_memory_seq_add(llama_get_memory(ctx), seq, from, to, delta);
            steer->shift(seq, from, to, delta);
        }));
    });
}

Napi::Value Context::set_control_vector(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        auto data = values<float>(info[0], "data");
        const int start = info[1].As<Napi::Number>().Int32Value(), end = info[2].As<Napi::Number>().Int32Value();
        return Napi::Number::New(env, (double) stage([this, data = std::move(data), start, end] {
            const int rc = llama_set_adapter_cvec(ctx, data.empty() ? nullptr : data.data(), data.size(), llama_model_n_embd(model), start, end);
            if (rc != 0) { throw std::runtime_error("llama.cpp refused the control vector"); }
        }));
    });
}
