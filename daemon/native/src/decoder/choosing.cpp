// Samplers, and what is chosen from the rows that were decoded.

#include "decoder.h"
#include "logits.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

const float * Decoder::logits_of(int32_t row) const {
    const float * logits = llama_get_logits_ith(ctx, place[row]);
    if (!logits) { throw std::runtime_error("no logits for row " + std::to_string(row)); }
    return logits;
}

// null: the row's own
const float * Decoder::linked(const Request & r, int row, Link link) const {
    const int32_t to = r.links.empty() ? NO_ROW : r.links[row*LINKS + link];
    return to < 0 ? nullptr : logits_of(to);
}

static const float * readings_of(const Outcome & out, const Request & r, int row) {
    return out.probes.empty() ? nullptr : &out.probes[row*(out.probes.size()/r.tokens.size())];
}

Sampler * Decoder::sampler_of(int32_t id) const {
    const auto it = samplers.find(id);
    return it == samplers.end() ? nullptr : it->second.get();
}

// How far what is written lies from the plain model at this token: before grammar, biases, temperature and truncation.
void Decoder::diverge(Job & job, size_t k) {
    const auto & r = job.request;
    auto & out = job.outcome;
    const int row = out.rows[k];
    const float * own = logits_of(row), * plain = linked(r, row, PLAIN);
    const auto * sampler = sampler_of(r.samplers[row]);
    scores.assign(own, own + n_vocab);
    if (sampler) { sampler->apply_rules(own, { linked(r, row, TOWARD), linked(r, row, AGAINST) }, readings_of(out, r, row), scores); }
    out.divergences.resize(out.rows.size(), NAN);
    out.divergences[k] = divergence(scores.data(), plain ? plain : own, n_vocab);
}

// norm: of the row's log-softmax; the `top` largest, of equal ones the first
void Decoder::log_probabilities(Outcome & out, size_t k, double norm, int top) {
    const float * logits = logits_of(out.rows[k]);
    out.logprobs[k] = (float) (logits[out.sampled[k]] - norm);
    top = std::min(top, n_vocab);
    if (top == 0) { return; }
    order.resize(n_vocab);
    std::iota(order.begin(), order.end(), 0);
    std::partial_sort(order.begin(), order.begin() + top, order.end(), [&](int a, int b) { return logits[a] > logits[b] || (logits[a] == logits[b] && a < b); });
    for (int t = 0; t < top; ++t) {
        out.top_tokens[k*out.top_count + t]   = order[t];
        out.top_logprobs[k*out.top_count + t] = (float) (logits[order[t]] - norm);
    }
}

void Decoder::sample_rows(Job & job) {
    const auto & r = job.request;
    auto & out = job.outcome;
    std::lock_guard<std::mutex> lock(choosing);
    for (int row : out.rows) {
        if (const auto * sampler = sampler_of(r.samplers[row])) { out.top_count = std::max(out.top_count, sampler->top); }
    }
    const size_t count = out.rows.size();
    out.sampled.assign(count, -1);
    out.logprobs.assign(count, 0.0f);
    out.top_tokens.assign(count*out.top_count, -1);
    out.top_logprobs.assign(count*out.top_count, 0.0f);
    for (size_t k = 0; k < count; ++k) {
        const int row = out.rows[k];
        const float * logits = logits_of(row);
        if (r.outputs[row] == 2) { out.logits.insert(out.logits.end(), logits, logits + n_vocab); }
        if (!r.links.empty() && r.links[row*LINKS + PLAIN] != NO_ROW) { diverge(job, k); }
        auto * sampler = sampler_of(r.samplers[row]);
        if (!sampler) { continue; }
        const Streams streams = { linked(r, row, TOWARD), linked(r, row, AGAINST) };
        double norm = log_sum_exp(logits, n_vocab);
        for (const float * stream : { streams.toward, streams.against }) {
            if (stream && !std::isfinite(log_sum_exp(stream, n_vocab))) { norm = NAN; }
        }
        // one answer that cannot go on must not end those beside it
        out.sampled[k] = std::isfinite(norm) ? sampler->sample(logits, streams, readings_of(out, r, row)) : -1;
        if (out.sampled[k] >= 0) {
            log_probabilities(out, k, norm, sampler->top);
        } else {
            out.logprobs[k] = std::isfinite(norm) ? -INFINITY : NAN;
        }
    }
}

int32_t Decoder::create_sampler(const SamplerSettings & wanted) {
    require_open();
    auto sampler = std::make_unique<Sampler>(model, wanted);
    std::lock_guard<std::mutex> lock(choosing);
    samplers[next_sampler] = std::move(sampler);
    return next_sampler++;
}

int32_t Decoder::fork_sampler(int32_t source, uint32_t seed) {
    std::lock_guard<std::mutex> lock(choosing);
    const auto * from = sampler_of(source);
    if (!from) { throw std::runtime_error("no such sampler"); }
    samplers[next_sampler] = std::make_unique<Sampler>(*from, seed);
    return next_sampler++;
}

void Decoder::accept_tokens(int32_t id, const std::vector<int32_t> & tokens) {
    for (int32_t token : tokens) {
        if (token < 0 || token >= n_vocab) { throw std::runtime_error("token is not in the vocabulary"); }
    }
    std::lock_guard<std::mutex> lock(choosing);
    auto * sampler = sampler_of(id);
    if (!sampler) { throw std::runtime_error("no such sampler"); }
    for (int32_t token : tokens) { sampler->accept(token); }
}

void Decoder::place_readings(int32_t id, std::vector<int32_t> places) {
    std::lock_guard<std::mutex> lock(choosing);
    auto * sampler = sampler_of(id);
    if (!sampler || !sampler->tilt || sampler->tilt->places.size() != places.size()) { throw std::runtime_error("this sampler takes no such readings"); }
    sampler->tilt->places = std::move(places);
}

void Decoder::free_sampler(int32_t id) {
    std::lock_guard<std::mutex> lock(choosing);
    samplers.erase(id);
}
