// SPDX-License-Identifier: Apache-2.0
// 6: the program ahead, what the supply and the controller are bound to, and commands to the run: what is commanded and what
// the run has confirmed stand apart.
#include <algorithm>
#include <array>
#include <cmath>

#include "viz/figure/bed_view.hpp"
#include "viz/screen/panels/reason.hpp"
#include "viz/screen/panels/table.hpp"
#include "viz/screen/panels/time_chart.hpp"
#include "viz/screen/panels/value_text.hpp"

namespace jt {

namespace {

constexpr double kHold = 1.0;  // [s] that the button which ends the run is held
constexpr double kRunGap = 24.0, kRunButtonHeight = 28.0;
constexpr std::array<double, 10> kRates{0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0};

// What a screen remembers of the commands it gave.
struct Commands {
    const RunControl* to = nullptr;
    std::string stop_at;               // time of day; empty: not yet
    std::optional<double> held_since;  // of the mouse
    const HeaterControl* heater = nullptr;
    std::string command, command_at;  // id of the last one, and when it was first seen
    bool held_through = false;        // the button that aborts has done so in this press
};

std::string rate_text(double rate) {
    return rate > 0.0 ? "\u00d7" + trimmed(format_number(rate, 3)) : std::string("as fast as possible");
}

double slower(double rate) {
    if (!(rate > 0.0)) return kRates.back();
    for (std::size_t n = kRates.size(); n-- > 0;)
        if (kRates[n] < rate * (1.0 - 1e-9)) return kRates[n];
    return kRates.front();
}

double faster(double rate) {
    if (!(rate > 0.0)) return 0.0;
    for (const double r : kRates)
        if (r > rate * (1.0 + 1e-9)) return r;
    return 0.0;  // no bound any more
}

struct Unit {
    const char* name;
    bool temperature;
};

Unit unit_of(const ScreenModel& model) {
    if (model.temperature_program()) return {"", true};
    const auto& heater = model.facts->scenario.heater;
    if (!heater) return {"", false};
    switch (heater->mode) {
        case Heater::Mode::current:
            return {"A", false};
        case Heater::Mode::voltage:
            return {"V", false};
        case Heater::Mode::power:
            return {"W", false};
        default:
            return {"", true};
    }
}

void program_table(Ui& ui, const Rect& at, const ScreenModel& model, bool kelvin) {
    const Program* program = model.program();
    if (!program) return draw_reason(ui, at, "run.program", "this run follows no program");
    const Unit unit = unit_of(model);
    const Quantity& T = quantity("T_K");
    const std::string shown = unit.temperature ? shown_unit(T, kelvin) : unit.name;
    const auto value = [&](double v) { return unit.temperature ? shown_number(T, v, kelvin) : format_number(v, 3); };
    std::vector<TableRow> rows;
    const auto segments = segments_of(*program, whole_run(model).end);
    std::optional<std::size_t> present;
    for (std::size_t n = 0; n < segments.size(); ++n)
        if (model.cursor_s >= segments[n].from_s - 1e-9 && (model.cursor_s < segments[n].to_s || n + 1 == segments.size()))
            present = n;
    for (std::size_t n = 0; n < segments.size(); ++n) {
        const Segment& s = segments[n];
        const double length = s.to_s - s.from_s, rate = length > 0.0 ? (s.to_value - s.from_value) / length : 0.0;
        TableRow row;
        row.id = std::to_string(n);
        row.marked = present && *present == n;
        std::string when = time_text(s.to_s, model);
        const bool runs = !model.twin || !model.live || model.twin->heater.phase == HeaterFacts::Phase::running;
        if (row.marked && runs && n + 1 < segments.size())
            when = "next in " + format_number(std::max(0.0, s.to_s - model.cursor_s), 3) + " s";
        const bool hold = s.kind == Segment::Kind::hold;
        row.cells = {{std::string(name_of(s.kind)), {}, {}, row.marked ? "present" : "", row.marked},
                     {hold ? "" : value(s.from_value), s.from_value},
                     {value(s.to_value), s.to_value},
                     {hold ? "" : format_number(rate, 3), rate},
                     {trimmed(format_number(length, 3)) + " s", length},
                     {when, s.to_s, {}, {}, row.marked}};
        rows.push_back(std::move(row));
    }
    draw_table(ui, at, "run.program",
               {{"segment", 1.1},
                {"from, " + shown, 1.0, Align::right},
                {"to, " + shown, 1.0, Align::right},
                {unit.temperature ? "K/s" : shown + "/s", 0.9, Align::right, 1},
                {"takes", 0.9, Align::right},
                {"until", 1.5, Align::right}},
               rows);
}

// Commands to the heater of a twin: what it confirms above, what was commanded from here below.
constexpr int kHeaterLines = 4;  // of text below the buttons
void heater_controls(Ui& ui, const Rect& at, const Rect& panel, const ScreenModel& model, const ViewState& view,
                     Commands& commands) {
    Scribe& scribe = ui.scribe;
    HeaterControl& control = *model.heater;
    const TextStyle label = ui.label(), text = ui.style(kLabelPx, ui.theme.text);
    const double line = scribe.line_height(label);
    using Phase = HeaterFacts::Phase;
    const std::string closed = control.closed();
    const std::optional<Phase> phase = model.twin ? std::optional(model.twin->heater.phase) : std::nullopt;
    const bool open = closed.empty();
    const bool can_start = open && phase && *phase != Phase::running && *phase != Phase::holding;
    const bool can_hold = open && phase && *phase == Phase::running, can_resume = open && phase && *phase == Phase::holding;
    double y = at.y;
    const double step = std::floor((at.w - 8.0) * 0.24);
    const Rect start{at.x, y, step, kRunButtonHeight}, hold{start.right() + 4, y, step, kRunButtonHeight};
    const Rect abort{hold.right() + 12, y, at.right() - hold.right() - 12, kRunButtonHeight};
    if (ui.button(start, "run.start", "Start", false, can_start)) control.command(HeaterVerb::start);
    scribe.enter(panel, ui.theme.panel);
    if (ui.button(hold, "run.hold", phase && *phase == Phase::holding ? "Resume" : "Hold", false, can_hold || can_resume))
        control.command(can_resume ? HeaterVerb::resume : HeaterVerb::hold);
    // Held by the mouse here, or by its key.
    const bool pressed = open && ui.dragged(abort, "run.abort") && ui.input.down[0];
    if (!pressed) commands.held_since.reset(), commands.held_through = false;
    if (pressed && !commands.held_through && !commands.held_since) commands.held_since = ui.input.wall_s;
    double progress = 0.0;
    if (commands.held_since) progress = (ui.input.wall_s - *commands.held_since) / kHold;
    if (view.stop_held_since && open) progress = std::max(progress, (ui.input.wall_s - *view.stop_held_since) / kHold);
    progress = std::clamp(progress, 0.0, 1.0);
    if (commands.held_since && progress >= 1.0) {
        control.command(HeaterVerb::abort);
        commands.held_since.reset();
        commands.held_through = true;
    }
    ui.painter().rectangle(abort, open ? ui.theme.inset : ui.theme.panel);
    if (progress > 0.0) {
        ui.painter().rectangle({abort.x, abort.bottom() - 5, abort.w * progress, 5}, ui.theme.selection);
        ui.redraw_in(0.0);
    }
    ui.painter().frame(abort, {ui.theme.border, 1.0, 0.0});
    scribe.enter(panel, open ? ui.theme.inset : ui.theme.panel);
    const std::string whole = "Abort: hold Backspace 1 s", brief = "Abort: hold 1 s";
    const TextStyle strong = ui.style(kLabelPx, open ? ui.theme.text : ui.theme.muted, Weight::medium);
    scribe.write_in("run.abort", scribe.width(whole, strong) <= abort.w - 12 ? whole : brief,
                    {abort.centre().x, std::round(abort.centre().y - line / 2)}, abort.w - 8, strong, Align::centre);
    scribe.note(progress > 0.0 ? "held" : open ? "" : "closed", progress, std::nullopt);
    scribe.enter(panel, ui.theme.panel);
    y += kRunButtonHeight + 6;

    // Two columns of a name and what stands for it.
    const double x = at.x + 96.0;
    const auto lines = [&](const std::string& id, const std::string& name, const std::string& what, const TextStyle& style,
                           std::size_t most, const std::string& state, std::optional<double> age) {
        scribe.write_in("run." + id + ".name", name, {at.x, y}, x - at.x - 8, label);
        const auto wrapped = wrap(ui.painter(), what, style, at.right() - x, most);
        for (std::size_t n = 0; n < wrapped.size(); ++n, y += line) {
            scribe.write("run." + id + (n == 0 ? "" : "." + std::to_string(n)), wrapped[n], {x, y}, style);
            scribe.note(state, std::nullopt, age);
        }
    };
    const TextStyle invalid = ui.style(kLabelPx, ui.theme.invalid, Weight::medium);
    const auto last = control.last();
    // A refusal has its reason, which may be long; else what the heater says has the room.
    const bool long_answer =
        last && (last->state == HeaterCommand::State::refused || last->state == HeaterCommand::State::unanswered);
    if (!open || !model.twin) {
        lines("confirmed", "heater", open ? "has not been heard yet" : "\u2014 " + closed, invalid, 2, "closed", std::nullopt);
    } else {
        const HeaterFacts& heater = model.twin->heater;
        const bool heard = heater.heard && !source_stale(model);
        const double age = std::max(heater.age_s, heard ? 0.0 : source_age(model));
        std::string what(name_of(heater.phase));
        if (!heard) what += ", " + age_text(age) + " ago";
        if (!heater.message.empty()) what += ": " + heater.message;
        lines("confirmed", "heater", what, heard ? ui.style(kLabelPx, ui.theme.text, Weight::medium) : invalid,
              long_answer ? 1 : 2, heard ? std::string(name_of(heater.phase)) : "stale", age);
    }
    if (!last) {
        lines("commanded", "commanded", "nothing from here", label, 1, "none", std::nullopt);
        return;
    }
    if (commands.command != last->id) {
        commands.command = last->id;
        commands.command_at = model.clock.empty() ? std::string() : " at " + model.clock;
    }
    using State = HeaterCommand::State;
    const std::string verb = std::string(name_of(last->verb)) + commands.command_at;
    const std::string why = last->reason.empty() ? "" : ": " + last->reason;
    switch (last->state) {
        case State::sent:
            lines("commanded", "commanded", verb + "; not yet confirmed", text, 1, "commanded", last->age_s);
            break;
        case State::confirmed:
            lines("commanded", "commanded", verb + "; confirmed", text, 1, "confirmed", std::nullopt);
            break;
        case State::refused:
            lines("commanded", "commanded", verb + "; REFUSED" + why, ui.style(kLabelPx, ui.theme.text, Weight::medium), 3,
                  "refused", std::nullopt);
            break;
        case State::unanswered:
            lines("commanded", "commanded", verb + "; NOT ANSWERED" + why, invalid, 2, "unanswered", last->age_s);
            break;
    }
}

}  // namespace

void draw_run_tab(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    if (!model.facts) return draw_reason(ui, at, "run", reason_without_run(model));
    Scribe& scribe = ui.scribe;
    const double wide = std::round(std::min(420.0, at.w * 0.43));
    program_table(ui, {at.x, at.y, at.w - wide - kRunGap, at.h}, model, view.kelvin);

    const Rect right{at.right() - wide, at.y, wide, at.h};
    const TextStyle label = ui.label(), text = ui.style(kLabelPx, ui.theme.text);
    const double line = scribe.line_height(label);
    auto& kept = ui.memory.cache["run_tab"];
    if (!kept) kept = std::make_shared<Commands>();
    Commands& commands = *std::static_pointer_cast<Commands>(kept);
    if (commands.to != model.control || commands.heater != model.heater) {
        commands = {};
        commands.to = model.control, commands.heater = model.heater;
    }

    // Control stands at the foot: what it needs is kept free of the facts above.
    const double control_height = model.heater    ? kRunButtonHeight + 6 + kHeaterLines * line
                                  : model.control ? kRunButtonHeight + 2 * line + 10
                                                  : 2 * line;
    double y = right.y;
    const auto say = [&](const std::string& id, const std::string& what, const std::string& value) {
        if (y + line > right.bottom() - control_height - 6) return;
        const Rect name = scribe.write_in("run." + id + ".name", what, {right.x, y}, right.w / 2, label);
        const double x = std::max(name.right() + 10, right.x + 84);
        y = scribe.write_in("run." + id, value, {x, y}, right.right() - x, text).bottom() + 2;
    };
    const Scenario& scenario = model.facts->scenario;
    const Quantity& T = quantity("T_K");
    if (scenario.heater) {
        const Heater& heater = *scenario.heater;
        const Supply& supply = heater.supply;
        std::string bounds;
        const auto add = [&](const std::string& one) { bounds += (bounds.empty() ? "" : ", ") + one; };
        if (supply.current) add(trimmed(format_number(*supply.current, 3)) + " A");
        if (supply.voltage) add(trimmed(format_number(*supply.voltage, 3)) + " V");
        if (supply.slew) add(trimmed(format_number(*supply.slew, 3)) + " A/s");
        say("supply", "supply, at most", bounds.empty() ? "\u2014 not limited" : bounds);
        if (heater.limit_temperature)
            say("limit", "limit", shown_number(T, *heater.limit_temperature, view.kelvin) + " " + shown_unit(T, view.kelvin));
        if (!heater.feedback.empty())
            say("feedback", "feedback",
                heater.feedback + ", " + trimmed(format_number(supply.update, 3)) + " Hz, delay " +
                    trimmed(format_number(supply.delay, 2)) + " s");
    } else if (scenario.furnace) {
        say("supply", "furnace", "wall by the program");
    } else {
        say("supply", "heater", "\u2014 none in this scenario");
    }

    y = right.bottom() - control_height;
    ui.painter().line({right.x, y - 4.5}, {right.right(), y - 4.5}, {ui.theme.inset, 1.0, 0.0});
    using Kind = SourceState::Kind;
    if (model.heater) return heater_controls(ui, {right.x, y, right.w, control_height}, at, model, view, commands);
    if (!model.control) {
        const std::string why = model.source.kind == Kind::live
                                    ? "No commands: this run goes on elsewhere, it can be ended there (Ctrl C)."
                                : model.source.kind == Kind::finished ? "A finished run: nothing to command."
                                                                      : "No commands: " + reason_without_run(model) + ".";
        const auto lines = wrap(ui.painter(), why, text, right.w, 2);
        for (std::size_t n = 0; n < lines.size(); ++n, y += line)
            scribe.write("run.control.none." + std::to_string(n), lines[n], {right.x, y}, text);
        return;
    }
    RunControl& control = *model.control;
    const bool over = model.source.kind == Kind::finished || model.status.phase != RunStatus::Phase::running;
    // Buttons: slower, faster, end.
    const double step = kRunButtonHeight + 8;
    const Rect minus{right.x, y, step, kRunButtonHeight}, plus{minus.right() + 4, y, step, kRunButtonHeight};
    const Rect stop{plus.right() + 12, y, right.right() - plus.right() - 12, kRunButtonHeight};
    const bool stopping = control.stop_commanded();
    const bool open = !over && !stopping;
    if (ui.button(minus, "run.slower", "\u2212", false, open)) control.set_rate(slower(control.commanded_rate()));
    if (ui.button(plus, "run.faster", "+", false, open)) control.set_rate(faster(control.commanded_rate()));
    // Held by the mouse here, or by its key.
    if (open && ui.dragged(stop, "run.stop") && ui.input.down[0]) {
        if (!commands.held_since) commands.held_since = ui.input.wall_s;
    } else {
        commands.held_since.reset();
    }
    double progress = 0.0;
    if (commands.held_since) progress = (ui.input.wall_s - *commands.held_since) / kHold;
    if (view.stop_held_since && open) progress = std::max(progress, (ui.input.wall_s - *view.stop_held_since) / kHold);
    progress = std::clamp(progress, 0.0, 1.0);
    if (commands.held_since && progress >= 1.0) {
        control.stop();
        commands.held_since.reset();
        ui.memory.active.clear();
    }
    ui.painter().rectangle(stop, open ? ui.theme.inset : ui.theme.panel);
    if (progress > 0.0) {
        ui.painter().rectangle({stop.x, stop.bottom() - 5, stop.w * progress, 5}, ui.theme.selection);
        ui.redraw_in(0.0);
    }
    ui.painter().frame(stop, {ui.theme.border, 1.0, 0.0});
    scribe.enter(at, open ? ui.theme.inset : ui.theme.panel);
    const std::string what = over ? "the run has ended" : stopping ? "ending" : "End the run: hold 1 s";
    scribe.write_in("run.stop", what, {stop.centre().x, std::round(stop.centre().y - line / 2)}, stop.w - 8,
                    open ? text : label, Align::centre);
    scribe.note(progress > 0.0 ? "held" : over ? "ended" : stopping ? "commanded" : "", progress, std::nullopt);
    scribe.enter(at, ui.theme.panel);
    y += kRunButtonHeight + 5;

    const double commanded = control.commanded_rate(), confirmed = control.confirmed_rate();
    const bool agree = commanded == confirmed;
    scribe.write_in("run.rate",
                    "rate commanded " + rate_text(commanded) +
                        (agree ? "; confirmed" : "; not yet confirmed, runs " + rate_text(confirmed)),
                    {right.x, y}, right.w, text);
    scribe.note(agree ? "confirmed" : "commanded", commanded, std::nullopt);
    y += line;
    if (control.stop_commanded()) {
        if (commands.stop_at.empty()) commands.stop_at = model.clock.empty() ? std::string("\u2014") : model.clock;
        scribe.write_in("run.stopped", "end commanded at " + commands.stop_at + (over ? "; confirmed" : "; not yet confirmed"),
                        {right.x, y}, right.w, text);
        scribe.note(over ? "confirmed" : "commanded", std::nullopt, std::nullopt);
    }
}

}  // namespace jt
