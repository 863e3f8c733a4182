// SPDX-License-Identifier: Apache-2.0
// The rows of the schema. Order here is the order in which `jouletwin schema` prints them.
#include "twin/scenario/schema.hpp"

namespace jt {
namespace {

using D = Dimension;
using T = KeyType;

constexpr std::string_view kAssimilation = "assimilation";

constexpr NumberRange kPositive{.min = 0.0, .above_min = true};
constexpr NumberRange kNotNegative{.min = 0.0};
constexpr NumberRange kFraction{.min = 0.0, .max = 1.0};
constexpr NumberRange kEmissivity{.min = 0.0, .max = 1.0};
constexpr NumberRange kLength{.min = 0.0, .max = 10.0, .above_min = true};
constexpr NumberRange kPlace{.min = -10.0, .max = 10.0};
constexpr NumberRange kTemperature{.min = 0.0, .max = 5000.0, .above_min = true};
constexpr NumberRange kDuration{.min = 0.0, .max = 1e7, .above_min = true};
constexpr NumberRange kSeed{.min = 0.0, .max = 9e18};

struct Rest {
    bool required = false;
    std::string_view fallback = "";
    std::vector<Choice> choices = {};
    std::string_view needs = "", help = "";
};

struct Rows {
    std::vector<Key> keys;
    void add(std::string_view section, std::string_view name, KeyType type, Dimension dimension, NumberRange range, Rest rest) {
        keys.push_back({section, name, type, dimension, range, rest.required, rest.fallback, std::move(rest.choices),
                        rest.needs, rest.help});
    }
    void add(std::string_view section, std::string_view name, KeyType type, Dimension dimension, Rest rest) {
        add(section, name, type, dimension, NumberRange{}, std::move(rest));
    }
    void add(std::string_view section, std::string_view name, KeyType type, Rest rest) {
        add(section, name, type, Dimension::number, NumberRange{}, std::move(rest));
    }
};

// What a whole section waits for, by the key it stands under: "surface", "face" (face.FACE), "sensor" (sensor[]).
std::string_view needs_of_section(std::string_view path) {
    for (const SectionInfo& section : schema_sections())
        if (section.name.starts_with(path))
            for (const char* ending : {"", "[]", ".FACE", ".NAME"})
                if (section.name.substr(path.size()) == ending) return section.needs;
    return "";
}

std::vector<Choice> faces() {
    return {{"xmin"}, {"xmax"}, {"ymin"}, {"ymax"}, {"zmin"}, {"zmax"}};
}
std::vector<Choice> axes() {
    return {{"x"}, {"y"}, {"z"}};
}

void add_bed(Rows& k) {
    k.add("", "title", T::text, {.help = "what this run is, for people"});
    for (const auto& [name, help] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"bed", "the voxelised bed"},
             {"material", "materials of this file, by name"},
             {"terminal", "where current enters and leaves: two or more"},
             {"electrodes", "short for two whole-face terminals across bed.current_axis"},
             {"interface", "contact between two materials"},
             {"surface", "every solid face to the outside without an entry of its own"},
             {"face", "the six sides of the box, by name"},
             {"heater", "what drives the terminals"},
             {"furnace", "a hot wall around the bed, instead of a heater"},
             {"source", "heat released in the volume"},
             {"sensor", "what is measured"},
             {"probe", "quantities to report at points"},
             {"estimate", "what sensors are to find while a twin runs beside its heater; without one: all there is"},
             {"target", "the product aimed at"},
             {"run", "what is solved and what is kept"}})
        k.add("", name, T::section, {.required = name == "bed", .needs = needs_of_section(name), .help = help});

    const std::string_view b = "bed";
    k.add(b, "size", T::triple, D::length, kLength, {.help = "edges of the bed along x, y, z; required without bed.map"});
    k.add(b, "voxel", T::triple_or_one, D::length, kLength, {.help = "voxel edges, or one for all; each divides its size"});
    k.add(b, "material", T::name, {.help = "material of the bed before regions; required without bed.map"});
    k.add(b, "shape", T::choice,
          {.fallback = "box",
           .choices = {{"box"}, {"cylinder"}},
           .help = "cylinder: inscribed in the box along current_axis (z without one), the rest is void"});
    k.add(b, "current_axis", T::choice, {.choices = axes(), .help = "axis between the two electrodes"});
    k.add(b, "initial_temperature", T::quantity, D::temperature, kTemperature,
          {.fallback = "25 degC", .help = "temperature before the run, uniform"});
    k.add(b, "initial_history", T::history, {.help = "heat treatment of the char before the run"});
    k.add(b, "product", T::choices,
          {.fallback = "[bed.material]", .help = "materials that are the bed in every mean and spread"});
    k.add(b, "region", T::section, {.help = "shapes painted over the bed in file order"});
    k.add(b, "map", T::section, {.help = "a CT stack instead of size and voxel"});
    k.add(b, "defects", T::section, {.help = "random spheres of other conductivity"});
    k.add(b, "heterogeneity", T::section, {.help = "lognormal conductivity map"});

