// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "kernels/orientation.hpp"
#include "twin/microstructure/orientation.hpp"
#include "twin/recording/current_histogram.hpp"
#include "twin/units.hpp"

#ifdef JT_FIGURES
#include "viz/figure/bed_figure.hpp"
#include "viz/figure/curves_figure.hpp"
#include "viz/figure/slices_figure.hpp"
#include "viz/figure/trends_figure.hpp"
#endif

namespace jt::cli {

#ifndef JT_FIGURES

bool write_effective_picture(const std::filesystem::path&, const MapOptions&, const Bed&, const Effective&) {
    return false;
}
bool write_run_picture(const std::filesystem::path&, const Scenario&, const ElectricRun&) {
    return false;
}
bool write_run_pictures(const std::filesystem::path&, const Scenario&, const CoupledRun&, const RunFile*) {
    return false;
}
bool write_lumped_picture(const std::filesystem::path&, const SensorLog&, const LumpedFit&, const LumpedPrediction*) {
    return false;
}
bool write_orientation_picture(const std::filesystem::path&, const OrientationTable&, const std::string&) {
    return false;
}

#else

namespace {

// Edges of bins next to 2 and 1/2: 2^(+-7/8).
constexpr double kAbove = 1.8340080864093424, kBelow = 1.0 / kAbove;

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

const char* const kHistogram = "histogram_J_over_J0.png";

void write_histogram(const std::filesystem::path& file, const std::string& title, const std::string& subtitle,
                     const CurrentHistogram& h, double crowding, double crowding_max) {
    CurvesChart chart;
    chart.title = "Cells of the bed by |J|/J₀, in quarter octaves", chart.unit = "% of cells";
    chart.abscissa_title = "current density |J| over J₀, the current by the section of the bed";
    for (const double edge : h.edges) chart.bar_edges.push_back(std::log2(edge));
    std::size_t first = h.share.size(), last = 0;
    for (std::size_t n = 0; n < h.share.size(); ++n) {
        chart.bars.push_back(100.0 * h.share[n]);
        if (h.share[n] > 0.0) first = std::min(first, n), last = n;
    }
    // Whole octaves, at least a factor 4 on either side of 1.
    double low = -2.0, high = 2.0;
    if (first <= last)
        low = std::min(low, std::floor(chart.bar_edges[first])), high = std::max(high, std::ceil(chart.bar_edges[last + 1]));
    chart.abscissa = octave_axis(low, high, 15);
    CurvesFigure figure;
    figure.title = title, figure.subtitle = subtitle;
    figure.charts = {chart};
    figure.numbers = {number("|J|/J₀, 99th percentile", crowding, 3, ""), number("|J|/J₀, largest", crowding_max, 3, ""),
                      number("cells above 1.8 J₀", 100.0 * share_above(h, kAbove), 3, "%"),
                      number("cells below 0.55 J₀", 100.0 * share_below(h, kBelow), 3, "%")};
    write_curves_figure(file, figure);
}

// A number with no more digits than it needs, at most three.
std::string brief(double value) {
    for (int digits = 1; digits < 3; ++digits) {
        const double unit = std::pow(10.0, std::floor(std::log10(value)) - digits + 1);
        if (std::abs(value / unit - std::round(value / unit)) < 1e-6) return format_number(value, digits);
    }
    return format_number(value, 3);
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
    if (const auto histogram = current_histogram(run))
        write_histogram(file.parent_path() / kHistogram, figure.title, figure.subtitle, *histogram, r.crowding, r.crowding_max);
    return true;
}

namespace {

std::string title_of(const Scenario& scenario, const std::filesystem::path& folder) {
    return scenario.title.empty() ? folder.filename().string() : scenario.title;
}

std::string subtitle_of(const CoupledRun& run) {
    return cells_text(run.bed.extents) + " voxels · " + std::to_string(run.steps) + " steps · energy residual " +
           format_number(run.energy_residual_relative, 2) + " · " +
           format_number(run.simulated_s / std::max(run.wall_s, 1e-9), 2) + " × real time";
}

template <class Get>
std::vector<double> column(const CoupledRun& run, Get get) {
    std::vector<double> values;
    for (const RunRecord& r : run.records) {
        const std::optional<double> value = get(r);
        values.push_back(value.value_or(std::nan("")));
    }
    return values;
}

// Where strips carry the current the bed is one colour, and that is said.
std::string beside_the_bed(const CoupledRun& run) {
    double most = 0.0;
    for (const RunRecord& r : run.records) most = std::max(most, r.J_crowding.value_or(0.0));
    return most > 0.0 && most < 0.25 ? " · the current flows beside the bed: in it at most " + format_number(most, 2) + " (P99)"
                                     : "";
}

// The program whose corners divide the run into its phases.
const Program* phases(const Scenario& scenario) {
    if (scenario.heater && (scenario.heater->program.time.size() > 1)) return &scenario.heater->program;
    if (scenario.furnace && scenario.furnace->wall.time.size() > 1) return &scenario.furnace->wall;
    return nullptr;
}

// Key numbers: at the middle of the longest stretch where the set point stands still, or at the end.
const RunRecord& typical(const Scenario& scenario, const CoupledRun& run) {
    double from = 0.0, to = 0.0;
    if (const Program* p = phases(scenario))
        for (std::size_t n = 0; n + 1 < p->time.size(); ++n)
            if (p->value[n] == p->value[n + 1] && p->time[n + 1] - p->time[n] > to - from)
                from = p->time[n], to = p->time[n + 1];
    const double t = 0.5 * (from + to);
    if (!(to > from) || t > run.records.back().time_s) return run.records.back();
    return *std::min_element(run.records.begin(), run.records.end(), [&](const RunRecord& a, const RunRecord& b) {
        return std::abs(a.time_s - t) < std::abs(b.time_s - t);
    });
}

void write_trends(const std::filesystem::path& file, const std::string& title, const Scenario& scenario,
                  const CoupledRun& run) {
    TrendsFigure figure;
    figure.title = title;
    figure.subtitle = subtitle_of(run);
    for (const RunRecord& r : run.records) figure.time_s.push_back(r.time_s);
    figure.set_point = column(run, [](const RunRecord& r) { return r.setpoint_K; });
    figure.T_mean = column(run, [](const RunRecord& r) { return std::optional(r.T_mean_K); });
    figure.T_max = column(run, [](const RunRecord& r) { return std::optional(r.T_max_K); });
    if (scenario.heater && !scenario.heater->feedback.empty()) {
        std::optional<double> floor;
        for (const Sensor& sensor : scenario.sensors)
            if (sensor.name == scenario.heater->feedback) floor = sensor.floor;
        // at its floor a pyrometer says nothing
        figure.readings = {{scenario.heater->feedback, column(run, [&](const RunRecord& r) {
                                return r.reading_K && floor && *r.reading_K <= *floor ? std::nullopt : r.reading_K;
                            })}};
        if (scenario.heater->limit_temperature)
            figure.T_limits = {{"limit " + format_number(*scenario.heater->limit_temperature - 273.15, 4) + " °C",
                                *scenario.heater->limit_temperature, true}};
    }
    const bool electric =
        std::any_of(run.records.begin(), run.records.end(), [](const RunRecord& r) { return r.current_A > 0.0; });
    if (electric) {
        TrendChart current{
            "Current", "A", {{"", column(run, [](const RunRecord& r) { return std::optional(r.current_A); })}}, {}};
        TrendChart voltage{
            "Voltage", "V", {{"", column(run, [](const RunRecord& r) { return std::optional(r.voltage_V); })}}, {}};
        if (const auto& supply = scenario.heater->supply; true) {
            if (supply.current)
                current.limits.push_back({"limit " + format_number(*supply.current, 3) + " A", *supply.current, true});
            if (supply.voltage)
                voltage.limits.push_back({"limit " + format_number(*supply.voltage, 3) + " V", *supply.voltage, true});
        }
        figure.charts.push_back(std::move(current));
        figure.charts.push_back(std::move(voltage));
        figure.charts.push_back(
            {"Power", "W", {{"", column(run, [](const RunRecord& r) { return std::optional(r.power_W); })}}, {}});
        figure.charts.push_back(
            {"Resistance", "Ω", {{"", column(run, [](const RunRecord& r) { return r.resistance_ohm; })}}, {}});
    }
    figure.charts.push_back({"Spread of T in the bed, P95 − P5",
                             "K",
                             {{"", column(run, [](const RunRecord& r) { return std::optional(r.T_spread_K); })}},
                             {}});
    if (electric)
        figure.charts.push_back(
            {"|J|/J₀ in the bed, P99", "", {{"", column(run, [](const RunRecord& r) { return r.J_crowding; })}}, {}});
    const auto made = [&](const char* name, const char* heading) {
        const Quantity& q = quantity(name);
        figure.charts.push_back({heading,
                                 std::string(q.unit),
                                 {{"", column(run,
                                              [&](const RunRecord& r) {
                                                  const auto at = r.microstructure.find(name);
                                                  return at == r.microstructure.end() ? std::nullopt
                                                                                      : std::optional(at->second + q.offset);
                                              })}},
                                 {}});
    };
    if (run.product) {
        made("id_ig", "I_D/I_G of the product, mean");
        made("capacity_mAh_g", "Reversible capacity, mean");
    }
    for (const RunEvent& event : run.events) {
        const auto colon = event.text.find(':');
        figure.events.push_back({event.time_s, event.text.substr(0, std::min(colon, std::size_t(40)))});
    }
    const RunRecord& at = typical(scenario, run);
    double peak = 0.0;
    for (const RunRecord& r : run.records) peak = std::max(peak, r.T_max_K);
    figure.numbers.push_back(number("hottest", peak - 273.15, 4, "°C"));
    const std::string when = "at " + format_number(at.time_s, 3) + " s";
    figure.numbers.push_back(number("mean of the bed " + when, at.T_mean_K - 273.15, 4, "°C"));
    if (electric) {
        figure.numbers.push_back(number("power " + when, at.power_W, 3, "W"));
        figure.numbers.push_back(number("current " + when, at.current_A, 3, "A"));
        figure.numbers.push_back(number("voltage " + when, at.voltage_V, 3, "V"));
        figure.numbers.push_back(number("energy in", run.energy.electrical_J, 3, "J"));
    }
    if (run.product)
        for (const char* name : {"Th_K", "d002_nm", "capacity_mAh_g", "ice_percent"}) {
            const Quantity& q = quantity(name);
            figure.numbers.push_back(number(std::string(q.label) + " at the end", run.product->means.at(name) + q.offset,
                                            q.digits, std::string(q.unit)));
        }
    write_trends_figure(file, figure);
}

// Outputs to show: corners of the program, the hottest, the last; at most four, none twice.
std::vector<std::pair<std::size_t, std::string> > moments(const Scenario& scenario, const CoupledRun& run) {
    std::vector<std::pair<std::size_t, std::string> > chosen;
    const auto add = [&](std::size_t n, const std::string& label) {
        const double close = 0.02 * run.records.back().time_s;
        for (const auto& [other, text] : chosen)
            if (std::abs(run.records[other].time_s - run.records[n].time_s) <= close) return;
        if (chosen.size() < kMostSliceTimes) chosen.emplace_back(n, label);
    };
    std::size_t hottest = 0;
    for (std::size_t n = 0; n < run.records.size(); ++n)
        if (run.records[n].T_max_K > run.records[hottest].T_max_K) hottest = n;
    add(run.records.size() - 1, run.steady ? "steady" : "end");
    if (const Program* p = phases(scenario))
        for (std::size_t c = 1; c + 1 < p->time.size() && chosen.size() + 1 < kMostSliceTimes; ++c) {
            std::size_t nearest = 0;
            for (std::size_t n = 0; n < run.records.size(); ++n)
                if (std::abs(run.records[n].time_s - p->time[c]) < std::abs(run.records[nearest].time_s - p->time[c]))
                    nearest = n;
            if (nearest > 0)  // a corner before the first output is no phase of its own
                add(nearest, p->value[c] > p->value[c - 1]   ? "end of ramp"
                             : p->value[c] < p->value[c - 1] ? "end of cooling"
                                                             : "end of hold");
        }
    add(hottest, "hottest");
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

void write_slices(const std::filesystem::path& file, const std::string& title, const char* name, const Scenario& scenario,
                  const CoupledRun& run, const RunFile& fields) {
    SlicesFigure figure;
    figure.title = title;
    figure.extents = run.bed.extents;
    figure.quantity = quantity(name);
    std::vector<std::vector<float> > kept;
    std::vector<std::pair<double, std::string> > labels;
    for (const auto& [n, label] : moments(scenario, run)) {
        if (n >= fields.steps()) continue;
        auto values = fields.read(name, n);
        if (std::none_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); })) continue;  // no current then
        kept.push_back(std::move(values));
        labels.emplace_back(run.records[n].time_s, label);
    }
    if (kept.empty()) return;
    for (std::size_t n = 0; n < kept.size(); ++n)
        figure.times.push_back({labels[n].first, labels[n].second, std::span<const float>(kept[n]), 0.0});
    figure.subtitle = std::string(figure.quantity.label) + " on the centre planes · " + cells_text(run.bed.extents) +
                      " voxels" + (std::string_view(name) == "J_over_J0" ? beside_the_bed(run) : "");
    for (std::size_t t = 0; t < scenario.terminals.size(); ++t)
        figure.electrodes.push_back({scenario.terminals[t].face, t == 0});
    write_slices_figure(file, figure);
}

}  // namespace

