// SPDX-License-Identifier: Apache-2.0
// Coupled: current and heat of the bed, advanced in time together.
//
// Time: SDIRK2 (Alexander 1977), gamma = 1 - 1/sqrt 2, two implicit stages at t + gamma dt and t + dt, stiffly accurate:
//     h1 = h0 + gamma dt F1,     h2 = h0 + (1 - gamma) dt F1 + gamma dt F2,     F the heat balance (kernels/heat.hpp)
// Energies are summed with the same weights, so that in = stored + lost holds to the stages' residual.
// Coupling: the potential and the conductivities of a stage are taken at a temperature predicted to second order. The first
// stage: the parabola with the value and the slope at the end of the last step and that step's bend, which is the distance of
// its end from the straight line through its start and first stage. The second stage: that line, plus the last step's bend
// times the squared ratio of the steps; kinks of the drive between steps do not spoil it.
// Step size: a quarter of 0.2 K + 1e-3 (T - T_initial) per cell bounds the distance of the solution from that
// prediction (third order) or, in the first step and where it is smaller in the two after a kink of the drive, from the line
// alone (second order, needs no past).
// Char: its ordering advances with the temperature of the accepted step; a stage takes it where the exact update leads by then,
// at the mean of the temperatures at the step's start and predicted. Heat capacity and mass of a char are those of the step's
// start, so that what it stores is heat alone; the heat of released volatiles is a source of the step after.
// Kinks of the drive inside a step: both stages take the drive's mean square, so that the step's energy is right.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "twin/electric/electric_field.hpp"
#include "twin/microstructure/microstructure.hpp"
#include "twin/thermal/heat_field.hpp"

namespace jt {

// What drives the terminals during a step.
struct Drive {
    enum class Mode { none, voltage, current, power };
    Mode mode = Mode::none;
    double value = 0.0;                                // [V], [A] or [W]
    const Program* program = nullptr;                  // null: `value` all the time
    std::optional<double> most_current, most_voltage;  // of the supply [A], [V]
    double at(double t) const { return program ? program->at(t) : value; }
    // Whether the program has a corner between two times, ends left out; the value that releases the same energy between them
    // at constant resistance: root of the mean square, for power the mean.
    bool bends(double from, double to) const;
    double effective(double from, double to) const;
};

struct Energy {
    double electrical_J = 0.0, source_J = 0.0, stored_J = 0.0, lost_J = 0.0;
    double assimilated_J = 0.0;  // by corrections of the temperature
    double residual_J() const { return electrical_J + source_J + assimilated_J - stored_J - lost_J; }
    void add(const Energy& e) {
        electrical_J += e.electrical_J, source_J += e.source_J, stored_J += e.stored_J, lost_J += e.lost_J;
        assimilated_J += e.assimilated_J;
    }
};

struct StepReport {
    double time = 0.0, dt = 0.0;  // at the end [s], of the step [s]
    double voltage = 0.0, current = 0.0, power = 0.0, resistance = 0.0;
    double error = 0.0;   // of the step in units of its tolerance
    int order = 3;        // power of the step with which the estimate grows
    bool kinked = false;  // the drive had a corner in the step or at its start
    int rejected = 0;     // tries with a longer step before this one
    int newton = 0, heat_iterations = 0, potential_iterations = 0;
    double current_balance_relative = 0.0;  // the worse of the stages
    std::int64_t outside_laws = 0;
    bool at_current_limit = false, at_voltage_limit = false;
    Energy energy;
};

class Coupled {
public:
    // The bed of the scenario; the electric field is there when it has terminals and a heater that drives them.
    // Throws InputError as HeatField and ElectricField do, and for terminals that no current can join.
    Coupled(Backend& backend, const Bed& bed, const Scenario& scenario);

    // One step that ends no later than `until` [s]. Throws SolveError when the smallest step does not converge, and names a
    // runaway as such.
    StepReport advance(double until, const Drive& drive);
    // Sets every solid to T [K] at a later time; what that takes is booked as source.
    StepReport impose(double until, double T);
    // The state in which nothing changes any more, at time 0 of the programs. Throws SolveError when there is none (runaway).
    // tolerance: largest change of a pass [K] at which it counts as reached.
    StepReport steady(const Drive& drive, double tolerance = 1e-6);

    // Factors (> 0) on what the scenario says, from the next step on; the model is the one of a scenario scaled so.
    void set_conductivity_factor(int material, double factor);          // electrical
    void set_thermal_conductivity_factor(int material, double factor);  // of heat
    void set_emissivity_factor(double factor);                          // of every surface
    void set_contact_factor(std::size_t terminal, double factor);       // resistance at a terminal, electrical and thermal
    void set_cell_conductivity_factor(const std::vector<float>& packed);
    // Adds to the temperature, cell by cell [K]; void is left alone, no cell falls below a tenth of its temperature. The
    // course of the last step moves along, so that the next one goes on with its slope. Returns the energy it takes [J], booked
    // as assimilated.
    double shift_temperature(const std::vector<double>& packed);