    const std::string_view r = "bed.region[]";
    k.add(r, "shape", T::choice,
          {.required = true, .choices = {{"box"}, {"sphere"}, {"cylinder"}, {"ellipsoid"}}, .help = "shape"});
    k.add(r, "from", T::triple, D::length, kPlace, {.help = "box: lower corner; cylinder: one end of the axis"});
    k.add(r, "to", T::triple, D::length, kPlace, {.help = "box: upper corner; cylinder: other end of the axis"});
    k.add(r, "center", T::triple, D::length, kPlace, {.help = "sphere, ellipsoid"});
    k.add(r, "radius", T::quantity, D::length, kLength, {.help = "sphere, cylinder"});
    k.add(r, "semi_axes", T::triple, D::length, kLength, {.help = "ellipsoid: half-lengths along x, y, z"});
    k.add(r, "material", T::name, {.help = "material painted; or give sigma_factor"});
    k.add(r, "sigma_factor", T::number, D::number, {.min = 0.0, .max = 1e9},
          {.help = "multiplies the conductivity of what is there"});
    k.add(r, "sheet_thickness", T::quantity, D::length, kLength,
          {.help = "box: real thickness; sheet conductance and mass of it are kept along the thin axis"});

    const std::string_view m = "bed.map";
    k.add(m, "file", T::file, {.required = true, .help = "multi-page TIFF, first of a numbered series, or raw with sidecar"});
    k.add(m, "voxel", T::triple_or_one, D::length, kLength, {.required = true, .help = "voxel edges, or one for all"});
    k.add(m, "labels", T::section, {.required = true, .help = "grey range of each material"});
    k.add(m, "crop", T::integers, D::number, {.min = 0.0, .max = 1e6},
          {.help = "[x0, x1, y0, y1, z0, z1] in voxels, upper ends excluded"});
    k.add(m, "coarsen", T::integer, D::number, {.min = 1.0, .max = 64.0},
          {.fallback = "1", .help = "edge of the block merged to one voxel"});
    k.add("bed.map.labels", "NAME", T::integers, D::number, {.min = 0.0, .max = 65535.0},
          {.help = "[low, high] grey, both included"});

    const std::string_view d = "bed.defects";
    k.add(d, "volume_fraction", T::number, D::number, {.min = 0.0, .max = 0.6, .above_min = true},
          {.required = true, .help = "share of the solid bed inside spheres"});
    k.add(d, "radius", T::pair_or_one, D::length, kLength, {.required = true, .help = "smallest and largest radius"});
    k.add(d, "sigma_factor", T::numbers, D::number, {.min = 0.0, .max = 1e9},
          {.required = true, .help = "conductivity factors, taken in turn"});
    k.add(d, "seed", T::integer, D::number, kSeed, {.fallback = "1", .help = "of the random places"});

    const std::string_view h = "bed.heterogeneity";
    k.add(h, "log_sd", T::number, D::number, {.min = 0.0, .max = 5.0},
          {.required = true, .help = "standard deviation of ln(sigma factor)"});
    k.add(h, "correlation", T::quantity, D::length, kLength, {.required = true, .help = "correlation length"});
    k.add(h, "seed", T::integer, D::number, kSeed, {.fallback = "1", .help = "of the random field"});
}

