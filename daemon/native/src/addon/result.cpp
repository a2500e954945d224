// What a decode gives back to JavaScript.

#include "context.h"

#include "convert.h"

// Makes the object of a DecodeResult (engine/native.ts) in JavaScript: setting every field from here looks up its name.
static const char * RESULT = R"(
(() => {
    const none = { i: new Int32Array(0), f: new Float32Array(0), d: new Float64Array(0), captures: Object.freeze([]) };
    return (version, rows, sampled, logprobs, topCount, topTokens, topLogprobs, logits, probes, captures, decodeMicros, sampleMicros, ahead, cpuMicros, threads, divergences) => ({
        version, rows, sampled, logprobs, topCount, decodeMicros, sampleMicros, ahead, cpuMicros, threads,
        topTokens: topTokens ?? none.i, topLogprobs: topLogprobs ?? none.f,
        logits: logits ?? none.f, probes: probes ?? none.f, captures: captures ?? none.captures, divergences: divergences ?? none.d,
    });
})()
)";

// undefined where there is nothing, which most decodes have of most things
template <typename T> static napi_value some(Napi::Env env, const std::vector<T> & v) {
    return v.empty() ? env.Undefined() : Napi::Value(to_js(env, v));
}

static napi_value captures_of(Napi::Env env, const std::vector<Captured> & list) {
    if (list.empty()) { return env.Undefined(); }
    auto captures = Napi::Array::New(env, list.size());
    for (uint32_t i = 0; i < list.size(); ++i) {
        const auto & c = list[i];
        auto e = Napi::Object::New(env);
        e.Set("site", llama_steer_site_name(c.site));
        e.Set("layer", Napi::Number::New(env, c.layer));
        e.Set("width", Napi::Number::New(env, c.rows.empty() ? 0 : (double) (c.data.size()/c.rows.size())));
        e.Set("rows", to_js(env, c.rows));
        e.Set("data", to_js(env, c.data));
        captures.Set(i, e);
    }
    return captures;
}

Napi::Value Context::result(Napi::Env env, const Outcome & out) {
    if (make_result.IsEmpty()) { make_result = Napi::Persistent(env.RunScript(RESULT).As<Napi::Function>()); }
    return make_result.Call({
        Napi::Number::New(env, (double) out.version),
        to_js(env, out.rows),
        to_js(env, out.sampled),
        to_js(env, out.logprobs),
        Napi::Number::New(env, out.top_count),
        some(env, out.top_tokens),
        some(env, out.top_logprobs),
        some(env, out.logits),
        some(env, out.probes),
        captures_of(env, out.captures),
        Napi::Number::New(env, out.decode_us),
        Napi::Number::New(env, out.sample_us),
        Napi::Boolean::New(env, out.ahead),
        Napi::Number::New(env, out.cpu_us),
        Napi::Number::New(env, out.threads),
        some(env, out.divergences),
    });
}
