// SPDX-License-Identifier: Apache-2.0
// `jouletwin orientation`: what a field does to the orientation of crystallites; closed forms, nothing is run.
#include <spdlog/spdlog.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <numbers>

#include "kernels/error.hpp"
#include "kernels/orientation.hpp"
#include "twin/cli/command.hpp"
#include "twin/cli/pictures.hpp"
#include "twin/microstructure/orientation.hpp"
#include "twin/quantity/quantity.hpp"
#include "twin/recording/write_file.hpp"
#include "twin/units.hpp"

namespace jt::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kSmallestRadius = 1e-10, kLargestRadius = 1e-3;  // [m]
constexpr double kLargestField = 1e12;                            // [V/m]
constexpr double kLargestT = 1e4;                                 // [K]
constexpr int kMostSheets = 10000;
constexpr std::size_t kMostValues = 50;  // of one option

struct OrientationArguments {
    std::vector<std::string> radii{"1 nm", "10 nm", "100 nm", "1 um"};
    std::vector<std::string> fields{"1000 V/m", "1e7 V/m", "2e7 V/m"};
    std::string temperature = "1273 K", folder;
    std::vector<std::string> sheets{"1", "2", "3", "5"};
    bool json = false;
};

// Values of an option, all within low .. high; what is wrong goes to `problems`.
std::vector<double> values_of(const char* option, const std::vector<std::string>& texts, Dimension dimension, double low,
                              double high, std::vector<std::string>& problems) {
    std::vector<double> values;
    if (texts.size() > kMostValues)
        problems.push_back(std::string(option) + ": " + std::to_string(texts.size()) + " values; allowed: at most " +
                           std::to_string(kMostValues));
    for (const auto& text : texts) try {
            const double value = parse_quantity(text, dimension);
            if (value >= low && value <= high)
                values.push_back(value);
            else
                problems.push_back(std::string(option) + ": found " + quote(text) + "; allowed: " +
                                   format_for_people(low, dimension) + " to " + format_for_people(high, dimension));
        } catch (const InputError& error) {
            for (const auto& problem : error.problems) problems.push_back(std::string(option) + ": " + problem);
        }
    return values;
}

OrientationTable table_of(const OrientationArguments& o) {
    std::vector<std::string> problems;
    OrientationTable table;
    table.radii = values_of("--radius", o.radii, Dimension::length, kSmallestRadius, kLargestRadius, problems);
    table.fields = values_of("--field", o.fields, Dimension::electric_field, 1e-6, kLargestField, problems);
    const auto T = values_of("--temperature", {o.temperature}, Dimension::temperature, 1.0, kLargestT, problems);
    for (const double n : values_of("--sheets", o.sheets, Dimension::number, 1.0, kMostSheets, problems)) {
        if (n != std::floor(n)) problems.push_back("--sheets: found " + format_number(n) + "; allowed: whole numbers");
        table.sheets.push_back(int(n));
    }
    if (!problems.empty()) throw InputError(problems);
    table.T = T.front();
    return table;
}

// u of the smallest crystallite in the weakest field of a device, and of the largest in the strongest.
std::array<double, 2> device_range(double T) {
    std::array<double, 2> u{};
    for (std::size_t n = 0; n < 2; ++n)
        u[n] = orientation_ratio(disc_polarisability(kCrystalliteRadius[n]).anisotropy(), kDeviceField[n], T);
    return u;
}

// `number`: how a number is written, for a terminal or for a picture.
template <class Number>
std::string finding(double T, Number number) {
    const auto u = device_range(T);
    return "In the field of a device (200 to 2000 V/m) crystallites of 2 to 5 nm are not oriented: u = " + number(u[0]) +
           " to " + number(u[1]) + " at " + format_for_people(T, Dimension::temperature) + ", alignment |2S| at most " +
           number(-2.0 * cpu::equilibrium_order(u[1])) + ".";
}

std::string plain(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1e", value);
    return text;
}

Json json_of(const OrientationTable& table) {
    Json out;
    out["temperature_K"] = table.T;
    out["kT_J"] = kBoltzmann * table.T;
    out["discs"] = Json::array();
    for (const double radius : table.radii) {
        const double alpha = disc_polarisability(radius).anisotropy();
        Json fields = Json::array();
        for (const double field : table.fields) {
            const double u = orientation_ratio(alpha, field, table.T), S = cpu::equilibrium_order(u);
            fields.push_back({{"field_V_per_m", field}, {"u", u}, {"order_parameter", S}, {"alignment", -2.0 * S}});
        }
        out["discs"].push_back({{"radius_m", radius},
                                {"polarisability_F_m2", alpha},
                                {"field_of_unit_u_V_per_m", field_of_unit_ratio(alpha, table.T)},
                                {"fields", fields}});
    }
    out["stacks"] = Json::array();
    for (const int n : table.sheets) {
        const Polarisability p = stack_per_sheet(n, table.radii.front());
        out["stacks"].push_back({{"sheets", n},
                                 {"radius_m", table.radii.front()},
                                 {"anisotropy_per_sheet", p.anisotropy()},
                                 {"in_plane_per_sheet", p.in_plane}});
    }
    const auto u = device_range(table.T);
    out["device"] = {{"field_V_per_m", kDeviceField},
                     {"crystallite_radius_m", kCrystalliteRadius},
                     {"u", u},
                     {"oriented", false},
                     {"finding", finding(table.T, plain)}};
    return out;
}

