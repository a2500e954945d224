// Drives a Decoder as its owner may, to be run under ThreadSanitizer and AddressSanitizer: what is asked for while a decode runs, the
// ends of a life in every state, two decoders of one model at once. Prints a line for each check; ends with 1 at the first that fails.
//
// usage: decoder MODEL.gguf FOLDER-OF-GGML-LIBRARIES

#include "decoder.h"

#include "ggml-backend.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

static constexpr int ANSWERS = 3, TOKENS = 24, LAYER = 1;
static const char * PROMPTS[ANSWERS] = { "The cat sat on", "Once upon a time there was", "I am very" };

static void expect(bool holds, const char * what) {
    if (holds) { return; }
    std::fprintf(stderr, "not so: %s\n", what);
    std::exit(1);
}

template <typename F> static void expect_refused(F f, const std::string & words) {
    try {
        f();
    } catch (const std::runtime_error & e) {
        if (std::string(e.what()).find(words) == std::string::npos) { std::fprintf(stderr, "refused by: %s\n", e.what()); }
        expect(std::string(e.what()).find(words) != std::string::npos, words.c_str());
        return;
    }
    expect(false, words.c_str());
}

static void done(const char * what) {
    std::printf("ok: %s\n", what);
    std::fflush(stdout);
}

static DecoderSettings settings(int threads) {
    DecoderSettings s;
    s.n_ctx        = ANSWERS*256;
    s.n_batch      = 64;
    s.n_ubatch     = 64;
    s.n_seq        = ANSWERS;
    s.max_profiles = 6;
    s.threads      = threads;
    return s;
}

static SamplerSettings drawn(uint32_t seed) {
    SamplerSettings s;
    s.temperature  = 1;
    s.top_k        = 40;
    s.seed         = seed;
    s.top_logprobs = 2;
    return s;
}

static std::vector<int32_t> tokens_of(const llama_model * model, const char * text) {
    std::vector<int32_t> out(64);
    const auto * vocab = llama_model_get_vocab(model);
    out.resize(llama_tokenize(vocab, text, (int32_t) std::string(text).size(), out.data(), (int32_t) out.size(), true, false));
    return out;
}

// Asks for a decode, and runs `meanwhile` on the owner's thread until it has ended, once at least.
template <typename F> static Outcome decode(Decoder & decoder, Request request, F meanwhile) {
    std::promise<Outcome> end;
    auto future = end.get_future();
    decoder.decode(std::move(request), [&end](Outcome outcome) { end.set_value(std::move(outcome)); });
    do { meanwhile(); } while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready);
    return future.get();
}

static Outcome decode(Decoder & decoder, Request request) {
    return decode(decoder, std::move(request), [] { std::this_thread::yield(); });
}

static void close(Decoder & decoder) {
    std::promise<void> end;
    auto future = end.get_future();
    decoder.close([&end] { end.set_value(); });
    future.get();
}

static void add_row(Request & r, int32_t token, int32_t position, int32_t sequence, bool output, int32_t sampler) {
    r.tokens.push_back(token);
    r.positions.push_back(position);
    r.sequences.push_back(sequence);
    r.outputs.push_back(output);
    r.samplers.push_back(output ? sampler : -1);
}

static Request prompt(const llama_model * model, int answer, int32_t sampler) {
    Request r;
    const auto tokens = tokens_of(model, PROMPTS[answer]);
    for (size_t i = 0; i < tokens.size(); ++i) { add_row(r, tokens[i], (int32_t) i, answer, i + 1 == tokens.size(), sampler); }
    return r;
}

