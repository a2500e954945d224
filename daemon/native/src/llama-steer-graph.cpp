// The graph side of steering: what a hook adds to the graph, the profile ids of its tokens, and reading tensors out again.

#include "llama-steer-tables.h"

#include "llama-graph.h"
#include "llama-batch.h"
#include "llama-model.h"

#include <cstring>
#include <stdexcept>

// A graph has one of two forms: where all tokens share a profile, every token gets one row by broadcasting, as with llama.cpp's own
// control vectors; where they do not, each looks its row up. The values are the same bit by bit. The row cannot be fixed when the
// graph is built, which is used again for other profiles. Both forms have the same nodes and leaves in the same order, so that
// both are laid out as memory was reserved for the largest batch: a layout made for a single token puts activations at odd
// multiples of 32 bytes, where every 64-byte load of a matrix product crosses a cache line (a tenth of a small model's decode).
// A layout lets results overwrite operands of the form that it was made for. In the shared form nodes that differ are therefore
// views of the tables and nothing else: whatever is written over their place, their values are not there.

// Profile ids are a graph input filled from (sequence, position), never from the order in the batch, which the cache changes.
class llm_graph_input_steer : public llm_graph_input_i {
public:
    llm_graph_input_steer(const llama_steer * steer, ggml_backend_sched_t sched, const llama_ubatch & ubatch, uint32_t n_outputs)
        : steer(steer), sched(sched), version(steer->topology), n_outputs(n_outputs), shared(steer->profile_of(ubatch) >= 0) {}

    void set_input(const llama_ubatch * ubatch) override {
        if (shared) {
            const int profile = steer->profile_of(*ubatch);
            // the ubatch before this one may still be reading the row
            if (profile != steer->shared) { ggml_backend_sched_synchronize(sched); }
            steer->share(profile);
        }
        const bool all = n_outputs == ubatch->n_tokens;
        int32_t * in   = data_of(ids);
        int32_t * out  = data_of(ids_out);
        int32_t * rows = data_of(arange);
        uint32_t o = 0;
        for (uint32_t i = 0; i < ubatch->n_tokens; ++i) {
            const int32_t profile = in || out ? steer->profile_at(ubatch->seq_id[i][0], ubatch->pos[i]) : 0;
            if (in)   { in[i]   = profile; }
            if (rows) { rows[i] = (int32_t) i; }
            if (out && (all || ubatch->output[i])) { out[o++] = profile; }
        }
    }

    bool can_reuse(const llm_graph_params & params) override {
        return params.steer == steer && version == steer->topology && n_outputs == params.n_outputs && shared == (steer->profile_of(params.ubatch) >= 0);
    }

    const llama_steer * steer;
    const ggml_backend_sched_t sched;
    const uint64_t version;
    const uint32_t n_outputs;
    const bool shared; // one profile for all tokens

    ggml_tensor * ids     = nullptr; // I32 [n_tokens]
    ggml_tensor * ids_out = nullptr; // I32 [n_outputs], for rows after the gather of the outputs
    ggml_tensor * arange  = nullptr; // I32 [n_tokens], keeps every row where a model would gather the outputs

private:
    static int32_t * data_of(ggml_tensor * t) {
        // an input that the graph turned out not to use was not allocated
        return t && t->buffer ? (int32_t *) t->data : nullptr;
    }
};

int llama_steer::profile_of(const llama_ubatch & ubatch) const {
    if (reserving) { return -1; }
    int first = -1;
    for (uint32_t i = 0; i < ubatch.n_tokens; ++i) {
        const int profile = profile_at(ubatch.seq_id[i][0], ubatch.pos[i]);
        if (i > 0 && profile != first) { return -1; }
        first = profile;
    }
    return first;
}

llm_graph_input_steer * llama_steer::input_of(const llm_graph_context & g) const {
    auto & state = g.res->steer;
    if (!state.input) {
        auto input = std::make_unique<llm_graph_input_steer>(this, g.sched, g.ubatch, (uint32_t) g.n_outputs);
        state.input = input.get();
        g.res->add_input(std::move(input));
    }
    return state.input;
}

