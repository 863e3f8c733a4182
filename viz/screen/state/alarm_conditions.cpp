// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/alarm_judge.hpp"

#include <cmath>
#include <cstdio>

namespace jt {

std::string AlarmJudge::seconds_text(double s) {
    char text[32];
    std::snprintf(text, sizeof text, s < 99.95 ? "%.1f s" : "%.0f s", s);
    return text;
}

std::vector<AlarmCondition> AlarmJudge::conditions() {
    fate();
    if (m_.twin && at_end_) twin();
    if (m_.twin && at_end_ && source_silent()) {
        // What was known last is not of now: nothing begins, nothing ends.
        for (const char* id : {"T_limit", "T_near", "set_point", "feedback", "filament"}) hold(id, AlarmPriority::high);
    } else if (m_.history && !m_.history->times().empty() && m_.history->row_at(t_)) {
        limit();
        feedback();
        set_point();
    }
    events();
    energy();
    return std::move(out_);
}

std::string AlarmJudge::temperature(double K) const {
    const Quantity& q = quantity("T_K");
    return shown_number(q, K, kelvin_) + " " + shown_unit(q, kelvin_);
}

AlarmCondition& AlarmJudge::add(std::string id, AlarmPriority priority, AlarmKind kind) {
    AlarmCondition one;
    one.id = std::move(id), one.priority = priority, one.kind = kind;
    one.on_delay_s = kAlarmOnDelay, one.off_delay_s = kAlarmOffDelay;
    out_.push_back(std::move(one));
    return out_.back();
}

namespace {

std::vector<AlarmCondition> conditions_at(const ScreenModel& model, double t, bool at_end, bool kelvin) {
    if (!model.facts) return {};
    return AlarmJudge(model, t, at_end, kelvin).conditions();
}

}  // namespace

std::vector<AlarmCondition> conditions_of(const ScreenModel& model, bool kelvin) {
    return conditions_at(model, model.cursor_s, model.cursor_s >= model.newest_s - 1e-9, kelvin);
}

void update_alarms(AlarmBook& book, const ScreenModel& model, bool kelvin) {
    if (!model.facts) return;  // nothing can be judged: all stays as it is
    const auto conditions = conditions_at(model, model.newest_s, true, kelvin);
    book.update(conditions, {model.wall_s, model.newest_s, model.clock});
}

}  // namespace jt
