// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/unknowns.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "kernels/error.hpp"
#include "twin/stepping/coupled.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

using Kind = EstimateSpec::Kind;
using What = Unknown::What;

// Prior sd of ln factor (physics of 7.4; the lag of a bead: 15 %).
double usual_sd(Kind kind) {
    switch (kind) {
        case Kind::end_contact:
            return 0.5;
        case Kind::emissivity:
            return 0.15;
        case Kind::k:
            return 0.35;
        case Kind::sigma:
            return 0.8;
        case Kind::sigma_map:
            return 0.2;
        case Kind::lag:
            return 0.15;
        case Kind::bias:
            break;
    }
    return 1.0;
}

// Connected pieces of a material, numbered in cell order; -1 elsewhere.
std::vector<int> pieces_of(const Bed& bed, std::size_t material, int& count) {
    const Extents& e = bed.extents;
    std::vector<int> piece(e.count(), -1);
    count = 0;
    std::vector<std::array<int, 3>> front;
    for (int k = 0; k < e.nz; ++k)
        for (int j = 0; j < e.ny; ++j)
            for (int i = 0; i < e.nx; ++i) {
                const auto visit = [&](int x, int y, int z) {
                    if (x < 0 || y < 0 || z < 0 || x >= e.nx || y >= e.ny || z >= e.nz) return;
                    const std::size_t c = e.index(x, y, z);
                    if (bed.material[c] != material || piece[c] >= 0) return;
                    piece[c] = count;
                    front.push_back({x, y, z});
                };
                visit(i, j, k);
                if (front.empty()) continue;
                while (!front.empty()) {
                    const auto [x, y, z] = front.back();
                    front.pop_back();
                    visit(x - 1, y, z), visit(x + 1, y, z), visit(x, y - 1, z);
                    visit(x, y + 1, z), visit(x, y, z - 1), visit(x, y, z + 1);
                }
                ++count;
            }
    return piece;
}

constexpr int kMostPieces = 8;

// The middle of a piece of the bed [m]; along `axis` a place at this share of the bed's length instead.
std::array<double, 3> middle_of(const Bed& bed, const std::vector<int>& piece, int which, int axis, double share) {
    const Extents& e = bed.extents;
    const auto h = e.spacing();
    std::array<double, 3> sum{};
    double cells = 0.0;
    for (int k = 0; k < e.nz; ++k)
        for (int j = 0; j < e.ny; ++j)
            for (int i = 0; i < e.nx; ++i) {
                if (piece[e.index(i, j, k)] != which) continue;
                sum[0] += (i + 0.5) * h[0], sum[1] += (j + 0.5) * h[1], sum[2] += (k + 0.5) * h[2];
                ++cells;
            }
    for (double& x : sum) x /= std::max(cells, 1.0);
    sum[std::size_t(axis)] = share * e.size()[std::size_t(axis)];
    return sum;
}

}  // namespace

double Unknown::shown(double x) const {
    return logarithmic() ? std::exp(x) : what == What::gain ? 1.0 + x : x;
}

