// SPDX-License-Identifier: Apache-2.0
// RemoteTwin: what a screen knows of a twin elsewhere, put together from its messages: facts, history with bands, fields in
// memory, and what the twin makes of sensors and parameters. No sockets here; all of it is of one thread.
// Whether something is still valid is told by the clock of this machine: valid_for_s counts from the moment it came, so that
// the clocks of the two machines need not agree.
#pragma once
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/wire/message.hpp"
#include "twin/cli/remote_source.hpp"
#include "viz/screen/data/run_source.hpp"

namespace jt::cli {

// The run that a scenario (TOML, as the twin sends it) describes. Throws InputError: it cannot be read, or its bed is larger
// than kMostRemoteCells. Files of the other machine, as CT stacks, are not looked for: then the bed is known from its fields.
inline constexpr std::size_t kMostRemoteCells = std::size_t(64) << 20;
std::shared_ptr<RunFacts> facts_of_scenario(const std::string& toml, const std::string& name, const std::string& program = {});

// A program as a TOML list of segments, which starts from `start`, as heater.program has it.
std::string program_toml(const Program&, double start);

class RemoteTwin {
public:
    // fields_in_memory: bytes of the past; beyond, every second one of the older frames goes.
    explicit RemoteTwin(std::size_t fields_in_memory = std::size_t(256) << 20);

    // Another run: what is known of the one before goes. same_run: its program has changed, all else stays.
    void begin(std::shared_ptr<const RunFacts>, bool same_run = false);
    // now_s: of a clock that never goes back. Messages older than what is known, or of another run than the last state, change
    // nothing: false.
    bool take(const TwinState&, double now_s, double valid_for_s);
    bool take(const Forecast&, double now_s, double valid_for_s);
    void take(const TwinStatus&, double now_s);
    bool take(FieldMessage);
    void take(const AlarmMessage&);
    // States of before, in time; those that lie before the first row known are put in front of it, others fill what is missing
    // after the last one.
    void past(const std::vector<PastState>&);
    // Ages and validity as of now.
    void age(double now_s);

    const RunFacts* facts() const { return facts_.get(); }
    const TwinFacts* twin() const { return facts_ && twin_known_ ? &twin_ : nullptr; }
    const History& history() const { return history_; }
    const std::vector<ScreenEvent>& events() const { return events_; }
    const std::vector<double>& frame_times() const { return frame_times_; }
    const std::vector<std::string>& field_names() const { return field_names_; }
    void offers(std::vector<std::string> fields);  // names of fields that the twin can send
    FramePtr frame(double t) const;                // nearest to t; null: none
    std::optional<double> realtime_factor() const { return realtime_factor_; }
    std::optional<double> last_heard_s() const { return heard_s_; }  // by the clock of now_s; absent: nothing yet
    const std::optional<CommandResult>& last_command() const { return last_command_; }
    std::uint64_t run() const { return run_; }

private:
    struct Came {
        double at_s = 0.0, valid_until_s = 0.0;
    };
    std::map<std::string, double> values_of_past(const std::map<std::string, Estimate>& past) const;
    void set_point(double run_s, std::map<std::string, double>& values) const;
    void append(double run_s, std::map<std::string, double> values);
    void keep(const FramePtr&);

    std::size_t fields_in_memory_;
    std::shared_ptr<const RunFacts> facts_;
    TwinFacts twin_;
    bool twin_known_ = false;
    History history_;
    std::vector<ScreenEvent> events_;
    std::map<std::string, bool> alarms_;  // by id: active
    std::vector<std::string> field_names_;
    std::deque<FramePtr> frames_;
    std::size_t bytes_ = 0;
    std::vector<double> frame_times_;
    std::optional<Came> state_, forecast_;
    std::optional<double> status_s_, heard_s_;
    double heater_age_s_ = 0.0;
    std::optional<double> realtime_factor_;
    std::optional<CommandResult> last_command_;
    std::optional<HeaterPhase> phase_;
    std::uint64_t run_ = 0;
};

}  // namespace jt::cli