void add_material(Rows& k) {
    const std::string_view m = "material.NAME";
    k.add(m, "description", T::text, {.help = "what it is"});
    k.add(m, "sigma", T::law, D::conductivity, {.min = 0.0, .max = 1e9},
          {.help = "electrical conductivity, or a resistivity; absent: insulator"});
    k.add(m, "thermal_conductivity", T::law, D::thermal_conductivity, {.min = 0.0, .max = 1e5, .above_min = true},
          {.help = "k"});
    k.add(m, "density", T::quantity, D::density, {.min = 0.0, .max = 1e5, .above_min = true},
          {.help = "mass of solid and pores by volume"});
    k.add(m, "heat_capacity", T::law, D::heat_capacity, {.min = 0.0, .max = 1e6, .above_min = true}, {.help = "cp"});
    k.add(m, "emissivity", T::number, D::number, kEmissivity, {.help = "of its surface"});
    k.add(m, "kinetics", T::section, {.help = "of a char: how it orders when heated"});
    const std::string_view q = "material.NAME.kinetics";
    k.add(q, "history", T::history,
          {.fallback = "600 degC for 2 h at 5 K/min",
           .help = "heat treatment before the run, where bed.initial_history is absent"});
    k.add(q, "attempt_frequency", T::quantity, D::frequency, {.min = 1e6, .max = 1e18},
          {.fallback = "1e13 Hz", .help = "A of the ordering sites; 1e8 to 1e16 Hz"});
    k.add(q, "peak_rate", T::quantity, D::frequency, {.min = 0.0, .max = 1e18},
          {.fallback = "2.29e7 Hz", .help = "of the first peak of G(r)"});
    k.add(q, "peak_activation", T::quantity, D::molar_energy, {.min = 0.0, .max = 1e7},
          {.fallback = "200 kJ/mol", .help = "of the first peak of G(r); 150 to 300 kJ/mol"});
    k.add(q, "field_term", T::quantity, D::molar_energy, {.min = 0.0, .max = 5e3},
          {.fallback = "0 J/mol", .help = "hypothesis: lowers barriers by this much at 1 kV/m, at most tenfold"});
    k.add(q, "platelet_radius", T::quantity, D::length, {.min = 0.0, .max = 1e-5, .above_min = true},
          {.help = "hypothesis: metallic discs of this radius that the field orients; absent: off"});
    k.add(q, "conversion", T::number, D::number, {.min = 0.0, .max = 1.0},
          {.fallback = "0.15", .help = "heat capacity above heat_capacity at Th 745 degC, gone at 1100 degC; 0 to 0.3"});
    k.add(q, "volatiles", T::number, D::number, {.min = 0.0, .max = 0.5},
          {.fallback = "0", .help = "mass share released from Th 745 to 1300 degC; 0.05 to 0.15, 0: not followed"});
    k.add(q, "volatile_heat", T::quantity, D::specific_energy, {.min = -1e7, .max = 1e7},
          {.fallback = "0 J/kg", .help = "heat their release takes up; -1 to 1 MJ/kg"});

    const std::string_view l = "material.NAME.LAW";
    k.add(l, "kind", T::choice,
          {.choices = {{"constant"},
                       {"linear"},
                       {"polynomial"},
                       {"powers"},
                       {"exp"},
                       {"arrhenius"},
                       {"inverse"},
                       {"table"},
                       {"zbs"},
                       {"char"}},
           .help = "linear value*(1+slope*(T-reference)); exp value*exp(slope*(T-reference)); arrhenius "
                   "value*exp(-activation*(1/T-1/reference)); inverse 1/polynomial; zbs a packed bed whose particles conduct "
                   "value*(1+slope*(T-reference)); char bed_factor*10^y(Th)*exp(-Ea(Th)/kB*(1/T-1/300 K))"});
    k.add(l, "gas", T::choice, {.fallback = "argon", .choices = {{"argon"}, {"nitrogen"}}, .help = "zbs: between particles"});
    k.add(l, "porosity", T::number, D::number, {.min = 0.05, .max = 0.95},
          {.fallback = "0.5", .help = "zbs: between particles"});
    k.add(l, "particle_size", T::quantity, D::length, {.min = 1e-7, .max = 0.1}, {.fallback = "50 um", .help = "zbs"});
    k.add(l, "emissivity", T::number, D::number, {.min = 0.01, .max = 1.0}, {.fallback = "0.9", .help = "zbs: of particles"});
    k.add(l, "contact", T::number, D::number, kFraction, {.fallback = "0.0077", .help = "zbs: share of flattened contact"});
    k.add(l, "set", T::choice,
          {.fallback = "G", .choices = {{"G"}, {"M"}}, .help = "char: anchors of Gabhi 2020 or Mochidzuki 2003"});
    k.add(l, "bed_factor", T::number, D::number, {.min = 1e-6, .max = 1.0},
          {.fallback = "0.1 (G), 0.3 (M)", .help = "char: bed over monolith; 0.03 to 0.3"});
    k.add(l, "low", T::number, D::number, {.min = -12.0, .max = 8.0},
          {.help = "char: y without treatment; default of the set"});
    k.add(l, "high", T::number, D::number, {.min = -12.0, .max = 8.0}, {.help = "char: y of full treatment"});
    k.add(l, "middle", T::quantity, D::temperature, kTemperature, {.help = "char: Th in the middle"});
    k.add(l, "width", T::quantity, D::temperature_difference, kPositive, {.help = "char: width of the rise in Th"});
    k.add(l, "activation_treated", T::quantity, D::temperature_difference, {.min = -1e5, .max = 1e5},
          {.fallback = "116.05 K", .help = "char: Ea over kB at full treatment, 0.01 eV"});
    k.add(l, "activation_untreated", T::quantity, D::temperature_difference, {.min = -1e5, .max = 1e5},
          {.fallback = "2320.9 K", .help = "char: added without treatment, 0.20 eV"});
    k.add(l, "value", T::quantity, {.help = "constant, linear, exp, arrhenius; in the unit of the property"});
    k.add(l, "slope", T::quantity, D::inverse_temperature, {.min = -1.0, .max = 1.0}, {.help = "linear, exp"});
    k.add(l, "activation", T::quantity, D::temperature_difference, {.min = -1e5, .max = 1e5},
          {.help = "arrhenius: energy over kB"});
    k.add(l, "reference", T::quantity, D::temperature, kTemperature, {.help = "linear, exp, arrhenius"});
    k.add(l, "coefficients", T::numbers, {.help = "polynomial, inverse: c0 + c1 T + ...; powers; T in K, at most eight"});
    k.add(l, "exponents", T::numbers, D::number, {.min = -8.0, .max = 8.0}, {.help = "powers: of T, one per coefficient"});
    k.add(l, "unit", T::text, {.help = "of coefficients"});
    k.add(l, "points", T::section, {.help = "table: [[\"300 K\", \"value unit\"], ...], T rising, linear between"});
    k.add(l, "valid", T::pair, D::temperature, kTemperature,
          {.help = "range of T; outside it T is clipped and the cells are counted"});
    k.add(l, "source", T::text, {.help = "where the numbers come from"});
    k.add(l, "in_plane", T::section, {.help = "law along the sheet, instead of the keys above"});
    k.add(l, "through", T::section, {.help = "law along the normal"});
    k.add(l, "normal", T::choice, {.fallback = "z", .choices = axes(), .help = "normal of the sheet"});
}

