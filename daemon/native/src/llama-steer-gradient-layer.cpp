#include "llama-steer-gradient-layer.h"

namespace {

constexpr float GELU_C = 0.7978845608f; // √(2/π)

struct builder {
    ggml_context * ctx;
    const llama_steer_dense & model;
    const llama_steer_dense_layer & l;
    llama_steer_layer_graph & g;
    llama_steer_transposed * transposed;
    const std::set<int> & shifted;
    int64_t T;

    ggml_tensor * input(ggml_type type, int64_t a, int64_t b) {
        auto * t = ggml_new_tensor_2d(ctx, type, a, b);
        ggml_set_input(t);
        return t;
    }
    // the value at a place, with what is added there
    ggml_tensor * at(int site, ggml_tensor * x) {
        if (shifted.count(site)) {
            auto * s = g.shifts[site] = input(GGML_TYPE_F32, x->ne[0], x->ne[1]);
            x = ggml_add(ctx, x, s);
        }
        return g.values[site] = x;
    }
    ggml_tensor * back(int site, ggml_tensor * dx) { return g.gradients[site] = dx; }

    // x − mean(x), of each row: the norm of such a row by its mean square is LayerNorm. It is its own transpose
    ggml_tensor * centred(ggml_tensor * x) { return model.centred ? ggml_sub(ctx, x, ggml_mean(ctx, x)) : x; }
    ggml_tensor * norm(ggml_tensor * x, ggml_tensor * w) { return ggml_mul(ctx, ggml_rms_norm(ctx, centred(x), model.eps), w); }
    ggml_tensor * norm_back(ggml_tensor * dy, ggml_tensor * x, ggml_tensor * w) {
        return centred(ggml_rms_norm_back(ctx, ggml_mul(ctx, dy, w), centred(x), model.eps));
    }
    ggml_tensor * biased(ggml_tensor * x, ggml_tensor * b) { return b ? ggml_add(ctx, x, b) : x; }
    ggml_tensor * linear(ggml_tensor * w, ggml_tensor * b, ggml_tensor * x) { return biased(ggml_mul_mat(ctx, w, x), b); }
    ggml_tensor * linear_back(ggml_tensor * w, ggml_tensor * dy) { return ggml_mul_mat(ctx, transposed->of(w), dy); }

    // [a, b, c] → [b, a, c]
    ggml_tensor * turned(ggml_tensor * x) { return ggml_cont(ctx, ggml_transpose(ctx, x)); }
    // [dh, H, T] ↔ [dh, T, H]
    ggml_tensor * swapped(ggml_tensor * x) { return ggml_cont(ctx, ggml_permute(ctx, x, 0, 2, 1, 3)); }
    // rows [from, from + n) of each token's vector
    ggml_tensor * part(ggml_tensor * x, int64_t from, int64_t n) {
        return ggml_cont(ctx, ggml_view_2d(ctx, x, n, x->ne[1], x->nb[1], from*ggml_element_size(x)));
    }

    ggml_tensor * rope(ggml_tensor * x) {
        return ggml_rope_ext(ctx, x, g.positions, l.rope_factors, l.n_rot, model.rope_type, model.n_ctx_orig, l.freq_base, l.freq_scale, model.ext_factor, model.attn_factor, model.beta_fast, model.beta_slow);
    }
    ggml_tensor * rope_back(ggml_tensor * x) {
        return ggml_rope_ext_back(ctx, x, g.positions, l.rope_factors, l.n_rot, model.rope_type, model.n_ctx_orig, l.freq_base, l.freq_scale, model.ext_factor, model.attn_factor, model.beta_fast, model.beta_slow);
    }

    // tanh((√(2/π))·(x + 0.044715·x³)), of which GELU is ½·x·(1 + t). Not ggml_gelu, whose table of float16 has no derivative
    ggml_tensor * gelu_tanh(ggml_tensor * x) {
        const float c = GELU_C;
        return ggml_tanh(ctx, ggml_mul(ctx, x, ggml_scale_bias(ctx, ggml_sqr(ctx, x), c*0.044715f, c)));
    }
    ggml_tensor * activation(ggml_tensor * x) {
        return model.gelu ? ggml_mul(ctx, x, ggml_scale_bias(ctx, gelu_tanh(x), 0.5f, 0.5f)) : ggml_silu(ctx, x);
    }
    ggml_tensor * activation_back(ggml_tensor * dy, ggml_tensor * x) {
        if (!model.gelu) { return ggml_silu_back(ctx, dy, x); }
        const float c = GELU_C;
        auto * t = gelu_tanh(x);
        auto * inner = ggml_scale_bias(ctx, ggml_sqr(ctx, x), 3*c*0.044715f, c);             // d/dx of what tanh is taken of
        auto * slope = ggml_mul(ctx, ggml_mul(ctx, x, inner), ggml_scale_bias(ctx, ggml_sqr(ctx, t), -0.5f, 0.5f));
        return ggml_mul(ctx, dy, ggml_add(ctx, slope, ggml_scale_bias(ctx, t, 0.5f, 0.5f)));
    }

