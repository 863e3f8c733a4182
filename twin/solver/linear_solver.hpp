// SPDX-License-Identifier: Apache-2.0
// LinearSolver: A x = b for the operator of kernels/stencil.hpp; one class for the potential and for heat.
//
// Conjugate gradients preconditioned by Multigrid, in float, around a residual in double: whenever the float residual has
// fallen by 1e4 the correction is added to x, the residual b - A x is formed anew in double with the double operator and the
// iteration goes on from its direction (residual replacement, van der Vorst & Ye 2000). The solution and the reported residual
// are double; float costs no iterations (tests/twin/test_linear_solver.cpp).
//
// Traffic of one iteration on the finest level [B per cell]: direction + apply 40, residual + first smoothing 40, restriction
// 22, correction + second smoothing 36.
#pragma once
#include <functional>

#include "twin/solver/multigrid.hpp"

namespace jt {

struct LinearSystem {
    Grid grid;
    Faces<double> faces;        // [S] or [W/K]
    const double* b = nullptr;  // [A] or [W]
    double* x = nullptr;        // first guess in, solution out
    double reference = 0.0;     // x is measured from here in Balance::power
};

// What the double residual r = b - A x leaves open.
struct Balance {
    double sum = 0.0;    // sum r: imbalance of the currents through the terminals
    double power = 0.0;  // sum |(x - reference) r|: bound on the power that does not close
};

struct SolveTolerance {
    double relative_residual = 1e-8;  // |b - A x| / |b|
    int max_iterations = 500;
    // Asked once the relative residual is met; false: go on with a tenth of the tolerance. Empty: yes.
    std::function<bool(const Balance&)> accept;
};

struct SolveReport {
    int iterations = 0;
    int replacements = 0;  // double residuals formed after the first
    double relative_residual = 0.0;
    bool converged = false;
    Balance balance;  // filled when accept was asked
};

class LinearSolver {
public:
    explicit LinearSolver(Backend& backend) : backend_(backend), multigrid_(backend) {}
    // Prepares for the operator of `system`; call again when its coefficients have changed.
    void setup(const LinearSystem& system);
    // Instead of setup where the operator has changed little since, as between the stages of a step. Needs setup before.
    void refresh(const LinearSystem& system) { multigrid_.refresh(system.faces, reference_); }
    // Needs setup with the same operator. Never throws for lack of convergence: see the report.
    SolveReport solve(const LinearSystem& system, const SolveTolerance& tolerance);
    // A rough solution from a zero guess, in float alone: |b - A x| <= relative |b| by the float iteration, nothing in double
    // is checked. For Newton steps, whose next residual says how good it was; b may be of an operator that is not far from the
    // one of setup. magnitude: of sum |b|, for the scaling. system.x is not touched: x = step_scale() * step().
    SolveReport solve_step(const LinearSystem& system, double relative, double magnitude, int max_iterations = 200);
    const float* step() const { return e_.get(); }
    double step_scale() const { return step_scale_; }
    int levels() const { return multigrid_.levels(); }
    // Bytes that set-up and a solve must move at least, every field once per launch that needs it.
    double traffic_bytes(const SolveReport& report) const;

private:
    double scalar(ScalarSlot slot) const;
    double true_residual(const LinearSystem& system, double scale);
    Balance balance(const LinearSystem& system);

    Backend& backend_;
    Multigrid multigrid_;
    Buffer<float> e_, p_;
    Buffer<double> scalars_;
    double step_scale_ = 1.0;
    double reference_ = 1.0;  // conductance that is 1 in float: the mean diagonal
};

}  // namespace jt