void add_boundaries(Rows& k) {
    const std::string_view t = "terminal[]", e = "electrodes", i = "interface[]";
    k.add(t, "name", T::name, {.required = true, .help = "for reports and sensors"});
    k.add(t, "face", T::choice, {.required = true, .choices = faces(), .help = "side of the box"});
    k.add(t, "material", T::name, {.help = "only where this material touches the face; absent: the whole face"});
    for (const std::string_view section : {t, e}) {
        k.add(section, "contact_resistivity", T::quantity, D::contact_resistivity, {.min = 0.0, .max = 1e6},
              {.fallback = "0 ohm m^2", .help = "electrical; 0 is perfect"});
        k.add(section, "contact_conductance", T::quantity, D::heat_transfer, {.min = 0.0, .max = 1e12},
              {.help = "thermal; absent is perfect, 0 is insulated"});
        k.add(section, "temperature", T::program, D::temperature, kTemperature, {.help = "of the clamp"});
    }
    k.add(i, "between", T::choices, {.required = true, .help = "two materials"});
    k.add(i, "electrical", T::quantity, D::contact_conductance, {.min = 0.0, .max = 1e18},
          {.help = "absent is perfect, 0 insulates"});
    k.add(i, "thermal", T::quantity, D::heat_transfer, {.min = 0.0, .max = 1e12}, {.help = "absent is perfect"});
    k.add(i, "heat_split", T::number, D::number, kFraction,
          {.fallback = "0.5", .help = "share of the contact heat on the side of the first material"});

    for (const std::string_view section : {std::string_view("surface"), std::string_view("face.FACE")}) {
        k.add(section, "emissivity", T::number, D::number, kEmissivity, {.help = "radiation to ambient"});
        k.add(section, "convection", T::quantity, D::heat_transfer, {.min = 0.0, .max = 1e9}, {.help = "to ambient"});
        k.add(section, "ambient", T::program, D::temperature, kTemperature, {.help = "with emissivity or convection"});
        k.add(section, "temperature", T::program, D::temperature, kTemperature, {.help = "fixed, alone"});
        k.add(section, "heat_flux", T::program, D::heat_flux, {.min = -1e12, .max = 1e12}, {.help = "into the bed"});
        k.add(section, "insulated", T::boolean, {.fallback = "false", .help = "no heat passes, alone"});
    }
    k.add("furnace", "wall", T::program, D::temperature, kTemperature, {.required = true, .help = "temperature of the wall"});
    k.add("furnace", "emissivity", T::number, D::number, kEmissivity, {.fallback = "0.85", .help = "effective, wall to bed"});
    k.add("furnace", "convection", T::quantity, D::heat_transfer, {.min = 0.0, .max = 1e9},
          {.fallback = "0 W/(m^2 K)", .help = "wall to bed"});
    k.add("source", "power_density", T::quantity, D::power_density, {.min = -1e15, .max = 1e15},
          {.required = true, .help = "uniform in the solids"});
}

