// SPDX-License-Identifier: Apache-2.0
// The parts of the scenario reader, one file each. They note problems in the context and leave what cannot be read at its
// default.
#pragma once
#include "twin/scenario/section.hpp"

namespace jt {

// What the program of a mode is in, and what it may be.
struct Driven {
    Dimension dimension;
    NumberRange range;
};
Driven driven_by(Heater::Mode mode);  // read_heater.cpp
// What the errors of a sensor of this kind are in.
Dimension error_dimension(const std::string& kind);  // read_sensors.cpp

void read_bed(const Section& top, Scenario& scenario);                             // read_bed.cpp
std::optional<Shape> read_shape(const Section& region, const std::string& shape);  // read_regions.cpp
void read_regions(const Section& bed, BedSpec& spec);                              // read_regions.cpp
void read_terminals(const Section& top, Scenario& scenario);                       // read_terminals.cpp; after the bed
void read_boundaries(const Section& top, Scenario& scenario);                      // read_boundaries.cpp; after the bed
void read_sensors(const Section& top, Scenario& scenario);                         // read_sensors.cpp; after the bed
void read_heater(const Section& top, Scenario& scenario);     // read_heater.cpp; after terminals and sensors
void read_estimates(const Section& top, Scenario& scenario);  // read_estimates.cpp; after sensors and terminals
void read_target(const Section& top, Scenario& scenario);     // read_heater.cpp
void read_run(const Section& top, Scenario& scenario);        // read_heater.cpp; after the heater

}  // namespace jt
