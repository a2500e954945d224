#include "model.h"

#include "chat-template.h"
#include "context.h"
#include "convert.h"
#include "gradient.h"

#include "ggml-backend.h"

#include <map>
#include <stdexcept>

Napi::FunctionReference Model::constructor;

// sites cost a graph build, so they are found once per model
static std::map<uint64_t, std::vector<llama_steer_site_info>> g_sites;

static const std::vector<llama_steer_site_info> & sites_of(const llama_model * model) {
    const uint64_t id = llama_steer_model_id(model);
    auto it = g_sites.find(id);
    if (it == g_sites.end()) { it = g_sites.emplace(id, llama_steer_model_sites(model)).first; }
    return it->second;
}

void Model::require_loaded(const llama_model * model, uint64_t id) {
    if (llama_steer_model_id(model) != id) { throw std::runtime_error("the model was unloaded: nothing of it can be used any more"); }
}

const llama_model * Model::loaded(Napi::Env env) const {
    return guarded(env, [&] {
        require_loaded(opened, id);
        return opened;
    });
}

void Model::require_live(const llama_model * model, int site, int layer) {
    const std::string where = std::string(llama_steer_site_name(site)) + " at layer " + std::to_string(layer);
    for (const auto & s : sites_of(model)) {
        if (s.site != site || s.layer != layer) { continue; }
        if (!s.reason.empty()) { throw std::runtime_error(where + ": " + s.reason); }
        return;
    }
    throw std::runtime_error(where + ": the model has no such place");
}

Napi::Function Model::define(Napi::Env env) {
    auto f = DefineClass(env, "NativeModel", {
        InstanceMethod<&Model::facts>("facts"),
        InstanceMethod<&Model::sites>("sites"),
        InstanceMethod<&Model::tensors>("tensors"),
        InstanceMethod<&Model::read_rows>("readRows"),
        InstanceMethod<&Model::tokenize>("tokenize"),
        InstanceMethod<&Model::token_bytes>("tokenBytes"),
        InstanceMethod<&Model::is_end>("isEndOfGeneration"),
        InstanceMethod<&Model::bos>("bos"),
        InstanceMethod<&Model::eos>("eos"),
        InstanceMethod<&Model::add_bos>("addBos"),
        InstanceMethod<&Model::keeps_positions>("keepsPositions"),
        InstanceMethod<&Model::chat_template>("chatTemplate"),
        InstanceMethod<&Model::create_context>("createContext"),
        InstanceMethod<&Model::create_gradient>("createGradient"),
    });
    constructor = Napi::Persistent(f);
    constructor.SuppressDestruct();
    return f;
}

Model::Model(const Napi::CallbackInfo & info) : Napi::ObjectWrap<Model>(info) {
    opened = info[0].As<Napi::External<llama_model>>().Data();
    id     = llama_steer_model_id(opened);
}

static Napi::Array numbers(Napi::Env env, const std::vector<int> & v) {
    auto out = Napi::Array::New(env, v.size());
    for (uint32_t i = 0; i < v.size(); ++i) { out.Set(i, Napi::Number::New(env, v[i])); }
    return out;
}

Napi::Value Model::facts(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    const auto * model = loaded(env);
    const auto f = llama_steer_model_facts(model);
    auto o = Napi::Object::New(env);
    o.Set("architecture", f.architecture);
    o.Set("layers", Napi::Number::New(env, f.n_layer));
    o.Set("width", Napi::Number::New(env, f.n_embd));
    o.Set("heads", numbers(env, f.n_head));
    o.Set("kvHeads", numbers(env, f.n_head_kv));
    o.Set("mlpWidth", numbers(env, f.n_ff));
    o.Set("headDim", Napi::Number::New(env, f.head_dim));
    o.Set("vocabulary", Napi::Number::New(env, f.n_vocab));
    o.Set("contextTrained", Napi::Number::New(env, f.n_ctx_train));
    o.Set("ropeContext", f.n_ctx_rope > 0 ? Napi::Value(Napi::Number::New(env, f.n_ctx_rope)) : env.Null());
    o.Set("tiedHead", Napi::Boolean::New(env, f.tied_head));
    o.Set("sizeBytes", Napi::Number::New(env, (double) llama_model_size(model)));
    o.Set("parameters", Napi::Number::New(env, (double) llama_model_n_params(model)));
    auto notes = Napi::Array::New(env, f.notes.size());
    for (uint32_t i = 0; i < f.notes.size(); ++i) { notes.Set(i, f.notes[i]); }
    o.Set("notes", notes);
    return o;
}

