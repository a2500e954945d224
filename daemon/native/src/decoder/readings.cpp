// What a decode reads out: probes, taps and accumulators.

#include "decoder.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <unordered_map>

// Where the values of probes and taps go, by the row of the request that (sequence, position) belongs to.
void Decoder::read_rows(Job & job) {
    const auto & r = job.request;
    auto & out = job.outcome;
    const auto & places = steer->places();
    size_t count = 0;
    std::vector<size_t> first_probe(places.size(), 0), capture_of(places.size(), SIZE_MAX);
    for (size_t i = 0; i < places.size(); ++i) {
        first_probe[i] = count;
        count += places[i].probes;
    }
    const int n = (int) r.tokens.size();
    out.probes.assign((size_t) n*count, 0.0f);
    const bool capture = !r.capture.empty() && std::any_of(r.capture.begin(), r.capture.end(), [](uint8_t c) { return c != 0; });
    const bool classes = !r.classes.empty() && !accumulators.empty();
    steer->want_taps = capture || classes;
    if (count == 0 && !steer->want_taps) {
        steer->on_row = nullptr;
        return;
    }
    if (capture) {
        for (size_t i = 0; i < places.size(); ++i) {
            if (!places[i].tap) { continue; }
            capture_of[i] = out.captures.size();
            out.captures.push_back({ i, places[i].site, places[i].layer, {}, {} });
        }
    }
    auto rows = std::make_shared<std::unordered_map<uint64_t, int>>();
    const auto key = [](llama_seq_id seq, llama_pos pos) { return ((uint64_t) (uint32_t) seq << 32) | (uint32_t) pos; };
    for (int i = 0; i < n; ++i) { (*rows)[key(r.sequences[i], r.positions[i])] = i; }
    steer->row_of = [rows, key](llama_seq_id seq, llama_pos pos) {
        auto it = rows->find(key(seq, pos));
        return it == rows->end() ? -1 : it->second;
    };
    steer->on_row = [this, &r, &out, first_probe, capture_of, count, capture, classes](size_t place, bool probe, int row, const float * x, int width) {
        if (probe) {
            std::memcpy(&out.probes[(size_t) row*count + first_probe[place]], x, width*sizeof(float));
            return;
        }
        if (capture && r.capture[row]) {
            auto & c = out.captures[capture_of[place]];
            c.rows.push_back(row);
            c.data.insert(c.data.end(), x, x + width);
        }
        if (classes && r.classes[row] >= 0) {
            for (auto & a : accumulators) {
                if (a.place == place && r.classes[row] < a.classes) { a.add(r.classes[row], x); }
            }
        }
    };
}

// Streams are computed one behind the other, so rows come in another order than they were asked for.
void Captured::sort() {
    if (std::is_sorted(rows.begin(), rows.end())) { return; }
    const size_t width = data.size()/rows.size();
    std::vector<size_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return rows[a] < rows[b]; });
    std::vector<int32_t> sorted;
    std::vector<float> values;
    values.reserve(data.size());
    for (size_t i : order) {
        sorted.push_back(rows[i]);
        values.insert(values.end(), data.begin() + i*width, data.begin() + (i + 1)*width);
    }
    rows = std::move(sorted);
    data = std::move(values);
}
