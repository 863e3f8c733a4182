// SPDX-License-Identifier: Apache-2.0
// Settings: what a user of the screen has chosen, kept between sessions: theme, size, units, fields, camera, and the bookmarks
// of each run folder. One JSON file of the user's; what is damaged, out of range or unknown in it is left out, never an error.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "viz/screen/state/view_state.hpp"

namespace jt {

class Settings {
public:
    // $XDG_CONFIG_HOME/jouletwin/screen.json, else ~/.config/jouletwin/screen.json; empty where there is neither.
    static std::filesystem::path default_file();

    // Reads the file. Empty path: nothing is read or written.
    explicit Settings(std::filesystem::path file = default_file());
    // Writes what has not been written yet, as far as it can.
    ~Settings();
    Settings(const Settings&) = delete;

    // Puts what is kept into the view, with the bookmarks of a run folder (empty: none).
    void restore(ViewState&, const std::string& run_folder) const;
    // Tells what the view is now; written when something has changed, at most once a second. wall_s: of the screen's clock.
    void keep(const ViewState&, const std::string& run_folder, double wall_s);
    void write();

    // What went wrong with the file, for people, once; empty: nothing.
    std::string take_notice() { return std::exchange(notice_, {}); }

private:
    struct Bookmarks {
        std::string folder;
        std::vector<double> times;
        friend bool operator==(const Bookmarks&, const Bookmarks&) = default;
    };
    void read();
    std::string text() const;

    std::filesystem::path file_;
    ViewState view_;                      // of its kept part
    std::vector<Bookmarks> bookmarks_;    // the latest folder last
    std::optional<std::string> written_;  // the file's text
    double written_at_ = -1e300;
    std::string notice_;
    bool refused_ = false;  // it could not be written: said once
};

}  // namespace jt
