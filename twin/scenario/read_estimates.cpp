// SPDX-License-Identifier: Apache-2.0
// What sensors are to find while a twin runs beside its heater.
#include <algorithm>

#include "twin/scenario/check.hpp"
#include "twin/scenario/parts.hpp"

namespace jt {
namespace {

using Kind = EstimateSpec::Kind;
constexpr std::pair<const char*, Kind> kNames[] = {{"end_contact", Kind::end_contact},
                                                   {"emissivity", Kind::emissivity},
                                                   {"k", Kind::k},
                                                   {"sigma", Kind::sigma},
                                                   {"sigma_map", Kind::sigma_map},
                                                   {"bias", Kind::bias},
                                                   {"lag", Kind::lag}};

void check_known(const Section& section, const char* key, const std::string& name, const char* what,
                 const std::vector<std::string>& known) {
    if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) return;
    std::string list;
    for (const auto& one : known) list += (list.empty() ? "" : ", ") + one;
    const std::string guess = nearest(name, known);
    section.problem(key, std::string(what) + " " + quote(name) + " is not there" +
                             (guess.empty() ? "" : "; did you mean " + guess + "?") +
                             "; allowed: " + (list.empty() ? std::string("none, the scenario has none") : list));
}

}  // namespace

const char* name_of(EstimateSpec::Kind kind) {
    for (const auto& [name, one] : kNames)
        if (one == kind) return name;
    return "";
}

void read_estimates(const Section& top, Scenario& scenario) {
    std::vector<std::string> terminals, sensors, thermocouples;
    for (const Terminal& t : scenario.terminals) terminals.push_back(t.name);
    for (const Sensor& s : scenario.sensors) {
        sensors.push_back(s.name);
        if (s.kind == "thermocouple") thermocouples.push_back(s.name);
    }
    const auto materials = bed_materials(scenario.bed);
    for (const Section& section : top.sections("estimate", "estimate[]")) {
        EstimateSpec e;
        const auto name = section.text("name");
        if (!name) continue;
        for (const auto& [known, kind] : kNames)
            if (*name == known) e.kind = kind;
        const auto only_for = [&](const char* key, std::initializer_list<Kind> kinds) {
            if (section.has(key) && std::find(kinds.begin(), kinds.end(), e.kind) == kinds.end()) {
                std::string list;
                for (const Kind kind : kinds) list += std::string(list.empty() ? "" : ", ") + name_of(kind);
                section.problem(key, "does not belong to " + *name + "; it belongs to " + list);
            }
        };
        only_for("material", {Kind::k, Kind::sigma, Kind::sigma_map});
        only_for("terminal", {Kind::end_contact});
        only_for("sensor", {Kind::bias, Kind::lag});
        only_for("zones", {Kind::sigma_map});
        e.material = section.text("material").value_or("");
        e.terminal = section.text("terminal").value_or("");
        e.sensor = section.text("sensor").value_or("");
        e.zones = int(section.integer("zones").value_or(10));
        check_known(section, "material", e.material, "material", materials);
        check_known(section, "terminal", e.terminal, "terminal", terminals);
        check_known(section, "sensor", e.sensor, e.kind == Kind::lag ? "thermocouple" : "sensor",
                    e.kind == Kind::lag ? thermocouples : sensors);
        if (e.kind == Kind::bias) {
            e.prior = 0.0;
            const auto at = std::find_if(scenario.sensors.begin(), scenario.sensors.end(),
                                         [&](const Sensor& s) { return s.name == e.sensor; });
            if (at != scenario.sensors.end()) {
                e.prior = section.quantity("prior", error_dimension(at->kind)).value_or(0.0);
                e.sd = section.quantity("sd", error_dimension(at->kind));
            } else {
                for (const char* key : {"prior", "sd"})
                    if (section.has(key) && e.sensor.empty()) section.problem(key, "needs `sensor`: it has a unit of its own");
            }
        } else {
            e.prior = section.quantity("prior", Dimension::number).value_or(1.0);
            e.sd = section.quantity("sd", Dimension::number);
            if (!(e.prior >= 1e-3 && e.prior <= 1e3))
                section.problem(
                    "prior", "found " + format_for_people(e.prior, Dimension::number) + "; a factor; allowed: 0.001 to 1000");
            if (e.sd && *e.sd > 3.0)
                section.problem("sd",
                                "found " + format_for_people(*e.sd, Dimension::number) + " of ln factor; allowed: at most 3");
        }
        if (e.kind == Kind::end_contact &&
            std::none_of(scenario.terminals.begin(), scenario.terminals.end(), [&](const Terminal& t) {
                return (e.terminal.empty() || t.name == e.terminal) &&
                       (t.contact_resistivity > 0.0 ||
                        (t.temperature && t.contact_conductance && *t.contact_conductance > 0.0));
            }))
            section.problem("name", "every contact at the terminals is perfect or insulated: there is no resistance to find");
        for (const EstimateSpec& other : scenario.estimates)
            if (other.kind == e.kind && other.material == e.material && other.terminal == e.terminal &&
                other.sensor == e.sensor)
                section.problem("name", quote(*name) + " is estimated already by another entry; allowed: once");
        scenario.estimates.push_back(std::move(e));
    }
}

}  // namespace jt