void add_heater(Rows& k) {
    const std::string_view h = "heater", l = "heater.limits", s = "heater.supply";
    k.add(h, "mode", T::choice,
          {.required = true,
           .choices = {{"temperature"}, {"current"}, {"voltage"}, {"power"}, {"imposed"}},
           .help = "temperature: closed loop; imposed: the bed follows the program exactly"});
    k.add(h, "program", T::program, {.required = true, .help = "in the unit of the mode: K, A, V or W"});
    k.add(h, "feedback", T::name, {.help = "sensor of the closed loop"});
    k.add(h, "limits", T::section, {.needs = needs_of_section(l), .help = "of the process"});
    k.add(h, "supply", T::section, {.needs = needs_of_section(s), .help = "of the power supply"});
    k.add(l, "temperature", T::quantity, D::temperature, kTemperature, {.help = "current off above"});
    k.add(s, "current", T::quantity, D::current, kPositive, {.help = "limit"});
    k.add(s, "voltage", T::quantity, D::voltage, kPositive, {.help = "limit"});
    k.add(s, "slew", T::quantity, D::current_rate, kPositive, {.help = "limit of the current's rate"});
    k.add(s, "update", T::quantity, D::frequency, {.min = 1e-3, .max = 1e6}, {.fallback = "10 Hz", .help = "control rate"});
    k.add(s, "delay", T::quantity, D::time, {.min = 0.0, .max = 1e4}, {.fallback = "0 s", .help = "command to effect"});
}

