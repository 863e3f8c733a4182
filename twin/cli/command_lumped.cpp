// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "kernels/error.hpp"
#include "twin/cli/command.hpp"
#include "twin/cli/pictures.hpp"
#include "twin/lumped/lumped_twin.hpp"
#include "twin/recording/write_file.hpp"
#include "twin/units.hpp"

namespace jt::cli {
namespace {

using Json = nlohmann::ordered_json;

struct LumpedArguments {
    std::string log, fit, predict, dwell, hold, floor, ambient, drive, folder;
    std::vector<std::string> columns;
    bool json = false;
};

double degC(double kelvin) {
    return kelvin - 273.15;
}

// "430-860", "7 min - 14 min": two times; a bare number is seconds.
LumpedRange range_of(const std::string& option, const std::string& text) {
    const auto fail = [&](const std::string& why) -> LumpedRange {
        throw InputError(option + " " + quote(text) + ": " + why +
                         "; allowed: START-END such as 430-860 (seconds) or \"7 min-14 min\"");
    };
    std::size_t dash = std::string::npos;
    for (std::size_t n = 1; n < text.size() && dash == std::string::npos; ++n)
        if (text[n] == '-' && text[n - 1] != 'e' && text[n - 1] != 'E') dash = n;
    if (dash == std::string::npos) return fail("is no range");
    const auto time = [&](std::string part) {
        const auto first = part.find_first_not_of(' '), last = part.find_last_not_of(' ');
        if (first == std::string::npos) fail("an end is missing");
        part = part.substr(first, last - first + 1);
        double value = 0.0;
        const auto [end, status] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (status == std::errc() && end == part.data() + part.size()) {
            if (!std::isfinite(value) || std::abs(value) > 1e12) fail("is not finite");
            return value;
        }
        try {
            return parse_quantity(part, Dimension::time);
        } catch (const InputError& e) {
            fail(e.what());
        }
        return 0.0;
    };
    const LumpedRange range{time(text.substr(0, dash)), time(text.substr(dash + 1))};
    if (!(range.from_s < range.to_s)) return fail("its end is not after its start");
    return range;
}

double quantity_of(const std::string& option, const std::string& text, Dimension dimension) {
    try {
        return parse_quantity(text, dimension);
    } catch (const InputError& e) {
        throw InputError(option + ": " + std::string(e.what()));
    }
}

// The longest steady rise of the readings, as a window to start from: between a tenth and nine tenths of the way from the
// lowest reading to the highest.
std::string suggestion(const SensorLog& log) {
    const auto floor = find_reading_floor(log, log.time_s.back());
    double low = 1e300, high = -1e300;
    std::size_t top = 0;
    for (std::size_t n = 0; n < log.rows(); ++n) {
        const double T = log.temperature.values[n];
        if (!std::isfinite(T) || (floor && T <= *floor)) continue;
        low = std::min(low, T);
        if (T > high) high = T, top = n;
    }
    if (!(high - low > 30.0)) return "";
    std::size_t from = top;
    while (from > 0 && std::isfinite(log.temperature.values[from - 1]) &&
           log.temperature.values[from - 1] > low + 0.2 * (high - low))
        --from;
    std::size_t to = from;
    while (to < top && !(log.temperature.values[to] > low + 0.98 * (high - low))) ++to;
    const double a = std::ceil(log.time_s[from]), b = std::floor(log.time_s[to]);
    return b > a ? "; the last rise before the highest reading is --fit " + format_number(a) + "-" + format_number(b) : "";
}

Json channel_json(const LogChannel& channel, double step) {
    return {{"column", channel.name}, {"unit", channel.unit}, {"sign", channel.negated ? -1 : 1}, {"step", step}};
}

Json to_json(const SensorLog& log, const LumpedFit& fit, const LumpedPrediction* p) {
    Json out;
    out["log"] = {{"file", log.source},
                  {"format", log.format},
                  {"rows", log.rows()},
                  {"from_s", log.time_s.front()},
                  {"to_s", log.time_s.back()}};
    out["log"]["temperature"] = channel_json(log.temperature, fit.temperature_step_K);
    out["log"]["voltage"] = channel_json(log.voltage, fit.voltage_step);
    out["log"]["current"] = channel_json(log.current, fit.current_step);
    out["log"]["floor_K"] = fit.floor_K ? Json(*fit.floor_K) : Json(nullptr);
    out["log"]["floor_found"] = fit.floor_found;
    Json& f = out["fit"];
    f["from_s"] = fit.from_s;
    f["to_s"] = fit.to_s;
    f["readings"] = fit.readings;
    f["independent_readings"] = fit.independent;
    f["driven_by"] = kLumpedDrives[std::size_t(fit.drive)];
    f["terms"] = fit.candidates.front().terms;
    f["rms_K"] = fit.rms_K;
    f["largest_K"] = fit.largest_K;
    f["condition"] = fit.condition;
    f["ramp_K_per_s"] = fit.ramp_K_per_s;
    f["reference_K"] = fit.model.reference_K;
    f["ambient_K"] = fit.model.ambient_K;
    for (const LumpedParameter& q : fit.parameters)
        f["parameters"].push_back({{"name", q.name},
                                   {"symbol", q.symbol},
                                   {"unit", q.unit},
                                   {"value", q.value},
                                   {"sd", q.sd},
                                   {"identified", q.identified}});
    f["covariance"] = fit.covariance;
    for (const LumpedCandidate& c : fit.candidates)
        f["models"].push_back({{"terms", c.terms},
                               {"parameters", c.parameters},
                               {"rms_K", c.rms_K},
                               {"bic", c.bic},
                               {"identified", c.identified}});
    if (p) {
        Json& r = out["prediction"];
        r["from_s"] = p->from_s;
        r["to_s"] = p->to_s;
        r["rms_K"] = p->rms_K;
        const auto peak = [](const std::optional<LumpedPeak>& at) {
            return at ? Json{{"time_s", at->time_s}, {"T_K", at->T_K}} : Json(nullptr);
        };
        r["peak"] = {{"measured", peak(p->peak_measured)}, {"predicted", peak(p->peak_predicted)}};
        if (p->peak_measured && p->peak_predicted) r["peak"]["error_K"] = p->peak_predicted->T_K - p->peak_measured->T_K;
        if (const auto& d = p->dwell) {
            Json& w = r["dwell"];
            w = {{"from_s", d->from_s}, {"to_s", d->to_s}, {"T_K", d->T_K}, {"current_A", d->current_A}};
            w["power_W"] = {{"measured", d->power_W.measured},
                            {"half_step", d->power_step_W},
                            {"predicted", d->power_W.predicted},
                            {"sd", d->power_W.sd},
                            {"models_as_good", {d->power_least_W, d->power_most_W}},
                            {"error_relative", d->power_W.predicted / d->power_W.measured - 1.0}};
            w["T_driven_K"] = {{"measured", d->T_driven_K.measured},
                               {"predicted", d->T_driven_K.predicted},
                               {"sd", d->T_driven_K.sd},
                               {"error_K", d->T_driven_K.predicted - d->T_driven_K.measured}};
            if (p->peak_measured) w["overshoot_measured_K"] = p->peak_measured->T_K - d->T_K;
            if (p->peak_predicted) w["overshoot_predicted_K"] = p->peak_predicted->T_K - d->T_K;
        }
        if (const auto& l = p->loop)
            r["closed_loop"] = {{"hold_K", l->hold_K},
                                {"hold_from_s", l->hold_from_s},
                                {"overshoot_K", l->overshoot_K},
                                {"peak_time_s", l->peak_time_s},
                                {"end_power_W", l->end_power_W}};
    }
    Json findings = log.findings;
    for (const auto& finding : fit.findings) findings.push_back(finding);
    out["findings"] = findings.is_null() ? Json::array() : findings;
    return out;
}

void print_channel(const char* role, const LogChannel& channel, const std::string& more) {
    std::printf("  %-12s column %s%s [%s]%s\n", role, channel.negated ? "-" : "", channel.name.c_str(), channel.unit.c_str(),
                more.c_str());
}

std::string step_text(double step, Dimension dimension) {
    return step > 0.0 ? ", steps of " + format_for_people(step, dimension) : "";
}

void print(const SensorLog& log, const LumpedFit& fit, const LumpedPrediction* p) {
    std::printf("%s: %s, %zu rows from %.6g to %.6g s\n", log.source.c_str(), log.format.c_str(), log.rows(),
                log.time_s.front(), log.time_s.back());
    std::string floor;
    if (fit.floor_K) {
        char text[96];
        std::snprintf(text, sizeof text, ", floor %.1f degC (%s; readings at it are none)", degC(*fit.floor_K),
                      fit.floor_found ? "found" : "given");
        floor = text;
    }
    print_channel("temperature", log.temperature, step_text(fit.temperature_step_K, Dimension::temperature_difference) + floor);
    print_channel("voltage", log.voltage, step_text(fit.voltage_step, Dimension::voltage));
    print_channel("current", log.current, step_text(fit.current_step, Dimension::current));
    std::printf("\nCalibrated on %.6g to %.6g s, driven by the %s: %zu readings (as good as %.0f independent ones)\n",
                fit.from_s, fit.to_s, std::string(kLumpedDrives[std::size_t(fit.drive)]).c_str(), fit.readings,
                fit.independent);
    std::printf("  model        %s: the best of %zu by the window alone; reference %.0f degC, ambient %.0f degC\n",
                fit.candidates.front().terms.c_str(), fit.candidates.size(), degC(fit.model.reference_K),
                degC(fit.model.ambient_K));
    std::printf("  reading      rms %.2f K, at most %.2f K from the model; ramp %.4g K/s\n", fit.rms_K, fit.largest_K,
                fit.ramp_K_per_s);
    for (const LumpedParameter& q : fit.parameters)
        std::printf("  %-8s %11.5g +- %-9.2g %-5s %s%s\n", q.symbol.c_str(), q.value, q.sd, q.unit.c_str(), q.name.c_str(),
                    q.identified ? "" : "   NOT IDENTIFIED");
    if (p) {
        std::printf("\nPredicted from %.6g to %.6g s; after %.6g s only the %s was used\n", p->from_s, p->to_s, fit.to_s,
                    std::string(kLumpedDrives[std::size_t(fit.drive)]).c_str());
        std::printf("  %-34s %12s %12s   %s\n", "", "measured", "predicted", "error");
        if (p->peak_measured && p->peak_predicted) {
            std::printf("  %-34s %12.1f %12.1f   %+.1f K\n", "peak [degC]", degC(p->peak_measured->T_K),
                        degC(p->peak_predicted->T_K), p->peak_predicted->T_K - p->peak_measured->T_K);
            std::printf("  %-34s %12.1f %12.1f   %+.1f s\n", "at [s]", p->peak_measured->time_s, p->peak_predicted->time_s,
                        p->peak_predicted->time_s - p->peak_measured->time_s);
        }
        if (const auto& d = p->dwell) {
            if (p->peak_measured && p->peak_predicted)
                std::printf("  %-34s %12.1f %12.1f   %+.1f K\n", "overshoot over the dwell [K]", p->peak_measured->T_K - d->T_K,
                            p->peak_predicted->T_K - d->T_K, p->peak_predicted->T_K - p->peak_measured->T_K);
            char label[80];
            std::snprintf(label, sizeof label, "power to hold %.1f degC [W]", degC(d->T_K));
            std::printf("  %-34s %12.1f %12.1f   %+.1f %%\n", label, d->power_W.measured, d->power_W.predicted,
                        100.0 * (d->power_W.predicted / d->power_W.measured - 1.0));
            std::printf("  %-34s %12.1f %12.1f\n", "  known to +- [W]", d->power_step_W, d->power_W.sd);
            if (d->power_most_W > d->power_least_W)
                std::printf("  %-34s %12s %5.0f to %.0f   (%zu of them)\n", "  by models that fit as well [W]", "",
                            d->power_least_W, d->power_most_W, fit.alternatives.size() + 1);
            std::printf("  %-34s %12.1f %12.1f   %+.1f K\n", "mean T of the dwell, driven [degC]", degC(d->T_driven_K.measured),
                        degC(d->T_driven_K.predicted), d->T_driven_K.predicted - d->T_driven_K.measured);
            std::printf("  %-34s %12s %12.1f\n", "  known to +- [K]", "", d->T_driven_K.sd);
            std::printf("  dwell: %.6g to %.6g s\n", d->from_s, d->to_s);
        } else {
            std::printf("  no dwell of a minute in it; name one with --dwell START-END\n");
        }
        if (const auto& l = p->loop)
            std::printf(
                "  closed loop of the twin, ramp of the window up to %.1f degC at %.1f s: overshoot %.1f K at %.1f s, then "
                "%.1f W\n",
                degC(l->hold_K), l->hold_from_s, l->overshoot_K, l->peak_time_s, l->end_power_W);
    }
}

std::string table_of(const LumpedTrace& t) {
    std::string text = "time_s,measured_K,model_K,core_K,voltage_V,model_voltage_V,current_A,power_VI_W,model_power_W\n";
    for (std::size_t n = 0; n < t.time_s.size(); ++n) {
        bool first = true;
        for (const double value : {t.time_s[n], t.measured_K[n], t.reading_K[n], t.core_K[n], t.voltage_V[n], t.model_V[n],
                                   t.current_A[n], t.measured_W[n], t.power_W[n]}) {
            if (!first) text += ',';
            first = false;
            if (std::isfinite(value)) text += format_number(value);
        }
        text += '\n';
    }
    return text;
}

void lumped(const LumpedArguments& o) {
    LogColumns columns;
    for (const auto& column : o.columns) columns.choose(column);
    LumpedOptions options;
    if (!o.ambient.empty()) options.ambient_K = quantity_of("--ambient", o.ambient, Dimension::temperature);
    if (!(options.ambient_K > 0.0 && options.ambient_K < 2000.0))
        throw InputError("--ambient " + quote(o.ambient) + ": allowed: above 0 K, below 2000 K");
    if (!o.floor.empty()) options.floor_K = quantity_of("--floor", o.floor, Dimension::temperature);
    if (o.drive != "auto")
        options.drive = LumpedDrive(std::find(kLumpedDrives.begin(), kLumpedDrives.end(), o.drive) - kLumpedDrives.begin());
    std::optional<LumpedRange> fit_range, predict, dwell;
    std::optional<double> hold;
    if (!o.fit.empty()) fit_range = range_of("--fit", o.fit);
    if (!o.predict.empty()) predict = range_of("--predict", o.predict);
    if (!o.dwell.empty()) dwell = range_of("--dwell", o.dwell);
    if (!o.hold.empty()) hold = quantity_of("--hold", o.hold, Dimension::temperature);

    const SensorLog log = read_sensor_log(o.log, columns);
    if (!fit_range)
        throw InputError(log.source +
                         ": name the window to calibrate on with --fit START-END: a stretch where the heater is on and " +
                         "the temperature changes; the log runs from " + format_number(log.time_s.front()) + " to " +
                         format_number(log.time_s.back()) + " s" + suggestion(log));
    options.from_s = fit_range->from_s, options.to_s = fit_range->to_s;
    for (const auto& finding : log.findings) spdlog::warn("{}", finding);
    const LumpedFit fit = fit_lumped(log, options);
    for (const auto& finding : fit.findings) spdlog::warn("{}", finding);
    if (!predict && fit.to_s < log.time_s.back()) predict = LumpedRange{fit.to_s, log.time_s.back()};
    std::optional<LumpedPrediction> prediction;
    if (predict)
        prediction = predict_lumped(log, fit, *predict, dwell, hold);
    else if (dwell || hold)
        throw InputError("--dwell and --hold need rows after the fit window; the log ends with it");
    const LumpedPrediction* p = prediction ? &*prediction : nullptr;
    if (p && p->dwell) {
        const auto& d = *p->dwell;
        const double spread = std::max(d.power_most_W - d.power_W.predicted, d.power_W.predicted - d.power_least_W);
        if (spread > std::max(2.0 * d.power_W.sd, 0.1 * d.power_W.predicted))
            spdlog::warn(
                "models that fit the window as well need {:.0f} to {:.0f} W in the dwell: this window cannot tell; a longer "
                "one, "
                "or one with changes of power, can",
                d.power_least_W, d.power_most_W);
    }
    const std::string numbers = to_json(log, fit, p).dump(2) + "\n";
    if (o.json)
        std::cout << numbers;
    else
        print(log, fit, p);
    if (o.folder.empty()) return;
    const std::filesystem::path folder = o.folder;
    make_folder(folder);
    write_file(folder / "lumped.json", numbers);
    write_file(folder / "lumped.csv", table_of(lumped_trace(log, fit, p)));
    const bool picture = write_lumped_picture(folder / "lumped.png", log, fit, p);
    if (!o.json)
        std::printf("  written to %s: lumped.json, lumped.csv%s\n", o.folder.c_str(),
                    picture ? ", lumped.png" : " (pictures are not built)");
}

}  // namespace

void add_lumped(CLI::App& app, Outcome&) {
    auto* command = app.add_subcommand(
        "lumped", "A twin without geometry from the log of a run: calibrated on one stretch, compared with what follows");
    auto o = std::make_shared<LumpedArguments>();
    command->add_option("log", o->log, "logger file (Keyence NR-500 and alike) or a table with a line of column names")
        ->required()
        ->type_name("LOG.csv");
    command->add_option("--fit", o->fit, "stretch to calibrate on, START-END in seconds of the log: 430-860")
        ->type_name("RANGE");
    command->add_option("--predict", o->predict, "stretch to predict; default: all that follows the fit")->type_name("RANGE");
    command->add_option("--dwell", o->dwell, "stretch of constant temperature in it; default: the longest within 5 K")
        ->type_name("RANGE");
    command
        ->add_option(
            "--hold", o->hold,
            "temperature at which the programme holds: \"1500 degC\"; adds the closed loop of the twin's own controller")
        ->type_name("TEMPERATURE");
    command
        ->add_option("--column", o->columns,
                     "ROLE=[-]NAME[:UNIT], once for each of temperature, voltage, current, time; a minus turns the sign: "
                     "\"current=-I:kA\"; default: usual names with the log's units")
        ->expected(1)
        ->take_all()
        ->type_name("MAPPING");
    command
        ->add_option("--floor", o->floor,
                     "reading of a pyrometer that sees too little: \"572 degC\"; default: found in the log")
        ->type_name("TEMPERATURE");
    command->add_option("--ambient", o->ambient, "temperature that heat is lost to; default: 25 degC")
        ->type_name("TEMPERATURE");
    command->add_option("--drive", o->drive, "what drives the model: auto | current | voltage | power (V I); auto: the finest")
        ->default_val("auto")
        ->check(CLI::IsMember({"auto", "current", "voltage", "power"}));
    command->add_flag("--json", o->json, "print JSON");
    command->add_option("-o,--output", o->folder, "folder for lumped.json, lumped.csv, lumped.png")->type_name("DIR");
    command->callback([o] { lumped(*o); });
}

}  // namespace jt::cli
