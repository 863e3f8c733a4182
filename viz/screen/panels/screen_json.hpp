// SPDX-License-Identifier: Apache-2.0
// What is on a picture of the screen, for tests and other programs: every text with its place, colours, state and the value it
// stands for.
#pragma once
#include <nlohmann/json.hpp>
#include <vector>

#include "viz/figure/text.hpp"
#include "viz/screen/state/screen_model.hpp"
#include "viz/screen/state/view_state.hpp"

namespace jt {

struct PictureFacts {
    int width = 0, height = 0;  // device pixels
    double scale = 1.0;         // device pixels per px; rectangles are in px
    bool frame_arrived = true;  // the fields shown are those of the cursor's moment
    std::string renderer, filter = "none";
};

nlohmann::ordered_json screen_json(const std::vector<FigureItem>&, const ScreenModel&, const ViewState&, const PictureFacts&);

}  // namespace jt
