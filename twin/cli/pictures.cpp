// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/pictures.hpp"

#include <algorithm>

#include "twin/units.hpp"

#ifdef JT_FIGURES
#include "viz/figure/bed_figure.hpp"
#endif

namespace jt::cli {

#ifndef JT_FIGURES

bool write_effective_picture(const std::filesystem::path&, const MapOptions&, const Bed&, const Effective&) {
    return false;
}
bool write_run_picture(const std::filesystem::path&, const Scenario&, const ElectricRun&) {
    return false;
}

#else

namespace {

const char* const kAxis[3] = {"x", "y", "z"};

std::string cells_text(const Extents& e) {
    return std::to_string(e.nx) + " × " + std::to_string(e.ny) + " × " + std::to_string(e.nz);
}

// Number and unit apart: the unit is printed small.
FigureNumber number(const std::string& label, double value, int digits, const std::string& unit) {
    return {label, format_number(value, digits), unit};
}

// Lengths as print has them: µm.
std::string printed(std::string text) {
    for (auto at = text.find(" um"); at != std::string::npos; at = text.find(" um")) text.replace(at, 3, " µm");
    return text;
}

std::string sentence(std::string text) {
    if (!text.empty()) text[0] = char(std::toupper(static_cast<unsigned char>(text[0])));
    return printed(text) + ".";
}

}  // namespace

bool write_effective_picture(const std::filesystem::path& file, const MapOptions& o, const Bed& bed, const Effective& e) {
    if (e.shown < 0) return false;
    const auto shown = std::size_t(e.shown);
    BedFigure figure;
    figure.title = "Current through " + std::filesystem::path(o.file).filename().string();
    std::string greys;
    for (const GreySigma& g : o.sigmas)
        greys += (greys.empty() ? "grey " : ", ") + std::to_string(g.range.low) + " to " + std::to_string(g.range.high) +
                 " at " + g.value;
    figure.subtitle =
        cells_text(bed.extents) + " voxels of " + printed(format_for_people(bed.extents.hx, Dimension::length)) + " · " + greys;
    figure.field_title = std::string("Current density |J|/J₀, current along ") + kAxis[shown];
    figure.extents = bed.extents;
    figure.values = e.J_over_J0;
    figure.quantity = quantity("J_over_J0");
    figure.electrodes = {{static_cast<Face>(2 * e.shown), true}, {static_cast<Face>(2 * e.shown + 1), false}};
    for (std::size_t a = 0; a < 3; ++a) {
        const EffectiveAxis& axis = e.axis[a];
        const std::string label = std::string("conductivity along ") + kAxis[a];
        figure.numbers.push_back(axis.percolation.percolates ? number(label, axis.sigma_S_per_m, 4, "S/m")
                                                             : FigureNumber{label, "", ""});
        if (!axis.percolation.percolates) figure.notes.push_back(sentence(axis.percolation.finding));
    }
    const auto conducting = std::count_if(bed.material.begin(), bed.material.end(),
                                          [&](std::uint8_t m) { return m > 0 && o.sigmas[std::size_t(m - 1)].sigma > 0.0; });
    figure.numbers.push_back(number("conducting voxels", 100.0 * double(conducting) / double(bed.extents.count()), 3, "%"));
    const ElectricReport& r = e.axis[shown].electric;
    figure.numbers.push_back(number("|J|/J₀, 99th percentile", r.crowding, 3, ""));
    figure.numbers.push_back(number("|J|/J₀, largest", r.crowding_max, 3, ""));
    figure.numbers.push_back(FigureNumber{"iterations", std::to_string(r.solve.iterations), ""});
    double seconds = 0.0;
    for (const EffectiveAxis& axis : e.axis) seconds += axis.wall_s;
    figure.numbers.push_back(number("three directions in", seconds, 2, "s"));
    if (e.axis[shown].percolation.pinned_cells > 0)
        figure.notes.push_back(std::to_string(e.axis[shown].percolation.pinned_cells) +
                               " conducting voxels lie on islands that touch no end; they carry no current.");
    write_bed_figure(file, figure);
    return true;
}

bool write_run_picture(const std::filesystem::path& file, const Scenario& scenario, const ElectricRun& run) {
    const ElectricReport& r = run.report;
    BedFigure figure;
    figure.title = scenario.title.empty() ? std::filesystem::path(scenario.source).stem().string() : scenario.title;
    figure.subtitle =
        cells_text(run.bed.extents) + " voxels · bed at " + format_number(run.bed.temperature - 273.15, 4) + " °C";
    const int axis = axis_of(scenario.terminals.front().face);
    figure.field_title = std::string("Current density |J|/J₀, current along ") + kAxis[axis];
    figure.extents = run.bed.extents;
    figure.values.reserve(run.J_A_per_m2.size());
    for (const float J : run.J_A_per_m2) figure.values.push_back(float(double(J) / r.J0_A_per_m2));
    figure.quantity = quantity("J_over_J0");
    for (std::size_t t = 0; t < scenario.terminals.size(); ++t)
        figure.electrodes.push_back({scenario.terminals[t].face, t == 0});
    figure.numbers = {number("voltage", r.voltage, 4, "V"),
                      number("current", r.current, 4, "A"),
                      number("resistance", r.resistance, 4, "Ω"),
                      number("power", r.power, 4, "W"),
                      number("|J|/J₀, 99th percentile", r.crowding, 3, ""),
                      number("|J|/J₀, largest", r.crowding_max, 3, ""),
                      number("heat on contacts", 100.0 * r.contact_W / r.power, 3, "%"),
                      FigureNumber{"iterations", std::to_string(r.solve.iterations), ""}};
    figure.notes.push_back(sentence(run.percolation.finding));
    for (const auto& finding : run.findings) figure.notes.push_back(sentence(finding));
    write_bed_figure(file, figure);
    return true;
}

#endif

}  // namespace jt::cli
