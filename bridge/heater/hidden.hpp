// SPDX-License-Identifier: Apache-2.0
// Hidden: in what the plant differs from the scenario that everybody else knows. Read from a TOML file like a scenario, all
// errors at once; `jouletwin heater --help` shows the keys.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/heater/instrument.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

struct MaterialFactors {
    double sigma = 1.0, thermal_conductivity = 1.0, heat_capacity = 1.0;
};

struct HiddenDefect {
    Shape shape;
    double sigma_factor = 1.0;  // on the electrical conductivity of what is there
};

// Of one sensor; what is not given may be drawn.
struct SensorTruth {
    std::optional<double> bias, gain;
    double lag_factor = 1.0, emissivity_ratio = 1.0;  // see HiddenError
};

struct Hidden {
    // Factors on what the scenario says. Contact: on the resistance at the terminals, electrical and thermal.
    double end_contact = 1.0, emissivity = 1.0;
    MaterialFactors all, bed;  // of every material; of the materials of the product; they multiply
    std::map<std::string, MaterialFactors> materials;
    std::vector<HiddenDefect> defects;
    std::map<std::string, SensorTruth> sensors;  // by name
    // Biases and gains of all sensors are drawn from what their kinds have; what [sensor.NAME] gives stands.
    std::optional<std::uint64_t> draw_seed;
    bool lead_conduction = false;  // drawn too: a bead reads 5 to 20 K low, in a sheath 10 to 30 K
    Delivery delivery;
    std::optional<std::array<double, 3>> voxel;  // [m]
    std::optional<double> largest_step;          // [s]

    bool same_physics() const;  // nothing is hidden in the physics
};

// Throws InputError with every problem. `scenario`: the one it belongs to; names are checked against it.
Hidden read_hidden(const std::filesystem::path& file, const Scenario& scenario);
Hidden read_hidden_text(std::string_view text, const std::string& name, const Scenario& scenario);

// The scenario as it is in truth: factors, defects, own grid. Throws InputError where a factor finds nothing to act on.
Scenario hidden_scenario(const Scenario& scenario, const Hidden& hidden);
// What is wrong with a sensor, drawn or given. T_K: where a bias that goes with temperature is taken, the highest set point.
HiddenError hidden_error(const InstrumentModel& model, const Hidden& hidden, double T_K);

// Every key with its unit, range and meaning, for --help; the hidden truth as TOML comments, for the truth log.
std::string hidden_keys_text();
std::string hidden_text(const Hidden& hidden, const Scenario& scenario, double T_K);

}  // namespace jt
