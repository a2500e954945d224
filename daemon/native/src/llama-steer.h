#pragma once

// Steering inside the graph: tables of edits and read-outs at named places of a model, chosen per token by a profile index.
// Compiled into libllama; this header is all that our addon sees of it. Nothing here is thread-safe: one context's steering
// belongs to the thread that decodes.

#include "llama.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

struct ggml_tensor;
struct llama_ubatch;
struct llm_graph_context;
class  llm_graph_result;
class  llm_graph_input_steer;

enum llama_steer_site {
    STEER_EMBD, STEER_ATTN_HEADS, STEER_ATTN_OUT, STEER_ATTN_ADD, STEER_MLP_GATE, STEER_MLP_UP, STEER_MLP_ACT,
    STEER_MLP_MID, STEER_MLP_OUT, STEER_MLP_ADD, STEER_RESID, STEER_FINAL, STEER_SITE_COUNT,
};

// what is wanted at one (site, layer)
struct llama_steer_place {
    int  site   = 0;
    int  layer  = 0;
    bool scale  = false;      // x ⊙ S[profile]
    bool shift  = false;      // + T[profile]
    int  rank   = 0;          // columns of the direction bank
    int  probes = 0;          // read-outs wᵀx
    bool tap    = false;      // the whole vector is readable
    std::vector<float> v, u;  // [rank × n], direction by direction
    std::vector<float> w;     // [probes × n]
};

struct llama_steer_site_info {
    int site, layer, width;
    std::string reason; // empty: live
};

// What an architecture's graph consists of around the places, seen in a build that computes nothing (llama-steer-learn.cpp).
struct llama_steer_structure {
    // rows of the outputs: gathered before the final norm, after it, or where no final norm was recognised
    enum gathering { BEFORE_NORM, AFTER_NORM, UNKNOWN };

    gathering gather = UNKNOWN;
    // where *.add is, (site, layer): directly behind the output matrix, or behind the norm of this weight
    std::set<std::pair<int, int>> direct;
    std::unordered_map<const ggml_tensor *, std::pair<int, int>> norms;
    std::map<std::pair<int, int>, std::string> refused; // (site, layer) → reason
};

struct llama_steer_facts {
    std::string architecture;
    int     n_layer, n_embd, n_vocab, n_ctx_train, head_dim;
    std::vector<int> n_head, n_head_kv, n_ff;
    int     n_ctx_rope; // > 0: above this context size other rope factors hold
    bool    tied_head;
    std::vector<std::string> notes;
};

// one read tensor of the graph that was just computed
struct llama_steer_reading {
    size_t        place;
    bool          probe;
    ggml_tensor * tensor;
};

// what a graph remembers of its steering (a member of llm_graph_result)
struct llama_steer_graph {
    llm_graph_input_steer * input = nullptr;
    std::vector<llama_steer_reading> readings;
    int deepest = -1; // layer whose block output was passed last
};

struct LLAMA_API llama_steer {
    explicit llama_steer(const llama_model & model);
    ~llama_steer();

    // floats per bank column in a profile: add, gain, floor, floorOn, ceil, ceilOn
    static constexpr int N_PARAMS = 6;

    // replaces all places; every profile is identity afterwards. Throws std::runtime_error naming site, layer and reason; where
    // the memory for the tables was lacking, no place is left.
    void   configure(std::vector<llama_steer_place> places, int n_profiles);
    size_t estimate(const std::vector<llama_steer_place> & places, int n_profiles) const; // bytes
    size_t size() const;

    // row `profile` of one place; null arrays are identity. indices null: dense, n values. Values so large that they have to be
    // clamped from now on change version(): reserve then, as after configure()
    void write_element(int site, int layer, int profile, const int32_t * indices, size_t count, const float * scale, const float * shift);
    void write_bank   (int site, int layer, int profile, const float * params, bool rotate);
    void clear_profile(int profile);

    void bind  (llama_seq_id seq, llama_pos from, int profile);
    void unbind(llama_seq_id seq);
    void shift (llama_seq_id seq, llama_pos from, llama_pos to, llama_pos delta);
    // profiles of a sequence, by the position from which on each holds
    using ranges = std::map<llama_pos, int>;
    ranges exchange(llama_seq_id seq, ranges others); // @returns what it was bound to
    int  profile_at(llama_seq_id seq, llama_pos pos) const;

    // called after each ubatch, per token that `row_of` maps to a row ≥ 0: (place, probe?, row, values, n)
    std::function<int(llama_seq_id, llama_pos)> row_of;
    std::function<void(size_t, bool, int, const float *, int)> on_row;
    bool want_taps = false; // probes are always read

    const std::vector<llama_steer_place> & places() const { return wanted; }
    int width_of(int site, int layer) const; // 0: never reached

    // --- called by the graph builders
    ggml_tensor * apply(const llm_graph_context & g, ggml_tensor * x, int site, int layer) const;
    ggml_tensor * apply_weight(const llm_graph_context & g, ggml_tensor * x, const ggml_tensor * weight, int site) const;
    // the raw output of an attention or MLP block, and what enters the residual where that is the same
    ggml_tensor * apply_out(const llm_graph_context & g, ggml_tensor * x, const ggml_tensor * weight, int out, int add) const;
    ggml_tensor * apply_norm(const llm_graph_context & g, ggml_tensor * x, const ggml_tensor * weight, int il) const;
    ggml_tensor * apply_resid(const llm_graph_context & g, ggml_tensor * x, int layer) const;
    ggml_tensor * all_rows(const llm_graph_context & g) const; // null unless rows have to be kept
    bool          active(int site, int layer) const;
    int           layer_of(const ggml_tensor * weight) const;
    size_t        max_nodes() const;
    uint64_t      version() const { return topology; }
    void          collect(const llm_graph_result & res, const llama_ubatch & ubatch, struct ggml_backend_sched * sched) const;

