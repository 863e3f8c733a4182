// SPDX-License-Identifier: Apache-2.0
// The operator's screen: in a window until it is closed, or as a picture. No OpenGL, Dear ImGui or GLFW is needed to call it.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "viz/figure/colour_vision.hpp"
#include "viz/screen/panels/screen_session.hpp"

namespace jt {

// What a script sees of each frame that was shown, and what it does next: tests drive a window with it.
struct ScriptFrame {
    int index = 0;  // from 0
    const std::vector<FigureItem>& items;
    const ScreenModel& model;
    const ViewState& view;
    double width = 0.0, height = 0.0, scale = 1.0;  // of the screen [px at scale 1], device pixels per px
    const Input& input;                             // that this frame was given
};
struct ScriptStep {
    std::optional<Input> input;                    // in place of the user's, whose own waits; wall_s is set by the window
    bool end = false;                              // closes the window
    bool wait = false;                             // the next frame comes when something happens, not at once
    std::optional<std::array<int, 2>> resize;      // of the window
    std::optional<std::filesystem::path> picture;  // of this frame, with its JSON
};

struct ShowStatistics {
    int frames = 0, polls = 0;
    double wall_s = 0.0, cpu_s = 0.0;  // of the loop: elapsed, and of this process
    double slowest_frame_s = 0.0, frames_s = 0.0;
    std::string renderer;
};

struct ShowOptions {
    std::string title = "jouletwin";
    int width = 1920, height = 1080;  // of the window, at the display's scale
    bool full_screen = false;
    SessionOptions session;
    std::function<bool()> interrupted;             // asked at least twice a second; true: ends
    std::function<void(const ViewState&)> closed;  // told what the user had chosen at the end
    std::optional<double> close_after_s;           // for measurements
    std::function<ScriptStep(const ScriptFrame&)> script;
    ShowStatistics* statistics = nullptr;
};

// Shows the run until the window is closed, the user quits or `interrupted`. Throws DeviceError when there is no display or no
// OpenGL 3.3, naming DISPLAY.
void show(RunSource&, const ShowOptions&);

struct ScreenshotOptions {
    std::filesystem::path path;       // of the PNG; the JSON of what is on it has its name with .json
    int width = 1920, height = 1080;  // device pixels
    double scale = 1.0;               // device pixels per px
    std::optional<double> at_s;       // the moment; absent: the newest
    SessionOptions session;
    ColourVision vision = ColourVision::normal;
    double patience_s = 20.0;           // for the source to load and the fields to arrive
    std::function<bool()> interrupted;  // true: nothing is written
};

// Both files are written aside and renamed. Throws DeviceError when there is no OpenGL without a display, InputError when
// size, scale, moment, field or slice do not exist, DiskError.
void take_screenshot(RunSource&, const ScreenshotOptions&);

}  // namespace jt
