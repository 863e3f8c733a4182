// SPDX-License-Identifier: Apache-2.0
// DerivedFields: the fields of a frame as the screen shows them: in the unit that people see, with the range of their colours,
// and those that follow from others (T - T mean, the material, current lines). Formed once a frame and kept.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "viz/figure/colour_bar.hpp"
#include "viz/screen/data/run_facts.hpp"

namespace jt {

struct ShownField {
    const Quantity* quantity = nullptr;
    std::string unit;           // as shown: "°C"
    std::string title;          // "Temperature, °C"
    std::vector<float> values;  // per cell, x fastest, in that unit; NaN: nothing
    ColourScale scale;
    bool fixed = false;              // the range does not follow the data
    double mean = 0.0;               // T - T mean: T mean [K]
    double least = 0.0, most = 0.0;  // of the values
    Histogram histogram;             // of the values along the range
    std::uint64_t version = 0;       // differs between any two fields of a session
};
using ShownFieldPtr = std::shared_ptr<const ShownField>;

// A field, or why there is none, for people.
struct FieldOrReason {
    ShownFieldPtr field;
    std::string reason;
};

inline constexpr int kHistogramBins = 48;

// Electrodes of a run: the first terminal is +, as in all pictures.
std::vector<Electrode> electrodes_of(const Scenario&);

// The range of a quantity's colours, in the stored unit, where it does not follow the data: temperatures from the start to the
// limit (or the program's highest set point), observables of the product over the range that the model is calibrated for.
std::optional<Range> fixed_range(const Quantity&, const Scenario&);

// Fields that a source must deliver so that these can be shown.
std::vector<std::string> fields_needed(const std::string& bed_field, const std::string& micro_field, bool streamlines);

class DerivedFields {
public:
    // By name of twin/quantity. known: names that the run has fields of (null: not known).
    FieldOrReason get(const RunFacts&, const FramePtr&, const std::string& name, bool kelvin,
                      const std::vector<std::string>* known);
    // Lines of the current [m]; empty: no current flows, or the run has no such fields.
    std::shared_ptr<const std::vector<std::vector<Vec3>>> streamlines(const RunFacts&, const FramePtr&);

private:
    const RunFacts* facts_ = nullptr;
    FramePtr frame_;
    std::map<std::string, FieldOrReason> shown_;
    std::shared_ptr<const std::vector<std::vector<Vec3>>> lines_;

    void enter(const RunFacts&, const FramePtr&);
    FieldOrReason form(const RunFacts&, const FieldFrame&, const std::string& name, bool kelvin,
                       const std::vector<std::string>* known);
};

}  // namespace jt
