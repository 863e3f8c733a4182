// SPDX-License-Identifier: Apache-2.0
// Unknowns: the parameters that are estimated, as a vector of numbers in which priors are normal: ln of factors, offsets and
// gains of sensors as they are. Turns the scenario's [[estimate]] into them and sets a model by them.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bridge/heater/instrument_model.hpp"
#include "twin/bed/bed.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

class Coupled;

struct Unknown {
    enum class What { factor, offset, gain, lag };
    EstimateSpec::Kind kind = EstimateSpec::Kind::end_contact;
    What what = What::factor;
    std::string name, unit;           // "k", "bias.pyrometer", "gain.current", "lag.tc_centre", "sigma_map.3"
    std::vector<std::size_t> places;  // materials or terminals that the factor acts on
    int sensor = -1, zone = -1;
    std::optional<std::array<double, 3>> place{};  // [m] the middle of a zone; what is of the whole bed has none
    double prior = 0.0, sd = 1.0;                  // of the number itself
    bool logarithmic() const { return what == What::factor || what == What::lag; }
    // What people see: the factor, the offset [K], the gain.
    double shown(double x) const;
};

// What is wrong with a sensor: reading = gain * lagged value + offset.
struct SensorError {
    double offset = 0.0, gain = 1.0, lag_factor = 1.0;
};

// Zones of the sigma maps in which a cell lies, with its shares of them.
struct ZoneShare {
    std::size_t cell;
    int unknown;
    double weight;
};
struct ZoneMap {
    std::size_t cells = 0;
    std::vector<ZoneShare> shares;
};

class Unknowns {
public:
    // Without [[estimate]]: every unknown of a kind that the scenario has, but for maps. T_K: where biases that go with
    // temperature are taken. Throws InputError for a map of a material that the bed does not have.
    Unknowns(const Scenario& scenario, const Bed& bed, const std::vector<InstrumentModel>& models, double T_K);

    std::size_t size() const { return list_.size(); }
    const std::vector<Unknown>& list() const { return list_; }
    // Zones of a bed of the same scenario, on any grid.
    ZoneMap zones(const Bed& bed) const;
    void apply(std::span<const double> x, const ZoneMap& zones, Coupled& model) const;
    SensorError error_of(std::span<const double> x, int sensor) const;

private:
    struct Map {
        std::size_t material;
        int axis, zones, pieces, first;  // first: unknown of zone 0 of piece 0
        std::vector<int> piece;          // by cell of the bed it was made with
    };
    std::vector<Unknown> list_;
    std::vector<Map> maps_;
    Extents extents_;
};

}  // namespace jt
