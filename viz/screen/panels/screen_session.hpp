// SPDX-License-Identifier: Apache-2.0
// ScreenSession: a screen without a window. Each frame it forms the ScreenModel from its source, does what keys ask for and
// draws. What only a window can do (full screen, reading pixels, closing) it hands back as wishes.
#pragma once
#include <array>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "viz/screen/panels/panels.hpp"
#include "viz/screen/state/alarms.hpp"
#include "viz/screen/state/settings.hpp"

namespace jt {

// Writes what the screen shows to a file in `folder` (which exists); returns the file for people. Throws DiskError, InputError.
using Export = std::function<std::string(const ScreenModel&, const ViewState&, const std::filesystem::path& folder)>;

struct SessionOptions {
    ViewState view;
    std::filesystem::path folder;  // of pictures and exports: below its `screens`; empty: the run's folder, or the current one
    // Applied when the run is known; what cannot be done is in problems(), and on the screen for some seconds.
    std::optional<std::string> field;         // of the 3-D view
    std::optional<std::array<int, 2>> slice;  // axis, index
    Export csv, vtk;                          // in place of those of export.hpp
    Settings* settings = nullptr;             // told what the user chooses; null: it is forgotten
    double shown_refresh_s = 0.25;            // numbers of a live run change no more often than this; 0: with every row
};

class ScreenSession {
public:
    ScreenSession(RunSource&, SessionOptions);

    struct Wishes {
        bool quit = false, full_screen = false, picture = false;
    };
    struct Drawn {
        std::vector<FigureItem> items;
        double redraw_s = std::numeric_limits<double>::infinity();  // another frame is due in so many seconds
        Wishes wishes;
    };

    // Takes what is new; true: there is something to draw. Cheap.
    bool poll(double wall_s);
    // Does what the input asks for and draws a frame of width x height px at scale 1.
    Drawn frame(Painter&, double width, double height, const Input&, BedRenderer* = nullptr);
    // For some seconds the screen says so.
    void notice(std::string text, double wall_s);
    // Folder for pictures and exports, created. Throws DiskError.
    std::filesystem::path screens_folder() const;

    // As of the last frame.
    const ScreenModel& model() const { return model_; }
    const ViewState& view() const { return view_; }
    ViewState& view() { return view_; }
    // Fields of the moment that is shown have arrived (or there are none to come).
    bool frame_arrived() const;
    const std::vector<std::string>& problems() const { return problems_; }
    // Names of the fields that this view needs and the source may have.
    std::vector<std::string> wanted_fields() const;

private:
    void form_model(double wall_s);
    void apply_choices(double wall_s);
    void follow_time(double wall_s);
    void update_outlook();
    void judge();
    void handle(Action, double wall_s, Wishes&);
    void hold_to_stop(const Input&);
    void command(HeaterVerb, double wall_s);
    void tell_answer(double wall_s);
    void change_rate(int step, double wall_s);
    void export_with(const Export&, const char* what, double wall_s);

    RunSource& source_;
    SessionOptions options_;
    ViewState view_;
    UiMemory memory_;
    AlarmBook alarms_;
    double judged_s_ = 0.0;  // newest moment that the book knows
    ScreenModel model_;
    FramePtr outlook_of_;  // the frame that model_.outlook is told from
    std::optional<double> last_frame_s_, shown_since_s_;
    bool choices_applied_ = false, held_through_ = false;
    std::string told_command_;  // whose answer was said
    std::vector<std::string> problems_;
    std::string notice_;
    double notice_until_s_ = -1.0;
};

// A name in `folder` that is not taken: stem + extension, else stem_2, stem_3 ...
std::filesystem::path free_name(const std::filesystem::path& folder, const std::string& stem, const std::string& extension);

}  // namespace jt
