#pragma once

#include "chat.h"

#include <napi.h>

// A chat template on llama.cpp's own renderer (common_chat in libllama-common): a conversation becomes the very text that its
// server would make of it, and an answer is taken apart again into reasoning, content and tool calls.
class ChatTemplate : public Napi::ObjectWrap<ChatTemplate> {
public:
    static Napi::Function define(Napi::Env env);
    static Napi::FunctionReference constructor;
    explicit ChatTemplate(const Napi::CallbackInfo & info);

private:
    Napi::Value facts(const Napi::CallbackInfo & info);
    Napi::Value render(const Napi::CallbackInfo & info);

    common_chat_templates_ptr templates;
    std::vector<std::string>  identifiers;
    bool thinking = false; // what the server's default for `enable_thinking` is
};

// How the answer to one rendered conversation is read.
class ChatParser : public Napi::ObjectWrap<ChatParser> {
public:
    static Napi::Function define(Napi::Env env);
    static Napi::FunctionReference constructor;
    explicit ChatParser(const Napi::CallbackInfo & info);

private:
    Napi::Value parse(const Napi::CallbackInfo & info);

    common_chat_parser_params params;
};
