// SPDX-License-Identifier: Apache-2.0
// e^x and ln(1 + y) without a branch or a call, so that loops over cells are vectorised (those of the C library are calls, one
// cell at a time), and every device gives the same to rounding.
#pragma once
#include <cstdint>
#include <cstring>

#include "kernels/portability.hpp"

namespace jt::JT_NS {

// e^x within 2 units in the last place for |x| <= 700; beyond that what it is there. NaN stays NaN.
// x = n ln 2 + r with ln 2 in two parts (Cody and Waite, Software Manual for the Elementary Functions, 1980, chapter 6), e^r by
// Taylor to the 13th power: |r| <= ln(2)/2 leaves 4e-18.
JT_HD double exponential(double x) {
    constexpr double kToInteger = 6755399441055744.0;  // 1.5 * 2^52: what is added to it is rounded to an integer
    constexpr double kLn2High = 0x1.62e42fefp-1, kLn2Low = 0x1.473de6af278edp-34;
    x = x < -700.0 ? -700.0 : x > 700.0 ? 700.0 : x;
    const double shifted = x * 1.4426950408889634074 + kToInteger, n = shifted - kToInteger;
    const double r = (x - n * kLn2High) - n * kLn2Low;
    double e = 1.0 / 6227020800.0;
    e = e * r + 1.0 / 479001600.0;
    e = e * r + 1.0 / 39916800.0;
    e = e * r + 1.0 / 3628800.0;
    e = e * r + 1.0 / 362880.0;
    e = e * r + 1.0 / 40320.0;
    e = e * r + 1.0 / 5040.0;
    e = e * r + 1.0 / 720.0;
    e = e * r + 1.0 / 120.0;
    e = e * r + 1.0 / 24.0;
    e = e * r + 1.0 / 6.0;
    e = e * r + 0.5;
    e = e * r + 1.0;
    e = e * r + 1.0;
    std::uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023u) << 52;  // the lowest bits of `shifted` are n
    double power;
    memcpy(&power, &bits, sizeof power);
    return e * power;
}

// ln(1 + y) for y in [0, 1], within 3 units in the last place: 2 atanh(s) = 2 (s + s^3/3 + ...), s = y/(2 + y) <= 1/3; the
// terms left out from s^35 on are below 2e-18 of it.
JT_HD double log_one_plus(double y) {
    const double s = y / (2.0 + y), z = s * s;
    double sum = 1.0 / 33.0;
    sum = sum * z + 1.0 / 31.0;
    sum = sum * z + 1.0 / 29.0;
    sum = sum * z + 1.0 / 27.0;
    sum = sum * z + 1.0 / 25.0;
    sum = sum * z + 1.0 / 23.0;
    sum = sum * z + 1.0 / 21.0;
    sum = sum * z + 1.0 / 19.0;
    sum = sum * z + 1.0 / 17.0;
    sum = sum * z + 1.0 / 15.0;
    sum = sum * z + 1.0 / 13.0;
    sum = sum * z + 1.0 / 11.0;
    sum = sum * z + 1.0 / 9.0;
    sum = sum * z + 1.0 / 7.0;
    sum = sum * z + 0.2;
    sum = sum * z + 1.0 / 3.0;
    sum = sum * z + 1.0;
    return 2.0 * s * sum;
}

}  // namespace jt::JT_NS
