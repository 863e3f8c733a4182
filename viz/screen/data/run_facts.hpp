// SPDX-License-Identifier: Apache-2.0
// What a screen knows of a run: facts that stay, the newest status, and fields at one moment. All of it belongs to the screen:
// a source hands over copies (or shares what nobody changes any more), so that no run ever waits for a screen.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernels/extents.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

struct RunFacts {
    std::string name, folder;  // for people; where it is recorded (empty: nowhere)
    Scenario scenario;
    Extents extents;
    std::vector<std::uint8_t> material;  // per cell, x fastest: index into material_names, 0 void
    std::vector<std::string> material_names;
    std::vector<bool> in_product;
    std::string device;  // "cpu AVX-512"; empty: not known
};

// Fields at one moment by quantity (names of twin/quantity), per cell, x fastest, NaN where there is nothing.
struct FieldFrame {
    double time_s = 0.0;
    std::map<std::string, std::vector<float>> fields;
    const std::vector<float>* find(const std::string& quantity) const {
        const auto at = fields.find(quantity);
        return at == fields.end() ? nullptr : &at->second;
    }
};
using FramePtr = std::shared_ptr<const FieldFrame>;

struct ScreenEvent {
    double time_s = 0.0;
    std::string text;
};

// Why there is nothing to see yet, or whether what is seen is of now.
struct SourceState {
    enum class Kind {
        connecting,  // asked, no answer yet
        waiting,     // a run that has not written anything yet
        empty,       // the folder holds no run
        broken,      // it cannot be read: damaged, lost
        live,        // the run goes on
        finished,    // complete, interrupted, failed or killed: it will not change any more
    };
    Kind kind = Kind::connecting;
    std::string text;    // one sentence: what is the matter
    std::string advice;  // one sentence: what to do next; empty: nothing
    std::string name;    // "LIVE in this process", "runs/plug", "127.0.0.1:5703"
    double age_s = 0.0;  // since something new came; of finished sources 0
};

struct RunStatus {
    enum class Phase { running, complete, interrupted, failed, unfinished };
    Phase phase = Phase::running;
    std::optional<double> realtime_factor, energy_residual;
    std::string failure;  // why it failed
};

}  // namespace jt
