// SPDX-License-Identifier: Apache-2.0
// 4: the product: how its quantities are distributed at the cursor, and what it will be at the end against what is aimed at.
#include <algorithm>
#include <array>
#include <cmath>

#include "twin/microstructure/calibration.hpp"
#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/reason.hpp"
#include "viz/screen/panels/time_chart.hpp"
#include "viz/screen/state/spread.hpp"

namespace jt {

namespace {

constexpr std::array<const char*, 4> kFields{"Th_K", "id_ig", "capacity_mAh_g",
                                             "d002_nm"};  // the first ones where room is short
constexpr std::size_t kBins = 24;
constexpr double kGap = 20.0, kNarrowest = 150.0, kFacts = 236.0;

struct Spreads {
    const RunFacts* facts = nullptr;
    FramePtr frame;
    std::array<std::optional<Spread>, kFields.size()> of;
};

const Spreads& spreads(Ui& ui, const ScreenModel& model) {
    auto& kept = ui.memory.cache["product_tab"];
    if (!kept) kept = std::make_shared<Spreads>();
    Spreads& s = *std::static_pointer_cast<Spreads>(kept);
    if (s.facts == model.facts && s.frame == model.frame) return s;
    s = {model.facts, model.frame, {}};
    const CalibratedRange fitted = calibrated_range();
    for (std::size_t n = 0; n < kFields.size(); ++n)
        if (const auto* field = model.frame->find(kFields[n]))
            s.of[n] = spread_of(*field, *model.facts, kBins, fitted.from_K, fitted.to_K);
    return s;
}

void histogram(Ui& ui, const Rect& at, const Quantity& q, const std::optional<Spread>& spread, bool kelvin) {
    Scribe& scribe = ui.scribe;
    const std::string id = "product." + std::string(q.name), unit = shown_unit(q, kelvin);
    const TextStyle label = ui.label(), body = ui.style(kBodyPx, ui.theme.text, Weight::medium);
    const double small = scribe.line_height(label), line = scribe.line_height(body);
    // The short names, where columns are narrow.
    std::string name(q.name == std::string_view("Th_K")             ? "Th"
                     : q.name == std::string_view("capacity_mAh_g") ? "capacity"
                                                                    : q.label);
    if (!unit.empty()) name += ", " + unit;
    scribe.write_in(id + ".name", name, {at.x, at.y}, at.w, label);
    if (!spread || !spread->any) {
        const Rect room{at.x, at.y + small, at.w, at.h - small};
        draw_reason(ui, room, id, spread ? "no cell has a value" : "no field of it at this moment");
        return;
    }
    const double feet = at.bottom() - 2 * small - line - 6;
    const Rect plot{at.x, at.y + small + 2, at.w, feet - at.y - small - 2};
    const double tallest = *std::max_element(spread->share.begin(), spread->share.end());
    const auto x_of = [&](double v) {
        return spread->high > spread->low ? plot.x + plot.w * (v - spread->low) / (spread->high - spread->low)
                                          : plot.centre().x;
    };
    if (plot.h > 6) {
        ui.painter().rectangle({x_of(spread->p05), plot.y, std::max(1.0, x_of(spread->p95) - x_of(spread->p05)), plot.h},
                               with_alpha(ui.theme.normal, 0.6));
        for (std::size_t n = 0; n < spread->share.size(); ++n) {
            const double a = std::round(plot.x + plot.w * double(n) / double(spread->share.size()));
            const double b = std::round(plot.x + plot.w * double(n + 1) / double(spread->share.size()));
            const double h = plot.h * spread->share[n] / tallest;
            ui.painter().rectangle({a, plot.bottom() - h, std::max(1.0, b - a - 1), h}, ui.theme.set_point);
        }
        ui.painter().line({plot.x, plot.bottom()}, {plot.right(), plot.bottom()}, {ui.theme.muted, 1.0, 0.0});
        ui.painter().line({x_of(spread->mean), plot.y}, {x_of(spread->mean), plot.bottom()}, {ui.theme.text, 2.0, 0.0});
    }
    const std::string low = shown_number(q, spread->low, kelvin), high = shown_number(q, spread->high, kelvin);
    double y = feet + 2;
    const Rect first = scribe.write_in(id + ".low", low, {at.x, y}, at.w / 2, label);
    if (low != high && first.right() + 8 + scribe.width(high, label) <= at.right())
        scribe.write(id + ".high", high, {at.right(), y}, label, Align::right);
    y += small;
    scribe.write_in(id + ".mean", "mean " + shown_number(q, spread->mean, kelvin) + off_by_text(q), {at.x, y}, at.w, body);
    scribe.note("", spread->mean, std::nullopt);
    y += line;
    scribe.write_in(id + ".spread",
                    "5\u201395 %: " + shown_number(q, spread->p05, kelvin) + " to " + shown_number(q, spread->p95, kelvin),
                    {at.x, y}, at.w, label);
}

// Groove with the prediction (open, with what the model may be off by) and the target (tick).
void against_target(Ui& ui, const Rect& at, double predicted, double half, std::optional<double> target) {
    double low = predicted - 2 * half, high = predicted + 2 * half;
    if (target) low = std::min(low, *target - half), high = std::max(high, *target + half);
    const auto x_of = [&](double v) { return at.x + at.w * (v - low) / std::max(high - low, 1e-12); };
    ui.painter().rectangle(at, ui.theme.inset);
    ui.painter().rectangle({x_of(predicted - half), at.y, x_of(predicted + half) - x_of(predicted - half), at.h},
                           with_alpha(ui.theme.selection, 0.30));
    const double x = x_of(predicted);
    const std::array<Point, 3> pointer{Point{x - 7, at.y - 5}, Point{x + 7, at.y - 5}, Point{x, at.y + 8}};
    ui.painter().polygon(pointer, ui.theme.panel);
    ui.painter().polyline(pointer, {ui.theme.selection, 2.0, 0.0}, true);
    if (target) ui.painter().line({x_of(*target), at.y - 4}, {x_of(*target), at.bottom() + 4}, {ui.theme.text, 3.0, 0.0});
}

}  // namespace

void draw_product_tab(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    if (!model.facts) return draw_reason(ui, at, "product", reason_without_run(model));
    if (std::none_of(model.facts->in_product.begin(), model.facts->in_product.end(), [](bool b) { return b; }))
        return draw_reason(ui, at, "product", "this run has no product");
    Scribe& scribe = ui.scribe;
    const double facts = std::min(kFacts, at.w * 0.34);
    const Rect right{at.right() - facts, at.y, facts, at.h};
    const double room = right.x - kGap - at.x;
    if (!model.frame) {
        draw_reason(ui, {at.x, at.y, room, at.h}, "product.fields", "no fields of this moment yet");
    } else {
        const Spreads& s = spreads(ui, model);
        const std::size_t fit = std::clamp<std::size_t>(std::size_t((room + kGap) / (kNarrowest + kGap)), 1, kFields.size());
        // Those that the run has first.
        std::vector<std::size_t> shown;
        for (std::size_t n = 0; n < kFields.size() && shown.size() < fit; ++n)
            if (s.of[n]) shown.push_back(n);
        if (shown.empty())
            draw_reason(ui, {at.x, at.y, room, at.h}, "product.fields", "the fields of this moment have nothing of a product");
        const double w = shown.empty() ? 0.0 : (room + kGap) / double(shown.size()) - kGap;
        for (std::size_t n = 0; n < shown.size(); ++n)
            histogram(ui, {std::round(at.x + double(n) * (w + kGap)), at.y, std::floor(w), at.h}, quantity(kFields[shown[n]]),
                      s.of[shown[n]], view.kelvin);
    }

    // The end, the range of the fits, the first cycle.
    const TextStyle label = ui.label(), body = ui.style(kBodyPx, ui.theme.text, Weight::medium);
    const double small = scribe.line_height(label), line = scribe.line_height(body);
    const Quantity &C = quantity("capacity_mAh_g"), &E = quantity("ice_percent");
    double y = right.y;
    const auto say = [&](const std::string& id, const std::string& text, const TextStyle& style) {
        if (y + scribe.line_height(style) > right.bottom() + 0.5) return false;
        y = scribe.write_in("product." + id, text, {right.x, y}, right.w, style).bottom();
        return true;
    };
    say("end.name", "Capacity at the end, mAh/g", label);
    const Outlook* outlook = model.shown_outlook();
    const auto predicted = [&]() -> std::optional<double> {
        if (!outlook) return std::nullopt;
        const auto found = outlook->means.find("capacity_mAh_g");
        return found == outlook->means.end() || !std::isfinite(found->second) ? std::nullopt : std::optional(found->second);
    }();
    const auto target = model.facts->scenario.target.capacity_mAh_g;
    if (predicted) {
        std::string text = shown_number(C, *predicted, false) + off_by_text(C);
        if (target) text += ", target " + shown_number(C, *target, false);
        if (say("end", text, body)) scribe.note("predicted", predicted, std::nullopt);
        if (right.bottom() - y > 3 * small + 28) {
            against_target(ui, {right.x, y + 8, right.w, 12}, *predicted, C.uncertainty, target);
            y += 28;
        }
    } else {
        say("end", "\u2014 no outlook here", body);
        if (target) say("target", "target " + shown_number(C, *target, false), label);
    }
    y += std::max(0.0, std::min(6.0, right.bottom() - y - line - 2 * small));
    if (model.frame) {
        const Spreads& s = spreads(ui, model);
        if (s.of[0] && s.of[0]->any) {
            const double percent = 100.0 * s.of[0]->outside;
            const std::string share = percent > 0.0 && percent < 0.1 ? "<0.1" : format_number(percent, percent < 10.0 ? 2 : 3);
            if (say("outside", share + " % outside the fitted range", ui.style(kLabelPx, ui.theme.text))) {
                scribe.note(percent > 0.0 ? "extrapolated" : "", s.of[0]->outside, std::nullopt);
            }
            const CalibratedRange fitted = calibrated_range();
            const Quantity& Th = quantity("Th_K");
            say("fits",
                "(Th " + shown_number(Th, fitted.from_K, view.kelvin) + " to " + shown_number(Th, fitted.to_K, view.kelvin) +
                    " " + shown_unit(Th, view.kelvin) + ")",
                label);
        }
    }
    if (model.history && model.history->has("ice_percent")) {
        const Shown ice = model.shown("ice_percent");
        if (ice.value && say("ice", "First cycle " + shown_number(E, *ice.value, false) + off_by_text(E) + " %",
                             ui.style(kLabelPx, ui.theme.text)))
            scribe.note(ice.stale ? "stale" : "", ice.value, ice.age_s);
    }
}

}  // namespace jt