    void build() {
        const int64_t d = model.n_embd, H = l.n_head, G = l.n_head_kv, dh = l.head_dim, f = l.n_ff;
        g.x         = input(GGML_TYPE_F32, d, T);
        g.positions = ggml_new_tensor_1d(ctx, GGML_TYPE_I32, T);
        ggml_set_input(g.positions);
        g.mask      = input(GGML_TYPE_F32, T, T);

        auto * a = norm(g.x, l.attn_norm);
        ggml_tensor * q, * k, * v;
        if (l.wqkv) {
            auto * all = linear(l.wqkv, l.bqkv, a);
            q = part(all, 0, H*dh);
            k = part(all, H*dh, G*dh);
            v = part(all, (H + G)*dh, G*dh);
        } else {
            q = linear(l.wq, l.bq, a);
            k = linear(l.wk, l.bk, a);
            v = linear(l.wv, l.bv, a);
        }
        auto * q0 = ggml_reshape_3d(ctx, q, dh, H, T);
        auto * k0 = ggml_reshape_3d(ctx, k, dh, G, T);
        auto * qs = swapped(rope(l.q_norm ? norm(q0, l.q_norm) : q0));                         // [dh, T, H]
        auto * ks = swapped(rope(l.k_norm ? norm(k0, l.k_norm) : k0));                         // [dh, T, G]
        auto * vs = swapped(ggml_reshape_3d(ctx, v, dh, G, T));                                // [dh, T, G]
        const float cap = model.attn_softcap;
        auto * kq = ggml_mul_mat(ctx, ks, qs);                                                 // [T keys, T, H]
        auto * capped = cap > 0 ? ggml_tanh(ctx, ggml_scale(ctx, kq, l.attn_scale/cap)) : nullptr;
        auto * p  = capped ? ggml_soft_max_ext(ctx, ggml_scale(ctx, capped, cap), g.mask, 1, 0) : ggml_soft_max_ext(ctx, kq, g.mask, l.attn_scale, 0);
        auto * o  = ggml_mul_mat(ctx, turned(vs), p);                                          // [dh, T, H]
        auto * z  = at(STEER_ATTN_HEADS, ggml_reshape_2d(ctx, swapped(o), dh*H, T));
        auto * attn = at(STEER_ATTN_OUT, linear(l.wo, l.bo, z));
        auto * attn_add = at(STEER_ATTN_ADD, l.attn_post_norm ? norm(attn, l.attn_post_norm) : attn);
        auto * r  = ggml_add(ctx, g.x, attn_add);

        auto * m = model.parallel ? a : norm(r, l.ffn_norm);
        ggml_tensor * gate, * up;
        if (l.gate) {
            gate = linear(l.gate, l.gate_b, m);
            up   = linear(l.up, l.up_b, m);
        } else { // one matrix for both, the gate first
            auto * both = linear(l.up, l.up_b, m);
            gate = part(both, 0, f);
            up   = part(both, f, f);
        }
        gate = at(STEER_MLP_GATE, gate);
        up   = at(STEER_MLP_UP, up);
        auto * act = at(STEER_MLP_ACT, activation(gate));
        auto * mid = at(STEER_MLP_MID, ggml_mul(ctx, act, up));
        auto * mlp = at(STEER_MLP_OUT, linear(l.down, l.down_b, mid));
        auto * mlp_add = at(STEER_MLP_ADD, l.ffn_post_norm ? norm(mlp, l.ffn_post_norm) : mlp);
        g.y = at(STEER_RESID, ggml_add(ctx, r, mlp_add));
        if (!transposed) { return; }

        auto * dy = g.dy = input(GGML_TYPE_F32, d, T);
        back(STEER_RESID, dy);
        auto * dmlp = back(STEER_MLP_OUT, l.ffn_post_norm ? norm_back(back(STEER_MLP_ADD, dy), mlp, l.ffn_post_norm) : back(STEER_MLP_ADD, dy));
        auto * dmid = back(STEER_MLP_MID, linear_back(l.down, dmlp));
        auto * dact = back(STEER_MLP_ACT, ggml_mul(ctx, dmid, up));
        auto * dup  = back(STEER_MLP_UP, ggml_mul(ctx, dmid, act));
        auto * dgate = back(STEER_MLP_GATE, activation_back(dact, gate));
        auto * dm = l.gate ? ggml_add(ctx, linear_back(l.gate, dgate), linear_back(l.up, dup)) : linear_back(l.up, ggml_concat(ctx, dgate, dup, 0));
        auto * dr = back(STEER_ATTN_ADD, model.parallel ? dy : ggml_add(ctx, dy, norm_back(dm, r, l.ffn_norm)));

        auto * dattn = back(STEER_ATTN_OUT, l.attn_post_norm ? norm_back(dr, attn, l.attn_post_norm) : dr);
        auto * dz = back(STEER_ATTN_HEADS, linear_back(l.wo, dattn));
        auto * dout = swapped(ggml_reshape_3d(ctx, dz, dh, H, T));                             // [dh, T, H]
        auto * dp = ggml_mul_mat(ctx, vs, dout);                                               // [T keys, T, H]
        auto * ds = ggml_soft_max_ext_back(ctx, dp, p, capped ? 1 : l.attn_scale, 0);
        if (capped) { ds = ggml_mul(ctx, ds, ggml_scale_bias(ctx, ggml_sqr(ctx, capped), -l.attn_scale, l.attn_scale)); }
        auto * dq = ggml_mul_mat(ctx, turned(ks), ds);                                         // [dh, T, H]
        auto * dk = grouped(ggml_mul_mat(ctx, turned(qs), turned(ds)));                        // [dh, T, G]
        auto * dv = grouped(ggml_mul_mat(ctx, turned(dout), turned(p)));
        auto * dq0 = rope_back(swapped(dq));                                                   // [dh, H, T]
        auto * dk0 = rope_back(swapped(dk));
        if (l.q_norm) { dq0 = norm_back(dq0, q0, l.q_norm); }
        if (l.k_norm) { dk0 = norm_back(dk0, k0, l.k_norm); }
        auto * dqf = ggml_reshape_2d(ctx, dq0, dh*H, T);
        auto * dkf = ggml_reshape_2d(ctx, dk0, dh*G, T);
        auto * dvf = ggml_reshape_2d(ctx, swapped(dv), dh*G, T);
        ggml_tensor * da;
        if (l.wqkv) {
            da = linear_back(l.wqkv, ggml_concat(ctx, ggml_concat(ctx, dqf, dkf, 0), dvf, 0));
        } else {
            da = ggml_add(ctx, linear_back(l.wq, dqf), ggml_add(ctx, linear_back(l.wk, dkf), linear_back(l.wv, dvf)));
        }
        if (model.parallel) { da = ggml_add(ctx, da, dm); }
        g.dx = ggml_add(ctx, dr, norm_back(da, g.x, l.attn_norm));
    }

