// Tables on the model's devices and the bindings of sequences to profiles. The graph side is llama-steer-graph.cpp.

#include "llama-steer-learn.h"
#include "llama-steer-tables.h"

#include "llama-impl.h"
#include "llama-model.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

static const std::array<const char *, STEER_SITE_COUNT> NAMES = {
    "embd", "attn.heads", "attn.out", "attn.add", "mlp.gate", "mlp.up", "mlp.act", "mlp.mid", "mlp.out", "mlp.add", "resid", "final",
};

const char * llama_steer_site_name(int site) {
    return site >= 0 && site < STEER_SITE_COUNT ? NAMES[site] : "?";
}

llama_steer::llama_steer(const llama_model & model) : model(model) {
    for (size_t il = 0; il < model.layers.size(); ++il) {
        for (const auto * weight : { model.layers[il].wo, model.layers[il].ffn_down }) {
            if (!weight) { continue; }
            const bool added = layers.emplace(weight, (int) il).second;
            if (!added) { layers[weight] = -1; } // a loop over layers that share weights
        }
    }
}

llama_steer::~llama_steer() {
    release();
}

void llama_steer::release() {
    nodes.clear();
    index.clear();
    wanted.clear();
    for (auto * buf : bufs) { ggml_backend_buffer_free(buf); }
    for (auto * ctx : ctxs) { ggml_free(ctx); }
    bufs.clear();
    ctxs.clear();
}

int llama_steer::width_of(int site, int layer) const {
    auto it = seen.find({ site, layer });
    return it == seen.end() ? 0 : it->second;
}

int llama_steer::layer_of(const ggml_tensor * weight) const {
    auto it = layers.find(weight);
    return it == layers.end() ? -1 : it->second;
}

bool llama_steer::shared_weight(const ggml_tensor * weight) const {
    return weight && layer_of(weight) < 0;
}

bool llama_steer::active(int site, int layer) const {
    return index.count({ site, layer }) > 0;
}

static size_t place_floats(const llama_steer_place & p, size_t n, size_t rows) {
    size_t floats = 0;
    floats += p.scale ? n*rows : 0;
    floats += p.shift ? n*rows : 0;
    floats += p.rank  ? 2*n*p.rank + (llama_steer::N_PARAMS*p.rank + 1)*rows : 0;
    floats += n*p.probes;
    return floats;
}

size_t llama_steer::estimate(const std::vector<llama_steer_place> & places, int profiles) const {
    size_t bytes = 0;
    for (const auto & p : places) {
        bytes += place_floats(p, width_of(p.site, p.layer), profiles)*sizeof(float);
    }
    return bytes;
}

size_t llama_steer::size() const {
    size_t bytes = 0;
    for (auto * buf : bufs) { bytes += ggml_backend_buffer_get_size(buf); }
    return bytes;
}

void llama_steer::configure(std::vector<llama_steer_place> places, int profiles) {
    const auto known = sites();
    for (const auto & p : places) {
        auto it = std::find_if(known.begin(), known.end(), [&](const auto & s) { return s.site == p.site && s.layer == p.layer; });
        const std::string where = std::string(llama_steer_site_name(p.site)) + " at layer " + std::to_string(p.layer);
        if (it == known.end())    { throw std::runtime_error(where + ": the model has no such place"); }
        if (!it->reason.empty())  { throw std::runtime_error(where + ": " + it->reason); }
        const size_t n = it->width;
        if (p.v.size() != n*p.rank || p.u.size() != n*p.rank || p.w.size() != n*p.probes) {
            throw std::runtime_error(where + ": directions do not have its width " + std::to_string(n));
        }
    }

    release();
    wanted     = std::move(places);
    n_profiles = profiles;
    shared     = -1;
    keep_rows  = std::any_of(wanted.begin(), wanted.end(), [](const auto & p) { return p.tap || p.probes > 0; });
    topology  += 1;
    try {
        allocate();
    } catch (...) {
        // a graph must not be built on tables that have no memory
        release();
        keep_rows = false;
        throw;
    }
}

