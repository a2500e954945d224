// Between two tokens of an answer lie two changes of thread and JavaScript: some 70 µs in which nothing would be computed. So the
// next decode begins before it is asked for, where it is known what it will be. Nothing shows of it: when the request comes and
// anything differs or was staged before it came, its rows are taken out of the cache and the decode runs as if it had not been. What
// is staged after the request is for the decodes after it and waits for the next one: sliders that are dragged cost no decode.

#include "clock.h"
#include "decoder.h"

#include <algorithm>

// Where a decode takes longer than this, what is won is nothing beside what an answer that ends otherwise would lose.
static const double WORTH_US = 50000;

std::optional<Request> Decoder::following(const Job & job) const {
    const auto & r = job.request;
    const auto & out = job.outcome;
    if (!r.ahead || !out.code.empty() || out.decode_us > WORTH_US || out.rows.size() != r.tokens.size()) { return std::nullopt; }
    for (const auto & p : steer->places()) {
        if (p.probes > 0 || p.tap) { return std::nullopt; }
    }
    const auto * vocab = llama_model_get_vocab(model);
    Request next;
    // further streams are fed what the answer is
    next.tokens = out.sampled;
    for (size_t i = 0; i < r.links.size(); ++i) {
        if (r.links[i] >= 0) { next.tokens[r.links[i]] = out.sampled[i/LINKS]; }
    }
    for (size_t i = 0; i < r.tokens.size(); ++i) {
        if (r.outputs[i] != 1 || next.tokens[i] < 0 || llama_vocab_is_eog(vocab, next.tokens[i])) { return std::nullopt; }
        next.positions.push_back(r.positions[i] + 1);
    }
    next.sequences = r.sequences;
    next.outputs   = r.outputs;
    next.links     = r.links;
    next.threads   = r.threads;
    return next;
}

void Decoder::run_ahead(Request request) {
    {
        std::lock_guard<std::mutex> lock(queue);
        if (closing || !staged.empty() || !jobs.empty()) { return; }
    }
    std::lock_guard<std::mutex> lock(context);
    const double start = now_us(), cpu = cpu_now_us();
    std::string message;
    steer->on_row = nullptr;
    const int rc = decode_rows(request, message);
    ahead = Ahead { std::move(request), now_us() - start, cpu_now_us() - cpu };
    if (rc != 0) { take_ahead({}, false); } // the request will meet the same failure and report it
}

// Whether the decode that was run ahead is this one. If not, or where something was staged before it was asked for, its rows leave the cache.
bool Decoder::take_ahead(const Request & r, bool unchanged) {
    if (!ahead) { return false; }
    const auto done = std::move(*ahead).request;
    ahead.reset();
    const bool same = unchanged && r.tokens == done.tokens && r.positions == done.positions && r.sequences == done.sequences && r.outputs == done.outputs && r.links == done.links && r.classes.empty()
        && std::none_of(r.capture.begin(), r.capture.end(), [](uint8_t c) { return c != 0; });
    if (same) { return true; }
    for (size_t i = 0; i < done.tokens.size(); ++i) {
        llama_memory_seq_rm(llama_get_memory(ctx), done.sequences[i], done.positions[i], done.positions[i] + 1);
    }
    return false;
}
