// SPDX-License-Identifier: Apache-2.0
#include "bridge/heater/command_desk.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "kernels/error.hpp"
#include "twin/document.hpp"
#include "twin/scenario/program_text.hpp"
#include "twin/scenario/schema.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr std::size_t kRemembered = 1000;  // commands; a sender repeats one within seconds
constexpr std::size_t kLongestId = 64, kLongestVerb = 64;
constexpr double kLongestWatchdog = 3600.0;  // [s]

bool fit_for_an_id(const std::string& id) {
    return !id.empty() && id.size() <= kLongestId &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// What a heater can follow without being kept busy by it: every corner of a program ends a step of the plant.
constexpr std::size_t kMostPoints = 1000;
constexpr double kShortestSegment = 0.01;  // [s]

std::string unfit(const Program& program) {
    if (program.time.size() > kMostPoints)
        return "found " + std::to_string(program.time.size()) + " points; allowed: at most " + std::to_string(kMostPoints);
    for (std::size_t n = 1; n < program.time.size(); ++n) {
        const double length = program.time[n] - program.time[n - 1];
        if (length != 0.0 && length < kShortestSegment)
            return "found a segment of " + format_for_people(length, Dimension::time) +
                   "; allowed: >= " + format_for_people(kShortestSegment, Dimension::time);
    }
    return "";
}

// Of start. Throws InputError.
std::optional<double> read_watchdog(const std::string& payload) {
    if (payload.empty()) return {};
    const Value document = parse_document(payload, "start");
    const Value* watchdog = document.find("watchdog");
    if (document.members.size() != 1 || !watchdog || !watchdog->is(Value::Kind::text))
        throw InputError("start: found " + quote(payload) + "; allowed: nothing, or watchdog = \"3 s\"");
    const double wait = parse_quantity(watchdog->text, Dimension::time);
    if (!(wait > 0.0 && wait <= kLongestWatchdog))
        throw InputError("start: watchdog: found " + quote(watchdog->text) + "; allowed: > 0 s, <= 1 h");
    return wait;
}

}  // namespace

const char* name_of(HeaterPhase phase) {
    static constexpr const char* kNames[] = {"idle", "running", "holding", "finished", "aborted", "tripped"};
    return kNames[static_cast<int>(phase)];
}

CommandDesk::CommandDesk(std::uint64_t epoch, Heater::Mode mode, double start_value, std::optional<double> limit_K)
    : epoch_(epoch), mode_(mode), start_value_(start_value), limit_K_(limit_K) {}

std::string CommandDesk::refusal(const Command& command, std::int64_t now_ns, Operated& heater) {
    static const std::vector<std::string> verbs{"start", "hold", "resume", "abort", "program"};
    if (std::find(verbs.begin(), verbs.end(), command.verb) == verbs.end()) {
        const std::string guess = nearest(command.verb, verbs);
        return "unknown verb " + quote(command.verb) + (guess.empty() ? "" : "; did you mean " + guess + "?") +
               "; allowed: start, hold, resume, abort, program";
    }
    if (command.epoch != 0 && command.epoch != epoch_)
        return "wrong epoch: meant for " + std::to_string(command.epoch) + ", this heater is " + std::to_string(epoch_) +
               "; it has been restarted";
    if (command.deadline_ns > 0 && now_ns > command.deadline_ns)
        return "deadline past by " + format_for_people(1e-9 * double(now_ns - command.deadline_ns), Dimension::time) +
               "; allowed: a later one";
    const HeaterPhase phase = heater.phase();
    const bool on = phase == HeaterPhase::running || phase == HeaterPhase::holding;
    const auto wrong_phase = [&](const std::string& allowed) {
        return "wrong phase: the heater is " + std::string(name_of(phase)) + "; " + command.verb + " is allowed when it is " +
               allowed;
    };
    try {
        if (command.verb == "program") {
            const Program program = read_program_text(command.payload, mode_, start_value_, "program");
            if (const std::string why = unfit(program); !why.empty()) return "invalid program: " + why;
            if (mode_ == Heater::Mode::temperature && limit_K_)
                for (const double T : program.value)
                    if (T >= *limit_K_)
                        return "invalid program: it goes to " + format_for_people(T, Dimension::temperature) +
                               "; allowed: below the limit, " + format_for_people(*limit_K_, Dimension::temperature);
            heater.follow(program);
        } else if (command.verb == "start") {
            if (on) return wrong_phase("idle, finished, aborted or tripped");
            heater.start(read_watchdog(command.payload));
        } else {
            if (!command.payload.empty()) return command.verb + " takes no payload; found " + quote(command.payload);
            if (command.verb == "hold") {
                if (phase != HeaterPhase::running) return wrong_phase("running");
                heater.hold();
            } else if (command.verb == "resume") {
                if (phase != HeaterPhase::holding) return wrong_phase("holding");
                heater.resume();
            } else {
                if (!on) return wrong_phase("running or holding");
                heater.abort();
            }
        }
    } catch (const InputError& error) {
        return "invalid " + std::string(command.verb == "program" ? "program" : "payload") + ": " + error.what();
    }
    return "";
}

CommandResult CommandDesk::handle(const Command& command, std::int64_t now_ns, Operated& heater) {
    CommandResult result;
    result.id = command.id;
    result.verb = command.verb.substr(0, kLongestVerb);
    result.t_ns = now_ns;
    if (!fit_for_an_id(command.id)) {
        result.id = command.id.substr(0, kLongestId);
        result.reason = "id: found " + quote(command.id) + "; allowed: 1 to 64 printing characters without spaces";
        ++counters_["refused"];
        return result;
    }
    const std::size_t payload = std::hash<std::string>{}(command.payload);
    if (const auto known = answered_.find(command.id); known != answered_.end()) {
        if (known->second.result.verb == result.verb && known->second.payload == payload) {
            ++counters_["repeated"];
            return known->second.result;
        }
        result.reason = "id " + quote(command.id) + " belongs to another command, " + known->second.result.verb +
                        "; allowed: an id of its own";
        ++counters_["refused"];
        return result;
    }
    result.reason = refusal(command, now_ns, heater);
    result.accepted = result.reason.empty();
    ++counters_[result.accepted ? "accepted" : "refused"];
    answered_[command.id] = {payload, result};
    order_.push_back(command.id);
    if (order_.size() > kRemembered) {
        answered_.erase(order_.front());
        order_.pop_front();
    }
    last_ = result;
    return result;
}

}  // namespace jt
