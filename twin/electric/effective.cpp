// SPDX-License-Identifier: Apache-2.0
#include "twin/electric/effective.hpp"

#include <chrono>

#include "kernels/error.hpp"

namespace jt {
namespace {

constexpr double kBalance = 1e-7;  // of current and power: what sigma_eff is good to

}  // namespace

Effective effective_conductivity(Backend& backend, const Bed& bed, double relative_residual) {
    Effective result;
    const auto size = bed.extents.size();
    for (int axis = 0; axis < 3; ++axis) {
        const auto start = std::chrono::steady_clock::now();
        Terminal lower, upper;
        lower.name = "lower end";
        lower.face = static_cast<Face>(2 * axis);
        upper.name = "upper end";
        upper.face = static_cast<Face>(2 * axis + 1);
        ElectricField field(backend, bed, {lower, upper}, {});
        EffectiveAxis& out = result.axis[std::size_t(axis)];
        out.percolation = field.percolation();
        if (out.percolation.percolates) try {
                out.electric = field.solve_voltage(1.0, kBalance, relative_residual);
                const double section = size[std::size_t((axis + 1) % 3)] * size[std::size_t((axis + 2) % 3)];
                out.sigma_S_per_m = out.electric.current * size[std::size_t(axis)] / section;
                if (result.shown < 0 || out.sigma_S_per_m > result.axis[std::size_t(result.shown)].sigma_S_per_m) {
                    result.shown = axis;
                    result.J_over_J0 = field.current_density_A_per_m2();
                    for (float& J : result.J_over_J0) J = float(double(J) / out.electric.J0_A_per_m2);
                }
            } catch (const SolveError& error) {
                out.failure = error.what();
            }
        out.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    result.bytes_per_cell = double(backend.peak_bytes()) / double(bed.extents.count());
    return result;
}

}  // namespace jt
