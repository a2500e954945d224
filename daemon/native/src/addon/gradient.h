#pragma once

#include "llama-steer-gradient.h"

#include <napi.h>

#include <memory>

// Gradients of one model, computed on a thread of the pool, one at a time.
class Gradient : public Napi::ObjectWrap<Gradient> {
public:
    static Napi::Function define(Napi::Env env);
    static Napi::FunctionReference constructor;
    explicit Gradient(const Napi::CallbackInfo & info);

private:
    friend class GradientWorker;
    Napi::Value estimate(const Napi::CallbackInfo & info);
    Napi::Value weights(const Napi::CallbackInfo & info);
    Napi::Value run(const Napi::CallbackInfo & info);
    Napi::Value cancel(const Napi::CallbackInfo & info);
    Napi::Value close(const Napi::CallbackInfo & info);
    void require_idle() const; // throws

    const llama_model * model = nullptr;
    uint64_t            id    = 0;
    Napi::Reference<Napi::Value> model_reference;
    std::unique_ptr<llama_steer_gradient> gradient;
    std::atomic<bool> cancelled { false };
    bool running = false;
};
