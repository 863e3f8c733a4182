// SPDX-License-Identifier: Apache-2.0
// Steps of the preconditioned conjugate gradients in float around a residual in double (twin/solver/linear_solver.hpp).
// Scalars live in device memory: ScalarSlot names their places.
#pragma once
#include "kernels/stencil.hpp"

namespace jt {

enum ScalarSlot : int { kRz, kRzOld, kPq, kRr, kResidualSquared, kResidualSum, kResidualPower, kScratch, kScalarSlots };

namespace JT_NS {

// r = b - A x in double over double faces, and its scaled float copy for the inner iteration. Returns r^2.
template <bool kSink>
struct Residual {
    Stencil<double> a;
    const double *b, *x;
    float* r;
    double scale;  // float copy = scale * r
    JT_HD double operator()(Cell c) const {
        double value = b[c.n] - a.outflow(x, c.n);
        if constexpr (kSink) value -= a.g.sink[c.n] * x[c.n];
        r[c.n] = float(scale * value);
        return value * value;
    }
};

// The right-hand side itself as scaled float residual, for a zero guess. Returns its square, of the scaled values.
struct RoundRightHandSide {
    const double* b;
    float* r;
    double scale;
    JT_HD double operator()(Cell c) const {
        const double value = scale * b[c.n];
        r[c.n] = float(value);
        return value * value;
    }
};

// Sum of the residual (the imbalance of current [A] or heat [W]) and of |x r| (the bound on the power that does not close).
template <bool kSink, bool kPower>
struct ResidualSum {
    Stencil<double> a;
    const double *b, *x;
    double reference;  // x is measured from here; kPower: sum |(x - reference) r| instead of sum r
    JT_HD double operator()(Cell c) const {
        double value = b[c.n] - a.outflow(x, c.n);
        if constexpr (kSink) value -= a.g.sink[c.n] * x[c.n];
        if constexpr (!kPower) return value;
        const double product = (x[c.n] - reference) * value;
        return product < 0.0 ? -product : product;
    }
};

// x += e / scale; e = 0
struct Correct {
    double* x;
    float* e;
    double inverse_scale;
    JT_HD void operator()(Cell c) const {
        x[c.n] += inverse_scale * double(e[c.n]);
        e[c.n] = 0.0f;
    }
};

// e += alpha p (of the step before), then p = z + beta p with beta = rz / rz_old
struct NextDirection {
    const double* scalars;
    float *e, *p;
    const float* z;
    bool take_step;  // false: there is no step before, or finish_step has taken it
    bool conjugate;  // false: start from p = z
    float alpha = 0.0f, beta = 0.0f;
    JT_HD void load() {
        // kRzOld / kPq is the length of the step before
        if (take_step) alpha = scalars[kPq] > 0.0 ? float(scalars[kRzOld] / scalars[kPq]) : 0.0f;
        if (conjugate) beta = scalars[kRzOld] > 0.0 ? float(scalars[kRz] / scalars[kRzOld]) : 0.0f;
    }
    JT_HD void operator()(Cell c) const {
        const float before = conjugate ? p[c.n] : 0.0f;
        e[c.n] += alpha * before;
        p[c.n] = z[c.n] + beta * before;
    }
};

// q = A p; returns p q
template <bool kSink>
struct ApplyDirection {
    Stencil<float> a;
    const float* p;
    float* q;
    JT_HD double operator()(Cell c) const {
        float value = a.outflow(p, c.n);
        if constexpr (kSink) value += a.g.sink[c.n] * p[c.n];
        q[c.n] = value;
        return double(value) * double(p[c.n]);
    }
};

// r -= alpha q with alpha = rz / pq; returns r^2
struct ReduceResidual {
    const double* scalars;
    float* r;
    const float* q;
    float alpha = 0.0f;
    JT_HD void load() { alpha = scalars[kPq] > 0.0 ? float(scalars[kRz] / scalars[kPq]) : 0.0f; }
    JT_HD double operator()(Cell c) const {
        const float value = r[c.n] - alpha * q[c.n];
        r[c.n] = value;
        return double(value) * double(value);
    }
};

// e += alpha p: takes the step now, before the residual is replaced
struct FinishStep {
    const double* scalars;
    float* e;
    const float* p;
    float alpha = 0.0f;
    JT_HD void load() { alpha = scalars[kPq] > 0.0 ? float(scalars[kRzOld] / scalars[kPq]) : 0.0f; }
    JT_HD void operator()(Cell c) const { e[c.n] += alpha * p[c.n]; }
};

// Diagonal of the operator: faces and sink of a cell.
template <bool kSink>
struct Diagonal {
    Stencil<double> a;
    JT_HD double operator()(Cell c) const {
        double value = a.face_sum(c.n);
        if constexpr (kSink) value += a.g.sink[c.n];
        return value;
    }
};

struct Square {
    const double* field;
    JT_HD double operator()(Cell c) const { return field[c.n] * field[c.n]; }
};

// Runs on a grid of one cell: kRzOld takes kRz before a new one is formed.
struct KeepRz {
    double* scalars;
    JT_HD void operator()(Cell) const { scalars[kRzOld] = scalars[kRz]; }
};

}  // namespace JT_NS
}  // namespace jt
