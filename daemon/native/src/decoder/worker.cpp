// The decoding thread: applies staged changes, decodes, hands the result over. What it calls of other files is under the lock `context`.

#include "clock.h"
#include "decoder.h"

#include <algorithm>

void Decoder::loop() {
    for (;;) {
        std::unique_ptr<Job> job;
        {
            std::unique_lock<std::mutex> lock(queue);
            wake.wait(lock, [&] { return closing || !jobs.empty(); });
            if (closing) { break; }
            job = std::move(jobs.front());
            jobs.pop_front();
            ++begun;
        }
        std::optional<Request> next;
        {
            std::lock_guard<std::mutex> lock(context);
            run(*job);
            next = following(*job);
        }
        job->done(std::move(job->outcome));
        if (next) { run_ahead(std::move(*next)); }
    }
    end();
}

// As the last that the decoding thread does: what was not begun is refused, and everything goes.
void Decoder::end() {
    std::deque<std::unique_ptr<Job>> left;
    {
        std::lock_guard<std::mutex> lock(queue);
        left.swap(jobs);
        staged.clear();
    }
    for (auto & job : left) {
        job->outcome.code = "closed";
        job->outcome.message = "the context was closed before this decode began";
        job->done(std::move(job->outcome));
    }
    {
        std::lock_guard<std::mutex> lock(context);
        free_context();
        accumulators.clear();
    }
    {
        std::lock_guard<std::mutex> lock(choosing);
        samplers.clear();
    }
    if (ended) { ended(); }
}

// @returns llama_decode's code, −1 with a message where it threw
int Decoder::decode_rows(const Request & r, std::string & message) {
    use_threads(r.threads);
    Batch rows = batch_of(r);
    if (steer->needs_all_outputs()) { std::fill(rows.outputs.begin(), rows.outputs.end(), 1); }
    const int n = (int) rows.tokens.size();
    std::vector<int32_t> n_seq_id(n, 1);
    std::vector<llama_seq_id *> seq_id(n);
    for (int i = 0; i < n; ++i) { seq_id[i] = &rows.sequences[i]; }
    llama_batch batch = {};
    batch.n_tokens = n;
    batch.token    = rows.tokens.data();
    batch.pos      = rows.positions.data();
    batch.n_seq_id = n_seq_id.data();
    batch.seq_id   = seq_id.data();
    batch.logits   = rows.outputs.data();
    std::vector<llama_steer::ranges> kept;
    lend(r, rows, kept);
    int rc = -1;
    try {
        rc = llama_decode(ctx, batch);
        llama_synchronize(ctx);
    } catch (const std::exception & e) {
        message = e.what();
    }
    give_back(rows, kept);
    place = std::move(rows.place);
    return rc;
}

void Decoder::run(Job & job) {
    auto & out = job.outcome;
    const auto & r = job.request;
    bool unchanged;
    {
        std::lock_guard<std::mutex> lock(queue);
        unchanged = staged.empty() || oldest > job.asked;
    }
    const double ahead_us = ahead ? ahead->decode_us : 0, ahead_cpu_us = ahead ? ahead->cpu_us : 0;
    const bool done = take_ahead(r, unchanged);
    if (const auto failed = done ? std::string() : apply_staged(); !failed.empty()) {
        out.code = "staging-failed";
        out.message = "a staged change could not be applied: " + failed;
        return;
    }
    out.version = applied;
    for (size_t i = 0; i < r.tokens.size(); ++i) {
        if (r.outputs[i] != 0) { out.rows.push_back((int32_t) i); }
    }
    const double start = now_us(), cpu = cpu_now_us();
    int rc = 0;
    if (!done) {
        read_rows(job);
        rc = decode_rows(r, out.message);
        steer->on_row = nullptr;
        for (auto & c : out.captures) { c.sort(); }
    }
    out.ahead = done;
    out.decode_us = done ? ahead_us : now_us() - start;
    out.cpu_us    = done ? ahead_cpu_us : cpu_now_us() - cpu;
    out.threads   = threads;
    if (rc != 0) {
        out.code = rc == 1 ? "kv-full" : rc == 2 ? "aborted" : "decode-failed";
        if (out.message.empty()) { out.message = rc == 1 ? "the KV cache has no room for this batch" : "llama_decode ended with " + std::to_string(rc); }
        return;
    }
    const double sampling = now_us();
    try {
        sample_rows(job);
    } catch (const std::exception & e) {
        out.code = "decode-failed";
        out.message = e.what();
    }
    out.sample_us = now_us() - sampling;
}
