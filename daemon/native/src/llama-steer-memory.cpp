// Memory of a context: what it takes, and how its cache takes it.

#include "llama-steer.h"

#include "llama-context.h"

#include "ggml-backend.h"

#include <cstring>

#ifdef __linux__
#    include <sys/mman.h>
#    include <unistd.h>
#endif

bool llama_steer_flash_attention(const llama_context * ctx) {
    return ctx->get_cparams().flash_attn;
}

void llama_steer_memory(const llama_context * ctx, size_t & kv, size_t & compute) {
    for (const auto & [buft, data] : ctx->memory_breakdown()) {
        kv      += data.context;
        compute += data.compute;
    }
}

// The system gives private memory as pages of zeroes, each when it is first touched. Writing zeroes would touch them all: eight
// sequences of full length would take a gigabyte before the first question.
void llama_steer_zero(ggml_backend_buffer_t buffer) {
#ifdef __linux__
    const size_t size = ggml_backend_buffer_get_size(buffer);
    if (ggml_backend_buffer_get_type(buffer) == ggml_backend_cpu_buffer_type() && size > 0) {
        auto * const data = (char *) ggml_backend_buffer_get_base(buffer);
        const uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE), start = (uintptr_t) data, end = start + size;
        const uintptr_t first = (start + page - 1)/page*page, last = end/page*page;
        if (first < last && madvise((void *) first, last - first, MADV_DONTNEED) == 0) {
            std::memset(data, 0, first - start);
            std::memset((void *) last, 0, end - last);
            return;
        }
    }
#endif
    ggml_backend_buffer_clear(buffer, 0);
}