void llama_steer::allocate() {
    // a ggml context per buffer type: a table lies where its layer is computed
    std::map<ggml_backend_buffer_type_t, ggml_context *> by_type;
    for (size_t i = 0; i < wanted.size(); ++i) {
        const auto & p = wanted[i];
        const int last = (int) model.hparams.n_layer() - 1;
        auto * buft = model.select_buft(p.site == STEER_FINAL ? last : p.layer);
        auto & ctx = by_type[buft];
        if (!ctx) {
            ctx = ggml_init({ /*.mem_size =*/ (wanted.size()*7 + 1)*ggml_tensor_overhead(), /*.mem_buffer =*/ nullptr, /*.no_alloc =*/ true });
            ctxs.push_back(ctx);
        }
        const int64_t n = width_of(p.site, p.layer), rows = n_profiles;
        auto t = std::make_unique<tables>();
        t->width = (int) n;
        t->dirty.assign(n_profiles, false);
        if (p.scale)  { t->scale = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, n, rows); }
        if (p.shift)  { t->shift = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, n, rows); }
        if (p.rank) {
            t->v      = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, n, p.rank);
            t->ut     = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, p.rank, n);
            t->params = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, N_PARAMS*p.rank, rows);
            t->rotate = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, 1, rows);
        }
        if (p.probes) { t->w = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, n, p.probes); }
        index[{ p.site, p.layer }] = i;
        nodes.push_back(std::move(t));
    }
    for (auto & [buft, ctx] : by_type) {
        if (!ggml_get_first_tensor(ctx)) { continue; }
        auto * buf = ggml_backend_alloc_ctx_tensors_from_buft(ctx, buft);
        if (!buf) { throw std::runtime_error("not enough memory for the steering tables"); }
        ggml_backend_buffer_clear(buf, 0);
        bufs.push_back(buf);
    }
    for (size_t i = 0; i < wanted.size(); ++i) {
        const auto & p = wanted[i];
        auto & t = *nodes[i];
        if (t.scale) {
            const std::vector<float> ones((size_t) ggml_nelements(t.scale), 1.0f);
            ggml_backend_tensor_set(t.scale, ones.data(), 0, ones.size()*sizeof(float));
        }
        if (t.v) {
            std::vector<float> ut(p.u.size());
            for (int r = 0; r < p.rank; ++r) {
                for (int j = 0; j < t.width; ++j) { ut[(size_t) j*p.rank + r] = p.u[(size_t) r*t.width + j]; }
            }
            ggml_backend_tensor_set(t.v,  p.v.data(), 0, p.v.size()*sizeof(float));
            ggml_backend_tensor_set(t.ut, ut.data(),  0, ut.size()*sizeof(float));
        }
        if (t.w) { ggml_backend_tensor_set(t.w, p.w.data(), 0, p.w.size()*sizeof(float)); }
    }
}

llama_steer::tables & llama_steer::at(int site, int layer) {
    auto it = index.find({ site, layer });
    if (it == index.end()) {
        throw std::runtime_error(std::string(llama_steer_site_name(site)) + " at layer " + std::to_string(layer) + " is not in the topology");
    }
    return *nodes[it->second];
}

static void set_row(ggml_tensor * t, int row, const std::vector<float> & values) {
    ggml_backend_tensor_set(t, values.data(), (size_t) row*t->nb[1], values.size()*sizeof(float));
}

static std::vector<float> dense(int n, float rest, const int32_t * indices, size_t count, const float * values) {
    std::vector<float> row(n, rest);
    if (!values) { return row; }
    if (!indices && count != (size_t) n) { throw std::runtime_error("a dense row must have the site's width"); }
    for (size_t i = 0; i < count; ++i) {
        const int32_t j = indices ? indices[i] : (int32_t) i;
        if (j < 0 || j >= n) { throw std::runtime_error("an index lies outside the site"); }
        row[j] = values[i];
    }
    return row;
}

// Unedited values lie far below an eighth of the bound; scaled by at most 8, or shifted by at most an eighth of it, they stay inside.
static bool exceeds(const float * values, size_t count, float limit) {
    return values && std::any_of(values, values + count, [&](float value) { return !(std::fabs(value) <= limit); });
}

