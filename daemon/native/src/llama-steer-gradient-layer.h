#pragma once

// One layer of a dense transformer as a ggml graph, forward and in reverse. Notation: d model width, f MLP width, T tokens, H query
// heads and G key/value heads of width dh. Tensors are named by ggml's order: [d, T] has the d values of a token contiguous.

#include "llama-steer-transposed.h"
#include "llama-steer.h"

// what a layer of a dense model consists of; tensors that it lacks are null
struct llama_steer_dense_layer {
    ggml_tensor * attn_norm, * wq, * wk, * wv, * wqkv, * bq, * bk, * bv, * bqkv, * q_norm, * k_norm, * wo, * bo, * attn_post_norm;
    ggml_tensor * ffn_norm, * gate, * up, * down, * gate_b, * up_b, * down_b, * ffn_post_norm;
    ggml_tensor * rope_factors;
    int   n_head, n_head_kv, head_dim, n_rot, n_ff;
    float freq_base, freq_scale, attn_scale;
    int   window; // positions that a token sees, 0: all before it
};

struct llama_steer_dense {
    std::vector<llama_steer_dense_layer> layers;
    ggml_tensor * tok_embd, * output_norm, * output, * output_b;
    int   n_embd, n_vocab, rope_type, n_ctx_orig;
    float eps, ext_factor, attn_factor, beta_fast, beta_slow, embd_scale, logit_softcap, logit_scale;
    float attn_softcap; // scores s become c·tanh(s/c); 0: they stay
    bool  gelu;         // tanh GELU; otherwise SiLU
    bool  centred;      // norms are of x − mean(x)
    bool  parallel;     // the MLP reads what attention reads, and both are added to the residual
};

// n_ctx_rope: the context size whose rope factors hold. Throws std::runtime_error naming what is not differentiated
llama_steer_dense llama_steer_dense_of(const llama_model & model, uint32_t n_ctx_rope);

// tensors of one built layer; null where they do not exist
struct llama_steer_layer_graph {
    ggml_tensor * x = nullptr, * positions = nullptr, * mask = nullptr, * dy = nullptr; // inputs: [d, T], [T], [T, T], [d, T]
    ggml_tensor * y = nullptr, * dx = nullptr;                                        // outputs: [d, T]
    std::map<int, ggml_tensor *> shifts, values, gradients;                           // by site, [n, T]
    ggml_cgraph * graph = nullptr;

    // transposed null: the forward pass alone. shifted: sites with something added. kept: sites whose value is wanted
    void build(ggml_context * ctx, const llama_steer_dense & model, int layer, int n_tokens, llama_steer_transposed * transposed,
               const std::set<int> & shifted, const std::set<int> & kept, const std::set<int> & differentiated);
};