bool write_run_pictures(const std::filesystem::path& folder, const Scenario& scenario, const CoupledRun& run,
                        const RunFile* fields) {
    if (run.records.empty()) return true;
    const std::string title = title_of(scenario, folder);
    if (!run.steady && run.records.size() > 1) write_trends(folder / "trends.png", title, scenario, run);
    if (!fields) return true;
    for (const char* name : {"T_K", "J_over_J0", "id_ig"})
        if (std::find(fields->fields().begin(), fields->fields().end(), name) != fields->fields().end())
            write_slices(folder / (std::string("slices_") + name + ".png"), title, name, scenario, run, *fields);
    if (const auto histogram = current_histogram(run, *fields)) {
        const RunRecord& at = run.records[histogram->output];
        const std::string when =
            run.steady ? "steady state" : "at " + format_number(at.time_s, 3) + " s, where the power is greatest";
        write_histogram(folder / kHistogram, title, cells_text(run.bed.extents) + " voxels · " + when, *histogram,
                        at.J_crowding.value_or(std::nan("")), at.J_crowding_max.value_or(std::nan("")));
    }
    return true;
}

bool write_orientation_picture(const std::filesystem::path& file, const OrientationTable& table, const std::string& finding) {
    const double kT = kBoltzmann * table.T;
    const auto angles = [](double first) {
        std::vector<double> degrees;
        for (double d = first; d <= 90.0; d += 0.25) degrees.push_back(d);
        return degrees;
    };
    const auto radians = [](double degrees) { return degrees * std::numbers::pi / 180.0; };
    AxisTicks angle = fixed_axis(0.0, 90.0, 10);
    angle.values = {0, 15, 30, 45, 60, 75, 90}, angle.labels = {"0", "15", "30", "45", "60", "75", "90"};

    CurvesChart energy;
    energy.title = "Free energy U(θ) − U(0) of a disc", energy.unit = "kT";
    energy.abscissa_title = "angle θ between plane and field, °";
    energy.abscissa = angle;
    double low = 0.0, high = 0.0;
    const double largest = *std::max_element(table.radii.begin(), table.radii.end());
    const auto add = [&](double radius, SeriesStyle style) {
        const double alpha = disc_polarisability(radius).anisotropy();
        for (const double field : table.fields) {
            Curve curve;
            curve.label = printed(format_for_people(radius, Dimension::length)) + ", " + brief(field) + " V/m";
            curve.style = style;
            curve.x = angles(1.0);  // at 0 there is no logarithm
            for (const double d : curve.x) curve.y.push_back(std::log10(orientation_energy(alpha, field, radians(d)) / kT));
            low = std::min(low, curve.y.front()), high = std::max(high, curve.y.back());
            energy.curves.push_back(std::move(curve));
        }
    };
    add(table.radii.front(), SeriesStyle::solid);
    if (largest > table.radii.front()) add(largest, SeriesStyle::thin);
    energy.ordinate = decade_axis(low, high, 9);
    energy.curves.push_back({"thermal motion, kT", {0.0, 90.0}, {0.0, 0.0}, SeriesStyle::set_point});

    CurvesChart stack;
    const std::string radius = printed(format_for_people(table.radii.front(), Dimension::length));
    stack.title = "Free energy per sheet of a stack, over that of one disc at 90°";
    stack.abscissa_title = energy.abscissa_title;
    stack.abscissa = angle;
    for (const int n : table.sheets) {
        const double anisotropy = stack_per_sheet(n, table.radii.front()).anisotropy();
        Curve curve;
        curve.label = std::to_string(n) + (n == 1 ? " sheet" : " sheets");
        curve.x = angles(0.0);
        for (const double d : curve.x) curve.y.push_back(anisotropy * std::sin(radians(d)) * std::sin(radians(d)));
        stack.curves.push_back(std::move(curve));
    }

    CurvesFigure figure;
    figure.title = "Orientation of graphene discs in an electric field";
    figure.subtitle = "Metallic discs at " + format_number(table.T, 4) + " K; stacks of sheets of radius " + radius +
                      ", 0.35 nm a sheet, as one metallic spheroid";
    figure.charts = {energy, stack};
    const double alpha = disc_polarisability(table.radii.front()).anisotropy();
    figure.numbers.push_back(number("field at u = 1, " + radius, field_of_unit_ratio(alpha, table.T), 2, "V/m"));
    for (std::size_t n = 0; n < std::min<std::size_t>(table.fields.size(), 3); ++n)
        figure.numbers.push_back(number("|2S| at " + brief(table.fields[n]) + " V/m, " + radius,
                                        -2.0 * cpu::equilibrium_order(orientation_ratio(alpha, table.fields[n], table.T)), 2,
                                        ""));
    figure.numbers.push_back(number(
        "anisotropy per sheet, " + std::to_string(table.sheets.back()) + (table.sheets.back() == 1 ? " sheet" : " sheets"),
        stack_per_sheet(table.sheets.back(), table.radii.front()).anisotropy(), 3, ""));
    figure.note = finding;
    write_curves_figure(file, figure);
    return true;
}

