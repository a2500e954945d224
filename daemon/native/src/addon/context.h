#pragma once

#include "accumulate.h"
#include "llama-steer.h"
#include "sampler.h"

#include <napi.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

// Streams of an answer beside its own row, in the order of a request's links.
enum Link { TOWARD, AGAINST, PLAIN, LINKS };
static constexpr int32_t OWN_ROW = -1, NO_ROW = -2;

struct Request {
    std::vector<int32_t> tokens, positions, sequences, samplers, classes;
    std::vector<int32_t> links; // [rows × LINKS] rows of this batch, OWN_ROW or NO_ROW; empty: none
    std::vector<uint8_t> outputs, capture;
    int  threads = 0;   // that compute it, 0: as the context was made
    bool ahead = false; // the same rows will probably follow, one position on, with the tokens that are sampled now
};

struct Captured {
    size_t place; // index into the topology that the decode ran under
    int    site, layer;
    std::vector<int32_t> rows;
    std::vector<float>   data;
    void sort(); // by row
};

struct Outcome {
    int64_t version = 0;
    std::vector<int32_t> rows, sampled, top_tokens;
    std::vector<float>   logprobs, top_logprobs, logits, probes;
    std::vector<double>  divergences; // by output row, NaN where nobody asked; empty: nobody did
    int top_count = 0;
    std::vector<Captured> captures;
    double decode_us = 0, sample_us = 0;
    double cpu_us = 0;  // processor time that this process used during the decode
    int  threads = 0;   // that computed it
    bool ahead = false; // decoded before it was asked for
    std::string code, message; // empty code: success
};

double cpu_now_us(); // processor time of this process

// The rows that are decoded: those of a request, and bridges between them (bridge.cpp).
struct Batch {
    std::vector<llama_token>  tokens;
    std::vector<llama_pos>    positions;
    std::vector<llama_seq_id> sequences;
    std::vector<int8_t>       outputs;
    std::vector<int32_t>      place;   // of each row of the request
    std::vector<std::pair<llama_seq_id, llama_pos>> bridges;
};

// Missing ids between two rows, and the cells that the step attends over.
struct Gap {
    int left, right, cells;
};

// One llama_context with a thread of its own that decodes. Everything that changes the context is staged and applied by that
// thread at the start of the next decode, in the order of the calls.
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

    struct Job {
        Request request;
        Outcome outcome;
        int64_t asked = 0; // the version of the newest change that was staged before it
        std::unique_ptr<Napi::Promise::Deferred> deferred;
    };

    int64_t stage(std::function<void()> change);
    std::string apply_staged();
    void    refuse(Napi::Env env, Job & job);
    void    must_be_idle(Napi::Env env) const;
    void    place_accumulators();
    void    loop();
    void    run(Job & job);
    int     decode_rows(const Request & request, std::string & message);
    void    use_threads(int count);
    Batch   batch_of(const Request & request) const;
    void    bridge(const Request & request, const Gap & gap, Batch & batch) const;
    void    lend(const Request & request, const Batch & batch, std::vector<llama_steer::ranges> & kept);
    void    give_back(const Batch & batch, std::vector<llama_steer::ranges> & kept);
    std::optional<Request> following(const Job & job) const;
    void    run_ahead(Request request);
    bool    take_ahead(const Request & request, bool unchanged);
    void    read_rows(Job & job);
    void    sample_rows(Job & job);
    const float * logits_of(int32_t row) const;
    const float * linked(const Request & request, int row, Link link) const;
    void    diverge(Job & job, size_t output);
    void    ended(Napi::Env env);
    void    free_context();
    Napi::Value result(Napi::Env env, Job & job);
    std::vector<llama_steer_place> places_of(const Napi::Object & topology);

    llama_context * ctx   = nullptr;
    llama_steer *   steer = nullptr;
    const llama_model * model = nullptr;
    uint64_t model_id = 0;
    Napi::Reference<Napi::Value> model_reference; // keeps the model's wrapper alive
    Napi::FunctionReference make_result;
    int n_vocab = 0, n_batch = 0, n_seq = 0, max_profiles = 2;
    bool unified = true;             // one KV cache for all sequences
    bool streams = false;            // a KV stream for each sequence, whose last position can be taken back
    std::vector<int32_t> place;      // in the batch decoded last, of each row of its request
    std::map<int, struct ggml_threadpool *> pools; // by their number of threads, made when first asked for
    int threads = 0, threads_made = 0; // that compute now; that the context was made with

    std::mutex mutex;                // staged, jobs, closing
    std::condition_variable wake;
    std::vector<std::function<void()>> staged;
    int64_t version = 0;             // of the newest staged change
    int64_t oldest = 0;              // of the first one that waits
    int64_t applied = 0;             // of the last one that was applied; the decoding thread only
    std::deque<std::unique_ptr<Job>> jobs;
    bool closing = false;            // written by JavaScript's thread only
    bool abandoned = false;          // nobody is left to hear of the end
    std::vector<Napi::Promise::Deferred> closers; // JavaScript's thread only
    bool gone = false;               // the decoding thread has ended; as closers
    std::atomic<bool> busy { false };
    std::atomic<uint32_t> begun { 0 }; // decodes that the decoding thread has taken up

    struct Ahead {
        Request request;
        double  decode_us, cpu_us;
    };
    std::optional<Ahead> ahead;      // decoded before it was asked for; its sampling waits for the request
    std::mutex outside;              // held while decoding ahead: others may read the context between decodes

    std::mutex state;                // samplers, accumulators and what reads the context from outside
    std::map<int32_t, std::unique_ptr<Sampler>> samplers;
    int32_t next_sampler = 1;
    std::vector<Accumulator> accumulators;
    std::vector<float> scores;       // of diverge()

    std::thread thread;
    Napi::ThreadSafeFunction settle;
};
