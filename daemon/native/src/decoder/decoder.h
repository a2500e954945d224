#pragma once

#include "accumulate.h"
#include "llama-steer.h"
#include "request.h"
#include "sampler.h"

#include "ggml.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

struct DecoderSettings {
    uint32_t n_ctx = 0, n_ubatch = 0;
    int      n_batch = 0, n_seq = 1;
    int      max_profiles = 2;    // the identity and the shared row among them
    int      threads = 1;
    uint32_t rope_context = 0;    // > 0: rope factors of a context of so many tokens
    bool     unified = false;     // one KV cache for all sequences
    bool     full_window = false; // old positions of a sliding window stay
    ggml_type type_k = GGML_TYPE_F16, type_v = GGML_TYPE_F16;
    llama_flash_attn_type flash_attention = LLAMA_FLASH_ATTN_TYPE_AUTO;
};

// Rows of one profile, as write_profile() takes them.
struct ProfileRows {
    struct Element { int site, layer; bool dense; std::vector<int32_t> indices; std::vector<float> scale, shift; };
    struct Bank    { int site, layer; std::vector<float> params; bool rotate; };
    std::vector<Element> elements;
    std::vector<Bank>    banks;
};

struct DecoderMemory {
    size_t kv, compute, steer; // bytes
};

// One llama_context with a thread of its own that decodes. Everything that changes the context is staged and applied by that
// thread at the start of the next decode, in the order of the calls; a staged change has a version, and an outcome says which it ran
// under. What cannot be is refused with std::runtime_error.
//
// All calls come from one thread, the owner's. Callbacks come on the decoding thread, which holds no lock then; they must not call back.
//
// Locks, in the order in which one thread may take several:
//   context   what the decoding thread does with llama_context and `steer`, and what the owner reads of them
//   choosing  samplers
//   queue     staged changes, jobs, the wish to end
class Decoder {
public:
    using Done = std::function<void(Outcome)>;

    Decoder(const llama_model * model, const DecoderSettings & settings);
    ~Decoder(); // waits for the decode that runs; nobody hears of what was queued
    Decoder(const Decoder &) = delete;
    Decoder & operator=(const Decoder &) = delete;

    // Staged, each: @returns its version.
    int64_t configure(std::vector<llama_steer_place> places);
    int64_t write_profile(int profile, ProfileRows rows);
    int64_t bind(int seq, int from, int profile);
    int64_t seq_remove(int seq, int from, int to);
    int64_t seq_copy(int a, int b, int from, int to);
    int64_t seq_shift(int seq, int from, int to, int delta);
    int64_t set_control_vector(std::vector<float> data, int first_layer, int last_layer);
    int64_t set_accumulators(std::vector<Accumulator> next);

    // At once.
    int32_t create_sampler(const SamplerSettings & settings);
    int32_t fork_sampler(int32_t source, uint32_t seed);
    void    accept_tokens(int32_t sampler, const std::vector<int32_t> & tokens);
    void    free_sampler(int32_t sampler);
    // Where a sampler's readings stand in the rows of the decodes that follow.
    void    place_readings(int32_t sampler, std::vector<int32_t> places);

    // Queues a decode; `done` hears of its end, also where it is refused because the decoder is closed before it begins.
    void decode(Request request, Done done);
    // No further decode begins; `ended` is called when the context is freed, as the last that this thread does.
    void close(std::function<void()> ended);
    bool closed() const { return closing; }

    // Wait for the decode that runs.
    size_t        estimate(const std::vector<llama_steer_place> & places) const; // bytes
    uint64_t      graph_builds() const;
    DecoderMemory memory() const;
    bool          flash_attention() const;
    std::vector<Accumulator> read_accumulators() const;

    uint32_t decodes_begun() const;

private:
    struct Job {
        Request request;
        Outcome outcome;
        int64_t asked = 0; // the version of the newest change that was staged before it
        Done    done;
    };

    struct Ahead {
        Request request;
        double  decode_us, cpu_us;
    };

    void    require_open() const;
    void    require_sequence(int seq) const;
    void    require_fitting(const Request & request) const;
    int64_t stage(std::function<void()> change);
    std::string apply_staged();
    void    place_accumulators();
    void    loop();
    void    end();
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
    void    log_probabilities(Outcome & out, size_t output, double norm, int top);
    Sampler * sampler_of(int32_t id) const; // null: there is none
    const float * logits_of(int32_t row) const;
    const float * linked(const Request & request, int row, Link link) const;
    void    diverge(Job & job, size_t output);
    void    free_context();

    const llama_model * const model;
    const DecoderSettings settings;
    const int  n_vocab;
    const bool streams;                     // a KV stream for each sequence, whose last position can be taken back

    mutable std::mutex context;
    llama_context * ctx   = nullptr;
    llama_steer *   steer = nullptr;
    std::vector<int32_t> place;             // in the batch decoded last, of each row of its request
    std::map<int, ggml_threadpool *> pools; // by their number of threads, made when first asked for
    int threads = 0;                        // that compute now
    int64_t applied = 0;                    // version of the last change that was applied
    std::optional<Ahead> ahead;             // decoded before it was asked for; its sampling waits for the request

    std::vector<Accumulator> accumulators;

    mutable std::mutex choosing;
    std::map<int32_t, std::unique_ptr<Sampler>> samplers;
    int32_t next_sampler = 1;
    std::vector<float> scores;              // of diverge()
    std::vector<int>   order;               // of log_probabilities()

    mutable std::mutex queue;
    std::condition_variable wake;
    std::vector<std::function<void()>> staged;
    int64_t version = 0;                    // of the newest staged change
    int64_t oldest = 0;                     // of the first one that waits
    std::deque<std::unique_ptr<Job>> jobs;
    uint32_t begun = 0;                     // decodes that the decoding thread has taken up
    bool closing = false;                   // written by the owner alone
    std::function<void()> ended;

    std::thread thread;
};
