#pragma once

// Gradients of a loss with respect to what is added at the places of llama-steer.h, for one sequence. A forward pass of its own,
// without cache and flash attention, and a hand-written reverse of each layer: ggml's own backward has no path through several of
// these operators. Compiled into libllama. Thread-safe towards contexts of the model, of which it only reads the weights.

#include "llama-steer.h"

#include <atomic>

struct llama_steer_gradient_request {
    // loss += weight · −log p(token | what stands up to position)
    struct token_term { int position; llama_token token; float weight; };
    // loss += weight · mean((x − values)²) of `rows` positions from `from` on; site resid or final
    struct state_term { int site, layer, from, rows; float weight; std::vector<float> values; };
    // x += values at `rows` positions from `from` on
    struct added { int site, layer, from, rows; std::vector<float> values; };
    enum kind { GRADIENT, VALUE, PRODUCT }; // d(loss)/d(x), x with what was added, and their product
    struct wanted { int site, layer; kind what; };

    int                      n_threads = 0; // that compute it; 0: as many as it was made with
    std::vector<llama_token> tokens;      // T
    // [rows × d], in the place of the embeddings of the tokens from `embeddings_from` on
    std::vector<float>       embeddings;
    int                      embeddings_from = 0;
    std::vector<token_term>  token_terms;
    std::vector<state_term>  state_terms;
    std::vector<added>       shifts;
    std::vector<wanted>      wants;
};

struct llama_steer_gradient_result {
    double loss = 0;
    std::vector<float> logprobs;               // of each token term
    std::vector<std::vector<float>> wanted;    // [T × n] each
    double forward_micros = 0, backward_micros = 0;
};

struct LLAMA_API llama_steer_gradient {
    // throws std::runtime_error naming what this model has that is not differentiated
    // n_ctx_rope: the context size whose rope factors hold; keep: transposed weights stay in memory between requests
    llama_steer_gradient(const llama_model & model, uint32_t n_ctx_rope, int n_threads, bool keep);
    ~llama_steer_gradient();
    llama_steer_gradient(const llama_steer_gradient &) = delete;

    // bytes that a request takes beside the model, at most
    size_t estimate(const llama_steer_gradient_request & request) const;
    // bytes of transposed weights: all of them where they are kept, else of the largest layer
    size_t weights(bool keep) const;
    // throws std::runtime_error; also where `cancelled` became true
    llama_steer_gradient_result run(const llama_steer_gradient_request & request, const std::atomic<bool> & cancelled);

private:
    struct state;
    std::unique_ptr<state> s;
};
