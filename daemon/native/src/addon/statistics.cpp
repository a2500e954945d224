// Accumulators of a context, as JavaScript sees them.

#include "context.h"
#include "convert.h"
#include "topology.h"

#include <stdexcept>

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
                a.site    = site_of(e);
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
        open().set_accumulators(std::move(next));
        return env.Undefined();
    });
}

Napi::Value Context::read_accumulators(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    const auto accumulators = idle(env).read_accumulators();
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
