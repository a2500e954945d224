// The end of a gradient: the final norm, the head, and the loss on tokens.

#include "llama-steer-gradient-state.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

// The final norm, the head and the loss on tokens. @returns d(loss)/d(the last residual), empty unless asked for
vec llama_steer_gradient::state::head(const request & r, const vec & x, llama_steer_gradient_result & out, bool differentiate) {
    const int T = (int) r.tokens.size(), d = model.n_embd, V = model.n_vocab;
    const vec norm = copy_of(model.output_norm);
    vec mean(T), scale(T), final_(x.size()), dfinal(x.size());
    for (int t = 0; t < T; ++t) {
        const float * row = x.data() + (size_t) t*d;
        double sum = 0, squares = 0;
        for (int i = 0; model.centred && i < d; ++i) { sum += row[i]; }
        mean[t] = (float) (sum/d);
        for (int i = 0; i < d; ++i) { squares += (double) (row[i] - mean[t])*(row[i] - mean[t]); }
        scale[t] = (float) (1.0/std::sqrt(squares/d + model.eps));
        for (int i = 0; i < d; ++i) { final_[(size_t) t*d + i] = (row[i] - mean[t])*scale[t]*norm[i]; }
    }
    add_shifts(r, STEER_FINAL, 0, d, final_);
    state_loss(r, STEER_FINAL, 0, d, final_, out.loss, differentiate ? &dfinal : nullptr);

    std::map<int, std::vector<size_t>> by_row;
    for (size_t i = 0; i < r.token_terms.size(); ++i) { by_row[r.token_terms[i].position].push_back(i); }
    std::vector<int> rows;
    for (const auto & [row, terms] : by_row) { rows.push_back(row); }
    const vec bias = model.output_b ? copy_of(model.output_b) : vec();
    const size_t group = std::max<size_t>(1, (64u << 20)/((size_t) V*sizeof(float)));
    for (size_t first = 0; first < rows.size(); first += group) {
        const int R = (int) std::min(group, rows.size() - first);
        vec states((size_t) R*d), logits((size_t) R*V);
        for (int k = 0; k < R; ++k) { std::copy_n(final_.data() + (size_t) rows[first + k]*d, d, states.data() + (size_t) k*d); }
        // y = w·x, w as it lies or `n` columns of the transposed one
        auto multiply = [&](ggml_tensor * w, const float * columns, int64_t n, const vec & in, float * to) {
            const auto owner = graph_context();
            auto * ctx = owner.get();
            auto * a = w ? w : ggml_new_tensor_2d(ctx, GGML_TYPE_F32, V, n);
            auto * b = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, w ? d : V, R);
            ggml_set_input(b);
            if (!w) { ggml_set_input(a); }
            auto * y = ggml_mul_mat(ctx, a, b);
            ggml_set_output(y);
            auto * graph = ggml_new_graph_custom(ctx, 8, false);
            ggml_build_forward_expand(graph, y);
            bool done = allocate(graph);
            if (done) {
                if (!w) { ggml_backend_tensor_set(a, columns, 0, ggml_nbytes(a)); }
                ggml_backend_tensor_set(b, in.data(), 0, ggml_nbytes(b));
                done = ggml_backend_graph_compute(backend, graph) == GGML_STATUS_SUCCESS;
                if (done) { ggml_backend_tensor_get(y, to, 0, ggml_nbytes(y)); }
            }
            if (!done) { throw std::runtime_error("there is no memory to compute the logits"); }
        };
        multiply(model.output, nullptr, 0, states, logits.data());
        for (int k = 0; k < R; ++k) {
            float * l = logits.data() + (size_t) k*V; // becomes d(loss)/d(logit)
            const auto & terms = by_row.at(rows[first + k]);
            for (int v = 0; v < V; ++v) {
                if (!bias.empty()) { l[v] += bias[v]; }
                l[v] *= model.logit_scale;
                if (model.logit_softcap > 0) { l[v] = model.logit_softcap*std::tanh(l[v]/model.logit_softcap); }
            }
            const float most = *std::max_element(l, l + V);
            double sum = 0, weight = 0;
            for (int v = 0; v < V; ++v) { sum += std::exp((double) l[v] - most); }
            const double norm_ = most + std::log(sum);
            for (size_t i : terms) {
                const double logprob = l[r.token_terms[i].token] - norm_;
                out.logprobs[i] = (float) logprob;
                out.loss -= r.token_terms[i].weight*logprob;
                weight   += r.token_terms[i].weight;
            }
            vec slope;
            if (model.logit_softcap > 0) {
                slope.resize(V);
                for (int v = 0; v < V; ++v) { slope[v] = 1 - l[v]*l[v]/(model.logit_softcap*model.logit_softcap); }
            }
            for (int v = 0; v < V; ++v) { l[v] = (float) (weight*std::exp((double) l[v] - norm_)); }
            for (size_t i : terms) { l[r.token_terms[i].token] -= r.token_terms[i].weight; }
            for (size_t v = 0; v < slope.size(); ++v) { l[v] *= slope[v]; }
            for (int v = 0; v < V; ++v) { l[v] *= model.logit_scale; }
        }
        if (!differentiate) { continue; }
        vec columns, part;
        for (int64_t i = 0; i < d; i += llama_steer_transposed::CHUNK) {
            const int64_t n = std::min<int64_t>(llama_steer_transposed::CHUNK, d - i);
            columns.resize((size_t) n*V);
            part.resize((size_t) n*R);
            transposed.columns(model.output, i, n, columns.data());
            multiply(nullptr, columns.data(), n, logits, part.data());
            for (int k = 0; k < R; ++k) {
                for (int64_t j = 0; j < n; ++j) { dfinal[(size_t) rows[first + k]*d + i + j] += part[(size_t) k*n + j]; }
            }
        }
    }
    for (size_t i = 0; i < r.wants.size(); ++i) {
        if (r.wants[i].site != STEER_FINAL) { continue; }
        out.wanted[i] = r.wants[i].what == request::VALUE ? final_ : r.wants[i].what == request::GRADIENT ? dfinal : product(dfinal, final_);
    }
    if (!differentiate) { return {}; }
    vec dx(x.size());
    for (int t = 0; t < T; ++t) {
        const float * row = x.data() + (size_t) t*d, * dy = dfinal.data() + (size_t) t*d;
        double dot = 0, sum = 0; // of the normed row with the gradient of the normed row, and of that gradient
        for (int i = 0; i < d; ++i) {
            dot += (double) (row[i] - mean[t])*scale[t]*dy[i]*norm[i];
            if (model.centred) { sum += (double) dy[i]*norm[i]; }
        }
        for (int i = 0; i < d; ++i) { dx[(size_t) t*d + i] = (float) (scale[t]*(dy[i]*norm[i] - sum/d - (row[i] - mean[t])*scale[t]*dot/d)); }
    }
    return dx;
}
