#include "llama-steer-transposed.h"

#include "ggml-alloc.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>

void llama_steer_transposed::clear() {
    for (auto & [weight, one] : all) {
        ggml_backend_buffer_free(one.buffer);
        ggml_free(one.ctx);
    }
    all.clear();
}

ggml_tensor * llama_steer_transposed::of(const ggml_tensor * weight) {
    const auto it = all.find(weight);
    if (it != all.end()) { return it->second.tensor; }
    held one;
    one.ctx    = ggml_init({ ggml_tensor_overhead(), nullptr, true });
    one.tensor = ggml_new_tensor_2d(one.ctx, GGML_TYPE_F32, weight->ne[1], weight->ne[0]);
    one.buffer = dry ? nullptr : ggml_backend_alloc_ctx_tensors(one.ctx, backend);
    if (dry) { return all.emplace(weight, one).first->second.tensor; }
    if (!one.buffer) {
        ggml_free(one.ctx);
        throw std::runtime_error("there is no memory for the transposed " + std::string(weight->name));
    }
    all.emplace(weight, one);
    for (int64_t i = 0; i < weight->ne[0]; i += CHUNK) {
        const int64_t n = std::min(CHUNK, weight->ne[0] - i);
        columns(weight, i, n, (float *) one.tensor->data + i*weight->ne[1]);
    }
    return one.tensor;
}

void llama_steer_transposed::columns(const ggml_tensor * weight, int64_t from, int64_t n, float * dst) const {
    if (ggml_backend_buffer_is_host(weight->buffer)) { read(weight, from, n, dst); }
    else                                             { reckon(weight, from, n, dst); }
}

void llama_steer_transposed::read(const ggml_tensor * weight, int64_t from, int64_t n, float * dst) const {
    const auto * traits = ggml_get_type_traits(weight->type);
    if (weight->type != GGML_TYPE_F32 && !traits->to_float) {
        throw std::runtime_error(std::string(weight->name) + ": " + ggml_type_name(weight->type) + " cannot be dequantised");
    }
    const int64_t rows = weight->ne[1];
    const char  * data = (const char *) weight->data + from/traits->blck_size*traits->type_size;
    auto part = [&](int64_t begin, int64_t end) {
        constexpr int64_t BLOCK = 16; // rows: writes of 64 bytes
        std::vector<float> values(BLOCK*n);
        for (int64_t r = begin; r < end; r += BLOCK) {
            const int64_t m = std::min(BLOCK, end - r);
            for (int64_t k = 0; k < m; ++k) {
                const char * row = data + (r + k)*weight->nb[1];
                if (weight->type == GGML_TYPE_F32) { std::copy_n((const float *) row, n, values.data() + k*n); }
                else                               { traits->to_float(row, values.data() + k*n, n); }
            }
            for (int64_t i = 0; i < n; ++i) {
                float * out = dst + i*rows + r;
                for (int64_t k = 0; k < m; ++k) { out[k] = values[k*n + i]; }
            }
        }
    };
    const int64_t each = (rows + n_threads - 1)/n_threads;
    std::vector<std::thread> others;
    for (int64_t begin = each; begin < rows; begin += each) { others.emplace_back(part, begin, std::min(rows, begin + each)); }
    part(0, std::min(rows, each));
    for (auto & other : others) { other.join(); }
}

// Weights in a layout of the backend's own (repacked for the processor) cannot be read, but multiplied: by columns of the identity.
// 127 and not 1, because that is what the activations' 8-bit blocks hold exactly, with a scale of 1.
void llama_steer_transposed::reckon(const ggml_tensor * weight, int64_t from, int64_t n, float * dst) const {
    ggml_context * ctx = ggml_init({ 8*ggml_tensor_overhead() + ggml_graph_overhead(), nullptr, true });
    ggml_tensor * unit = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, weight->ne[0], n);
    ggml_tensor * out  = ggml_scale(ctx, ggml_mul_mat(ctx, const_cast<ggml_tensor *>(weight), unit), 1.0f/127.0f);
    ggml_cgraph * graph = ggml_new_graph(ctx);
    ggml_build_forward_expand(graph, out);
    ggml_backend_buffer_t buffer = ggml_backend_alloc_ctx_tensors(ctx, backend);
    if (!buffer) {
        ggml_free(ctx);
        throw std::runtime_error("there is no memory for the transposed " + std::string(weight->name));
    }
    std::vector<float> values(weight->ne[0]*n);
    for (int64_t i = 0; i < n; ++i) { values[i*weight->ne[0] + from + i] = 127.0f; }
    ggml_backend_tensor_set(unit, values.data(), 0, values.size()*sizeof(float));
    const auto status = ggml_backend_graph_compute(backend, graph);
    if (status == GGML_STATUS_SUCCESS) { ggml_backend_tensor_get(out, dst, 0, ggml_nbytes(out)); }
    ggml_backend_buffer_free(buffer);
    ggml_free(ctx);
    if (status != GGML_STATUS_SUCCESS) { throw std::runtime_error(std::string(weight->name) + " could not be read"); }
}
