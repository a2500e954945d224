// What a dense model is made of, read from its tensors and parameters; what is not differentiated is refused by name.

#include "llama-steer-gradient-layer.h"

#include "llama-context.h"
#include "llama-model.h"

#include <cmath>
#include <stdexcept>

llama_steer_dense llama_steer_dense_of(const llama_model & model, uint32_t n_ctx_rope) {
    const auto & h = model.hparams;
    const std::string name = model.arch_name();
    auto refuse = [&](const std::string & what) { throw std::runtime_error("gradients are not offered for " + what); };
    switch (model.arch) {
        case LLM_ARCH_LLAMA: case LLM_ARCH_QWEN2: case LLM_ARCH_QWEN3: case LLM_ARCH_GEMMA2: case LLM_ARCH_GEMMA3: case LLM_ARCH_PHI3: case LLM_ARCH_COMMAND_R: break;
        default: refuse("the architecture '" + name + "': they are for llama, mistral, qwen2, qwen3, gemma2, gemma3, phi3 and command-r");
    }
    if (h.n_expert > 0)                         { refuse("a mixture of experts"); }
    if (h.use_kq_norm || h.f_clamp_kqv > 0.0f)  { refuse("models whose queries and keys are clamped or normed without weights"); }
    if (h.swa_type != LLAMA_SWA_TYPE_NONE && h.swa_type != LLAMA_SWA_TYPE_STANDARD) { refuse("this kind of sliding window"); }

    // a context knows the rope parameters that llama.cpp makes of the file
    llama_context_params params = llama_context_default_params();
    params.n_ctx = params.n_batch = params.n_ubatch = 16;
    params.n_threads = params.n_threads_batch = 1;
    std::unique_ptr<llama_context, void (*)(llama_context *)> ctx(llama_init_from_model(const_cast<llama_model *>(&model), params), llama_free);
    if (!ctx) { throw std::runtime_error("there is too little memory for a context to ask for the model's rotary embedding"); }
    llama_cparams c = ctx->get_cparams();
    c.n_ctx_rope = n_ctx_rope;

    llama_steer_dense out = {};
    out.tok_embd = model.tok_embd;
    out.output_norm = model.output_norm;
    out.output   = model.output;
    out.output_b = model.output_b;
    out.n_embd   = (int) h.n_embd;
    out.n_vocab  = (int) model.output->ne[1];
    out.rope_type  = h.rope_type;
    out.n_ctx_orig = (int) c.n_ctx_orig_yarn;
    out.parallel    = out.centred = model.arch == LLM_ARCH_COMMAND_R;
    out.eps         = out.centred ? h.f_norm_eps : h.f_norm_rms_eps;
    out.attn_softcap = h.attn_soft_cap ? h.f_attn_logit_softcapping : 0.0f;
    out.logit_scale  = out.centred && h.f_logit_scale != 0.0f ? h.f_logit_scale : 1.0f;
    out.ext_factor  = c.yarn_ext_factor;
    out.attn_factor = c.yarn_attn_factor;
    out.beta_fast   = c.yarn_beta_fast;
    out.beta_slow   = c.yarn_beta_slow;
    const bool gemma = model.arch == LLM_ARCH_GEMMA2 || model.arch == LLM_ARCH_GEMMA3;
    out.embd_scale    = gemma ? std::sqrt((float) h.n_embd) : 1.0f;
    out.logit_softcap = gemma ? h.f_final_logit_softcapping : 0.0f;
    out.gelu          = gemma;
    if (model.output_s || model.output_norm_b) { refuse("models with scaled or shifted outputs"); }
    const bool factors = model.arch == LLM_ARCH_LLAMA || model.arch == LLM_ARCH_PHI3;

    for (uint32_t il = 0; il < h.n_layer(); ++il) {
        const auto & m = model.layers[il];
        if (!m.attn_norm || !m.wo || (!m.ffn_norm && !out.parallel) || !m.ffn_down || !m.ffn_up || (!m.wqkv && (!m.wq || !m.wk || !m.wv))) { refuse("models with layers that lack attention or an MLP"); }
        if (m.attn_norm_b || m.ffn_norm_b || m.wo_s || m.wq_s || m.wqkv_s || m.ffn_down_s || m.ffn_up_s || m.ffn_gate_s) { refuse("models with scaled weights or shifted norms"); }
        llama_steer_dense_layer l = {};
        l.attn_norm = m.attn_norm;
        l.wq = m.wq; l.wk = m.wk; l.wv = m.wv; l.wqkv = m.wqkv;
        l.bq = m.wq_b; l.bk = m.wk_b; l.bv = m.wv_b; l.bqkv = m.wqkv_b;
        if (m.wqkv && (m.wq_b || m.wk_b || m.wv_b)) { refuse("one attention matrix with three biases"); }
        if (out.centred && m.attn_q_norm) { refuse("command-r models whose queries and keys are normed"); }
        l.q_norm = m.attn_q_norm; l.k_norm = m.attn_k_norm;
        l.wo = m.wo; l.bo = m.wo_b; l.attn_post_norm = m.attn_post_norm;
        l.ffn_norm = m.ffn_norm; l.gate = m.ffn_gate; l.up = m.ffn_up; l.down = m.ffn_down;
        l.gate_b = m.ffn_gate_b; l.up_b = m.ffn_up_b; l.down_b = m.ffn_down_b; l.ffn_post_norm = m.ffn_post_norm;
        l.rope_factors = factors ? model.get_rope_factors(c, (int) il) : nullptr;
        l.n_head = (int) h.n_head(il); l.n_head_kv = (int) h.n_head_kv(il); l.head_dim = (int) h.n_embd_head_k(il);
        l.n_rot = (int) h.n_rot(il); l.n_ff = (int) h.n_ff(il);
        if ((int) h.n_embd_head_v(il) != l.head_dim) { refuse("models whose keys and values differ in width"); }
        l.freq_base  = gemma ? model.get_rope_freq_base (c, (int) il) : c.rope_freq_base;
        l.freq_scale = gemma ? model.get_rope_freq_scale(c, (int) il) : c.rope_freq_scale;
        const bool own = h.f_attention_scale != 0.0f && (gemma || model.arch == LLM_ARCH_LLAMA);
        l.attn_scale = own ? h.f_attention_scale : 1.0f/std::sqrt((float) l.head_dim);
        l.window = h.swa_type == LLAMA_SWA_TYPE_STANDARD && h.is_swa(il) ? (int) h.n_swa : 0;
        // the processor's other layouts belong to a device, its plain memory may not
        for (const auto * w : { l.wq, l.wk, l.wv, l.wqkv, l.wo, l.gate, l.up, l.down, l.attn_norm, out.output }) {
            if (!w || ggml_backend_buffer_is_host(w->buffer)) { continue; }
            auto * device = ggml_backend_buft_get_device(ggml_backend_buffer_get_type(w->buffer));
            if (!device || ggml_backend_dev_type(device) != GGML_BACKEND_DEVICE_TYPE_CPU) { throw std::runtime_error("gradients need the model's weights in the processor's memory: load it with gpuLayers 0"); }
        }
        out.layers.push_back(l);
    }
    if (!ggml_backend_buffer_is_host(out.tok_embd->buffer)) { throw std::runtime_error("gradients need the token embeddings in plain memory"); }
    return out;
}