void llama_steer::write_element(int site, int layer, int profile, const int32_t * indices, size_t count, const float * scale, const float * shift) {
    auto & t = at(site, layer);
    if (profile <= 0 || profile >= shared_row()) { throw std::runtime_error("profile out of range (0 is identity, the last is the shared row)"); }
    if ((scale && !t.scale) || (shift && !t.shift)) { throw std::runtime_error("the topology has no such table at " + std::string(llama_steer_site_name(site))); }
    if (t.scale) { set_row(t.scale, profile, dense(t.width, 1.0f, indices, count, scale)); }
    if (t.shift) { set_row(t.shift, profile, dense(t.width, 0.0f, indices, count, shift)); }
    t.dirty[profile] = true;
    shared = -1;
    if (!t.large && (exceeds(scale, count, 8.0f) || exceeds(shift, count, bound(site, layer)/8))) {
        t.large   = true;
        topology += 1; // the next graph clamps here
    }
}

void llama_steer::write_bank(int site, int layer, int profile, const float * params, bool rotate) {
    auto & t = at(site, layer);
    if (profile <= 0 || profile >= shared_row()) { throw std::runtime_error("profile out of range (0 is identity, the last is the shared row)"); }
    if (!t.params) { throw std::runtime_error("the topology has no bank at " + std::string(llama_steer_site_name(site))); }
    // from [rank][6] to six runs of rank, so that each kind is one view in the graph
    const int rank = (int) t.v->ne[1];
    std::vector<float> row((size_t) N_PARAMS*rank);
    for (int r = 0; r < rank; ++r) {
        for (int k = 0; k < N_PARAMS; ++k) { row[(size_t) k*rank + r] = params[(size_t) r*N_PARAMS + k]; }
    }
    set_row(t.params, profile, row);
    set_row(t.rotate, profile, { rotate ? 1.0f : 0.0f });
    t.dirty[profile] = true;
    shared = -1;
}

void llama_steer::clear_profile(int profile) {
    for (auto & node : nodes) {
        auto & t = *node;
        if (profile <= 0 || profile >= shared_row() || !t.dirty[profile]) { continue; }
        if (t.scale)  { set_row(t.scale, profile, std::vector<float>(t.width, 1.0f)); }
        if (t.shift)  { set_row(t.shift, profile, std::vector<float>(t.width, 0.0f)); }
        if (t.params) {
            set_row(t.params, profile, std::vector<float>(t.params->ne[0], 0.0f));
            set_row(t.rotate, profile, { 0.0f });
        }
        t.dirty[profile] = false;
        shared = -1;
    }
}

void llama_steer::share(int profile) const {
    if (shared == profile) { return; }
    std::vector<uint8_t> row;
    for (const auto & node : nodes) {
        for (ggml_tensor * t : { node->scale, node->shift, node->params, node->rotate }) {
            if (!t) { continue; }
            row.resize(t->nb[1]);
            ggml_backend_tensor_get(t, row.data(), (size_t) profile*t->nb[1],      row.size());
            ggml_backend_tensor_set(t, row.data(), (size_t) shared_row()*t->nb[1], row.size());
        }
    }
    shared = profile;
}

void llama_steer::bind(llama_seq_id seq, llama_pos from, int profile) {
    auto & ranges = bindings[seq];
    ranges.erase(ranges.lower_bound(from), ranges.end());
    ranges[from] = profile;
}

llama_steer::ranges llama_steer::exchange(llama_seq_id seq, ranges others) {
    std::swap(bindings[seq], others);
    return others;
}

void llama_steer::unbind(llama_seq_id seq) {
    bindings.erase(seq);
}

void llama_steer::shift(llama_seq_id seq, llama_pos from, llama_pos to, llama_pos delta) {
    auto it = bindings.find(seq);
    if (it == bindings.end()) { return; }
    std::map<llama_pos, int> moved;
    for (const auto & [pos, profile] : it->second) {
        const bool inside = pos >= from && (to < 0 || pos < to);
        moved[inside ? std::max<llama_pos>(0, pos + delta) : pos] = profile;
    }
    it->second = std::move(moved);
}

int llama_steer::profile_at(llama_seq_id seq, llama_pos pos) const {
    auto it = bindings.find(seq);
    if (it == bindings.end()) { return 0; }
    auto range = it->second.upper_bound(pos);
    return range == it->second.begin() ? 0 : std::prev(range)->second;
}
