// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/figure/bed_view.hpp"
#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/value_text.hpp"

namespace jt {

namespace {

constexpr double kItemGap = 22.0;
constexpr double kWidestNotice = 0.5, kWidestMaterial = 0.16;  // of the line
constexpr int kMostDecimals = 4;

struct Item {
    std::string id, text;
    std::optional<double> value;
    std::string state;
};

// Middle of a cell, with the decimals that tell neighbours apart: "x 3.00  y 5.00  z 0.45 mm".
std::string place_text(const Extents& e, const std::array<int, 3>& cell) {
    const auto size = e.size(), h = e.spacing();
    const LengthUnit unit = unit_of(*std::max_element(size.begin(), size.end()));
    std::string text;
    for (std::size_t a = 0; a < 3; ++a) {
        const double fine = h[a] / 2 / unit.metres;
        const int decimals = fine > 0.0 ? std::clamp(int(std::ceil(-std::log10(fine) - 1e-9)), 0, kMostDecimals) : 0;
        char number[64];
        std::snprintf(number, sizeof number, "%c %.*f  ", "xyz"[a], decimals, (cell[a] + 0.5) * h[a] / unit.metres);
        text += number;
    }
    text.pop_back();
    return text + unit.name;
}

std::string spoken(std::string name) {
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

std::string symbol_of(const Quantity& q) {
    if (q.name == "T_K") return "T";
    if (q.name == "capacity_mAh_g") return "capacity";
    return std::string(q.label);
}

std::vector<Item> values_at(const ScreenModel& model, const ViewState& view, std::size_t index) {
    std::vector<Item> items;
    if (!model.frame) {
        items.push_back({"probe.none", std::string(kNoValue) + " no fields yet", std::nullopt, "no value"});
        return items;
    }
    const RunFacts& facts = *model.facts;
    const bool product = index < facts.in_product.size() && facts.in_product[index];
    std::vector<std::string> names{"T_K", "J_over_J0", "id_ig", "capacity_mAh_g"};
    for (const std::string& also : {view.micro_field, view.bed_field})
        if (std::find(names.begin(), names.end(), also) == names.end()) names.push_back(also);
    for (const std::string& name : names) {
        const auto* field = model.frame->find(name);
        const auto known =
            std::find_if(quantities().begin(), quantities().end(), [&](const Quantity& q) { return q.name == name; });
        if (!field || field->size() != facts.extents.count() || known == quantities().end() || name == "material") continue;
        const double value = double((*field)[index]);
        const std::string symbol = symbol_of(*known);
        if (!std::isfinite(value)) {
            // What only a product has is not missing elsewhere.
            if (product || name == "T_K" || name == "J_over_J0")
                items.push_back({"probe." + name, symbol + " " + kNoValue, std::nullopt, "no value"});
            continue;
        }
        ValueText text = value_text(name, value, view.kelvin);
        std::string spread = uncertainty_text(*known);
        // Of a twin that estimates: the band of this very cell.
        const auto* sd = name == "T_K" ? model.frame->find("T_sd_K") : nullptr;
        if (sd && sd->size() == field->size() && (*sd)[index] > 0.0f) {
            const double half = kBandOfSd * double((*sd)[index]);
            text.number = shown_number(*known, value, view.kelvin, half);
            spread = plus_minus(half);
        }
        items.push_back(
            {"probe." + name,
             symbol + " " + text.number + (spread.empty() ? "" : " " + spread) + (text.unit.empty() ? "" : " " + text.unit),
             value, ""});
    }
    return items;
}

std::string key_hint(Action action, const char* word) {
    for (const ActionEntry& entry : action_table())
        if (entry.action == action) return key_text(entry.chord) + " " + word;
    return word;
}

}  // namespace

void draw_probe_line(Ui& ui, const Rect& at, const ScreenModel& model, const ViewState& view) {
    ui.panel(at, "probe_line");
    Scribe& scribe = ui.scribe;
    const TextStyle body = ui.style(kPanelTitlePx, ui.theme.text), label = ui.label();
    const double top = std::round(at.centre().y - scribe.line_height(body) / 2),
                 small_top = std::round(at.centre().y - scribe.line_height(label) / 2);
    double right = at.right() - kPanelInset;
    if (!model.notice.empty()) {
        right =
            scribe.write_in("probe.notice", model.notice, {right, top}, kWidestNotice * at.w, body, Align::right).x - kItemGap;
        scribe.note("notice", std::nullopt, std::nullopt);
    } else {
        const bool runs = view.playing || model.live;
        for (const std::string& hint : {key_hint(Action::picture, "picture"), key_hint(Action::play, runs ? "pause" : "play"),
                                        key_hint(Action::overview, "keys")})
            right = scribe.write("probe.key." + hint, hint, {right, small_top}, label, Align::right).x - kItemGap;
    }
    double x = scribe.write("probe.label", "probe", {at.x + kPanelInset, small_top}, label).right() + 10.0;
    if (!model.facts || model.facts->extents.count() == 0) {
        scribe.write_in("probe.none", std::string(kNoValue) + " no run yet", {x, top}, right - x,
                        ui.style(kPanelTitlePx, ui.theme.muted));
        return;
    }
    const RunFacts& facts = *model.facts;
    const auto cell = cell_of(view, model);
    const std::size_t index = facts.extents.index(cell[0], cell[1], cell[2]);
    std::vector<Item> items{{"probe.place", place_text(facts.extents, cell), std::nullopt, ""}};
    const std::size_t material = index < facts.material.size() ? facts.material[index] : 0;
    const std::string name = material < facts.material_names.size() ? spoken(facts.material_names[material]) : "";
    if (!name.empty())
        items.push_back({"probe.material", shorten(ui.painter(), name, body, kWidestMaterial * at.w), std::nullopt, ""});
    for (Item& item : values_at(model, view, index)) items.push_back(std::move(item));
    if (model.frame) {
        // Fields of a twin that has gone silent are as old as it is.
        const bool stale = model.live && source_stale(model);
        items.push_back({"probe.time",
                         "fields of " + moment_text(model.frame->time_s) +
                             (stale ? ", " + age_text(source_age(model)) + " old" : std::string()),
                         model.frame->time_s, stale ? "stale" : ""});
    }
    // What has no room is left out, from the left on.
    for (const Item& item : items) {
        const bool is_time = item.id == "probe.time";
        TextStyle style = is_time ? label : body;
        if (item.state == "stale") style.colour = ui.theme.invalid;
        if (x + scribe.width(item.text, style) > right) continue;
        x = scribe.write(item.id, item.text, {x, is_time ? small_top : top}, style).right() + kItemGap;
        scribe.note(item.state, item.value, std::nullopt);
    }
}

}  // namespace jt
