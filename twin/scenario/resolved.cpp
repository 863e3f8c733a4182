// SPDX-License-Identifier: Apache-2.0
#include "twin/scenario/resolved.hpp"

#include "twin/scenario/schema.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

using D = Dimension;

std::string basic_string(const std::string& text) {
    static const char* const hex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += std::string("\\u00") + hex[byte >> 4] + hex[byte & 15];
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string quantity(double value, D dimension) {
    return dimension == D::number ? format_number(value) : "\"" + format_quantity(value, dimension) + "\"";
}

template <class Values>
std::string quantities(const Values& values, D dimension) {
    std::string text;
    for (const auto value : values) text += (text.empty() ? "" : ", ") + quantity(double(value), dimension);
    return "[" + text + "]";
}

std::string names(const std::vector<std::string>& values) {
    std::string text;
    for (const auto& value : values) text += (text.empty() ? "" : ", ") + basic_string(value);
    return "[" + text + "]";
}

std::string program(const Program& p, D dimension) {
    if (p.time.size() == 1 && p.time[0] == 0.0) return quantity(p.value[0], dimension);
    std::string text;
    for (std::size_t n = 0; n < p.time.size(); ++n)
        text += (n ? ", [" : "[") + quantity(p.time[n], D::time) + ", " + quantity(p.value[n], dimension) + "]";
    return "{ points = [" + text + "] }";
}

// A bare key where TOML allows it.
std::string key_text(const std::string& name) {
    return name.find('.') == std::string::npos ? name : basic_string(name);
}

class Writer {
public:
    std::string text;
    void header(const std::string& name) { text += (text.empty() ? "" : "\n") + ("[" + name + "]\n"); }
    void list_header(const std::string& name) { text += "\n[[" + name + "]]\n"; }
    void raw(const std::string& key, const std::string& value) { text += key + " = " + value + "\n"; }
    void write(const std::string& key, const std::string& value) { raw(key, basic_string(value)); }
    void write_if(const std::string& key, const std::string& value) {
        if (!value.empty()) write(key, value);
    }
    void write(const std::string& key, double value, D dimension) { raw(key, quantity(value, dimension)); }
    void write(const std::string& key, const std::optional<double>& value, D dimension) {
        if (value) write(key, *value, dimension);
    }
    void write(const std::string& key, const std::optional<Program>& value, D dimension) {
        if (value) raw(key, program(*value, dimension));
    }
};

const char* axis_name(int axis) {
    return axis == 0 ? "x" : axis == 1 ? "y" : "z";
}

std::string law_text(const Law& law, D dimension) {
    const D unit = law.kind == Law::Kind::inverse ? D::resistivity : dimension;
    const auto& c = law.coefficients;
    std::string text;
    const auto put = [&](const std::string& key, const std::string& value) {
        text += (text.empty() ? "" : ", ") + key + " = " + value;
    };
    const auto scaled = [&](const char* kind, const char* slope, D slope_dimension) {
        put("kind", basic_string(kind));
        put("value", quantity(c[0], dimension));
        put(slope, quantity(c[1], slope_dimension));
        put("reference", quantity(c[2], D::temperature));
    };
    const auto coefficients = [&](const char* kind) {
        put("kind", basic_string(kind));
        put("coefficients", quantities(c, D::number));
        if (law.kind == Law::Kind::powers) put("exponents", quantities(law.exponents, D::number));
        put("unit", basic_string(std::string(info(unit).si)));
    };
    switch (law.kind) {
        case Law::Kind::constant:
            put("kind", basic_string("constant"));
            put("value", quantity(c[0], dimension));
            break;
        case Law::Kind::linear:
            scaled("linear", "slope", D::inverse_temperature);
            break;
        case Law::Kind::exponential:
            scaled("exp", "slope", D::inverse_temperature);
            break;
        case Law::Kind::arrhenius:
            scaled("arrhenius", "activation", D::temperature_difference);
            break;
        case Law::Kind::polynomial:
            coefficients("polynomial");
            break;
        case Law::Kind::inverse:
            coefficients("inverse");
            break;
        case Law::Kind::powers:
            coefficients("powers");
            break;
        case Law::Kind::zbs:
            scaled("zbs", "slope", D::inverse_temperature);
            put("gas", basic_string(law.option));
            put("porosity", quantity(c[3], D::number));
            put("particle_size", quantity(c[4], D::length));
            put("emissivity", quantity(c[5], D::number));
            put("contact", quantity(c[6], D::number));
            break;
        case Law::Kind::char_bed:
            put("kind", basic_string("char"));
            put("set", basic_string(law.option));
            put("bed_factor", quantity(c[0], D::number));
            put("low", quantity(c[1], D::number));
            put("high", quantity(c[2], D::number));
            put("middle", basic_string(format_number(c[3]) + " degC"));
            put("width", quantity(c[4], D::temperature_difference));
            put("activation_treated", quantity(c[5] * kElectronVoltOverBoltzmann, D::temperature_difference));
            put("activation_untreated", quantity(c[6] * kElectronVoltOverBoltzmann, D::temperature_difference));
            break;
        case Law::Kind::table: {
            std::string points;
            for (std::size_t n = 0; n < law.table_T.size(); ++n)
                points += (n ? ", [" : "[") + quantity(law.table_T[n], D::temperature) + ", " +
                          quantity(law.table_value[n], dimension) + "]";
            put("kind", basic_string("table"));
            put("points", "[" + points + "]");
            break;
        }
    }
    const Law anywhere;
    if (law.valid_min != anywhere.valid_min || law.valid_max != anywhere.valid_max)
        put("valid", "[" + quantity(law.valid_min, D::temperature) + ", " + quantity(law.valid_max, D::temperature) + "]");
    if (!law.source.empty()) put("source", basic_string(law.source));
    return "{ " + text + " }";
}

std::string directional_text(const DirectionalLaw& law, D dimension) {
    if (law.isotropic()) return law_text(law.in_plane, dimension);
    return "{ normal = \"" + std::string(axis_name(law.normal)) + "\", in_plane = " + law_text(law.in_plane, dimension) +
           ", through = " + law_text(*law.through, dimension) + " }";
}

void write_material(Writer& out, const Material& material) {
    out.header("material." + key_text(material.name));
    out.write_if("description", material.description);
    if (material.sigma) out.raw("sigma", directional_text(*material.sigma, D::conductivity));
    if (material.conductivity)
        out.raw("thermal_conductivity", directional_text(*material.conductivity, D::thermal_conductivity));
    if (material.density) out.write("density", material.density->at(300.0), D::density);
    if (material.heat_capacity) out.raw("heat_capacity", law_text(*material.heat_capacity, D::heat_capacity));
    out.write("emissivity", material.emissivity, D::number);
    if (const auto& k = material.kinetics) {
        out.header("material." + key_text(material.name) + ".kinetics");
        out.write("history", k->history);
        out.write("attempt_frequency", k->attempt, D::frequency);
        out.write("peak_rate", k->peak_rate, D::frequency);
        out.write("peak_activation", k->peak_energy, D::molar_energy);
        out.write("field_term", k->field_gain, D::molar_energy);
        if (k->platelet_radius > 0.0) out.write("platelet_radius", k->platelet_radius, D::length);
        out.write("conversion", k->conversion, D::number);
        out.write("volatiles", k->volatiles, D::number);
        if (k->volatiles > 0.0) out.write("volatile_heat", k->volatile_heat, D::specific_energy);
    }
}

void write_region(Writer& out, const Region& region) {
    out.list_header("bed.region");
    if (const auto* box = std::get_if<Box>(&region.shape)) {
        out.write("shape", std::string("box"));
        out.raw("from", quantities(box->from, D::length));
        out.raw("to", quantities(box->to, D::length));
    } else if (const auto* sphere = std::get_if<Sphere>(&region.shape)) {
        out.write("shape", std::string("sphere"));
        out.raw("center", quantities(sphere->center, D::length));
        out.write("radius", sphere->radius, D::length);
    } else if (const auto* cylinder = std::get_if<Cylinder>(&region.shape)) {
        out.write("shape", std::string("cylinder"));
        out.raw("from", quantities(cylinder->from, D::length));
        out.raw("to", quantities(cylinder->to, D::length));
        out.write("radius", cylinder->radius, D::length);
    } else {
        const auto& ellipsoid = std::get<Ellipsoid>(region.shape);
        out.write("shape", std::string("ellipsoid"));
        out.raw("center", quantities(ellipsoid.center, D::length));
        out.raw("semi_axes", quantities(ellipsoid.semi_axes, D::length));
    }
    out.write_if("material", region.material);
    out.write("sigma_factor", region.sigma_factor, D::number);
    out.write("sheet_thickness", region.sheet_thickness, D::length);
}

void write_bed(Writer& out, const BedSpec& bed) {
    out.header("bed");
    if (!bed.map) {
        out.raw("size", quantities(bed.size, D::length));
        out.raw("voxel", quantities(bed.voxel, D::length));
        out.write_if("material", bed.material);
    }
    out.write("shape", std::string(bed.outline == BedSpec::Outline::box ? "box" : "cylinder"));
    if (bed.current_axis) out.write("current_axis", std::string(axis_name(*bed.current_axis)));
    out.write("initial_temperature", bed.initial_temperature, D::temperature);
    if (bed.initial_history) out.write("initial_history", *bed.initial_history);
    if (!bed.product.empty()) out.raw("product", names(bed.product));
    if (bed.map) {
        out.header("bed.map");
        out.write("file", bed.map->file);
        out.raw("voxel", quantities(bed.map->voxel, D::length));
        if (bed.map->crop) out.raw("crop", quantities(*bed.map->crop, D::number));
        out.raw("coarsen", std::to_string(bed.map->coarsen));
        out.header("bed.map.labels");
        for (const auto& [name, label] : bed.map->labels)
            out.raw(key_text(name), "[" + std::to_string(label.low) + ", " + std::to_string(label.high) + "]");
    }
    if (bed.defects) {
        out.header("bed.defects");
        out.write("volume_fraction", bed.defects->volume_fraction, D::number);
        out.raw("radius", quantities(bed.defects->radius, D::length));
        out.raw("sigma_factor", quantities(bed.defects->sigma_factor, D::number));
        out.raw("seed", std::to_string(bed.defects->seed));
    }
    if (bed.heterogeneity) {
        out.header("bed.heterogeneity");
        out.write("log_sd", bed.heterogeneity->log_sd, D::number);
        out.write("correlation", bed.heterogeneity->correlation, D::length);
        out.raw("seed", std::to_string(bed.heterogeneity->seed));
    }
    for (const Region& region : bed.regions) write_region(out, region);
}

void write_surface(Writer& out, const std::string& name, const Surface& surface) {
    out.header(name);
    out.write("emissivity", surface.emissivity, D::number);
    out.write("convection", surface.convection, D::heat_transfer);
    out.write("ambient", surface.ambient, D::temperature);
    out.write("temperature", surface.temperature, D::temperature);
    out.write("heat_flux", surface.heat_flux, D::heat_flux);
    if (surface.insulated) out.raw("insulated", "true");
}

bool is_set(const Surface& s) {
    return s.emissivity || s.convection || s.ambient || s.temperature || s.heat_flux || s.insulated;
}

void write_boundaries(Writer& out, const Scenario& s) {
    for (const Terminal& terminal : s.terminals) {
        out.list_header("terminal");
        out.write("name", terminal.name);
        out.write("face", std::string(name_of(terminal.face)));
        out.write_if("material", terminal.material);
        out.write("contact_resistivity", terminal.contact_resistivity, D::contact_resistivity);
        out.write("contact_conductance", terminal.contact_conductance, D::heat_transfer);
        out.write("temperature", terminal.temperature, D::temperature);
    }
    for (const Interface& contact : s.interfaces) {
        out.list_header("interface");
        out.raw("between", names({contact.between[0], contact.between[1]}));
        out.write("electrical", contact.electrical, D::contact_conductance);
        out.write("thermal", contact.thermal, D::heat_transfer);
        if (contact.heat_split != 0.5) out.write("heat_split", contact.heat_split, D::number);
    }
    if (is_set(s.surface)) write_surface(out, "surface", s.surface);
    for (const auto& [face, surface] : s.faces) write_surface(out, std::string("face.") + name_of(face), surface);
    if (s.furnace) {
        out.header("furnace");
        out.raw("wall", program(s.furnace->wall, D::temperature));
        out.write("emissivity", s.furnace->emissivity, D::number);
        out.write("convection", s.furnace->convection, D::heat_transfer);
    }
    if (s.source_power_density) {
        out.header("source");
        out.write("power_density", *s.source_power_density, D::power_density);
    }
}

void write_heater(Writer& out, const Heater& heater) {
    static constexpr struct {
        const char* name;
        D dimension;
    } kModes[] = {{"temperature", D::temperature},
                  {"current", D::current},
                  {"voltage", D::voltage},
                  {"power", D::power},
                  {"imposed", D::temperature}};
    const auto& mode = kModes[static_cast<int>(heater.mode)];
    out.header("heater");
    out.write("mode", std::string(mode.name));
    out.raw("program", program(heater.program, mode.dimension));
    out.write_if("feedback", heater.feedback);
    if (heater.limit_temperature) {
        out.header("heater.limits");
        out.write("temperature", heater.limit_temperature, D::temperature);
    }
    const Supply& supply = heater.supply;
    if (supply.current || supply.voltage || supply.slew || supply.update != Supply{}.update || supply.delay != 0.0) {
        out.header("heater.supply");
        out.write("current", supply.current, D::current);
        out.write("voltage", supply.voltage, D::voltage);
        out.write("slew", supply.slew, D::current_rate);
        out.write("update", supply.update, D::frequency);
        out.write("delay", supply.delay, D::time);
    }
}

void write_sensor(Writer& out, const Sensor& sensor) {
    out.list_header("sensor");
    out.write("name", sensor.name);
    out.write("kind", sensor.kind);
    if (sensor.face) out.write("face", std::string(name_of(*sensor.face)));
    if (sensor.spot_center && sensor.spot_diameter)
        out.raw("spot", "{ center = " + quantities(*sensor.spot_center, D::length) +
                            ", diameter = " + quantity(*sensor.spot_diameter, D::length) + " }");
    out.write_if("type", sensor.type);
    if (sensor.at) out.raw("at", quantities(*sensor.at, D::length));
    out.write("floor", sensor.floor, D::temperature);
    for (const auto& [key, value] : sensor.parameters) {
        const Key* row = find_key("sensor[]", key);
        D dimension = row ? row->dimension : D::number;
        if (key == "noise" || key == "bias" || key == "resolution")
            dimension = sensor.kind == "voltage"   ? D::voltage
                        : sensor.kind == "current" ? D::current
                                                   : D::temperature_difference;
        out.write(key, value, dimension);
    }
}

void write_estimate(Writer& out, const EstimateSpec& e, const Scenario& s) {
    out.list_header("estimate");
    out.write("name", std::string(name_of(e.kind)));
    D dimension = D::number;
    if (e.kind == EstimateSpec::Kind::bias)
        for (const Sensor& sensor : s.sensors)
            if (sensor.name == e.sensor)
                dimension = sensor.kind == "voltage"   ? D::voltage
                            : sensor.kind == "current" ? D::current
                                                       : D::temperature_difference;
    if (e.prior != (e.kind == EstimateSpec::Kind::bias ? 0.0 : 1.0)) out.write("prior", e.prior, dimension);
    out.write("sd", e.sd, dimension);
    out.write_if("material", e.material);
    out.write_if("terminal", e.terminal);
    out.write_if("sensor", e.sensor);
    if (e.kind == EstimateSpec::Kind::sigma_map) out.raw("zones", std::to_string(e.zones));
}

}  // namespace

