// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "twin/quantity/quantity.hpp"
#include "twin/units.hpp"
#include "viz/figure/bed_view.hpp"
#include "viz/report/report_writer.hpp"

namespace jt {
namespace {

using Kind = RunData::Kind;
using State = RunData::State;

constexpr double kCelsius = -273.15;
constexpr double kMostValuesRead = 3e8;  // of fields, for percentiles over time
constexpr double kSameMoment = 0.02;     // of the run: moments closer than this are one
constexpr std::size_t kLargestPicture = 32u << 20;

struct Moment {
    double time_s;
    std::string label;
};

// When the fields are shown: as asked, or end of ramp, end of dwell, end.
std::vector<Moment> moments(const ReportFacts& f, const std::vector<double>& at) {
    std::vector<Moment> chosen;
    const std::vector<double>& times = f.data->fields()->times();
    if (f.data->kind() == Kind::steady) return {{times.back(), "steady"}};
    for (const double t : at) chosen.push_back({t, ""});
    if (!at.empty()) return chosen;
    const double close = kSameMoment * std::max(times.back() - times.front(), 1e-9);
    const auto add = [&](double t, const std::string& label) {
        if (t > times.back() + 1e-9) return;
        for (const Moment& m : chosen)
            if (std::abs(m.time_s - t) <= close) return;
        chosen.push_back({t, label});
    };
    if (f.treatment) {
        const bool ramp = f.treatment->dwell_from_s > 0.0;
        if (ramp) add(f.treatment->dwell_from_s, "end of ramp");
        add(f.treatment->dwell_to_s, "end of dwell");
    } else {
        const auto T = f.data->column("T_max_K");
        std::size_t hottest = 0;
        for (std::size_t n = 0; n < T.size(); ++n)
            if (T[n] > T[hottest]) hottest = n;
        if (!T.empty()) add(f.data->times()[hottest], "hottest");
    }
    add(times.back(), f.data->state() == State::complete ? "end" : "last output");
    std::stable_sort(chosen.begin(), chosen.end(), [](const Moment& a, const Moment& b) { return a.time_s < b.time_s; });
    return chosen;
}

std::vector<Electrode> electrodes_of(const Scenario& scenario) {
    std::vector<Electrode> electrodes;
    for (std::size_t t = 0; t < scenario.terminals.size(); ++t) electrodes.push_back({scenario.terminals[t].face, t == 0});
    return electrodes;
}

double mean_of(const std::vector<float>& values, const std::vector<bool>& in) {
    double sum = 0.0;
    std::size_t count = 0;
    for (std::size_t n = 0; n < values.size(); ++n)
        if (in[n] && std::isfinite(values[n])) sum += values[n], ++count;
    return count ? sum / double(count) : std::nan("");
}

// Half of a symmetric range that holds 99 % of the deviations, 1, 2 or 5 times a power of ten; at least the default one.
double half_range(std::vector<float> deviations, double least) {
    std::erase_if(deviations, [](float v) { return !std::isfinite(v); });
    if (deviations.empty()) return least;
    for (float& v : deviations) v = std::abs(v);
    const auto at = deviations.begin() + std::ptrdiff_t(0.99 * double(deviations.size() - 1));
    std::nth_element(deviations.begin(), at, deviations.end());
    if (*at <= least) return least;
    const double decade = std::pow(10.0, std::floor(std::log10(double(*at))));
    for (const double m : {1.0, 2.0, 2.5, 5.0, 10.0})
        if (m * decade >= *at) return m * decade;
    return 10.0 * decade;
}

// The slices of a field; empty when it has no value at any of the times.
std::string slices(ReportWriter& writer, const ReportFacts& f, const std::vector<Moment>& when, const std::string& name,
                   const std::string& from, const std::string& prefix, const std::string& caption) {
    const FieldReader& fields = *f.data->fields();
    if (!fields.has(from)) return "";
    SlicesFigure figure;
    figure.quantity = quantity(name);
    figure.width = kPlotsWidth, figure.framed = false;
    figure.extents = fields.extents();
    figure.electrodes = electrodes_of(f.data->scenario());
    const std::string label(figure.quantity.label);
    figure.title = name == "T_K" ? "Temperature" : name == "T_minus_mean_K" ? "Temperature minus the mean of the bed" : label;
    if (!figure.quantity.name.starts_with("d"))
        figure.title[0] = char(std::toupper(static_cast<unsigned char>(figure.title[0])));
    const Extents& e = figure.extents;
    figure.subtitle = "centre planes · " + std::to_string(e.nx) + " × " + std::to_string(e.ny) + " × " + std::to_string(e.nz) +
                      " voxels · " + (f.data->scenario().title.empty() ? f.data->name() : f.data->scenario().title);
    std::vector<std::vector<float>> kept;
    std::vector<Moment> kept_when;
    for (const Moment& moment : when) {
        const std::size_t output = f.data->output_near(moment.time_s);
        auto values = fields.read(from, output);
        if (std::none_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); })) continue;  // no current then
        kept.push_back(std::move(values));
        kept_when.push_back({fields.times()[output], moment.label});
    }
    if (kept.empty()) return "";
    std::vector<float> deviations;
    for (std::size_t n = 0; n < kept.size(); ++n) {
        double subtract = 0.0;
        if (name == "T_minus_mean_K") {
            subtract = mean_of(kept[n], f.data->in_product());
            if (!std::isfinite(subtract)) return "";
            for (const float v : kept[n]) deviations.push_back(float(double(v) - subtract));
        }
        figure.times.push_back({kept_when[n].time_s, kept_when[n].label, std::span<const float>(kept[n]), subtract});
    }
    if (!deviations.empty()) figure.range = symmetric_range(0.0, half_range(deviations, (*figure.quantity.range)[1]));
    return writer.slices(prefix + "slices_" + name, figure, caption);
}

