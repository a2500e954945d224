#pragma once

#include "llama-steer.h"

#include <napi.h>

// A model that node-llama-cpp loaded. We never free it; JavaScript keeps its owner alive for as long as this is used.
class Model : public Napi::ObjectWrap<Model> {
public:
    static Napi::Function define(Napi::Env env);
    static Napi::FunctionReference constructor;
    explicit Model(const Napi::CallbackInfo & info);

    // throws std::runtime_error naming the site, the layer and the reason
    static void require_live(const llama_model * model, int site, int layer);
    // throws std::runtime_error where the model is gone
    static void require_loaded(const llama_model * model, uint64_t id);

private:
    Napi::Value facts(const Napi::CallbackInfo & info);
    Napi::Value sites(const Napi::CallbackInfo & info);
    Napi::Value tensors(const Napi::CallbackInfo & info);
    Napi::Value read_rows(const Napi::CallbackInfo & info);
    Napi::Value tokenize(const Napi::CallbackInfo & info);
    Napi::Value token_bytes(const Napi::CallbackInfo & info);
    Napi::Value is_end(const Napi::CallbackInfo & info);
    Napi::Value bos(const Napi::CallbackInfo & info);
    Napi::Value eos(const Napi::CallbackInfo & info);
    Napi::Value add_bos(const Napi::CallbackInfo & info);
    Napi::Value keeps_positions(const Napi::CallbackInfo & info);
    Napi::Value chat_template(const Napi::CallbackInfo & info);
    Napi::Value create_context(const Napi::CallbackInfo & info);
    Napi::Value create_gradient(const Napi::CallbackInfo & info);

    // the model, while it is the one that was opened
    const llama_model * loaded(Napi::Env env) const;

    const llama_model * opened = nullptr;
    uint64_t            id     = 0;
};