    // while one is alive graphs are built to learn from, one by one and never to be computed
    struct trace;
    struct lesson {
        explicit lesson(llama_steer & steer);
        ~lesson();
        llama_steer & steer;
    };
    bool learning() const { return learner != nullptr; }

    // the model's graph gives outputs no place to be gathered at after a reading of every row: all rows must be outputs
    bool needs_all_outputs() const { return keep_rows && structure.gather == llama_steer_structure::UNKNOWN; }

    // while one is alive graphs are built for tokens of different profiles, the larger of the two forms: memory is reserved for it
    struct largest {
        explicit largest(const llama_steer & steer) : steer(steer) { steer.reserving = true; }
        ~largest() { steer.reserving = false; }
        const llama_steer & steer;
    };

    uint64_t builds = 0; // graphs built

    std::vector<llama_steer_site_info> sites() const;

private:
    friend class llm_graph_input_steer;
    struct tables;

    const llama_model & model;
    std::vector<llama_steer_place> wanted;
    std::vector<std::unique_ptr<tables>> nodes; // parallel to wanted
    std::map<std::pair<int, int>, size_t> index;
    std::unordered_map<const ggml_tensor *, int> layers;                  // wo, ffn_down → layer; −1: of several layers
    std::unordered_map<llama_seq_id, std::map<llama_pos, int>> bindings;
    std::vector<struct ggml_context *> ctxs;
    std::vector<struct ggml_backend_buffer *> bufs;
    int      n_profiles = 2; // rows of every table: identity, the profiles, the shared row
    bool     keep_rows = false;
    uint64_t topology = 0;
    mutable bool reserving   = false;
    mutable int  shared      = -1; // the profile that the tables' last row holds, -1: none
    std::unique_ptr<trace> learner;                  // while a lesson lasts
    mutable llama_steer_structure structure;
    mutable std::map<std::pair<int, int>, int> seen; // (site, layer) → width, from graph builds

    int shared_row() const { return n_profiles - 1; }
    bool shared_weight(const ggml_tensor * weight) const;
    bool is_final(const llm_graph_context & g, const ggml_tensor * weight, int il) const;
    void passed(const ggml_tensor * x, int site, int layer) const;
    void learn_layer(const ggml_tensor * x, int layer) const;
    void learn_norm(const llm_graph_context & g, const ggml_tensor * x, const ggml_tensor * weight, bool final) const;
    llm_graph_input_steer * input_of(const llm_graph_context & g) const;
    ggml_tensor * edited (const llm_graph_context & g, ggml_tensor * x, int site, int layer) const;
    ggml_tensor * bounded(const llm_graph_context & g, ggml_tensor * x, int site, int layer) const;
    bool  edits(int site, int layer) const;
    float bound(int site, int layer) const;
    ggml_tensor * ids_for(const llm_graph_context & g, const ggml_tensor * x) const;
    ggml_tensor * row_for(const llm_graph_context & g, const ggml_tensor * x, ggml_tensor * table) const;
    ggml_tensor * apply_bank(const llm_graph_context & g, ggml_tensor * x, const llama_steer_place & p, const tables & t) const;
    int  profile_of(const llama_ubatch & ubatch) const; // of all its tokens, -1: they differ
    void share(int profile) const;                      // copies the profile's rows to the tables' last rows
    void release();
    void allocate();
    tables & at(int site, int layer);
};

const char * llama_steer_site_name(int site);

// the model alive in this process that was made last; null: there is none
LLAMA_API const llama_model * llama_steer_model_newest(void);
// differs for every model that was ever loaded, also at an address used before; 0: not alive
LLAMA_API uint64_t            llama_steer_model_id(const llama_model * model);
LLAMA_API llama_steer_facts   llama_steer_model_facts(const llama_model * model);
// throws std::runtime_error where there is no memory for the context that it takes
LLAMA_API std::vector<llama_steer_site_info> llama_steer_model_sites(const llama_model * model);
LLAMA_API std::vector<ggml_tensor *> llama_steer_model_tensors(const llama_model * model);
LLAMA_API llama_steer *       llama_steer_of(llama_context * ctx);
// marks the context for a new reservation after configure()
LLAMA_API void                llama_steer_reserve(llama_context * ctx);
// takes rope factors as a context of n_ctx tokens would: activations are then those of that context
LLAMA_API void                llama_steer_rope(llama_context * ctx, uint32_t n_ctx);
// what "auto" became
LLAMA_API bool                llama_steer_flash_attention(const llama_context * ctx);
// zeroes a new buffer without touching its pages where the system can: a cache takes memory as its cells are used
void                          llama_steer_zero(struct ggml_backend_buffer * buffer);
// bytes of the KV cache and of the compute buffers
LLAMA_API void                llama_steer_memory(const llama_context * ctx, size_t & kv, size_t & compute);
// builds graphs without computing them, so that `sites` knows what this architecture reaches
LLAMA_API void                llama_steer_probe(llama_context * ctx);

void llama_steer_register  (const llama_model * model);
void llama_steer_unregister(const llama_model * model);
