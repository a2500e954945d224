// Where each sequence has a KV stream of its own, llama.cpp computes sequences with consecutive ids together and cuts a batch where
// an id is missing: each part then reads all of the model's weights. Between answers that end at different times ids are missing
// all the time. So an idle sequence between two active ones gets a row that nobody reads, and its cell is free again after the decode.

#include "context.h"

#include <algorithm>

// A row costs little beside another pass over the weights, but not nothing.
static const int WIDEST_GAP = 4;

// The rows of a request, with bridges where they help. Only steps of one row per sequence are cut by missing ids alone.
Batch Context::batch_of(const Request & r) const {
    Batch batch;
    bool single = streams;
    for (size_t i = 1; i < r.sequences.size(); ++i) { single = single && r.sequences[i] > r.sequences[i - 1]; }
    for (size_t i = 0; i < r.tokens.size(); ++i) {
        if (single && i > 0) { bridge(r, r.sequences[i - 1], r.sequences[i], batch); }
        batch.place.push_back((int32_t) batch.tokens.size());
        batch.tokens.push_back(r.tokens[i]);
        batch.positions.push_back(r.positions[i]);
        batch.sequences.push_back(r.sequences[i]);
        batch.outputs.push_back(r.outputs[i] != 0);
    }
    return batch;
}

void Context::bridge(const Request & r, int left, int right, Batch & batch) const {
    if (right - left - 1 > WIDEST_GAP || (int) (batch.tokens.size() + r.tokens.size()) + WIDEST_GAP > n_batch) { return; }
    auto * memory = llama_get_memory(ctx);
    for (int seq = left + 1; seq < right; ++seq) {
        if (llama_memory_seq_pos_max(memory, seq) + 1 >= (int) llama_n_ctx_seq(ctx)) { return; } // full
    }
    for (int seq = left + 1; seq < right; ++seq) {
        const llama_pos pos = llama_memory_seq_pos_max(memory, seq) + 1;
        batch.tokens.push_back(r.tokens[0]);
        batch.positions.push_back(pos);
        batch.sequences.push_back(seq);
        batch.outputs.push_back(0);
        batch.bridges.push_back({ seq, pos });
    }
}

// Bridges are steered as the first row is, so that a batch of one profile stays one; what their sequences were bound to comes back.
void Context::lend(const Request & r, const Batch & batch, std::vector<llama_steer::ranges> & kept) {
    for (const auto & [seq, pos] : batch.bridges) {
        kept.push_back(steer->exchange(seq, { { pos, steer->profile_at(r.sequences[0], r.positions[0]) } }));
    }
}

void Context::give_back(const Batch & batch, std::vector<llama_steer::ranges> & kept) {
    for (size_t i = 0; i < batch.bridges.size(); ++i) {
        const auto & [seq, pos] = batch.bridges[i];
        llama_memory_seq_rm(llama_get_memory(ctx), seq, pos, pos + 1);
        steer->exchange(seq, std::move(kept[i]));
    }
}
