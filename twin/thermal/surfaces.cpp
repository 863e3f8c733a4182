// SPDX-License-Identifier: Apache-2.0
#include "twin/thermal/surfaces.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/thermal/staircase.hpp"

namespace jt {
namespace {

// 1 for void cells that are connected, through faces, to the outside of the box.
std::vector<std::uint8_t> open_void(const Bed& bed) {
    const Extents& e = bed.extents;
    std::vector<std::uint8_t> open(e.count(), 0);
    std::vector<std::size_t> front;
    const auto is_void = [&](std::size_t c) { return bed.materials[bed.material[c]].is_void; };
    const auto visit = [&](int i, int j, int k) {
        const std::size_t c = e.index(i, j, k);
        if (is_void(c) && !open[c]) open[c] = 1, front.push_back(c);
    };
    for (int k = 0; k < e.nz; ++k)
        for (int j = 0; j < e.ny; ++j)
            for (int i = 0; i < e.nx; ++i)
                if (i == 0 || j == 0 || k == 0 || i == e.nx - 1 || j == e.ny - 1 || k == e.nz - 1) visit(i, j, k);
    while (!front.empty()) {
        const std::size_t c = front.back();
        front.pop_back();
        const int i = int(c % std::size_t(e.nx)), j = int(c / std::size_t(e.nx) % std::size_t(e.ny)),
                  k = int(c / std::size_t(e.nx) / std::size_t(e.ny));
        if (i > 0) visit(i - 1, j, k);
        if (j > 0) visit(i, j - 1, k);
        if (k > 0) visit(i, j, k - 1);
        if (i + 1 < e.nx) visit(i + 1, j, k);
        if (j + 1 < e.ny) visit(i, j + 1, k);
        if (k + 1 < e.nz) visit(i, j, k + 1);
    }
    return open;
}

}  // namespace

Surfaces::Surfaces(const Bed& bed, const Scenario& scenario) {
    const auto of_surface = [&](const Surface& s) -> std::optional<Outside> {
        if (s.insulated) return {};
        Outside o;
        o.emissivity = s.emissivity.value_or(0.0);
        o.convection = s.convection.value_or(0.0);
        o.ambient = s.ambient;
        o.flux = s.heat_flux;
        o.temperature = s.temperature;
        if (s.temperature) o.contact = std::numeric_limits<double>::infinity();
        if (!s.temperature && !s.heat_flux && !s.ambient) return {};
        return o;
    };
    const auto index_of = [&](const std::optional<Outside>& o) {
        if (!o) return -1;
        outsides_.push_back(*o);
        return int(outsides_.size()) - 1;
    };
    int everywhere = index_of(of_surface(scenario.surface));
    if (scenario.furnace) {
        Outside o;
        o.emissivity = scenario.furnace->emissivity;
        o.convection = scenario.furnace->convection;
        o.ambient = scenario.furnace->wall;
        everywhere = index_of(o);
    }
    std::array<int, 6> side{};
    for (int f = 0; f < 6; ++f) {
        const auto own = scenario.faces.find(static_cast<Face>(f));
        side[std::size_t(f)] = own == scenario.faces.end() ? everywhere : index_of(of_surface(own->second));
    }
    struct Clamp {
        Face face;
        int material, condition;
    };
    std::vector<Clamp> clamps;
    for (const Terminal& t : scenario.terminals) {
        clamp_.push_back(-1);
        if (!t.temperature) continue;
        Outside o;
        o.contact = t.contact_conductance.value_or(std::numeric_limits<double>::infinity());
        o.temperature = t.temperature;
        clamps.push_back({t.face, t.material.empty() ? -1 : scenario.material_index(t.material), index_of(o)});
        clamp_.back() = clamps.back().condition;
    }

    const Extents& e = bed.extents;
    const Grid grid = grid_of(e);
    const auto open = open_void(bed);
    const Staircase staircase(bed, scenario, open);
    for (int axis = 0; axis < 3; ++axis) {
        const double area = e.face_area(axis);
        const std::array<int, 3> step{axis == 0, axis == 1, axis == 2};
        for (int k = 0; k < e.nz; ++k)
            for (int j = 0; j < e.ny; ++j)
                for (int i = 0; i < e.nx; ++i) {
                    const std::size_t c = e.index(i, j, k);
                    if (bed.materials[bed.material[c]].is_void) continue;
                    SurfaceCell cell;
                    cell.n = grid.index(i, j, k);
                    const int at = axis == 0 ? i : axis == 1 ? j : k;
                    for (int upper = 0; upper < 2; ++upper) {
                        int condition = -1;
                        double weight = 1.0;
                        if (at == (upper ? grid.extent(axis) - 1 : 0)) {
                            condition = side[std::size_t(2 * axis + upper)];
                            for (const Clamp& clamp : clamps)
                                if (clamp.face == static_cast<Face>(2 * axis + upper) &&
                                    (clamp.material < 0 || clamp.material == bed.material[c])) {
                                    condition = clamp.condition;
                                    break;
                                }
                        } else {
                            const int d = upper ? 1 : -1;
                            if (open[e.index(i + d * step[0], j + d * step[1], k + d * step[2])]) {
                                condition = everywhere;
                                weight = staircase.weight({i, j, k}, axis, upper == 1);
                            }
                        }
                        cell.condition[upper] = condition;
                        cell.area[upper] = condition < 0 ? 0.0 : weight * area;
                    }
                    if (cell.condition[0] >= 0 || cell.condition[1] >= 0) cells_[std::size_t(axis)].push_back(cell);
                }
    }
}

std::vector<SurfaceCondition> Surfaces::conditions(double t) const {
    std::vector<SurfaceCondition> now;
    for (const Outside& o : outsides_) {
        SurfaceCondition c;
        c.emissivity = emissivity_factor_ * o.emissivity;
        c.convection = o.convection;
        c.ambient = o.ambient ? o.ambient->at(t) : 0.0;
        c.flux = o.flux ? o.flux->at(t) : 0.0;
        c.contact = o.contact / o.contact_factor;
        c.temperature = o.temperature ? o.temperature->at(t) : 0.0;
        now.push_back(c);
    }
    return now;
}

void Surfaces::set_contact_factor(std::size_t terminal, double factor) {
    if (const int clamp = clamp_[terminal]; clamp >= 0) outsides_[std::size_t(clamp)].contact_factor = factor;
}

std::vector<double> Surfaces::corners() const {
    std::vector<double> all;
    for (const Outside& o : outsides_)
        for (const auto* program : {&o.ambient, &o.flux, &o.temperature})
            if (*program) all.insert(all.end(), (*program)->time.begin(), (*program)->time.end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

double Surfaces::area() const {
    double sum = 0.0;
    for (const auto& list : cells_)
        for (const SurfaceCell& cell : list) sum += cell.area[0] + cell.area[1];
    return sum;
}

bool Surfaces::hold_temperature() const {
    for (const auto& list : cells_)
        for (const SurfaceCell& cell : list)
            for (const int condition : cell.condition) {
                if (condition < 0) continue;
                const Outside& o = outsides_[std::size_t(condition)];
                if (o.contact > 0.0 || o.emissivity > 0.0 || o.convection > 0.0) return true;
            }
    return false;
}

}  // namespace jt
