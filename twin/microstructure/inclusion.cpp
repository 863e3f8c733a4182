// SPDX-License-Identifier: Apache-2.0
#include "twin/microstructure/inclusion.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kNearlyASphere = 0.01;  // of c/a: nearer to 1 the closed forms lose digits

// R_D(x, y, z) = 3/2 int_0^inf dt / (sqrt(t+x) sqrt(t+y) (t+z)^(3/2)). Carlson 1995, algorithm with fifth-order series.
double carlson_rd(double x, double y, double z) {
    const double start = (x + y + 3.0 * z) / 5.0;
    const double spread = std::max({std::abs(start - x), std::abs(start - y), std::abs(start - z)});
    const double x0 = x, y0 = y;
    double mean = start, sum = 0.0, scale = 1.0;
    while (500.0 * scale * spread > std::abs(mean)) {  // leaves 1e-16 to the series
        const double rx = std::sqrt(x), ry = std::sqrt(y), rz = std::sqrt(z), lambda = rx * ry + rx * rz + ry * rz;
        sum += scale / (rz * (z + lambda));
        scale *= 0.25;
        x = 0.25 * (x + lambda), y = 0.25 * (y + lambda), z = 0.25 * (z + lambda);
        mean = 0.25 * (mean + lambda);
    }
    const double X = (start - x0) * scale / mean, Y = (start - y0) * scale / mean, Z = -(X + Y) / 3.0;
    const double e2 = X * Y - 6.0 * Z * Z, e3 = (3.0 * X * Y - 8.0 * Z * Z) * Z, e4 = 3.0 * (X * Y - Z * Z) * Z * Z,
                 e5 = X * Y * Z * Z * Z;
    const double series =
        1.0 - 3.0 * e2 / 14.0 + e3 / 6.0 + 9.0 * e2 * e2 / 88.0 - 3.0 * e4 / 22.0 - 9.0 * e2 * e3 / 52.0 + 3.0 * e5 / 26.0;
    return scale * series / (mean * std::sqrt(mean)) + 3.0 * sum;
}

void demand_positive(double value, const char* what) {
    if (!(value > 0.0 && std::isfinite(value)))
        throw InputError(std::string(what) + ": " + format_number(value) + "; allowed: above 0");
}

}  // namespace

std::array<double, 3> depolarisation(const std::array<double, 3>& semi_axes) {
    for (const double axis : semi_axes) demand_positive(axis, "semi-axis of an ellipsoid");
    const double largest = *std::max_element(semi_axes.begin(), semi_axes.end());
    const double a = semi_axes[0] / largest, b = semi_axes[1] / largest, c = semi_axes[2] / largest;
    const double third = a * b * c / 3.0;
    return {third * carlson_rd(b * b, c * c, a * a), third * carlson_rd(c * c, a * a, b * b),
            third * carlson_rd(a * a, b * b, c * c)};
}

double spheroid_depolarisation(double aspect) {
    demand_positive(aspect, "c/a of a spheroid");
    if (std::abs(aspect - 1.0) < kNearlyASphere) return depolarisation({1.0, 1.0, aspect})[2];
    if (aspect < 1.0) {
        const double e = std::sqrt((1.0 - aspect) * (1.0 + aspect)) / aspect;
        return (1.0 + e * e) / (e * e * e) * (e - std::atan(e));
    }
    // 1 - e^2 = 1/aspect^2; the difference 1 - e is kept for needles
    const double e = std::sqrt((1.0 - 1.0 / aspect) * (1.0 + 1.0 / aspect)), artanh = std::log(aspect * (1.0 + e));
    return (artanh - e) / (aspect * aspect * e * e * e);
}

double ellipse_depolarisation(double along, double across) {
    demand_positive(along, "semi-axis of an ellipse");
    demand_positive(across, "semi-axis of an ellipse");
    return across / (along + across);
}

double inclusion_current(double r, double N) {
    return r / (1.0 + N * (r - 1.0));
}

double lattice_current(double r, double N, double fraction, double lorentz) {
    return r / (1.0 + (N - lorentz * fraction) * (r - 1.0));
}

InclusionHeat inclusion_heat(double r, double N) {
    const double inside = inclusion_current(r, N);
    return {inside * inside / r, inside * inside, inside * inside / (r * r)};
}

double hole_current(double N) {
    return 1.0 / (1.0 - N);
}

double inclusion_excess_K(double pole_heat, double q0, double radius, double thermal_conductivity) {
    return (pole_heat - 1.0) * q0 * radius * radius / (6.0 * thermal_conductivity);
}

double sphere_excess(double r, double rho, double cosine) {
    const double beta = (r - 1.0) / (r + 2.0), inside = inclusion_heat(r, 1.0 / 3.0).core - 1.0;
    const double P2 = 1.5 * cosine * cosine - 0.5;
    // Constant part: source of the whole sphere a/rho, less what lies farther out. Second harmonic: b/rho^3 outside, d rho^2
    // inside. All from continuity of T and of its slope at rho = 1.
    const double a = (2.0 * beta * beta + inside) / 3.0, b = -0.4 * beta * (1.0 - beta);
    if (rho < 1.0) {
        const double d = (2.0 * beta - beta * beta) / 3.0 + b;
        return a - beta * beta / 6.0 + inside * (1.0 - rho * rho) / 6.0 + d * rho * rho * P2;
    }
    const double far = 1.0 / (rho * rho * rho * rho);
    return a / rho - beta * beta * far / 6.0 +
           (2.0 * beta / (3.0 * rho) - beta * beta * far / 3.0 + b / (rho * rho * rho)) * P2;
}

}  // namespace jt
