// SPDX-License-Identifier: Apache-2.0
// RunLog: frames.log of a run folder: every frame as it came, and between them marks of what the twin did, so that a replay
// does the same. A mark is a record whose time of reception is negative, which no frame has.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bridge/live/intake.hpp"
#include "bridge/wire/frame_log.hpp"

namespace jt {

inline constexpr const char* kFrameLogName = "frames.log";

// First in a log: whose run it is and how the twin was set up.
struct BeginMark {
    RunStart start;
    std::uint64_t run = 1, seed = 1;
    int members = 16;
    double window_s = 0.1;
    std::string version;
    double radius_m = 0.0;
};
// A window was closed, with all frames before this mark.
struct WindowMark {
    std::int64_t own_ns = 0;
    int length = 1, degradation = 0;
    bool forecast = false;
};
// The run ended.
struct EndMark {
    std::string why;
};
using Mark = std::variant<BeginMark, WindowMark, EndMark>;

class RunLog {
public:
    // Creates the file or goes on with it. Throws DiskError, InputError.
    explicit RunLog(const std::filesystem::path& file) : log_(file) {}
    void frame(std::int64_t t_receive_ns, std::span<const std::string_view> parts) { log_.append(t_receive_ns, parts); }
    void mark(const Mark& mark);
    void flush() { log_.flush(); }

private:
    FrameLog log_;
};

// The mark that a record holds; empty: it is a frame. Throws InputError: a mark that cannot be read.
std::optional<Mark> mark_of(const FrameRecord& record);
// How the run of this log began. Throws InputError: no frame log, or it does not begin with such a mark.
BeginMark begin_of(const std::filesystem::path& file);

}  // namespace jt
