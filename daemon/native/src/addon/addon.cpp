// The module: what is loaded, and the models that live in this process.

#include "chat-template.h"
#include "context.h"
#include "gradient.h"
#include "model.h"

static constexpr int STEER_VERSION = 1;

static Napi::Value info(const Napi::CallbackInfo & i) {
    auto o = Napi::Object::New(i.Env());
    o.Set("llamaBuild", llama_version());
    o.Set("steerVersion", Napi::Number::New(i.Env(), STEER_VERSION));
    o.Set("systemInfo", llama_print_system_info());
    return o;
}

// Before it loads a model, node-llama-cpp makes passing ones without weights to see what fits, which a thread of its own frees when it
// comes to it: so the newest is taken in one step, never counted first.
static Napi::Value open_newest(const Napi::CallbackInfo & i) {
    auto env = i.Env();
    const auto * model = llama_steer_model_newest();
    if (!model) { throw Napi::Error::New(env, "node-llama-cpp has loaded no model through this libllama"); }
    return Model::constructor.New({ Napi::External<llama_model>::New(env, const_cast<llama_model *>(model)) });
}

static Napi::Value chat_parser(const Napi::CallbackInfo & i) {
    return ChatParser::constructor.New({ i[0] });
}

static Napi::Object init(Napi::Env env, Napi::Object exports) {
    Model::define(env);
    Context::define(env);
    Gradient::define(env);
    ChatTemplate::define(env);
    ChatParser::define(env);
    exports.Set("info", Napi::Function::New(env, info));
    exports.Set("chatParser", Napi::Function::New(env, chat_parser));
    exports.Set("openNewest", Napi::Function::New(env, open_newest));
    return exports;
}

NODE_API_MODULE(tiller, init)
