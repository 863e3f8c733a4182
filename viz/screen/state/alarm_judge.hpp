// SPDX-License-Identifier: Apache-2.0
// AlarmJudge: what is to be told at a moment of a run, by what the screen knows; the book (alarms.hpp) makes alarms of it. A
// judge looks once. Its parts: alarm_process, alarm_events, alarm_twin, alarm_source.
#pragma once
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viz/screen/state/alarms.hpp"

namespace jt {

inline constexpr double kAlarmOnDelay = 0.3, kAlarmOffDelay = 1.0;  // [s] against chatter

class AlarmJudge {
public:
    AlarmJudge(const ScreenModel& model, double t, bool at_end, bool kelvin)
        : m_(model), t_(t), at_end_(at_end), kelvin_(kelvin), scenario_(model.facts->scenario) {}
    std::vector<AlarmCondition> conditions();

private:
    // ---- words and columns

    // Seconds for people: one decimal below 100.
    static std::string seconds_text(double s);
    std::string temperature(double K) const;
    static std::string difference(double K) { return format_number(std::abs(K), std::abs(K) < 10.0 ? 2 : 3) + " K"; }
    AlarmCondition& add(std::string id, AlarmPriority priority, AlarmKind kind = AlarmKind::process);
    void hold(std::string id, AlarmPriority priority, AlarmKind kind = AlarmKind::process) {
        add(std::move(id), priority, kind).certain = false;
    }
    std::optional<double> at(const char* column) const { return m_.history->at(column, t_); }
    // Since when `holds(row)` is true without a break up to now; absent: it is not.
    template <class Holds>
    std::optional<double> since(Holds holds) const {
        std::optional<double> first;
        for (std::size_t n = *m_.history->row_at(t_) + 1; n-- > 0 && holds(n);) first = m_.history->times()[n];
        return first;
    }

    // ---- the bed and its regulation

    // Slope of a column above the set point where there is a program of temperature [K/s], and over how long it was seen. The
    // smaller one of the whole window and of its later half: what fades does not go on.
    struct Slope {
        double K_per_s, seen_s;
    };
    std::optional<Slope> slope(std::span<const double> values, const Program* program) const;
    // Time until T max reaches the limit when the set point follows its program and T max leaves it as it does now; absent: not
    // within the horizon.
    std::optional<double> time_to(double limit, double T_max, double horizon) const;
    void limit();
    double floor_of_feedback() const;
    // A reading counts above its sensor's floor.
    std::optional<double> reading(std::size_t row) const;
    void feedback();
    // Signed distance of the set point that nothing in the bed is at [K]: from the reading where the sensor sees, else from the
    // range of temperatures in the bed. Natural cooling below a falling program is as fast as it goes: no fault.
    std::optional<double> distance(std::size_t row) const;
    bool no_current(std::size_t row) const;
    bool below_its_past(std::size_t row) const;
    void set_point();
    std::string cause_of(double distance) const;

    // ---- events of the run

    bool tripped() const;
    void events();
    void energy();

    // ---- the twin

    // What the twin's forecast says of a limit; null: nothing that is valid.
    const LimitChance* chance_of(std::string_view quantity) const;
    // "T max inside: 95 % above 1050 degC in 4.1 s". False: not likely enough to be told.
    bool likely(const LimitChance& chance, const std::string& id);
    void twin();
    bool source_silent() const;
    void sensor_lost(const TwinSensor& sensor, bool all);
    void heater(const TwinFacts& twin);
    void command();

    // How the source and the run as a whole fare.
    void fate();

    const ScreenModel& m_;
    double t_;
    bool at_end_, kelvin_;
    const Scenario& scenario_;
    std::vector<AlarmCondition> out_;
};

}  // namespace jt