bool write_lumped_picture(const std::filesystem::path& file, const SensorLog& log, const LumpedFit& fit,
                          const LumpedPrediction* prediction) {
    TrendsFigure figure;
    figure.title = "Lumped twin of " + std::filesystem::path(log.source).filename().string();
    figure.subtitle =
        "calibrated on " + format_number(fit.from_s) + " to " + format_number(fit.to_s) + " s" +
        (prediction ? ", then driven by the measured " + std::string(kLumpedDrives[std::size_t(fit.drive)]) : "") + " · " +
        fit.candidates.front().terms;
    const LumpedTrace trace = lumped_trace(log, fit, prediction);
    figure.time_s = trace.time_s;
    figure.T_mean = trace.reading_K;
    figure.T_mean_label = "model";
    figure.readings = {{"measured", trace.measured_K}};
    std::vector<double> error;
    for (std::size_t n = 0; n < trace.time_s.size(); ++n) error.push_back(trace.reading_K[n] - trace.measured_K[n]);
    figure.charts.push_back({"Model − measured", "K", {{"", error}}, {}});
    figure.charts.push_back({"Power", "W", {{"model", trace.power_W}, {"V · I", trace.measured_W}}, {}});
    figure.charts.push_back({"Current", "A", {{"", trace.current_A}}, {}});
    figure.charts.push_back({"Voltage", "V", {{"R · I", trace.model_V}, {"measured", trace.voltage_V}}, {}});
    figure.events = {{fit.from_s, "fit window"}};
    figure.numbers.push_back(number("rms in the fit window", fit.rms_K, 2, "K"));
    for (const LumpedParameter& p : fit.parameters)
        if (p.symbol == "C" || p.symbol == "lag")
            figure.numbers.push_back(number(p.name, p.value, 3, p.unit == "ohm" ? "Ω" : p.unit));
    if (prediction) {
        figure.events.push_back({prediction->from_s, "prediction"});
        if (prediction->peak_measured && prediction->peak_predicted) {
            figure.numbers.push_back(number("peak, measured", prediction->peak_measured->T_K - 273.15, 5, "°C"));
            figure.numbers.push_back(number("peak, predicted", prediction->peak_predicted->T_K - 273.15, 5, "°C"));
        }
        if (const auto& d = prediction->dwell) {
            figure.events.push_back({d->from_s, "dwell"});
            figure.numbers.push_back(number("dwell power, measured", d->power_W.measured, 3, "W"));
            figure.numbers.push_back(number("dwell power, predicted", d->power_W.predicted, 3, "W"));
        }
    }
    write_trends_figure(file, figure);
    return true;
}

#endif

}  // namespace jt::cli
