#pragma once

#include "decoder.h"

#include <napi.h>

#include <memory>
#include <vector>

// A decoder as JavaScript sees it: its values become C++ ones and back, an outcome settles a promise. Everything here happens on
// JavaScript's thread but the two callbacks that hand an outcome, and the end, over to it.
class Context : public Napi::ObjectWrap<Context> {
public:
    static Napi::Function define(Napi::Env env);
    static Napi::FunctionReference constructor;
    explicit Context(const Napi::CallbackInfo & info);
    ~Context() override;

private:
    Napi::Value configure(const Napi::CallbackInfo & info);
    Napi::Value estimate(const Napi::CallbackInfo & info);
    Napi::Value write_profile(const Napi::CallbackInfo & info);
    Napi::Value bind(const Napi::CallbackInfo & info);
    Napi::Value seq_remove(const Napi::CallbackInfo & info);
    Napi::Value seq_copy(const Napi::CallbackInfo & info);
    Napi::Value seq_shift(const Napi::CallbackInfo & info);
    Napi::Value create_sampler(const Napi::CallbackInfo & info);
    Napi::Value fork_sampler(const Napi::CallbackInfo & info);
    Napi::Value accept_tokens(const Napi::CallbackInfo & info);
    Napi::Value place_readings(const Napi::CallbackInfo & info);
    Napi::Value free_sampler(const Napi::CallbackInfo & info);
    Napi::Value set_accumulators(const Napi::CallbackInfo & info);
    Napi::Value read_accumulators(const Napi::CallbackInfo & info);
    Napi::Value decode(const Napi::CallbackInfo & info);
    Napi::Value graph_builds(const Napi::CallbackInfo & info);
    Napi::Value decodes_begun(const Napi::CallbackInfo & info);
    Napi::Value set_control_vector(const Napi::CallbackInfo & info);
    Napi::Value memory(const Napi::CallbackInfo & info);
    Napi::Value flash_attention(const Napi::CallbackInfo & info);
    Napi::Value close(const Napi::CallbackInfo & info);

    // An outcome on its way to JavaScript.
    struct Settled {
        Outcome outcome;
        Napi::Promise::Deferred deferred;
    };

    // @throws Error where the context is closed
    Decoder & open() const;
    // Also where a decode runs, for what it would have to wait for.
    Decoder & idle(Napi::Env env) const;
    void settle(Napi::Env env, Settled & settled);
    void refuse(Napi::Env env, Settled & settled);
    void gone(Napi::Env env);
    Napi::Value result(Napi::Env env, const Outcome & outcome);

    const llama_model * model = nullptr;
    uint64_t model_id = 0;
    Napi::Reference<Napi::Value> model_reference; // keeps the model's wrapper alive
    Napi::FunctionReference make_result;
    std::unique_ptr<Decoder> decoder;             // null: it has ended
    bool busy = false;                            // a promise is not settled
    std::vector<Napi::Promise::Deferred> closers;
    Napi::ThreadSafeFunction bridge;              // from the decoding thread
};