Napi::Value Model::sites(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    const auto * model = loaded(env);
    return guarded(env, [&]() -> Napi::Value {
        const auto & list = sites_of(model);
        auto out = Napi::Array::New(env, list.size());
        for (uint32_t i = 0; i < list.size(); ++i) {
            const auto & s = list[i];
            auto o = Napi::Object::New(env);
            o.Set("site", llama_steer_site_name(s.site));
            o.Set("layer", Napi::Number::New(env, s.layer));
            o.Set("width", Napi::Number::New(env, s.width));
            o.Set("live", Napi::Boolean::New(env, s.reason.empty()));
            o.Set("reason", s.reason.empty() ? env.Null() : Napi::Value(Napi::String::New(env, s.reason)));
            out.Set(i, o);
        }
        return out;
    });
}

Napi::Value Model::tensors(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    const auto * model = loaded(env);
    const auto list = llama_steer_model_tensors(model);
    auto out = Napi::Array::New(env, list.size());
    for (uint32_t i = 0; i < list.size(); ++i) {
        auto o = Napi::Object::New(env);
        o.Set("name", std::string(list[i]->name));
        o.Set("type", std::string(ggml_type_name(list[i]->type)));
        auto shape = Napi::Array::New(env);
        for (int d = 0; d < ggml_n_dims(list[i]); ++d) { shape.Set((uint32_t) d, Napi::Number::New(env, (double) list[i]->ne[d])); }
        o.Set("shape", shape);
        out.Set(i, o);
    }
    return out;
}

Napi::Value Model::read_rows(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    const auto * model = loaded(env);
    return guarded(env, [&]() -> Napi::Value {
        const auto name = info[0].As<Napi::String>().Utf8Value();
        const int64_t start = info[1].As<Napi::Number>().Int64Value(), count = info[2].As<Napi::Number>().Int64Value();
        for (auto * t : llama_steer_model_tensors(model)) {
            if (name != t->name) { continue; }
            const int64_t rows = ggml_nrows(t);
            if (start < 0 || count < 1 || start > rows - count) { throw std::runtime_error(name + " has rows 0 to " + std::to_string(rows - 1)); }
            auto * device = ggml_backend_buft_get_device(ggml_backend_buffer_get_type(t->buffer));
            // such a buffer has no way back to the file's layout, and asking it ends the process
            if (!ggml_backend_buffer_is_host(t->buffer) && device && ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_CPU) {
                throw std::runtime_error(name + ": llama.cpp has repacked this " + ggml_type_name(t->type) + " tensor for the processor, so its rows cannot be read");
            }
            const size_t row = ggml_row_size(t->type, t->ne[0]);
            std::vector<uint8_t> raw(row*count);
            ggml_backend_tensor_get(t, raw.data(), start*row, raw.size());
            std::vector<float> out((size_t) t->ne[0]*count);
            if (t->type == GGML_TYPE_F32) {
                std::memcpy(out.data(), raw.data(), raw.size());
            } else {
                const auto * traits = ggml_get_type_traits(t->type);
                if (!traits->to_float) { throw std::runtime_error(name + ": " + ggml_type_name(t->type) + " cannot be dequantised"); }
                traits->to_float(raw.data(), out.data(), (int64_t) out.size());
            }
            return to_js(env, out);
        }
        throw std::runtime_error("the model has no tensor '" + name + "'");
    });
}

