// SPDX-License-Identifier: Apache-2.0
#include "twin/stepping/drive_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace jt {
namespace {

std::string three_digits(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
}

// Heat capacity of the whole bed at its initial temperature [J/K].
double capacity(Coupled& twin, double T) {
    const auto stored = [&](double at) {
        twin.heat().set_temperature_K(std::vector<double>(std::size_t(twin.heat().grid().cells()), at));
        return twin.stored_J();
    };
    const double above = stored(T + 1.0), here = stored(T);
    return above - here;
}

// Steepest rise of the program in its first piece that rises [per s].
double first_slope(const Program& p) {
    for (std::size_t n = 0; n + 1 < p.time.size(); ++n)
        if (p.value[n + 1] > p.value[n] && p.time[n + 1] > p.time[n])
            return (p.value[n + 1] - p.value[n]) / (p.time[n + 1] - p.time[n]);
    return 0.0;
}

}  // namespace

std::vector<std::string> drive_warnings(Coupled& twin, const Scenario& scenario) {
    if (!twin.has_electric() || !scenario.heater) return {};
    const Heater& heater = *scenario.heater;
    if (!heater.supply.voltage && !heater.supply.current) return {};
    const double T = scenario.bed.initial_temperature, R = twin.resistance();
    const double most = *std::max_element(heater.program.value.begin(), heater.program.value.end());
    double voltage = 0.0;
    switch (heater.mode) {
        case Heater::Mode::current:
            voltage = most * R;
            break;
        case Heater::Mode::voltage:
            voltage = most;
            break;
        case Heater::Mode::power:
            voltage = std::sqrt(std::max(most, 0.0) * R);
            break;
        case Heater::Mode::temperature:
            voltage = std::sqrt(capacity(twin, T) * first_slope(heater.program) * R);
            break;
        case Heater::Mode::imposed:
            return {};
    }
    std::vector<std::string> warnings;
    const auto warn = [&](double needed, const std::optional<double>& limit, const char* unit) {
        if (limit && needed > *limit)
            warnings.push_back("the program needs " + three_digits(needed) + unit + " at " + three_digits(T - 273.15) +
                               " degC; limit " + three_digits(*limit) + unit);
    };
    warn(voltage, heater.supply.voltage, " V");
    warn(voltage / R, heater.supply.current, " A");
    return warnings;
}

}  // namespace jt