// Where strips carry the current, the bed is one colour; say so.
std::string beside_the_bed(const RunData& run) {
    const auto most = run.number("peak", "J_crowding");
    if (!most || !(*most < 0.25)) return "";
    return " The current flows beside the bed: in it |J|/J<sub>0</sub> is at most " + escape_html(format_number(*most, 2)) +
           " (P99).";
}

std::string fields_section(ReportWriter& writer, const ReportFacts& f, const std::vector<double>& at, bool brief,
                           const std::string& prefix) {
    const FieldReader* fields = f.data->fields();
    if (!fields || fields->times().empty()) return "";
    const auto when = moments(f, at);
    std::string out =
        slices(writer, f, when, "T_K", "T_K", prefix, "All times on one scale. Grey beside the colour bar: cells per value.");
    if (!brief)
        out += slices(
            writer, f, when, "T_minus_mean_K", "T_K", prefix,
            "Deviation from the mean of the bed at the same time; neutral grey is the mean. White ticks: beyond the scale.");
    if (!brief)
        out += slices(writer, f, when, "J_over_J0", "J_over_J0", prefix,
                      "Current density over J<sub>0</sub>, the current by the section of the bed; neutral grey is 1. Times "
                      "without current "
                      "are left out." +
                          beside_the_bed(*f.data));
    std::size_t micro = 0;
    for (const auto& name : microstructure_quantities()) {
        if (brief && name != "capacity_mAh_g") continue;
        if (name == "alignment" || name == "released") continue;
        const std::string picture = slices(writer, f, when, name, name, prefix, "");
        micro += !picture.empty();
        out += picture;
    }
    if (out.empty()) return "";
    std::string note;
    if (micro == 0 && !brief && !f.data->microstructure().is_null())
        note = element("p", "run.h5 holds no field of the microstructure.", "class=\"quiet\"");
    if (!at.empty()) note += element("p", "Shown at the outputs nearest to the times asked for.", "class=\"quiet\"");
    return element(brief ? "h3" : "h2", "Fields") + out + note;
}

// P5 and P95 of the bed at outputs of run.h5, as the time series has their difference.
struct Percentiles {
    std::vector<double> time, low, mean, high;
};
Percentiles percentiles(const RunData& run) {
    Percentiles p;
    const FieldReader* fields = run.fields();
    if (!fields || !fields->has("T_K") || fields->times().empty()) return p;
    const std::size_t product = std::size_t(std::count(run.in_product().begin(), run.in_product().end(), true));
    if (product == 0) return p;
    const double all = double(fields->times().size()) * double(fields->extents().count());
    const std::size_t stride = std::max<std::size_t>(1, std::size_t(std::ceil(all / kMostValuesRead)));
    std::vector<float> bed;
    for (std::size_t n = 0; n < fields->times().size(); n += stride) {
        const auto T = fields->read("T_K", n);
        bed.clear();
        double sum = 0.0;
        for (std::size_t c = 0; c < T.size(); ++c)
            if (run.in_product()[c] && std::isfinite(T[c])) bed.push_back(T[c]), sum += T[c];
        if (bed.empty()) continue;
        const auto rank = [&](double share) {
            const std::size_t at = std::min(bed.size() - 1, std::size_t(share * double(bed.size())));
            std::nth_element(bed.begin(), bed.begin() + std::ptrdiff_t(at), bed.end());
            return double(bed[at]);
        };
        p.time.push_back(fields->times()[n]);
        p.low.push_back(rank(0.05)), p.high.push_back(rank(0.95));
        p.mean.push_back(sum / double(bed.size()));
    }
    return p;
}

