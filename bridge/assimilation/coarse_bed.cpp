// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/coarse_bed.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "kernels/error.hpp"
#include "twin/bed/contact_area.hpp"
#include "twin/bed/voxelise.hpp"

namespace jt {
namespace {

constexpr double kMisplaced = 0.1;  // share of a material's volume, at most

// Whether the coarse cells stand for what is there: of every material hardly anything lies in a cell of another.
bool alike(const Bed& fine, const Bed& coarse) {
    const Extents &e = fine.extents, &f = coarse.extents;
    std::vector<std::size_t> cells(fine.materials.size(), 0), misplaced(fine.materials.size(), 0);
    const auto place = [](int i, int n, int of) { return std::min(int((i + 0.5) / n * of), of - 1); };
    for (int k = 0; k < e.nz; ++k)
        for (int j = 0; j < e.ny; ++j)
            for (int i = 0; i < e.nx; ++i) {
                const std::uint8_t m = fine.material[e.index(i, j, k)];
                ++cells[m];
                misplaced[m] += coarse.material[f.index(place(i, e.nx, f.nx), place(j, e.ny, f.ny), place(k, e.nz, f.nz))] != m;
            }
    for (std::size_t m = 0; m < cells.size(); ++m)
        if (double(misplaced[m]) > kMisplaced * double(cells[m])) return false;
    return true;
}

// Cells of a material in the columns of a bed along an axis: the same in each column that has one, or 0.
int layer(const Bed& bed, std::size_t material, int axis) {
    const Extents& e = bed.extents;
    const auto n = e.cells();
    const auto a = std::size_t(axis), b = (a + 1) % 3, c = (a + 2) % 3;
    int all = 0;
    std::array<int, 3> at{};
    for (at[b] = 0; at[b] < n[b]; ++at[b])
        for (at[c] = 0; at[c] < n[c]; ++at[c]) {
            int cells = 0;
            for (at[a] = 0; at[a] < n[a]; ++at[a]) {
                const std::size_t cell = e.index(at[0], at[1], at[2]);
                if (bed.material[cell] != material) continue;
                if (!bed.sheet.empty() && bed.sheet[cell] != 0) return 0;  // keeps its thickness already
                ++cells;
            }
            if (cells == 0 || cells == all) continue;
            if (all > 0) return 0;
            all = cells;
        }
    return all;
}

// Layers that fill more or fewer of the coarse cells than they are thick become sheets of the thickness they have: without
// that, powder of 22 fine layers on 10 coarse ones has a tenth less mass, and every forecast of a ramp a wrong slope.
void keep_layers(const Bed& fine, Bed& coarse) {
    for (std::size_t m = 1; m < fine.materials.size(); ++m) {
        std::optional<Sheet> thinner;
        int axes = 0;
        for (int a = 0; a < 3; ++a) {
            const int from = layer(fine, m, a), to = layer(coarse, m, a);
            if (from == 0 || to == 0) continue;
            const auto n = std::size_t(a);
            const double ratio = from * fine.extents.spacing()[n] / (to * coarse.extents.spacing()[n]);
            if (std::abs(ratio - 1.0) > 1e-9) thinner = Sheet{a, ratio}, ++axes;
        }
        if (axes != 1 || coarse.sheets.size() > 255) continue;  // a sheet is thin along one axis
        if (coarse.sheet.empty()) coarse.sheet.assign(coarse.material.size(), 0);
        const auto number = std::uint8_t(coarse.sheets.size());
        coarse.sheets.push_back(*thinner);
        for (std::size_t c = 0; c < coarse.material.size(); ++c)
            if (coarse.material[c] == m) coarse.sheet[c] = number;
    }
}

// A contact keeps what it conducts in all, where coarse cells draw its face larger or smaller than it is.
void keep_contacts(const Bed& fine, const Bed& coarse, Scenario& scenario) {
    for (Terminal& terminal : scenario.terminals) {
        const double from = contact_area(fine, scenario, terminal), to = contact_area(coarse, scenario, terminal);
        if (!(from > 0.0) || !(to > 0.0)) continue;
        terminal.contact_resistivity *= to / from;
        if (terminal.contact_conductance) *terminal.contact_conductance *= from / to;
    }
}

bool in_void(const Scenario& scenario, const Bed& bed) {
    const Extents& e = bed.extents;
    return std::any_of(scenario.sensors.begin(), scenario.sensors.end(), [&](const Sensor& s) {
        if (!s.at) return false;
        std::array<int, 3> c{};
        for (std::size_t a = 0; a < 3; ++a) c[a] = std::clamp(int((*s.at)[a] / e.spacing()[a]), 0, e.cells()[a] - 1);
        return bed.materials[bed.material[e.index(c[0], c[1], c[2])]].is_void;
    });
}

// Shares of the cells of one grid in a cell of another, along one axis.
struct Share {
    int cell;
    double weight;
};
std::vector<std::vector<Share>> overlaps(int from, int to) {
    std::vector<std::vector<Share>> out(static_cast<std::size_t>(to));
    for (int t = 0; t < to; ++t) {
        const double low = double(t) / to, high = double(t + 1) / to;
        for (int f = std::max(0, int(low * from) - 1); f < from && double(f) / from < high; ++f) {
            const double w = std::min(high, double(f + 1) / from) - std::max(low, double(f) / from);
            if (w > 1e-9 / to) out[std::size_t(t)].push_back({f, w});
        }
    }
    return out;
}
std::vector<std::vector<Share>> neighbours(int from, int to) {
    std::vector<std::vector<Share>> out(static_cast<std::size_t>(to));
    for (int t = 0; t < to; ++t) {
        const double place = std::clamp((t + 0.5) / to * from - 0.5, 0.0, from - 1.0);
        const int low = std::min(int(place), std::max(from - 2, 0));
        const double share = place - low;
        if (share < 1.0 - 1e-9) out[std::size_t(t)].push_back({low, 1.0 - share});
        if (share > 1e-9) out[std::size_t(t)].push_back({low + 1, share});
    }
    return out;
}

// The nearest cell of `material` around `at`, or none.
std::size_t nearest_of(const Bed& bed, std::uint8_t material, const std::array<double, 3>& at) {
    const Extents& e = bed.extents;
    std::size_t best = std::numeric_limits<std::size_t>::max();
    double least = std::numeric_limits<double>::infinity();
    const auto h = e.spacing();
    for (int k = 0; k < e.nz; ++k)
        for (int j = 0; j < e.ny; ++j)
            for (int i = 0; i < e.nx; ++i) {
                const std::size_t c = e.index(i, j, k);
                if (bed.material[c] != material) continue;
                const double d = std::hypot((i + 0.5) * h[0] - at[0], (j + 0.5) * h[1] - at[1], (k + 0.5) * h[2] - at[2]);
                if (d < least * (1.0 - 1e-9)) least = d, best = c;
            }
    return best;
}

}  // namespace

CoarseBed coarsened(const Scenario& scenario, const Bed& fine, int factor) {
    const auto make = [&](const std::array<int, 3>& by) {
        CoarseBed out;
        out.scenario = scenario;
        out.factor = by;
        BedSpec& spec = out.scenario.bed;
        if (spec.map)
            spec.map->coarsen *= by[0];
        else
            for (std::size_t a = 0; a < 3; ++a) {
                spec.cells[a] = (spec.cells[a] + by[a] - 1) / by[a];
                spec.voxel[a] = spec.size[a] / spec.cells[a];
            }
        std::vector<std::string> findings;
        out.bed = voxelise(out.scenario, findings);
        keep_layers(fine, out.bed);
        keep_contacts(fine, out.bed, out.scenario);
        return out;
    };
    const auto fits = [&](const CoarseBed& coarse) { return alike(fine, coarse.bed) && !in_void(scenario, coarse.bed); };
    if (factor <= 1) return make({1, 1, 1});
    if (scenario.bed.map) {
        CoarseBed all = make({factor, factor, factor});
        if (fits(all)) return all;
        all = make({1, 1, 1});
        all.note = "members on the full grid: a material of the stack would not survive a coarser one";
        return all;
    }
    // fewest cells first
    std::vector<std::array<int, 3>> tries;
    for (int left = 0; left < 8; ++left) tries.push_back({left & 1 ? 1 : factor, left & 2 ? 1 : factor, left & 4 ? 1 : factor});
    const auto cells = [&](const std::array<int, 3>& by) {
        double n = 1.0;
        for (std::size_t a = 0; a < 3; ++a) n *= (scenario.bed.cells[a] + by[a] - 1) / by[a];
        return n;
    };
    std::stable_sort(tries.begin(), tries.end(), [&](const auto& a, const auto& b) { return cells(a) < cells(b); });
    for (const auto& by : tries) {
        CoarseBed coarse;
        try {
            coarse = make(by);
        } catch (const InputError&) {
            continue;  // nothing solid is left, or the like
        }
        if (by != std::array<int, 3>{1, 1, 1} && !fits(coarse)) continue;
        for (std::size_t a = 0; a < 3; ++a)
            if (by[a] == 1 && scenario.bed.cells[a] > 1)
                coarse.note += std::string(coarse.note.empty() ? "members keep the full grid along " : ", ") + "xyz"[a];
        if (!coarse.note.empty()) coarse.note += ": a material or a sensor's place would not survive a coarser one";
        return coarse;
    }
    throw Error("the bed cannot be made again on its own grid");
}

Transfer::Transfer(const Bed& from, const Bed& to) {
    const Extents &f = from.extents, &t = to.extents;
    std::array<std::vector<std::vector<Share>>, 3> overlap, linear;
    for (std::size_t a = 0; a < 3; ++a) {
        overlap[a] = overlaps(f.cells()[a], t.cells()[a]);
        linear[a] = neighbours(f.cells()[a], t.cells()[a]);
    }
    const auto fill = [&](Rows& rows, const std::array<std::vector<std::vector<Share>>, 3>& shares) {
        for (int k = 0; k < t.nz; ++k)
            for (int j = 0; j < t.ny; ++j)
                for (int i = 0; i < t.nx; ++i) {
                    rows.begin.push_back(rows.cell.size());
                    const std::uint8_t material = to.material[t.index(i, j, k)];
                    if (to.materials[material].is_void) continue;
                    double sum = 0.0;
                    for (const Share& z : shares[2][std::size_t(k)])
                        for (const Share& y : shares[1][std::size_t(j)])
                            for (const Share& x : shares[0][std::size_t(i)]) {
                                const std::size_t c = f.index(x.cell, y.cell, z.cell);
                                if (from.material[c] != material) continue;
                                rows.cell.push_back(c);
                                rows.weight.push_back(x.weight * y.weight * z.weight);
                                sum += rows.weight.back();
                            }
                    if (rows.cell.size() == rows.begin.back()) {
                        const auto h = t.spacing();
                        const std::size_t near =
                            nearest_of(from, material, {(i + 0.5) * h[0], (j + 0.5) * h[1], (k + 0.5) * h[2]});
                        if (near == std::numeric_limits<std::size_t>::max()) continue;
                        rows.cell.push_back(near);
                        rows.weight.push_back(sum = 1.0);
                    }
                    for (std::size_t n = rows.begin.back(); n < rows.weight.size(); ++n) rows.weight[n] /= sum;
                }
        rows.begin.push_back(rows.cell.size());
    };
    fill(mean_, overlap);
    fill(linear_, linear);
}

void Transfer::Rows::apply(const std::vector<double>& values, std::vector<double>& out) const {
    out.resize(begin.size() - 1);
    for (std::size_t c = 0; c + 1 < begin.size(); ++c) {
        if (begin[c] == begin[c + 1]) continue;
        double sum = 0.0;
        for (std::size_t n = begin[c]; n < begin[c + 1]; ++n) sum += weight[n] * values[cell[n]];
        out[c] = sum;
    }
}
void Transfer::mean(const std::vector<double>& values, std::vector<double>& out) const {
    mean_.apply(values, out);
}
void Transfer::interpolate(const std::vector<double>& values, std::vector<double>& out) const {
    linear_.apply(values, out);
}

}  // namespace jt
