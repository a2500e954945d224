// What a model is and which of its places can be steered: derived from a graph build and from its weights, with a reason for
// every place that cannot. Also the registry of models alive, so that an addon of ours finds those that others loaded.

#include "llama-steer.h"

#include "llama-context.h"
#include "llama-ext.h"
#include "llama-model.h"
#include "llama-memory.h"

#include <algorithm>
#include <mutex>
#include <stdexcept>

struct alive {
    const llama_model * model;
    uint64_t id;
};

static std::mutex g_mutex;
static std::vector<alive> g_models;
static uint64_t g_last_id = 0;

void llama_steer_register(const llama_model * model) {
    std::lock_guard<std::mutex> lock(g_mutex);
    g_models.push_back({ model, ++g_last_id });
}

void llama_steer_unregister(const llama_model * model) {
    std::lock_guard<std::mutex> lock(g_mutex);
    g_models.erase(std::remove_if(g_models.begin(), g_models.end(), [&](const alive & one) { return one.model == model; }), g_models.end());
}

const llama_model * llama_steer_model_newest(void) {
    std::lock_guard<std::mutex> lock(g_mutex);
    return g_models.empty() ? nullptr : g_models.back().model;
}

uint64_t llama_steer_model_id(const llama_model * model) {
    std::lock_guard<std::mutex> lock(g_mutex);
    for (const auto & one : g_models) {
        if (one.model == model) { return one.id; }
    }
    return 0;
}

// attention and MLP read the same input, so an MLP edit does not see the same layer's attention
static bool parallel_blocks(const llama_model & model) {
    switch (model.arch) {
        case LLM_ARCH_COMMAND_R: case LLM_ARCH_COHERE2: case LLM_ARCH_FALCON: case LLM_ARCH_GPTNEOX: case LLM_ARCH_PHI2: case LLM_ARCH_STABLELM:
            return !model.layers.empty() && (model.layers[0].ffn_norm == nullptr || model.arch == LLM_ARCH_GPTNEOX);
        default:
            return false;
    }
}

static bool is_moe(const llama_layer & layer) {
    return layer.ffn_gate_inp != nullptr || layer.ffn_gate_exps != nullptr;
}

llama_steer_facts llama_steer_model_facts(const llama_model * model) {
    const auto & h = model->hparams;
    llama_steer_facts facts;
    facts.architecture = model->arch_name();
    facts.n_layer      = (int) h.n_layer();
    facts.n_embd       = (int) h.n_embd;
    facts.n_vocab      = (int) llama_vocab_n_tokens(llama_model_get_vocab(model));
    facts.n_ctx_train  = (int) h.n_ctx_train;
    facts.head_dim     = (int) h.n_embd_head_v();
    // long-rope models: short factors up to the size that they were trained with first, long ones above it
    const bool two     = !model->layers.empty() && !model->layers[0].rope_freqs && model->layers[0].rope_long && model->layers[0].rope_short;
    facts.n_ctx_rope   = two ? (int) h.n_ctx_orig_yarn : 0;
    facts.tied_head    = model->output && model->tok_embd && std::string(model->output->name) == model->tok_embd->name;
    for (int il = 0; il < facts.n_layer; ++il) {
        facts.n_head.push_back((int) h.n_head(il));
        facts.n_head_kv.push_back((int) h.n_head_kv(il));
        facts.n_ff.push_back((int) h.n_ff(il));
    }
    if (parallel_blocks(*model)) { facts.notes.push_back("attention and MLP run in parallel: an MLP edit does not see the same layer's attention"); }
    if (h.n_expert > 0)          { facts.notes.push_back("mixture of experts: mlp.* is refused until experts are addressed one by one"); }
    return facts;
}

std::vector<llama_steer_site_info> llama_steer::sites() const {
    const auto & h = model.hparams;
    std::vector<llama_steer_site_info> out;
    auto add = [&](int site, int layer, int width, const std::string & refusal) {
        const int reached = width_of(site, layer);
        std::string reason = refusal;
        const auto it = structure.refused.find({ site, layer });
        if (reason.empty() && it != structure.refused.end()) { reason = it->second; }
        if (reason.empty() && reached == 0) { reason = std::string("the graph of architecture '") + model.arch_name() + "' does not pass through this place"; }
        out.push_back({ site, layer, reached ? reached : width, reason });
    };
    const int d = (int) h.n_embd;
    const std::string looped = "its weights serve more than one pass: an edit here would act in all of them";
    add(STEER_EMBD, 0, d, "");
    for (int il = 0; il < (int) h.n_layer(); ++il) {
        const auto & layer = model.layers[il];
        const int f = (int) h.n_ff(il);
        const std::string no_attn = shared_weight(layer.wo) ? looped : layer.wo || width_of(STEER_ATTN_OUT, il) ? "" : "this layer has no attention output matrix that the graph multiplies in place";
        const std::string moe     = is_moe(layer) ? "mixture of experts: its neurons are not addressed one by one yet" : "";
        const std::string no_mlp  = !moe.empty() ? moe : shared_weight(layer.ffn_down) ? looped : layer.ffn_down ? "" : "this layer has no MLP";
        const bool fused = layer.ffn_gate == nullptr && width_of(STEER_MLP_GATE, il) == 0;
        add(STEER_ATTN_HEADS, il, (int) (h.n_head(il)*h.n_embd_head_v()), no_attn);
        add(STEER_ATTN_OUT,   il, d, no_attn);
        add(STEER_ATTN_ADD,   il, d, no_attn);
        add(STEER_MLP_GATE,   il, f, !no_mlp.empty() ? no_mlp : fused ? "the MLP has no gate" : "");
        add(STEER_MLP_UP,     il, f, no_mlp);
        add(STEER_MLP_ACT,    il, f, no_mlp);
        add(STEER_MLP_MID,    il, f, no_mlp);
        add(STEER_MLP_OUT,    il, d, no_mlp);
        add(STEER_MLP_ADD,    il, d, no_mlp);
        add(STEER_RESID,      il, d, "");
    }
    add(STEER_FINAL, 0, d, "");
    return out;
}

std::vector<llama_steer_site_info> llama_steer_model_sites(const llama_model * model) {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = 64;
    params.n_batch = params.n_ubatch = 16;
    params.n_threads = params.n_threads_batch = 1;
    params.no_perf = true;
    llama_context * ctx = llama_init_from_model(const_cast<llama_model *>(model), params);
    if (!ctx) { throw std::runtime_error("there is too little memory for a context in which to look for the model's places"); }
    llama_steer_probe(ctx);
    auto out = llama_steer_of(ctx)->sites();
    llama_free(ctx);
    return out;
}

std::vector<ggml_tensor *> llama_steer_model_tensors(const llama_model * model) {
    std::vector<ggml_tensor *> out;
    for (const auto & [name, tensor] : model->tensors_by_name) { out.push_back(tensor); }
    return out;
}

llama_steer * llama_steer_of(llama_context * ctx) {
    return ctx->get_steer();
}

void llama_steer_reserve(llama_context * ctx) {
    ctx->steer_reserve();
}

void llama_steer_probe(llama_context * ctx) {
    ctx->steer_probe();
}

void llama_steer_rope(llama_context * ctx, uint32_t n_ctx) {
    ctx->steer_rope(n_ctx);
}
