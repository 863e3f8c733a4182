// SPDX-License-Identifier: Apache-2.0
// Sensors and probes.
#include "twin/scenario/parts.hpp"

namespace jt {
namespace {

void check_inside(const Section& section, std::string_view key, const std::array<double, 3>& at, const BedSpec& bed) {
    if (bed.map || bed.size[0] == 0.0) return;  // the size is not known here
    for (std::size_t a = 0; a < 3; ++a)
        if (at[a] < 0.0 || at[a] > bed.size[a]) {
            section.problem(key, "found " + format_for_people(at[a], Dimension::length) + " along " + "xyz"[a] +
                                     "; allowed: inside the bed, 0 to " + format_for_people(bed.size[a], Dimension::length));
            return;
        }
}

void require_for(const Section& section, const std::string& kind, std::string_view key) {
    if (!section.has(key)) section.problem(key, "missing; a " + kind + " needs it");
}

}  // namespace

Dimension error_dimension(const std::string& kind) {
    if (kind == "voltage") return Dimension::voltage;
    if (kind == "current") return Dimension::current;
    return Dimension::temperature_difference;
}

void read_sensors(const Section& top, Scenario& scenario) {
    for (const Section& section : top.sections("sensor", "sensor[]")) {
        Sensor sensor;
        sensor.name = section.text("name").value_or("");
        for (const Sensor& other : scenario.sensors)
            if (!sensor.name.empty() && other.name == sensor.name)
                section.problem("name", quote(sensor.name) + " is the name of another sensor; allowed: a name of its own");
        const auto kind = section.text("kind");
        sensor.kind = kind.value_or("");
        sensor.face = section.face("face");
        sensor.at = section.triple("at");
        sensor.floor = section.number("floor");
        if (sensor.at) check_inside(section, "at", *sensor.at, scenario.bed);
        if (const auto spot = section.section("spot", "sensor[].spot")) {
            sensor.spot_center = spot->pair("center");
            sensor.spot_diameter = spot->number("diameter");
        }
        for (const char* key :
             {"lag", "rate", "emissivity", "wavelength", "second_wavelength", "lead_resistance", "latency", "dropout"})
            if (const auto value = section.number(key)) sensor.parameters[key] = *value;
        for (const char* key : {"noise", "bias", "resolution"})
            if (const auto value = section.quantity(key, error_dimension(sensor.kind))) sensor.parameters[key] = *value;
        if (kind) {
            const bool pyrometer = kind->ends_with("pyrometer");
            if (pyrometer) require_for(section, *kind, "face");
            if (*kind == "thermocouple") require_for(section, *kind, "at");
            for (const char* key : {"face", "spot", "floor", "emissivity", "wavelength"})
                if (!pyrometer && section.has(key)) section.problem(key, "does not belong to a " + *kind + " sensor");
            if (*kind != "ratio_pyrometer" && section.has("second_wavelength"))
                section.problem("second_wavelength", "belongs to a ratio_pyrometer");
            if (*kind == "thermocouple") sensor.type = section.text("type").value_or("K");
            if (*kind != "thermocouple" && section.has("type")) section.problem("type", "belongs to a thermocouple");
            if (*kind != "thermocouple" && section.has("at")) section.problem("at", "belongs to a thermocouple");
            if (*kind != "voltage" && section.has("lead_resistance"))
                section.problem("lead_resistance", "belongs to a voltage sensor");
        }
        scenario.sensors.push_back(std::move(sensor));
    }

    for (const Section& section : top.sections("probe", "probe[]")) {
        Probe probe{};
        probe.name = section.text("name").value_or("");
        for (const Probe& other : scenario.probes)
            if (!probe.name.empty() && other.name == probe.name)
                section.problem("name", quote(probe.name) + " is the name of another probe; allowed: a name of its own");
        if (const auto at = section.triple("at")) {
            probe.at = *at;
            check_inside(section, "at", *at, scenario.bed);
        }
        probe.quantity = section.text("quantity").value_or("");
        scenario.probes.push_back(std::move(probe));
    }
}

}  // namespace jt
