// SPDX-License-Identifier: Apache-2.0
// LiveTwin: a twin of one run of a heater: takes in windows of readings, one after the other, and says what it makes of them.
// The same windows give the same bits. Belongs to one thread.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/live/intake.hpp"
#include "twin/archive.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {

struct LiveTwinOptions {
    int members = 16;
    double window_s = 0.1, radius_m = 0.0;  // see FilterOptions
    std::uint64_t seed = 1;
    std::uint64_t run = 1;  // its number, in all messages
    // Forecasts are made on a thread of their own and come with a later window; one that is asked for while another is made
    // begins after it. False: with the window that asks.
    bool forecasts_beside = false;
};

// One window, and what is wanted after it.
struct LiveWork {
    Batch batch;
    int degradation = 0;
    bool forecast = false;
    std::vector<std::string> fields;  // to be sent
    bool state = false;               // all that a checkpoint needs
};

// A row of the run folder and the fields of its moment.
struct LiveRow {
    RunRecord record;
    std::map<std::string, std::vector<float>> fields;  // all that there are
};

struct LiveResult {
    TwinState state;
    std::optional<Forecast> forecast;
    double forecast_s = 0.0;  // time that it took
    std::vector<FieldMessage> fields;
    std::vector<AlarmMessage> alarms;  // that began or ended
    std::optional<LiveRow> row;        // at the run's outputs
    std::optional<ArchiveMap> kept;
    Energy energy;
    long steps = 0;
    std::map<std::string, std::uint64_t> counters;
    HeaterStatus heater;
    bool heater_heard = false;
    double heater_age_s = 0.0;
    double work_s = 0.0;                    // time that all of it took
    std::vector<std::int64_t> arrivals_ns;  // of the readings of the window
};

// Quantities that a live twin of this scenario can send as fields.
std::vector<std::string> live_fields(const Scenario& scenario);

// How many windows a twin had taken when this was kept.
long windows_of(const ArchiveMap& kept);

class LiveTwin {
public:
    // Throws as TwinFilter.
    LiveTwin(Backend& backend, const Scenario& scenario, const LiveTwinOptions& options);
    ~LiveTwin();

    LiveResult take(const LiveWork& work);
    // The number of the run that begins, before its first window.
    void set_run(std::uint64_t run);
    // Prepares what the first window would have to wait for.
    void warm_up();
    // As it was when this was kept (LiveResult::kept): the windows after it go on to the last bit. Throws InputError where it
    // is of another twin.
    void restore(const ArchiveMap& kept);

    std::map<std::string, SensorSkill> skill() const;  // see TwinFilter
    Coupled& twin();
    const Bed& bed() const;
    const std::map<std::string, std::string>& notes() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
