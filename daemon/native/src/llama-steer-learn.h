#pragma once

// Private to libllama: what is noted of a graph while it is built to learn from.

#include "llama-steer.h"

#include <unordered_set>

struct llama_steer::trace {
    struct place { const ggml_tensor * tensor = nullptr; int times = 0; };
    struct norm  { const ggml_tensor * input, * output, * weight; };

    std::map<std::pair<int, int>, place> places;      // (site, layer)
    std::vector<norm> norms;
    std::unordered_set<const ggml_tensor *> streams;  // the embedding and the outputs of blocks
};