    // sums over the query heads that share a key/value head: [dh, T, H] → [dh, T, G]
    ggml_tensor * grouped(ggml_tensor * x) {
        const int64_t G = l.n_head_kv, n = l.n_head/G;
        if (n == 1) { return x; }
        auto * each = ggml_reshape_4d(ctx, x, x->ne[0], x->ne[1], n, G);
        auto * sum  = ggml_repeat_back(ctx, each, ggml_new_tensor_4d(ctx, GGML_TYPE_F32, x->ne[0], x->ne[1], 1, G));
        return ggml_reshape_3d(ctx, sum, x->ne[0], x->ne[1], G);
    }
};

}

void llama_steer_layer_graph::build(ggml_context * ctx, const llama_steer_dense & model, int layer, int n_tokens, llama_steer_transposed * transposed,
                                    const std::set<int> & shifted, const std::set<int> & kept, const std::set<int> & differentiated) {
    builder b { ctx, model, model.layers[layer], *this, transposed, shifted, n_tokens };
    b.build();
    graph = ggml_new_graph_custom(ctx, 1024, false);
    auto want = [&](ggml_tensor * t) {
        if (!t || t->flags & GGML_TENSOR_FLAG_INPUT) { return; }
        ggml_set_output(t);
        if (t->view_src) { ggml_set_output(t->view_src); }
        ggml_build_forward_expand(graph, t);
    };
    for (int site : kept) { if (values.count(site)) { want(values.at(site)); } }
    if (!transposed) { want(y); }
    for (int site : differentiated) { if (gradients.count(site)) { want(gradients.at(site)); } }
    want(dx);
}
