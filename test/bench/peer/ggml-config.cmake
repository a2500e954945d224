# Answers llama.cpp's `find_package(ggml)` (LLAMA_USE_SYSTEM_GGML) with the ggml libraries that npm shipped, so that its server
# is built from the unmodified source and computes with the very kernels that Tiller uses.
# Given by llama-server.ts: PEER_GGML_INCLUDE (headers) and PEER_GGML_LIBRARIES (ggml first, then ggml-base).
foreach(file ${PEER_GGML_LIBRARIES})
    get_filename_component(name "${file}" NAME_WE)
    add_library(ggml::${name} SHARED IMPORTED GLOBAL)
    set_target_properties(ggml::${name} PROPERTIES
        IMPORTED_LOCATION "${file}"
        IMPORTED_IMPLIB "${file}"
        INTERFACE_INCLUDE_DIRECTORIES "${PEER_GGML_INCLUDE}")
    list(APPEND peer_ggml ggml::${name})
endforeach()

add_library(ggml::ggml INTERFACE IMPORTED GLOBAL)
set_target_properties(ggml::ggml PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${PEER_GGML_INCLUDE}"
    INTERFACE_COMPILE_DEFINITIONS "GGML_SHARED;GGML_BACKEND_SHARED"
    INTERFACE_LINK_LIBRARIES "${peer_ggml}")
set(ggml_FOUND TRUE)