static ggml_tensor * new_ids(const llm_graph_context & g, int64_t n, const char * name) {
    ggml_tensor * ids = ggml_new_tensor_1d(g.ctx0, GGML_TYPE_I32, n);
    ggml_set_input(ids);
    ggml_set_name(ids, name);
    return ids;
}

ggml_tensor * llama_steer::ids_for(const llm_graph_context & g, const ggml_tensor * x) const {
    auto * input = input_of(g);
    if (!input->ids) {
        // leaves of every form, also where one is not read: see above. Outputs, so that their place is not used again after the
        // last reader that the reserved layout had: in a later graph the other one may be read there
        input->ids     = new_ids(g, g.n_tokens,  "steer_ids");
        input->ids_out = new_ids(g, g.n_outputs, "steer_ids_out");
        ggml_set_output(input->ids);
        ggml_set_output(input->ids_out);
        ggml_build_forward_expand(g.gf, input->ids);
        ggml_build_forward_expand(g.gf, input->ids_out);
    }
    GGML_ASSERT(x->ne[1] == g.n_tokens || x->ne[1] == g.n_outputs);
    return x->ne[1] == g.n_tokens ? input->ids : input->ids_out;
}

// The row of each token of x: [n, tokens], or [n] for all of them.
ggml_tensor * llama_steer::row_for(const llm_graph_context & g, const ggml_tensor * x, ggml_tensor * table) const {
    ggml_tensor * ids = ids_for(g, x);
    if (!input_of(g)->shared) { return ggml_get_rows(g.ctx0, table, ids); }
    return ggml_view_1d(g.ctx0, table, table->ne[0], (size_t) shared_row()*table->nb[1]);
}

ggml_tensor * llama_steer::all_rows(const llm_graph_context & g) const {
    if (!keep_rows || structure.gather != llama_steer_structure::BEFORE_NORM) { return nullptr; }
    auto * input = input_of(g);
    if (!input->arange) { input->arange = new_ids(g, g.n_tokens, "steer_rows"); }
    return input->arange;
}

size_t llama_steer::max_nodes() const {
    // element-wise 4, bank 40, probe 2, tap 1, bounds here and at the down matrix 2, inputs and the late gather 8
    size_t nodes = 8;
    for (const auto & p : wanted) { nodes += 4 + (p.rank ? 40 : 0) + (p.probes ? 2 : 0) + (p.tap ? 1 : 0) + 2 + 4; }
    return nodes;
}

bool llama_steer::edits(int site, int layer) const {
    auto it = index.find({ site, layer });
    if (it == index.end()) { return false; }
    const auto & p = wanted[it->second];
    return p.scale || p.shift || p.rank > 0;
}

// How large an edited value may be so that everything after it stays finite. Beyond float32 itself this matters where a matrix
// is multiplied with the edited value directly: ggml converts it to float16 for float16 weights, and to blocks with a float16
// scale (largest value / 127) for quantised ones.
float llama_steer::bound(int site, int layer) const {
    const ggml_tensor * w = nullptr;
    switch (site) {
        case STEER_ATTN_HEADS: w = model.layers[layer].wo;       break;
        case STEER_MLP_MID:    w = model.layers[layer].ffn_down; break;
        case STEER_FINAL:      w = model.output;                 break;
        default: break;
    }
    if (!w || w->type == GGML_TYPE_F32 || w->type == GGML_TYPE_BF16) { return 1e15f; }
    return w->type == GGML_TYPE_F16 ? 6e4f : 8e6f;
}

// A value that is not finite reaches the KV cache, and there every sequence that shares the cache: attention adds the mask's −∞
// to it, which leaves NaN. So one client's absurd strength must not get that far. Exact for values inside the bound. A clamp of
// its own at every layer costs some percent of a small model's decode, so one that cannot be needed is left out.
ggml_tensor * llama_steer::bounded(const llm_graph_context & g, ggml_tensor * x, int site, int layer) const {
    const bool product = site == STEER_MLP_MID && (edits(STEER_MLP_GATE, layer) || edits(STEER_MLP_UP, layer) || edits(STEER_MLP_ACT, layer));
    auto it = index.find({ site, layer });
    const bool clamped = it != index.end() && (wanted[it->second].rank > 0 || nodes[it->second]->large);
    if (!product && !clamped) { return x; }
    const float limit = bound(site, layer);
    return ggml_clamp(g.ctx0, x, -limit, limit);
}

