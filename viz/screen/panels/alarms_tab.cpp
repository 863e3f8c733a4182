// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/screen/panels/badge.hpp"
#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/value_text.hpp"

namespace jt {

namespace {

constexpr double kRow = 32.0, kColumnGap = 16.0, kAlarmButtonHeight = 28.0;
constexpr double kListShare = 0.57;  // of the width; the selected alarm has the rest
constexpr double kWide = 800.0;      // from this width on the list has room for times and states

std::string shelf_text(double s) {
    const int whole = int(std::ceil(std::max(0.0, s)));
    char text[32];
    std::snprintf(text, sizeof text, "%d:%02d left", whole / 60, whole % 60);
    return text;
}

std::string state_text(const Alarm& alarm) {
    if (alarm.state == AlarmState::shelved) return shelf_text(alarm.shelf_left_s);
    switch (alarm.state) {
        case AlarmState::acknowledged:
            return "ack";
        case AlarmState::returned:
            return "over";
        default:
            return "active";
    }
}

std::string first_out(const Alarm& alarm) {
    return moment_text(alarm.first_run_s) + (alarm.first_clock.empty() ? std::string() : ", " + alarm.first_clock);
}

// Rows of the list, and what else there was no room for. Returns where the list ends.
double draw_list(Ui& ui, const Rect& at, const AlarmList& shown, ViewState& view) {
    Scribe& scribe = ui.scribe;
    const int count = int(shown.alarms.size());
    const TextStyle label = ui.label();
    const double line = scribe.line_height(label);
    const bool wide = at.w >= kWide * kListShare;
    // Columns from the right: state, first out. In a narrow list the badge tells the state and the selected one its time.
    const double state_width = std::ceil(scribe.width("4:59 left", label)),
                 first_width = std::ceil(scribe.width(shown.moment_s ? "9999.9 s" : "9999.9 s, 00:00:00", label));
    const double state_x = at.right() - state_width - 8.0, first_x = state_x - kColumnGap - first_width,
                 text_x = at.x + kBadgeWidth + 8.0 + kColumnGap,
                 text_width = (wide ? first_x : at.right()) - kColumnGap - text_x;
    scribe.write("alarms.head.text", shown.moment_s ? "Alarms at " + moment_text(*shown.moment_s) : "Alarm", {text_x, at.y},
                 label);
    if (wide) {
        scribe.write("alarms.head.first", shown.moment_s ? "since" : "first out", {first_x, at.y}, label);
        scribe.write("alarms.head.state", "state", {state_x, at.y}, label);
    }
    const double top = at.y + line + 4.0;
    // One line is kept for what does not fit.
    int rows = std::max(1, int((at.bottom() - top) / kRow));
    if (count > rows) rows = std::max(1, int((at.bottom() - top - line) / kRow));
    const int first = std::clamp(view.alarm_row - rows / 2, 0, std::max(0, count - rows));
    const int last = std::min(count, first + rows);
    double y = top;
    for (int n = first; n < last; ++n, y += kRow) {
        const Alarm& alarm = shown.alarms[std::size_t(n)];
        const std::string id = "alarms." + std::to_string(n);
        const Rect row{at.x, y, at.w, kRow};
        if (ui.clicked(row, id)) view.alarm_row = n;
        const bool selected = n == view.alarm_row;
        if (selected) {
            ui.painter().rectangle(row, ui.theme.inset);
            ui.painter().rectangle({row.x, row.y, 4.0, row.h}, ui.theme.selection);
        }
        const Colour ground = selected ? ui.theme.inset : ui.theme.panel;
        draw_badge(ui, {at.x + 8.0, y + (kRow - kBadgeHeight) / 2, kBadgeWidth, kBadgeHeight}, id + ".badge", alarm);
        scribe.enter(row, ground);
        const bool muted = alarm.state == AlarmState::shelved || alarm.state == AlarmState::returned;
        const TextStyle body = ui.style(kPanelTitlePx, muted ? ui.theme.muted : ui.theme.text),
                        small = ui.style(kLabelPx, muted ? ui.theme.muted : ui.theme.text);
        const double body_top = std::round(y + (kRow - scribe.line_height(body)) / 2),
                     small_top = std::round(y + (kRow - line) / 2);
        scribe.write_in(id + ".text", alarm.condition.text, {text_x, body_top}, text_width, body);
        scribe.note(std::string(name_of(alarm.state)), std::nullopt, std::nullopt);
        if (!wide) continue;
        scribe.write_in(id + ".first", first_out(alarm), {first_x, small_top}, first_width, small);
        scribe.note("", alarm.first_run_s, std::nullopt);
        scribe.write_in(id + ".state", state_text(alarm), {state_x, small_top}, state_width, small);
    }
    scribe.enter(at, ui.theme.panel);
    if (last - first < count) {
        const std::string more = std::to_string(first) + " above, " + std::to_string(count - last) + " below";
        if (y + line <= at.bottom() + 1e-9) scribe.write_in("alarms.more", more, {text_x, y}, text_width, label);
        y += line;
    }
    return y;
}

void draw_journal(Ui& ui, const Rect& at, const AlarmBook& book) {
    const TextStyle label = ui.label();
    const double line = ui.scribe.line_height(label) + 2.0;
    const int rows = int(at.h / line) - 1;
    if (rows < 2 || book.journal().empty()) return;
    ui.scribe.write("alarms.journal", "Journal, newest first", {at.x + 8.0, at.y}, label);
    double y = at.y + line;
    int n = 0;
    for (auto entry = book.journal().rbegin(); entry != book.journal().rend() && n < rows; ++entry, ++n, y += line) {
        const std::string when = moment_text(entry->run_s) + (entry->clock.empty() ? "" : ", " + entry->clock);
        ui.scribe.write_in("alarms.journal." + std::to_string(n),
                           when + "  " + std::string(name_of(entry->change)) + ": " + entry->text, {at.x + 8.0, y}, at.w - 16.0,
                           label);
    }
}

void draw_selected(Ui& ui, const Rect& at, const Alarm& alarm, const AlarmList& shown, const ScreenModel& model) {
    Scribe& scribe = ui.scribe;
    const AlarmCondition& c = alarm.condition;
    scribe.enter(at, ui.theme.panel);
    double bottom = at.bottom();
    if (!shown.moment_s && model.alarms) {
        const double half = std::floor((at.w - 8.0) / 2);
        const Rect left{at.x, bottom - kAlarmButtonHeight, half, kAlarmButtonHeight},
            right{at.x + half + 8.0, left.y, half, kAlarmButtonHeight};
        const bool can = alarm.state == AlarmState::unacknowledged || alarm.state == AlarmState::returned;
        if (ui.button(left, "alarms.acknowledge", "A  acknowledge", false, can)) model.alarms->acknowledge(c.id);
        const bool shelved = alarm.state == AlarmState::shelved;
        if (ui.button(right, "alarms.shelve", shelved ? "S  off the shelf" : "S  shelve 5 min")) {
            if (shelved)
                model.alarms->unshelve(c.id);
            else
                model.alarms->shelve(c.id);
        }
        bottom = left.y - 6.0;
        scribe.enter(at, ui.theme.panel);
    }
    // What to do comes first: where there is little room it stays.
    struct Part {
        const char* id;
        std::string head, text;
    };
    std::vector<Part> parts{{"do", c.respond_s ? "Within " + time_span_text(std::ceil(*c.respond_s)) : "Do", c.action},
                            {"consequence", "Else", c.consequence},
                            {"cause", "Why", c.cause},
                            {"first", alarm.state == AlarmState::moment ? "Since" : "First", first_out(alarm)}};
    std::erase_if(parts, [](const Part& part) { return part.text.empty(); });
    const TextStyle head = ui.label(), body = ui.style(kLabelPx, ui.theme.text);
    const double line = scribe.line_height(body);
    double indent = 0.0;
    for (const Part& part : parts) indent = std::max(indent, std::ceil(scribe.width(part.head, head)) + 10.0);
    double y = at.y;
    for (std::size_t n = 0; n < parts.size(); ++n) {
        // Every part that follows keeps one line, if there is one.
        const int room = int((bottom - y + 1e-9) / line), others = int(parts.size() - n) - 1;
        const int most = room > others ? std::max(1, room - others) : room > 0 ? 1 : 0;
        if (most == 0) return;
        const auto lines = wrap(ui.painter(), parts[n].text, body, at.w - indent, std::size_t(most));
        const std::string id = std::string("alarms.selected.") + parts[n].id;
        scribe.write(id + ".head", parts[n].head, {at.x, y}, head);
        for (std::size_t k = 0; k < lines.size(); ++k, y += line)
            scribe.write(id + "." + std::to_string(k), lines[k], {at.x + indent, y}, body);
        // A little air between the parts where it costs no line.
        double left = 0.0;
        for (std::size_t k = n + 1; k < parts.size(); ++k)
            left += line * double(wrap(ui.painter(), parts[k].text, body, at.w - indent, 9).size());
        if (bottom - y - left > 4.0 * others) y += 4.0;
    }
}

}  // namespace

void draw_alarms_tab(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    const Rect& room = at;
    const AlarmList shown = alarms_shown(model, view.kelvin);
    const int count = int(shown.alarms.size());
    const bool over =
        at.x <= ui.input.mouse.x && ui.input.mouse.x < at.right() && at.y <= ui.input.mouse.y && ui.input.mouse.y < at.bottom();
    if (over && ui.input.wheel != 0.0) view.alarm_row -= ui.input.wheel > 0.0 ? 1 : -1;
    view.alarm_row = std::clamp(view.alarm_row, 0, std::max(0, count - 1));
    if (!shown.moment_s && model.alarms) view.alarm_row = model.alarms->follow(view.alarm_row);
    if (count == 0) {
        const std::string text = !shown.judged    ? std::string(kNoValue) + " no data yet: alarms are not judged"
                                 : shown.moment_s ? "No alarms at " + moment_text(*shown.moment_s)
                                                  : std::string("No active alarms");
        const Rect line = ui.scribe.write_in("alarms.none", text, {room.x, room.y}, room.w, ui.style(kBodyPx, ui.theme.muted));
        if (model.alarms)
            draw_journal(ui, {room.x - 8.0, line.bottom() + 8.0, room.w, room.bottom() - line.bottom() - 8.0}, *model.alarms);
        return;
    }
    const double list = std::floor(room.w * kListShare);
    const Rect left{room.x, room.y, list, room.h};
    const double end = draw_list(ui, left, shown, view);
    if (model.alarms && !shown.moment_s)
        draw_journal(ui, {left.x, end + 6.0, left.w, left.bottom() - end - 6.0}, *model.alarms);
    draw_selected(ui, {room.x + list + kColumnGap, room.y, room.w - list - kColumnGap, room.h},
                  shown.alarms[std::size_t(std::clamp(view.alarm_row, 0, count - 1))], shown, model);
}

}  // namespace jt
