// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/colour_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "twin/quantity/quantity.hpp"

namespace jt {

namespace {

constexpr Colour kInferno[] = {hex(0x000004), hex(0x1B0C41), hex(0x4A0C6B), hex(0x781C6D), hex(0xA52C60),
                               hex(0xCF4446), hex(0xED6925), hex(0xFB9B06), hex(0xF7D13D), hex(0xFCFFA4)};
constexpr Colour kDiverging[] = {hex(0x14427A), hex(0x456794), hex(0x758DAD), hex(0xA6B4C6), hex(0xD9DCDE),
                                 hex(0xC8B3AA), hex(0xB58B78), hex(0xA16346), hex(0x8A3A08)};
constexpr Colour kViridis[] = {hex(0x440154), hex(0x482878), hex(0x3E4989), hex(0x31688E), hex(0x26828E),
                               hex(0x1F9E89), hex(0x35B779), hex(0x6DCD59), hex(0xB4DE2C), hex(0xFDE725)};
constexpr Colour kUncertainty[] = {hex(0xE9EBED), hex(0xC3C3D3), hex(0x9E9CB9), hex(0x7A779F), hex(0x595285), hex(0x3B2F6B)};

bool logarithmic(Scale scale) {
    return scale != Scale::linear;
}

// Nearest-rank percentiles of the finite values; empty when there are none.
std::vector<double> percentiles(std::span<const float> values, bool positive_only, std::initializer_list<double> ranks) {
    std::vector<float> kept;
    kept.reserve(values.size());
    for (const float value : values)
        if (std::isfinite(value) && (!positive_only || value > 0.0f)) kept.push_back(value);
    std::vector<double> result;
    if (kept.empty()) return result;
    for (const double rank : ranks) {
        const auto at = kept.begin() + std::ptrdiff_t(rank * double(kept.size() - 1) + 0.5);
        std::nth_element(kept.begin(), at, kept.end());
        result.push_back(double(*at));
    }
    return result;
}

std::string power_of_two(int exponent) {
    const std::string whole = std::to_string(std::int64_t(1) << std::min(std::abs(exponent), 62));
    return exponent < 0 ? "1/" + whole : whole;
}

}  // namespace

std::span<const Colour> colour_stops(ColourMapId map) {
    switch (map) {
        case ColourMapId::inferno:
            return kInferno;
        case ColourMapId::diverging:
            return kDiverging;
        case ColourMapId::viridis:
            return kViridis;
        case ColourMapId::uncertainty:
            return kUncertainty;
    }
    return kViridis;
}

Colour colour_at(ColourMapId map, double position) {
    const auto stops = colour_stops(map);
    const double along = std::clamp(position, 0.0, 1.0) * double(stops.size() - 1);
    const std::size_t i = std::min(std::size_t(along), stops.size() - 2);
    const double f = along - double(i);
    const auto mix = [f](std::uint8_t a, std::uint8_t b) { return std::uint8_t(a + f * (double(b) - a) + 0.5); };
    return {mix(stops[i].r, stops[i + 1].r), mix(stops[i].g, stops[i + 1].g), mix(stops[i].b, stops[i + 1].b)};
}

double Range::position(double v) const {
    if (!logarithmic(scale)) return (v - low) / (high - low);
    if (v <= 0.0) return -std::numeric_limits<double>::infinity();
    return (std::log2(v) - std::log2(low)) / (std::log2(high) - std::log2(low));
}

double Range::value(double at) const {
    return logarithmic(scale) ? low * std::pow(high / low, at) : low + at * (high - low);
}

Range make_range(Scale scale, double low, double high) {
    const bool ok = std::isfinite(low) && std::isfinite(high) && low < high && (!logarithmic(scale) || low > 0.0);
    if (!ok)
        throw InputError(
            "colour range " + std::to_string(low) + " .. " + std::to_string(high) + ": " +
            (logarithmic(scale) ? "a logarithmic scale needs 0 < low < high" : "low < high is needed, both finite"));
    return {scale, low, high};
}

Range range_of(const Quantity& quantity, std::span<const float> values) {
    if (quantity.range) {
        auto [low, high] = *quantity.range;
        if (quantity.scale == Scale::log2) {
            const auto top = percentiles(values, true, {0.99});
            // Widened on both sides, so that the neutral colour stays in the middle.
            for (int step = 0; step < 16 && !top.empty() && top[0] > high; ++step) low /= 2.0, high *= 2.0;
        }
        return make_range(quantity.scale, low, high);
    }
    if (logarithmic(quantity.scale)) {
        const auto ends = percentiles(values, true, {0.01, 0.99});
        if (ends.empty()) return make_range(quantity.scale, 0.1, 10.0);
        // At least a factor of two, so that rounding noise of a uniform field is not blown up to the whole map.
        return ends[1] >= 2.0 * ends[0] ? make_range(quantity.scale, ends[0], ends[1])
                                        : make_range(quantity.scale, ends[0] / 2.0, ends[1] * 2.0);
    }
    const auto ends = percentiles(values, false, {0.0, 1.0});
    if (ends.empty()) return make_range(quantity.scale, 0.0, 1.0);
    const double margin = 1e-6 * std::max(std::abs(ends[0]), std::abs(ends[1]));
    if (ends[1] - ends[0] > margin) return make_range(quantity.scale, ends[0], ends[1]);
    const double half = std::max(0.5 * std::abs(ends[0]), 0.5);
    return make_range(quantity.scale, ends[0] - half, ends[0] + half);
}

Shade ColourScale::operator()(double value) const {
    if (std::isnan(value)) return {};
    const double position = range.position(value);
    // The bounds themselves are inside, whatever the rounding of the logarithm.
    const Datum datum = value < range.low ? Datum::below : value > range.high ? Datum::above : Datum::inside;
    return {colour_at(map, position), datum};
}

std::vector<Tick> round_ticks(const Range& range, int about) {
    about = std::max(about, 2);
    std::vector<Tick> ticks;
    const auto add = [&](double value, std::string label) {
        ticks.push_back({value, range.position(value), std::move(label)});
    };
    const double tiny = 1e-9;
    if (range.scale == Scale::log2) {
        const int first = int(std::ceil(std::log2(range.low) - tiny)), last = int(std::floor(std::log2(range.high) + tiny));
        const int stride = std::max(1, int(std::ceil(double(last - first) / about)));
        // Multiples of the stride, so that 1 is a tick whenever it is in the range.
        for (int e = first; e <= last; ++e)
            if (e % stride == 0) add(std::exp2(e), power_of_two(e));
        if (ticks.size() >= 2) return ticks;
        ticks.clear();
    }
    if (range.scale == Scale::log10) {
        const int first = int(std::ceil(std::log10(range.low) - tiny)), last = int(std::floor(std::log10(range.high) + tiny));
        if (last - first >= 2) {
            const int stride = std::max(1, int(std::ceil(double(last - first) / about)));
            for (int e = first; e <= last; ++e)
                if (e % stride == 0) add(std::pow(10.0, e), format_number(std::pow(10.0, e), 1));
            return ticks;
        }
        for (int e = first - 1; e <= last; ++e)
            for (const int m : {1, 2, 5}) {
                const double v = m * std::pow(10.0, e);
                if (v >= range.low * (1 - tiny) && v <= range.high * (1 + tiny)) add(v, format_number(v, 1));
            }
        if (ticks.size() >= 2) return ticks;
        ticks.clear();
    }
    // The round step whose number of ticks is nearest to what is asked for.
    const double raw = (range.high - range.low) / about, decade = std::pow(10.0, std::floor(std::log10(raw)));
    double step = 10.0 * decade, n0 = 0.0, n1 = -1.0;
    double nearest = std::numeric_limits<double>::infinity();
    for (const double m : {1.0, 2.0, 5.0, 10.0}) {
        const double first = std::ceil(range.low / (m * decade) - tiny), last = std::floor(range.high / (m * decade) + tiny);
        const double off = std::abs(last - first + 1 - about);
        if (off > nearest) continue;
        nearest = off, step = m * decade, n0 = first, n1 = last;
    }
    // Digits that tell neighbouring ticks apart.
    const double largest = std::max(std::abs(range.low), std::abs(range.high));
    for (double n = n0; n <= n1 && ticks.size() < 64; ++n) {
        const double v = n * step;
        const double own = std::max(std::abs(v), step);
        const int digits = std::clamp(int(std::floor(std::log10(own) + tiny) - std::floor(std::log10(step) + tiny)) + 1, 1, 12);
        add(v, std::abs(v) < step / 2 ? "0" : format_number(v, largest > 0 ? digits : 1));
    }
    return ticks;
}

}  // namespace jt
