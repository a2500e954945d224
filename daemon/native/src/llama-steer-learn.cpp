// What a graph of the model tells of its places, learnt from a build that computes nothing: which value of a layer is the residual
// stream, and which values are added to it. So no list of architectures has to be kept true to the next llama.cpp. Looked at while the
// graph is built, because the scheduler puts copies between its nodes afterwards.

#include "llama-steer-learn.h"

#include "llama-graph.h"
#include "llama-model.h"

#include <algorithm>

llama_steer::lesson::lesson(llama_steer & steer) : steer(steer) {
    steer.structure = {};
    steer.learner = std::make_unique<trace>();
}

llama_steer::lesson::~lesson() {
    steer.learner.reset();
}

// x is what a block's row makes of it without another matrix: a view, a copy, the rows of the outputs
static const ggml_tensor * same_rows(const ggml_tensor * t) {
    for (;;) {
        switch (t->op) {
            case GGML_OP_RESHAPE: case GGML_OP_VIEW: case GGML_OP_CONT:
                t = t->src[0];
                break;
            case GGML_OP_GET_ROWS:
                if (t->src[0]->op == GGML_OP_NONE) { return t; } // the look-up of a table
                t = t->src[0];
                break;
            default:
                return t;
        }
    }
}

// The terms of a sum, down to values that are not sums, or that `stops` names.
static void terms_of(const ggml_tensor * t, const std::unordered_set<const ggml_tensor *> & stops, std::vector<const ggml_tensor *> & terms) {
    t = same_rows(t);
    if (t->op == GGML_OP_GET_ROWS && !stops.count(t)) { return; } // of a table: positions or token types, added to the embedding
    if (t->op != GGML_OP_ADD || stops.count(t)) {
        terms.push_back(t);
        return;
    }
    terms_of(t->src[0], stops, terms);
    terms_of(t->src[1], stops, terms);
}

// Whether a value is the residual stream of a layer below, or the embedding, apart from factors and norms.
static bool descends(const ggml_tensor * t, const std::unordered_set<const ggml_tensor *> & streams) {
    for (t = same_rows(t); !streams.count(t); t = same_rows(t->src[0])) {
        switch (t->op) {
            case GGML_OP_SCALE: case GGML_OP_NORM: case GGML_OP_RMS_NORM: case GGML_OP_MUL:
                break;
            case GGML_OP_ADD:
                if (descends(t->src[1], streams)) { return true; }
                break;
            default:
                return false;
        }
    }
    return true;
}

void llama_steer::passed(const ggml_tensor * x, int site, int layer) const {
    auto & [tensor, times] = learner->places[{ site, layer }];
    tensor = x;
    times += 1;
    if (times > 1) { structure.refused[{ site, layer }] = "the graph passes through this place more than once"; }
    if (site == STEER_EMBD || site == STEER_RESID) { learner->streams.insert(x); }
}

void llama_steer::learn_norm(const llm_graph_context & g, const ggml_tensor * x, const ggml_tensor * weight, bool final) const {
    const ggml_tensor * t = x;
    while (t && t->op != GGML_OP_NORM && t->op != GGML_OP_RMS_NORM && t->op != GGML_OP_GROUP_NORM) { t = t->src[0]; }
    if (t) { learner->norms.push_back({ same_rows(t->src[0]), x, weight }); }
    if (final) { structure.gather = x->ne[1] == g.n_tokens ? llama_steer_structure::AFTER_NORM : llama_steer_structure::BEFORE_NORM; }
}

// x: the output of a block. Refuses what cannot be what its name says, and finds *.add: resid(l−1) + attn.add + mlp.add = resid(l).
void llama_steer::learn_layer(const ggml_tensor * x, int layer) const {
    const auto refuse = [&](int site, const char * reason) { structure.refused[{ site, layer }] = reason; };
    if (x->ne[2] != 1) {
        for (int site : { STEER_RESID, STEER_ATTN_ADD, STEER_MLP_ADD }) { refuse(site, "the residual of this architecture has several streams"); }
        return;
    }
    // a block's output and a norm are one term each, also where a bias was added to them
    auto stops = learner->streams;
    for (int out : { STEER_ATTN_OUT, STEER_MLP_OUT }) {
        const auto place = learner->places.find({ out, layer });
        if (place != learner->places.end()) { stops.insert(same_rows(place->second.tensor)); }
    }
    for (const auto & norm : learner->norms) { stops.insert(norm.output); }
    std::vector<const ggml_tensor *> terms;
    terms_of(x, stops, terms);
    const auto stream = std::find_if(terms.begin(), terms.end(), [&](const auto * t) { return descends(t, learner->streams); });
    const bool has_stream = stream != terms.end();
    if (!has_stream) { refuse(STEER_RESID, "the graph of this architecture hands over another value than the residual"); }
    if (has_stream) { terms.erase(stream); }
    const auto take = [&](const ggml_tensor * t) {
        const auto it = std::find(terms.begin(), terms.end(), same_rows(t));
        if (it == terms.end()) { return false; }
        terms.erase(it);
        return true;
    };
    std::vector<std::pair<int, const ggml_tensor *>> found; // site, weight of the norm before it
    for (const auto & [out, add] : { std::pair(STEER_ATTN_OUT, STEER_ATTN_ADD), std::pair(STEER_MLP_OUT, STEER_MLP_ADD) }) {
        const auto place = learner->places.find({ out, layer });
        if (place == learner->places.end()) { continue; }
        const ggml_tensor * raw = same_rows(place->second.tensor);
        const auto norm = std::find_if(learner->norms.begin(), learner->norms.end(), [&](const auto & n) { return n.input == raw; });
        if (!has_stream) {
            refuse(add, "the graph of this architecture does not show the residual that it is added to");
        } else if (take(raw)) {
            found.push_back({ add, nullptr });
        } else if (norm != learner->norms.end() && norm->weight && take(norm->output)) {
            found.push_back({ add, norm->weight });
        } else {
            refuse(add, "what enters the residual is not this value as it is");
        }
    }
    for (const auto & [add, weight] : found) {
        seen[{ add, layer }] = (int) x->ne[0];
        if (found.size() == 2 && !terms.empty()) {
            refuse(add, "more than attention and MLP enters the residual of this layer");
        } else if (weight) {
            structure.norms[weight] = { add, layer };
        } else {
            structure.direct.insert({ add, layer });
        }
    }
}
