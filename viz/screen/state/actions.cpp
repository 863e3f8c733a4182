// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/actions.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "viz/figure/slice_view.hpp"

namespace jt {

namespace {

constexpr KeyChord plain(ScreenKey key) {
    return {key, false, false};
}
constexpr KeyChord plain(char letter) {
    return {key_of(letter), false, false};
}
constexpr KeyChord ctrl(ScreenKey key) {
    return {key, true, false};
}
constexpr KeyChord ctrl(char letter) {
    return {key_of(letter), true, false};
}
constexpr KeyChord shift(ScreenKey key) {
    return {key, false, true};
}
constexpr KeyChord shift(char letter) {
    return {key_of(letter), false, true};
}
constexpr KeyChord both(ScreenKey key) {
    return {key, true, true};
}

constexpr const char *kScreen = "Screen", *kAlarms = "Alarms", *kTime = "Time", *kTabGroup = "Tabs",
                     *kField = "Fields and slices", *kCamera = "3-D view", *kRun = "Run";

constexpr ActionEntry kTable[] = {
    {Action::overview, plain(ScreenKey::f1), kScreen, "this overview"},
    {Action::theme, plain('T'), kScreen, "grey or dark"},
    {Action::larger, ctrl('='), kScreen, "larger text (also Ctrl +)"},
    {Action::smaller, ctrl('-'), kScreen, "smaller text"},
    {Action::normal_size, ctrl('0'), kScreen, "text at its normal size"},
    {Action::kelvin, plain('K'), kScreen, "temperatures in °C or K"},
    {Action::full_screen, plain(ScreenKey::f11), kScreen, "full screen"},
    {Action::picture, plain('P'), kScreen, "picture of this screen (PNG)"},
    {Action::csv, plain('C'), kScreen, "what charts and slices show as CSV"},
    {Action::vtk, plain('V'), kScreen, "the fields shown as VTK"},
    {Action::quit, ctrl('Q'), kScreen, "close the screen"},
    {Action::acknowledge, plain('A'), kAlarms, "acknowledge"},
    {Action::shelve, plain('S'), kAlarms, "shelve for 5 minutes, or back"},
    {Action::alarm_up, plain(ScreenKey::up), kAlarms, "alarm above"},
    {Action::alarm_down, plain(ScreenKey::down), kAlarms, "alarm below"},
    {Action::play, plain(ScreenKey::space), kTime, "play, pause"},
    {Action::live, plain('L'), kTime, "live: follow the newest"},
    {Action::to_start, plain(ScreenKey::home), kTime, "to the start"},
    {Action::step_back, plain(ScreenKey::left), kTime, "one output back"},
    {Action::step_on, plain(ScreenKey::right), kTime, "one output on"},
    {Action::jump_back, shift(ScreenKey::left), kTime, "a tenth of the view back"},
    {Action::jump_on, shift(ScreenKey::right), kTime, "a tenth of the view on"},
    {Action::slower, plain('['), kTime, "play at half the speed"},
    {Action::faster, plain(']'), kTime, "play at twice the speed"},
    {Action::bookmark, plain('B'), kTime, "bookmark here, or away with it"},
    {Action::bookmark_back, plain(','), kTime, "bookmark before"},
    {Action::bookmark_on, plain('.'), kTime, "bookmark after"},
    {Action::time_in, plain('='), kTime, "charts: closer about the cursor"},
    {Action::time_out, plain('-'), kTime, "charts: wider"},
    {Action::time_all, plain('0'), kTime, "charts: the whole run"},
    {Action::tab_1, plain('1'), kTabGroup, "alarms"},
    {Action::tab_2, plain('2'), kTabGroup, "sensors"},
    {Action::tab_3, plain('3'), kTabGroup, "estimate"},
    {Action::tab_4, plain('4'), kTabGroup, "product"},
    {Action::tab_5, plain('5'), kTabGroup, "what if"},
    {Action::tab_6, plain('6'), kTabGroup, "run"},
    {Action::tab_7, plain('7'), kTabGroup, "charts (small window)"},
    {Action::next_field, plain('F'), kField, "3-D: next field"},
    {Action::previous_field, shift('F'), kField, "3-D: field before"},
    {Action::next_micro, plain('G'), kField, "third slice: next field of the product"},
    {Action::next_slice, plain('E'), kField, "the slice a small window shows"},
    {Action::normal_x, plain('X'), kField, "slices across x"},
    {Action::normal_y, plain('Y'), kField, "slices across y"},
    {Action::normal_z, plain('Z'), kField, "slices across z"},
    {Action::slice_up, plain(ScreenKey::page_up), kField, "slice one voxel up"},
    {Action::slice_down, plain(ScreenKey::page_down), kField, "slice one voxel down"},
    {Action::probe_left, ctrl(ScreenKey::left), kField, "probe one voxel left"},
    {Action::probe_right, ctrl(ScreenKey::right), kField, "probe one voxel right"},
    {Action::probe_up, ctrl(ScreenKey::up), kField, "probe one voxel up"},
    {Action::probe_down, ctrl(ScreenKey::down), kField, "probe one voxel down"},
    {Action::smooth, plain('N'), kField, "voxels or smooth"},
    {Action::bed_mode, plain('M'), kCamera, "cutaway, slices, iso-surface, volume"},
    {Action::streamlines, plain('J'), kCamera, "current lines on, off"},
    {Action::iso_up, plain('I'), kCamera, "iso-surface higher"},
    {Action::iso_down, shift('I'), kCamera, "iso-surface lower"},
    {Action::clip_axis, plain('D'), kCamera, "clip along x, y, z, not at all"},
    {Action::clip_less, plain(';'), kCamera, "clip: show more"},
    {Action::clip_more, plain('\''), kCamera, "clip: show less"},
    {Action::clip_off, shift('D'), kCamera, "clip: show all"},
    {Action::orbit_left, both(ScreenKey::left), kCamera, "turn left"},
    {Action::orbit_right, both(ScreenKey::right), kCamera, "turn right"},
    {Action::orbit_up, both(ScreenKey::up), kCamera, "turn up"},
    {Action::orbit_down, both(ScreenKey::down), kCamera, "turn down"},
    {Action::zoom_in, shift(ScreenKey::up), kCamera, "closer"},
    {Action::zoom_out, shift(ScreenKey::down), kCamera, "farther"},
    {Action::pan_left, ctrl(ScreenKey::home), kCamera, "move left"},
    {Action::pan_right, ctrl(ScreenKey::end), kCamera, "move right"},
    {Action::pan_up, ctrl(ScreenKey::page_up), kCamera, "move up"},
    {Action::pan_down, ctrl(ScreenKey::page_down), kCamera, "move down"},
    {Action::view_home, plain('R'), kCamera, "from the corner, all of it"},
    {Action::view_front, plain(ScreenKey::f5), kCamera, "from the front"},
    {Action::view_side, plain(ScreenKey::f6), kCamera, "from the side"},
    {Action::view_top, plain(ScreenKey::f7), kCamera, "from above"},
    {Action::stop_run, plain(ScreenKey::backspace), kRun, "end the run, abort the heater: hold 1 s"},
    {Action::start_heater, ctrl(ScreenKey::enter), kRun, "start the heater's program"},
    {Action::hold_heater, plain('H'), kRun, "hold the heater's program, or resume"},
    {Action::rate_down, plain(ScreenKey::f2), kRun, "slower"},
    {Action::rate_up, plain(ScreenKey::f3), kRun, "faster"},
};

constexpr double kOrbit = 5.0 * std::numbers::pi / 180.0, kZoom = 1.1, kPan = 0.05;
constexpr double kHighest = 0.499 * std::numbers::pi;
constexpr std::array<double, 2> kZooms{0.2, 20.0}, kFontScales{0.8, 2.0}, kSpeeds{1.0 / 64.0, 64.0};

bool any(const ScreenModel& model) {
    return model.facts != nullptr;
}

// Quantities of the product, in the order of the table, that there may be fields of.
bool of_product(const std::string& name) {
    return name == "id_ig" || name == "capacity_mAh_g" || name == "d002_nm" || name == "Th_K";
}

void cycle(std::string& chosen, const std::vector<std::string>& names, int step) {
    if (names.empty()) return;
    const auto at = std::find(names.begin(), names.end(), chosen);
    const int count = int(names.size()), now = at == names.end() ? (step > 0 ? -1 : 0) : int(at - names.begin());
    chosen = names[std::size_t((now + step + count) % count)];
}

void move_output(ViewState& view, const ScreenModel& model, int step) {
    const auto* times = model.frame_times;
    if (!times || times->empty()) return;
    const double t = model.cursor_s;
    const auto at = step > 0 ? std::upper_bound(times->begin(), times->end(), t + 1e-9)
                             : std::lower_bound(times->begin(), times->end(), t - 1e-9);
    if (step > 0 ? at == times->end() : at == times->begin()) return;
    set_cursor(view, model, step > 0 ? *at : *(at - 1));
}

void zoom_time(ViewState& view, const ScreenModel& model, double factor) {
    const auto now = view.time_view.value_or(std::array<double, 2>{model.start_s, model.end_s});
    const double whole = model.end_s - model.start_s;
    const double width = std::clamp((now[1] - now[0]) * factor, 1e-3 * whole, whole);
    if (width >= whole) {
        view.time_view.reset();
        return;
    }
    const double share = std::clamp((model.cursor_s - now[0]) / (now[1] - now[0]), 0.0, 1.0);
    const double from = std::clamp(model.cursor_s - share * width, model.start_s, model.end_s - width);
    view.time_view = {from, from + width};
}

void move_cell(ViewState& view, const ScreenModel& model, int axis, int step) {
    if (!any(model)) return;
    auto cell = cell_of(view, model);
    cell[std::size_t(axis)] += step;
    set_cell(view, model, cell);
}

void go_to_bookmark(ViewState& view, const ScreenModel& model, bool on) {
    const auto& marks = view.bookmarks;
    if (on) {
        const auto at = std::upper_bound(marks.begin(), marks.end(), model.cursor_s + 1e-9);
        if (at != marks.end()) set_cursor(view, model, *at);
    } else {
        const auto at = std::lower_bound(marks.begin(), marks.end(), model.cursor_s - 1e-9);
        if (at != marks.begin()) set_cursor(view, model, *(at - 1));
    }
}

void toggle_bookmark(ViewState& view, const ScreenModel& model) {
    auto& marks = view.bookmarks;
    const double reach = 1e-3 * (model.end_s - model.start_s);
    const auto near = std::find_if(marks.begin(), marks.end(), [&](double t) { return std::abs(t - model.cursor_s) < reach; });
    if (near != marks.end())
        marks.erase(near);
    else
        marks.insert(std::upper_bound(marks.begin(), marks.end(), model.cursor_s), model.cursor_s);
}

void play(ViewState& view, const ScreenModel& model) {
    if (view.playing) {
        view.playing = false;
    } else if (model.live) {
        set_cursor(view, model, model.cursor_s);  // pauses at what is shown
    } else {
        if (model.cursor_s >= model.newest_s - 1e-9) set_cursor(view, model, model.start_s);  // again from the start
        view.playing = true;
        view.follow = false;
    }
}

void clip(ViewState& view, double change) {
    if (view.clip_axis < 0) return;
    double& upper = view.clip[std::size_t(2 * view.clip_axis + 1)];
    upper = std::clamp(upper + change, view.clip[std::size_t(2 * view.clip_axis)] + 0.05, 1.0);
}

}  // namespace

std::span<const ActionEntry> action_table() {
    return kTable;
}

std::optional<Action> action_of(const KeyChord& chord) {
    // + needs Shift on most keyboards.
    KeyChord asked = chord;
    if (asked.key == key_of('+')) asked.key = key_of('='), asked.shift = false;
    if (asked.key == key_of('=')) asked.shift = false;
    for (const ActionEntry& entry : kTable)
        if (entry.chord == asked) return entry.action;
    return std::nullopt;
}

void set_cursor(ViewState& view, const ScreenModel& model, double t) {
    view.follow = false;
    view.playing = false;
    if (!(t > model.start_s)) t = model.start_s;
    view.cursor_s = std::min(t, std::max(model.newest_s, model.start_s));
}

std::array<int, 3> cell_of(const ViewState& view, const ScreenModel& model) {
    if (!any(model)) return {0, 0, 0};
    const auto cells = model.facts->extents.cells();
    std::array<int, 3> cell{cells[0] / 2, cells[1] / 2, cells[2] / 2};
    if (view.cell) cell = *view.cell;
    for (std::size_t a = 0; a < 3; ++a) cell[a] = std::clamp(cell[a], 0, cells[a] - 1);
    return cell;
}

void set_cell(ViewState& view, const ScreenModel& model, std::array<int, 3> cell) {
    view.cell = cell;
    view.cell = cell_of(view, model);
}

bool apply(Action action, const ScreenModel& model, ViewState& view) {
    static const std::vector<std::string> none;
    const auto& fields = model.field_names ? *model.field_names : none;
    const SliceAxes axes = slice_axes(view.normal);
    const double jump =
        view.time_view ? ((*view.time_view)[1] - (*view.time_view)[0]) / 10 : (model.end_s - model.start_s) / 10;
    const auto turn = [&](double yaw, double pitch) {
        view.camera.yaw = std::remainder(view.camera.yaw + yaw, 2 * std::numbers::pi);
        view.camera.pitch = std::clamp(view.camera.pitch + pitch, -kHighest, kHighest);
    };
    const auto zoom = [&](double factor) { view.camera.zoom = std::clamp(view.camera.zoom * factor, kZooms[0], kZooms[1]); };
    const auto look = [&](double yaw, double pitch) {
        view.camera = Camera{};
        view.camera.yaw = yaw, view.camera.pitch = pitch;
    };
    const auto font = [&](double scale) {
        view.font_scale = std::clamp(std::round(scale * 10.0) / 10.0, kFontScales[0], kFontScales[1]);
    };
    switch (action) {
        case Action::overview:
            view.overview = !view.overview;
            return true;
        case Action::theme:
            view.theme = view.theme == ThemeId::grey ? ThemeId::dark : ThemeId::grey;
            return true;
        case Action::larger:
            font(view.font_scale + 0.1);
            return true;
        case Action::smaller:
            font(view.font_scale - 0.1);
            return true;
        case Action::normal_size:
            font(1.0);
            return true;
        case Action::kelvin:
            view.kelvin = !view.kelvin;
            return true;
        case Action::alarm_up:
            view.alarm_row = std::max(0, view.alarm_row - 1);
            return true;
        case Action::alarm_down:
            ++view.alarm_row;  // the list bounds it
            return true;
        case Action::play:
            play(view, model);
            return true;
        case Action::live:
            view.follow = true, view.playing = false;
            return true;
        case Action::to_start:
            set_cursor(view, model, model.start_s);
            return true;
        case Action::step_back:
            move_output(view, model, -1);
            return true;
        case Action::step_on:
            move_output(view, model, +1);
            return true;
        case Action::jump_back:
            set_cursor(view, model, model.cursor_s - jump);
            return true;
        case Action::jump_on:
            set_cursor(view, model, model.cursor_s + jump);
            return true;
        case Action::slower:
            view.play_speed = std::max(kSpeeds[0], view.play_speed / 2);
            return true;
        case Action::faster:
            view.play_speed = std::min(kSpeeds[1], view.play_speed * 2);
            return true;
        case Action::bookmark:
            toggle_bookmark(view, model);
            return true;
        case Action::bookmark_back:
            go_to_bookmark(view, model, false);
            return true;
        case Action::bookmark_on:
            go_to_bookmark(view, model, true);
            return true;
        case Action::time_in:
            zoom_time(view, model, 1 / 1.5);
            return true;
        case Action::time_out:
            zoom_time(view, model, 1.5);
            return true;
        case Action::time_all:
            view.time_view.reset();
            return true;
        case Action::tab_1:
        case Action::tab_2:
        case Action::tab_3:
        case Action::tab_4:
        case Action::tab_5:
        case Action::tab_6:
        case Action::tab_7:
            view.tab = 1 + int(action) - int(Action::tab_1);
            return true;
        case Action::next_field:
            cycle(view.bed_field, fields, +1);
            return true;
        case Action::previous_field:
            cycle(view.bed_field, fields, -1);
            return true;
        case Action::next_micro: {
            std::vector<std::string> micro;
            for (const auto& name : fields)
                if (of_product(name)) micro.push_back(name);
            cycle(view.micro_field, micro, +1);
            return true;
        }
        case Action::next_slice:
            view.small_slice = (view.small_slice + 1) % 3;
            return true;
        case Action::smooth:
            view.smooth = !view.smooth;
            return true;
        case Action::streamlines:
            view.streamlines = !view.streamlines;
            return true;
        case Action::bed_mode:
            view.bed_mode = BedMode((int(view.bed_mode) + 1) % 4);
            return true;
        case Action::iso_up:
            view.iso_position = std::min(0.98, view.iso_position + 0.02);
            return true;
        case Action::iso_down:
            view.iso_position = std::max(0.02, view.iso_position - 0.02);
            return true;
        case Action::normal_x:
        case Action::normal_y:
        case Action::normal_z:
            view.normal = int(action) - int(Action::normal_x);
            return true;
        case Action::slice_up:
            move_cell(view, model, view.normal, +1);
            return true;
        case Action::slice_down:
            move_cell(view, model, view.normal, -1);
            return true;
        case Action::probe_left:
            move_cell(view, model, axes.across, -1);
            return true;
        case Action::probe_right:
            move_cell(view, model, axes.across, +1);
            return true;
        case Action::probe_up:
            move_cell(view, model, axes.up, +1);
            return true;
        case Action::probe_down:
            move_cell(view, model, axes.up, -1);
            return true;
        case Action::clip_axis:
            view.clip_axis = view.clip_axis == 2 ? -1 : view.clip_axis + 1;
            return true;
        case Action::clip_less:
            clip(view, +0.05);
            return true;
        case Action::clip_more:
            clip(view, -0.05);
            return true;
        case Action::clip_off:
            view.clip = {0, 1, 0, 1, 0, 1}, view.clip_axis = -1;
            return true;
        case Action::orbit_left:
            turn(-kOrbit, 0);
            return true;
        case Action::orbit_right:
            turn(kOrbit, 0);
            return true;
        case Action::orbit_up:
            turn(0, kOrbit);
            return true;
        case Action::orbit_down:
            turn(0, -kOrbit);
            return true;
        case Action::zoom_in:
            zoom(kZoom);
            return true;
        case Action::zoom_out:
            zoom(1 / kZoom);
            return true;
        case Action::pan_left:
            view.camera.pan_x -= kPan;
            return true;
        case Action::pan_right:
            view.camera.pan_x += kPan;
            return true;
        case Action::pan_up:
            view.camera.pan_y -= kPan;
            return true;
        case Action::pan_down:
            view.camera.pan_y += kPan;
            return true;
        case Action::view_home:
            view.camera = Camera{};
            return true;
        case Action::view_front:
            look(0.0, 0.0);
            return true;
        case Action::view_side:
            look(std::numbers::pi / 2, 0.0);
            return true;
        case Action::view_top:
            look(0.0, kHighest);
            return true;
        case Action::full_screen:
        case Action::picture:
        case Action::csv:
        case Action::vtk:
        case Action::quit:
        case Action::acknowledge:
        case Action::shelve:
        case Action::stop_run:
        case Action::start_heater:
        case Action::hold_heater:
        case Action::rate_down:
        case Action::rate_up:
            return false;
    }
    return false;
}

}  // namespace jt
