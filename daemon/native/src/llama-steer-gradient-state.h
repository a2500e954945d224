#pragma once

// What the parts of a gradient share: the state of one, and small things with rows of floats. Private to llama-steer-gradient*.cpp.

#include "llama-steer-gradient-layer.h"
#include "llama-steer-gradient.h"

#include "ggml-alloc.h"
#include "ggml-backend.h"

#include <utility>

using request = llama_steer_gradient_request;
using vec     = std::vector<float>;

struct llama_steer_gradient::state {
    llama_steer_dense model;
    ggml_backend_t    backend;
    const int         n_threads; // at most
    ggml_backend_set_n_threads_t set_threads = nullptr;
    ggml_gallocr_t    alloc;
    llama_steer_transposed transposed;

    state(llama_steer_dense m, ggml_backend_t backend, int n_threads, bool keep)
        : model(std::move(m)), backend(backend), n_threads(n_threads), alloc(ggml_gallocr_new(ggml_backend_get_default_buffer_type(backend))), transposed(backend, n_threads, keep) {}
    ~state() {
        transposed.clear();
        ggml_gallocr_free(alloc);
        ggml_backend_free(backend);
    }

    int n_layer() const { return (int) model.layers.size(); }
    // reserved for each graph anew: the allocator takes a layout for the same where counts and sizes are, whatever is kept of it
    bool allocate(ggml_cgraph * graph) const { return ggml_gallocr_reserve(alloc, graph) && ggml_gallocr_alloc_graph(alloc, graph); }
    int width(int site, int layer) const;

    void check(const request & r) const;
    vec  embeddings(const request & r) const;
    vec  forward(const request & r, int layer, const vec & x, llama_steer_gradient_result & out);
    vec  backward(const request & r, int layer, const vec & x, const vec & dy, llama_steer_gradient_result & out);
    vec  head(const request & r, const vec & x, llama_steer_gradient_result & out, bool differentiate);
    void compute(const llama_steer_layer_graph & g, const request & r, int layer, const vec & x, const vec * dy);
};

// memory that the description of one layer's graph takes
inline std::unique_ptr<ggml_context, void (*)(ggml_context *)> graph_context() {
    return { ggml_init({ 1024*ggml_tensor_overhead() + ggml_graph_overhead_custom(1024, false), nullptr, true }), ggml_free };
}

inline vec copy_of(const ggml_tensor * t) {
    vec out((size_t) ggml_nelements(t));
    ggml_backend_tensor_get(t, out.data(), 0, ggml_nbytes(t));
    return out;
}

// what is added at a place
inline void add_shifts(const request & r, int site, int layer, int width, vec & x) {
    for (const auto & a : r.shifts) {
        if (a.site != site || a.layer != layer) { continue; }
        for (size_t i = 0; i < a.values.size(); ++i) { x[(size_t) a.from*width + i] += a.values[i]; }
    }
}

inline vec product(const vec & a, const vec & b) {
    vec out(a.size());
    for (size_t i = 0; i < a.size(); ++i) { out[i] = a[i]*b[i]; }
    return out;
}

// adds weight · mean((x − target)²) and its gradient
inline void state_loss(const request & r, int site, int layer, int width, const vec & x, double & loss, vec * dx) {
    for (const auto & t : r.state_terms) {
        if (t.site != site || t.layer != layer) { continue; }
        const double each = (double) t.weight/(double) t.values.size();
        for (size_t i = 0; i < t.values.size(); ++i) {
            const size_t at = (size_t) t.from*width + i;
            const double difference = (double) x[at] - t.values[i];
            loss += each*difference*difference;
            if (dx) { (*dx)[at] += (float) (2*each*difference); }
        }
    }
}