std::vector<double> minus(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> out(a.size());
    for (std::size_t n = 0; n < a.size(); ++n) out[n] = a[n] - b[n];
    return out;
}

std::vector<double> dwell_marks(const ReportFacts& f) {
    if (!f.treatment) return {};
    std::vector<double> marks{f.treatment->dwell_from_s};
    if (f.treatment->dwell_s > 0.0) marks.push_back(f.treatment->dwell_to_s);
    return marks;
}

void line(TimePlot& plot, const RunData& run, const std::string& label, SeriesStyle style, std::vector<double> values) {
    if (!values.empty()) plot.lines.push_back({label, style, run.times(), std::move(values)});
}

std::string temperature_section(ReportWriter& writer, const ReportFacts& f, const std::string& prefix, bool brief) {
    const RunData& run = *f.data;
    if (run.kind() != Kind::transient || run.times().size() < 2) return "";
    const auto marks = dwell_marks(f);
    const auto setpoint = run.column("setpoint_K"), reading = run.column("reading_K"), mean = run.column("T_mean_K"),
               most = run.column("T_max_K");
    std::vector<double> seen(reading.begin(), reading.end());
    const auto& heater = run.scenario().heater;
    if (heater)
        for (const Sensor& sensor : run.scenario().sensors)
            if (sensor.name == heater->feedback && sensor.floor)  // at its floor a pyrometer says nothing
                for (double& v : seen)
                    if (v <= *sensor.floor) v = std::nan("");
    const std::string sensor = heater && !heater->feedback.empty() ? heater->feedback : "reading";
    TimePlot upper = time_plot(run, "Temperature", "°C");
    upper.marks = marks;
    line(upper, run, "set point", SeriesStyle::set_point, shifted(setpoint, kCelsius));
    line(upper, run, sensor, SeriesStyle::measured, shifted(seen, kCelsius));
    line(upper, run, "T max", SeriesStyle::thin, shifted(most, kCelsius));
    line(upper, run, "T mean", SeriesStyle::solid, shifted(mean, kCelsius));
    if (heater && heater->limit_temperature)
        upper.limits.push_back(
            {"limit " + fixed(*heater->limit_temperature + kCelsius, 0) + " °C", *heater->limit_temperature + kCelsius, true});
    Plots plots;
    plots.rows.push_back({brief ? 270.0 : 330.0, {upper}});
    if (!setpoint.empty() && !brief) {
        TimePlot lower = time_plot(run, "T − set point", "K");
        lower.marks = marks;
        lower.range = {-20.0, 20.0};
        const auto less = [&](std::span<const double> values) {
            std::vector<double> out(values.begin(), values.end());
            for (std::size_t n = 0; n < out.size(); ++n) out[n] -= setpoint[n];
            return out;
        };
        line(lower, run, sensor, SeriesStyle::measured, less(seen));
        line(lower, run, "T max", SeriesStyle::thin, less(most));
        line(lower, run, "T mean", SeriesStyle::solid, less(mean));
        // Where a curve lies outside throughout the dwell, the axis follows it.
        double widest = 20.0;
        if (f.dwell_done)
            for (const char* name : {"T_mean_K", "T_max_K"})
                for (const double t : {f.treatment->dwell_from_s, f.treatment->dwell_to_s})
                    if (const auto v = run.at(name, t)) widest = std::max(widest, std::abs(*v - f.treatment->T_K) * 1.2);
        for (const double nice : {20.0, 40.0, 50.0, 100.0, 200.0, 400.0})
            if (nice >= widest) {
                lower.range = {-nice, nice};
                break;
            }
        if (lower.any()) plots.rows.push_back({200.0, {lower}});
    }
    std::string caption = "T mean: of the bed. T max: of all solids.";
    if (!reading.empty()) caption += " Dots: what the closed loop sees" + std::string(", ") + escape_html(sensor) + ".";
    if (!marks.empty()) caption += " Vertical lines: the dwell begins and ends.";
    return element(brief ? "h3" : "h2", "Temperature") +
           writer.plots(prefix + "temperature", plots, "Temperature over time, with set point and limits", caption);
}

