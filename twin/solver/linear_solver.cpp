// SPDX-License-Identifier: Apache-2.0
#include "twin/solver/linear_solver.hpp"

#include <algorithm>
#include <cmath>

namespace jt {
namespace {

constexpr int kStalledRounds = 4;
constexpr double kReplaceAt = 1e-4;  // the float residual drifts from the true one by about 1e-5 of where it started

}  // namespace

void LinearSolver::setup(const LinearSystem& system) {
    if (!scalars_) scalars_ = Buffer<double>(backend_, kScalarSlots);
    if (e_.count() != system.grid.allocation()) {
        e_ = Buffer<float>::field(backend_, system.grid);
        p_ = Buffer<float>::field(backend_, system.grid);
    }
    backend_.diagonal_sum(system.grid, system.faces, scalars_.get() + kScratch);
    reference_ = scalar(kScratch) / double(system.grid.cells());
    if (!(reference_ > 0.0) || !std::isfinite(reference_)) reference_ = 1.0;
    multigrid_.setup(system.grid, system.faces, reference_);
}

double LinearSolver::scalar(ScalarSlot slot) const {
    double value = 0.0;
    backend_.download(&value, scalars_.get() + slot, sizeof value);
    return value;
}

double LinearSolver::true_residual(const LinearSystem& system, double scale) {
    backend_.residual(system.grid, system.faces, system.b, system.x, multigrid_.residual(), scale,
                      scalars_.get() + kResidualSquared);
    return std::sqrt(scalar(kResidualSquared));
}

Balance LinearSolver::balance(const LinearSystem& system) {
    backend_.residual_sum(system.grid, system.faces, system.b, system.x, system.reference, false,
                          scalars_.get() + kResidualSum);
    backend_.residual_sum(system.grid, system.faces, system.b, system.x, system.reference, true,
                          scalars_.get() + kResidualPower);
    return {scalar(kResidualSum), scalar(kResidualPower)};
}

double LinearSolver::traffic_bytes(const SolveReport& report) const {
    // [B per cell]: see the header; coarse levels are visited once more per level (W-cycle) and have the cost of the
    // preconditioner only. Set-up: faces read in double, written and read in float, 3 strengths.
    constexpr double kIteration = 138.0, kCycle = 86.0, kReplace = 24.0 + 16.0 + 16.0 + 4.0 + 16.0,
                     kSetup = 24.0 + 48.0 + 12.0 + 16.0 + 24.0;
    double bytes = 0.0, visits = 1.0;
    for (int l = 0; l < multigrid_.levels(); ++l, visits *= l + 1 < multigrid_.levels() ? 2.0 : 1.0) {
        const double cells = double(multigrid_.grid(l).cells());
        bytes += cells * (l == 0 ? kIteration * report.iterations + kReplace * (report.replacements + 1) + kSetup
                                 : kCycle * visits * report.iterations);
    }
    return bytes;
}

SolveReport LinearSolver::solve(const LinearSystem& system, const SolveTolerance& tolerance) {
    SolveReport report;
    backend_.sum_of_squares(system.grid, system.b, scalars_.get() + kScratch);
    const double b_norm = std::sqrt(scalar(kScratch));
    double norm = true_residual(system, 1.0);
    if (!std::isfinite(norm) || !std::isfinite(b_norm)) {
        report.relative_residual = INFINITY;
        return report;
    }
    if (!(norm > 0.0) || !(b_norm > 0.0)) {
        report.converged = norm == 0.0;
        report.relative_residual = norm > 0.0 ? INFINITY : 0.0;
        if (b_norm > 0.0 || norm == 0.0) return report;
    }
    const double unit = b_norm > 0.0 ? b_norm : norm;
    double target = tolerance.relative_residual * unit;
    // The float iteration solves (A / reference) e = scale r with a residual of norm 1 per root cell.
    const double scale = std::sqrt(double(system.grid.cells())) / norm;
    const double inverse_scale = 1.0 / (scale * reference_);

    auto done = [&] {
        report.relative_residual = norm / unit;
        if (!(norm <= target)) return false;
        if (tolerance.accept) {
            report.balance = balance(system);
            if (!tolerance.accept(report.balance)) {
                target = 0.1 * std::min(target, norm);
                return false;
            }
        }
        return report.converged = true;
    };
    if (done()) return report;
    norm = true_residual(system, scale);

    e_.zero();
    const LevelView finest = multigrid_.finest();
    double* scalars = scalars_.get();
    double replaced_at = norm, best = norm;
    int stalled = 0;
    bool step_pending = false, conjugate = false;
    multigrid_.apply(false, scalars + kRz);
    while (report.iterations < tolerance.max_iterations) {
        backend_.next_direction(finest, scalars, e_.get(), p_.get(), multigrid_.result(), multigrid_.scratch(), step_pending,
                                conjugate);
        backend_.reduce_and_smooth(finest, scalars, multigrid_.residual(), multigrid_.scratch(), multigrid_.result());
        backend_.keep_rz(scalars);
        step_pending = conjugate = true;
        ++report.iterations;
        const double estimate = std::sqrt(scalar(kRr)) / scale;
        const bool last = !std::isfinite(estimate) || report.iterations == tolerance.max_iterations;
        if (last || estimate <= target || estimate <= kReplaceAt * replaced_at) {
            backend_.finish_step(system.grid, scalars, e_.get(), p_.get());
            backend_.correct(system.grid, system.x, e_.get(), inverse_scale);
            norm = true_residual(system, scale);
            ++report.replacements;
            step_pending = false;
            if (done() || last || !std::isfinite(norm)) break;
            // The residual in double no longer follows the one in float: rounding of the float correction, which another round
            // makes smaller, or of x itself. When several rounds gain nothing double can do no better, and the solution stands
            // if it meets the relative residual; the balance says what is left open.
            stalled = norm > 0.7 * best && norm > 1.1 * estimate ? stalled + 1 : 0;
            best = std::min(best, norm);
            if (stalled == kStalledRounds) {
                report.converged = norm <= tolerance.relative_residual * unit;
                break;
            }
            replaced_at = norm;
            multigrid_.apply(false, scalars + kRz);
        } else {
            multigrid_.apply(true, scalars + kRz);
        }
    }
    report.relative_residual = norm / unit;
    return report;
}

SolveReport LinearSolver::solve_step(const LinearSystem& system, double relative, double magnitude, int max_iterations) {
    SolveReport report;
    const double scale = double(system.grid.cells()) / magnitude;
    step_scale_ = 1.0 / (scale * reference_);
    e_.zero();
    const LevelView finest = multigrid_.finest();
    double* scalars = scalars_.get();
    backend_.round_right_hand_side(system.grid, system.b, multigrid_.residual(), scale, scalars + kResidualSquared);
    const double start = std::sqrt(scalar(kResidualSquared));
    if (!(start > 0.0) || !std::isfinite(start)) {
        report.converged = start == 0.0;
        return report;
    }
    double now = start;
    bool conjugate = false;
    multigrid_.apply(false, scalars + kRz);
    while (report.iterations < max_iterations) {
        backend_.next_direction(finest, scalars, e_.get(), p_.get(), multigrid_.result(), multigrid_.scratch(), conjugate,
                                conjugate);
        backend_.reduce_and_smooth(finest, scalars, multigrid_.residual(), multigrid_.scratch(), multigrid_.result());
        backend_.keep_rz(scalars);
        conjugate = true;
        ++report.iterations;
        now = std::sqrt(scalar(kRr));
        if (!std::isfinite(now) || now <= relative * start) break;
        multigrid_.apply(true, scalars + kRz);
    }
    backend_.finish_step(system.grid, scalars, e_.get(), p_.get());
    report.relative_residual = now / start;
    report.converged = now <= relative * start;
    return report;
}

}  // namespace jt
