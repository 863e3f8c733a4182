// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/run_log.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "kernels/error.hpp"

namespace jt {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMark = -1;

Json json_of(const Mark& mark) {
    if (const auto* b = std::get_if<BeginMark>(&mark))
        return {{"begin",
                 {{"epoch", b->start.epoch},
                  {"heater_run", b->start.run},
                  {"start_ns", b->start.start_ns},
                  {"run", b->run},
                  {"seed", b->seed},
                  {"members", b->members},
                  {"window_s", b->window_s},
                  {"radius_m", b->radius_m},
                  {"version", b->version}}}};
    if (const auto* w = std::get_if<WindowMark>(&mark))
        return {{"window",
                 {{"own_ns", w->own_ns}, {"length", w->length}, {"degradation", w->degradation}, {"forecast", w->forecast}}}};
    return {{"end", {{"why", std::get<EndMark>(mark).why}}}};
}

}  // namespace

void RunLog::mark(const Mark& mark) {
    const std::string text = json_of(mark).dump(-1, ' ', false, Json::error_handler_t::replace);
    const std::string_view part = text;
    log_.append(kMark, {&part, 1});
}

std::optional<Mark> mark_of(const FrameRecord& record) {
    if (record.t_receive_ns >= 0) return {};
    try {
        const Json json = Json::parse(record.parts.at(0));
        if (json.contains("begin")) {
            const Json& b = json.at("begin");
            BeginMark out;
            out.start = {b.at("epoch").get<std::uint64_t>(), b.at("heater_run").get<std::uint64_t>(),
                         b.at("start_ns").get<std::int64_t>()};
            out.run = b.at("run"), out.seed = b.at("seed"), out.members = b.at("members");
            out.window_s = b.at("window_s"), out.version = b.at("version");
            out.radius_m = b.value("radius_m", 0.0);
            if (out.members < 4 || out.members > 256 || !(out.window_s >= 0.01 && out.window_s <= 10.0))
                throw InputError(std::string(kFrameLogName) + ": the mark of its begin has " + std::to_string(out.members) +
                                 " members and windows of " + std::to_string(out.window_s) +
                                 " s; allowed: 4 to 256, 0.01 to 10 s");
            if (!(out.radius_m >= 0.0) || std::isinf(out.radius_m))
                throw InputError("the mark of its begin has a radius of " + std::to_string(out.radius_m) +
                                 " m; allowed: 0 or more");
            return out;
        }
        if (json.contains("window")) {
            const Json& w = json.at("window");
            WindowMark out{w.at("own_ns"), w.at("length"), w.at("degradation"), w.at("forecast")};
            if (out.length < 1 || out.length > 100)
                throw InputError(std::string(kFrameLogName) + ": a window of length " + std::to_string(out.length) +
                                 "; allowed: 1 to 100");
            return out;
        }
        return EndMark{json.at("end").at("why")};
    } catch (const std::exception& error) {
        throw InputError(std::string(kFrameLogName) + ": a mark cannot be read: " + error.what());
    }
}

BeginMark begin_of(const std::filesystem::path& file) {
    FrameLogReader reader(file);
    if (const auto first = reader.next())
        if (const auto mark = mark_of(*first))
            if (const auto* begin = std::get_if<BeginMark>(&*mark)) return *begin;
    throw InputError(file.string() + ": does not begin with the mark of a run; allowed: " + kFrameLogName +
                     " of a live run's folder");
}

}  // namespace jt
