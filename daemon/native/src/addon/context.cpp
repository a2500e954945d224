// A context's life, its decodes, and what is read of it.

#include "context.h"

#include "convert.h"
#include "model.h"
#include "topology.h"

#include <stdexcept>

Napi::FunctionReference Context::constructor;

Napi::Function Context::define(Napi::Env env) {
    auto f = DefineClass(env, "NativeContext", {
        InstanceMethod<&Context::configure>("configure"),
        InstanceMethod<&Context::estimate>("estimate"),
        InstanceMethod<&Context::write_profile>("writeProfile"),
        InstanceMethod<&Context::bind>("bind"),
        InstanceMethod<&Context::seq_remove>("seqRemove"),
        InstanceMethod<&Context::seq_copy>("seqCopy"),
        InstanceMethod<&Context::seq_shift>("seqShift"),
        InstanceMethod<&Context::create_sampler>("createSampler"),
        InstanceMethod<&Context::fork_sampler>("forkSampler"),
        InstanceMethod<&Context::accept_tokens>("acceptTokens"),
        InstanceMethod<&Context::place_readings>("placeReadings"),
        InstanceMethod<&Context::free_sampler>("freeSampler"),
        InstanceMethod<&Context::set_accumulators>("setAccumulators"),
        InstanceMethod<&Context::read_accumulators>("readAccumulators"),
        InstanceMethod<&Context::decode>("decode"),
        InstanceMethod<&Context::graph_builds>("graphBuilds"),
        InstanceMethod<&Context::decodes_begun>("decodesBegun"),
        InstanceMethod<&Context::set_control_vector>("setControlVector"),
        InstanceMethod<&Context::memory>("memory"),
        InstanceMethod<&Context::flash_attention>("flashAttention"),
        InstanceMethod<&Context::close>("close"),
    });
    constructor = Napi::Persistent(f);
    constructor.SuppressDestruct();
    return f;
}

static ggml_type kv_type(const std::string & name) {
    if (name == "f32")  { return GGML_TYPE_F32; }
    if (name == "f16")  { return GGML_TYPE_F16; }
    if (name == "q8_0") { return GGML_TYPE_Q8_0; }
    throw std::runtime_error("unknown KV type " + name);
}

static llama_flash_attn_type flash_attention_type(const std::string & name) {
    if (name == "on")   { return LLAMA_FLASH_ATTN_TYPE_ENABLED; }
    if (name == "off")  { return LLAMA_FLASH_ATTN_TYPE_DISABLED; }
    if (name == "auto") { return LLAMA_FLASH_ATTN_TYPE_AUTO; }
    throw std::runtime_error("flashAttention is on, off or auto, not " + name);
}

static DecoderSettings decoder_settings_of(const Napi::Object & o) {
    DecoderSettings s;
    s.n_ctx        = (uint32_t) number(o, "nCtx");
    s.n_batch      = (int) number(o, "nBatch");
    s.n_ubatch     = (uint32_t) number(o, "nUbatch");
    s.n_seq        = (int) number(o, "nSeqMax");
    s.max_profiles = (int) number(o, "maxProfiles");
    s.threads      = (int) number(o, "threads");
    s.unified      = boolean(o, "kvUnified");
    s.full_window  = boolean(o, "fullWindow");
    s.type_k       = kv_type(text(o, "typeK"));
    s.type_v       = kv_type(text(o, "typeV"));
    s.flash_attention = flash_attention_type(text(o, "flashAttention"));
    const auto rope = o.Get("ropeContext");
    if (rope.IsNumber()) { s.rope_context = rope.As<Napi::Number>().Uint32Value(); }
    return s;
}

Context::Context(const Napi::CallbackInfo & info) : Napi::ObjectWrap<Context>(info) {
    auto env = info.Env();
    model    = info[0].As<Napi::External<llama_model>>().Data();
    model_id = llama_steer_model_id(model);
    model_reference = Napi::Reference<Napi::Value>::New(info[2], 1);
    guarded(env, [&] { decoder = std::make_unique<Decoder>(model, decoder_settings_of(info[1].As<Napi::Object>())); });
    bridge = Napi::ThreadSafeFunction::New(env, Napi::Function::New(env, [](const Napi::CallbackInfo &) {}), "tiller-decode", 0, 1);
    bridge.Unref(env);
}

// Where JavaScript lets go of a context that was never closed, or ends: the only place where a decode is waited for.
Context::~Context() {
    if (!decoder) { return; }
    decoder.reset();
    bridge.Release();
}

Decoder & Context::open() const {
    if (!decoder || decoder->closed()) { throw std::runtime_error("the context is closed"); }
    return *decoder;
}

