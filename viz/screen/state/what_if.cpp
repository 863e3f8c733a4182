// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/what_if.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace jt {

namespace {

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

}  // namespace

std::optional<Segment> hold_ahead(const Program& program, double now, double end) {
    std::optional<Segment> found;
    for (const auto& segment : segments_of(program, end))
        if (segment.kind == Segment::Kind::hold && segment.to_s > now + 1e-9 &&
            (!found || segment.to_value > found->to_value + 1e-9))
            found = segment;
    return found;
}

std::optional<WhatIf> what_if(const Program& program, double now, double end, double dT, double factor) {
    const auto hold = hold_ahead(program, now, end);
    if (!hold || !std::isfinite(dT) || !(factor > 0.0)) return std::nullopt;
    const double from = std::max(now, hold->from_s), value = hold->to_value;
    const double length = factor * (hold->to_s - from), later = length - (hold->to_s - from);
    WhatIf result;
    Program& p = result.program;
    const auto add = [&](double t, double v) { p.time.push_back(t), p.value.push_back(v); };
    for (std::size_t n = 0; n < program.time.size(); ++n) {
        // The hold's own first point stands for its new height below.
        if (program.time[n] >= from - 1e-9) break;
        add(program.time[n], program.value[n]);
    }
    if (now > hold->from_s) add(now, program.at(now));  // a hold that goes on steps here
    add(from, value + dT);
    add(from + length, value + dT);
    for (std::size_t n = 0; n < program.time.size(); ++n) {
        const double t = program.time[n];
        if (t > hold->to_s + 1e-9 || (t > hold->to_s - 1e-9 && std::abs(program.value[n] - value) > 1e-6))
            add(t + later, program.value[n]);
    }
    result.end_s = end + later;
    return result;
}

std::string set_option(const Program& program) {
    std::string text = "--set 'heater.program={points=[";
    for (std::size_t n = 0; n < program.time.size(); ++n) {
        text += n > 0 ? ",[\"" : "[\"";
        text.append(number(program.time[n])).append(" s\",\"").append(number(program.value[n])).append(" K\"]");
    }
    return text + "]}'";
}

}  // namespace jt
