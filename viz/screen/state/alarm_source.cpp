// SPDX-License-Identifier: Apache-2.0
// How the source and the run as a whole fare.
#include "viz/screen/state/alarm_judge.hpp"

#include <algorithm>

namespace jt {

void AlarmJudge::fate() {
    using Kind = SourceState::Kind;
    const bool expired = m_.twin && m_.twin->expired;
    if (m_.source.kind == Kind::live && (m_.source.age_s > kStaleAfter || expired)) {
        auto& one = add("stale", AlarmPriority::high, AlarmKind::validity);
        const double age = m_.twin ? std::max(m_.source.age_s, m_.twin->age_s) : m_.source.age_s;
        one.text = (m_.twin ? "Twin silent for " : "Nothing new for ") + seconds_text(age) + ": what is shown is old";
        one.cause = "The run computes slower than it is shown, is stopped, or its link is interrupted.";
        one.consequence = "The bed may be in another state than shown.";
        one.action = "Go by the heater's own display until data come again.";
        one.respond_s = 10.0;
        one.on_delay_s = 0.0;
    }
    if (m_.source.kind == Kind::broken) {
        auto& one = add("lost", AlarmPriority::high, AlarmKind::validity);
        one.text = m_.twin && !m_.source.text.empty()
                       ? m_.source.text
                       : "Data lost" + (m_.source.text.empty() ? std::string() : ": " + m_.source.text);
        one.cause = "The run's files or its link cannot be read any more.";
        one.consequence = "The bed may be in another state than shown.";
        one.action = m_.source.advice.empty() ? "Go by the heater's own display." : m_.source.advice;
        one.on_delay_s = 0.0;
    }
    if (!at_end_) return;
    const auto& status = m_.status;
    if (status.phase == RunStatus::Phase::failed) {
        auto& one = add("failed", AlarmPriority::urgent);
        one.text = "Run failed" + (status.failure.empty() ? std::string() : ": " + status.failure);
        one.cause = status.failure.empty() ? "The run did not say why." : "The solver: " + status.failure + ".";
        one.consequence = "There is no prediction from here on.";
        one.action = "Go by the sensors. If it is a thermal runaway, end the heating at the heater.";
        one.respond_s = 5.0;
        one.on_delay_s = 0.0;
    } else if (m_.source.kind == Kind::finished &&
               (status.phase == RunStatus::Phase::interrupted || status.phase == RunStatus::Phase::unfinished)) {
        const bool interrupted = status.phase == RunStatus::Phase::interrupted;
        auto& one = add(interrupted ? "interrupted" : "killed", AlarmPriority::low);
        one.text = interrupted ? "Run interrupted before its end" : "Run ended without a word: killed, or power lost";
        one.cause = interrupted ? "It was stopped by its user." : "The program did not end by itself.";
        one.consequence = "What was computed is kept; the rest is missing.";
        one.action = "It can be resumed from its folder (run --resume).";
        one.on_delay_s = 0.0;
    }
}

}  // namespace jt
