// SPDX-License-Identifier: Apache-2.0
// FeedbackSensor: what a thermometer of the scenario reads off the simulated bed (physics of 7.1): pyrometers see the surface
// of a spot, averaged as T^p with p = c2 / (lambda T); a thermocouple its place, between the centres of cells of one material,
// through its lag. Noise, bias, resolution and a wrong emissivity only where the scenario gives them.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/cell_samples.hpp"
#include "twin/bed/bed.hpp"
#include "twin/bed/random.hpp"
#include "twin/scenario/scenario.hpp"
#include "twin/thermal/heat_field.hpp"

namespace jt {

// Time constant of a thermocouple at T [s], by its type (Sensor::type): linear between three temperatures, held outside; the
// bare bead of type K goes on to 0.4 s.
double thermocouple_lag(const std::string& type, double T);

class FeedbackSensor {
public:
    // Throws InputError when a pyrometer's spot sees no solid or a thermocouple stands in void.
    FeedbackSensor(Backend& backend, const Sensor& sensor, const Bed& bed, const HeatField& field);

    // Reading at time t [s]; call with rising t. A pyrometer below its floor reads the floor.
    double read(double t, const HeatField& field);
    double truth(const HeatField& field);  // what it looks at, without the instrument [K]
    // Everything a checkpoint needs.
    template <class Archive>
    void state(Archive& a) {
        a("lagged", state_), a("last", last_), a("started", started_), a("random", random_.state());
    }
    // Of what a pyrometer looks at; 1 where no surface there radiates.
    double emissivity() const { return emissivity_; }
    std::optional<double> floor_K() const { return sensor_.floor; }

private:
    double lag(double T) const;  // [s]
    Sensor sensor_;
    // What it looks at: surfaces that exchange heat, and cells behind faces that do not, whose surface is as hot as they are.
    CellSamples surfaces_, cells_;
    std::vector<double> weights_;  // of a thermocouple's cells
    double emissivity_ = 1.0;
    int axis_ = 2;
    double state_ = 0.0, last_ = 0.0;
    bool started_ = false;
    SplitMix64 random_;
};

}  // namespace jt