std::string uniformity_section(ReportWriter& writer, const ReportFacts& f, const std::string& prefix) {
    const RunData& run = *f.data;
    if (run.kind() != Kind::transient || run.times().size() < 2) return "";
    TimePlot spread = time_plot(run, "Spread of T in the bed, P95 − P5", "K");
    spread.marks = dwell_marks(f);
    line(spread, run, "", SeriesStyle::solid, shifted(run.column("T_spread_K"), 0.0));
    TimePlot around = time_plot(run, "Bed about its mean", "K");
    around.marks = spread.marks;
    const Percentiles p = percentiles(run);
    const auto mean = run.column("T_mean_K"), least = run.column("T_min_K");
    if (!p.time.empty()) {
        around.areas.push_back({p.time, minus(p.low, p.mean), minus(p.high, p.mean), false});
        around.lines.push_back({"P95", SeriesStyle::thin, p.time, minus(p.high, p.mean)});
        around.lines.push_back({"P5", SeriesStyle::thin, p.time, minus(p.low, p.mean)});
        std::vector<std::vector<std::string>> rows;
        for (std::size_t n = 0; n < p.time.size(); ++n)
            rows.push_back(
                {format_number(p.time[n]), format_number(p.low[n]), format_number(p.mean[n]), format_number(p.high[n])});
        writer.table(prefix + "uniformity", {"time_s", "T_p05_K", "T_mean_K", "T_p95_K"}, rows);
    }
    if (!least.empty() && !mean.empty())
        line(around, run, "coldest", SeriesStyle::thin, minus({least.begin(), least.end()}, {mean.begin(), mean.end()}));
    Plots plots;
    plots.rows.push_back({230.0, {}});
    if (spread.any()) plots.rows[0].plots.push_back(spread);
    if (around.any()) plots.rows[0].plots.push_back(around);
    if (plots.rows[0].plots.empty()) return "";
    std::string text;
    if (const Fact* at = f.find("T_spread_dwell_K"))
        text = element(
            "p", "At the end of the dwell the middle nine tenths of the bed differ by " + fact_html(*at) + " (P95 − P5).");
    return element("h2", "Uniformity") + text +
           writer.plots(prefix + "uniformity", plots, "Spread of temperature in the bed over time",
                        p.time.empty() ? "P5 and P95 over time need the fields of run.h5, which are not there."
                                       : "Blue: from P5 to P95 of the cells of the bed.");
}