    // Everything a checkpoint needs: temperatures, history, step size, energies, potential.
    template <class Archive>
    void state(Archive& a) {
        a.scope("heat", [&](Archive& inner) { heat_->state(inner); });
        if (electric_) a.scope("electric", [&](Archive& inner) { electric_->state(inner); });
        if (micro_) a.scope("char", [&](Archive& inner) { micro_->state(inner); });
        a("reaction_J", reaction_J_);
        a("T0", backend_, T0_), a("T1", backend_, T1_);
        a("time", time_), a("next_step", next_step_);
        a("bend", backend_, bend_), a("bent", bent_), a("kinked", kinked_);
        a("electrical_J", energy_.electrical_J), a("source_J", energy_.source_J);
        a("stored_J", energy_.stored_J), a("lost_J", energy_.lost_J), a("assimilated_J", energy_.assimilated_J);
    }

    double time() const { return time_; }
    double stored_J();    // energy of the bed at the temperature there is [J]
    double resistance();  // between the terminals at the temperature there is [ohm]
    HeatField& heat() { return *heat_; }
    ElectricField* electric() { return electric_ ? &*electric_ : nullptr; }
    Microstructure* microstructure() { return micro_ ? &*micro_ : nullptr; }  // null: no char
    const Microstructure* microstructure() const { return micro_ ? &*micro_ : nullptr; }
    // For a table of the plant: from now on until it is switched off, the char in a steady state is the one held there for 30
    // s, and heat capacity is that of a char fully converted. Off: the char as it is before a run.
    void follow_char(bool on);
    // Heat capacity of the bed at a uniform T [K] with the char held there for 30 s, over that of a char fully converted.
    // Leaves the temperature changed.
    double held_capacity_ratio(double T);
    bool has_electric() const { return electric_.has_value(); }
    const Energy& energy() const { return energy_; }  // since the start
    double largest_step = 0.5, smallest_step = 1e-3;  // [s]
    double tolerance_factor = 1.0;                    // on the tolerance of a step: above 1 for those who look ahead roughly
    // On how closely a stage balances heat (1e-9 of it) and current (1e-8): above 1 for many twins of which the spread counts.
    double balance_factor = 1.0;
    // For benchmarks: wall time of the char's kinetics since it was set to 0 [s]; negative: not measured.
    double kinetics_wall_s = -1.0;

    // Sources beside the scenario's, as a manufactured solution needs them. Called at each stage with its time [s] to fill a
    // packed array: heat released in each cell [W]; current fed into each cell [A] at 1 V between the terminals, with which it
    // scales.
    using CellSource = std::function<void(double time, std::vector<double>& packed)>;
    CellSource heat_source, current_source;
    // The first step [s], 1 ms otherwise: for those who know that nothing happens at once.
    void start_with(double dt) { next_step_ = dt; }
    // Steps of this length only, from now on [s].
    void fix_step(double dt) { largest_step = smallest_step = next_step_ = dt; }

private:
    struct Stage {
        double voltage = 0.0, current = 0.0, power = 0.0, lost = 0.0, source = 0.0;
        bool goes_on = false;  // after one of the same step that solved the potential
    };
    double add_heat_sources(double time);  // to q_; returns their sum [W]
    CharView char_at(double time) const;   // in the step at hand
    void finish_char(double dt, double voltage);
    std::optional<Stage> solve_stage(double time, double tau, const Drive& drive, double value, double scale,
                                     StepReport& report, bool goes_on = false);
    void drive_current(double time, const Drive& drive, double value, Stage& stage, StepReport& report);
    bool attempt(double dt, const Drive& drive, StepReport& report);
    void extrapolate(double after);  // where the last step was going, `after` seconds on, into the heat field

    Backend& backend_;
    std::optional<HeatField> heat_;
    std::optional<ElectricField> electric_;
    double initial_temperature_;
    // T0 now, T1 a step before; h0 of T0, then what the second stage aims at; line and bend: see above
    Buffer<double> T0_, T1_, h0_, line_, bend_, guess_, q_, source_;
    double source_total_W_ = 0.0;
    std::optional<Microstructure> micro_;
    Buffer<double> shift_, shift_staging_;  // made when first needed
    std::vector<double> shift_host_;
    Buffer<double> field_;     // |E|, where the char's kinetics ask for it
    double reaction_J_ = 0.0;  // sum of what the last step's release of volatiles takes up
    double step_ = 0.0;        // [s] at hand, over which that is released
    bool follow_ = false;
    double time_ = 0.0, next_step_ = 1e-3;
    double bent_ = 0.0;              // [s] length of the step that bend_ is of; 0: none yet
    bool potential_solved_ = false;  // in the step at hand
    bool kinked_ = false;            // the step before
    Energy energy_;
};

}  // namespace jt
