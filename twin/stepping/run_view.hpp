// SPDX-License-Identifier: Apache-2.0
// RunView: the rows and fields of a run, formed from its twin as it is at a moment. Changes nothing in the twin.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kernels/cell_samples.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {

class RunView final : public RunFields {
public:
    // All of them outlive the view. Throws InputError for a probe outside the bed.
    RunView(Backend& backend, const Scenario& scenario, const Bed& bed, Coupled& twin);

    // What the twin itself does not keep.
    struct Moment {
        double voltage_V = 0.0, current_A = 0.0, power_W = 0.0;  // of the last step
        std::optional<double> reading_K;                         // of the feedback sensor
        bool imposed = false;                                    // the bed follows the program itself
    };
    struct Look {
        RunRecord record;
        double hotter_K = 0.0;  // T max over T mean of the product
        std::optional<ElectricReport> electric;
    };
    // The row of this moment, time t [s]; the fields are those of the same moment until the next look.
    Look look(double t, const Moment& moment);

    Coupled& twin() override { return twin_; }
    std::vector<std::string> available() const override;
    const std::vector<float>& field(const std::string& quantity) override;

private:
    bool carries_current() const { return twin_.has_electric() && moment_.current_A > 0.0; }
    std::vector<float> form(const std::string& quantity);
    std::array<int, 3> probe_cell(const Probe& probe) const;
    std::optional<double> probe_value(const Probe& probe, double T);

    const Scenario& scenario_;
    const Bed& bed_;
    Coupled& twin_;
    Moment moment_;
    CellSamples probe_T_;
    std::map<std::string, std::vector<float>> fields_;  // formed since the last look
};

}  // namespace jt
