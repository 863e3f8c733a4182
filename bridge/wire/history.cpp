// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/history.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

using Json = nlohmann::json;

constexpr double kHalfBand = 1.6449;  // standard deviations of a normal in half its 90 % band

constexpr std::pair<const char*, double Estimate::*> kParts[] = {
    {"value", &Estimate::value}, {"sd", &Estimate::sd}, {"low", &Estimate::low}, {"high", &Estimate::high}};

bool finite(const Estimate& e) {
    return std::isfinite(e.value) && std::isfinite(e.sd) && std::isfinite(e.low) && std::isfinite(e.high);
}

[[noreturn]] void refuse(const std::string& what) {
    throw InputError("history: " + what);
}

const Json& list(const Json& of, const char* key, const std::string& where, std::size_t rows) {
    const auto found = of.find(key);
    if (found == of.end() || !found->is_array()) refuse(where + key + ": a list of numbers is wanted");
    if (rows != 0 && found->size() != rows)
        refuse(where + key + ": has " + std::to_string(found->size()) + " numbers; allowed: " + std::to_string(rows) +
               ", as run_s has");
    return *found;
}

}  // namespace

PastRow past_row(const TwinState& state) {
    PastRow row{state.run_s, state.scalars};
    if (state.nis_high > 0.0) row.scalars[std::string(kPastNis)] = {state.nis, 0.0, state.nis_low, state.nis_high};
    for (const SensorState& sensor : state.sensors) {
        if (sensor.verdict != "accepted" || !sensor.reading) continue;
        const double reading = *sensor.reading;
        row.scalars[std::string(kPastReading) + sensor.name] = {reading, 0.0, reading, reading};
        if (!sensor.innovation || !sensor.sigma || !(*sensor.sigma > 0.0)) continue;
        const double innovation = *sensor.innovation, reach = kHalfBand * *sensor.sigma;
        row.scalars[std::string(kPastInnovation) + sensor.name] = {innovation, *sensor.sigma, innovation - reach,
                                                                   innovation + reach};
    }
    return row;
}

std::string encode_history(std::span<const PastRow> rows) {
    std::set<std::string> names;
    Json times = Json::array();
    for (const PastRow& row : rows) {
        if (!std::isfinite(row.run_s)) continue;
        times.push_back(row.run_s);
        for (const auto& one : row.scalars) names.insert(one.first);
    }
    Json scalars = Json::object();
    for (const std::string& name : names)
        for (const auto& [part, member] : kParts) {
            Json values = Json::array();
            for (const PastRow& row : rows) {
                if (!std::isfinite(row.run_s)) continue;
                const auto found = row.scalars.find(name);
                const bool known = found != row.scalars.end() && finite(found->second);
                values.push_back(known ? Json(found->second.*member) : Json(nullptr));
            }
            scalars[name][part] = std::move(values);
        }
    return Json{{"run_s", std::move(times)}, {"scalars", std::move(scalars)}}.dump(-1, ' ', false,
                                                                                   Json::error_handler_t::replace);
}

std::vector<PastRow> decode_history(std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) refuse("not a JSON object");
    const Json& times = list(json, "run_s", "", 0);
    if (times.size() > kMostPastRows)
        refuse(std::to_string(times.size()) + " rows; allowed: at most " + std::to_string(kMostPastRows));
    std::vector<PastRow> rows(times.size());
    for (std::size_t n = 0; n < rows.size(); ++n) {
        if (!times[n].is_number() || !std::isfinite(times[n].get<double>()))
            refuse("run_s, number " + std::to_string(n + 1) + ": a finite number is wanted");
        rows[n].run_s = times[n].get<double>();
    }
    const auto scalars = json.find("scalars");
    if (scalars == json.end() || !scalars->is_object()) refuse("scalars: an object is wanted");
    if (scalars->size() > kMostPastNames)
        refuse(std::to_string(scalars->size()) + " quantities; allowed: at most " + std::to_string(kMostPastNames));
    if (rows.empty()) return rows;
    for (const auto& [name, parts] : scalars->items()) {
        const std::string where = "scalars, " + quote(name) + ", ";
        if (!parts.is_object()) refuse(where + "an object is wanted");
        const Json& first = list(parts, kParts[0].first, where, rows.size());
        for (const auto& [part, member] : kParts) {
            const Json& values = list(parts, part, where, rows.size());
            for (std::size_t n = 0; n < rows.size(); ++n) {
                const auto number = [n] { return ", number " + std::to_string(n + 1); };
                if (values[n].is_null() != first[n].is_null())
                    refuse(where + part + number() + ": null in one of value, sd, low, high must be null in all");
                if (values[n].is_null()) continue;
                if (!values[n].is_number() || !std::isfinite(values[n].get<double>()))
                    refuse(where + part + number() + ": a finite number or null is wanted");
                rows[n].scalars[name].*member = values[n].get<double>();
            }
        }
    }
    return rows;
}

}  // namespace jt