// What is written, token by token, all answers in one batch; `meanwhile(step)` runs while a decode does.
template <typename F> static std::vector<std::vector<int32_t>> write(const llama_model * model, Decoder & decoder, bool ahead, F meanwhile) {
    std::vector<std::vector<int32_t>> written(ANSWERS);
    std::vector<int32_t> samplers, positions;
    for (int a = 0; a < ANSWERS; ++a) {
        samplers.push_back(decoder.create_sampler(drawn(7 + a)));
        auto r = prompt(model, a, samplers[a]);
        positions.push_back((int32_t) r.tokens.size());
        const auto out = decode(decoder, std::move(r));
        expect(out.code.empty(), out.message.c_str());
        written[a].push_back(out.sampled[0]);
    }
    for (int step = 1; step < TOKENS; ++step) {
        Request r;
        r.ahead = ahead;
        for (int a = 0; a < ANSWERS; ++a) { add_row(r, written[a].back(), positions[a]++, a, true, samplers[a]); }
        const auto out = decode(decoder, std::move(r), [&] { meanwhile(step); });
        expect(out.code.empty(), out.message.c_str());
        for (int a = 0; a < ANSWERS; ++a) { written[a].push_back(out.sampled[a]); }
    }
    for (const auto sampler : samplers) { decoder.free_sampler(sampler); }
    return written;
}

static std::vector<llama_steer_place> places(const llama_model * model, bool tap) {
    llama_steer_place p;
    p.site  = STEER_RESID;
    p.layer = LAYER;
    p.shift = true;
    p.tap   = tap;
    p.probes = 1;
    p.w.assign(llama_model_n_embd(model), 0.01f);
    return { p };
}

static ProfileRows rows(float value) {
    ProfileRows r;
    r.elements.push_back({ STEER_RESID, LAYER, false, { 0, 1 }, {}, { value, -value } });
    return r;
}

static std::vector<std::vector<int32_t>> plain(const llama_model * model) {
    Decoder decoder(model, settings(1));
    return write(model, decoder, false, [](int) { std::this_thread::yield(); });
}

// All that an owner may do while a decode runs, none of which concerns the answers.
static void storm(const llama_model * model, const std::vector<std::vector<int32_t>> & wanted, bool ahead) {
    Decoder decoder(model, settings(2));
    decoder.configure(places(model, false));
    const auto written = write(model, decoder, ahead, [&](int step) {
        decoder.write_profile(1 + step % 3, rows(0.1f*step));
        if (step % 5 == 0) { decoder.configure(places(model, step % 2 == 0)); }
        const auto one = decoder.create_sampler(drawn(step)), other = decoder.fork_sampler(one, step + 1);
        decoder.accept_tokens(other, { 1, 2 });
        decoder.free_sampler(one);
        decoder.free_sampler(other);
        expect(decoder.decodes_begun() > 0, "decodes are counted");
        if (step % 4 == 0) { expect(decoder.memory().kv > 0, "the cache takes memory"); }
        if (step % 4 == 1) { expect(decoder.estimate(places(model, true)) > 0, "tables take memory"); }
        if (step % 4 == 2) { expect(decoder.graph_builds() > 0, "graphs were built"); }
    });
    expect(written == wanted, "answers are those of a quiet decoder");
    close(decoder);
}

static void accumulates(const llama_model * model) {
    Decoder decoder(model, settings(1));
    decoder.configure(places(model, true));
    Accumulator a;
    a.site  = STEER_RESID;
    a.layer = LAYER;
    decoder.set_accumulators({ a });
    auto r = prompt(model, 0, -1);
    const size_t n = r.tokens.size();
    r.classes.assign(n, 0);
    r.capture.assign(n, 1);
    const auto out = decode(decoder, std::move(r));
    expect(out.code.empty(), out.message.c_str());
    expect(out.captures.size() == 1 && out.captures[0].rows.size() == n, "every row is captured");
    expect(out.probes.size() == n, "every row is read");
    const auto read = decoder.read_accumulators();
    expect(read.size() == 1 && read[0].tokens[0] == (double) n, "every row is counted");
    double sum = 0, kept = 0;
    for (const auto x : out.captures[0].data) { sum += x; }
    for (const auto x : read[0].sum) { kept += x; }
    expect(std::abs(sum - kept) < 1e-3*(1 + std::abs(sum)), "what is counted is what is captured");
}