void add_sensors(Rows& k) {
    const std::string_view s = "sensor[]", p = "sensor[].spot";
    k.add(s, "name", T::name, {.required = true, .help = "for reports and the wire"});
    k.add(s, "kind", T::choice,
          {.required = true,
           .choices = {{"ratio_pyrometer"}, {"pyrometer"}, {"thermocouple"}, {"voltage"}, {"current"}},
           .help = "observation model"});
    k.add(s, "face", T::choice, {.choices = faces(), .help = "pyrometers: the side looked at"});
    k.add(s, "spot", T::section, {.help = "pyrometers: the area seen"});
    k.add(s, "at", T::triple, D::length, kPlace, {.help = "thermocouple: place of the bead"});
    k.add(s, "type", T::choice,
          {.fallback = "K",
           .choices = {{"K"}, {"K_sheath"}, {"C"}},
           .help = "thermocouple: K bare bead of 0.5 mm, K in a sheath of 1 mm, C (W-Re) bare bead of 0.25 mm"});
    k.add(s, "floor", T::quantity, D::temperature, kTemperature, {.help = "pyrometers: lowest reading"});
    k.add(s, "lag", T::quantity, D::time, {.min = 0.0, .max = 1e4},
          {.help = "time constant; default by the kind, of a thermocouple by its temperature"});
    k.add(s, "rate", T::quantity, D::frequency, {.min = 1e-3, .max = 1e6}, {.help = "readings by time; default by the kind"});
    k.add(s, "noise", T::quantity, D::number, kNotNegative, {.help = "standard deviation, in K, V or A"});
    k.add(s, "bias", T::quantity, {.help = "constant error, in K, V or A"});
    k.add(s, "resolution", T::quantity, D::number, kNotNegative, {.help = "step of the reading, in K, V or A"});
    k.add(s, "latency", T::quantity, D::time, {.min = 0.0, .max = 60.0},
          {.fallback = "0 s", .help = "measurement to delivery; bridge only"});
    k.add(s, "dropout", T::number, D::number, kFraction,
          {.fallback = "1 %", .help = "share of readings that are missing; bridge only"});
    k.add(s, "emissivity", T::number, D::number, {.min = 0.0, .max = 1.0, .above_min = true},
          {.help = "set on the instrument"});
    k.add(s, "wavelength", T::quantity, D::length, {.min = 1e-7, .max = 1e-4},
          {.help = "pyrometers; the shorter one of a ratio"});
    k.add(s, "second_wavelength", T::quantity, D::length, {.min = 1e-7, .max = 1e-4},
          {.help = "ratio_pyrometer: the longer one"});
    k.add(s, "lead_resistance", T::quantity, D::resistance, kNotNegative, {.help = "voltage: two-wire leads"});
    k.add(p, "center", T::pair, D::length, kPlace, {.required = true, .help = "in the plane of the face"});
    k.add(p, "diameter", T::quantity, D::length, kLength, {.required = true, .help = "of the spot"});

    const std::string_view q = "probe[]";
    k.add(q, "name", T::name, {.required = true, .help = "key in reports"});
    k.add(q, "at", T::triple, D::length, kPlace, {.required = true, .help = "inside the bed"});
    k.add(q, "quantity", T::choice,
          {.required = true,
           .choices = {{"phi_V"},
                       {"J_A_per_m2"},
                       {"J_over_J0"},
                       {"sigma_S_per_m"},
                       {"q_W_per_m3"},
                       {"T_K"},
                       {"T_sd_K", kAssimilation},
                       {"Th_K"},
                       {"id_ig"},
                       {"d002_nm"},
                       {"d_hrtem_nm"},
                       {"fringe_nm"},
                       {"La_nm"},
                       {"Lc_nm"},
                       {"pdf_G1"},
                       {"pdf_r1_A"},
                       {"plateau_mAh_g"},
                       {"slope_mAh_g"},
                       {"capacity_mAh_g"},
                       {"ice_percent"},
                       {"alignment"},
                       {"released"}},
           .help = "what to report"});
}

void add_program(Rows& k) {
    const std::string_view p = "PROGRAM", s = "PROGRAM[]";
    k.add(p, "points", T::section,
          {.help = "[[\"0 s\", \"25 degC\"], ...]: time never falls, linear between, two at one time are a step"});
    k.add(p, "table", T::file, {.help = "CSV of time and value; units in the header as in \"time [s], T [degC]\", else SI"});
    k.add(s, "to", T::quantity, {.help = "with in or rate: where it goes, linear in time"});
    k.add(s, "in", T::quantity, D::time, kDuration, {.help = "time taken"});
    k.add(s, "rate", T::quantity, D::number, kPositive, {.help = "speed taken, always positive"});
    k.add(s, "hold", T::quantity, D::time, kDuration, {.help = "time at the value reached"});
    k.add(s, "step", T::quantity, {.help = "jump"});
}

