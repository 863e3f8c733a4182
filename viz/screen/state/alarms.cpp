// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/alarms.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace jt {

namespace {

bool normal(bool raised, bool unseen, bool shelved) {
    return !raised && !unseen && !shelved;
}

}  // namespace

std::string_view name_of(AlarmPriority priority) {
    switch (priority) {
        case AlarmPriority::urgent:
            return "URGENT";
        case AlarmPriority::high:
            return "HIGH";
        case AlarmPriority::low:
            return "LOW";
    }
    return "";
}

std::string_view name_of(AlarmState state) {
    switch (state) {
        case AlarmState::unacknowledged:
            return "not acknowledged";
        case AlarmState::acknowledged:
            return "acknowledged";
        case AlarmState::returned:
            return "over, not acknowledged";
        case AlarmState::shelved:
            return "shelved";
        case AlarmState::moment:
            return "at this moment";
    }
    return "";
}

std::string_view name_of(AlarmChange change) {
    switch (change) {
        case AlarmChange::raised:
            return "raised";
        case AlarmChange::returned:
            return "over";
        case AlarmChange::acknowledged:
            return "acknowledged";
        case AlarmChange::shelved:
            return "shelved";
        case AlarmChange::unshelved:
            return "off the shelf";
    }
    return "";
}

void AlarmBook::write(const Record& record, AlarmChange change) {
    journal_.push_back({now_.clock, now_.run_s, record.condition.id, record.condition.text, change});
    if (journal_.size() > kLongestJournal) journal_.pop_front();
}

void AlarmBook::raise(Record& record) {
    if (!record.unseen || record.first_clock.empty()) {
        record.first_run_s = record.condition.since_s.value_or(now_.run_s);
        record.first_clock = now_.clock;
        record.order = ++order_;
    }
    record.raised = true, record.acknowledged = false, record.unseen = false;
    write(record, AlarmChange::raised);
}

void AlarmBook::update(std::span<const AlarmCondition> conditions, const Now& now) {
    if (std::isfinite(now.wall_s)) now_.wall_s = now.wall_s;
    if (std::isfinite(now.run_s)) now_.run_s = now.run_s;
    now_.clock = now.clock;
    for (const AlarmCondition& one : conditions) {
        auto at = records_.find(one.id);
        if (at == records_.end()) {
            if (!one.certain) continue;
            at = records_.emplace(one.id, Record{}).first;
        }
        Record& record = at->second;
        if (!one.certain) {
            record.pending_since.reset();
            continue;
        }
        record.condition = one;
        if (record.raised) {
            record.pending_since.reset();
            continue;
        }
        const double clock = clock_of(one.kind);
        if (!record.pending_since) record.pending_since = clock;
        if (one.kind == AlarmKind::process && one.since_s) record.pending_since = std::min(*record.pending_since, *one.since_s);
        record.pending_since = std::min(*record.pending_since, clock);  // a clock that went back
        if (clock - *record.pending_since < one.on_delay_s) continue;
        record.pending_since.reset();
        raise(record);
    }
    for (auto& [id, record] : records_) {
        const bool named = std::any_of(conditions.begin(), conditions.end(),
                                       [&, key = std::string_view(id)](const auto& c) { return c.id == key; });
        if (!named && !record.raised) record.pending_since.reset();
        if (!named && record.raised) {
            const double clock = clock_of(record.condition.kind);
            if (!record.pending_since) record.pending_since = clock;
            record.pending_since = std::min(*record.pending_since, clock);
            if (clock - *record.pending_since >= record.condition.off_delay_s) {
                record.pending_since.reset();
                record.raised = false;
                record.unseen = !record.acknowledged && !record.shelved_until;
                write(record, AlarmChange::returned);
            }
        }
        if (record.shelved_until && now_.wall_s >= *record.shelved_until) {
            record.shelved_until.reset();
            record.acknowledged = false;  // what comes off the shelf asks again
            write(record, AlarmChange::unshelved);
        }
    }
    std::erase_if(records_, [](const auto& entry) {
        const Record& r = entry.second;
        return normal(r.raised, r.unseen, r.shelved_until.has_value()) && !r.pending_since;
    });
}