static void read_later(const llm_graph_context & g, size_t place, bool probe, ggml_tensor * t) {
    // flagged before it is expanded: kept from being freed, overwritten in place, or fused away
    ggml_set_output(t);
    if (t->view_src) { ggml_set_output(t->view_src); }
    ggml_build_forward_expand(g.gf, t);
    g.res->steer.readings.push_back({ place, probe, t });
}

// x += U·k(c), c = Vᵀx
ggml_tensor * llama_steer::apply_bank(const llm_graph_context & g, ggml_tensor * x, const llama_steer_place & p, const tables & t) const {
    ggml_context * ctx = g.ctx0;
    const int64_t R = p.rank;
    ggml_tensor * c   = ggml_mul_mat(ctx, t.v, x);          // [R, tokens]
    ggml_tensor * row = row_for(g, x, t.params);            // [6R, tokens] or [6R]
    auto kind = [&](int k) {
        ggml_tensor * part = ggml_view_2d(ctx, row, R, row->ne[1], row->nb[1], k*R*sizeof(float));
        return input_of(g)->shared ? ggml_view_1d(ctx, part, R, 0) : ggml_cont(ctx, part);
    };
    ggml_tensor * k = ggml_add(ctx, ggml_mul(ctx, c, kind(1)), kind(0));
    k = ggml_add(ctx, k, ggml_mul(ctx, ggml_relu(ctx, ggml_add(ctx, ggml_neg(ctx, c), kind(2))), kind(3)));
    k = ggml_sub(ctx, k, ggml_mul(ctx, ggml_relu(ctx, ggml_sub(ctx, c, kind(4))), kind(5)));
    ggml_tensor * y = ggml_add(ctx, x, ggml_mul_mat(ctx, t.ut, k));

    // norm-preserving: y · (1 + ρ(‖x‖/‖y‖ − 1)), ρ ∈ {0, 1} per profile
    ggml_tensor * before = ggml_sqrt(ctx, ggml_sum_rows(ctx, ggml_sqr(ctx, x)));
    ggml_tensor * after  = ggml_sqrt(ctx, ggml_sum_rows(ctx, ggml_sqr(ctx, y)));
    ggml_tensor * ratio  = ggml_scale_bias(ctx, ggml_div(ctx, before, ggml_scale_bias(ctx, after, 1.0f, 1e-30f)), 1.0f, -1.0f);
    ggml_tensor * factor = ggml_scale_bias(ctx, ggml_mul(ctx, ratio, row_for(g, x, t.rotate)), 1.0f, 1.0f);
    return ggml_mul(ctx, y, factor);
}

ggml_tensor * llama_steer::apply(const llm_graph_context & g, ggml_tensor * x, int site, int layer) const {
    seen[{ site, layer }] = (int) x->ne[0];
    if (learning()) { passed(x, site, layer); }
    return index.empty() ? x : bounded(g, edited(g, x, site, layer), site, layer);
}

ggml_tensor * llama_steer::edited(const llm_graph_context & g, ggml_tensor * x, int site, int layer) const {
    auto it = index.find({ site, layer });
    if (it == index.end()) { return x; }
    const auto & p = wanted[it->second];
    const auto & t = *nodes[it->second];
    GGML_ASSERT(x->ne[0] == t.width && x->ne[2] == 1 && x->ne[3] == 1);

    if (p.tap) {
        if (!ggml_is_contiguous(x)) { x = ggml_cont(g.ctx0, x); }
        read_later(g, it->second, false, x);
    }
    if (t.w) { read_later(g, it->second, true, ggml_mul_mat(g.ctx0, t.w, x)); }
    if (!t.scale && !t.shift && !t.v) { return x; }

    if (t.scale) { x = ggml_mul(g.ctx0, x, row_for(g, x, t.scale)); }
    if (t.shift) { x = ggml_add(g.ctx0, x, row_for(g, x, t.shift)); }
    if (t.v) {
        if (!ggml_is_contiguous(x)) { x = ggml_cont(g.ctx0, x); }
        x = apply_bank(g, x, p, t);
    }
    g.cb(x, "steered", layer);
    return x;
}

