// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/distributions.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "kernels/error.hpp"

namespace jt {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();

void check_probability(const char* who, double p) {
    if (!(p > 0.0 && p < 1.0))
        throw InputError(std::string(who) + ": probability " + std::to_string(p) + " is not between 0 and 1");
}

void check_degrees(const char* who, double degrees) {
    if (!(degrees > 0.0) || !std::isfinite(degrees))
        throw InputError(std::string(who) + ": " + std::to_string(degrees) + " degrees of freedom, must be positive");
}

// P(|T| <= t) as a function of theta = atan(t / sqrt(degrees)).
double within(double theta, int degrees) {
    const double c2 = std::cos(theta) * std::cos(theta);
    const bool odd = degrees % 2;
    double term = odd ? std::cos(theta) : 1.0, sum = degrees == 1 ? 0.0 : term;
    for (int i = odd ? 3 : 2; i <= degrees - 2; i += 2) {
        term *= c2 * (i - 1.0) / i;
        sum += term;
    }
    return odd ? 2.0 / std::numbers::pi * (theta + std::sin(theta) * sum) : std::sin(theta) * sum;
}

}  // namespace

double student_t_within(double t, int degrees) {
    check_degrees("Student t", degrees);
    if (!(t >= 0.0)) throw InputError("Student t: t = " + std::to_string(t) + " must not be negative");
    return within(std::atan(t / std::sqrt(double(degrees))), degrees);
}

double student_t_half_width(double coverage, int degrees) {
    check_probability("Student t", coverage);
    check_degrees("Student t", degrees);
    double low = 0.0, high = std::numbers::pi / 2;
    while (true) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) break;  // no number between them
        (within(middle, degrees) < coverage ? low : high) = middle;
    }
    return std::tan(high) * std::sqrt(double(degrees));
}

double chi_square_below(double x, double degrees) {
    check_degrees("chi-square", degrees);
    if (std::isnan(x)) throw InputError("chi-square: the value is not a number");
    if (x <= 0.0) return 0.0;
    if (std::isinf(x)) return 1.0;
    const double a = 0.5 * degrees, z = 0.5 * x;
    const double front = std::exp(a * std::log(z) - z - std::lgamma(a));
    if (z < a + 1.0) {
        // P(a, z) = z^a e^-z / Gamma(a) * sum_n z^n / (a (a+1) ... (a+n)); the terms fall from the first
        double term = 1.0 / a, sum = term;
        for (double n = 1.0; term > sum * kEps; ++n) {
            term *= z / (a + n);
            sum += term;
        }
        return front * sum;
    }
    // 1 - P(a, z) = z^a e^-z / Gamma(a) * 1/(z+1-a- 1(1-a)/(z+3-a- 2(2-a)/(z+5-a- ...))), by Lentz's recurrence
    constexpr double tiny = 1e-300;
    double b = z + 1.0 - a, c = 1.0 / tiny, fraction = 1.0 / b, value = fraction;
    for (double n = 1.0, change = 2.0; std::abs(change - 1.0) > kEps && n < 1e6; ++n) {
        const double an = -n * (n - a);
        b += 2.0;
        fraction = an * fraction + b;
        if (std::abs(fraction) < tiny) fraction = tiny;
        c = b + an / c;
        if (std::abs(c) < tiny) c = tiny;
        fraction = 1.0 / fraction;
        change = fraction * c;
        value *= change;
    }
    return 1.0 - front * value;
}

double chi_square_quantile(double probability, double degrees) {
    check_probability("chi-square", probability);
    check_degrees("chi-square", degrees);
    double low = 0.0, high = degrees + 1.0;
    while (chi_square_below(high, degrees) < probability) high *= 2.0;
    while (true) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high || high - low < 1e-14 * high) break;
        (chi_square_below(middle, degrees) < probability ? low : high) = middle;
    }
    return high;
}

}  // namespace jt
