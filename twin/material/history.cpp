// SPDX-License-Identifier: Apache-2.0
#include "twin/material/history.hpp"

#include <cmath>

#include "kernels/error.hpp"
#include "kernels/kinetics.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kStart = 298.15;      // [K] where a history begins
constexpr double kPiece = 1.0;         // [K] of a ramp, held at its middle
constexpr std::size_t kLongest = 400;  // characters
const char* const kAllowed = "; allowed: e.g. \"600 degC for 2 h at 5 K/min\", several separated by \"; \"";

HeatTreatment parse_one(const std::string& text) {
    const std::size_t for_at = text.find(" for ");
    if (for_at == std::string::npos) throw InputError("found " + quote(text) + kAllowed);
    const std::size_t at = text.find(" at ", for_at);
    const std::size_t time_end = at == std::string::npos ? text.size() : at;
    HeatTreatment one;
    one.T = parse_quantity(text.substr(0, for_at), Dimension::temperature);
    one.hold = parse_quantity(text.substr(for_at + 5, time_end - for_at - 5), Dimension::time);
    if (at != std::string::npos) one.rate = parse_quantity(text.substr(at + 4), Dimension::temperature_rate);
    if (!(one.T > 0.0 && one.T < 5000.0 && one.hold > 0.0 && one.hold <= 1e9 &&
          (at == std::string::npos || (one.rate > 0.0 && one.rate <= 1e9))))
        throw InputError("found " + quote(text) + ": values must be positive, T below 5000 K" + kAllowed);
    return one;
}

}  // namespace

std::vector<HeatTreatment> parse_history(std::string_view text) {
    if (text.size() > kLongest) throw InputError("found " + quote(text) + kAllowed);
    std::vector<HeatTreatment> history;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find(';', from), text.size());
        std::string one(text.substr(from, end - from));
        const auto first = one.find_first_not_of(' '), last = one.find_last_not_of(' ');
        one = first == std::string::npos ? "" : one.substr(first, last - first + 1);
        history.push_back(parse_one(one));
        from = end + 1;
    }
    return history;
}

double front_after_history(const std::vector<HeatTreatment>& history, double attempt) {
    double front = 0.0, T = kStart;
    for (const HeatTreatment& one : history) {
        if (one.rate > 0.0 && one.T != T) {
            const int pieces = int(std::ceil(std::abs(one.T - T) / kPiece));
            const double width = (one.T - T) / pieces, log_span = std::log(attempt * std::abs(width) / one.rate);
            for (int n = 0; n < pieces; ++n) front = cpu::front_after(front, T + (n + 0.5) * width, log_span, 0.0);
        }
        T = one.T;
        front = cpu::front_after(front, T, std::log(attempt * one.hold), 0.0);
    }
    return front;
}

}  // namespace jt
