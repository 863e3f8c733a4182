// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/settings.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "kernels/error.hpp"
#include "twin/document.hpp"
#include "twin/quantity/quantity.hpp"
#include "twin/recording/write_file.hpp"

namespace jt {

namespace {

using Json = nlohmann::json;

constexpr std::uintmax_t kLargest = 4u << 20;                 // [byte] of the file
constexpr std::size_t kMostFolders = 200, kMostTimes = 1000;  // of bookmarks
constexpr double kWriteEvery = 1.0;                           // [s]
constexpr double kLatest = 1e9;                               // [s] of a bookmark

const char* const kThemes[] = {"grey", "dark"};
const char* const kModes[] = {"cutaway", "slices", "iso", "volume"};

const Json* member(const Json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

// Each takes a value where it is there, of the right kind and within its range.
void take(const Json& from, const char* key, double low, double high, double& to) {
    const Json* value = member(from, key);
    if (value && value->is_number() && value->get<double>() >= low && value->get<double>() <= high) to = value->get<double>();
}
void take(const Json& from, const char* key, bool& to) {
    if (const Json* value = member(from, key); value && value->is_boolean()) to = value->get<bool>();
}
void take_quantity(const Json& from, const char* key, std::string& to) {
    const Json* value = member(from, key);
    if (!value || !value->is_string()) return;
    for (const Quantity& q : quantities())
        if (q.name == value->get_ref<const std::string&>()) to = q.name;
}
template <class E, std::size_t N>
void take_choice(const Json& from, const char* key, const char* const (&names)[N], E& to) {
    const Json* value = member(from, key);
    if (!value || !value->is_string()) return;
    for (std::size_t n = 0; n < N; ++n)
        if (value->get_ref<const std::string&>() == names[n]) to = E(n);
}

std::vector<double> times_of(const Json& list) {
    std::vector<double> times;
    for (const Json& one : list) {
        if (!one.is_number() || times.size() == kMostTimes) continue;
        const double t = one.get<double>();
        if (std::abs(t) <= kLatest) times.push_back(t);
    }
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    return times;
}

std::string whole(const std::string& folder) {
    if (folder.empty()) return folder;
    std::error_code code;
    const auto absolute = std::filesystem::absolute(folder, code);
    return code ? folder : absolute.lexically_normal().string();
}

}  // namespace

std::filesystem::path Settings::default_file() {
    const auto is_absolute = [](const char* path) { return path && path[0] == '/'; };
    const char* const config = std::getenv("XDG_CONFIG_HOME");
    if (is_absolute(config)) return std::filesystem::path(config) / "jouletwin" / "screen.json";
    const char* const home = std::getenv("HOME");
    return is_absolute(home) ? std::filesystem::path(home) / ".config" / "jouletwin" / "screen.json" : std::filesystem::path();
}

Settings::Settings(std::filesystem::path file) : file_(std::move(file)) {
    std::error_code code;
    if (!file_.empty() && std::filesystem::exists(file_, code)) read();
    written_ = text();
}

Settings::~Settings() {
    write();
}

void Settings::read() {
    Json all;
    try {
        all = Json::parse(read_text_file(file_, kLargest));
    } catch (const std::exception&) {
        notice_ = "The settings in " + file_.string() + " cannot be read; the screen starts with its own";
        return;
    }
    const Json* view = member(all, "view");
    const Json* bookmarks = member(all, "bookmarks");
    if (!view && !bookmarks) {
        notice_ = file_.string() + " holds no settings of this screen; it starts with its own";
        return;
    }
    if (view) {
        take_choice(*view, "theme", kThemes, view_.theme);
        take(*view, "font_scale", 0.8, 2.0, view_.font_scale);
        take(*view, "kelvin", view_.kelvin);
        take(*view, "smooth", view_.smooth);
        double tab = view_.tab;
        take(*view, "tab", 1, kTabs, tab);
        view_.tab = int(tab);
        take_quantity(*view, "bed_field", view_.bed_field);
        take_quantity(*view, "micro_field", view_.micro_field);
        take_choice(*view, "bed_mode", kModes, view_.bed_mode);
        take(*view, "streamlines", view_.streamlines);
        if (const Json* camera = member(*view, "camera")) {
            take(*camera, "yaw", -1e3, 1e3, view_.camera.yaw);
            take(*camera, "pitch", -1.6, 1.6, view_.camera.pitch);
            take(*camera, "zoom", 0.1, 50.0, view_.camera.zoom);
            take(*camera, "pan_x", -10.0, 10.0, view_.camera.pan_x);
            take(*camera, "pan_y", -10.0, 10.0, view_.camera.pan_y);
        }
    }
    if (!bookmarks || !bookmarks->is_array()) return;
    for (const Json& one : *bookmarks) {
        const Json *folder = member(one, "folder"), *times = member(one, "times");
        if (!folder || !folder->is_string() || !times || !times->is_array() || bookmarks_.size() == kMostFolders) continue;
        Bookmarks marks{folder->get<std::string>(), times_of(*times)};
        if (!marks.folder.empty() && !marks.times.empty()) bookmarks_.push_back(std::move(marks));
    }
}

std::string Settings::text() const {
    Json view{{"theme", kThemes[int(view_.theme)]},
              {"font_scale", view_.font_scale},
              {"kelvin", view_.kelvin},
              {"smooth", view_.smooth},
              {"tab", view_.tab},
              {"bed_field", view_.bed_field},
              {"micro_field", view_.micro_field},
              {"bed_mode", kModes[int(view_.bed_mode)]},
              {"streamlines", view_.streamlines},
              {"camera",
               {{"yaw", view_.camera.yaw},
                {"pitch", view_.camera.pitch},
                {"zoom", view_.camera.zoom},
                {"pan_x", view_.camera.pan_x},
                {"pan_y", view_.camera.pan_y}}}};
    Json marks = Json::array();
    for (const Bookmarks& one : bookmarks_) marks.push_back({{"folder", one.folder}, {"times", one.times}});
    const Json all{{"view", std::move(view)}, {"bookmarks", std::move(marks)}};
    // names of folders need not be UTF-8
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void Settings::restore(ViewState& view, const std::string& run_folder) const {
    view.theme = view_.theme, view.font_scale = view_.font_scale, view.kelvin = view_.kelvin, view.smooth = view_.smooth;
    view.tab = view_.tab, view.bed_field = view_.bed_field, view.micro_field = view_.micro_field;
    view.bed_mode = view_.bed_mode, view.streamlines = view_.streamlines, view.camera = view_.camera;
    view.bookmarks.clear();
    const std::string folder = whole(run_folder);
    for (const Bookmarks& one : bookmarks_)
        if (!folder.empty() && one.folder == folder) view.bookmarks = one.times;
}

void Settings::keep(const ViewState& view, const std::string& run_folder, double wall_s) {
    if (file_.empty()) return;
    view_ = view;
    const std::string folder = whole(run_folder);
    const auto at = std::find_if(bookmarks_.begin(), bookmarks_.end(), [&](const auto& one) { return one.folder == folder; });
    if (!folder.empty() && (at == bookmarks_.end() ? !view.bookmarks.empty() : at->times != view.bookmarks)) {
        if (at != bookmarks_.end()) bookmarks_.erase(at);
        if (!view.bookmarks.empty()) bookmarks_.push_back({folder, view.bookmarks});
        if (bookmarks_.size() > kMostFolders) bookmarks_.erase(bookmarks_.begin());
    }
    if (std::abs(wall_s - written_at_) < kWriteEvery) return;
    written_at_ = wall_s;
    write();
}

void Settings::write() {
    if (file_.empty()) return;
    std::string now = text();
    if (now == written_) return;
    try {
        make_folder(file_.parent_path());
        write_file(file_, now);
        written_ = std::move(now);
        refused_ = false;
    } catch (const DiskError& error) {
        if (!std::exchange(refused_, true)) notice_ = "The settings cannot be kept: " + std::string(error.what());
    }
}

}  // namespace jt
