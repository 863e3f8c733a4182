// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/lorenz.hpp"

namespace jt {

Matrix lorenz96_tendency(const Matrix& x) {
    constexpr double F = 8.0;
    const auto n = x.rows();
    Matrix dx(n, x.cols());
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
        const double* v = x.col(j).data();
        double* dv = dx.col(j).data();
        const auto at = [&](Eigen::Index i) { return (v[(i + 1) % n] - v[(i + n - 2) % n]) * v[(i + n - 1) % n] - v[i] + F; };
        dv[0] = at(0);
        dv[1] = at(1);
        for (Eigen::Index i = 2; i + 1 < n; ++i) dv[i] = (v[i + 1] - v[i - 2]) * v[i - 1] - v[i] + F;
        dv[n - 1] = at(n - 1);
    }
    return dx;
}

Matrix lorenz63_tendency(const Matrix& x) {
    constexpr double sigma = 10.0, rho = 28.0, beta = 8.0 / 3.0;
    Matrix dx(3, x.cols());
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
        dx(0, j) = sigma * (x(1, j) - x(0, j));
        dx(1, j) = rho * x(0, j) - x(1, j) - x(0, j) * x(2, j);
        dx(2, j) = x(0, j) * x(1, j) - beta * x(2, j);
    }
    return dx;
}

}  // namespace jt
