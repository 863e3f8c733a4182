// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "viz/screen/panels/badge.hpp"
#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/value_text.hpp"

namespace jt {

namespace {

constexpr double kGap = 16.0, kButtonHeight = 28.0, kButtonPadding = 20.0;

std::string nothing_text(const ScreenModel& model, const AlarmList& shown) {
    if (!shown.judged) return std::string(kNoValue) + " no data yet: alarms are not judged";
    if (shown.moment_s) return "No alarms at " + moment_text(*shown.moment_s);
    if (source_stale(model)) return std::string(kNoValue) + " no data: alarms are not judged";
    if (shown.alarms.empty()) return "No active alarms";
    return "No active alarms, " + std::to_string(shown.alarms.size()) + " shelved";
}

}  // namespace

void draw_alarm_line(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    ui.panel(at, "alarm_line");
    Scribe& scribe = ui.scribe;
    const AlarmList shown = alarms_shown(model, view.kelvin);
    const Alarm* first = shown.first();
    const double top = std::round(at.centre().y - scribe.line_height(ui.body()) / 2);
    if (!first) {
        const TextStyle muted = ui.style(kBodyPx, ui.theme.muted);
        scribe.write_in("alarm.text", nothing_text(model, shown), {at.x + kPanelInset, top}, at.w - 2 * kPanelInset, muted);
        scribe.note("none", std::nullopt, std::nullopt);
        return;
    }
    const AlarmCondition& condition = first->condition;
    const Rect badge{at.x + 6.0, std::round(at.centre().y - kBadgeHeight / 2), kBadgeWidth, kBadgeHeight};
    draw_badge(ui, badge, "alarm.badge", *first);
    scribe.enter(at, ui.theme.panel);

    // From the right: what can be done, how many there are, when it came.
    double right = at.right() - 6.0;
    const TextStyle label = ui.label();
    if (!shown.moment_s) {
        const bool keys_act_here = chosen_alarm(model, view) == condition.id;
        const auto button = [&](const char* id, const std::string& key, const std::string& word, bool enabled) {
            const std::string text = keys_act_here ? key + "  " + word : word;
            const double width = std::ceil(scribe.width(text, label)) + kButtonPadding;
            const Rect place{right - width, std::round(at.centre().y - kButtonHeight / 2), width, kButtonHeight};
            right = place.x - 8.0;
            return ui.button(place, id, text, false, enabled);
        };
        if (button("alarm.shelve", "S", "shelve", true)) model.alarms->shelve(condition.id);
        if (button("alarm.acknowledge", "A", "acknowledge", first->state != AlarmState::acknowledged))
            model.alarms->acknowledge(condition.id);
        right -= kGap - 8.0;
        scribe.enter(at, ui.theme.panel);
    }
    const double small_top = std::round(at.centre().y - scribe.line_height(label) / 2);
    const auto write_right = [&](const char* id, const std::string& text) {
        right = scribe.write(id, text, {right, small_top}, label, Align::right).x - kGap;
    };
    if (shown.unshelved() > 1) write_right("alarm.count", "1 of " + std::to_string(shown.unshelved()));
    if (shown.moment_s) write_right("alarm.moment", "at " + moment_text(*shown.moment_s));
    const std::string clock = first->first_clock.empty() ? "" : ", " + first->first_clock;
    write_right("alarm.first_out", (shown.moment_s ? "since " : "first out ") + moment_text(first->first_run_s) + clock);
    scribe.note("", first->first_run_s, std::nullopt);

    const double left = badge.right() + kGap;
    const std::string text = (first->state == AlarmState::returned ? "Over: " : "") + condition.text;
    const Colour colour = condition.kind == AlarmKind::validity ? ui.theme.invalid : ui.theme.text;
    scribe.write_in("alarm.text", text, {left, top}, right - left, ui.style(kBodyPx, colour));
    scribe.note(std::string(name_of(first->state)), std::nullopt, std::nullopt);
    // A click on the text opens the list at it.
    if (ui.clicked({left, at.y, std::max(0.0, right - left), at.h}, "alarm.open")) view.tab = 1, view.alarm_row = 0;
}

}  // namespace jt
