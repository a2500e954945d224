// Where each sequence has a KV stream of its own, llama.cpp computes sequences with consecutive ids together and cuts a batch where
// an id is missing: each part then reads all of the model's weights. Between answers that end at different times ids are missing
// all the time. So an idle sequence between two active ones gets a row that nobody reads, and its cell is free again after the decode.

#include "decoder.h"

#include <algorithm>
#include <map>

// A bridge is a row more to compute, and saves a pass over the weights. On two cores two passes of one row are faster than one of
// three; one bridge among seven rows saves more than it costs.
static const int ROWS_PER_BRIDGE = 4;
// All streams of a step attend over as many cells as the longest has, in steps of this many.
static const int CELLS = 256;

// The rows of a request, with bridges where they help: between answers, which have one row each. What several rows of a prompt
// are left with is computed after these, sequence by sequence.
Batch Decoder::batch_of(const Request & r) const {
    Batch batch;
    std::map<int, int> rows;
    bool ascending = true;
    int longest = 0;
    for (size_t i = 0; i < r.sequences.size(); ++i) {
        ascending = ascending && (i == 0 || r.sequences[i] >= r.sequences[i - 1]);
        longest = std::max(longest, r.positions[i] + 1);
        rows[r.sequences[i]] += 1;
    }
    const auto answers = std::count_if(rows.begin(), rows.end(), [](const auto & one) { return one.second == 1; });
    const int missing = rows.rbegin()->first - rows.begin()->first + 1 - (int) rows.size();
    const bool bridged = streams && ascending && answers > 1 && missing*ROWS_PER_BRIDGE <= (int) rows.size();
    const int cells = (longest + CELLS - 1)/CELLS*CELLS;
    for (size_t i = 0; i < r.tokens.size(); ++i) {
        if (bridged && i > 0) { bridge(r, { r.sequences[i - 1], r.sequences[i], cells }, batch); }
        batch.place.push_back((int32_t) batch.tokens.size());
        batch.tokens.push_back(r.tokens[i]);
        batch.positions.push_back(r.positions[i]);
        batch.sequences.push_back(r.sequences[i]);
        batch.outputs.push_back(r.outputs[i] != 0);
    }
    return batch;
}

void Decoder::bridge(const Request & r, const Gap & gap, Batch & batch) const {
    const int missing = gap.right - gap.left - 1;
    if (missing < 1 || (int) (r.tokens.size() + batch.bridges.size()) + missing > settings.n_batch) { return; }
    auto * memory = llama_get_memory(ctx);
    for (int seq = gap.left + 1; seq < gap.right; ++seq) {
        const int needed = llama_memory_seq_pos_max(memory, seq) + 2;
        // full, or so long that all would attend over more cells for it
        if (needed > (int) llama_n_ctx_seq(ctx) || needed > gap.cells) { return; }
    }
    for (int seq = gap.left + 1; seq < gap.right; ++seq) {
        const llama_pos pos = llama_memory_seq_pos_max(memory, seq) + 1;
        batch.tokens.push_back(r.tokens[0]);
        batch.positions.push_back(pos);
        batch.sequences.push_back(seq);
        batch.outputs.push_back(0);
        batch.bridges.push_back({ seq, pos });
    }
}

// Bridges are steered as the first row is, so that a batch of one profile stays one; what their sequences were bound to comes back.
void Decoder::lend(const Request & r, const Batch & batch, std::vector<llama_steer::ranges> & kept) {
    for (const auto & [seq, pos] : batch.bridges) {
        kept.push_back(steer->exchange(seq, { { pos, steer->profile_at(r.sequences[0], r.positions[0]) } }));
    }
}

void Decoder::give_back(const Batch & batch, std::vector<llama_steer::ranges> & kept) {
    for (size_t i = 0; i < batch.bridges.size(); ++i) {
        const auto & [seq, pos] = batch.bridges[i];
        llama_memory_seq_rm(llama_get_memory(ctx), seq, pos, pos + 1);
        steer->exchange(seq, std::move(kept[i]));
    }
}
