#pragma once

#include "llama.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

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
