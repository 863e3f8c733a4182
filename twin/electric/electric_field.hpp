// SPDX-License-Identifier: Apache-2.0
// ElectricField: div(sigma grad phi) = 0 in a bed between terminals, by finite volumes (kernels/conduction.hpp).
//
// The first terminal is at +V/2, the others at -V/2; all other outer faces are insulated. The field is linear in V, so it is
// solved once for 1 V and scaled. Islands that no terminal feeds carry no current: they are pinned at mid-potential.
#pragma once
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "kernels/buffer.hpp"
#include "twin/bed/bed.hpp"
#include "twin/electric/contact_currents.hpp"
#include "twin/material/property_laws.hpp"
#include "twin/scenario/scenario.hpp"
#include "twin/solver/linear_solver.hpp"

namespace jt {

// Whether current can pass from the first terminal to the others, and where it is blocked.
struct Percolation {
    bool percolates = false;
    std::int64_t components = 0;    // connected groups of conducting cells
    std::int64_t pinned_cells = 0;  // cells of islands that no terminal feeds
    int axis = 0;                   // along which `reach` counts: normal of the first terminal
    int reach = 0;                  // planes, from the first terminal's face, that its current can reach
    int planes = 0;                 // planes there are
    std::string finding;            // one sentence for people
};

struct ElectricReport {
    double voltage = 0.0, current = 0.0, power = 0.0;  // [V], [A], [W]
    double resistance = 0.0;                           // [ohm]
    std::vector<double> terminal_currents;             // into the bed [A]
    double current_balance_relative = 0.0;             // |sum of terminal currents| / current
    double joule_W = 0.0, contact_W = 0.0;             // heat in cells, heat on contact surfaces
    double closure_relative = 0.0;                     // |joule + contact - V I| / V I
    double J0_A_per_m2 = 0.0;                          // current / section of the bed
    double crowding = 0.0, crowding_max = 0.0;         // 99th percentile and maximum of |J| / J0 in the product
    double mean_J_A_per_m2 = 0.0;
    std::int64_t cells_outside_laws = 0;  // their temperature is outside their law's range
    SolveReport solve;
};

class ElectricField {
public:
    // Throws InputError when the terminals touch no conducting cell or the bed does not percolate (Percolation::finding).
    // Scenario supplies terminals and interfaces. Terminals whose face touches nothing that conducts are an error.
    ElectricField(Backend& backend, const Bed& bed, const std::vector<Terminal>& terminals,
                  const std::vector<Interface>& interfaces);

    const Percolation& percolation() const { return percolation_; }

    // Factors (> 0) on what the scenario says, from the next set_temperature on: on the conductivity of a material; on the
    // contact resistance of a terminal (of its thermal contact too: heat released there splits by it); on the conductivity of
    // each cell, packed, beside the scenario's own.
    void set_conductivity_factor(int material, double factor) { sigma_laws_.set_factor(material, factor); }
    void set_contact_factor(std::size_t terminal, double factor);
    void set_cell_factor(const std::vector<float>& packed);

    // For stepping in time. All on the device; nothing is downloaded but scalars.
    // Takes sigma at the temperatures T [K] (a field of the device) from now on; null: the bed's initial temperature.
    // char_state: the ordering of a char, for laws that follow it.
    void set_temperature(const double* T, const CharView& char_state = {});
    // The ordering that later fields and reports take, where the sigma there is does not serve.
    void set_char(const CharView& char_state) {
        char_ = char_state;
        if (initial_front_.get() != char_.front) initial_front_ = {};
    }
    // |E| at a voltage [V/m] of the last solve to `field`.
    void field_strength(double voltage, Buffer<double>& field);
    // Current at 1 V [S] with sigma as it is at `time` [s]; starts from the line through the last two solutions, or from the
    // last one where there is no time. Throws as solve_voltage.
    // balance: as of solve_voltage.
    // goes_on: sigma has changed little since the last call.
    double solve_conductance(double balance, double relative_residual, std::optional<double> time = {}, bool goes_on = false);
    // Heat of each cell at a voltage [W] to q. Contacts are left to the heat balance: theirs is contact_heat_W().
    void joule_heat(double voltage, Buffer<double>& q);
    double contact_heat_W() const { return contact_W_; }
    ContactCurrents contact_currents(double voltage) const;
    // Everything a checkpoint needs: the potential, which starts the next solve.
    template <class Archive>
    void state(Archive& a) {
        a("phi", backend_, phi_), a("phi_before", backend_, phi_before_), a("solved_at", solved_at_);
        a("solved_before", solved_before_), a("voltage", voltage_), a("conductance", conductance_);
    }
    // |sum of terminal currents| / current that the last solve left.
    double current_balance_relative() const { return std::abs(solve_.balance.sum / conductance_); }
    const SolveReport& last_solve() const { return solve_; }
    // Currents, heat and crowding of the last solve at a voltage [V].
    ElectricReport report(double voltage);

