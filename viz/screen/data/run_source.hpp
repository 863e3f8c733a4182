// SPDX-License-Identifier: Apache-2.0
// RunSource: where a screen gets a run from: a folder (folder_source.hpp), a run in this process (live_feed.hpp), a remote
// twin. Everything here is called by the screen's thread and returns at once; whatever takes time has a thread of the source's
// own, which ends with the source.
#pragma once
#include <string>
#include <vector>

#include "viz/screen/data/heater_control.hpp"
#include "viz/screen/data/history.hpp"
#include "viz/screen/data/run_facts.hpp"
#include "viz/screen/data/twin_facts.hpp"

namespace jt {

// Commands to a run; what is commanded and what the run has confirmed are two things.
class RunControl {
public:
    virtual ~RunControl() = default;
    virtual void stop() = 0;            // ends the run after its step; what was computed is kept
    virtual void set_rate(double) = 0;  // simulated seconds in a second, 0: as fast as possible
    virtual bool stop_commanded() const = 0;
    virtual double commanded_rate() const = 0;
    virtual double confirmed_rate() const = 0;  // the one the run last worked with
};

class RunSource {
public:
    virtual ~RunSource() = default;
    // Takes what is new. True: something has changed.
    virtual bool poll() = 0;

    virtual SourceState state() const = 0;
    // Null until something is known. May change when a folder is written anew: then all else has changed, too.
    virtual const RunFacts* facts() const = 0;
    virtual RunStatus status() const = 0;
    virtual const History& history() const = 0;
    virtual const std::vector<ScreenEvent>& events() const = 0;  // in time

    virtual const std::vector<double>& frame_times() const = 0;       // moments of which there are fields
    virtual const std::vector<std::string>& field_names() const = 0;  // quantities there may be fields of
    // Asks for fields at the moment nearest to t; what is asked for later replaces it. frame() has it some polls later.
    virtual void want(double t, const std::vector<std::string>& fields) = 0;
    virtual FramePtr frame() const = 0;  // the last one that came; null: none yet

    virtual RunControl* control() { return nullptr; }

    // Of a run that a twin follows beside a heater; null: the run is simulated, or nothing is known yet. Ages are of the last
    // poll.
    virtual const TwinFacts* twin() const { return nullptr; }
    virtual HeaterControl* heater() { return nullptr; }  // null: no commands to the heater from here
};

}  // namespace jt