Unknowns::Unknowns(const Scenario& scenario, const Bed& bed, const std::vector<InstrumentModel>& models, double T_K)
    : extents_(bed.extents) {
    std::vector<EstimateSpec> specs = scenario.estimates;
    if (specs.empty())
        for (const Kind kind : {Kind::end_contact, Kind::emissivity, Kind::k, Kind::sigma, Kind::bias, Kind::lag}) {
            EstimateSpec spec;
            spec.kind = kind;
            spec.prior = kind == Kind::bias ? 0.0 : 1.0;
            specs.push_back(spec);
        }
    std::vector<std::uint8_t> used(bed.materials.size(), 0);
    for (const std::uint8_t m : bed.material) used[m] = 1;
    const auto materials_of = [&](const std::string& name) {
        std::vector<std::size_t> out;
        for (std::size_t m = 0; m < bed.materials.size(); ++m) {
            const bool product = std::find(scenario.bed.product.begin(), scenario.bed.product.end(), bed.materials[m].name) !=
                                 scenario.bed.product.end();
            if (used[m] && !bed.materials[m].is_void && (name.empty() ? product : bed.materials[m].name == name))
                out.push_back(m);
        }
        return out;
    };
    for (const EstimateSpec& spec : specs) {
        Unknown u;
        u.kind = spec.kind;
        u.name = name_of(spec.kind);
        u.prior = spec.kind == Kind::bias ? 0.0 : std::log(spec.prior);
        u.sd = spec.sd.value_or(usual_sd(spec.kind));
        switch (spec.kind) {
            case Kind::end_contact:
                for (std::size_t t = 0; t < scenario.terminals.size(); ++t) {
                    const Terminal& one = scenario.terminals[t];
                    if ((spec.terminal.empty() || one.name == spec.terminal) &&
                        (one.contact_resistivity > 0.0 ||
                         (one.temperature && one.contact_conductance && *one.contact_conductance > 0.0)))
                        u.places.push_back(t);
                }
                if (!spec.terminal.empty()) u.name += "." + spec.terminal;
                if (!u.places.empty()) list_.push_back(u);
                break;
            case Kind::emissivity: {
                bool any = scenario.furnace || scenario.surface.emissivity.value_or(0.0) > 0.0;
                for (const auto& [face, surface] : scenario.faces) any = any || surface.emissivity.value_or(0.0) > 0.0;
                if (any) list_.push_back(u);
                break;
            }
            case Kind::k:
            case Kind::sigma:
                u.places = materials_of(spec.material);
                if (!spec.material.empty()) u.name += "." + spec.material;
                if (spec.kind == Kind::sigma && scenario.terminals.empty()) break;
                if (!u.places.empty()) list_.push_back(u);
                break;
            case Kind::sigma_map: {
                for (const std::size_t m : materials_of(spec.material)) {
                    Map map{m, 0, spec.zones, 0, int(list_.size()), {}};
                    map.axis = scenario.terminals.empty() ? scenario.bed.current_axis.value_or(0)
                                                          : axis_of(scenario.terminals.front().face);
                    map.piece = pieces_of(bed, m, map.pieces);
                    if (map.pieces > kMostPieces)
                        throw InputError("estimate: sigma_map of " + quote(bed.materials[m].name) +
                                         ": the material falls into " + std::to_string(map.pieces) +
                                         " pieces; allowed: at most " + std::to_string(kMostPieces));
                    for (int z = 0; z < map.pieces * map.zones; ++z) {
                        u.zone = map.first + z;
                        u.place = middle_of(bed, map.piece, z / map.zones, map.axis, (z % map.zones + 0.5) / map.zones);
                        u.name = std::string(name_of(spec.kind)) + "." + bed.materials[m].name + "." + std::to_string(z);
                        list_.push_back(u);
                    }
                    maps_.push_back(std::move(map));
                }
                break;
            }
            case Kind::bias:
            case Kind::lag:
                for (std::size_t s = 0; s < models.size(); ++s) {
                    const InstrumentModel& model = models[s];
                    if (!spec.sensor.empty() && model.name != spec.sensor) continue;
                    u.sensor = int(s);
                    if (spec.kind == Kind::lag) {
                        if (model.kind != InstrumentModel::Kind::thermocouple) continue;
                        u.what = What::lag;
                        u.name = "lag." + model.name;
                        list_.push_back(u);
                        continue;
                    }
                    if (const double sd = spec.sd.value_or(model.bias_sd(T_K)); sd > 0.0) {
                        u.what = What::offset;
                        u.name = "bias." + model.name;
                        u.unit = model.unit;
                        u.prior = spec.prior, u.sd = sd;
                        list_.push_back(u);
                    }
                    if (const double sd = model.gain_sd(); sd > 0.0) {
                        u.what = What::gain;
                        u.name = "gain." + model.name;
                        u.unit = "";
                        u.prior = 0.0, u.sd = sd;
                        list_.push_back(u);
                    }
                }
                break;
        }
    }
}