// The file beside a scenario that says in what a virtual heater differs from it.
void add_hidden(Rows& k) {
    constexpr NumberRange kFactor{.min = 1e-4, .max = 1e4};
    const std::string_view h = "HIDDEN", f = "HIDDEN.factor", m = "HIDDEN.material.NAME", d = "HIDDEN.defect[]",
                           r = "HIDDEN.draw", s = "HIDDEN.sensor.NAME", w = "HIDDEN.delivery";
    k.add(h, "voxel", T::triple_or_one, D::length, kLength, {.help = "of the plant's own grid; divides the bed's size"});
    k.add(h, "largest_step", T::quantity, D::time, {.min = 1e-3, .max = 1e3}, {.help = "of the plant in time"});
    for (const auto& [name, help] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"factor", "factors on what the scenario says"},
             {"material", "factors on one material"},
             {"defect", "places of other conductivity"},
             {"draw", "draw biases and gains of all sensors"},
             {"sensor", "what is wrong with one sensor"},
             {"delivery", "what befalls readings on their way"}})
        k.add(h, name, T::section, {.help = help});
    k.add(f, "end_contact", T::number, D::number, kFactor, {.help = "resistance at the terminals, electrical and thermal"});
    k.add(f, "emissivity", T::number, D::number, kFactor, {.help = "of every surface"});
    k.add(f, "sigma", T::number, D::number, kFactor, {.help = "electrical conductivity of every material"});
    k.add(f, "thermal_conductivity", T::number, D::number, kFactor, {.help = "of every material"});
    k.add(f, "heat_capacity", T::number, D::number, kFactor, {.help = "of every material"});
    k.add(f, "bed_sigma", T::number, D::number, kFactor, {.help = "of the product's materials"});
    k.add(f, "bed_thermal_conductivity", T::number, D::number, kFactor, {.help = "of the product's materials"});
    k.add(f, "bed_heat_capacity", T::number, D::number, kFactor, {.help = "of the product's materials"});
    k.add(m, "sigma", T::number, D::number, kFactor, {.help = "electrical conductivity"});
    k.add(m, "thermal_conductivity", T::number, D::number, kFactor, {.help = "thermal conductivity"});
    k.add(m, "heat_capacity", T::number, D::number, kFactor, {.help = "heat capacity"});
    k.add(d, "shape", T::choice,
          {.required = true, .choices = {{"box"}, {"sphere"}, {"cylinder"}, {"ellipsoid"}}, .help = "shape"});
    k.add(d, "from", T::triple, D::length, kPlace, {.help = "box: lower corner; cylinder: one end of the axis"});
    k.add(d, "to", T::triple, D::length, kPlace, {.help = "box: upper corner; cylinder: other end of the axis"});
    k.add(d, "center", T::triple, D::length, kPlace, {.help = "sphere, ellipsoid"});
    k.add(d, "radius", T::quantity, D::length, kLength, {.help = "sphere, cylinder"});
    k.add(d, "semi_axes", T::triple, D::length, kLength, {.help = "ellipsoid: half-lengths along x, y, z"});
    k.add(d, "sigma_factor", T::number, D::number, {.min = 0.0, .max = 1e9},
          {.required = true, .help = "on the electrical conductivity of what is there"});
    k.add(r, "seed", T::integer, D::number, kSeed, {.required = true, .help = "of the draw"});
    k.add(r, "lead_conduction", T::boolean,
          {.fallback = "false", .help = "beads read 5 to 20 K low, in a sheath 10 to 30 K: drawn too"});
    k.add(s, "bias", T::quantity, {.help = "constant error, in K, V or A; in place of a drawn one"});
    k.add(s, "gain", T::number, D::number, kFactor, {.help = "factor on the value; in place of a drawn one"});
    k.add(s, "lag_factor", T::number, D::number, kFactor, {.help = "on its time constant"});
    k.add(s, "emissivity_ratio", T::number, D::number, kFactor,
          {.help = "ratio_pyrometer: e1/e2 of the surface over what is set"});
    k.add(w, "latency", T::quantity, D::time, {.min = 0.0, .max = 60.0}, {.help = "measurement to arrival, of every reading"});
    k.add(w, "jitter", T::quantity, D::time, {.min = 0.0, .max = 60.0}, {.help = "added, uniform from 0"});
    k.add(w, "late", T::number, D::number, kFraction, {.help = "share of readings that come later"});
    k.add(w, "late_by", T::quantity, D::time, {.min = 0.0, .max = 60.0}, {.help = "by how much at most"});
    k.add(w, "lost", T::number, D::number, kFraction, {.help = "share of readings that never come"});
    k.add(w, "repeated", T::number, D::number, kFraction, {.help = "share of readings that come twice"});
}

void add_estimates(Rows& k) {
    const std::string_view e = "estimate[]";
    k.add(e, "name", T::choice,
          {.required = true,
           .choices = {{"end_contact"}, {"emissivity"}, {"k"}, {"sigma"}, {"sigma_map"}, {"bias"}, {"lag"}},
           .help = "end_contact: resistance at terminals, electrical and thermal; k: conductivity of heat; sigma: electrical; "
                   "sigma_map: that of zones; bias: of sensors, of current and voltage their gain too; lag: of thermocouples"});
    k.add(e, "prior", T::quantity, {.help = "factor on the scenario's value, 1 without; of a bias its offset in K, V or A"});
    k.add(e, "sd", T::quantity, D::number, {.min = 0.0, .max = 1e4, .above_min = true},
          {.help = "of ln factor: end_contact 0.5, emissivity 0.15, k 0.35, sigma 0.8, sigma_map 0.2, lag 0.15; of a bias in "
                   "K, V or A: what its kind has"});
    k.add(e, "material", T::name, {.fallback = "the product", .help = "k, sigma, sigma_map"});
    k.add(e, "terminal", T::name, {.fallback = "all alike", .help = "end_contact"});
    k.add(e, "sensor", T::name, {.fallback = "each one", .help = "bias, lag"});
    k.add(e, "zones", T::integer, D::number, {.min = 2.0, .max = 64.0},
          {.fallback = "10", .help = "sigma_map: along the current, in each connected piece of the material"});
}

