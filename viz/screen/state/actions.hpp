// SPDX-License-Identifier: Apache-2.0
// Actions: everything a user can do, each with its key. The overview (F1), the keyboard and the tests read this one table.
#pragma once
#include <optional>
#include <span>

#include "viz/screen/state/keys.hpp"
#include "viz/screen/state/screen_model.hpp"
#include "viz/screen/state/view_state.hpp"

namespace jt {

enum class Action {
    // screen
    overview,
    theme,
    larger,
    smaller,
    normal_size,
    kelvin,
    full_screen,
    picture,
    csv,
    vtk,
    quit,
    // alarms
    acknowledge,
    shelve,
    alarm_up,
    alarm_down,
    // time
    play,
    live,
    to_start,
    step_back,
    step_on,
    jump_back,
    jump_on,
    slower,
    faster,
    bookmark,
    bookmark_back,
    bookmark_on,
    time_in,
    time_out,
    time_all,
    // tabs
    tab_1,
    tab_2,
    tab_3,
    tab_4,
    tab_5,
    tab_6,
    tab_7,
    // fields
    next_field,
    previous_field,
    next_micro,
    next_slice,
    smooth,
    streamlines,
    bed_mode,
    iso_up,
    iso_down,
    normal_x,
    normal_y,
    normal_z,
    slice_up,
    slice_down,
    probe_left,
    probe_right,
    probe_up,
    probe_down,
    clip_axis,
    clip_less,
    clip_more,
    clip_off,
    // camera
    orbit_left,
    orbit_right,
    orbit_up,
    orbit_down,
    zoom_in,
    zoom_out,
    pan_left,
    pan_right,
    pan_up,
    pan_down,
    view_home,
    view_front,
    view_side,
    view_top,
    // run
    stop_run,
    start_heater,
    hold_heater,
    rate_down,
    rate_up,
};

struct ActionEntry {
    Action action;
    KeyChord chord;
    const char* group;
    const char* text;  // for people: what it does
};
std::span<const ActionEntry> action_table();  // every action, in the order of the overview
std::optional<Action> action_of(const KeyChord&);

// Does what concerns the view alone. False: it is the application's (pictures, exports, full screen, quit, alarms, the run).
bool apply(Action, const ScreenModel&, ViewState&);

// Setters with their bounds, for keys and mouse alike.
void set_cursor(ViewState&, const ScreenModel&, double t);  // stops following and playing; within the rows there are
void set_cell(ViewState&, const ScreenModel&, std::array<int, 3> cell);
std::array<int, 3> cell_of(const ViewState&, const ScreenModel&);  // the probe; the middle of the bed unless chosen

}  // namespace jt
