// SPDX-License-Identifier: Apache-2.0
// LumpedModel: a Joule heater of which nobody knows the geometry, as one heat capacity behind a thermometer that follows late.
//
//     C(T) dT/dt = P - G (T - T_amb) - A_eps sigma_SB (T^4 - T_amb^4),      C(T) = C (1 + c (T - T_ref))
//     lag dT_r/dt = T - T_r                                       T_r: what the thermometer reads
//     P = R(T) I^2, V^2 / R(T) or V I as measured,                R(T) = r_0 + r_1 x + r_2 x^2, x = (T - T_ref) / 500 K
// Time: exponential Rosenbrock of second order on every interval of the log, input linear in between: exact where C and R do
// not depend on T and the loss is linear; the lag is then exact for a core that moves along a straight line.
#pragma once
#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace jt {

enum class LumpedDrive { current, voltage, power };
inline constexpr std::array<std::string_view, 3> kLumpedDrives{"current", "voltage", "power"};

struct LumpedModel {
    double capacity_J_per_K = 0.0;      // at the reference temperature
    double capacity_slope_per_K = 0.0;  // relative; C is held at a twentieth where it would go below
    double conductance_W_per_K = 0.0;   // G
    double emissive_area_m2 = 0.0;      // A_eps: area times emissivity
    double lag_s = 0.0;                 // 0: the thermometer reads the core
    std::array<double, 3> resistance_ohm{};
    double reference_K = 1000.0, ambient_K = 298.15;

    double capacity(double T) const;    // [J/K]
    double loss(double T) const;        // [W]
    double resistance(double T) const;  // [ohm]
    // d/dT of the three, the input standing still
    double capacity_rise(double T) const;
    double loss_rise(double T) const;
    double power_rise(LumpedDrive drive, double input, double T) const;
    double power(LumpedDrive drive, double input, double T) const;  // input [A], [V] or [W]
};

struct LumpedState {
    double core_K = 0.0, reading_K = 0.0;
};

// Goes on by `h` seconds while the input moves along a straight line.
void advance(const LumpedModel& model, LumpedDrive drive, double h, double input_before, double input_after,
             LumpedState& state);

// States at the times given, from `start` at the first; time ascending [s], input as many. A state that runs away stays at the
// last finite one.
std::vector<LumpedState> run_lumped(const LumpedModel& model, LumpedDrive drive, std::span<const double> time_s,
                                    std::span<const double> input, LumpedState start);

}  // namespace jt
