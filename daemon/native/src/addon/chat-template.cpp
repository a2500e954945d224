#include "chat-template.h"

#include "convert.h"

#include "jinja/lexer.h"
#include "jinja/parser.h"
#include "llama.h"
#include "log.h"

#include <set>

Napi::FunctionReference ChatTemplate::constructor;
Napi::FunctionReference ChatParser::constructor;

static Napi::Array strings(Napi::Env env, const std::vector<std::string> & v) {
    auto out = Napi::Array::New(env, v.size());
    for (uint32_t i = 0; i < v.size(); ++i) { out.Set(i, Napi::String::New(env, v[i])); }
    return out;
}

// names that the template's statements and expressions speak of: a value under another name has no effect
static std::vector<std::string> identifiers_of(const std::string & source) {
    std::set<std::string> names;
    for (const auto & token : jinja::lexer().tokenize(source).tokens) {
        if (token.t == jinja::token::identifier) { names.insert(token.value); }
    }
    return { names.begin(), names.end() };
}

Napi::Function ChatTemplate::define(Napi::Env env) {
    // its log would hold what users write
    common_log_set_verbosity_thold(-1);
    auto f = DefineClass(env, "NativeChatTemplate", {
        InstanceMethod<&ChatTemplate::facts>("facts"),
        InstanceMethod<&ChatTemplate::render>("render"),
    });
    constructor = Napi::Persistent(f);
    constructor.SuppressDestruct();
    return f;
}

// (model, source): source "" is the model's own template
ChatTemplate::ChatTemplate(const Napi::CallbackInfo & info) : Napi::ObjectWrap<ChatTemplate>(info) {
    guarded(info.Env(), [&]() {
        const auto * model = info[0].As<Napi::External<llama_model>>().Data();
        const auto source  = info[1].As<Napi::String>().Utf8Value();
        if (!source.empty()) {
            // common_chat_templates_init says no more than "std::exception" of a template that cannot be parsed
            jinja::parse_from_tokens(jinja::lexer().tokenize(source));
        }
        templates   = common_chat_templates_init(model, source);
        identifiers = identifiers_of(common_chat_templates_source(templates.get()));
        try {
            thinking = common_chat_templates_support_enable_thinking(templates.get());
        } catch (const std::exception &) {
            // it refuses a lone turn of the user; what it says of others is its own affair
        }
    });
}

Napi::Value ChatTemplate::facts(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    auto out = Napi::Object::New(env);
    auto caps = Napi::Object::New(env);
    for (const auto & [name, value] : common_chat_templates_get_caps(templates.get())) { caps.Set(name, Napi::Boolean::New(env, value)); }
    out.Set("source", Napi::String::New(env, common_chat_templates_source(templates.get())));
    out.Set("thinking", Napi::Boolean::New(env, thinking));
    out.Set("capabilities", caps);
    out.Set("identifiers", strings(env, identifiers));
    return out;
}

// as tools/server/server-common.cpp reads a request; what may be asked for is checked in TypeScript
static common_chat_templates_inputs inputs_of(const common_json & request, bool thinking, bool parallel) {
    common_chat_templates_inputs inputs;
    inputs.messages               = common_chat_msgs_parse_oaicompat(request.at("messages"));
    inputs.tools                  = common_chat_tools_parse_oaicompat(request.value("tools", common_json()));
    inputs.tool_choice            = common_chat_tool_choice_parse_oaicompat(request.value("tool_choice", "auto"));
    inputs.parallel_tool_calls    = request.value("parallel_tool_calls", parallel);
    inputs.add_generation_prompt  = request.value("add_generation_prompt", true);
    inputs.continue_final_message = common_chat_continuation_parse(request.value("continue_final_message", common_json(false)));
    inputs.reasoning_format       = COMMON_REASONING_FORMAT_DEEPSEEK;
    inputs.enable_thinking        = request.value("enable_thinking", thinking);
    inputs.json_schema            = request.contains("json_schema") ? request.at("json_schema").dump() : std::string();
    if (request.contains("chat_template_kwargs")) {
        for (const auto & item : request.at("chat_template_kwargs").items()) { inputs.chat_template_kwargs[item.key()] = item.value().dump(); }
    }
    return inputs;
}

