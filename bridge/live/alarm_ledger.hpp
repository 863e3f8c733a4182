// SPDX-License-Identifier: Apache-2.0
// AlarmLedger: which alarms are on. A message goes out when one begins, ends, or says something new.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bridge/wire/message.hpp"

namespace jt {

class AlarmLedger {
public:
    // Priority 1 urgent ... 3 low. `action`: what the operator can do.
    void raise(const std::string& id, int priority, const std::string& text, const std::string& action, double run_s) {
        AlarmMessage& one = alarms_[id];
        if (one.active && !one.id.empty() && one.text == text) return;
        one = {id, text, action, priority, true, run_s};
        changes_.push_back(one);
    }
    void clear(const std::string& id, double run_s) {
        const auto found = alarms_.find(id);
        if (found == alarms_.end() || !found->second.active) return;
        found->second.active = false, found->second.run_s = run_s;
        changes_.push_back(found->second);
    }
    void set(bool on, const std::string& id, int priority, const std::string& text, const std::string& action, double run_s) {
        if (on)
            raise(id, priority, text, action, run_s);
        else
            clear(id, run_s);
    }
    bool active(const std::string& id) const {
        const auto found = alarms_.find(id);
        return found != alarms_.end() && found->second.active;
    }
    // Since the last call.
    std::vector<AlarmMessage> changes() { return std::exchange(changes_, {}); }

private:
    std::map<std::string, AlarmMessage> alarms_;
    std::vector<AlarmMessage> changes_;
};

}  // namespace jt