void add_target(Rows& k) {
    k.add("target", "capacity", T::quantity, D::specific_charge, {.min = 0.0, .max = 1000.0, .above_min = true},
          {.help = "reversible capacity of a cell made of it, e.g. \"300 mAh/g\""});
    k.add("target", "id_ig", T::number, D::number, {.min = 0.0, .max = 10.0, .above_min = true},
          {.help = "I_D/I_G of its Raman spectrum"});
}

void add_run(Rows& k) {
    const std::string_view r = "run";
    k.add(r, "solve", T::choice,
          {.fallback = "coupled",
           .choices = {{"coupled"}, {"current"}},
           .help = "current: the electric field alone, at the initial temperature"});
    k.add(r, "duration", T::quantity, D::time, kDuration, {.help = "simulated time; required unless steady"});
    k.add(r, "output_every", T::quantity, D::time, kDuration,
          {.fallback = "duration / 100", .help = "simulated time between outputs"});
    k.add(r, "steady", T::boolean, {.fallback = "false", .help = "solve the steady coupled state"});
}

}  // namespace

const std::vector<SectionInfo>& schema_sections() {
    static const std::vector<SectionInfo> sections{
        {"", "", "top of the file"},
        {"bed", "", "the voxelised bed"},
        {"bed.region[]", "", "shapes painted over the bed in file order"},
        {"bed.map", "", "a CT stack; size and voxel come from it"},
        {"bed.map.labels", "", "material = [low, high] grey values, both included"},
        {"bed.defects", "", "random spheres of other conductivity"},
        {"bed.heterogeneity", "", "lognormal conductivity map"},
        {"material.NAME", "", "a material of this file; the keys of a file in data/materials"},
        {"material.NAME.LAW", "", "a property that varies with temperature or direction"},
        {"material.NAME.kinetics", "", "of a char: how it orders when heated"},
        {"terminal[]", "", "where current enters and leaves: two or more"},
        {"electrodes", "", "short for two whole-face terminals across bed.current_axis"},
        {"interface[]", "", "contact between two materials"},
        {"surface", "", "every solid face to the outside without an entry of its own"},
        {"face.FACE", "", "one side of the box: xmin, xmax, ymin, ymax, zmin, zmax"},
        {"heater", "", "what drives the terminals"},
        {"heater.limits", "", "limits of the process"},
        {"heater.supply", "", "limits of the power supply"},
        {"furnace", "", "a hot wall around the bed, instead of a heater"},
        {"source", "", "heat released in the volume"},
        {"sensor[]", "", "what is measured"},
        {"sensor[].spot", "", "area a pyrometer sees"},
        {"probe[]", "", "quantities to report at points"},
        {"estimate[]", "", "an unknown that sensors are to find while a twin runs beside its heater"},
        {"target", "", "the product aimed at, in means at the end; for screens and warnings, the run does not depend on it"},
        {"run", "", "what is solved and what is kept"},
        {"HIDDEN", "", "top of the file"},
        {"HIDDEN.factor", "", "factors on what the scenario says"},
        {"HIDDEN.material.NAME", "", "factors on one material; with those above they multiply"},
        {"HIDDEN.defect[]", "", "places of other conductivity"},
        {"HIDDEN.draw", "", "draws biases and gains of all sensors from what their kinds have"},
        {"HIDDEN.sensor.NAME", "", "what is wrong with one sensor"},
        {"HIDDEN.delivery", "", "what befalls readings on their way"},
        {"PROGRAM", "", "a program in time that is no single value"},
        {"PROGRAM[]", "", "a program in time as a list of segments, from the value at the start"},
    };
    return sections;
}

const std::vector<Key>& schema_keys() {
    static const std::vector<Key> keys = [] {
        Rows k;
        add_bed(k);
        add_material(k);
        add_boundaries(k);
        add_heater(k);
        add_sensors(k);
        add_estimates(k);
        add_target(k);
        add_run(k);
        add_hidden(k);
        add_program(k);
        return k.keys;
    }();
    return keys;
}

}  // namespace jt
