// SPDX-License-Identifier: Apache-2.0
// Messages: what heater, twin, controllers and screens say to each other. Names of quantities are those of twin/quantity, units
// SI. A frame is topic | header | payload (frame.hpp); JSON of these structs is the payload, but for fields: JSON of the shape
// and raw little-endian float32.
// Times: *_ns is Unix time of the sender's clock [ns]; run seconds count from the start of the heater's program. Each start has
// a run number; an epoch is one life of a process: both change at a restart, and sequence numbers begin anew.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jt {

// Worst first wins where several apply.
enum class Quality : std::uint32_t {
    good = 0,
    uncertain = 1,  // degraded: fewer sensors, coarser model, model misfit
    predicted = 2,  // no sensor corrects it any more
    stale = 3,      // older than its valid_until
    bad = 4,        // known to be wrong, or absent
};

struct Reading {
    std::string sensor;           // name in the scenario
    std::optional<double> value;  // SI; absent: the instrument has none (dropped out, below its range)
    std::string unit;             // "K", "V", "A"
    double sigma = 0.0;           // noise of one reading, 1 sd, as the instrument states it
    Quality quality = Quality::good;
    std::int64_t t_source_ns = 0;      // of the measurement
    std::uint64_t seq = 0, epoch = 0;  // of the sender's topic and life
};

enum class HeaterPhase { idle, running, holding, finished, aborted, tripped };

// What became of a command.
struct CommandResult {
    std::string id, verb;
    bool accepted = false;
    std::string reason;  // of a refusal
    std::int64_t t_ns = 0;
};

struct HeaterStatus {
    HeaterPhase phase = HeaterPhase::idle;
    std::uint64_t run = 0;      // counts starts; 0: none yet
    std::int64_t start_ns = 0;  // when the run began: run seconds of readings and states count from here
    double run_s = 0.0;         // since then
    double program_s = 0.0;     // where the program stands: behind run_s by what holds lasted
    std::optional<double> setpoint_K;
    std::string program;  // TOML array as in heater.program
    std::optional<CommandResult> last_command;
    std::string message;    // why it tripped, what it waits for
    bool watchdog = false;  // the twin's heartbeat is awaited and has not come
    std::map<std::string, std::uint64_t> counters;
};

struct Command {
    std::string id;                // chosen by the sender; the same id again is answered, not done again
    std::uint64_t epoch = 0;       // of the heater that is meant; 0: any
    std::int64_t deadline_ns = 0;  // not to be begun later than this
    std::string verb;              // start | hold | resume | abort | program
    std::string payload;           // of program: TOML array as in heater.program
};

// A number with its uncertainty.
struct Estimate {
    double value = 0.0, sd = 0.0, low = 0.0, high = 0.0;  // 90 % band
    Quality quality = Quality::good;
};

// What the twin makes of one sensor.
struct SensorState {
    std::string name, kind, unit;
    std::optional<double> reading, predicted, innovation, sigma;  // the last one; sigma: of the innovation
    std::string verdict;  // accepted | below floor | gated | stuck | late | repeated | from the future | garbage | lost ...
    double age_s = 0.0;   // of the last accepted reading
    Estimate bias;
    double nis = 0.0;                               // mean over the last 5 s
    double autocorrelation = 0.0;                   // lag 1 of the innovations
    std::map<std::string, std::uint64_t> counters;  // by verdict
};

// A parameter that is estimated: factor on the scenario's value, or what its unit says.
struct ParameterState {
    std::string name, unit;
    double prior = 0.0, prior_sd = 0.0;  // sd of ln for factors
    Estimate posterior;
    bool identified = false;
    std::string note;  // why not, "model misfit", "only as a product with ..."
};

struct TwinState {
    std::uint64_t run = 0;
    double run_s = 0.0;
    std::int64_t valid_until_ns = 0;
    Quality quality = Quality::good;
    std::string message;                      // of the quality, for people
    std::map<std::string, Estimate> scalars;  // T_mean_K, T_max_K, resistance_ohm, current_A, id_ig, ...
    std::vector<SensorState> sensors;
    std::vector<ParameterState> parameters;
    double nis = 0.0, nis_low = 0.0, nis_high = 0.0;  // per reading, over the last 5 s, with its 95 % band
    bool misfit = false;
    int members = 0, degradation = 0;  // 0: none; the order is in live/live_service.hpp
    double latency_s = 0.0, realtime_factor = 0.0;
};

struct ForecastPoint {
    double run_s = 0.0;
    std::map<std::string, std::array<double, 3>> bands;  // 5, 50, 95 %
};
struct LimitForecast {
    std::string quantity, what;  // "T_max_K", "limit of the heater"
    double limit = 0.0, probability = 0.0;
    std::optional<double> time_to_s;  // median over the members that cross
};
struct Forecast {
    std::uint64_t run = 0;
    double from_s = 0.0, to_s = 0.0;
    std::int64_t valid_until_ns = 0;
    Quality quality = Quality::good;
    std::vector<ForecastPoint> points;
    std::map<std::string, std::array<double, 3>> end_of_run;  // microstructure
    std::vector<LimitForecast> limits;
    std::map<std::string, double> skill, coverage;  // of past forecasts, by quantity: rmse over that of persistence; share
};

struct FieldMessage {
    std::string quantity;
    std::uint64_t run = 0;
    double run_s = 0.0;
    std::array<int, 3> cells{};     // x, y, z; x fastest
    std::array<double, 3> voxel{};  // [m]
    std::vector<float> values;      // NaN where there is no such thing
};

struct AlarmMessage {
    std::string id, text, action;
    int priority = 3;  // 1 urgent ... 3 low
    bool active = true;
    double run_s = 0.0;
};

struct TwinStatus {
    HeaterStatus heater;
    bool heater_heard = false;  // within its heartbeat
    double heater_age_s = 0.0;
    std::map<std::string, std::uint64_t> counters;  // readings by outcome, gaps, rejected frames ...
    std::string version, device, scenario_title;
};

struct Heartbeat {
    double uptime_s = 0.0;  // monotonic
    std::string role, state;
};

}  // namespace jt