std::vector<Alarm> AlarmBook::list() const {
    std::vector<std::pair<const Record*, Alarm>> all;
    for (const auto& [id, record] : records_) {
        if (normal(record.raised, record.unseen, record.shelved_until.has_value())) continue;
        Alarm one{record.condition, AlarmState::unacknowledged, record.raised, record.first_run_s, record.first_clock, 0.0};
        if (record.shelved_until)
            one.state = AlarmState::shelved, one.shelf_left_s = std::max(0.0, *record.shelved_until - now_.wall_s);
        else if (record.raised)
            one.state = record.acknowledged ? AlarmState::acknowledged : AlarmState::unacknowledged;
        else
            one.state = AlarmState::returned;
        all.emplace_back(&record, std::move(one));
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        const auto rank = [](const auto& entry) {
            const Alarm& alarm = entry.second;
            return std::tuple(alarm.state == AlarmState::shelved, int(alarm.condition.priority), int(alarm.condition.kind),
                              int(alarm.state), entry.first->order);
        };
        return rank(a) < rank(b);
    });
    std::vector<Alarm> alarms;
    alarms.reserve(all.size());
    for (auto& entry : all) alarms.push_back(std::move(entry.second));
    return alarms;
}

bool AlarmBook::acknowledge(std::string_view id) {
    const auto at = records_.find(id);
    if (at == records_.end()) return false;
    Record& record = at->second;
    if (record.shelved_until) return false;
    if (record.raised ? record.acknowledged : !record.unseen) return false;
    record.acknowledged = record.raised, record.unseen = false;
    write(record, AlarmChange::acknowledged);
    return true;
}

bool AlarmBook::shelve(std::string_view id) {
    const auto at = records_.find(id);
    if (at == records_.end()) return false;
    Record& record = at->second;
    if (record.shelved_until || normal(record.raised, record.unseen, false)) return false;
    record.shelved_until = now_.wall_s + kShelfTime;
    record.unseen = false;
    write(record, AlarmChange::shelved);
    return true;
}

bool AlarmBook::unshelve(std::string_view id) {
    const auto at = records_.find(id);
    if (at == records_.end() || !at->second.shelved_until) return false;
    at->second.shelved_until.reset();
    at->second.acknowledged = false;
    write(at->second, AlarmChange::unshelved);
    return true;
}

int AlarmBook::row_of(int row) const {
    const auto alarms = list();
    if (row == row_ && !selected_.empty())
        for (std::size_t n = 0; n < alarms.size(); ++n)
            if (alarms[n].condition.id == selected_) return int(n);
    return std::clamp(row, 0, std::max(0, int(alarms.size()) - 1));
}

int AlarmBook::follow(int row) {
    row_ = row_of(row);
    const auto alarms = list();
    selected_ = alarms.empty() ? std::string() : alarms[std::size_t(row_)].condition.id;
    return row_;
}

void AlarmBook::reset() {
    *this = AlarmBook();
}

const Alarm* AlarmList::first() const {
    return alarms.empty() || alarms.front().state == AlarmState::shelved ? nullptr : &alarms.front();
}

std::size_t AlarmList::unshelved() const {
    return std::size_t(
        std::count_if(alarms.begin(), alarms.end(), [](const Alarm& a) { return a.state != AlarmState::shelved; }));
}

AlarmList alarms_shown(const ScreenModel& model, bool kelvin) {
    AlarmList shown;
    shown.judged = model.facts != nullptr && model.history && !model.history->times().empty();
    if (model.alarms && model.source.kind != SourceState::Kind::finished) {
        shown.alarms = model.alarms->list();
        return shown;
    }
    shown.moment_s = model.cursor_s;
    for (AlarmCondition& condition : conditions_of(model, kelvin)) {
        if (!condition.certain) continue;
        const double since = condition.since_s.value_or(model.cursor_s);
        shown.alarms.push_back({std::move(condition), AlarmState::moment, true, since, {}, 0.0});
    }
    std::stable_sort(shown.alarms.begin(), shown.alarms.end(), [](const Alarm& a, const Alarm& b) {
        return std::tuple(a.condition.priority, a.condition.kind, a.first_run_s) <
               std::tuple(b.condition.priority, b.condition.kind, b.first_run_s);
    });
    return shown;
}

std::optional<std::string> chosen_alarm(const ScreenModel& model, const ViewState& view) {
    const AlarmList shown = alarms_shown(model);
    if (shown.moment_s) return std::nullopt;
    if (view.tab == 1 && !shown.alarms.empty())
        return shown.alarms[std::size_t(model.alarms->row_of(view.alarm_row))].condition.id;
    if (const Alarm* first = shown.first()) return first->condition.id;
    return std::nullopt;
}

bool apply_to_alarms(Action action, const ScreenModel& model, const ViewState& view) {
    if (action != Action::acknowledge && action != Action::shelve) return false;
    const auto id = chosen_alarm(model, view);
    if (!id) return false;
    if (action == Action::acknowledge) return model.alarms->acknowledge(*id);
    return model.alarms->unshelve(*id) || model.alarms->shelve(*id);
}

}  // namespace jt
