// SPDX-License-Identifier: Apache-2.0
#include "bridge/heater/instrument_model.hpp"

#include <algorithm>
#include <cmath>

#include "twin/heater/feedback.hpp"

namespace jt {
namespace {

constexpr double kCelsius = 273.15;
constexpr double kDefaultRange = 100.0;  // [A], [V] where the supply has no limit
constexpr double kDropout = 0.01;

}  // namespace

double InstrumentModel::lag(double value) const {
    return lag_s ? *lag_s : thermocouple_lag(type, value);
}

double InstrumentModel::sigma(double value) const {
    const double sd = noise + noise_relative * std::abs(value);
    return std::sqrt(sd * sd + resolution * resolution / 12.0);
}

double InstrumentModel::bias_sd(double T_K) const {
    const double degC = T_K - kCelsius;
    switch (kind) {
        case Kind::thermocouple:
            return type == "C" ? (degC > 450.0 ? 0.01 * degC : 4.5) : 0.5 * std::max(2.2, 0.0075 * degC);
        case Kind::ratio_pyrometer:
        case Kind::pyrometer:
            return 0.005 * T_K;
        case Kind::current:
            return 0.001 * range;
        case Kind::voltage:
            break;
    }
    return 0.0;
}

double InstrumentModel::gain_sd() const {
    return kind == Kind::current ? 0.005 : kind == Kind::voltage ? 0.002 : 0.0;
}

InstrumentModel instrument_model(const Sensor& sensor, const Scenario& scenario) {
    using Kind = InstrumentModel::Kind;
    const auto given = [&](const char* key, double otherwise) {
        const auto found = sensor.parameters.find(key);
        return found == sensor.parameters.end() ? otherwise : found->second;
    };
    InstrumentModel m;
    m.name = sensor.name;
    m.unit = "K";
    const Supply supply = scenario.heater ? scenario.heater->supply : Supply{};
    double rate = 10.0, noise = 0.5, relative = 0.0, lag = 0.01;
    if (sensor.kind == "thermocouple") {
        m.kind = Kind::thermocouple;
        m.type = sensor.type.empty() ? "K" : sensor.type;
        if (m.type == "C") rate = 20.0, noise = 1.0;
    } else if (sensor.kind == "ratio_pyrometer") {
        m.kind = Kind::ratio_pyrometer;
        rate = 50.0, noise = 1.0, relative = 0.001;
        m.wavelength = given("wavelength", 0.95e-6);
        m.second_wavelength = given("second_wavelength", 1.05e-6);
    } else if (sensor.kind == "pyrometer") {
        m.kind = Kind::pyrometer;
        rate = 100.0;
        m.wavelength = given("wavelength", 1.6e-6);
        if (sensor.parameters.contains("emissivity")) m.set_emissivity = sensor.parameters.at("emissivity");
    } else {
        const bool current = sensor.kind == "current";
        m.kind = current ? Kind::current : Kind::voltage;
        m.unit = current ? "A" : "V";
        m.range = (current ? supply.current : supply.voltage).value_or(kDefaultRange);
        rate = 100.0, noise = 0.0005 * m.range, lag = 0.001;
        m.lead_ohm = given("lead_resistance", 0.0);
    }
    m.rate_Hz = given("rate", rate);
    m.noise = given("noise", noise);
    m.noise_relative = sensor.parameters.contains("noise") ? 0.0 : relative;
    m.resolution = given("resolution", 0.0);
    if (m.kind != Kind::thermocouple || sensor.parameters.contains("lag")) m.lag_s = given("lag", lag);
    m.latency_s = given("latency", 0.0);
    m.dropout = given("dropout", kDropout);
    m.bias = given("bias", 0.0);
    m.floor_K = sensor.floor;
    return m;
}

double one_colour_reading(double T, double wavelength, double emissivity_over_set) {
    return 1.0 / (1.0 / T - wavelength / kSecondRadiationConstant * std::log(emissivity_over_set));
}

double ratio_reading(double T, double first, double second, double ratio_over_set) {
    const double effective = first * second / (second - first);
    return 1.0 / (1.0 / T - effective / kSecondRadiationConstant * std::log(ratio_over_set));
}

}  // namespace jt
