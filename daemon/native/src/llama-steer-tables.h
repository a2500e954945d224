#pragma once

// Private to libllama: the tensors of one place.

#include "llama-steer.h"

#include "ggml-backend.h"

struct llama_steer::tables {
    int           width  = 0;
    // one row per profile; the row after them holds a copy of the profile that all tokens of a ubatch share
    ggml_tensor * scale  = nullptr; // [n, profiles + 1]
    ggml_tensor * shift  = nullptr; // [n, profiles + 1]
    ggml_tensor * v      = nullptr; // [n, rank]
    ggml_tensor * ut     = nullptr; // [rank, n], U transposed so that U·k is one mul_mat
    ggml_tensor * params = nullptr; // [6·rank, profiles + 1]
    ggml_tensor * rotate = nullptr; // [1, profiles + 1]
    ggml_tensor * w      = nullptr; // [n, probes]
    std::vector<bool> dirty;        // profiles whose rows are not identity
    bool         large  = false;    // a row was written that could lead out of the bound; its values are clamped from then on
};