std::string electric_section(ReportWriter& writer, const ReportFacts& f, const std::string& prefix) {
    const RunData& run = *f.data;
    std::string out;
    if (run.kind() == Kind::transient && run.times().size() > 1 && !run.column("current_A").empty()) {
        const struct {
            const char *column, *title, *unit;
        } charts[] = {{"current_A", "Current", "A"},
                      {"voltage_V", "Voltage", "V"},
                      {"power_W", "Power", "W"},
                      {"resistance_ohm", "Resistance", "Ω"}};
        std::vector<Plot> plots;
        for (const auto& c : charts) {
            TimePlot plot = time_plot(run, c.title, c.unit);
            plot.marks = dwell_marks(f);
            line(plot, run, "", SeriesStyle::solid, shifted(run.column(c.column), 0.0));
            if (const auto& heater = run.scenario().heater) {
                std::optional<double> limit;
                if (std::string(c.unit) == "A") limit = heater->supply.current;
                if (std::string(c.unit) == "V") limit = heater->supply.voltage;
                if (limit) plot.limits.push_back({"limit " + format_number(*limit, 3) + " " + c.unit, *limit, true});
            }
            if (plot.any()) plots.push_back(plot);
        }
        if (!plots.empty())
            out += writer.plots(prefix + "electric", in_columns(plots, 2, 210.0),
                                "Current, voltage, power and resistance over time",
                                "Without a current there is no resistance to be seen.");
    }
    std::vector<std::vector<std::string>> rows;
    if (run.kind() == Kind::steady) {
        const struct {
            const char *key, *label;
        } powers[] = {{"electrical_W", "electrical power in"}, {"source_W", "sources"}, {"lost_W", "lost to the surroundings"}};
        for (const auto& p : powers)
            if (const auto v = run.number("power", p.key)) rows.push_back({p.label, format_number(*v, 4) + " W"});
        if (const auto v = run.number("power", "residual_relative"))
            rows.push_back({"residual of the balance, relative", format_number(*v, 2), ""});
    } else {
        const double in = run.number("energy", "electrical_J").value_or(0.0) + run.number("energy", "source_J").value_or(0.0);
        const struct {
            const char *key, *label;
            bool always;
        } energies[] = {{"electrical_J", "electrical energy in", true},
                        {"source_J", "heat of sources", false},
                        {"assimilated_J", "put in by assimilation", false},
                        {"stored_J", "stored in the device at the end", true},
                        {"lost_J", "lost to the surroundings", true}};
        for (const auto& e : energies)
            if (const auto v = run.number("energy", e.key); v && (e.always || *v != 0.0))
                rows.push_back(
                    {std::string(e.key) == "lost_J" && *v < 0.0 ? "lost to the surroundings (negative: received)" : e.label,
                     format_number(*v, 4) + " J", in > 0.0 ? fixed(100.0 * *v / in, 1) + " %" : "—"});
        if (const auto v = run.number("energy", "residual_relative"))
            rows.push_back({"residual of the balance, relative", format_number(*v, 2), ""});
    }
    if (const auto v = run.number("current_balance_relative"))
        rows.push_back({"current in less current out, relative", format_number(*v, 2), ""});
    if (run.kind() == Kind::current)
        if (const auto v = run.number("power_closure_relative"))
            rows.push_back({"Joule heat less terminal power, relative", format_number(*v, 2), ""});
    if (run.kind() != Kind::transient)
        for (auto& row : rows) row.resize(2);
    if (!rows.empty()) {
        out += element("h3", run.kind() == Kind::transient ? "Energy" : "Balance");
        out += html_table(run.kind() == Kind::transient ? std::vector<std::string>{"", "#amount", "#of what went in"}
                                                        : std::vector<std::string>{"", "#amount"},
                          rows, "narrow");
    }
    return out.empty() ? "" : element("h2", "Current and energy") + out;
}

std::optional<double> paper_value(const ReportFacts& f, const std::string& name) {
    for (const auto& c : f.paper)
        if (c.row.quantity == name) return c.row.value;
    return std::nullopt;
}

