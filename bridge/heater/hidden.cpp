// SPDX-License-Identifier: Apache-2.0
#include "bridge/heater/hidden.hpp"

#include <algorithm>
#include <cmath>

#include "bridge/heater/random_draw.hpp"
#include "kernels/error.hpp"
#include "twin/document.hpp"
#include "twin/scenario/check.hpp"
#include "twin/scenario/parts.hpp"

namespace jt {
namespace {

std::string list_of(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text;
}

// "not in the scenario; did you mean ...? allowed: ..."
std::string unknown_name(const std::string& what, const std::string& name, const std::vector<std::string>& known) {
    const std::string guess = nearest(name, known);
    return what + " " + quote(name) + " is not in the scenario" + (guess.empty() ? "" : "; did you mean " + guess + "?") +
           "; allowed: " + list_of(known);
}

MaterialFactors read_factors(const Section& section, const std::string& prefix) {
    const auto factor = [&](const char* key) { return section.number(prefix + key).value_or(1.0); };
    return {factor("sigma"), factor("thermal_conductivity"), factor("heat_capacity")};
}

std::vector<std::string> solid_materials(const Scenario& scenario) {
    std::vector<std::string> names;
    for (const Material& m : scenario.materials)
        if (!m.is_void) names.push_back(m.name);
    return names;
}

void check_voxel(const Section& top, const Scenario& scenario, Hidden& hidden) {
    if (!hidden.voxel) return;
    if (scenario.bed.map) {
        top.problem("voxel", "the scenario's bed is a CT stack, whose voxels are given; allowed: without voxel");
        hidden.voxel.reset();
        return;
    }
    double cells = 1.0;
    for (std::size_t a = 0; a < 3; ++a) {
        const double ratio = scenario.bed.size[a] / (*hidden.voxel)[a], whole = std::round(ratio);
        if (whole < 1.0 || std::abs(ratio - whole) > 1e-6 * whole) {  // the rounding of decimal input
            top.problem("voxel", "found " + format_for_people((*hidden.voxel)[a], Dimension::length) +
                                     ", which does not divide the size " +
                                     format_for_people(scenario.bed.size[a], Dimension::length) + " along " + "xyz"[a] +
                                     "; allowed: a whole number of voxels");
            return;
        }
        cells *= whole;
    }
    if (cells * kBytesPerCell > double(physical_memory()))
        top.problem("voxel", "gives " + format_number(cells) + " cells, which need " + bytes_for_people(cells * kBytesPerCell) +
                                 " of memory; this machine has " + bytes_for_people(double(physical_memory())));
}

SensorTruth read_sensor(const Section& section, const Sensor& sensor) {
    SensorTruth error;
    const Dimension reading = sensor.kind == "voltage"   ? Dimension::voltage
                              : sensor.kind == "current" ? Dimension::current
                                                         : Dimension::temperature_difference;
    error.bias = section.quantity("bias", reading);
    error.gain = section.number("gain");
    error.lag_factor = section.number("lag_factor").value_or(1.0);
    error.emissivity_ratio = section.number("emissivity_ratio").value_or(1.0);
    if (section.has("emissivity_ratio") && sensor.kind != "ratio_pyrometer")
        section.problem("emissivity_ratio", "belongs to a ratio_pyrometer; " + quote(sensor.name) + " is a " + sensor.kind);
    return error;
}

// What acts on the scenario is tried on it, so that it is refused here and not when the plant is built.
Hidden read(std::string_view text, const std::string& name, const Scenario& scenario) {
    const Value document = parse_document(text, name);
    ReadContext context;
    const Section top(document, "HIDDEN", "", context);
    Hidden hidden;
    hidden.voxel = top.triple("voxel");
    check_voxel(top, scenario, hidden);
    hidden.largest_step = top.number("largest_step");
    if (const auto section = top.section("factor", "HIDDEN.factor")) {
        hidden.end_contact = section->number("end_contact").value_or(1.0);
        hidden.emissivity = section->number("emissivity").value_or(1.0);
        hidden.all = read_factors(*section, "");
        hidden.bed = read_factors(*section, "bed_");
    }
    const auto materials = solid_materials(scenario);
    for (const auto& [material, section] : top.named("material", "HIDDEN.material.NAME")) {
        if (std::find(materials.begin(), materials.end(), material) == materials.end())
            section.problem(unknown_name("material", material, materials));
        hidden.materials[material] = read_factors(section, "");
    }
    for (const Section& section : top.sections("defect", "HIDDEN.defect[]")) {
        const auto shape = section.text("shape");
        const auto read = shape ? read_shape(section, *shape) : std::nullopt;
        const auto factor = section.number("sigma_factor");
        if (read && factor) hidden.defects.push_back({*read, *factor});
    }
    std::vector<std::string> sensors;
    for (const Sensor& s : scenario.sensors) sensors.push_back(s.name);
    for (const auto& [sensor, section] : top.named("sensor", "HIDDEN.sensor.NAME")) {
        const auto at = std::find(sensors.begin(), sensors.end(), sensor);
        if (at == sensors.end())
            section.problem(unknown_name("sensor", sensor, sensors));
        else
            hidden.sensors[sensor] = read_sensor(section, scenario.sensors[std::size_t(at - sensors.begin())]);
    }
    if (const auto section = top.section("draw", "HIDDEN.draw")) {
        if (const auto seed = section->integer("seed")) hidden.draw_seed = std::uint64_t(*seed);
        hidden.lead_conduction = section->boolean("lead_conduction").value_or(false);
    }
    if (const auto section = top.section("delivery", "HIDDEN.delivery")) {
        Delivery& d = hidden.delivery;
        d.latency_s = section->number("latency").value_or(0.0);
        d.jitter_s = section->number("jitter").value_or(0.0);
        d.late_share = section->number("late").value_or(0.0);
        d.late_by_s = section->number("late_by").value_or(0.0);
        d.lost_share = section->number("lost").value_or(0.0);
        d.repeated_share = section->number("repeated").value_or(0.0);
        if (d.late_share > 0.0 && !(d.late_by_s > 0.0))
            section->problem("late_by", "missing; late readings come later by this, e.g. \"0.5 s\"");
    }
    if (context.count()) throw InputError(context.problems());
    try {
        hidden_scenario(scenario, hidden);
    } catch (const InputError& error) {
        std::vector<std::string> problems;
        for (const auto& problem : error.problems) problems.push_back(name + ": " + problem);
        throw InputError(problems);
    }
    return hidden;
}

void scale(Material& material, const MaterialFactors& f) {
    const auto directional = [](std::optional<DirectionalLaw>& law, double factor) {
        if (!law || factor == 1.0) return;
        law->in_plane = scaled(law->in_plane, factor);
        if (law->through) law->through = scaled(*law->through, factor);
    };
    directional(material.sigma, f.sigma);
    directional(material.conductivity, f.thermal_conductivity);
    if (material.heat_capacity && f.heat_capacity != 1.0)
        material.heat_capacity = scaled(*material.heat_capacity, f.heat_capacity);
}

MaterialFactors times(const MaterialFactors& a, const MaterialFactors& b) {
    return {a.sigma * b.sigma, a.thermal_conductivity * b.thermal_conductivity, a.heat_capacity * b.heat_capacity};
}

bool is_one(const MaterialFactors& f) {
    return f.sigma == 1.0 && f.thermal_conductivity == 1.0 && f.heat_capacity == 1.0;
}

}  // namespace

bool Hidden::same_physics() const {
    return end_contact == 1.0 && emissivity == 1.0 && is_one(all) && is_one(bed) &&
           std::all_of(materials.begin(), materials.end(), [](const auto& one) { return is_one(one.second); }) &&
           defects.empty() && !voxel && !largest_step;
}

Hidden read_hidden(const std::filesystem::path& file, const Scenario& scenario) {
    return read(read_text_file(file), file.string(), scenario);
}

Hidden read_hidden_text(std::string_view text, const std::string& name, const Scenario& scenario) {
    return read(text, name, scenario);
}

Scenario hidden_scenario(const Scenario& scenario, const Hidden& hidden) {
    Scenario out = scenario;
    std::vector<std::string> problems;
    if (hidden.voxel) {
        out.bed.voxel = *hidden.voxel;
        for (std::size_t a = 0; a < 3; ++a) out.bed.cells[a] = int(std::lround(out.bed.size[a] / out.bed.voxel[a]));
    }
    for (Material& material : out.materials) {
        if (material.is_void) continue;
        MaterialFactors f = hidden.all;
        const auto& product = out.bed.product;
        if (std::find(product.begin(), product.end(), material.name) != product.end()) f = times(f, hidden.bed);
        if (const auto own = hidden.materials.find(material.name); own != hidden.materials.end()) f = times(f, own->second);
        scale(material, f);
    }
    if (hidden.emissivity != 1.0) {
        bool any = false;
        const auto change = [&](double& emissivity, const std::string& where) {
            any = true;
            const double before = emissivity;
            emissivity *= hidden.emissivity;
            if (emissivity > 1.0)
                problems.push_back("factor.emissivity: found " + format_number(hidden.emissivity) + ", which makes that of " +
                                   where + " " + format_number(emissivity) + "; allowed: at most " +
                                   format_number(1.0 / before));
        };
        if (out.surface.emissivity) change(*out.surface.emissivity, "surface");
        for (auto& [face, surface] : out.faces)
            if (surface.emissivity) change(*surface.emissivity, std::string("face.") + name_of(face));
        if (out.furnace) change(out.furnace->emissivity, "furnace");
        if (!any) problems.push_back("factor.emissivity: no surface of the scenario has an emissivity; allowed: 1");
    }
    if (hidden.end_contact != 1.0) {
        bool any = false;
        for (Terminal& terminal : out.terminals) {
            if (terminal.contact_resistivity > 0.0) terminal.contact_resistivity *= hidden.end_contact, any = true;
            if (terminal.contact_conductance && *terminal.contact_conductance > 0.0)
                *terminal.contact_conductance /= hidden.end_contact, any = true;
        }
        if (!any)
            problems.push_back(
                "factor.end_contact: every contact at the terminals is perfect or insulated; allowed: 1, or a scenario with "
                "contact_resistivity or contact_conductance");
    }
    for (const HiddenDefect& defect : hidden.defects) {
        Region region;
        region.shape = defect.shape;
        region.sigma_factor = defect.sigma_factor;
        out.bed.regions.push_back(region);
    }
    if (!problems.empty()) throw InputError(problems);
    return out;
}

HiddenError hidden_error(const InstrumentModel& model, const Hidden& hidden, double T_K) {
    HiddenError error;
    if (hidden.draw_seed) {
        SplitMix64 random = stream(*hidden.draw_seed, "bias " + model.name);
        error.bias = model.bias_sd(T_K) * normal(random);
        error.gain = 1.0 + model.gain_sd() * normal(random);
        const double lead = random.unit();
        if (hidden.lead_conduction && model.kind == InstrumentModel::Kind::thermocouple)
            error.bias -= model.type == "K_sheath" ? 10.0 + 20.0 * lead : 5.0 + 15.0 * lead;  // [K]
    }
    if (const auto own = hidden.sensors.find(model.name); own != hidden.sensors.end()) {
        const SensorTruth& given = own->second;
        error.bias = given.bias.value_or(error.bias);
        error.gain = given.gain.value_or(error.gain);
        error.lag_factor = given.lag_factor;
        error.emissivity_ratio = given.emissivity_ratio;
    }
    return error;
}

std::string hidden_keys_text() {
    return hidden_schema_text();
}

std::string hidden_text(const Hidden& hidden, const Scenario& scenario, double T_K) {
    std::string text;
    const auto line = [&](const std::string& key, double value) { text += "# " + key + " = " + format_number(value) + "\n"; };
    const auto factors = [&](const std::string& prefix, const MaterialFactors& f) {
        if (f.sigma != 1.0) line(prefix + "sigma", f.sigma);
        if (f.thermal_conductivity != 1.0) line(prefix + "thermal_conductivity", f.thermal_conductivity);
        if (f.heat_capacity != 1.0) line(prefix + "heat_capacity", f.heat_capacity);
    };
    line("factor.end_contact", hidden.end_contact);
    line("factor.emissivity", hidden.emissivity);
    factors("factor.", hidden.all);
    factors("factor.bed_", hidden.bed);
    for (const auto& [name, f] : hidden.materials) factors("material." + name + ".", f);
    for (std::size_t n = 0; n < hidden.defects.size(); ++n)
        line("defect[" + std::to_string(n) + "].sigma_factor", hidden.defects[n].sigma_factor);
    for (const Sensor& sensor : scenario.sensors) {
        const HiddenError error = hidden_error(instrument_model(sensor, scenario), hidden, T_K);
        const std::string prefix = "sensor." + sensor.name + ".";
        line(prefix + "bias", error.bias);
        if (error.gain != 1.0) line(prefix + "gain", error.gain);
        if (error.lag_factor != 1.0) line(prefix + "lag_factor", error.lag_factor);
        if (error.emissivity_ratio != 1.0) line(prefix + "emissivity_ratio", error.emissivity_ratio);
    }
    return text;
}

}  // namespace jt