Napi::Value Model::tokenize(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    const auto * model = loaded(env);
    return guarded(env, [&]() -> Napi::Value {
        const auto s = info[0].As<Napi::String>().Utf8Value();
        const bool special = info[1].As<Napi::Boolean>().Value(), parse = info[2].As<Napi::Boolean>().Value();
        const auto * vocab = llama_model_get_vocab(model);
        std::vector<int32_t> out(s.size() + 8);
        int n = llama_tokenize(vocab, s.c_str(), (int32_t) s.size(), out.data(), (int32_t) out.size(), special, parse);
        if (n < 0) {
            out.resize(-n);
            n = llama_tokenize(vocab, s.c_str(), (int32_t) s.size(), out.data(), (int32_t) out.size(), special, parse);
        }
        if (n < 0) { throw std::runtime_error("the text cannot be tokenised"); }
        out.resize(n);
        return to_js(env, out);
    });
}

Napi::Value Model::token_bytes(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    const auto * model = loaded(env);
    const auto * vocab = llama_model_get_vocab(model);
    const int token = info[0].As<Napi::Number>().Int32Value();
    if (token < 0 || token >= llama_vocab_n_tokens(vocab)) { throw Napi::RangeError::New(env, "token " + std::to_string(token) + " is not in the vocabulary"); }
    std::vector<char> piece(64);
    const bool special = info[1].As<Napi::Boolean>().Value();
    int n = llama_token_to_piece(vocab, token, piece.data(), (int32_t) piece.size(), 0, special);
    if (n < 0) {
        piece.resize(-n);
        n = llama_token_to_piece(vocab, token, piece.data(), (int32_t) piece.size(), 0, special);
    }
    return to_js(env, std::vector<uint8_t>(piece.begin(), piece.begin() + std::max(0, n)));
}

Napi::Value Model::is_end(const Napi::CallbackInfo & info) {
    const auto * model = loaded(info.Env());
    return Napi::Boolean::New(info.Env(), llama_vocab_is_eog(llama_model_get_vocab(model), info[0].As<Napi::Number>().Int32Value()));
}

Napi::Value Model::bos(const Napi::CallbackInfo & info) {
    const auto * model = loaded(info.Env());
    return Napi::Number::New(info.Env(), llama_vocab_bos(llama_model_get_vocab(model)));
}

Napi::Value Model::eos(const Napi::CallbackInfo & info) {
    const auto * model = loaded(info.Env());
    return Napi::Number::New(info.Env(), llama_vocab_eos(llama_model_get_vocab(model)));
}

Napi::Value Model::add_bos(const Napi::CallbackInfo & info) {
    const auto * model = loaded(info.Env());
    return Napi::Boolean::New(info.Env(), llama_vocab_get_add_bos(llama_model_get_vocab(model)));
}

// a recurrent state stands for all positions before it: it cannot go back to one of them
Napi::Value Model::keeps_positions(const Napi::CallbackInfo & info) {
    const auto * model = loaded(info.Env());
    return Napi::Boolean::New(info.Env(), !llama_model_is_recurrent(model) && !llama_model_is_hybrid(model));
}

// (source): "" is the model's own
Napi::Value Model::chat_template(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    const auto * model = loaded(env);
    return guarded(env, [&]() -> Napi::Value {
        return ChatTemplate::constructor.New({ Napi::External<llama_model>::New(env, const_cast<llama_model *>(model)), info[0] });
    });
}

Napi::Value Model::create_context(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    const auto * model = loaded(env);
    return guarded(env, [&]() -> Napi::Value {
        return Context::constructor.New({ Napi::External<llama_model>::New(env, const_cast<llama_model *>(model)), info[0], info.This() });
    });
}

Napi::Value Model::create_gradient(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    const auto * model = loaded(env);
    return guarded(env, [&]() -> Napi::Value {
        return Gradient::constructor.New({ Napi::External<llama_model>::New(env, const_cast<llama_model *>(model)), info[0], info.This() });
    });
}
