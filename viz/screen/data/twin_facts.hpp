// SPDX-License-Identifier: Apache-2.0
// TwinFacts: what a twin beside a heater adds to a run: its estimate with its uncertainty, what it makes of each sensor, its
// forecast, and how heater and link fare. Units SI, names of quantities those of twin/quantity. All of it is of now, whatever
// moment the cursor stands at; the past is in the history, its bands in columns of their own (band_columns).
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jt {

// Worst last.
enum class DataQuality {
    good,
    uncertain,  // fewer sensors, a coarser model, a misfit
    predicted,  // no sensor corrects it any more
    stale,      // older than it is valid for
    bad,        // known to be wrong, or absent
};

// A number and its 90 % band.
struct Interval {
    double value = 0.0, low = 0.0, high = 0.0;
    DataQuality quality = DataQuality::good;
    double half() const { return (high - low) / 2; }
};

struct TwinSensor {
    std::string name, kind, unit;                                 // unit: "K", "V", "A"
    std::optional<double> reading, predicted, innovation, sigma;  // the last one; sigma: of the innovation
    std::string verdict;  // on the last reading: "accepted", "below floor", "gated", "stuck", "late", "lost" ...
    double age_s = 0.0;   // of the last accepted reading
    bool lost = false;    // it corrects nothing any more
    Interval bias;
    double nis = 0.0, autocorrelation = 0.0;        // over the last seconds: innovation squared over its variance; lag 1
    std::map<std::string, std::uint64_t> counters;  // readings by verdict
};

struct TwinParameter {
    std::string name, unit;  // unit empty: a factor on the scenario's value
    Interval prior, posterior;
    bool identified = false;
    std::string note;  // why not
};

struct TwinForecastPoint {
    double run_s = 0.0;
    std::map<std::string, std::array<double, 3>> bands;  // 5, 50, 95 %, by quantity
};

struct LimitChance {
    std::string quantity, what;  // "T_max_K", "limit of the heater"
    double limit = 0.0, probability = 0.0;
    std::optional<double> in_s;  // median time to it of the members that cross, from the forecast's start
};

struct TwinForecast {
    double from_s = 0.0, to_s = 0.0;
    double age_s = 0.0;    // since it came
    bool expired = false;  // older than it is valid for
    DataQuality quality = DataQuality::good;
    std::vector<TwinForecastPoint> points;
    std::map<std::string, std::array<double, 3>> end_of_run;  // of the product: 5, 50, 95 %
    std::vector<LimitChance> limits;
    std::map<std::string, double> skill, coverage;  // of past ones: error over that of persistence; share inside 5-95 %
};

struct HeaterFacts {
    enum class Phase { idle, running, holding, finished, aborted, tripped };
    Phase phase = Phase::idle;
    bool heard = false;  // within its heartbeat
    double age_s = 0.0;  // since it was heard
    std::uint64_t run = 0;
    std::optional<double> setpoint_K;
    std::string message;    // why it tripped, what it waits for
    bool watchdog = false;  // it misses the twin's heartbeat
};

struct TwinFacts {
    double run_s = 0.0;
    double age_s = 0.0;    // since the state came
    bool expired = false;  // older than it is valid for: nothing here is of now
    DataQuality quality = DataQuality::good;
    std::string message;                      // of the quality, for people
    std::map<std::string, Interval> scalars;  // T_mean_K, T_max_K, resistance_ohm ...
    std::vector<TwinSensor> sensors;
    std::vector<TwinParameter> parameters;
    double nis = 0.0, nis_low = 0.0, nis_high = 0.0;  // per reading, with its 95 % band
    bool misfit = false;
    int members = 0, degradation = 0;  // 0: none
    double latency_s = 0.0;            // from a reading's arrival to the state that knows it
    std::optional<TwinForecast> forecast;
    HeaterFacts heater;
    std::map<std::string, std::uint64_t> counters;  // readings by outcome, gaps, rejected frames

    std::size_t sensors_at_work() const {
        std::size_t count = 0;
        for (const TwinSensor& sensor : sensors) count += sensor.lost ? 0 : 1;
        return count;
    }
    const TwinSensor* sensor(std::string_view name) const {
        for (const TwinSensor& one : sensors)
            if (one.name == name) return &one;
        return nullptr;
    }
};

std::string_view name_of(HeaterFacts::Phase);  // "idle", "running", "held", "finished", "aborted", "tripped"

// Columns of a history that hold the 90 % band of a column: "T_mean_K_p05", "T_mean_K_p95". A source that has no bands has no
// such columns.
inline std::string low_column(std::string_view column) {
    return std::string(column) + "_p05";
}
inline std::string high_column(std::string_view column) {
    return std::string(column) + "_p95";
}
// Columns of a history of a live twin.
inline constexpr const char *kNisColumn = "nis", *kNisLowColumn = "nis_p025", *kNisHighColumn = "nis_p975";
// Innovation of a sensor over its standard deviation.
inline std::string innovation_column(std::string_view sensor) {
    return "innovation_" + std::string(sensor);
}

// sd of a normal that the ends of a 90 % band are away from its middle.
inline constexpr double kBandOfSd = 1.6449;

}  // namespace jt
