// The driver: what a model is made of, forward through the layers, the loss, and back. Layers are computed one by one; only the
// residual between them is kept, and a layer's inside is computed again on the way back, so memory does not grow with depth.

#include "llama-steer-gradient-state.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

static std::string place_name(int site, int layer) {
    return std::string(llama_steer_site_name(site)) + " at layer " + std::to_string(layer);
}

static int dense_width(const llama_steer_dense & m, int site, int layer) {
    const auto & l = m.layers[layer];
    switch (site) {
        case STEER_ATTN_HEADS: return l.n_head*l.head_dim;
        case STEER_MLP_GATE: case STEER_MLP_UP: case STEER_MLP_ACT: case STEER_MLP_MID: return l.n_ff;
        default: return m.n_embd;
    }
}

int llama_steer_gradient::state::width(int site, int layer) const {
    const bool whole = site == STEER_EMBD || site == STEER_FINAL;
    if (site < 0 || site >= STEER_SITE_COUNT || layer < 0 || layer >= (whole ? 1 : n_layer())) { throw std::runtime_error("the model has no such place (site " + std::to_string(site) + ", layer " + std::to_string(layer) + ")"); }
    return dense_width(model, site, layer);
}

void llama_steer_gradient::state::check(const request & r) const {
    const int T = (int) r.tokens.size(), d = model.n_embd;
    auto fail = [](const std::string & what) { throw std::runtime_error(what); };
    auto rows = [&](int from, int n, size_t have, int width, const std::string & what) {
        if (n < 1 || from < 0 || from > T - n) { fail(what + ": positions " + std::to_string(from) + " to " + std::to_string(from + n - 1) + " are not among the " + std::to_string(T) + " tokens"); }
        if (have != (size_t) n*width) { fail(what + ": " + std::to_string(n) + " rows of " + std::to_string(width) + " values are needed"); }
    };
    if (T < 1) { fail("a gradient needs at least one token"); }
    for (auto t : r.tokens) { if (t < 0 || t >= model.tok_embd->ne[1]) { fail("token " + std::to_string(t) + " is not in the vocabulary"); } }
    if (!r.embeddings.empty()) { rows(r.embeddings_from, (int) r.embeddings.size()/d, r.embeddings.size(), d, "embeddings"); }
    if (r.token_terms.empty() && r.state_terms.empty()) { fail("the loss has no terms"); }
    for (const auto & t : r.token_terms) {
        if (t.position < 0 || t.position >= T) { fail("the loss is asked for at position " + std::to_string(t.position) + " of " + std::to_string(T)); }
        if (t.token < 0 || t.token >= model.n_vocab) { fail("token " + std::to_string(t.token) + " is not in the vocabulary"); }
    }
    for (const auto & t : r.state_terms) {
        if (t.site != STEER_RESID && t.site != STEER_FINAL) { fail("a loss on states is of resid or final"); }
        rows(t.from, t.rows, t.values.size(), width(t.site, t.layer), place_name(t.site, t.layer));
    }
    for (const auto & a : r.shifts) { rows(a.from, a.rows, a.values.size(), width(a.site, a.layer), place_name(a.site, a.layer)); }
    for (const auto & w : r.wants)  { width(w.site, w.layer); }
}

// before any scale of the model
vec llama_steer_gradient::state::embeddings(const request & r) const {
    const auto * w = model.tok_embd;
    const auto * traits = ggml_get_type_traits(w->type);
    if (w->type != GGML_TYPE_F32 && !traits->to_float) { throw std::runtime_error(std::string(w->name) + ": " + ggml_type_name(w->type) + " cannot be dequantised"); }
    const int d = model.n_embd;
    vec x(r.tokens.size()*d);
    for (size_t t = 0; t < r.tokens.size(); ++t) {
        const char * row = (const char *) w->data + r.tokens[t]*w->nb[1];
        if (w->type == GGML_TYPE_F32) { std::copy_n((const float *) row, d, x.data() + t*d); }
        else                          { traits->to_float(row, x.data() + t*d, d); }
    }
    std::copy(r.embeddings.begin(), r.embeddings.end(), x.begin() + (size_t) r.embeddings_from*d);
    add_shifts(r, STEER_EMBD, 0, d, x);
    return x;
}

