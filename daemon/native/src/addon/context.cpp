// The JavaScript face of a context: its life, decodes and their results. Nothing here touches llama_context while the decoding thread
// may: changes are staged, see staging.cpp.

#include "context.h"

#include "convert.h"
#include "model.h"

#include "ggml-backend.h"

#include <algorithm>
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

// The prebuilt ggml has no OpenMP: without a pool of its own a context would start threads for every graph.
static ggml_threadpool * new_pool(int n_threads) {
    auto * device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    auto * reg = device ? ggml_backend_dev_backend_reg(device) : nullptr;
    auto * make = reg ? (decltype(ggml_threadpool_new) *) ggml_backend_reg_get_proc_address(reg, "ggml_threadpool_new") : nullptr;
    if (!make) { return nullptr; }
    auto params = ggml_threadpool_params_default(n_threads);
    return make(&params);
}

static void free_pool(ggml_threadpool * pool) {
    auto * device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    auto * reg = device ? ggml_backend_dev_backend_reg(device) : nullptr;
    auto * drop = reg ? (decltype(ggml_threadpool_free) *) ggml_backend_reg_get_proc_address(reg, "ggml_threadpool_free") : nullptr;
    if (pool && drop) { drop(pool); }
}

Context::Context(const Napi::CallbackInfo & info) : Napi::ObjectWrap<Context>(info) {
    auto env = info.Env();
    model = info[0].As<Napi::External<llama_model>>().Data();
    model_id = llama_steer_model_id(model);
    auto o = info[1].As<Napi::Object>();
    model_reference = Napi::Reference<Napi::Value>::New(info[2], 1);
    guarded(env, [&] {
        llama_context_params params = llama_context_default_params();
        n_batch      = (int) number(o, "nBatch");
        n_seq        = (int) number(o, "nSeqMax");
        max_profiles = (int) number(o, "maxProfiles");
        if (max_profiles < 2) { throw std::runtime_error("maxProfiles counts the identity and the shared row: at least 2"); }
        params.n_ctx           = (uint32_t) number(o, "nCtx");
        params.n_batch         = n_batch;
        params.n_ubatch        = (uint32_t) number(o, "nUbatch");
        params.n_seq_max       = n_seq;
        params.kv_unified      = boolean(o, "kvUnified");
        params.type_k          = kv_type(text(o, "typeK"));
        params.type_v          = kv_type(text(o, "typeV"));
        params.flash_attn_type = flash_attention_type(text(o, "flashAttention"));
        threads_made           = (int) number(o, "threads");
        params.n_threads       = threads_made;
        params.n_threads_batch = threads_made;
        params.no_perf         = true;
        params.swa_full        = boolean(o, "fullWindow"); // where prefixes are reused, old positions stay
        ctx = llama_init_from_model(const_cast<llama_model *>(model), params);
        if (!ctx) { throw std::runtime_error("llama.cpp could not create a context: too little memory, or options that this model does not support"); }
        const auto rope = o.Get("ropeContext");
        if (rope.IsNumber()) { llama_steer_rope(ctx, rope.As<Napi::Number>().Uint32Value()); }
        try {
            use_threads(threads_made);
            llama_steer_probe(ctx);
        } catch (...) {
            free_context();
            throw;
        }
        steer   = llama_steer_of(ctx);
        n_vocab = llama_vocab_n_tokens(llama_model_get_vocab(model));
        unified = params.kv_unified;
        // a bridge takes an empty cell, also of a sliding window's cache: it is as large as the other, and find_slot takes empty ones first
        streams = !unified && n_seq > 1 && (params.swa_full || llama_model_n_swa(model) == 0) && !llama_model_is_recurrent(model) && !llama_model_is_hybrid(model);
    });
    settle = Napi::ThreadSafeFunction::New(env, Napi::Function::New(env, [](const Napi::CallbackInfo &) {}), "tiller-decode", 0, 1);
    settle.Unref(env);
    thread = std::thread([this] { loop(); });
}

// Where JavaScript lets go of a context that was never closed, or ends: the only place where its thread is waited for.
Context::~Context() {
    {
        std::lock_guard<std::mutex> lock(mutex);
        closing = abandoned = true;
    }
    wake.notify_all();
    if (!thread.joinable()) { return; }
    thread.join();
    settle.Release();
}

void Context::free_context() {
    if (ctx) { llama_free(ctx); }
    for (auto & [count, pool] : pools) { free_pool(pool); }
    pools.clear();
    ctx = nullptr;
    steer = nullptr;
}

// Between two decodes. Each count has a pool of its own, for threads of a larger pool that are not wanted would spin all the
// same; ggml puts the pool that is left to sleep.
void Context::use_threads(int count) {
    if (count < 1) { count = threads_made; }
    if (count == threads) { return; }
    auto & pool = pools[count];
    if (!pool) { pool = new_pool(count); }
    if (pool) { llama_attach_threadpool(ctx, pool, pool); }
    llama_set_n_threads(ctx, count, count);
    threads = count;
}

