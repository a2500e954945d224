// The decoding thread: applies staged changes, decodes, reads taps out, samples, hands the result over.

#include "context.h"
#include "logits.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <numeric>
#include <unordered_map>

#ifdef _WIN32
#    include <windows.h>
#else
#    include <ctime>
#endif

static double now_us() {
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Processor time of the whole process. That of all threads that compute and spin is nearly all of it, and where other processes
// take the cores it falls behind threads × wall time.
double cpu_now_us() {
#ifdef _WIN32
    FILETIME created, ended, kernel, user;
    if (!GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user)) { return 0; }
    const auto ticks = [](const FILETIME & t) { return (double) (((uint64_t) t.dwHighDateTime << 32) | t.dwLowDateTime); };
    return (ticks(kernel) + ticks(user))/10;
#else
    timespec t = {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec*1e6 + t.tv_nsec/1e3;
#endif
}

void Context::loop() {
    for (;;) {
        std::unique_ptr<Job> job;
        {
            std::unique_lock<std::mutex> lock(mutex);
            wake.wait(lock, [&] { return closing || !jobs.empty(); });
            if (closing) { break; }
            job = std::move(jobs.front());
            jobs.pop_front();
            ++begun;
        }
        run(*job);
        auto next = following(*job);
        auto * raw = job.release();
        settle.BlockingCall(raw, [this](Napi::Env env, Napi::Function, Job * done) {
            std::unique_ptr<Job> owned(done);
            if (env == nullptr) { return; }
            Napi::HandleScope scope(env);
            busy = false;
            if (!closing) { settle.Unref(env); }
            if (owned->outcome.code.empty()) {
                owned->deferred->Resolve(result(env, *owned));
            } else {
                refuse(env, *owned);
            }
            Unref(); // taken by decode()
        });
        if (next) { run_ahead(std::move(*next)); }
    }
    free_context();
    std::lock_guard<std::mutex> lock(mutex);
    if (abandoned) { return; }
    settle.BlockingCall([this](Napi::Env env, Napi::Function) {
        if (env == nullptr) { return; }
        Napi::HandleScope scope(env);
        ended(env);
    });
}

// @returns llama_decode's code, −1 with a message where it threw
int Context::decode_rows(const Request & r, std::string & message) {
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

void Context::refuse(Napi::Env env, Job & job) {
    auto error = Napi::Error::New(env, job.outcome.message);
    error.Set("code", Napi::String::New(env, job.outcome.code));
    job.deferred->Reject(error.Value());
}

// All of them are applied, whatever becomes of one: the caller's picture of the cache rests on those after it.
std::string Context::apply_staged() {
    std::vector<std::function<void()>> changes;
    {
        std::lock_guard<std::mutex> lock(mutex);
        changes.swap(staged);
        applied = version;
    }
    std::string failed;
    for (auto & change : changes) {
        try {
            change();
        } catch (const std::exception & e) {
            if (failed.empty()) { failed = e.what(); }
        }
    }
    return failed;
}

void Context::run(Job & job) {
    auto & out = job.outcome;
    const auto & r = job.request;
    bool unchanged;
    {
        std::lock_guard<std::mutex> lock(mutex);
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

// Where the values of probes and taps go, by the row of the request that (sequence, position) belongs to.
void Context::read_rows(Job & job) {
    const auto & r = job.request;
    auto & out = job.outcome;
    const auto & places = steer->places();
    size_t count = 0;
    std::vector<size_t> first_probe(places.size(), 0), capture_of(places.size(), SIZE_MAX);
    for (size_t i = 0; i < places.size(); ++i) {
        first_probe[i] = count;
        count += places[i].probes;
    }
    const int n = (int) r.tokens.size();
    out.probes.assign((size_t) n*count, 0.0f);
    const bool capture = !r.capture.empty() && std::any_of(r.capture.begin(), r.capture.end(), [](uint8_t c) { return c != 0; });
    const bool classes = !r.classes.empty() && !accumulators.empty();
    steer->want_taps = capture || classes;
    if (count == 0 && !steer->want_taps) {
        steer->on_row = nullptr;
        return;
    }
    if (capture) {
        for (size_t i = 0; i < places.size(); ++i) {
            if (!places[i].tap) { continue; }
            capture_of[i] = out.captures.size();
            out.captures.push_back({ i, places[i].site, places[i].layer, {}, {} });
        }
    }
    auto rows = std::make_shared<std::unordered_map<uint64_t, int>>();
    const auto key = [](llama_seq_id seq, llama_pos pos) { return ((uint64_t) (uint32_t) seq << 32) | (uint32_t) pos; };
    for (int i = 0; i < n; ++i) { (*rows)[key(r.sequences[i], r.positions[i])] = i; }
    steer->row_of = [rows, key](llama_seq_id seq, llama_pos pos) {
        auto it = rows->find(key(seq, pos));
        return it == rows->end() ? -1 : it->second;
    };
    steer->on_row = [this, &r, &out, first_probe, capture_of, count, capture, classes](size_t place, bool probe, int row, const float * x, int width) {
        if (probe) {
            std::memcpy(&out.probes[(size_t) row*count + first_probe[place]], x, width*sizeof(float));
            return;
        }
        if (capture && r.capture[row]) {
            auto & c = out.captures[capture_of[place]];
            c.rows.push_back(row);
            c.data.insert(c.data.end(), x, x + width);
        }
        if (classes && r.classes[row] >= 0) {
            for (auto & a : accumulators) {
                if (a.place == place && r.classes[row] < a.classes) { a.add(r.classes[row], x); }
            }
        }
    };
}

// Streams are computed one behind the other, so rows come in another order than they were asked for.
void Captured::sort() {
    if (std::is_sorted(rows.begin(), rows.end())) { return; }
    const size_t width = data.size()/rows.size();
    std::vector<size_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return rows[a] < rows[b]; });
    std::vector<int32_t> sorted;
    std::vector<float> values;
    values.reserve(data.size());
    for (size_t i : order) {
        sorted.push_back(rows[i]);
        values.insert(values.end(), data.begin() + i*width, data.begin() + (i + 1)*width);
    }
    rows = std::move(sorted);
    data = std::move(values);
}

const float * Context::logits_of(int32_t row) const {
    const float * logits = llama_get_logits_ith(ctx, place[row]);
    if (!logits) { throw std::runtime_error("no logits for row " + std::to_string(row)); }
    return logits;
}

// null: the row's own
const float * Context::linked(const Request & r, int row, Link link) const {
    const int32_t to = r.links.empty() ? NO_ROW : r.links[row*LINKS + link];
    return to < 0 ? nullptr : logits_of(to);
}

// How far what is written lies from the plain model at this token: before grammar, biases, temperature and truncation.
void Context::diverge(Job & job, size_t k) {
    const auto & r = job.request;
    auto & out = job.outcome;
    const int row = out.rows[k];
    const float * own = logits_of(row), * plain = linked(r, row, PLAIN);
    auto it = r.samplers[row] >= 0 ? samplers.find(r.samplers[row]) : samplers.end();
    scores.assign(own, own + n_vocab);
    if (it != samplers.end() && it->second->contrast) {
        it->second->contrast->apply(own, { linked(r, row, TOWARD), linked(r, row, AGAINST) }, scores);
    }
    out.divergences.resize(out.rows.size(), NAN);
    out.divergences[k] = divergence(scores.data(), plain ? plain : own, n_vocab);
}

void Context::sample_rows(Job & job) {
    const auto & r = job.request;
    auto & out = job.outcome;
    std::lock_guard<std::mutex> lock(state);
    std::vector<Sampler *> chosen;
    for (int row : out.rows) {
        auto it = r.samplers[row] >= 0 ? samplers.find(r.samplers[row]) : samplers.end();
        chosen.push_back(it == samplers.end() ? nullptr : it->second.get());
        if (chosen.back()) { out.top_count = std::max(out.top_count, chosen.back()->top); }
    }
    const size_t count = out.rows.size();
    out.sampled.assign(count, -1);
    out.logprobs.assign(count, 0.0f);
    out.top_tokens.assign(count*out.top_count, -1);
    out.top_logprobs.assign(count*out.top_count, 0.0f);
    std::vector<int> order;
    for (size_t k = 0; k < count; ++k) {
        const int row = out.rows[k];
        const float * logits = logits_of(row);
        if (r.outputs[row] == 2) { out.logits.insert(out.logits.end(), logits, logits + n_vocab); }
        if (!r.links.empty() && r.links[row*LINKS + PLAIN] != NO_ROW) { diverge(job, k); }
        if (!chosen[k]) { continue; }
        const Streams streams = { linked(r, row, TOWARD), linked(r, row, AGAINST) };
        double norm = log_sum_exp(logits, n_vocab);
        for (const float * stream : { streams.toward, streams.against }) {
            if (stream && !std::isfinite(log_sum_exp(stream, n_vocab))) { norm = NAN; }
        }
        // one answer that cannot go on must not end those beside it
        out.sampled[k] = std::isfinite(norm) ? chosen[k]->sample(logits, streams) : -1;
        if (out.sampled[k] < 0) {
            out.logprobs[k] = std::isfinite(norm) ? -INFINITY : NAN;
            continue;
        }
        out.logprobs[k] = (float) (logits[out.sampled[k]] - norm);
        const int top = std::min(chosen[k]->top, n_vocab);
        if (top == 0) { continue; }
        order.resize(n_vocab);
        std::iota(order.begin(), order.end(), 0);
        std::partial_sort(order.begin(), order.begin() + top, order.end(), [&](int a, int b) { return logits[a] > logits[b] || (logits[a] == logits[b] && a < b); });
        for (int t = 0; t < top; ++t) {
            out.top_tokens[k*out.top_count + t]   = order[t];
            out.top_logprobs[k*out.top_count + t] = (float) (logits[order[t]] - norm);
        }
    }
}
