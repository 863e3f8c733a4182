// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/current_histogram.hpp"

#include <algorithm>
#include <cmath>

namespace jt {
namespace {

constexpr int kPerOctave = 4, kDown = 24, kUp = 7;            // octaves below and above 1
constexpr int kCurrentBins = kPerOctave * (kDown + kUp) + 1;  // 1 is the middle of its bin
constexpr double kOnEdge = 1.0 + 1e-9;

double edge(int n) {
    return std::exp2((n - 0.5) / kPerOctave - kDown);
}

}  // namespace

std::optional<CurrentHistogram> current_histogram(std::span<const float> values, const Bed& bed) {
    std::vector<std::int64_t> cells(std::size_t(kCurrentBins), 0);
    std::int64_t below = 0, above = 0, all = 0;
    for (std::size_t c = 0; c < values.size(); ++c) {
        if (!std::isfinite(values[c]) || (!bed.product.empty() && !bed.product[c])) continue;
        ++all;
        const double place = std::floor((std::log2(double(values[c])) + kDown) * kPerOctave + 0.5);  // -inf for 0
        if (place < 0.0)
            ++below;
        else if (place >= kCurrentBins)
            ++above;
        else
            ++cells[std::size_t(place)];
    }
    if (all == 0) return std::nullopt;
    CurrentHistogram h;
    for (int n = 0; n <= kCurrentBins; ++n) h.edges.push_back(edge(n));
    for (const std::int64_t n : cells) h.share.push_back(double(n) / double(all));
    h.below = double(below) / double(all), h.above = double(above) / double(all);
    return h;
}

std::optional<CurrentHistogram> current_histogram(const ElectricRun& run) {
    if (!(run.report.J0_A_per_m2 > 0.0)) return std::nullopt;
    std::vector<float> values;
    values.reserve(run.J_A_per_m2.size());
    for (const float J : run.J_A_per_m2) values.push_back(float(double(J) / run.report.J0_A_per_m2));
    return current_histogram(values, run.bed);
}

std::optional<CurrentHistogram> current_histogram(const CoupledRun& run, const RunFile& fields) {
    const auto& names = fields.fields();
    if (std::find(names.begin(), names.end(), "J_over_J0") == names.end()) return std::nullopt;
    const std::size_t outputs = std::min(run.records.size(), fields.steps());
    std::size_t strongest = 0;
    for (std::size_t n = 0; n < outputs; ++n)
        if (run.records[n].power_W > run.records[strongest].power_W) strongest = n;
    if (outputs == 0 || !run.records[strongest].J_crowding) return std::nullopt;
    auto h = current_histogram(fields.read("J_over_J0", strongest), run.bed);
    if (!h) return h;
    h->output = strongest;
    if (!run.steady) h->time_s = run.records[strongest].time_s;
    return h;
}

double share_above(const CurrentHistogram& h, double value) {
    double sum = h.above;
    for (std::size_t n = 0; n < h.share.size(); ++n)
        if (h.edges[n] * kOnEdge >= value) sum += h.share[n];
    return sum;
}

double share_below(const CurrentHistogram& h, double value) {
    double sum = h.below;
    for (std::size_t n = 0; n < h.share.size(); ++n)
        if (h.edges[n + 1] <= value * kOnEdge) sum += h.share[n];
    return sum;
}

nlohmann::ordered_json histogram_json(const CurrentHistogram& h) {
    std::size_t first = 0, last = h.share.size();
    while (first < last && h.share[first] == 0.0) ++first;
    while (last > first && h.share[last - 1] == 0.0) --last;
    nlohmann::ordered_json out;
    if (h.time_s) out["time_s"] = *h.time_s;
    const auto from = std::ptrdiff_t(first), to = std::ptrdiff_t(last);
    out["edges"] = std::vector<double>(h.edges.begin() + from, h.edges.begin() + to + (last > first ? 1 : 0));
    out["share"] = std::vector<double>(h.share.begin() + from, h.share.begin() + to);
    out["below"] = h.below, out["above"] = h.above;
    return out;
}

}  // namespace jt