    // Solves at a voltage [V], or at the voltage that drives `current` [A]. Throws SolveError when the solver does not
    // converge, InputError when the bed does not percolate.
    // balance: beside the relative residual, sum |phi r| <= balance V I and |sum r| <= balance I, so that heat and currents
    // close to it; at a high contrast 1e-8 of residual alone leaves far more open. 0: not asked.
    ElectricReport solve_voltage(double voltage, double balance = 1e-9, double relative_residual = 1e-8);
    ElectricReport solve_current(double current, double balance = 1e-9, double relative_residual = 1e-8);

    // Fields of the last solve, packed, x fastest. NaN where nothing conducts.
    std::vector<double> potential_V() const;
    // |J| from the mean of opposite face currents, or the magnitude of its component along one axis.
    std::vector<float> current_density_A_per_m2(std::optional<int> along = {}) const;
    std::vector<double> joule_heat_W_per_m3();  // bulk heat; contact heat is on surfaces

    // Conductivity along an axis, of all cells; 0 where nothing conducts and in pinned islands.
    std::vector<double> conductivity_S_per_m(int axis);

    std::size_t bytes() const { return backend_.allocated_bytes(); }
    const Grid& grid() const { return grid_; }

    // Current fed into each cell at 1 V between the terminals [A], packed: div(sigma grad phi) = -source. Taken from the next
    // set_temperature on. With a source the power is unit_power() V^2 and not V I.
    void set_current_source(const std::vector<double>& packed);
    // Power at 1 V [W]: sum over terminals of V I + sum over cells of phi times the current source.
    double unit_power();

private:
    void assemble();
    void find_percolation();
    void solve_unit(double balance, double relative_residual, bool goes_on = false);
    AxisGeometry geometry(int axis) const;
    double* face(int axis) const { return faces_[std::size_t(axis)].get(); }
    const Buffer<double>& evaluate_sigma(int axis);
    const Buffer<double>& any_sigma() const;
    double number(const Buffer<double>& value) const {
        double host = 0.0;
        backend_.download(&host, value.get(), sizeof host);
        return host;
    }
    LinearSystem system() const;
    double unit_joule_heat(Buffer<double>& q);

    Backend& backend_;
    const Bed bed_;
    Grid grid_;
    std::vector<Terminal> terminal_specs_;
    Terminals terminals_;
    PropertyLaws sigma_laws_;
    Buffer<double> contact_table_;
    Buffer<std::uint8_t> material_, sheet_;
    Buffer<float> factor_, factor_staging_;
    std::vector<float> own_factor_, cell_factor_;  // packed: the scenario's; with set_cell_factor's
    std::array<Buffer<double>, 3> sheet_factor_;
    std::array<int, 3> like_{};            // for each axis the first one along which sigma is the same
    std::array<Buffer<double>, 3> sigma_;  // along the axes that differ; else empty
    std::array<bool, 3> sigma_known_{};    // at the temperature and the ordering there are
    bool char_known_ = false;              // the same of char_sigma_
    Buffer<double> char_sigma_;            // of the char, where it is alike along axes that differ otherwise; else empty
    const double* T_ = nullptr;            // null: bed_.temperature
    CharView char_;
    Buffer<double> initial_front_;  // of a char, where nobody else follows it
    std::array<Buffer<double>, 3> faces_;
    Buffer<double> rhs_, phi_, phi_before_, scalar_, contact_heat_;
    std::optional<double> solved_at_, solved_before_;  // [s] of phi_, phi_before_; empty: nothing to go on from
    LinearSolver solver_;
    Percolation percolation_;
    SolveReport solve_;
    double contact_W_ = 0.0;    // of the last joule_heat
    double conductance_ = 0.0;  // current at 1 V [S]
    double voltage_ = 1.0;      // [V] of the last solve; phi_ itself is for 1 V
    std::int64_t outside_laws_ = 0;
    Buffer<double> current_source_;  // none: empty
};

}  // namespace jt
