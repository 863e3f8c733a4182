// SPDX-License-Identifier: Apache-2.0
// Laws of a material: a constant with a unit, or a table with kind, coefficients, valid range and source. Values are turned to
// SI here. A conductivity may be given as a resistivity: a constant is inverted, a polynomial becomes kind `inverse`.
#include <cmath>

#include "kernels/error.hpp"
#include "kernels/material_law.hpp"
#include "twin/material/material.hpp"
#include "twin/material/material_reader.hpp"

namespace jt {
namespace {

using Kind = Law::Kind;

// The property a law is for.
struct Property {
    Dimension dimension;
    NumberRange range;
    std::string name;
};

std::optional<Kind> kind_named(const std::string& name) {
    static const std::pair<const char*, Kind> kinds[] = {
        {"constant", Kind::constant}, {"linear", Kind::linear},       {"polynomial", Kind::polynomial},
        {"powers", Kind::powers},     {"exp", Kind::exponential},     {"inverse", Kind::inverse},
        {"table", Kind::table},       {"arrhenius", Kind::arrhenius}, {"zbs", Kind::zbs},
        {"char", Kind::char_bed}};
    for (const auto& [word, kind] : kinds)
        if (name == word) return kind;
    return {};
}

// A value of the property, or of its reciprocal where that is a resistivity.
std::optional<double> read_value(const Value& v, const Property& property, const std::string& path, ReadContext& context,
                                 std::string* unit = nullptr) {
    if (v.is(Value::Kind::text) && property.dimension == Dimension::conductivity) {
        try {
            const double resistivity = parse_quantity(v.text, Dimension::resistivity);
            if (!(resistivity > 0.0)) {
                context.add(v, path, "found " + v.describe() + "; allowed: a resistivity > 0 ohm m");
                return {};
            }
            if (unit) *unit = info(Dimension::conductivity).si;
            return 1.0 / resistivity;
        } catch (const InputError&) {  // then it is a conductivity, or wrong as one
        }
    }
    const Key row{
        .section = "", .name = "", .type = KeyType::quantity, .dimension = property.dimension, .range = property.range};
    if (unit) *unit = info(property.dimension).si;
    return read_quantity(v, property.dimension, property.range, "allowed: " + range_text(row), path, context);
}

// Whether each key of the table belongs to the kind, and each key of the kind is there.
bool check_keys(const Section& law, const std::string& kind, std::initializer_list<std::string_view> wanted,
                std::initializer_list<std::string_view> optional = {}) {
    bool good = true;
    for (const auto key : wanted)
        if (!law.has(key)) {
            law.problem(key, "missing; a law of kind " + kind + " needs it");
            good = false;
        }
    for (const char* key : {"value",
                            "slope",
                            "activation",
                            "reference",
                            "coefficients",
                            "exponents",
                            "unit",
                            "points",
                            "gas",
                            "porosity",
                            "particle_size",
                            "emissivity",
                            "contact",
                            "set",
                            "bed_factor",
                            "low",
                            "high",
                            "middle",
                            "width",
                            "activation_treated",
                            "activation_untreated"}) {
        bool is_wanted = false;
        for (const auto w : wanted) is_wanted = is_wanted || w == key;
        for (const auto w : optional) is_wanted = is_wanted || w == key;
        if (!is_wanted && law.has(key)) {
            law.problem(key, "does not belong to a law of kind " + kind);
            good = false;
        }
    }
    return good;
}

bool read_coefficients(const Section& section, const Property& property, Law& law) {
    const auto coefficients = section.numbers("coefficients");
    const auto unit = section.text("unit");
    if (!coefficients || !unit) return false;
    if (coefficients->size() > kLawCoefficients) {
        section.problem("coefficients", "found " + std::to_string(coefficients->size()) + "; allowed: at most " +
                                            std::to_string(kLawCoefficients));
        return false;
    }
    double factor = 1.0;
    try {
        factor = unit_factor(*unit, law.kind == Kind::inverse ? Dimension::resistivity : property.dimension);
    } catch (const InputError& error) {
        section.problem("unit", error.what());
        return false;
    }
    law.unit = *unit;
    for (const double c : *coefficients) law.coefficients.push_back(factor == 1.0 ? c : c * factor);
    if (law.kind == Kind::powers) {
        const auto exponents = section.numbers("exponents");
        if (!exponents) return false;
        if (exponents->size() != coefficients->size()) {
            section.problem("exponents", "found " + std::to_string(exponents->size()) + "; allowed: one for each of the " +
                                             std::to_string(coefficients->size()) + " coefficients");
            return false;
        }
        law.exponents = *exponents;
    }
    return true;
}

bool read_points(const Section& section, const Property& property, Law& law) {
    const Value& v = *section.value("points");
    const NumberRange temperatures{.min = 0.0, .max = 5000.0, .above_min = true};
    if (!v.is(Value::Kind::array) || v.items.size() < 2 || v.items.size() > 10000) {
        section.problem("points", "found " + v.describe() + "; allowed: 2 to 10000 of [\"300 K\", \"value unit\"]");
        return false;
    }
    for (std::size_t n = 0; n < v.items.size(); ++n) {
        const Value& point = v.items[n];
        const std::string path = section.path_of("points") + "[" + std::to_string(n) + "]";
        if (!point.is(Value::Kind::array) || point.items.size() != 2) {
            section.context().add(point, path, "found " + point.describe() + "; allowed: [\"300 K\", \"value unit\"]");
            return false;
        }
        const auto T = read_quantity(point.items[0], Dimension::temperature, temperatures, "allowed: > 0 K, <= 5000 K", path,
                                     section.context());
        const auto value = read_value(point.items[1], property, path, section.context());
        if (!T || !value) return false;
        if (!law.table_T.empty() && *T <= law.table_T.back()) {
            section.context().add(point, path, "found " + point.items[0].describe() + "; allowed: rising temperatures");
            return false;
        }
        law.table_T.push_back(*T);
        law.table_value.push_back(*value);
    }
    law.unit = info(property.dimension).si;
    return true;
}

// A packed bed of particles.
bool read_zbs(const Section& section, const Property& property, Law& law) {
    if (property.name != "thermal_conductivity") {
        section.problem("kind", "\"zbs\" is a thermal conductivity");
        return false;
    }
    if (!check_keys(section, "zbs", {"value"},
                    {"slope", "reference", "gas", "porosity", "particle_size", "emissivity", "contact"}))
        return false;
    const auto value = read_value(*section.value("value"), property, section.path_of("value"), section.context(), &law.unit);
    if (!value) return false;
    const std::size_t before = section.context().count();
    law.coefficients = {*value,
                        section.number("slope").value_or(0.0),
                        section.number("reference").value_or(300.0),
                        section.number("porosity").value_or(0.5),
                        section.number("particle_size").value_or(50e-6),
                        section.number("emissivity").value_or(0.9),
                        section.number("contact").value_or(0.0077)};
    law.option = section.text("gas").value_or("argon");
    return section.context().count() == before;
}

// A char bed; the two sets of anchors: Gabhi et al. 2020, Mochidzuki et al. 2003.
bool read_char(const Section& section, const Property& property, Law& law) {
    if (property.dimension != Dimension::conductivity) {
        section.problem("kind", "\"char\" is an electrical conductivity, for sigma only");
        return false;
    }
    if (!check_keys(section, "char", {},
                    {"set", "bed_factor", "low", "high", "middle", "width", "activation_treated", "activation_untreated"}))
        return false;
    const std::size_t before = section.context().count();
    law.option = section.text("set").value_or("G");
    const bool G = law.option == "G";
    constexpr double kZeroCelsius = 273.15;
    law.coefficients = {
        section.number("bed_factor").value_or(G ? 0.10 : 0.30),
        section.number("low").value_or(G ? -4.00 : -6.00),
        section.number("high").value_or(G ? 3.65 : 3.30),
        section.number("middle").value_or((G ? 703.9 : 815.3) + kZeroCelsius) - kZeroCelsius,
        section.number("width").value_or(G ? 234.4 : 116.1),
        section.number("activation_treated").value_or(0.01 * kElectronVoltOverBoltzmann) / kElectronVoltOverBoltzmann,
        section.number("activation_untreated").value_or(0.20 * kElectronVoltOverBoltzmann) / kElectronVoltOverBoltzmann};
    law.unit = info(property.dimension).si;
    if (law.coefficients[1] >= law.coefficients[2]) section.problem("low", "not below high; allowed: low < high");
    return section.context().count() == before;
}

bool read_shape(const Section& section, const Property& property, const std::string& kind, Law& law) {
    switch (law.kind) {
        case Kind::constant: {
            if (!check_keys(section, kind, {"value"})) return false;
            const auto value =
                read_value(*section.value("value"), property, section.path_of("value"), section.context(), &law.unit);
            if (value) law.coefficients = {*value};
            return value.has_value();
        }
        case Kind::linear:
        case Kind::exponential:
        case Kind::arrhenius: {
            const char* slope_key = law.kind == Kind::arrhenius ? "activation" : "slope";
            if (!check_keys(section, kind, {"value", slope_key, "reference"})) return false;
            const auto value =
                read_value(*section.value("value"), property, section.path_of("value"), section.context(), &law.unit);
            const auto slope = section.number(slope_key), reference = section.number("reference");
            if (!value || !slope || !reference) return false;
            law.coefficients = {*value, *slope, *reference};
            return true;
        }
        case Kind::polynomial:
        case Kind::inverse:
            if (law.kind == Kind::inverse && property.dimension != Dimension::conductivity) {
                section.problem("kind", "\"inverse\" is for a resistivity under sigma only");
                return false;
            }
            return check_keys(section, kind, {"coefficients", "unit"}) && read_coefficients(section, property, law);
        case Kind::powers:
            return check_keys(section, kind, {"coefficients", "exponents", "unit"}) &&
                   read_coefficients(section, property, law);
        case Kind::zbs:
            return read_zbs(section, property, law);
        case Kind::char_bed:
            return read_char(section, property, law);
        case Kind::table:
            return check_keys(section, kind, {"points"}) && read_points(section, property, law);
    }
    return false;
}

// The law over its whole range: finite and inside the property's range.
bool check_values(const Section& section, const Property& property, const Law& law) {
    constexpr int kSamples = 1000;
    for (int n = 0; n <= kSamples; ++n) {
        const double T = law.valid_min + (law.valid_max - law.valid_min) * n / kSamples;
        const double value = law.at(T);
        if (std::isfinite(value) && property.range.contains(value)) continue;
        const Key row{
            .section = "", .name = "", .type = KeyType::quantity, .dimension = property.dimension, .range = property.range};
        section.problem(property.name + " is " + format_for_people(value, property.dimension) + " at " +
                        format_for_people(T, Dimension::temperature) + "; allowed: " + range_text(row));
        return false;
    }
    return true;
}

std::optional<Law> read_single(const Section& section, const Property& property) {
    if (!section.has("kind")) {
        section.require("kind");
        return {};
    }
    const auto kind = section.text("kind");
    const auto known = kind ? kind_named(*kind) : std::nullopt;
    Law law;
    const auto valid = section.pair("valid");
    law.source = section.text("source").value_or("");
    if (!known) return {};
    law.kind = *known;
    if (!read_shape(section, property, *kind, law)) return {};
    if (valid) {
        law.valid_min = (*valid)[0];
        law.valid_max = (*valid)[1];
        if (!(law.valid_min < law.valid_max)) {
            section.problem("valid", "found " + format_for_people(law.valid_min, Dimension::temperature) + " to " +
                                         format_for_people(law.valid_max, Dimension::temperature) +
                                         "; allowed: a rising range");
            return {};
        }
    } else if (section.has("valid")) {
        return {};
    } else if (law.kind == Kind::table) {
        law.valid_min = law.table_T.front();
        law.valid_max = law.table_T.back();
    } else if (law.kind != Kind::constant) {
        section.problem("valid", "missing; a law of kind " + *kind + " needs its range, e.g. [\"300 K\", \"1300 K\"]");
        return {};
    }
    if (law.kind != Kind::constant && !check_values(section, property, law)) return {};
    return law;
}

std::optional<Law> read_member(const Value& v, const Property& property, const std::string& path, ReadContext& context) {
    if (v.is(Value::Kind::table)) {
        const Section section(v, "material.NAME.LAW", path, context);
        for (const char* key : {"in_plane", "through", "normal"})
            if (section.has(key)) section.problem(key, "does not belong here: this is one direction already");
        return read_single(section, property);
    }
    Law law;
    const auto value = read_value(v, property, path, context, &law.unit);
    if (!value) return {};
    law.coefficients = {*value};
    return law;
}

}  // namespace

std::optional<DirectionalLaw> read_law(const Section& material, std::string_view key) {
    const Value* v = material.value(key);
    if (!v) return {};
    const Key& row = *find_key("material.NAME", key);
    const Property property{row.dimension, row.range, std::string(key)};
    DirectionalLaw result;
    const bool directional = v->is(Value::Kind::table) && (v->find("in_plane") || v->find("through"));
    if (!directional) {
        if (v->is(Value::Kind::table) && v->find("normal"))
            material.context().add(*v, material.path_of(key), "normal needs in_plane and through");
        auto law = v->is(Value::Kind::table)
                       ? read_single(Section(*v, "material.NAME.LAW", material.path_of(key), material.context()), property)
                       : read_member(*v, property, material.path_of(key), material.context());
        if (!law) return {};
        result.in_plane = std::move(*law);
        return result;
    }
    const Section section(*v, "material.NAME.LAW", material.path_of(key), material.context());
    for (const Member& member : v->members)
        if (member.key != "in_plane" && member.key != "through" && member.key != "normal" &&
            find_key("material.NAME.LAW", member.key))
            section.problem(member.key, "goes into in_plane and through");
    section.require("in_plane");
    section.require("through");
    result.normal = section.axis("normal").value_or(2);
    if (!section.has("in_plane") || !section.has("through")) return {};
    auto in_plane = read_member(*section.value("in_plane"), property, section.path_of("in_plane"), section.context());
    auto through = read_member(*section.value("through"), property, section.path_of("through"), section.context());
    if (!in_plane || !through) return {};
    result.in_plane = std::move(*in_plane);
    result.through = std::move(*through);
    return result;
}

}  // namespace jt
