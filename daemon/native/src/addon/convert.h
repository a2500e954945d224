#pragma once

// Between JavaScript values and C++ ones. Everything is checked here: a wrong type becomes a TypeError, never an abort.

#include <napi.h>

#include <cstring>
#include <string>
#include <vector>

inline Napi::Value field(const Napi::Object & o, const char * name) {
    return o.Get(name);
}

inline double number(const Napi::Object & o, const char * name) {
    auto v = o.Get(name);
    if (!v.IsNumber()) { throw Napi::TypeError::New(o.Env(), std::string(name) + " must be a number"); }
    return v.As<Napi::Number>().DoubleValue();
}

inline bool boolean(const Napi::Object & o, const char * name) {
    auto v = o.Get(name);
    if (!v.IsBoolean()) { throw Napi::TypeError::New(o.Env(), std::string(name) + " must be a boolean"); }
    return v.As<Napi::Boolean>().Value();
}

inline std::string text(const Napi::Object & o, const char * name) {
    auto v = o.Get(name);
    if (!v.IsString()) { throw Napi::TypeError::New(o.Env(), std::string(name) + " must be a string"); }
    return v.As<Napi::String>().Utf8Value();
}

inline Napi::Array array(const Napi::Object & o, const char * name) {
    auto v = o.Get(name);
    if (!v.IsArray()) { throw Napi::TypeError::New(o.Env(), std::string(name) + " must be an array"); }
    return v.As<Napi::Array>();
}

template <typename T> struct typed;
template <> struct typed<float>    { static constexpr napi_typedarray_type type = napi_float32_array; };
template <> struct typed<double>   { static constexpr napi_typedarray_type type = napi_float64_array; };
template <> struct typed<int32_t>  { static constexpr napi_typedarray_type type = napi_int32_array; };
template <> struct typed<uint32_t> { static constexpr napi_typedarray_type type = napi_uint32_array; };
template <> struct typed<uint8_t>  { static constexpr napi_typedarray_type type = napi_uint8_array; };

// a copy of a typed array; null and undefined give an empty vector
template <typename T> std::vector<T> values(const Napi::Value & v, const char * name) {
    if (v.IsNull() || v.IsUndefined()) { return {}; }
    if (!v.IsTypedArray() || v.As<Napi::TypedArray>().TypedArrayType() != typed<T>::type) {
        throw Napi::TypeError::New(v.Env(), std::string(name) + ": wrong kind of typed array");
    }
    auto a = v.As<Napi::TypedArrayOf<T>>();
    std::vector<T> out(a.ElementLength());
    if (!out.empty()) { std::memcpy(out.data(), a.Data(), out.size()*sizeof(T)); }
    return out;
}

template <typename T> Napi::TypedArrayOf<T> to_js(Napi::Env env, const std::vector<T> & v) {
    auto out = Napi::TypedArrayOf<T>::New(env, v.size(), typed<T>::type);
    if (!v.empty()) { std::memcpy(out.Data(), v.data(), v.size()*sizeof(T)); }
    return out;
}

// runs `f`, turning a C++ exception into a JavaScript one
template <typename F> auto guarded(Napi::Env env, F f) -> decltype(f()) {
    try {
        return f();
    } catch (const Napi::Error &) {
        throw;
    } catch (const std::exception & e) {
        throw Napi::Error::New(env, e.what());
    }
}