void llama_steer_gradient::state::compute(const llama_steer_layer_graph & g, const request & r, int layer, const vec & x, const vec * dy) {
    if (!allocate(g.graph)) { throw std::runtime_error("there is no memory to compute layer " + std::to_string(layer)); }
    const int T = (int) r.tokens.size(), window = model.layers[layer].window;
    // an input that the wanted values do not depend on has no place
    auto set = [](ggml_tensor * t, const void * data) { if (t && t->data) { ggml_backend_tensor_set(t, data, 0, ggml_nbytes(t)); } };
    std::vector<int32_t> positions(T);
    vec mask((size_t) T*T, -INFINITY);
    for (int q = 0; q < T; ++q) {
        positions[q] = q;
        for (int k = window > 0 ? std::max(0, q - window + 1) : 0; k <= q; ++k) { mask[(size_t) q*T + k] = 0; }
    }
    set(g.x, x.data());
    set(g.positions, positions.data());
    set(g.mask, mask.data());
    if (dy) { set(g.dy, dy->data()); }
    for (const auto & [site, tensor] : g.shifts) {
        vec shift((size_t) ggml_nelements(tensor));
        add_shifts(r, site, layer, (int) tensor->ne[0], shift);
        set(tensor, shift.data());
    }
    if (ggml_backend_graph_compute(backend, g.graph) != GGML_STATUS_SUCCESS) { throw std::runtime_error("layer " + std::to_string(layer) + " could not be computed"); }
}

static std::set<int> shifted_sites(const request & r, int layer) {
    std::set<int> out;
    for (const auto & a : r.shifts) { if (a.layer == layer && a.site != STEER_EMBD && a.site != STEER_FINAL) { out.insert(a.site); } }
    return out;
}

static std::set<int> wanted_sites(const request & r, int layer, std::initializer_list<request::kind> kinds) {
    std::set<int> out;
    for (const auto & w : r.wants) {
        if (w.layer == layer && w.site != STEER_EMBD && w.site != STEER_FINAL && std::count(kinds.begin(), kinds.end(), w.what)) { out.insert(w.site); }
    }
    return out;
}

// @returns the residual behind the layer
vec llama_steer_gradient::state::forward(const request & r, int layer, const vec & x, llama_steer_gradient_result & out) {
    const auto ctx = graph_context();
    llama_steer_layer_graph g;
    g.build(ctx.get(), model, layer, (int) r.tokens.size(), nullptr, shifted_sites(r, layer), wanted_sites(r, layer, { request::VALUE }), {});
    compute(g, r, layer, x, nullptr);
    for (size_t i = 0; i < r.wants.size(); ++i) {
        const auto & w = r.wants[i];
        if (w.layer == layer && w.what == request::VALUE && g.values.count(w.site)) { out.wanted[i] = copy_of(g.values.at(w.site)); }
    }
    vec y = copy_of(g.y);
    return y;
}

// @returns d(loss)/d(the layer's input)
vec llama_steer_gradient::state::backward(const request & r, int layer, const vec & x, const vec & dy, llama_steer_gradient_result & out) {
    transposed.begin_layer();
    const auto ctx = graph_context();
    llama_steer_layer_graph g;
    g.build(ctx.get(), model, layer, (int) r.tokens.size(), &transposed, shifted_sites(r, layer), wanted_sites(r, layer, { request::PRODUCT }), wanted_sites(r, layer, { request::GRADIENT, request::PRODUCT }));
    compute(g, r, layer, x, &dy);
    for (size_t i = 0; i < r.wants.size(); ++i) {
        const auto & w = r.wants[i];
        if (w.layer != layer || w.what == request::VALUE || !g.gradients.count(w.site)) { continue; }
        const auto * tensor = g.gradients.at(w.site);
        vec gradient = tensor == g.dy ? dy : copy_of(tensor);
        out.wanted[i] = w.what == request::PRODUCT ? product(gradient, copy_of(g.values.at(w.site))) : std::move(gradient);
    }
    vec dx = copy_of(g.dx);
    return dx;
}

static size_t transposed_bytes(const llama_steer_dense_layer & l) {
    size_t n = 0;
    for (const auto * w : { l.wq, l.wk, l.wv, l.wqkv, l.wo, l.gate, l.up, l.down }) { if (w) { n += (size_t) ggml_nelements(w)*sizeof(float); } }
    return n;
}

llama_steer_gradient::llama_steer_gradient(const llama_model & model, uint32_t n_ctx_rope, int n_threads, bool keep) {
    auto described = llama_steer_dense_of(model, n_ctx_rope);
    auto * device  = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    auto * backend = device ? ggml_backend_dev_init(device, nullptr) : nullptr;
    if (!backend) { throw std::runtime_error("there is no processor backend"); }
    auto set_threads = (ggml_backend_set_n_threads_t) ggml_backend_reg_get_proc_address(ggml_backend_dev_backend_reg(device), "ggml_backend_set_n_threads");
    if (set_threads) { set_threads(backend, n_threads); }
    s = std::make_unique<state>(std::move(described), backend, n_threads, keep);
    s->set_threads = set_threads;
}

llama_steer_gradient::~llama_steer_gradient() = default;