static Napi::Object to_js(Napi::Env env, const common_chat_params & p) {
    auto out = Napi::Object::New(env);
    out.Set("prompt", Napi::String::New(env, p.prompt));
    out.Set("generationPrompt", Napi::String::New(env, p.generation_prompt));
    out.Set("format", Napi::Number::New(env, (int) p.format));
    out.Set("parser", Napi::String::New(env, p.parser));
    out.Set("thinks", Napi::Boolean::New(env, p.supports_thinking));
    out.Set("thinkingStart", Napi::String::New(env, p.thinking_start_tag));
    out.Set("thinkingEnds", strings(env, p.thinking_end_tags));
    out.Set("preservedTokens", strings(env, p.preserved_tokens));
    out.Set("stops", strings(env, p.additional_stops));
    out.Set("grammar", Napi::String::New(env, p.grammar));
    out.Set("grammarLazy", Napi::Boolean::New(env, p.grammar_lazy));
    auto triggers = Napi::Array::New(env, p.grammar_triggers.size());
    for (uint32_t i = 0; i < p.grammar_triggers.size(); ++i) {
        static const char * const kinds[] = { "token", "word", "pattern", "pattern-full" };
        const auto & trigger = p.grammar_triggers[i];
        auto one = Napi::Object::New(env);
        one.Set("type", kinds[(int) trigger.type]);
        one.Set("value", Napi::String::New(env, trigger.value));
        one.Set("token", Napi::Number::New(env, trigger.token));
        triggers.Set(i, one);
    }
    out.Set("grammarTriggers", triggers);
    return out;
}

Napi::Value ChatTemplate::render(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        const auto request = common_json::parse(info[0].As<Napi::String>().Utf8Value());
        const bool parallel = common_chat_templates_get_caps(templates.get())["supports_parallel_tool_calls"];
        return to_js(env, common_chat_templates_apply(templates.get(), inputs_of(request, thinking, parallel)));
    });
}

Napi::Function ChatParser::define(Napi::Env env) {
    auto f = DefineClass(env, "NativeChatParser", { InstanceMethod<&ChatParser::parse>("parse") });
    constructor = Napi::Persistent(f);
    constructor.SuppressDestruct();
    return f;
}

// (rendered): what `render` gave
ChatParser::ChatParser(const Napi::CallbackInfo & info) : Napi::ObjectWrap<ChatParser>(info) {
    guarded(info.Env(), [&]() {
        auto rendered = info[0].As<Napi::Object>();
        params.format            = (common_chat_format) (int) number(rendered, "format");
        params.reasoning_format  = COMMON_REASONING_FORMAT_DEEPSEEK;
        params.generation_prompt = text(rendered, "generationPrompt");
        const auto parser = text(rendered, "parser");
        if (!parser.empty()) { params.parser.load(parser); }
    });
}

// (text, partial)
Napi::Value ChatParser::parse(const Napi::CallbackInfo & info) {
    auto env = info.Env();
    return guarded(env, [&]() -> Napi::Value {
        const auto message = common_chat_parse(info[0].As<Napi::String>().Utf8Value(), info[1].As<Napi::Boolean>().Value(), params);
        auto out   = Napi::Object::New(env);
        auto calls = Napi::Array::New(env, message.tool_calls.size());
        for (uint32_t i = 0; i < message.tool_calls.size(); ++i) {
            auto one = Napi::Object::New(env);
            one.Set("id", Napi::String::New(env, message.tool_calls[i].id));
            one.Set("name", Napi::String::New(env, message.tool_calls[i].name));
            one.Set("arguments", Napi::String::New(env, message.tool_calls[i].arguments));
            calls.Set(i, one);
        }
        out.Set("content", Napi::String::New(env, message.content));
        out.Set("reasoning", Napi::String::New(env, message.reasoning_content));
        out.Set("toolCalls", calls);
        return out;
    });
}
