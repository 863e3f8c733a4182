// SPDX-License-Identifier: Apache-2.0
// Student-t and chi-square distributions, for bands, gates and acceptance intervals. All throw InputError when a probability is
// not inside (0, 1) or the degrees of freedom are not positive.
#pragma once

namespace jt {

// P(|T| <= t), t >= 0. Source: Abramowitz and Stegun, 26.7.3 and 26.7.4.
double student_t_within(double t, int degrees);
// P(T > t), any t.
inline double student_t_above(double t, int degrees) {
    const double beyond = 0.5 * (1.0 - student_t_within(t < 0.0 ? -t : t, degrees));
    return t < 0.0 ? 1.0 - beyond : beyond;
}
// t with P(|T| <= t) = coverage.
double student_t_half_width(double coverage, int degrees);

// P(X <= x) = P(degrees / 2, x / 2), the regularised incomplete gamma function. Source: DLMF 8.11.4 (series) and 8.9.2
// (continued fraction).
double chi_square_below(double x, double degrees);
double chi_square_quantile(double probability, double degrees);

}  // namespace jt
