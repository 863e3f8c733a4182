// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/screen_json.hpp"

#include <cmath>
#include <cstdio>

namespace jt {

namespace {

using Json = nlohmann::ordered_json;

std::string colour_text(Colour c) {
    char text[16];
    std::snprintf(text, sizeof text, c.a == 255 ? "#%02X%02X%02X" : "#%02X%02X%02X%02X", c.r, c.g, c.b, c.a);
    return text;
}

Json rect_json(const Rect& r) {
    return {r.x, r.y, r.w, r.h};
}

Json number_json(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? Json(*value) : Json();
}

const char* kind_text(SourceState::Kind kind) {
    switch (kind) {
        case SourceState::Kind::connecting:
            return "connecting";
        case SourceState::Kind::waiting:
            return "waiting";
        case SourceState::Kind::empty:
            return "empty";
        case SourceState::Kind::broken:
            return "broken";
        case SourceState::Kind::live:
            return "live";
        case SourceState::Kind::finished:
            return "finished";
    }
    return "";
}

}  // namespace

Json screen_json(const std::vector<FigureItem>& items, const ScreenModel& model, const ViewState& view,
                 const PictureFacts& facts) {
    Json all;
    all["run"] = model.facts ? clean_text(model.facts->name) : "";
    all["source"] = {{"kind", kind_text(model.source.kind)}, {"name", clean_text(model.source.name)}};
    all["cursor_s"] = model.cursor_s;
    all["newest_s"] = model.newest_s;
    all["frame_s"] = model.frame ? Json(model.frame->time_s) : Json();
    all["frame_arrived"] = facts.frame_arrived;
    all["size"] = {facts.width, facts.height};
    all["scale"] = facts.scale;
    all["theme"] = view.theme == ThemeId::dark ? "dark" : "grey";
    all["filter"] = facts.filter;
    all["renderer"] = facts.renderer;
    all["items"] = Json::array();
    for (const FigureItem& item : items)
        all["items"].push_back({{"id", clean_text(item.id)},
                                {"text", item.text},
                                {"rect", rect_json(item.rect)},
                                {"within", rect_json(item.within)},
                                {"px", item.px},
                                {"weight", item.weight == Weight::medium ? "medium" : "regular"},
                                {"colour", colour_text(item.colour)},
                                {"background", colour_text(item.background)},
                                {"state", item.state},
                                {"value", number_json(item.value)},
                                {"age_s", number_json(item.age_s)}});
    return all;
}

}  // namespace jt