size_t llama_steer_gradient::weights(bool keep) const {
    size_t all = 0, largest = 0;
    for (const auto & l : s->model.layers) {
        all    += transposed_bytes(l);
        largest = std::max(largest, transposed_bytes(l));
    }
    return keep ? all : largest;
}

size_t llama_steer_gradient::estimate(const request & r) const {
    s->check(r);
    const size_t T = r.tokens.size(), d = s->model.n_embd, V = s->model.n_vocab;
    size_t compute = 0;
    for (int layer = 0; layer < s->n_layer(); ++layer) {
        const auto & l = s->model.layers[layer], & before = s->model.layers[layer > 0 ? layer - 1 : 0];
        if (layer > 0 && l.n_ff == before.n_ff && l.n_head == before.n_head && l.n_head_kv == before.n_head_kv) { continue; }
        llama_steer_transposed shapes(s->backend, 1, true);
        shapes.dry = true;
        const auto ctx = graph_context();
        llama_steer_layer_graph g;
        g.build(ctx.get(), s->model, layer, (int) T, &shapes, shifted_sites(r, layer), wanted_sites(r, layer, { request::PRODUCT, request::VALUE }), wanted_sites(r, layer, { request::GRADIENT, request::PRODUCT }));
        size_t bytes = 0;
        auto * measure = ggml_gallocr_new(ggml_backend_get_default_buffer_type(s->backend));
        ggml_gallocr_reserve_n_size(measure, g.graph, nullptr, nullptr, &bytes);
        ggml_gallocr_free(measure);
        compute = std::max(compute, bytes - std::min(bytes, transposed_bytes(l)));
    }
    size_t wanted = 0;
    for (const auto & w : r.wants) { wanted += T*s->width(w.site, w.layer); }
    std::set<int> rows;
    for (const auto & t : r.token_terms) { rows.insert(t.position); }
    const size_t group = std::min<size_t>(rows.size(), std::max<size_t>(1, (64u << 20)/(V*sizeof(float))));
    const size_t head  = rows.empty() ? 0 : 2*group*V + 2*llama_steer_transposed::CHUNK*V;
    // residuals between layers, their gradients and copies; the mask; what is handed out, twice
    return ((s->n_layer() + 8)*T*d + T*T + 2*wanted + head)*sizeof(float) + compute;
}

llama_steer_gradient_result llama_steer_gradient::run(const request & r, const std::atomic<bool> & cancelled) {
    using clock = std::chrono::steady_clock;
    s->check(r);
    if (s->set_threads) { s->set_threads(s->backend, r.n_threads > 0 ? std::min(r.n_threads, s->n_threads) : s->n_threads); }
    const int L = s->n_layer(), d = s->model.n_embd;
    int lowest = L + 1; // layer down to which gradients are wanted; L: final, −1: embd
    for (const auto & w : r.wants) {
        if (w.what != request::VALUE) { lowest = std::min(lowest, w.site == STEER_EMBD ? -1 : w.site == STEER_FINAL ? L : w.layer); }
    }
    auto go_on = [&] { if (cancelled) { throw std::runtime_error("cancelled"); } };
    llama_steer_gradient_result out;
    out.wanted.resize(r.wants.size());
    out.logprobs.resize(r.token_terms.size());

    const auto start = clock::now();
    const vec embd = s->embeddings(r);
    std::vector<vec> x(L + 1);
    x[0] = embd;
    for (auto & value : x[0]) { value *= s->model.embd_scale; }
    for (int layer = 0; layer < L; ++layer) {
        go_on();
        x[layer + 1] = s->forward(r, layer, x[layer], out);
    }
    const auto forth = clock::now();
    vec dx = s->head(r, x[L], out, lowest <= L);
    for (int layer = L - 1; layer >= 0; --layer) {
        const bool differentiate = lowest <= layer;
        state_loss(r, STEER_RESID, layer, d, x[layer + 1], out.loss, differentiate ? &dx : nullptr);
        if (!differentiate) { continue; }
        go_on();
        dx = s->backward(r, layer, x[layer], dx, out);
    }
    if (lowest < 0) { for (auto & value : dx) { value *= s->model.embd_scale; } }
    for (size_t i = 0; i < r.wants.size(); ++i) {
        if (r.wants[i].site != STEER_EMBD) { continue; }
        out.wanted[i] = r.wants[i].what == request::VALUE ? embd : r.wants[i].what == request::GRADIENT ? dx : product(dx, embd);
    }
    const auto end = clock::now();
    auto micros = [](clock::duration t) { return (double) std::chrono::duration_cast<std::chrono::microseconds>(t).count(); };
    out.forward_micros  = micros(forth - start);
    out.backward_micros = micros(end - forth);
    return out;
}