static void refuses(const llama_model * model) {
    Decoder decoder(model, settings(1));
    expect_refused([&] { decoder.bind(ANSWERS, 0, 0); }, "no such sequence");
    expect_refused([&] { decoder.bind(0, 0, 5); }, "no such profile");
    expect_refused([&] { decoder.write_profile(0, {}); }, "between 1 and 4");
    expect_refused([&] { decoder.fork_sampler(99, 1); }, "no such sampler");
    expect_refused([&] { decoder.decode({}, [](Outcome) {}); }, "1 to 64 tokens");
    auto r = prompt(model, 0, -1);
    r.links.assign(r.tokens.size()*LINKS, 0);
    expect_refused([&] { decoder.decode(r, [](Outcome) {}); }, "rows of the batch with an output");
    // a change that fails refuses the decode, and keeps none after it from being applied
    ProfileRows uneven;
    uneven.elements.push_back({ STEER_RESID, LAYER, false, { 0, 1 }, {}, { 1 } });
    decoder.configure(places(model, false));
    decoder.write_profile(1, uneven);
    decoder.write_profile(2, rows(1));
    expect(decode(decoder, prompt(model, 0, -1)).code == "staging-failed", "a change that cannot be is told");
    expect(decode(decoder, prompt(model, 0, -1)).code.empty(), "and the next decode goes on");
    close(decoder);
    expect_refused([&] { decoder.bind(0, 0, 0); }, "closed");
    expect_refused([&] { decoder.memory(); }, "closed");
    expect_refused([&] { decoder.create_sampler(drawn(1)); }, "closed");
    expect_refused([&] { decoder.decode(prompt(model, 0, -1), [](Outcome) {}); }, "closed");
}

// Closed and dropped in every state: unused, with a decode running, with more that have not begun.
static void lives(const llama_model * model) {
    for (int round = 0; round < 6; ++round) {
        { Decoder unused(model, settings(1 + round % 2)); }
        {
            Decoder dropped(model, settings(1));
            for (int k = 0; k < 3; ++k) {
                auto r = prompt(model, k, -1);
                dropped.decode(std::move(r), [](Outcome) {});
            }
            if (round % 2 == 0) { while (dropped.decodes_begun() == 0) { std::this_thread::yield(); } }
        }
        Decoder closed(model, settings(1));
        std::vector<std::promise<std::string>> ends(3);
        for (int k = 0; k < 3; ++k) {
            closed.decode(prompt(model, k, -1), [&ends, k](Outcome out) { ends[k].set_value(out.code); });
        }
        closed.write_profile(1, rows(1));
        close(closed);
        int refused = 0;
        for (auto & end : ends) {
            const auto code = end.get_future().get();
            expect(code.empty() || code == "closed", code.c_str());
            refused += code == "closed";
        }
        expect(refused > 0, "what had not begun is refused");
    }
}

static void two_at_once(const llama_model * model, const std::vector<std::vector<int32_t>> & wanted) {
    std::vector<std::thread> owners;
    for (int k = 0; k < 2; ++k) {
        owners.emplace_back([model, &wanted] {
            Decoder decoder(model, settings(1));
            expect(write(model, decoder, true, [](int) { std::this_thread::yield(); }) == wanted, "each writes as if it were alone");
        });
    }
    for (auto & owner : owners) { owner.join(); }
}

int main(int argc, char ** argv) {
    if (argc != 3) { return 2; }
    llama_log_set([](ggml_log_level, const char *, void *) {}, nullptr);
    ggml_backend_load_all_from_path(argv[2]);
    llama_backend_init();
    auto params = llama_model_default_params();
    params.n_gpu_layers = 0;
    auto * model = llama_model_load_from_file(argv[1], params);
    expect(model != nullptr, "the model loads");
    const auto wanted = plain(model);
    storm(model, wanted, false);
    done("answers are the same whatever is asked for beside them");
    storm(model, wanted, true);
    done("and where decodes begin before they are asked for");
    two_at_once(model, wanted);
    done("two decoders of one model, each with an owner of its own");
    accumulates(model);
    done("taps, probes and accumulators");
    refuses(model);
    done("what cannot be is refused");
    lives(model);
    done("closed and dropped in every state");
    llama_model_free(model);
    llama_backend_free();
    return 0;
}