std::string microstructure_section(ReportWriter& writer, const ReportFacts& f, const std::string& prefix) {
    const RunData& run = *f.data;
    std::string out;
    std::vector<Plot> over_time, spread;
    for (const auto& name : microstructure_quantities()) {
        const Quantity& q = quantity(name);
        const auto values = run.column(name);
        if (run.kind() == Kind::transient && run.times().size() > 1 && !values.empty()) {
            TimePlot plot = time_plot(run, chart_label(q.label), std::string(q.unit));
            plot.marks = dwell_marks(f);
            const Fact* fact = f.find(name);
            const double uncertainty = fact ? fact->uncertainty : q.uncertainty;
            const auto shown = shifted(values, q.offset);
            if (uncertainty > 0.0)
                plot.areas.push_back({run.times(), shifted(shown, -uncertainty), shifted(shown, uncertainty), true});
            line(plot, run, "", SeriesStyle::solid, shown);
            if (plot.any()) over_time.push_back(plot);
        }
        if (const auto d = run.distribution(name)) {
            const Fact* fact = f.find(name);
            DistributionPlot plot;
            plot.title = chart_label(q.label), plot.unit = q.unit;
            plot.edges = shifted(d->edges, q.offset), plot.share = d->share;
            plot.p05 = d->p05 + q.offset, plot.p50 = d->p50 + q.offset, plot.p95 = d->p95 + q.offset;
            if (fact) {
                plot.mean = fact->shown();
                if (fact->uncertainty > 0.0) plot.uncertainty = fact->uncertainty;
            }
            if (const auto paper = paper_value(f, name)) plot.paper = *paper + q.offset;
            spread.push_back(plot);
            std::vector<std::vector<std::string>> rows;
            for (std::size_t n = 0; n < d->share.size(); ++n)
                rows.push_back({format_number(d->edges[n]), format_number(d->edges[n + 1]), format_number(d->share[n])});
            writer.table(prefix + "distribution_" + name, {name + "_from", name + "_to", "share_of_mass"}, rows);
        }
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& name : microstructure_quantities()) {
        const Fact* fact = f.find(name);
        if (!fact) continue;
        const auto d = run.distribution(name);
        const int decimals = fact->uncertainty > 0.0 ? decimals_for(fact->uncertainty) + 1 : fact->unit == "°C" ? 0 : 3;
        const auto shown = [&](double v) { return d ? fixed(v + fact->offset, decimals) : std::string("—"); };
        const auto paper = paper_value(f, name);
        rows.push_back({label_html(fact->label) + (fact->unit.empty() ? "" : ", " + escape_html(fact->unit)),
                        escape_html(value_text(*fact)), fact->uncertainty > 0.0 ? "±" + uncertainty_text(*fact) : "none stated",
                        shown(d ? d->p05 : 0), shown(d ? d->p50 : 0), shown(d ? d->p95 : 0),
                        paper ? format_number(*paper + fact->offset) : "—"});
    }
    if (!rows.empty())
        out +=
            html_table({"at the end of the run", "#mean", "#may be off by", "#P5", "#P50", "#P95", "#paper"}, rows) +
            element(
                "p",
                "Means and percentiles over the mass of the bed: what differs from place to place. \"May be off by\" is what "
                "the model itself may be wrong by, the same everywhere; neither contains the other.",
                "class=\"quiet\"");
    if (!over_time.empty())
        out += element("h3", "Over time") + writer.plots(prefix + "microstructure", in_columns(over_time, 3, 200.0),
                                                         "Microstructure over time, means of the bed",
                                                         "Means over the mass of the bed. Blue: what the model may be off by.");
    if (!spread.empty())
        out +=
            element("h3", "Distribution in the bed") + writer.plots(prefix + "distributions", in_columns(spread, 3, 210.0),
                                                                    "Distribution of the microstructure in the bed",
                                                                    "Bars: share of the bed's mass. Blue dot and band: mean, "
                                                                    "and what the model may be off by. Diamond: the paper.");
    const Fact *cells = f.find("outside_calibrated_cells"), *share = f.find("outside_calibrated_share");
    if (cells)
        out += element(
            "p", cells->value > 0.0
                     ? "<span class=\"bad\">" + fixed(cells->value, 0) + (cells->value == 1.0 ? " cell" : " cells") +
                           (share ? " (" + format_number(100.0 * share->value, 3) + " % of the mass)" : "") +
                           " lie outside the range the maps were calibrated in</span>; there the numbers are extrapolated."
                     : "No cell lies outside the range the maps were calibrated in.");
    return out.empty() ? "" : element("h2", "Microstructure and cell capacity") + out;
}

std::string events_section(const ReportFacts& f, bool brief) {
    const auto events = f.data->events();
    const std::string head = element(brief ? "h3" : "h2", "Events");
    if (f.data->summary().is_null()) return "";
    if (events.empty()) return head + element("p", "None.", "class=\"quiet\"");
    std::vector<std::vector<std::string>> rows;
    for (const auto& event : events)
        rows.push_back({event.time_s ? fixed(*event.time_s, 2) + " s" : "—", escape_html(event.text)});
    return head + html_table({"#time", "what happened"}, rows, "narrow");
}

std::string provenance_section(const ReportFacts& f, bool brief) {
    const RunData& run = *f.data;
    std::vector<std::vector<std::string>> rows;
    const auto add = [&](const std::string& what, const std::optional<std::string>& value) {
        if (value && !value->empty()) rows.push_back({what, escape_html(*value)});
    };
    const auto number = [](std::optional<double> v, int digits, const std::string& unit) -> std::optional<std::string> {
        if (!v) return std::nullopt;
        return format_number(*v, digits) + unit;
    };
    add("run folder", run.name());
    add("files last written", run.date() + " UTC");
    add("made by", run.text("version") ? std::optional("jouletwin " + *run.text("version")) : std::nullopt);
    std::string device = run.text("device").value_or("");
    for (const char* key : {"hardware", "instruction_set"})
        if (const auto more = run.text(key); more && !more->empty() && device.find(*more) == std::string::npos)
            device += (device.empty() ? "" : ", ") + *more;
    add("device", device);
    if (const auto cells = run.number("cells")) add("cells", fixed(*cells, 0));
    if (const auto steps = run.number("steps")) {
        const double rejected = run.number("rejected_steps").value_or(0.0);
        add("steps", fixed(*steps, 0) + (rejected > 0.0 ? ", " + fixed(rejected, 0) + " repeated with a smaller one" : ""));
    }
    add("simulated time", number(run.number("simulated_s"), 4, " s"));
    add("wall time", number(run.number("wall_s"), 3, " s"));
    add("times faster than real time", number(run.number("realtime_factor"), 3, ""));
    add("memory", number(run.number("bytes_per_cell"), 3, " bytes a cell"));
    return element(brief ? "h3" : "h2", "Provenance") + html_table({"", ""}, rows, "narrow plain");
}

