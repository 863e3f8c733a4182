// SPDX-License-Identifier: Apache-2.0
// 5: what the product would be with another hold from here on, by the outlook.
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "viz/figure/bed_view.hpp"
#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/reason.hpp"
#include "viz/screen/state/what_if.hpp"

namespace jt {

namespace {

constexpr std::array<double, 5> kHotter{-100.0, -50.0, 0.0, 50.0, 100.0};  // [K]
constexpr std::array<double, 3> kLonger{0.5, 1.0, 2.0};
constexpr std::size_t kCells = kHotter.size() * kLonger.size();

struct Cell {
    std::optional<double> capacity, id_ig;
};
struct Table {
    const RunFacts* facts = nullptr;
    FramePtr frame;
    std::array<Cell, kCells> cells;
};
// `shown` stays until `next` is complete: a table of a run that goes on does not flicker.
struct Tables {
    std::optional<Table> shown, next;
    std::size_t done = 0;               // of next
    std::optional<std::size_t> chosen;  // a cell, to be sent to the heater
};

Cell cell_of(const ScreenModel& model, const FieldFrame& frame, std::size_t n) {
    Cell cell;
    const auto* T = frame.find("T_K");
    const auto* Th = frame.find("Th_K");
    const auto changed =
        what_if(*model.program(), frame.time_s, model.end_s, kHotter[n % kHotter.size()], kLonger[n / kHotter.size()]);
    if (!T || !Th || !changed) return cell;
    Scenario scenario = model.facts->scenario;
    scenario.run.duration = changed->end_s;
    const auto told = outlook(scenario, *T, *Th, model.facts->in_product, frame.time_s, &changed->program);
    if (!told) return cell;
    const auto mean = [&](const char* name) {
        const auto at = told->means.find(name);
        return at == told->means.end() || !std::isfinite(at->second) ? std::nullopt : std::optional(at->second);
    };
    cell.capacity = mean("capacity_mAh_g"), cell.id_ig = mean("id_ig");
    return cell;
}

// At first all at once, later a row a frame: the screen goes on.
const Table& table_of(Ui& ui, const ScreenModel& model) {
    auto& kept = ui.memory.cache["what_if_tab"];
    if (!kept) kept = std::make_shared<Tables>();
    Tables& t = *std::static_pointer_cast<Tables>(kept);
    if (t.shown && t.shown->facts != model.facts) t = {};
    const bool current = t.shown && t.shown->frame == model.frame;
    if (current) {
        t.next.reset();
        return *t.shown;
    }
    // A new frame while one is being worked on waits for it.
    if (!t.next) t.next = Table{model.facts, model.frame, {}}, t.done = 0;
    const std::size_t until = t.shown ? std::min(kCells, t.done + kHotter.size()) : kCells;
    for (; t.done < until; ++t.done) t.next->cells[t.done] = cell_of(model, *t.next->frame, t.done);
    if (t.done == kCells) t.shown = std::move(t.next), t.next.reset();
    if (t.shown->frame != model.frame) ui.redraw_in(0.0);
    return *t.shown;
}

// Why there is nothing to tell; empty: there is.
std::string reason(const ScreenModel& model) {
    if (!model.facts) return reason_without_run(model);
    if (!model.program() || !model.temperature_program())
        return "this run follows no program of temperature: there is no hold to change";
    if (!model.frame) return "no fields of this moment yet";
    if (!model.frame->find("T_K") || !model.frame->find("Th_K"))
        return "the fields of this moment have no temperature and ordering of a product";
    if (!hold_ahead(*model.program(), model.frame->time_s, model.end_s))
        return "the last hold is over: what the product is to be is decided";
    return {};
}

}  // namespace

void draw_what_if_tab(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    if (const std::string why = reason(model); !why.empty()) return draw_reason(ui, at, "what_if", why);
    const Table& table = table_of(ui, model);
    if (std::none_of(table.cells.begin(), table.cells.end(), [](const Cell& c) { return c.capacity || c.id_ig; }))
        return draw_reason(ui, at, "what_if", "the outlook tells nothing of this run: it needs a product of char");
    Scribe& scribe = ui.scribe;
    const double frame_s = table.frame->time_s;
    const auto hold = hold_ahead(*model.program(), frame_s, model.end_s);
    if (!hold) return draw_reason(ui, at, "what_if", "the last hold is over: what the product is to be is decided");
    const Target& target = model.facts->scenario.target;
    const Quantity &C = quantity("capacity_mAh_g"), &R = quantity("id_ig"), &T = quantity("T_K");

    std::optional<std::size_t> best;
    double nearest = 0.0;
    for (std::size_t n = 0; n < kCells; ++n) {
        const Cell& cell = table.cells[n];
        double away = 0.0;
        if (target.capacity_mAh_g && cell.capacity)
            away = std::abs(*cell.capacity - *target.capacity_mAh_g);
        else if (!target.capacity_mAh_g && target.id_ig && cell.id_ig)
            away = std::abs(*cell.id_ig - *target.id_ig);
        else
            continue;
        if (!best || away < nearest) best = n, nearest = away;
    }

    const TextStyle label = ui.label();
    const double small = scribe.line_height(label), line = scribe.line_height(ui.body());
    // Title, heads, three rows, what it assumes, the command.
    const double left = std::min(150.0, at.w * 0.2), column = (at.w - left) / double(kHotter.size());
    double y = at.y;
    std::string title = "Capacity in mAh/g and I_D/I_G at the end, told at " + format_number(frame_s, 3) + " s";
    if (target.capacity_mAh_g)
        title += "; target " + shown_number(C, *target.capacity_mAh_g, false) + " mAh/g";
    else if (target.id_ig)
        title += "; target I_D/I_G " + shown_number(R, *target.id_ig, false);
    // A heater that is at hand can be given the program of a cell; a click chooses it.
    auto& chosen_cell = std::static_pointer_cast<Tables>(ui.memory.cache["what_if_tab"])->chosen;
    double title_w = at.w;
    bool send = false;
    if (model.heater) {
        const double width = std::min(150.0, at.w * 0.3);
        const bool open = chosen_cell && model.live && model.heater->closed().empty();
        send = ui.button({at.right() - width, y - 3, width, small + 6}, "what_if.send", "Send to the heater", false, open);
        scribe.enter(at, ui.theme.panel);
        title_w -= width + 12;
    }
    scribe.write_in("what_if.title", title, {at.x, y}, title_w, label);
    y += small + 3;
    for (std::size_t c = 0; c < kHotter.size(); ++c) {
        const double hotter = hold->to_value + kHotter[c];
        scribe.write_in("what_if.head." + std::to_string(c),
                        shown_number(T, hotter, view.kelvin) + " " + shown_unit(T, view.kelvin),
                        {at.x + left + column * (double(c) + 0.5), y}, column - 8, label, Align::centre);
    }
    scribe.write_in("what_if.head", "hold from here", {at.x, y}, left - 8, label);
    y += small + 2;
    ui.painter().line({at.x, y - 0.5}, {at.right(), y - 0.5}, {ui.theme.inset, 1.0, 0.0});
    // Three lines of foot; where that leaves too little, the table is written smaller.
    const double foot = 3 * small + 6, room = at.bottom() - y - foot;
    const bool large = room >= 3 * (line + 2);
    const double row_line = large ? line : small, row_height = std::clamp(room / 3.0, row_line + 1, 30.0);
    const double px = large ? kBodyPx : kLabelPx;
    const double from = std::max(frame_s, hold->from_s);
    for (std::size_t r = 0; r < kLonger.size(); ++r) {
        const double length = kLonger[r] * (hold->to_s - from);
        scribe.write_in("what_if.row." + std::to_string(r), trimmed(format_number(length, 3)) + " s",
                        {at.x, std::round(y + (row_height - row_line) / 2)}, left - 8, ui.style(px, ui.theme.text));
        for (std::size_t c = 0; c < kHotter.size(); ++c) {
            const std::size_t n = r * kHotter.size() + c;
            const Cell& cell = table.cells[n];
            const Rect box{at.x + left + column * double(c) + 2, y + 1, column - 4, row_height - 2};
            const bool marked = best && *best == n, as_is = kHotter[c] == 0.0 && kLonger[r] == 1.0;
            if (marked) ui.painter().rectangle(box, ui.theme.normal);
            if (as_is) ui.painter().frame(box, {ui.theme.muted, 1.0, 0.0});
            if (model.heater) {
                if (ui.clicked(box, "what_if.cell." + std::to_string(n))) {
                    chosen_cell = chosen_cell == n ? std::nullopt : std::optional(n);
                    ui.redraw_in(0.0);
                }
                if (chosen_cell && *chosen_cell == n) ui.painter().frame(box, {ui.theme.selection, 2.0, 0.0});
            }
            scribe.enter(at, marked ? ui.theme.normal : ui.theme.panel);
            const std::string text = (cell.capacity ? shown_number(C, *cell.capacity, false) : "\u2014") + std::string(" / ") +
                                     (cell.id_ig ? shown_number(R, *cell.id_ig, false) : "\u2014");
            scribe.write_in("what_if." + std::to_string(r) + "." + std::to_string(c), text,
                            {box.centre().x, std::round(y + (row_height - row_line) / 2)}, box.w - 6,
                            ui.style(px, ui.theme.text, marked ? Weight::medium : Weight::regular), Align::centre);
            scribe.note(model.heater && chosen_cell && *chosen_cell == n ? "chosen"
                        : marked                                         ? "best"
                        : as_is                                          ? "as planned"
                                                                         : "",
                        cell.capacity, std::nullopt);
            scribe.enter(at, ui.theme.panel);
        }
        y += row_height;
    }
    y += 3;
    const auto lines_left = [&] { return std::size_t(std::max(0.0, std::floor((at.bottom() - y + 1e-6) / small))); };
    const auto say = [&](const std::string& id, const std::vector<std::string>& lines) {
        for (std::size_t n = 0; n < lines.size(); ++n, y += small)
            scribe.write("what_if." + id + "." + std::to_string(n), lines[n], {at.x, y}, label);
    };
    const std::size_t chosen =
        model.heater && chosen_cell ? *chosen_cell : best.value_or(kHotter.size() + 3);  // +50 K, as long
    const auto changed =
        what_if(*model.program(), frame_s, model.end_s, kHotter[chosen % kHotter.size()], kLonger[chosen / kHotter.size()]);
    if (send && changed) {
        model.heater->command(HeaterVerb::program, &changed->program);
        chosen_cell.reset();
    }
    if (model.heater && changed && lines_left() > 0) {
        const double value = hold->to_value + kHotter[chosen % kHotter.size()];
        const std::string what =
            chosen_cell ? "To be sent: hold " + shown_number(T, value, view.kelvin) + " " + shown_unit(T, view.kelvin) +
                              " for " + trimmed(format_number(kLonger[chosen / kHotter.size()] * (hold->to_s - from), 3)) +
                              " s more; the run ends at " + trimmed(format_number(changed->end_s, 4)) + " s"
                        : "Nothing is sent before a cell is chosen and the button pressed; the answer stands in 6.";
        say("command", wrap(ui.painter(), what, label, at.w, 1));
    }
    const std::string assumes =
        std::string(model.heater ? "Click chooses. Framed: as planned" : "Framed: as planned") +
        (best ? "; shaded: nearest to the target" : "") +
        ". Capacity \u00b125 mAh/g, I_D/I_G \u00b10.10; each place keeps its share of the rise above the surroundings.";
    say("assumes", wrap(ui.painter(), assumes, label, at.w, std::min<std::size_t>(2, lines_left())));
    if (model.heater) return;
    if (!changed || lines_left() == 0) return;
    std::string source = std::filesystem::path(model.facts->scenario.source).filename().string();
    if (source.empty()) source = "SCENARIO";
    // The whole command, or the way it is formed.
    const std::string begins = "In full: jouletwin run " + source + " ";
    const auto whole = wrap(
        ui.painter(),
        begins + set_option(changed->program) + " --set 'run.duration=\"" + trimmed(format_number(changed->end_s, 4)) + " s\"'",
        label, at.w, 10);
    if (whole.size() <= lines_left())
        say("command", whole);
    else
        say("command", wrap(ui.painter(), begins + "--set heater.program=... --set run.duration=...", label, at.w, 1));
}

}  // namespace jt
