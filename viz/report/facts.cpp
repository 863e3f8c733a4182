// SPDX-License-Identifier: Apache-2.0
#include "viz/report/facts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "twin/quantity/quantity.hpp"

namespace jt {
namespace {

using Kind = RunData::Kind;
using State = RunData::State;

constexpr double kZeroCelsius = -273.15;
constexpr double kReached = 1e-6;  // [s] rounding of times

std::string celsius(double kelvin) {
    return fixed(kelvin + kZeroCelsius, 0) + " °C";
}

class Collector {
public:
    explicit Collector(ReportFacts& facts) : facts_(facts), run_(*facts.data) {}

    void add(const std::string& key, const std::string& label, const std::string& unit, std::optional<double> value, int digits,
             double offset = 0.0, double uncertainty = 0.0) {
        if (value && std::isfinite(*value)) facts_.facts.push_back({key, label, unit, *value, digits, offset, uncertainty});
    }
    void temperature(const std::string& key, const std::string& label, std::optional<double> kelvin) {
        add(key, label, "°C", kelvin, 4, kZeroCelsius);
    }
    std::optional<double> mean(std::string_view column, double from, double to) const {
        const auto values = run_.column(column);
        double sum = 0.0;
        std::size_t count = 0;
        for (std::size_t n = 0; n < values.size(); ++n)
            if (run_.times()[n] >= from - kReached && run_.times()[n] <= to + kReached && std::isfinite(values[n]))
                sum += values[n], ++count;
        if (count == 0) return run_.at(column, to);
        return sum / double(count);
    }

private:
    ReportFacts& facts_;
    const RunData& run_;
};

// Sums up to where the run came, in the words of people.
std::string sentence_of(const ReportFacts& f) {
    const RunData& run = *f.data;
    const auto number = [&](const char* key) -> std::optional<double> {
        const Fact* fact = f.find(key);
        return fact ? std::optional(fact->value) : std::nullopt;
    };
    const auto said = [&](const char* key) {
        const Fact& fact = *f.find(key);
        const std::string pm = uncertainty_text(fact);
        return value_text(fact) + (pm.empty() ? "" : " ± " + pm) + (fact.unit.empty() ? "" : " " + fact.unit);
    };
    std::string text;
    if (run.kind() == Kind::current) {
        text = "The electric field alone was solved, at the bed's initial temperature";
        if (f.find("resistance_ohm")) text += ": the bed has " + said("resistance_ohm");
        if (f.find("power_W")) text += " and takes " + said("power_W");
        return text + ".";
    }
    if (run.kind() == Kind::steady) {
        text = "Steady state";
        if (number("T_mean_K")) text += ": the mean of the bed is " + celsius(*number("T_mean_K"));
        if (number("T_spread_K")) text += ", its spread " + said("T_spread_K") + " (P95 − P5)";
        if (f.find("power_W")) text += ", at " + said("power_W");
        return text + ".";
    }
    if (f.treatment && f.dwell_done && number("T_dwell_K")) {
        const Treatment& t = *f.treatment;
        const double off = *number("T_dwell_K") - t.T_K;
        text = "The set point was " + celsius(t.T_K) + " for " + duration_text(t.dwell_s) + "; the mean of the bed was " +
               celsius(*number("T_dwell_K")) + ", ";
        text += std::abs(off) < 1.0 ? "within 1 K of it"
                                    : fixed(std::abs(off), 0) + " K " + (off < 0.0 ? "below" : "above") + " it";
        if (number("T_spread_dwell_K")) text += ", and its spread " + said("T_spread_dwell_K") + " (P95 − P5)";
        text += ".";
    } else if (number("peak_T_K")) {
        text = "The hottest point of the run was " + celsius(*number("peak_T_K"));
        if (number("T_mean_K")) text += "; at its last output the mean of the bed was " + celsius(*number("T_mean_K"));
        text += ".";
    }
    if (number("electrical_J") && *number("electrical_J") > 0.0)
        text += " The run took " + said("electrical_J") + " of electrical energy.";
    if (f.find("capacity_mAh_g")) {
        text += " Predicted for the char: " + said("capacity_mAh_g") + " reversible capacity";
        if (f.find("ice_percent")) text += ", first-cycle efficiency " + said("ice_percent");
        text += ".";
    }
    return text.empty() ? "The run has come to no output yet." : text;
}

void what_is_missing(ReportFacts& f) {
    const RunData& run = *f.data;
    auto& m = f.missing;
    if (run.kind() == Kind::current) {
        m.push_back(
            "Temperatures, time series, energy and microstructure: the scenario has run.solve = \"current\", which solves "
            "the electric field alone; nothing heats up and no time passes.");
        return;
    }
    if (run.state() == State::unfinished)
        m.push_back("Energy, events, solver and wall time: there is no summary.json; the run was killed or still goes on.");
    if (run.kind() == Kind::steady)
        m.push_back("Trends over time: the scenario asks for the steady state (run.steady), which has no times.");
    if (run.times().empty()) m.push_back("Time series: timeseries.csv is missing or holds no row; the run came to no output.");
    if (!run.fields() || run.fields()->times().empty()) m.push_back("Fields: run.h5 is missing or holds no output.");
    if (!run.times().empty() && run.column("current_A").empty())
        m.push_back("Current, voltage, power and resistance: the scenario drives no current through the bed.");
    const auto& names = microstructure_quantities();
    const bool columns = std::any_of(names.begin(), names.end(), [&](const auto& name) { return !run.column(name).empty(); });
    if (run.microstructure().is_null() && run.state() != State::unfinished)
        m.push_back(
            "Microstructure and predicted cell capacity: summary.json holds no \"microstructure\"; the run was made "
            "without kinetics.");
    else if (run.state() == State::unfinished && !columns)
        m.push_back(
            "Microstructure and predicted cell capacity: timeseries.csv has no column of them, and there is no summary.");
}

}  // namespace

const std::vector<std::string>& microstructure_quantities() {
    static const std::vector<std::string> names{"capacity_mAh_g", "plateau_mAh_g", "slope_mAh_g", "ice_percent", "Th_K",
                                                "id_ig",          "d002_nm",       "d_hrtem_nm",  "fringe_nm",   "La_nm",
                                                "Lc_nm",          "pdf_G1",        "pdf_r1_A",    "alignment",   "released"};
    return names;
}

const Fact* ReportFacts::find(std::string_view key) const {
    for (const Fact& fact : facts)
        if (fact.key == key) return &fact;
    return nullptr;
}

PaperComparison::Verdict PaperComparison::verdict() const {
    const double off = std::abs(error()), rounding = 1e-12 * std::abs(row.value);
    if (off <= row.tolerance + rounding) return Verdict::within_tolerance;
    return off <= row.tolerance + uncertainty + rounding ? Verdict::within_uncertainty : Verdict::outside;
}

bool PaperComparison::anchor() const {
    return row.remark.starts_with("anchor");
}

ReportFacts facts_of(const RunData& run) {
    ReportFacts f;
    f.data = &run;
    f.treatment = treatment_of(run.scenario());
    Collector c(f);
    const double last = run.times().empty() ? 0.0 : run.times().back();
    f.dwell_done = f.treatment && !run.times().empty() && last >= f.treatment->dwell_to_s - kReached;
    if (f.treatment) {
        f.label = (f.treatment->route == PaperSample::Route::furnace ? "furnace, " : "") + celsius(f.treatment->T_K) + ", " +
                  duration_text(f.treatment->dwell_s);
        if (f.dwell_done) f.sample = paper_sample_like(f.treatment->route, f.treatment->T_K, f.treatment->dwell_s);
    } else {
        f.label = run.name();
    }

    if (run.kind() == Kind::current) {
        f.moment = "at the initial temperature";
        const struct {
            const char *key, *label, *unit;
        } numbers[] = {{"resistance_ohm", "resistance", "Ω"},  {"voltage_V", "voltage", "V"},
                       {"current_A", "current", "A"},          {"power_W", "power", "W"},
                       {"contact_W", "heat on contacts", "W"}, {"J0_A_per_m2", "J₀", "A/m²"}};
        for (const auto& n : numbers) c.add(n.key, n.label, n.unit, run.number("final", n.key), 4);
        c.add("J_crowding", "|J|/J₀, P99", "", run.number("peak", "J_crowding"), 3);
        c.add("J_crowding_max", "|J|/J₀, largest", "", run.number("peak", "J_crowding_max"), 3);
    } else {
        double from = last, to = last;
        f.moment = run.kind() == Kind::steady ? "steady" : "at the last output";
        if (f.treatment) {
            c.temperature("set_point_K", "set point", f.treatment->T_K);
            const std::string dwell = duration_text(f.treatment->dwell_s);
            c.add("dwell_s", "dwell", dwell.substr(dwell.find(' ') + 1), f.treatment->dwell_s, 4);
            if (f.dwell_done) {
                from = f.treatment->dwell_from_s, to = f.treatment->dwell_to_s;
                f.moment = f.treatment->dwell_s > 0.0 ? "in the dwell" : "at the set point";
                c.temperature("T_dwell_K", "mean of the bed " + f.moment, c.mean("T_mean_K", from, to));
                c.add("T_spread_dwell_K", "spread of T, end of dwell", "K", run.at("T_spread_K", to), 3);
            }
        }
        double peak = -1.0;
        for (const double T : run.column("T_max_K"))
            if (T > peak) peak = T;
        c.temperature("peak_T_K", "hottest point", peak > 0.0 ? std::optional(peak) : run.number("peak", "T_K"));
        c.temperature("T_mean_K", run.kind() == Kind::steady ? "mean of the bed" : "mean of the bed at the last output",
                      run.at("T_mean_K", last));
        if (run.kind() == Kind::steady) c.add("T_spread_K", "spread of T, P95 − P5", "K", run.at("T_spread_K", last), 3);
        const std::string when = run.kind() == Kind::steady ? "" : f.dwell_done ? ", " + f.moment : ", at the last output";
        c.add("power_W", "power" + when, "W", c.mean("power_W", from, to), 3);
        c.add("current_A", "current" + when, "A", c.mean("current_A", from, to), 3);
        c.add("voltage_V", "voltage" + when, "V", c.mean("voltage_V", from, to), 3);
        c.add("resistance_ohm", "resistance" + when, "Ω", c.mean("resistance_ohm", from, to), 3);
        if (!run.column("current_A").empty())
            c.add("electrical_J", "electrical energy", "J", run.number("energy", "electrical_J"), 4);
        c.add("source_J", "heat of sources", "J", run.number("energy", "source_J"), 4);
        c.add("stored_J", "stored at the end", "J", run.number("energy", "stored_J"), 4);
        c.add("lost_J", "lost to the surroundings", "J", run.number("energy", "lost_J"), 4);
        c.add("energy_residual_relative", "residual of the balance", "", run.number("energy", "residual_relative"), 2);
    }
    if (!run.microstructure().is_null()) {
        for (const auto& name : microstructure_quantities()) {
            const auto value = run.number("microstructure", name);
            if (!value) continue;
            const Quantity& q = quantity(name);
            double uncertainty = q.uncertainty;
            const auto& stated = run.microstructure();
            if (stated.contains("uncertainty") && stated["uncertainty"].is_object() && stated["uncertainty"].contains(name)) {
                const auto& own = stated["uncertainty"][name];
                if (!own.is_number() || !(own.get<double>() >= 0.0))
                    throw InputError((run.folder() / "summary.json").string() + ": microstructure.uncertainty." + name +
                                     ": is not a number of at least 0");
                uncertainty = own.get<double>();
            }
            c.add(name, std::string(q.label), std::string(q.unit), value, q.digits, q.offset, uncertainty);
        }
        c.add("outside_calibrated_cells", "cells outside the calibrated range", "",
              run.number("microstructure", "outside_calibrated_cells"), 6);
        c.add("outside_calibrated_share", "share outside the calibrated range", "",
              run.number("microstructure", "outside_calibrated_share"), 3);
    }
    if (f.sample)
        for (const PaperRow& row : paper_rows_of(f.sample->name))
            if (const Fact* fact = f.find(row.quantity)) f.paper.push_back({row, fact->value, fact->uncertainty});
    what_is_missing(f);
    f.sentence = sentence_of(f);
    return f;
}

std::string fixed(double value, int decimals) {
    if (!std::isfinite(value)) return "—";
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", std::clamp(decimals, 0, 15), std::abs(value));
    const bool zero = std::string(text).find_first_not_of("0.") == std::string::npos;
    return (value < 0.0 && !zero ? "−" : "") + std::string(text);
}

int decimals_for(double uncertainty) {
    if (!(uncertainty > 0.0) || !std::isfinite(uncertainty)) return 3;
    const int exponent = int(std::floor(std::log10(uncertainty) + 1e-9));
    const double leading = uncertainty / std::pow(10.0, exponent);
    return std::clamp((leading < 2.95 ? 1 : 0) - exponent, 0, 12);
}

std::string value_text(const Fact& fact) {
    if (fact.uncertainty > 0.0) return fixed(fact.shown(), decimals_for(fact.uncertainty));
    if (fact.unit == "°C") return fixed(fact.shown(), 0);
    if (fact.key == "outside_calibrated_cells") return fixed(fact.shown(), 0);
    if (fact.key == "dwell_s") {
        const std::string text = duration_text(fact.value);
        return text.substr(0, text.find(' '));
    }
    return format_number(fact.shown(), fact.digits);
}

std::string uncertainty_text(const Fact& fact) {
    return fact.uncertainty > 0.0 ? fixed(fact.uncertainty, decimals_for(fact.uncertainty)) : "";
}

std::string duration_text(double seconds) {
    const auto trimmed_number = [](double v) {
        char text[32];
        std::snprintf(text, sizeof text, "%.4g", v);
        return std::string(text);
    };
    if (seconds >= 3600.0) return trimmed_number(seconds / 3600.0) + " h";
    if (seconds >= 600.0) return trimmed_number(seconds / 60.0) + " min";
    return trimmed_number(seconds) + " s";
}

}  // namespace jt