std::string resolved_toml(const Scenario& s) {
    Writer out;
    if (!s.title.empty()) out.write("title", s.title);
    write_bed(out, s.bed);
    for (const Material& material : s.materials)
        if (!material.is_void) write_material(out, material);
    write_boundaries(out, s);
    if (s.heater) write_heater(out, *s.heater);
    for (const Sensor& sensor : s.sensors) write_sensor(out, sensor);
    for (const Probe& probe : s.probes) {
        out.list_header("probe");
        out.write("name", probe.name);
        out.raw("at", quantities(probe.at, D::length));
        out.write("quantity", probe.quantity);
    }
    for (const EstimateSpec& estimate : s.estimates) write_estimate(out, estimate, s);
    if (s.target.capacity_mAh_g || s.target.id_ig) {
        out.header("target");
        out.write("capacity", s.target.capacity_mAh_g, D::specific_charge);
        out.write("id_ig", s.target.id_ig, D::number);
    }
    out.header("run");
    out.write("solve", std::string(s.run.solve == RunSpec::Solve::current ? "current" : "coupled"));
    if (s.run.duration > 0.0) {
        out.write("duration", s.run.duration, D::time);
        out.write("output_every", s.run.output_every, D::time);
    }
    if (s.run.steady) out.raw("steady", "true");
    return out.text;
}

}  // namespace jt
