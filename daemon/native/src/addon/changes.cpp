// Changes to a context, as JavaScript asks for them: each gives the version that it has.

#include "context.h"

#include "convert.h"
#include "model.h"
#include "topology.h"

#include <stdexcept>

static Napi::Value version(Napi::Env env, int64_t v) {
    return Napi::Number::New(env, (double) v);
}

static int integer(const Napi::Value & v) {
    return v.As<Napi::Number>().Int32Value();
}

Napi::Value Context::configure(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        Model::require_loaded(model, model_id);
        auto places = places_of(info[0].As<Napi::Object>());
        for (const auto & p : places) { Model::require_live(model, p.site, p.layer); }
        return version(env, open().configure(std::move(places)));
    });
}

static ProfileRows rows_of(const Napi::Object & o) {
    ProfileRows rows;
    auto list = array(o, "element");
    for (uint32_t i = 0; i < list.Length(); ++i) {
        auto e = list.Get(i).As<Napi::Object>();
        rows.elements.push_back({ site_of(e), (int) number(e, "layer"), e.Get("indices").IsNull(), values<int32_t>(e.Get("indices"), "indices"), values<float>(e.Get("scale"), "scale"), values<float>(e.Get("shift"), "shift") });
    }
    list = array(o, "banks");
    for (uint32_t i = 0; i < list.Length(); ++i) {
        auto e = list.Get(i).As<Napi::Object>();
        rows.banks.push_back({ site_of(e), (int) number(e, "layer"), values<float>(e.Get("params"), "params"), boolean(e, "rotate") });
    }
    return rows;
}

Napi::Value Context::write_profile(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value { return version(env, open().write_profile(integer(info[0]), rows_of(info[1].As<Napi::Object>()))); });
}

Napi::Value Context::bind(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value { return version(env, open().bind(integer(info[0]), integer(info[1]), integer(info[2]))); });
}

Napi::Value Context::seq_remove(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value { return version(env, open().seq_remove(integer(info[0]), integer(info[1]), integer(info[2]))); });
}

Napi::Value Context::seq_copy(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value { return version(env, open().seq_copy(integer(info[0]), integer(info[1]), integer(info[2]), integer(info[3]))); });
}

Napi::Value Context::seq_shift(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value { return version(env, open().seq_shift(integer(info[0]), integer(info[1]), integer(info[2]), integer(info[3]))); });
}

Napi::Value Context::set_control_vector(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value { return version(env, open().set_control_vector(values<float>(info[0], "data"), integer(info[1]), integer(info[2]))); });
}
