// SPDX-License-Identifier: Apache-2.0
// ViewState: what the user of a screen has chosen. Panels read it; it changes through the setters of actions.hpp and through
// what the mouse does in a panel. The part that is kept between sessions is listed in settings.hpp.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace jt {

enum class ThemeId { grey, dark };
// What the 3-D view shows of the field.
enum class BedMode { cutaway, slices, iso, volume };
inline constexpr int kTabs =
    7;  // alarms, sensors, estimate, product, what-if, run; charts (only where there is no room for them)

struct Camera {
    double yaw = 0.6, pitch = 0.5;    // [rad]: of the eye about z from -y towards +x, above the horizon
    double zoom = 1.0;                // 1: the bed fits the panel
    double pan_x = 0.0, pan_y = 0.0;  // shift of the bed's centre in panel widths and heights
    friend bool operator==(const Camera&, const Camera&) = default;
};

struct ViewState {
    // Kept between sessions.
    ThemeId theme = ThemeId::grey;
    double font_scale = 1.0;  // 0.8 .. 2 on top of the display's
    bool kelvin = false;      // temperatures in K in place of degC
    bool smooth = false;      // interpolated fields in place of voxels
    int tab = 1;              // 1 .. kTabs
    std::string bed_field = "T_K", micro_field = "id_ig";
    BedMode bed_mode = BedMode::cutaway;
    bool streamlines = true;
    Camera camera;

    // Of the run at hand.
    int normal = 2;                                // of the slices: 0 x, 1 y, 2 z
    std::optional<std::array<int, 3>> cell;        // the probe and where slices cut; absent: the middle of the product
    double iso_position = 0.5;                     // of the iso-surface along the field's colour range
    std::array<double, 6> clip{0, 1, 0, 1, 0, 1};  // part of the box that is shown: x, x, y, y, z, z
    int clip_axis = -1;                            // which one the clip keys move; -1: none
    bool follow = true;                            // the cursor stays at the newest row: live
    double cursor_s = 0.0;
    bool playing = false;
    double play_speed = 1.0;
    std::vector<double> bookmarks;                   // [s], ascending
    std::optional<std::array<double, 2>> time_view;  // what charts show; absent: the whole run
    int small_slice = 0;                             // the one of E's three that a small window shows
    bool overview = false;                           // F1
    int alarm_row = 0;                               // selected in the list
    std::optional<double> stop_held_since;           // wall clock: the key that ends the run is held
};

}  // namespace jt
