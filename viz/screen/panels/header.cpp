// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "viz/figure/bed_view.hpp"
#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/value_text.hpp"

namespace jt {

namespace {

constexpr double kItemGap = 24.0;
constexpr double kWidestName = 0.26, kWidestSource = 0.34;  // of the header
constexpr double kDot = 10.0;                               // of the sign that it is being recorded
constexpr double kClockTick = 1.0;                          // [s]

// Small: the last to go where there is no room.
struct Item {
    std::string id, text;
    int rank;
    std::optional<double> value;
    bool recording = false;
    bool bad = false;  // in the colour of what is not valid
    std::optional<double> age_s = std::nullopt;
};

struct Source {
    std::string text, state;
    std::optional<double> age_s;
    bool bad = false;
};

// How the run ended, for people.
std::string end_of(RunStatus::Phase phase) {
    switch (phase) {
        case RunStatus::Phase::interrupted:
            return "interrupted";
        case RunStatus::Phase::failed:
            return "failed";
        case RunStatus::Phase::unfinished:
            return "killed";
        case RunStatus::Phase::running:
        case RunStatus::Phase::complete:
            break;
    }
    return "finished";
}

Source source_of(const ScreenModel& model) {
    const SourceState& s = model.source;
    const std::string name = s.name.empty() ? "no source" : s.name;
    switch (s.kind) {
        case SourceState::Kind::connecting:
            return {name + ", connecting" + (s.age_s >= 1.0 ? " for " + age_text(s.age_s) : ""), "connecting", std::nullopt,
                    false};
        case SourceState::Kind::waiting:
            return {name + ", waiting", "waiting", std::nullopt, false};
        case SourceState::Kind::empty:
            return {name + ", no run", "empty", std::nullopt, true};
        case SourceState::Kind::broken:
            return {name + ", lost for " + age_text(s.age_s), "broken", s.age_s, true};
        case SourceState::Kind::finished:
            return {name + ", " + end_of(model.status.phase), "finished", std::nullopt, false};
        case SourceState::Kind::live:
            break;
    }
    const bool stale = source_stale(model);
    const std::string live = s.name.starts_with("LIVE") ? s.name : "LIVE " + name;
    const double age = source_age(model);
    return {live + (stale ? ", no data for " : ", age ") + age_text(age), stale ? "stale" : "live", age, stale};
}

// Sensors that the run reads, and how many of them have a reading now. Absent: none that is known.
std::optional<std::string> sensors_of(const ScreenModel& model) {
    if (!model.facts || !model.facts->scenario.heater || model.facts->scenario.heater->feedback.empty()) return std::nullopt;
    const Shown reading = model.shown("reading_K");
    if (!reading.value && reading.reason == "not in this run") return std::nullopt;
    return std::string("sensors ") + (reading.value && !reading.stale ? "1/1" : "0/1");
}

std::string recorded_text(double s) {
    const long long whole = (long long)(std::clamp(s, 0.0, 3.6e8));
    char text[48];
    if (whole < 3600)
        std::snprintf(text, sizeof text, "REC %02lld:%02lld", whole / 60, whole % 60);
    else
        std::snprintf(text, sizeof text, "REC %lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
    return text;
}

std::string times_real_time(double factor) {
    return "\u00d7" +
           trimmed(format_number(factor, factor < 0.095    ? 1
                                         : factor < 10.0   ? 2
                                         : factor < 1000.0 ? 3
                                                           : 4)) +
           " real time";
}

std::vector<Item> items_of(const ScreenModel& model) {
    std::vector<Item> items;
    if (model.twin) {
        const TwinFacts& twin = *model.twin;
        const std::size_t at_work = twin.sensors_at_work(), all = twin.sensors.size();
        Item sensors{"header.sensors", "sensors " + std::to_string(at_work) + "/" + std::to_string(all), 1, double(at_work)};
        sensors.bad = at_work < all;
        // What a silent twin said of its sensors is not of now.
        const bool silent = source_stale(model);
        if (all > 0 && !silent) items.push_back(sensors);
        if (!twin.heater.heard && !silent) {
            Item heater{"header.heater", "heater silent " + age_text(twin.heater.age_s), 0, std::nullopt};
            heater.bad = true, heater.age_s = twin.heater.age_s;
            items.push_back(heater);
        }
        if (twin.degradation > 0) {
            Item degraded{"header.degraded", "degraded " + std::to_string(twin.degradation), 0, double(twin.degradation)};
            degraded.bad = true;
            items.push_back(degraded);
        }
        if (!silent && std::isfinite(twin.latency_s) && twin.latency_s > 0.0)
            items.push_back({"header.latency", "latency " + format_number(1e3 * twin.latency_s, 2) + " ms", 3, twin.latency_s});
    } else if (const auto sensors = sensors_of(model))
        items.push_back({"header.sensors", *sensors, 2, std::nullopt});
    if (const auto factor = model.status.realtime_factor;
        factor && std::isfinite(*factor) && model.facts && !(model.twin && source_stale(model)))
        items.push_back({"header.rate", times_real_time(*factor), 3, *factor});
    if (const auto residual = model.status.energy_residual; residual && std::isfinite(*residual))
        items.push_back({"header.energy", "energy " + format_number(std::abs(*residual), 1), 4, *residual});
    if (model.facts && !model.facts->device.empty()) items.push_back({"header.device", model.facts->device, 5, std::nullopt});
    if (model.facts && !model.facts->folder.empty() && model.source.kind == SourceState::Kind::live)
        items.push_back({"header.recording", recorded_text(model.newest_s), 1, model.newest_s, true});
    return items;
}

}  // namespace

void draw_header(Ui& ui, const Rect& at, const ScreenModel& model, const ViewState&) {
    Painter& painter = ui.painter();
    Scribe& scribe = ui.scribe;
    painter.rectangle(at, ui.theme.inset);
    scribe.enter(at, ui.theme.inset);
    const TextStyle strong = ui.style(kBodyPx, ui.theme.text, Weight::medium), plain = ui.style(kBodyPx, ui.theme.text);
    const double top = std::round(at.centre().y - scribe.line_height(plain) / 2);

    double right = at.right() - kPanelInset;
    if (!model.clock.empty()) {
        right = scribe.write("header.clock", model.clock, {right, top}, strong, Align::right).x - kItemGap;
        ui.redraw_in(kClockTick);
    }
    double x = at.x + kPanelInset;
    const std::string name = model.facts && !model.facts->name.empty() ? model.facts->name : "no run yet";
    x = scribe.write_in("header.name", name, {x, top}, kWidestName * at.w, strong).right() + kItemGap;

    // The name of the source is shortened, what state it is in never.
    Source source = source_of(model);
    const std::size_t comma = source.text.rfind(", ");
    const std::string tail = comma == std::string::npos ? std::string() : source.text.substr(comma);
    TextStyle of_source = plain;
    if (source.bad) of_source = ui.style(kBodyPx, ui.theme.invalid, Weight::medium);
    const double tail_width = scribe.width(tail, of_source);
    const std::string front = shorten(painter, source.text.substr(0, comma), of_source, kWidestSource * at.w - tail_width);
    const double width = scribe.width(front + tail, of_source);
    if (source.bad) {
        const Rect box{x - 8.0, at.y + 6.0, width + 16.0, at.h - 12.0};
        painter.rectangle(box, ui.theme.panel);
        ui.hatch(box);
        scribe.enter(at, ui.theme.panel);
    }
    x = scribe.write("header.source", front + tail, {x, top}, of_source).right() + kItemGap;
    scribe.note(source.state, std::nullopt, source.age_s);
    scribe.enter(at, ui.theme.inset);

    auto items = items_of(model);
    const auto width_of = [&](const Item& item) {
        return scribe.width(item.text, plain) + kItemGap + (item.recording ? kDot + 6.0 : 0.0);
    };
    double needed = -kItemGap;
    for (const Item& item : items) needed += width_of(item);
    while (!items.empty() && x + needed > right) {
        const auto least =
            std::max_element(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.rank < b.rank; });
        needed -= width_of(*least);
        items.erase(least);
    }
    for (const Item& item : items) {
        if (item.recording) {
            const Point c{x + kDot / 2, std::round(at.centre().y)};
            std::vector<Point> ring;
            for (int n = 0; n < 24; ++n)
                ring.push_back({c.x + kDot / 2 * std::cos(n * 0.2618), c.y + kDot / 2 * std::sin(n * 0.2618)});
            painter.polygon(ring, ui.theme.text);
            x += kDot + 6.0;
        }
        TextStyle style = plain;
        if (item.bad) {
            style.colour = ui.theme.invalid;
            const Rect box{x - 8.0, at.y + 6.0, scribe.width(item.text, style) + 16.0, at.h - 12.0};
            painter.rectangle(box, ui.theme.panel);
            ui.hatch(box);
            scribe.enter(at, ui.theme.panel);
        }
        x = scribe.write(item.id, item.text, {x, top}, style).right() + kItemGap;
        if (item.value || item.bad) scribe.note(item.bad ? "bad" : "", item.value, item.age_s);
        scribe.enter(at, ui.theme.inset);
    }
}

}  // namespace jt