void print(const OrientationTable& table) {
    std::printf("Metallic discs at %s, kT = %.4g J: u = alpha E^2 / (2 kT), S = order parameter of the normals\n",
                format_for_people(table.T, Dimension::temperature).c_str(), kBoltzmann * table.T);
    std::printf("%10s %14s %14s %14s %11s %11s\n", "radius", "alpha, F m2", "E at u = 1", "field", "u", "S");
    for (const double radius : table.radii) {
        const double alpha = disc_polarisability(radius).anisotropy();
        for (const double field : table.fields) {
            const double u = orientation_ratio(alpha, field, table.T);
            std::printf("%10s %14.3g %10.2g V/m %10.4g V/m %11.2g %11.3g\n",
                        format_for_people(radius, Dimension::length).c_str(), alpha, field_of_unit_ratio(alpha, table.T), field,
                        u, cpu::equilibrium_order(u));
        }
    }
    std::printf("\nStacks of n sheets, radius %s, 0.35 nm a sheet; per sheet, over (16/3) e0 a^3\n",
                format_for_people(table.radii.front(), Dimension::length).c_str());
    std::printf("%10s %14s %14s\n", "sheets", "anisotropy", "in the plane");
    for (const int n : table.sheets) {
        const Polarisability p = stack_per_sheet(n, table.radii.front());
        std::printf("%10d %14.3f %14.3f\n", n, p.anisotropy(), p.in_plane);
    }
    std::printf("\n%s\nA visible alignment at such fields is a hypothesis, not a result.\n", finding(table.T, plain).c_str());
}

// Every degree from 0 to 90.
std::string csv_of(const OrientationTable& table) {
    std::string text = "radius_m,field_V_per_m,angle_deg,U_J,U_over_kT,torque_N_m\n";
    for (const double radius : table.radii) {
        const double alpha = disc_polarisability(radius).anisotropy();
        for (const double field : table.fields)
            for (int degree = 0; degree <= 90; ++degree) {
                const double theta = degree * std::numbers::pi / 180.0, U = orientation_energy(alpha, field, theta);
                text += format_number(radius) + "," + format_number(field) + "," + std::to_string(degree) + "," +
                        format_number(U) + "," + format_number(U / (kBoltzmann * table.T)) + "," +
                        format_number(orientation_torque(alpha, field, theta)) + "\n";
            }
    }
    return text;
}

void run(const OrientationArguments& o) {
    const OrientationTable table = table_of(o);
    if (!o.folder.empty()) {
        const std::filesystem::path folder = o.folder;
        make_folder(folder);
        write_file(folder / "orientation.csv", csv_of(table));
        write_file(folder / "orientation.json", json_of(table).dump(2) + "\n");
        if (!write_orientation_picture(folder / "orientation.png", table,
                                       finding(table.T, [](double v) { return format_number(v, 2); })))
            spdlog::info("built without pictures (JT_FIGURES)");
    }
    if (o.json)
        std::cout << json_of(table).dump(2) << "\n";
    else
        print(table);
}

}  // namespace

void add_orientation(CLI::App& app, Outcome&) {
    auto* command = app.add_subcommand("orientation", "What a field does to the orientation of crystallites: energies, order");
    auto o = std::make_shared<OrientationArguments>();
    const auto many = [&](const char* name, std::vector<std::string>& into, const char* help) {
        command->add_option(name, into, help)->take_all()->expected(1)->capture_default_str();
    };
    many("--radius", o->radii, "radius of a disc, e.g. \"1 nm\"; may be repeated");
    many("--field", o->fields, "electric field, e.g. \"1000 V/m\"; may be repeated");
    command->add_option("--temperature", o->temperature, "temperature of the thermal motion")->capture_default_str();
    command->add_option("--sheets", o->sheets, "numbers of sheets in a stack, e.g. 1,2,3,5; of the first radius")
        ->delimiter(',')
        ->capture_default_str();
    command->add_flag("--json", o->json, "print JSON");
    command->add_option("-o,--output", o->folder, "folder for orientation.csv, orientation.json and orientation.png");
    command->callback([o] { run(*o); });
}

}  // namespace jt::cli
