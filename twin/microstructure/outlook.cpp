// SPDX-License-Identifier: Apache-2.0
#include "twin/microstructure/outlook.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "kernels/observables.hpp"

namespace jt {
namespace {

constexpr double kSoft = 20.0;      // [K] added to rises: no shares of noise
constexpr double kMostShare = 3.0;  // of the rise; beyond it is no place that follows the program
constexpr std::size_t kManyCells = 100'000;
constexpr double kOutlookPart = 20.0;                     // [K] of the program in one part of the way; kernels/kinetics.hpp
constexpr double kMostLag = 0.35;                         // of the time since the start
constexpr int kShares = 512, kOrders = 64;                // classes of the rise's share, of Th
constexpr double kLowestTh = 500.0, kHighestTh = 2000.0;  // [K] of the classes

struct Class {
    double weight = 0.0, share = 0.0, Th = 0.0, lag = 0.0;  // sums, then means
};

const Program* own_program(const Scenario& s) {
    if (s.run.steady || s.run.solve != RunSpec::Solve::coupled) return nullptr;
    if (s.heater && (s.heater->mode == Heater::Mode::temperature || s.heater->mode == Heater::Mode::imposed))
        return s.heater->program.time.empty() ? nullptr : &s.heater->program;
    return s.furnace && !s.furnace->wall.time.empty() ? &s.furnace->wall : nullptr;
}

const Material* char_of(const Scenario& s) {
    const auto found = [&](bool of_product) -> const Material* {
        for (const Material& m : s.materials)
            if (m.kinetics &&
                (!of_product || std::find(s.bed.product.begin(), s.bed.product.end(), m.name) != s.bed.product.end()))
                return &m;
        return nullptr;
    };
    const Material* of_product = found(true);
    return of_product || !s.bed.product.empty() ? of_product : found(false);
}

// How long ago the program was `behind` lower than it is now; 0 where it was not, or too long ago.
double time_behind(const Program& r, double t, double behind) {
    const double earliest = t * (1.0 - kMostLag), aim = r.at(t) - behind;
    if (std::abs(behind) < 0.5) return 0.0;
    std::vector<double> stops{t};
    for (auto at = r.time.rbegin(); at != r.time.rend(); ++at)
        if (*at<t&& * at> earliest) stops.push_back(*at);
    stops.push_back(earliest);
    for (std::size_t n = 0; n + 1 < stops.size(); ++n) {
        const double late = r.at(stops[n]), early = r.at(stops[n + 1]);
        if ((aim - early) * (aim - late) > 0.0 || late == early) continue;
        return t - (stops[n] + (stops[n + 1] - stops[n]) * (aim - late) / (early - late));
    }
    // further behind than that: so far, where the program has come a good part of it
    const double come = r.at(t) - r.at(earliest);
    return come * behind > 0.0 && std::abs(come) > 0.5 * std::abs(behind) ? t - earliest : 0.0;
}

// Of each layer of the product along one axis: how far it lags behind the program [s], from how much colder it is than the
// solids at the ends of the stack.
struct Lags {
    int axis = 2;
    std::vector<double> by_layer;  // empty: none
};

Lags lags_of(const Scenario& s, std::span<const float> T, const std::vector<bool>& product, const Program& r, double t,
             double T_a) {
    Lags best;
    const auto& cells = s.bed.cells;
    if (!s.heater || s.heater->mode != Heater::Mode::temperature) return best;
    if (std::size_t(cells[0]) * std::size_t(cells[1]) * std::size_t(cells[2]) != T.size()) return best;
    struct Layer {
        double product = 0.0, other = 0.0;
        std::size_t products = 0, others = 0;
    };
    std::array<std::vector<Layer>, 3> layers;
    for (std::size_t a = 0; a < 3; ++a) layers[a].resize(std::size_t(cells[a]));
    const std::size_t stride = T.size() > kManyCells ? 4 : 1;  // of a large bed some cells of every layer
    for (std::size_t k = 0; k < layers[2].size(); ++k)
        for (std::size_t j = 0; j < layers[1].size(); ++j) {
            Layer row;
            for (std::size_t i = (j + k) % stride; i < layers[0].size(); i += stride) {
                const std::size_t n = i + layers[0].size() * (j + layers[1].size() * k);
                const double value = double(T[n]);
                if (!std::isfinite(value)) continue;
                Layer& x = layers[0][i];
                if (product[n])
                    x.product += value, ++x.products, row.product += value, ++row.products;
                else
                    x.other += value, ++x.others, row.other += value, ++row.others;
            }
            for (Layer* one : {&layers[1][j], &layers[2][k]})
                one->product += row.product, one->products += row.products, one->other += row.other, one->others += row.others;
        }
    double most = 0.0;
    for (int axis = 0; axis < 3; ++axis) {
        const auto& stack = layers[std::size_t(axis)];
        const auto is_product = [](const Layer& one) { return one.products > one.others; };
        const auto first = std::find_if(stack.begin(), stack.end(), is_product);
        const auto last = std::find_if(stack.rbegin(), stack.rend(), is_product).base();
        if (first == stack.end()) continue;
        double ends = 0.0;
        int count = 0;
        if (first != stack.begin() && std::prev(first)->others > 0)
            ends += std::prev(first)->other / double(std::prev(first)->others), ++count;
        if (last != stack.end() && last->others > 0) ends += last->other / double(last->others), ++count;
        if (count == 0) continue;
        ends /= count;
        const double share = (ends - T_a + kSoft) / (r.at(t) - T_a + kSoft);
        if (!(share > 0.1) || share > kMostShare) continue;
        Lags here{axis, std::vector<double>(stack.size(), 0.0)};
        double sum = 0.0;
        for (auto at = first; at != last; ++at) {
            if (at->products == 0) continue;
            const double lag = time_behind(r, t, (ends - at->product / double(at->products)) / share);
            here.by_layer[std::size_t(at - stack.begin())] = lag;
            sum += lag * double(at->products);
        }
        if (sum > most) most = sum, best = std::move(here);
    }
    return best;
}

// Moments between which all follow the program in a straight line.
std::vector<double> parts_of(const Program& r, double from, double to, double longest_lag) {
    std::vector<double> stops{from, to};
    for (const double corner : r.time)
        for (const double after : {corner, corner + 0.5 * longest_lag, corner + longest_lag})
            if (after > from && after < to) stops.push_back(after);
    std::sort(stops.begin(), stops.end());
    std::vector<double> parts{from};
    for (std::size_t n = 0; n + 1 < stops.size(); ++n) {
        if (!(stops[n + 1] > stops[n])) continue;
        double least = std::numeric_limits<double>::infinity(), most = -least;
        for (const double lag : {0.0, longest_lag})
            for (const double at : {stops[n] + 1e-9, stops[n + 1]})
                least = std::min(least, r.at(at - lag)), most = std::max(most, r.at(at - lag));
        const int count = std::clamp(int(std::ceil((most - least) / kOutlookPart)), 1, 500);
        for (int q = 1; q <= count; ++q) parts.push_back(stops[n] + (stops[n + 1] - stops[n]) * q / count);
    }
    return parts;
}

struct Spread {
    double p05, p95;
};

Spread spread_of(std::vector<std::pair<double, double>>& values, double total) {
    std::sort(values.begin(), values.end());
    const auto at = [&](double rank) {
        double sum = 0.0;
        for (const auto& [value, weight] : values)
            if ((sum += weight) >= rank * total) return value;
        return values.back().first;
    };
    return {at(0.05), at(0.95)};
}

}  // namespace

std::optional<Outlook> outlook(const Scenario& scenario, std::span<const float> T_K, std::span<const float> Th_K,
                               const std::vector<bool>& product, double t, const Program* program) {
    const Program* own = own_program(scenario);
    const Material* material = char_of(scenario);
    if (!own || !material || T_K.size() != Th_K.size() || T_K.size() != product.size() || !std::isfinite(t)) return {};
    const Program& ahead = program ? *program : *own;
    if (ahead.time.empty()) return {};
    Outlook out;
    out.from_s = t;
    out.end_s = program ? std::max(scenario.run.duration, program->end_time()) : scenario.run.duration;

    const double T_a = scenario.surface.ambient ? scenario.surface.ambient->at(t) : scenario.bed.initial_temperature;
    const bool imposed = scenario.heater && scenario.heater->mode == Heater::Mode::imposed;
    const double soft = imposed ? 0.0 : kSoft;
    const Lags lags = lags_of(scenario, T_K, product, *own, t, T_a);
    double longest = 0.0;
    for (const double lag : lags.by_layer) longest = std::max(longest, lag);

    // Shares of the rise, and classes of them and of Th.
    const std::size_t across = lags.axis == 0   ? 1
                               : lags.axis == 1 ? std::size_t(scenario.bed.cells[0])
                                                : std::size_t(scenario.bed.cells[0]) * std::size_t(scenario.bed.cells[1]);
    const std::size_t layers = std::max<std::size_t>(1, lags.by_layer.size());
    std::vector<double> rise(layers);  // of the program by layer, for shares
    for (std::size_t l = 0; l < layers; ++l)
        rise[l] = 1.0 / (own->at(t - (lags.by_layer.empty() ? 0.0 : lags.by_layer[l])) - T_a + soft);
    const auto layer_of = [&](std::size_t cell) { return lags.by_layer.empty() ? 0 : cell / across % layers; };
    const auto share_of = [&](std::size_t cell, std::size_t layer) {
        if (imposed) return 1.0;
        const double share = (double(T_K[cell]) - T_a + soft) * rise[layer];
        return std::isfinite(share) ? std::clamp(share, 0.0, kMostShare) : 1.0;
    };
    constexpr double kPerShare = kShares / kMostShare, kPerTh = kOrders / (kHighestTh - kLowestTh);
    std::vector<Class> classes;
    std::vector<std::int32_t> known(std::size_t(kShares) * kOrders, -1);  // place in classes
    for (std::size_t c = 0; c < product.size(); ++c) {
        const double Th = double(Th_K[c]);
        if (!(Th > 0.0) || !product[c] || !std::isfinite(Th) || !std::isfinite(T_K[c])) continue;
        const std::size_t layer = layer_of(c);
        const double share = share_of(c, layer);
        const int row = std::min(int(share * kPerShare), kShares - 1),
                  column = std::clamp(int((Th - kLowestTh) * kPerTh), 0, kOrders - 1);
        std::int32_t& place = known[std::size_t(row * kOrders + column)];
        if (place < 0) place = std::int32_t(classes.size()), classes.emplace_back();
        Class& one = classes[std::size_t(place)];
        one.weight += 1.0, one.share += share, one.Th += Th;
        if (!lags.by_layer.empty()) one.lag += lags.by_layer[layer];
    }
    if (classes.empty()) return {};

    // The kinetics of the bed, over classes in place of cells.
    const Kinetics& k = *material->kinetics;
    KineticsLaw law;
    law.attempt = k.attempt, law.log_attempt = std::log(k.attempt), law.peak_rate = 0.0;
    const double front_of_Th = kGasConstant * (law.log_attempt + kLogHoldOfTh);
    const std::size_t count = classes.size();
    const std::vector<std::uint8_t> index(count, 0);
    std::vector<double> from(count), to(count), front(count), peak(count, 0.0);
    for (std::size_t n = 0; n < count; ++n) {
        Class& one = classes[n];
        one.share /= one.weight, one.Th /= one.weight, one.lag /= one.weight;
        front[n] = one.Th * front_of_Th;
    }
    const auto T_at = [&](const Class& one, double time) {
        // before now the plant followed its own program, whatever it is to follow from here
        const double at = time - one.lag, r = at < t ? own->at(at) : ahead.at(at);
        return std::max(1.0, T_a - soft + one.share * (r - T_a + soft));
    };
    const auto parts = parts_of(ahead, t, std::max(t, out.end_s), longest);
    for (std::size_t p = 0; p + 1 < parts.size(); ++p) {
        const double dt = parts[p + 1] - parts[p], inside = 1e-6 * dt;  // steps of a program belong to the part after them
        const StepPart whole{0.0, 1.0, dt, std::log(0.5 * dt)};
        cpu::AdvanceKinetics advance{index.data(), &law, from.data(), to.data(), whole, nullptr, front.data(), peak.data()};
        for (std::size_t n = 0; n < count; ++n) {
            from[n] = T_at(classes[n], parts[p] + inside), to[n] = T_at(classes[n], parts[p + 1]);
            advance(Cell{0, 0, 0, Index(n)});
        }
    }

    static constexpr std::pair<const char*, Observable> kMeans[] = {
        {"Th_K", Observable::Th},           {"id_ig", Observable::id_ig},
        {"d002_nm", Observable::d002},      {"d_hrtem_nm", Observable::hrtem},
        {"fringe_nm", Observable::fringe},  {"La_nm", Observable::La},
        {"Lc_nm", Observable::Lc},          {"plateau_mAh_g", Observable::plateau},
        {"slope_mAh_g", Observable::slope}, {"capacity_mAh_g", Observable::capacity}};
    double mass = 0.0;
    std::vector<std::pair<double, double>> capacities;
    for (std::size_t n = 0; n < count; ++n) {
        const double Th = cpu::Th_celsius(front[n], law.log_attempt);
        const double left = classes[n].weight * (1.0 - k.volatiles * cpu::released_share(Th));
        mass += left;
        for (const auto& [name, which] : kMeans) out.means[name] += left * cpu::observable(which, Th, 0.0, 0.0, 0.0);
        capacities.emplace_back(cpu::observable(Observable::capacity, Th, 0.0, 0.0, 0.0), left);
    }
    for (auto& [name, value] : out.means) value /= mass;
    const double capacity = out.means["capacity_mAh_g"];
    out.means["ice_percent"] = 100.0 * capacity / (capacity + kIrreversible);
    const Spread spread = spread_of(capacities, mass);
    out.capacity_p05 = spread.p05, out.capacity_p95 = spread.p95;
    return out;
}

}  // namespace jt