Decoder & Context::idle(Napi::Env env) const {
    return guarded(env, [&]() -> Decoder & {
        auto & opened = open();
        if (busy) { throw std::runtime_error("this is read between decodes"); }
        return opened;
    });
}

static Request request_of(const Napi::Object & o) {
    Request r;
    r.tokens    = values<int32_t>(o.Get("tokens"), "tokens");
    r.positions = values<int32_t>(o.Get("positions"), "positions");
    r.sequences = values<int32_t>(o.Get("sequences"), "sequences");
    r.outputs   = values<uint8_t>(o.Get("outputs"), "outputs");
    r.samplers  = values<int32_t>(o.Get("samplers"), "samplers");
    r.capture   = values<uint8_t>(o.Get("capture"), "capture");
    r.classes   = values<int32_t>(o.Get("classes"), "classes");
    r.links     = values<int32_t>(o.Get("links"), "links");
    r.threads   = o.Get("threads").IsNumber() ? (int) number(o, "threads") : 0;
    r.ahead     = o.Get("ahead").IsBoolean() && boolean(o, "ahead");
    return r;
}

Napi::Value Context::decode(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        Model::require_loaded(model, model_id);
        auto & opened = open();
        if (busy) { throw std::runtime_error("a decode is running; one at a time"); }
        auto request = request_of(info[0].As<Napi::Object>());
        auto deferred = Napi::Promise::Deferred::New(env);
        opened.decode(std::move(request), [this, deferred](Outcome outcome) {
            auto * settled = new Settled { std::move(outcome), deferred };
            bridge.BlockingCall(settled, [this](Napi::Env js, Napi::Function, Settled * handed) {
                const std::unique_ptr<Settled> owned(handed);
                if (js != nullptr) { settle(js, *owned); }
            });
        });
        busy = true;
        Ref(); // until its promise is settled
        bridge.Ref(env);
        return deferred.Promise();
    });
}

void Context::settle(Napi::Env env, Settled & settled) {
    Napi::HandleScope scope(env);
    busy = false;
    if (decoder && !decoder->closed()) { bridge.Unref(env); }
    if (settled.outcome.code.empty()) {
        settled.deferred.Resolve(result(env, settled.outcome));
    } else {
        refuse(env, settled);
    }
    Unref(); // taken by decode()
}

void Context::refuse(Napi::Env env, Settled & settled) {
    auto error = Napi::Error::New(env, settled.outcome.message);
    error.Set("code", Napi::String::New(env, settled.outcome.code));
    settled.deferred.Reject(error.Value());
}

// Waits, without holding JavaScript up, for the decode that runs; one that has not begun is refused.
Napi::Value Context::close(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    auto deferred = Napi::Promise::Deferred::New(env);
    if (!decoder) {
        deferred.Resolve(env.Undefined());
        return deferred.Promise();
    }
    closers.push_back(deferred);
    if (decoder->closed()) { return deferred.Promise(); }
    Ref(); // until it has ended
    bridge.Ref(env);
    decoder->close([this] {
        bridge.BlockingCall([this](Napi::Env js, Napi::Function) {
            if (js != nullptr) { gone(js); }
        });
    });
    return deferred.Promise();
}

// The last that the decoding thread asked for.
void Context::gone(Napi::Env env) {
    Napi::HandleScope scope(env);
    decoder.reset();
    bridge.Unref(env);
    bridge.Release();
    for (auto & closer : closers) { closer.Resolve(env.Undefined()); }
    closers.clear();
    Unref(); // taken by close()
}

Napi::Value Context::estimate(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    auto & opened = idle(env);
    return guarded(env, [&]() -> Napi::Value { return Napi::Number::New(env, (double) opened.estimate(places_of(info[0].As<Napi::Object>()))); });
}

Napi::Value Context::decodes_begun(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value { return Napi::Number::New(info.Env(), open().decodes_begun()); });
}

Napi::Value Context::graph_builds(const Napi::CallbackInfo & info) {
    return Napi::Number::New(info.Env(), (double) idle(info.Env()).graph_builds());
}

Napi::Value Context::flash_attention(const Napi::CallbackInfo & info) {
    return Napi::Boolean::New(info.Env(), idle(info.Env()).flash_attention());
}

Napi::Value Context::memory(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    const auto bytes = idle(env).memory();
    auto o = Napi::Object::New(env);
    o.Set("kvBytes", Napi::Number::New(env, (double) bytes.kv));
    o.Set("computeBytes", Napi::Number::New(env, (double) bytes.compute));
    o.Set("steerBytes", Napi::Number::New(env, (double) bytes.steer));
    return o;
}
