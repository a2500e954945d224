// A decoder's life, its jobs, and what its owner reads of it.

#include "decoder.h"

#include "ggml-backend.h"

#include <stdexcept>

// The prebuilt ggml has no OpenMP: without a pool of its own a context would start threads for every graph.
template <typename F> static F * of_processor(const char * name) {
    auto * device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    auto * reg = device ? ggml_backend_dev_backend_reg(device) : nullptr;
    return reg ? (F *) ggml_backend_reg_get_proc_address(reg, name) : nullptr;
}

static ggml_threadpool * new_pool(int n_threads) {
    auto * make = of_processor<decltype(ggml_threadpool_new)>("ggml_threadpool_new");
    if (!make) { return nullptr; }
    auto params = ggml_threadpool_params_default(n_threads);
    return make(&params);
}

static void free_pool(ggml_threadpool * pool) {
    auto * drop = of_processor<decltype(ggml_threadpool_free)>("ggml_threadpool_free");
    if (pool && drop) { drop(pool); }
}

// a bridge takes an empty cell, also of a sliding window's cache: it is as large as the other, and find_slot takes empty ones first
static bool has_streams(const llama_model * model, const DecoderSettings & s) {
    const bool keeps = s.full_window || llama_model_n_swa(model) == 0;
    return !s.unified && s.n_seq > 1 && keeps && !llama_model_is_recurrent(model) && !llama_model_is_hybrid(model);
}

static llama_context * new_context(const llama_model * model, const DecoderSettings & s) {
    if (s.max_profiles < 2) { throw std::runtime_error("maxProfiles counts the identity and the shared row: at least 2"); }
    llama_context_params params = llama_context_default_params();
    params.n_ctx           = s.n_ctx;
    params.n_batch         = (uint32_t) s.n_batch;
    params.n_ubatch        = s.n_ubatch;
    params.n_seq_max       = (uint32_t) s.n_seq;
    params.kv_unified      = s.unified;
    params.type_k          = s.type_k;
    params.type_v          = s.type_v;
    params.flash_attn_type = s.flash_attention;
    params.n_threads       = s.threads;
    params.n_threads_batch = s.threads;
    params.no_perf         = true;
    params.swa_full        = s.full_window; // where prefixes are reused, old positions stay
    auto * ctx = llama_init_from_model(const_cast<llama_model *>(model), params);
    if (!ctx) { throw std::runtime_error("llama.cpp could not create a context: too little memory, or options that this model does not support"); }
    return ctx;
}

Decoder::Decoder(const llama_model * model, const DecoderSettings & settings)
    : model(model), settings(settings), n_vocab(llama_vocab_n_tokens(llama_model_get_vocab(model))), streams(has_streams(model, settings)), ctx(new_context(model, settings)) {
    try {
        if (settings.rope_context > 0) { llama_steer_rope(ctx, settings.rope_context); }
        use_threads(settings.threads);
        llama_steer_probe(ctx);
    } catch (...) {
        free_context();
        throw;
    }
    steer  = llama_steer_of(ctx);
    thread = std::thread([this] { loop(); });
}

Decoder::~Decoder() {
    {
        std::lock_guard<std::mutex> lock(queue);
        closing = true;
        jobs.clear();
    }
    wake.notify_all();
    thread.join();
}

void Decoder::free_context() {
    llama_free(ctx);
    for (auto & [count, pool] : pools) { free_pool(pool); }
    pools.clear();
    ctx = nullptr;
    steer = nullptr;
}

// Between two decodes. Each count has a pool of its own, for threads of a larger pool that are not wanted would spin all the
// same; ggml puts the pool that is left to sleep.
void Decoder::use_threads(int count) {
    if (count < 1) { count = settings.threads; }
    if (count == threads) { return; }
    auto & pool = pools[count];
    if (!pool) { pool = new_pool(count); }
    if (pool) { llama_attach_threadpool(ctx, pool, pool); }
    llama_set_n_threads(ctx, count, count);
    threads = count;
}

void Decoder::require_open() const {
    if (closing) { throw std::runtime_error("the context is closed"); }
}

void Decoder::require_sequence(int seq) const {
    if (seq < 0 || seq >= settings.n_seq) { throw std::runtime_error("no such sequence"); }
}

void Decoder::require_fitting(const Request & r) const {
    const size_t n = r.tokens.size();
    if (n == 0 || n > (size_t) settings.n_batch) { throw std::runtime_error("a batch has 1 to " + std::to_string(settings.n_batch) + " tokens, not " + std::to_string(n)); }
    if (r.threads < 0 || r.threads > 512) { throw std::runtime_error("threads are 1 to 512, or 0 for what the context was made with"); }
    if (r.positions.size() != n || r.sequences.size() != n || r.outputs.size() != n || r.samplers.size() != n || (!r.capture.empty() && r.capture.size() != n) || (!r.classes.empty() && r.classes.size() != n)) {
        throw std::runtime_error("the arrays of a batch must have the same length");
    }
    for (size_t i = 0; i < n; ++i) {
        if (r.tokens[i] < 0 || r.tokens[i] >= n_vocab) { throw std::runtime_error("token " + std::to_string(r.tokens[i]) + " is not in the vocabulary"); }
        require_sequence(r.sequences[i]);
    }
    if (!r.links.empty() && r.links.size() != n*LINKS) { throw std::runtime_error("links: " + std::to_string(LINKS) + " for each token"); }
    for (const auto row : r.links) {
        if (row < NO_ROW || row >= (int64_t) n || (row >= 0 && r.outputs[row] == 0)) { throw std::runtime_error("links must be rows of the batch with an output"); }
    }
}

void Decoder::decode(Request request, Done done) {
    require_open();
    require_fitting(request);
    auto job = std::make_unique<Job>();
    job->request = std::move(request);
    job->done    = std::move(done);
    {
        std::lock_guard<std::mutex> lock(queue);
        job->asked = version;
        jobs.push_back(std::move(job));
    }
    wake.notify_one();
}

void Decoder::close(std::function<void()> when_ended) {
    require_open();
    {
        std::lock_guard<std::mutex> lock(queue);
        ended   = std::move(when_ended);
        closing = true;
    }
    wake.notify_all();
}

uint32_t Decoder::decodes_begun() const {
    std::lock_guard<std::mutex> lock(queue);
    return begun;
}

size_t Decoder::estimate(const std::vector<llama_steer_place> & places) const {
    require_open();
    std::lock_guard<std::mutex> lock(context);
    return steer->estimate(places, settings.max_profiles);
}

uint64_t Decoder::graph_builds() const {
    require_open();
    std::lock_guard<std::mutex> lock(context);
    return steer->builds;
}

DecoderMemory Decoder::memory() const {
    require_open();
    std::lock_guard<std::mutex> lock(context);
    DecoderMemory out = { 0, 0, steer->size() };
    llama_steer_memory(ctx, out.kv, out.compute);
    return out;
}

bool Decoder::flash_attention() const {
    require_open();
    std::lock_guard<std::mutex> lock(context);
    return llama_steer_flash_attention(ctx);
}