ZoneMap Unknowns::zones(const Bed& bed) const {
    ZoneMap out;
    if (maps_.empty()) return out;
    const Extents& e = bed.extents;
    out.cells = e.count();
    for (const Map& map : maps_)
        for (int k = 0; k < e.nz; ++k)
            for (int j = 0; j < e.ny; ++j)
                for (int i = 0; i < e.nx; ++i) {
                    const std::size_t c = e.index(i, j, k);
                    if (bed.material[c] != map.material) continue;
                    // the piece at this place on the first grid; beside it where a coarser cell reaches further
                    const std::array<int, 3> at{i, j, k};
                    std::array<int, 3> own{};
                    for (std::size_t a = 0; a < 3; ++a)
                        own[a] = std::min(int((at[a] + 0.5) / e.cells()[a] * extents_.cells()[a]), extents_.cells()[a] - 1);
                    int piece = map.piece[extents_.index(own[0], own[1], own[2])];
                    for (int reach = 1; piece < 0 && reach < 8; ++reach)
                        for (std::size_t a = 0; a < 3 && piece < 0; ++a)
                            for (const int side : {-reach, reach}) {
                                auto beside = own;
                                beside[a] = std::clamp(own[a] + side, 0, extents_.cells()[a] - 1);
                                if (piece < 0) piece = map.piece[extents_.index(beside[0], beside[1], beside[2])];
                            }
                    if (piece < 0) continue;
                    const std::size_t axis = std::size_t(map.axis);
                    // a cell takes the geometric mean by its shares of the zones, so that every grid sees the same zones
                    const double low = double(at[axis]) / e.cells()[axis] * map.zones,
                                 high = double(at[axis] + 1) / e.cells()[axis] * map.zones;
                    for (int z = int(low); z < map.zones && z < high; ++z) {
                        const double share = (std::min(high, z + 1.0) - std::max(low, double(z))) / (high - low);
                        if (share > 1e-9) out.shares.push_back({c, map.first + piece * map.zones + z, share});
                    }
                }
    return out;
}

void Unknowns::apply(std::span<const double> x, const ZoneMap& zones, Coupled& model) const {
    for (std::size_t n = 0; n < list_.size(); ++n) {
        const Unknown& u = list_[n];
        const double factor = std::exp(x[n]);
        if (u.kind == Kind::emissivity) model.set_emissivity_factor(factor);
        for (const std::size_t place : u.places) {
            if (u.kind == Kind::end_contact) model.set_contact_factor(place, factor);
            if (u.kind == Kind::k) model.set_thermal_conductivity_factor(int(place), factor);
            if (u.kind == Kind::sigma) model.set_conductivity_factor(int(place), factor);
        }
    }
    if (maps_.empty()) return;
    std::vector<double> logarithm(zones.cells, 0.0);
    for (const ZoneShare& s : zones.shares) logarithm[s.cell] += s.weight * x[std::size_t(s.unknown)];
    std::vector<float> cell(zones.cells);
    for (std::size_t c = 0; c < cell.size(); ++c) cell[c] = float(std::exp(logarithm[c]));
    model.set_cell_conductivity_factor(cell);
}

SensorError Unknowns::error_of(std::span<const double> x, int sensor) const {
    SensorError error;
    for (std::size_t n = 0; n < list_.size(); ++n) {
        const Unknown& u = list_[n];
        if (u.sensor != sensor) continue;
        if (u.what == What::offset) error.offset = x[n];
        if (u.what == What::gain) error.gain = 1.0 + x[n];
        if (u.what == What::lag) error.lag_factor = std::exp(x[n]);
    }
    return error;
}

}  // namespace jt
