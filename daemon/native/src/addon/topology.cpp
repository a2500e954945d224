#include "topology.h"

#include "convert.h"

#include <stdexcept>

int site_named(const std::string & name) {
    for (int s = 0; s < STEER_SITE_COUNT; ++s) {
        if (name == llama_steer_site_name(s)) { return s; }
    }
    throw std::runtime_error("unknown site '" + name + "'");
}

int site_of(const Napi::Object & o) {
    return site_named(text(o, "site"));
}

std::vector<llama_steer_place> places_of(const Napi::Object & o) {
    std::vector<llama_steer_place> places;
    auto at = [&](const Napi::Object & entry) -> llama_steer_place & {
        const int site = site_of(entry), layer = (int) number(entry, "layer");
        for (auto & p : places) { if (p.site == site && p.layer == layer) { return p; } }
        places.emplace_back();
        places.back().site = site;
        places.back().layer = layer;
        return places.back();
    };
    auto each = [&](const char * name, auto f) {
        auto list = array(o, name);
        for (uint32_t i = 0; i < list.Length(); ++i) {
            auto entry = list.Get(i).As<Napi::Object>();
            f(entry, at(entry));
        }
    };
    each("probes", [&](const Napi::Object & e, llama_steer_place & p) {
        if (p.probes > 0) { throw std::runtime_error("the probes of one place must come in one entry"); }
        p.probes = (int) number(e, "count");
        p.w = values<float>(e.Get("w"), "probes.w");
    });
    each("element", [&](const Napi::Object & e, llama_steer_place & p) {
        p.scale = p.scale || boolean(e, "scale");
        p.shift = p.shift || boolean(e, "shift");
    });
    each("banks", [&](const Napi::Object & e, llama_steer_place & p) {
        p.rank = (int) number(e, "rank");
        p.v = values<float>(e.Get("v"), "banks.v");
        p.u = values<float>(e.Get("u"), "banks.u");
    });
    each("taps", [&](const Napi::Object &, llama_steer_place & p) { p.tap = true; });
    return places;
}