// current.png of a run of the current alone, if it is a picture.
std::string picture_of_current(const RunData& run) {
    std::error_code code;
    const auto file = run.folder() / "current.png";
    if (!std::filesystem::is_regular_file(file, code) || std::filesystem::file_size(file, code) > kLargestPicture) return "";
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    if (!in || !bytes.str().starts_with("\x89PNG\r\n\x1a\n")) return "";
    return element("h2", "Current density") + html_figure(bytes.str(), PictureType::png, "Current density in the bed",
                                                          "The picture that the run has left, current.png.");
}

}  // namespace

std::string run_sections(ReportWriter& writer, const ReportFacts& f, const std::vector<double>& at, bool brief,
                         const std::string& prefix) {
    const RunData& run = *f.data;
    std::string out;
    if (brief) {
        const std::string title = run.scenario().title.empty() ? run.name() : run.scenario().title;
        out += element("h2", escape_html(title), "class=\"run\"") +
               element("p", escape_html(run.name()) + " · " + escape_html(f.label), "class=\"quiet\"") +
               element("p", escape_html(f.sentence), "class=\"lead\"");
    }
    switch (run.state()) {
        case State::complete:
            break;
        case State::interrupted:
            out += element("p",
                           "The run was interrupted" +
                               (run.times().empty() ? std::string() : " at " + format_number(run.times().back(), 4) + " s") +
                               "; what follows is what was computed before.",
                           "class=\"state\"");
            break;
        case State::failed:
            out += element("p", "The run ended before its time: " + escape_html(*run.text("failure")) + ".", "class=\"state\"");
            break;
        case State::unfinished:
            out += element(
                "p",
                "The run has no summary: it was killed or still goes on. What follows is what its files held when they "
                "were read" +
                    (run.times().empty() ? std::string(".") : ", up to " + format_number(run.times().back(), 4) + " s."),
                "class=\"state\"");
    }
    std::vector<const Fact*> keys;
    if (run.kind() == Kind::current) {
        for (const Fact& fact : f.facts) keys.push_back(&fact);
    } else {
        for (const char* key : {"set_point_K", "dwell_s", "T_dwell_K", "T_spread_dwell_K", "T_mean_K", "T_spread_K", "peak_T_K",
                                "power_W", "current_A", "voltage_V", "resistance_ohm", "electrical_J", "capacity_mAh_g",
                                "plateau_mAh_g", "ice_percent", "id_ig", "d002_nm"})
            if (std::string(key) != "T_mean_K" || run.kind() == Kind::steady || !f.dwell_done) keys.push_back(f.find(key));
    }
    out += tiles(keys);
    if (!f.missing.empty()) {
        std::string list;
        for (const auto& sentence : f.missing)
            list += element("p", "Not in this report. " + escape_html(sentence), "class=\"quiet\"");
        out += list;
    }
    out += temperature_section(writer, f, prefix, brief);
    if (run.kind() == Kind::current) out += picture_of_current(run);
    out += fields_section(writer, f, at, brief, prefix);
    if (!brief) out += uniformity_section(writer, f, prefix);
    if (!brief) out += electric_section(writer, f, prefix);
    if (!brief) out += microstructure_section(writer, f, prefix);
    out += events_section(f, brief);
    out += element("h3", "Scenario") +
           element("details", element("summary", "The resolved scenario in SI units; it runs again to the same numbers") +
                                  element("pre", escape_html(run.scenario_text())));
    out += provenance_section(f, brief);
    return out;
}

}  // namespace jt
