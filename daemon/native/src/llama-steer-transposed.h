#pragma once

// Weights transposed and in F32: the reverse of y = W·x is dx = Wᵀ·dy, for which ggml_mul_mat wants Wᵀ row by row.

#include "ggml-backend.h"
#include "ggml.h"

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

struct llama_steer_transposed {
    // keep: all stay; otherwise `begin_layer` lets the last layer's go
    llama_steer_transposed(ggml_backend_t backend, int n_threads, bool keep) : backend(backend), n_threads(n_threads), keep(keep) {}
    ~llama_steer_transposed() { clear(); }

    void begin_layer() { if (!keep) { clear(); } }
    bool dry = false; // shapes alone, to reckon memory with
    // Wᵀ [out × in]: ne0 = out. Throws where there is no memory for it, or where the type cannot be read
    ggml_tensor * of(const ggml_tensor * weight);
    // columns [from, from + n) of W, each contiguous: dst [n][out]
    void columns(const ggml_tensor * weight, int64_t from, int64_t n, float * dst) const;

    static constexpr int64_t CHUNK = 256; // columns at a time: a whole block of every type

    void clear();

private:
    struct held { ggml_context * ctx; ggml_backend_buffer_t buffer; ggml_tensor * tensor; };
    ggml_backend_t backend;
    int  n_threads;
    bool keep;
    std::map<const ggml_tensor *, held> all;

    void read  (const ggml_tensor * weight, int64_t from, int64_t n, float * dst) const;
    void reckon(const ggml_tensor * weight, int64_t from, int64_t n, float * dst) const;
};
