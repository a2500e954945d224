// Changes to a context: staged by its owner, applied by the decoding thread at the start of the next decode, in order.

#include "decoder.h"

#include <stdexcept>

int64_t Decoder::stage(std::function<void()> change) {
    require_open();
    std::lock_guard<std::mutex> lock(queue);
    if (staged.empty()) { oldest = version + 1; }
    staged.push_back(std::move(change));
    return ++version;
}

// All of them are applied, whatever becomes of one: the caller's picture of the cache rests on those after it.
std::string Decoder::apply_staged() {
    std::vector<std::function<void()>> changes;
    {
        std::lock_guard<std::mutex> lock(queue);
        changes.swap(staged);
        applied = version;
    }
    std::string failed;
    for (auto & change : changes) {
        try {
            change();
        } catch (const std::exception & e) {
            if (failed.empty()) { failed = e.what(); }
        }
    }
    return failed;
}

int64_t Decoder::configure(std::vector<llama_steer_place> places) {
    return stage([this, places = std::move(places)]() mutable {
        // also after a failure, which leaves another topology than before: none
        llama_steer_reserve(ctx);
        try {
            steer->configure(std::move(places), settings.max_profiles);
        } catch (...) {
            place_accumulators();
            throw;
        }
        place_accumulators();
    });
}

int64_t Decoder::write_profile(int profile, ProfileRows rows) {
    const int last = settings.max_profiles - 2;
    if (profile <= 0 || profile > last) { throw std::runtime_error("profile must lie between 1 and " + std::to_string(last)); }
    return stage([this, profile, rows = std::move(rows)] {
        const uint64_t before = steer->version();
        steer->clear_profile(profile);
        for (const auto & e : rows.elements) {
            const size_t count = e.dense ? std::max(e.scale.size(), e.shift.size()) : e.indices.size();
            if ((!e.scale.empty() && e.scale.size() != count) || (!e.shift.empty() && e.shift.size() != count)) { throw std::runtime_error("indices, scale and shift differ in length"); }
            steer->write_element(e.site, e.layer, profile, e.dense ? nullptr : e.indices.data(), count, e.scale.empty() ? nullptr : e.scale.data(), e.shift.empty() ? nullptr : e.shift.data());
        }
        for (const auto & b : rows.banks) {
            for (const auto & p : steer->places()) {
                if (p.site == b.site && p.layer == b.layer && b.params.size() != (size_t) llama_steer::N_PARAMS*p.rank) { throw std::runtime_error("bank parameters do not fit its rank"); }
            }
            steer->write_bank(b.site, b.layer, profile, b.params.data(), b.rotate);
        }
        if (steer->version() != before) { llama_steer_reserve(ctx); }
    });
}

int64_t Decoder::bind(int seq, int from, int profile) {
    require_sequence(seq);
    if (profile < 0 || profile >= settings.max_profiles - 1) { throw std::runtime_error("no such profile"); }
    return stage([=] { steer->bind(seq, from, profile); });
}

int64_t Decoder::seq_remove(int seq, int from, int to) {
    require_sequence(seq);
    return stage([=] {
        llama_memory_seq_rm(llama_get_memory(ctx), seq, from, to);
        if (from <= 0 && to < 0) { steer->unbind(seq); }
    });
}

int64_t Decoder::seq_copy(int a, int b, int from, int to) {
    require_sequence(a);
    require_sequence(b);
    return stage([=] {
        auto * memory = llama_get_memory(ctx);
        if (settings.unified || a == b) {
            llama_memory_seq_cp(memory, a, b, from, to);
            return;
        }
        // between streams the data is copied, all of it; what was not asked for goes again
        llama_memory_seq_cp(memory, a, b, -1, -1);
        if (from > 0) { llama_memory_seq_rm(memory, b, -1, from); }
        if (to >= 0)  { llama_memory_seq_rm(memory, b, to, -1); }
    });
}

int64_t Decoder::seq_shift(int seq, int from, int to, int delta) {
    require_sequence(seq);
    require_open();
    if (!llama_memory_can_shift(llama_get_memory(ctx))) { throw std::runtime_error("this model's cache cannot be shifted"); }
    return stage([=] {
        llama_memory_seq_add(llama_get_memory(ctx), seq, from, to, delta);
        steer->shift(seq, from, to, delta);
    });
}

int64_t Decoder::set_control_vector(std::vector<float> data, int first, int last) {
    return stage([this, data = std::move(data), first, last] {
        const int rc = llama_set_adapter_cvec(ctx, data.empty() ? nullptr : data.data(), data.size(), llama_model_n_embd(model), first, last);
        if (rc != 0) { throw std::runtime_error("llama.cpp refused the control vector"); }
    });
}

// index of the place that an accumulator reads, SIZE_MAX where nothing is tapped
static size_t tapped(const llama_steer & steer, const Accumulator & a) {
    const auto & places = steer.places();
    for (size_t i = 0; i < places.size(); ++i) {
        if (places[i].site == a.site && places[i].layer == a.layer && places[i].tap) { return i; }
    }
    return SIZE_MAX;
}

// Their places are known when they are applied, after the changes staged before.
int64_t Decoder::set_accumulators(std::vector<Accumulator> next) {
    return stage([this, next = std::move(next)]() mutable {
        for (auto & a : next) {
            a.place = tapped(*steer, a);
            if (a.place == SIZE_MAX) { throw std::runtime_error(std::string("no tap at ") + llama_steer_site_name(a.site) + " layer " + std::to_string(a.layer)); }
            a.init(steer->width_of(a.site, a.layer));
        }
        accumulators = std::move(next);
    });
}

// A new topology numbers its places anew; one whose tap is gone keeps what it has and counts no more.
void Decoder::place_accumulators() {
    for (auto & a : accumulators) { a.place = tapped(*steer, a); }
}

std::vector<Accumulator> Decoder::read_accumulators() const {
    require_open();
    std::lock_guard<std::mutex> lock(context);
    return accumulators;
}
