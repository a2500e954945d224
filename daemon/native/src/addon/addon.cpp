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

static Napi::Value model_count(const Napi::CallbackInfo & i) {
    return Napi::Number::New(i.Env(), (double) llama_steer_model_count());
}

static Napi::Value open_model(const Napi::CallbackInfo & i) {
    auto env = i.Env();
    const auto * model = llama_steer_model_at(i[0].As<Napi::Number>().Uint32Value());
    if (!model) { throw Napi::RangeError::New(env, "no such model: node-llama-cpp has loaded " + std::to_string(llama_steer_model_count()) + " through this libllama"); }
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
    exports.Set("modelCount", Napi::Function::New(env, model_count));
    exports.Set("chatParser", Napi::Function::New(env, chat_parser));
    exports.Set("openModel", Napi::Function::New(env, open_model));
    return exports;
}

NODE_API_MODULE(tiller, init)
