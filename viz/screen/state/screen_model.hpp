// SPDX-License-Identifier: Apache-2.0
// ScreenModel: all that panels may read, for one frame: the run as its source has it, where the cursor stands, and what follows
// from that. Formed by the application once a frame; panels change nothing in it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "twin/microstructure/outlook.hpp"
#include "twin/quantity/quantity.hpp"
#include "viz/screen/data/history.hpp"
#include "viz/screen/data/run_facts.hpp"
#include "viz/screen/data/run_source.hpp"

namespace jt {

class AlarmBook;  // alarms.hpp

// A number to be shown: its value, or why there is none. Stale: the last one known, with its age.
struct Shown {
    std::optional<double> value;  // in the stored unit
    double age_s = 0.0;           // of the value at the cursor
    bool stale = false;
    std::string reason;  // why there is none
};

struct ScreenModel {
    SourceState source;
    RunStatus status;
    const RunFacts* facts = nullptr;  // null: nothing is known yet; then the rest is empty
    const History* history = nullptr;
    const std::vector<ScreenEvent>* events = nullptr;
    const std::vector<double>* frame_times = nullptr;
    const std::vector<std::string>* field_names = nullptr;
    FramePtr frame;                      // fields near the cursor; null: none
    bool live = false;                   // the cursor follows a run that goes on
    double cursor_s = 0.0;               // what is shown is of this moment
    std::optional<double> shown_s;       // numbers are of this one: of a live run they change at 4 Hz; absent: cursor_s
    double newest_s = 0.0;               // last row
    double start_s = 0.0, end_s = 60.0;  // of the run as planned, or as it became if it went on longer
    std::optional<Outlook> outlook;      // from `frame`
    const Outlook* shown_outlook() const { return outlook ? &*outlook : nullptr; }
    AlarmBook* alarms = nullptr;
    RunControl* control = nullptr;
    const TwinFacts* twin = nullptr;  // of now, whatever the cursor; null: no twin beside a heater
    HeaterControl* heater = nullptr;
    double wall_s = 0.0;  // of the screen's clock
    std::string clock;    // time of day, "14:07:23"
    std::string notice;   // what the application last did, for some seconds: "picture written to ..."

    // The column at shown_s. A value that is missing there but was known is stale.
    Shown shown(const std::string& column) const;
    // The run goes on as far as is known: a twin that is lost may come back.
    bool goes_on() const {
        return source.kind == SourceState::Kind::live || (twin && source.kind == SourceState::Kind::broken);
    }
    // Where the run stands by the clock [s]: beyond the newest row where a twin beside a heater has gone silent.
    double now_s() const;
    // The 90 % band of a column at shown_s; absent: none is stated there.
    std::optional<Interval> band(const std::string& column) const;
    // The twin's forecast where the cursor is at the newest of a run that goes on; null: none. It may be expired.
    const TwinForecast* forecast() const;
    // The program of temperature (or of current, voltage, power) that the run follows; null: none.
    const Program* program() const;
    bool temperature_program() const;
};

// The segments of a program between 0 and end, for people.
struct Segment {
    enum class Kind { ramp, hold, cool, step };
    Kind kind;
    double from_s, to_s, from_value, to_value;
};
std::vector<Segment> segments_of(const Program&, double end_s);
std::string_view name_of(Segment::Kind);  // "ramp", "hold", "cool", "step"

// A value in the unit that people see, the unit itself, and a number with the digits it deserves: temperatures in degC, or K.
double in_shown_unit(const Quantity&, double value, bool kelvin);
std::string shown_unit(const Quantity&, bool kelvin);
// "987 ±3": digits follow the uncertainty (in the stored unit; 0: none is stated, then the quantity's own digits).
std::string shown_number(const Quantity&, double value, bool kelvin);
// The same with an uncertainty of this value's own, in the stored unit; 0: the quantity's.
std::string shown_number(const Quantity&, double value, bool kelvin, double uncertainty);
// "±3", "±0.4", "±12": one digit, two where the first is a 1; empty: not above 0.
std::string plus_minus(double uncertainty);

}  // namespace jt
