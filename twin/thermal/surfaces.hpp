// SPDX-License-Identifier: Apache-2.0
// Surfaces: every solid face that looks outside, and what is outside it. A face looks outside when it lies on the box, or
// beside void that is connected to the outside of the box; faces to enclosed void exchange nothing (radiation inside pores is
// part of k).
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/heat.hpp"
#include "twin/bed/bed.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

class Surfaces {
public:
    // A terminal with a temperature owns the faces it touches; then a furnace; then [face.X] on the box; then [surface].
    Surfaces(const Bed& bed, const Scenario& scenario);

    // Cells with outer faces along an axis, each once, in cell order.
    const std::vector<SurfaceCell>& along(int axis) const { return cells_[std::size_t(axis)]; }
    // What stands outside at time t [s]; SurfaceCell::condition indexes it.
    std::vector<SurfaceCondition> conditions(double t) const;
    // Factors (> 0) from now on: on every emissivity; on the thermal resistance between the bed and the clamp of a terminal, by
    // its place in the scenario. A perfect or insulated contact stays so.
    void set_emissivity_factor(double factor) { emissivity_factor_ = factor; }
    void set_contact_factor(std::size_t terminal, double factor);
    // Times at which a program has a corner.
    std::vector<double> corners() const;
    // Area of all surfaces with their weights [m2].
    double area() const;
    // Whether anything fixes the temperature, so that a steady state exists.
    bool hold_temperature() const;

private:
    struct Outside {
        double emissivity = 0.0, convection = 0.0, contact = -1.0, contact_factor = 1.0;
        std::optional<Program> ambient, flux, temperature;
    };
    double emissivity_factor_ = 1.0;
    std::vector<Outside> outsides_;
    std::vector<int> clamp_;  // of each terminal, in outsides_; -1: none
    std::array<std::vector<SurfaceCell>, 3> cells_;
};

}  // namespace jt