ggml_tensor * llama_steer::apply_weight(const llm_graph_context & g, ggml_tensor * x, const ggml_tensor * weight, int site) const {
    const int layer = layer_of(weight);
    return layer < 0 || x->ne[2] != 1 ? x : apply(g, x, site, layer);
}

ggml_tensor * llama_steer::apply_out(const llm_graph_context & g, ggml_tensor * x, const ggml_tensor * weight, int out, int add) const {
    const int layer = layer_of(weight);
    if (layer < 0 || x->ne[2] != 1) { return x; }
    x = apply(g, x, out, layer);
    return structure.direct.count({ add, layer }) ? apply(g, x, add, layer) : x;
}

ggml_tensor * llama_steer::apply_resid(const llm_graph_context & g, ggml_tensor * x, int layer) const {
    g.res->steer.deepest = layer;
    if (learning()) { learn_layer(x, layer); }
    return x->ne[2] != 1 ? x : apply(g, x, STEER_RESID, layer);
}

// Loops norm between their passes by the same weight, and models without one norm elsewhere, too: only what follows the last block
// is the final norm.
bool llama_steer::is_final(const llm_graph_context & g, const ggml_tensor * weight, int il) const {
    if (weight != model.output_norm || il >= 0) { return false; }
    return weight || g.res->steer.deepest == (int) model.hparams.n_layer() - 1;
}

ggml_tensor * llama_steer::apply_norm(const llm_graph_context & g, ggml_tensor * x, const ggml_tensor * weight, int il) const {
    if (x->ne[2] != 1) { return x; }
    const bool final = is_final(g, weight, il);
    if (learning()) { learn_norm(g, x, weight, final); }
    if (!final) {
        const auto it = structure.norms.find(weight);
        return it == structure.norms.end() ? x : apply(g, x, it->second.first, it->second.second);
    }
    x = apply(g, x, STEER_FINAL, 0);
    if (all_rows(g)) {
        // rows were kept so far: now only the outputs go on to the LM head
        auto gather = std::make_unique<llm_graph_input_out_ids>(g.hparams, g.cparams, (uint32_t) g.n_outputs);
        gather->out_ids = new_ids(g, g.n_outputs, "out_ids");
        x = ggml_get_rows(g.ctx0, x, gather->out_ids);
        g.res->add_input(std::move(gather));
    }
    return x;
}

void llama_steer::collect(const llm_graph_result & res, const llama_ubatch & ubatch, ggml_backend_sched_t sched) const {
    if (!on_row || !row_of || res.steer.readings.empty()) { return; }
    std::vector<int> rows(ubatch.n_tokens);
    bool any = false;
    for (uint32_t i = 0; i < ubatch.n_tokens; ++i) {
        rows[i] = row_of(ubatch.seq_id[i][0], ubatch.pos[i]);
        any = any || rows[i] >= 0;
    }
    if (!any) { return; }
    ggml_backend_sched_synchronize(sched);
    std::vector<float> scratch;
    for (const auto & reading : res.steer.readings) {
        if (!reading.probe && !want_taps) { continue; }
        const ggml_tensor * t = reading.tensor;
        if (t->ne[1] != (int64_t) ubatch.n_tokens) { throw std::runtime_error("a place that is read has rows for some tokens only"); }
        auto * buffer = t->view_src ? t->view_src->buffer : t->buffer;
        const float * data = (const float *) t->data;
        if (!buffer || !ggml_backend_buffer_is_host(buffer)) {
            scratch.resize(ggml_nelements(t));
            ggml_backend_tensor_get(t, scratch.data(), 0, ggml_nbytes(t));
            data = scratch.data();
        }
        for (uint32_t i = 0; i < ubatch.n_tokens; ++i) {
            if (rows[i] >= 0) { on_row(reading.place, reading.probe, rows[i], data + (size_t) i*t->ne[0], (int) t->ne[0]); }
        }
    }
}