// On JavaScript's thread, as the last that the decoding thread asked for: refuses what was not begun and lets everything go.
void Context::ended(Napi::Env env) {
    thread.join(); // it has nothing left to do
    for (auto & job : jobs) {
        job->outcome.code = "closed";
        job->outcome.message = "the context was closed before this decode began";
        refuse(env, *job);
        busy = false;
        Unref();
    }
    jobs.clear();
    staged.clear();
    samplers.clear();
    accumulators.clear();
    settle.Unref(env);
    settle.Release();
    gone = true;
    for (auto & closer : closers) { closer.Resolve(env.Undefined()); }
    closers.clear();
    Unref(); // taken by close()
}

void Context::must_be_idle(Napi::Env env) const {
    if (closing) { throw Napi::Error::New(env, "the context is closed"); }
    if (busy)    { throw Napi::Error::New(env, "this is read between decodes"); }
}

Napi::Value Context::decode(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        Model::require_loaded(model, model_id);
        auto o = info[0].As<Napi::Object>();
        auto job = std::make_unique<Job>();
        auto & r = job->request;
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
        const size_t n = r.tokens.size();
        if (n == 0 || n > (size_t) n_batch) { throw std::runtime_error("a batch has 1 to " + std::to_string(n_batch) + " tokens, not " + std::to_string(n)); }
        if (r.threads < 0 || r.threads > 512) { throw std::runtime_error("threads are 1 to 512, or 0 for what the context was made with"); }
        if (r.positions.size() != n || r.sequences.size() != n || r.outputs.size() != n || r.samplers.size() != n || (!r.capture.empty() && r.capture.size() != n) || (!r.classes.empty() && r.classes.size() != n)) {
            throw std::runtime_error("the arrays of a batch must have the same length");
        }
        for (size_t i = 0; i < n; ++i) {
            if (r.tokens[i] < 0 || r.tokens[i] >= n_vocab)    { throw std::runtime_error("token " + std::to_string(r.tokens[i]) + " is not in the vocabulary"); }
            if (r.sequences[i] < 0 || r.sequences[i] >= n_seq) { throw std::runtime_error("no such sequence"); }
        }
        if (!r.links.empty() && r.links.size() != n*LINKS) { throw std::runtime_error("links: " + std::to_string(LINKS) + " for each token"); }
        for (const auto row : r.links) {
            if (row < NO_ROW || row >= (int64_t) n || (row >= 0 && r.outputs[row] == 0)) { throw std::runtime_error("links must be rows of the batch with an output"); }
        }
        job->deferred = std::make_unique<Napi::Promise::Deferred>(env);
        auto promise = job->deferred->Promise();
        {
            std::lock_guard<std::mutex> lock(mutex);
            if (closing) { throw std::runtime_error("the context is closed"); }
            if (busy.exchange(true)) { throw std::runtime_error("a decode is running; one at a time"); }
            job->asked = version;
            jobs.push_back(std::move(job));
        }
        Ref(); // until its promise is settled
        settle.Ref(env);
        wake.notify_one();
        return promise;
    });
}

Napi::Value Context::decodes_begun(const Napi::CallbackInfo & info) {
    return Napi::Number::New(info.Env(), begun);
}

Napi::Value Context::graph_builds(const Napi::CallbackInfo & info) {
    must_be_idle(info.Env());
    std::lock_guard<std::mutex> lock(outside);
    return Napi::Number::New(info.Env(), (double) steer->builds);
}

Napi::Value Context::memory(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    must_be_idle(env);
    std::lock_guard<std::mutex> lock(outside);
    size_t kv = 0, compute = 0;
    llama_steer_memory(ctx, kv, compute);
    auto o = Napi::Object::New(env);
    o.Set("kvBytes", Napi::Number::New(env, (double) kv));
    o.Set("computeBytes", Napi::Number::New(env, (double) compute));
    o.Set("steerBytes", Napi::Number::New(env, (double) steer->size()));
    return o;
}

Napi::Value Context::flash_attention(const Napi::CallbackInfo & info) {
    must_be_idle(info.Env());
    return Napi::Boolean::New(info.Env(), llama_steer_flash_attention(ctx));
}

// Waits, without holding JavaScript up, for the decode that runs; one that has not begun is refused.
Napi::Value Context::close(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    auto deferred = Napi::Promise::Deferred::New(env);
    if (gone) {
        deferred.Resolve(env.Undefined());
        return deferred.Promise();
    }
    closers.push_back(deferred);
    if (!closing) {
        Ref(); // until it has ended
        settle.Ref(env);
        {
            std::lock_guard<std::mutex> lock(mutex);
            closing = true;
        }
        wake.notify_all();
    }
    return deferred.Promise();
}
