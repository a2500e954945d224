#pragma once

#include "llama-steer.h"

#include <napi.h>

#include <string>
#include <vector>

// The site that a text names. @throws std::runtime_error
int site_named(const std::string & name);
// The site of an object with `site`.
int site_of(const Napi::Object & o);

// Element, bank, probe and tap lists become one place per (site, layer), in order of first mention of a probe so that the
// readings of a token come in topology order.
std::vector<llama_steer_place> places_of(const Napi::Object & topology);
