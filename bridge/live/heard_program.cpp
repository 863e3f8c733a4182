// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/heard_program.hpp"

#include <cmath>

#include "kernels/error.hpp"
#include "twin/scenario/program_text.hpp"

namespace jt {
namespace {

constexpr double kSameStatus = 0.05;  // [s] statuses come with this jitter
constexpr double kFor = 1e6;          // [s] a value that stays

Program constant(double value) {
    return {{0.0, kFor}, {value, value}};
}

}  // namespace

HeardProgram::HeardProgram(const Scenario& scenario) {
    if (!scenario.heater) return;
    mode_ = scenario.heater->mode;
    program_ = scenario.heater->program;
    const bool temperature = mode_ == Heater::Mode::temperature || mode_ == Heater::Mode::imposed;
    start_ = off_ = temperature ? scenario.bed.initial_temperature : 0.0;
}

std::optional<Program> HeardProgram::hear(const HeaterStatus& status) {
    const bool known = phase_.has_value();
    bool changed = false;
    if (!status.program.empty() && status.program != text_) {
        text_ = status.program;
        try {
            program_ = read_program_text(status.program, mode_, start_, "program of the heater");
            problem_.clear();
            changed = true;
        } catch (const InputError& error) {
            problem_ = error.what();
        }
    }
    const double behind = status.run_s - status.program_s;
    const bool runs = status.phase == HeaterPhase::running;
    if (!known || status.phase != *phase_) changed = true;
    if (runs && std::abs(behind - behind_s_) > kSameStatus) changed = true;
    phase_ = status.phase;
    if (!changed) return {};
    behind_s_ = behind;
    switch (status.phase) {
        case HeaterPhase::holding:
            return constant(program_.at(status.program_s));
        case HeaterPhase::aborted:
        case HeaterPhase::tripped:
        case HeaterPhase::idle:
            return constant(off_);
        case HeaterPhase::running:
        case HeaterPhase::finished:
            break;
    }
    Program out = program_;
    for (double& t : out.time) t += behind;
    return out;
}

}  // namespace jt
