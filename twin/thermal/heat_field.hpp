// SPDX-License-Identifier: Apache-2.0
// HeatField: the temperature of the bed, and one implicit stage of its enthalpy balance (kernels/heat.hpp) by Newton's method.
// In a step k(T) is taken at the temperature the stage starts from (the caller's extrapolation: second order), so that Newton
// has only the heat capacity and the surfaces to follow, and converges in two or three passes; a steady stage takes it at the
// iterate. Stops on the balance itself: sum |missing heat| <= 1e-9 of the stage's heat.
#pragma once
#include <string>
#include <vector>

#include "kernels/buffer.hpp"
#include "twin/bed/bed.hpp"
#include "twin/electric/contact_currents.hpp"
#include "twin/material/property_laws.hpp"
#include "twin/scenario/scenario.hpp"
#include "twin/solver/linear_solver.hpp"
#include "twin/thermal/heat_capacity.hpp"
#include "twin/thermal/surfaces.hpp"

namespace jt {

struct HeatStage {
    double tau = 0.0;                // [s]; 0: steady
    const double* target = nullptr;  // h* [J/m3]; unused when steady
    const double* q = nullptr;       // heat released in each cell [W]
    const ContactCurrents* contacts = nullptr;
    double time = 0.0;            // of the surfaces' programs [s]
    double heat_scale = 0.0;      // [W] what 1e-9 refers to, beside the heat that crosses the surfaces
    double balance_factor = 1.0;  // on that 1e-9
    bool goes_on = false;         // the stage before this one was of the same step and tau
};

struct HeatReport {
    int newton = 0, iterations = 0;  // of Newton, of the linear solver in all
    double missing_W = 0.0;          // sum |balance| over the cells
    double lost_W = 0.0;             // through surfaces, net
    double crossing_W = 0.0;         // through surfaces, either way
    double contact_W = 0.0;          // released on contacts between materials
    std::int64_t outside_laws = 0;   // cells whose temperature is outside the range of k
    bool converged = false;
};

class HeatField {
public:
    // Throws InputError for a material that has no thermal conductivity, density or heat capacity.
    HeatField(Backend& backend, const Bed& bed, const Scenario& scenario);

    // Solves the stage from the temperature there is. Never throws for lack of convergence: see the report.
    HeatReport solve(const HeatStage& stage);

    double* T() const { return T_.get(); }
    // Of heat capacity and mass, by cell; null: 1. Constant while a step is solved.
    void set_capacity_factor(const double* factor) { capacity_.set_factor(factor); }
    // Factors (> 0) on what the scenario says, from the next stage on: on the conductivity of a material; see Surfaces.
    void set_conductivity_factor(int material, double factor) { k_laws_.set_factor(material, factor); }
    void set_emissivity_factor(double factor) { surfaces_.set_emissivity_factor(factor); }
    void set_contact_factor(std::size_t terminal, double factor) { surfaces_.set_contact_factor(terminal, factor); }
    // h(T) per volume to `h`; returns the energy of the bed [J].
    double stored(const double* T, double* h);
    const Surfaces& surfaces() const { return surfaces_; }
    const Grid& grid() const { return grid_; }
    double volume() const { return bed_extents_.voxel_volume(); }
    std::vector<double> temperature_K() const;  // packed, NaN in void
    // Of the faces in surfaces().along(axis) at the last stage: lower and upper face of each entry. A face that is no surface
    // has no value.
    std::vector<double> surface_temperature_K(int axis) const;
    const double* surface_temperature(int axis) const {
        return surface_T_[std::size_t(axis)].get();
    }  // the same, on the device
    // Surface temperatures at the temperature there is, for the surroundings of time t [s].
    void refresh_surfaces(double t);
    // Everything a checkpoint needs.
    template <class Archive>
    void state(Archive& a) {
        a("T", backend_, T_);
        for (int axis = 0; axis < 3; ++axis)
            if (Buffer<double>& surface = surface_T_[std::size_t(axis)])
                a("surface_T_" + std::to_string(axis), backend_, surface);
    }
    void set_temperature_K(const std::vector<double>& packed);

private:
    double number() const {
        double host = 0.0;
        backend_.download(&host, scalar_.get(), sizeof host);
        return host;
    }
    void load_conditions(double t);
    void assemble(const HeatStage& stage, HeatReport& report);
    void exchange(HeatReport& report);

    Backend& backend_;
    Extents bed_extents_;
    Grid grid_;
    Surfaces surfaces_;
    PropertyLaws k_laws_;
    Buffer<std::uint8_t> material_, sheet_;
    std::array<Buffer<double>, 3> sheet_factor_;
    Buffer<double> contact_table_, split_table_;
    int materials_ = 0;
    HeatCapacity capacity_;
    std::array<Buffer<SurfaceCell>, 3> lists_;
    std::array<Buffer<double>, 3> faces_;
    std::array<Buffer<double>, 3> surface_T_, surface_conductance_;
    bool set_up_ = false;        // the solver, in the step at hand
    std::array<int, 3> like_{};  // for each axis the first one along which k is the same
    const double* q_ = nullptr;  // of the stage at hand: its q, or heated_
    Buffer<double> heated_;      // q with the heat on contacts; only where there are such
    Buffer<SurfaceCondition> conditions_;
    Buffer<double> T_, k_, sink_, rhs_, scalar_, surface_sums_, surface_heat_;
    std::vector<std::uint8_t> solid_;
    LinearSolver solver_;
};

}  // namespace jt
