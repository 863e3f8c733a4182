// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>

#include "twin/quantity/quantity.hpp"
#include "twin/scenario/resolved.hpp"
#include "twin/units.hpp"
#include "viz/figure/colour_map.hpp"
#include "viz/report/report_writer.hpp"

namespace jt {
namespace {

using Kind = RunData::Kind;
using Route = PaperSample::Route;

constexpr double kOneTimeAxis = 10.0;       // runs whose lengths differ more than this do not share a chart
constexpr double kSameT = 0.5;              // [K]
constexpr std::size_t kMostNamedLines = 3;  // more have a legend
constexpr std::size_t kRunsAcross = 9;      // of a table on A4
constexpr double kSameSampleT = 15.0;       // [K] as the paper's samples are told apart

bool same_dwell(const ReportFacts& a, const ReportFacts& b) {
    return std::abs(a.treatment->dwell_s - b.treatment->dwell_s) <= std::max(0.5, 0.01 * a.treatment->dwell_s);
}

// The scenario but for its program, its length and what only says how it is shown or stopped.
std::string all_but_program(const Scenario& from) {
    Scenario s = from;
    s.title.clear();
    s.run.duration = 1.0, s.run.output_every = 1.0;
    s.probes.clear();
    if (s.heater) s.heater->program = {{0.0}, {300.0}}, s.heater->limit_temperature.reset();
    if (s.furnace) s.furnace->wall = {{0.0}, {300.0}};
    return resolved_toml(s);
}

std::vector<std::string> keys_of(const std::vector<ReportFacts>& runs) {
    std::vector<std::string> keys{"T_dwell_K",
                                  "T_spread_dwell_K",
                                  "peak_T_K",
                                  "T_mean_K",
                                  "T_spread_K",
                                  "power_W",
                                  "current_A",
                                  "voltage_V",
                                  "resistance_ohm",
                                  "electrical_J",
                                  "capacity_mAh_g",
                                  "plateau_mAh_g",
                                  "slope_mAh_g",
                                  "ice_percent",
                                  "Th_K",
                                  "id_ig",
                                  "d002_nm",
                                  "d_hrtem_nm",
                                  "fringe_nm",
                                  "La_nm",
                                  "Lc_nm",
                                  "pdf_G1",
                                  "pdf_r1_A",
                                  "alignment",
                                  "released",
                                  "outside_calibrated_cells",
                                  "energy_residual_relative"};
    std::erase_if(keys, [&](const std::string& key) {
        return std::none_of(runs.begin(), runs.end(), [&](const ReportFacts& f) { return f.find(key); });
    });
    const bool all_dwelt = std::all_of(runs.begin(), runs.end(), [](const ReportFacts& f) { return f.find("T_dwell_K"); });
    if (all_dwelt) std::erase(keys, "T_mean_K");
    return keys;
}

std::string bare(std::string label) {
    const auto comma = label.find(", in the dwell");
    return comma == std::string::npos ? label : label.substr(0, comma);
}

// Over two lines, so that many runs stand side by side.
std::string treatment_html(const std::string& label) {
    std::string out = escape_html(label);
    for (auto at = out.find(", "); at != std::string::npos; at = out.find(", ", at + 1)) out.replace(at, 2, ",<br>");
    return out;
}

// Quantities down, runs across where they are few; else runs down and the most important quantities across.
std::string table(ReportWriter& writer, const std::vector<ReportFacts>& runs) {
    const auto keys = keys_of(runs);
    std::vector<std::string> head{"run", "route", "set_point_K", "dwell_s", "paper_sample"};
    head.insert(head.end(), keys.begin(), keys.end());
    std::vector<std::vector<std::string>> file;
    for (const ReportFacts& f : runs) {
        std::vector<std::string> row{f.data->name(),
                                     !f.treatment                           ? ""
                                     : f.treatment->route == Route::furnace ? "furnace"
                                                                            : "joule",
                                     f.treatment ? format_number(f.treatment->T_K) : "",
                                     f.treatment ? format_number(f.treatment->dwell_s) : "",
                                     f.sample ? std::string(f.sample->name) : ""};
        for (const auto& key : keys) row.push_back(f.find(key) ? format_number(f.find(key)->value) : "");
        file.push_back(std::move(row));
    }
    writer.table("comparison", head, file);

    std::string out;
    bool gaps = false;
    for (std::size_t first = 0; first < runs.size(); first += kRunsAcross) {
        const std::span<const ReportFacts> part(runs.data() + first, std::min(kRunsAcross, runs.size() - first));
        std::vector<std::string> top{""}, treated{"treatment"}, like{"like the paper's"};
        for (const ReportFacts& f : part) {
            top.push_back("#" + escape_html(f.data->name()));
            treated.push_back(f.treatment ? treatment_html(f.label) : "—");
            like.push_back(f.sample ? escape_html(f.sample->name) : "—");
        }
        std::vector<std::vector<std::string>> rows{treated, like};
        for (const auto& key : keys) {
            const Fact* any = nullptr;
            for (const ReportFacts& f : runs)
                if (!any) any = f.find(key);
            std::string what = label_html(bare(any->label)) + (any->unit.empty() ? "" : ", " + escape_html(any->unit));
            if (any->uncertainty > 0.0) what += " <span class=\"pm\">± " + uncertainty_text(*any) + "</span>";
            std::vector<std::string> row{what};
            for (const ReportFacts& f : part) {
                const Fact* fact = f.find(key);
                gaps = gaps || !fact;
                row.push_back(fact ? escape_html(value_text(*fact)) : "—");
            }
            rows.push_back(std::move(row));
        }
        out += html_table(top, rows, "wide compared");
    }
    std::string note =
        "Temperatures and powers are means over the dwell, the spread is that at its end; microstructure at the end "
        "of the run.";
    if (gaps) note += " An em dash: the run has no such quantity; the reason stands in its own section.";
    return out + element("p", note, "class=\"quiet\"");
}

Colour colour_of(std::size_t n, std::size_t of) {
    return colour_at(ColourMapId::viridis,
                     of < 2 ? 0.0 : 0.80 * double(n) / double(of - 1));  // the light end is not seen on white
}

std::string name_in_chart(const std::vector<const ReportFacts*>& group, const ReportFacts& f) {
    const auto same = std::count_if(group.begin(), group.end(), [&](const ReportFacts* o) { return o->label == f.label; });
    return same > 1 ? f.data->name() : f.label;
}

std::string trends(ReportWriter& writer, const std::vector<ReportFacts>& runs) {
    std::vector<const ReportFacts*> order;
    for (const ReportFacts& f : runs)
        if (f.data->times().size() > 1) order.push_back(&f);
    const auto length = [](const ReportFacts* f) { return f->data->times().back() - f->data->times().front(); };
    std::stable_sort(order.begin(), order.end(),
                     [&](const ReportFacts* a, const ReportFacts* b) { return length(a) < length(b); });
    std::vector<std::vector<const ReportFacts*>> groups;
    for (const ReportFacts* f : order) {
        if (groups.empty() || length(f) > kOneTimeAxis * length(groups.back().front())) groups.emplace_back();
        groups.back().push_back(f);
    }
    std::string out;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        auto& group = groups[g];
        std::stable_sort(group.begin(), group.end(), [](const ReportFacts* a, const ReportFacts* b) {
            if (!a->treatment || !b->treatment) return false;
            return std::pair(a->treatment->T_K, a->treatment->dwell_s) < std::pair(b->treatment->T_K, b->treatment->dwell_s);
        });
        struct Wanted {
            std::string column, title, unit;
            double offset;
        };
        std::vector<Wanted> wanted{{"T_mean_K", "Mean of the bed", "°C", -273.15},
                                   {"T_spread_K", "Spread of T in the bed, P95 − P5", "K", 0.0},
                                   {"power_W", "Power", "W", 0.0},
                                   {"resistance_ohm", "Resistance", "Ω", 0.0}};
        for (const char* name : {"capacity_mAh_g", "id_ig", "d002_nm", "ice_percent"}) {
            const Quantity& q = quantity(name);
            wanted.push_back({name, chart_label(q.label), std::string(q.unit), q.offset});
        }
        const bool legend = group.size() > kMostNamedLines;
        std::vector<Plot> plots;
        for (const Wanted& w : wanted) {
            TimePlot plot;
            plot.title = w.title, plot.unit = w.unit;
            plot.start = 0.0, plot.end = 0.0;
            for (std::size_t n = 0; n < group.size(); ++n) {
                const RunData& run = *group[n]->data;
                plot.end = std::max(plot.end, run.times().back());
                const auto values = run.column(w.column);
                if (values.empty()) continue;
                plot.lines.push_back({legend ? std::string() : name_in_chart(group, *group[n]), SeriesStyle::solid, run.times(),
                                      shifted(values, w.offset), colour_of(n, group.size())});
            }
            if (plot.end <= plot.start) plot.end = plot.start + 1.0;
            if (plot.any()) plots.push_back(std::move(plot));
        }
        if (plots.empty()) continue;
        Plots grid;
        if (legend) {
            LegendPlot names;
            for (std::size_t n = 0; n < group.size(); ++n)
                names.entries.push_back({name_in_chart(group, *group[n]), colour_of(n, group.size())});
            grid.rows.push_back({names.height(), {names}});
        }
        grid.rows.push_back({340.0, {plots.front()}});
        const Plots rest = in_columns({plots.begin() + 1, plots.end()}, 2, 240.0);
        grid.rows.insert(grid.rows.end(), rest.rows.begin(), rest.rows.end());
        out += writer.plots("trends" + (groups.size() > 1 ? "_" + std::to_string(g + 1) : std::string()), grid,
                            "Runs over time, one line each",
                            groups.size() > 1 && g == 0 ? "Runs of very different length have a picture each." : "");
    }
    return out.empty() ? "" : element("h2", "Over time") + out;
}

// Runs that differ in one setting of their program only.
std::string settings(ReportWriter& writer, const std::vector<ReportFacts>& runs) {
    std::map<std::string, std::vector<const ReportFacts*>> alike;
    for (const ReportFacts& f : runs)
        if (f.treatment && f.dwell_done) alike[all_but_program(f.data->scenario())].push_back(&f);
    std::string out;
    std::size_t number = 0;
    const auto draw = [&](std::vector<const ReportFacts*> group, bool over_T) {
        const auto x_of = [&](const ReportFacts* f) { return over_T ? f->treatment->T_K - 273.15 : f->treatment->dwell_s; };
        std::sort(group.begin(), group.end(), [&](auto a, auto b) { return x_of(a) < x_of(b); });
        std::vector<Plot> plots;
        for (const auto& key : keys_of(runs)) {
            if (key == "energy_residual_relative" || key == "outside_calibrated_cells" || key == "current_A" ||
                key == "voltage_V" || key == "peak_T_K")
                continue;
            SettingPlot plot;
            std::size_t values = 0;
            for (const ReportFacts* f : group) {
                const Fact* fact = f->find(key);
                SettingPlot::Value point{x_of(f), std::nullopt, std::nullopt, std::nullopt, std::nullopt};
                if (fact) {
                    ++values;
                    plot.title = chart_label(bare(fact->label)), plot.unit = fact->unit, plot.uncertainty = fact->uncertainty;
                    point.y = fact->shown();
                    if (const auto d = f->data->distribution(key))
                        point.low = d->p05 + fact->offset, point.high = d->p95 + fact->offset;
                    for (const auto& c : f->paper)
                        if (c.row.quantity == key) point.paper = c.row.value + fact->offset;
                }
                plot.points.push_back(point);
            }
            plot.x_title = over_T ? "set temperature, °C" : "dwell, s";
            if (values > 1) plots.push_back(std::move(plot));
        }
        if (plots.empty()) return;
        const ReportFacts& first = *group.front();
        const std::string head = over_T ? "Against set temperature, dwell " + duration_text(first.treatment->dwell_s)
                                        : "Against dwell, at " + fixed(first.treatment->T_K - 273.15, 0) + " °C";
        out += element("h3", escape_html(head)) +
               writer.plots(
                   std::string(over_T ? "over_temperature" : "over_dwell") + "_" + std::to_string(++number),
                   in_columns(std::move(plots), 3, 230.0), head,
                   "Dots: runs. Bars: P5 to P95 of the bed. Blue band: what the model may be off by. Diamonds: the paper.");
    };
    for (auto& [key, group] : alike) {
        std::vector<std::vector<const ReportFacts*>> drawn;
        for (const bool over_T : {true, false})
            for (const ReportFacts* f : group) {
                std::vector<const ReportFacts*> members;
                for (const ReportFacts* o : group) {
                    const bool like = over_T ? same_dwell(*f, *o) : std::abs(f->treatment->T_K - o->treatment->T_K) <= kSameT;
                    if (like) members.push_back(o);
                }
                const auto x = [&](const ReportFacts* r) { return over_T ? r->treatment->T_K : r->treatment->dwell_s; };
                const auto [low, high] =
                    std::minmax_element(members.begin(), members.end(), [&](auto a, auto b) { return x(a) < x(b); });
                if (members.size() < 2 || x(*high) - x(*low) <= kSameT || f != members.front()) continue;
                if (std::find(drawn.begin(), drawn.end(), members) != drawn.end()) continue;
                drawn.push_back(members);
                draw(members, over_T);
            }
    }
    if (out.empty()) return "";
    return element("h2", "Against the settings") +
           element("p", "Runs whose scenarios differ in the program alone, and in it in one setting.",
                   "class=\"quiet intro\"") +
           out;
}

// Joule heating beside a furnace at one temperature.
std::string routes(const std::vector<ReportFacts>& runs) {
    std::string out;
    for (const ReportFacts& f : runs) {
        if (!f.treatment || f.treatment->route != Route::furnace || !f.dwell_done) continue;
        // Of the Joule runs at its temperature the one that the paper says most of.
        const ReportFacts* joule = nullptr;
        for (const ReportFacts& o : runs)
            if (o.treatment && o.treatment->route == Route::joule && o.dwell_done &&
                std::abs(f.treatment->T_K - o.treatment->T_K) <= kSameSampleT &&
                (!joule || o.paper.size() > joule->paper.size()))
                joule = &o;
        if (joule) {
            const ReportFacts& j = *joule;
            std::vector<std::vector<std::string>> rows;
            for (const auto& name : microstructure_quantities()) {
                const Fact *a = j.find(name), *b = f.find(name);
                if (!a || !b) continue;
                const auto of_paper = [&](const ReportFacts& run) -> std::optional<double> {
                    for (const auto& c : run.paper)
                        if (c.row.quantity == name) return c.row.value;
                    return std::nullopt;
                };
                const auto pj = of_paper(j), pf = of_paper(f);
                const int decimals = a->uncertainty > 0.0 ? decimals_for(a->uncertainty) + 1 : a->unit == "°C" ? 0 : 3;
                rows.push_back({label_html(a->label) + (a->unit.empty() ? "" : ", " + escape_html(a->unit)),
                                fixed(a->shown(), decimals), fixed(b->shown(), decimals),
                                signed_text(a->value - b->value, decimals), pj && pf ? signed_text(*pj - *pf, decimals) : "—"});
            }
            if (rows.empty()) continue;
            out +=
                element("h3", escape_html(j.data->name() + " (" + j.label + ") and " + f.data->name() + " (" + f.label + ")")) +
                html_table({"", "#Joule", "#furnace", "#difference", "#difference in the paper"}, rows, "narrow");
        }
    }
    return out.empty() ? "" : element("h2", "Joule heating against the furnace") + out;
}

}  // namespace

std::string comparison_sections(ReportWriter& writer, const std::vector<ReportFacts>& runs) {
    std::string out = element("h2", "Comparison") + table(writer, runs);
    out += trends(writer, runs);
    out += settings(writer, runs);
    out += routes(runs);
    return out;
}

}  // namespace jt
