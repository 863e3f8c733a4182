// SPDX-License-Identifier: Apache-2.0
// Alarms after ISA-18.2: conditions that hold of a run at a moment, and the book that keeps what the operator has seen of them.
// Pure logic; nothing is drawn here.
#pragma once
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viz/screen/state/actions.hpp"
#include "viz/screen/state/screen_model.hpp"

namespace jt {

enum class AlarmPriority { urgent = 1, high = 2, low = 3 };
// process: something about the bed or the heater. validity: what is shown may not be true; never an answer to a process alarm.
enum class AlarmKind { process, validity };

struct AlarmCondition {
    std::string id;
    AlarmPriority priority = AlarmPriority::low;
    AlarmKind kind = AlarmKind::process;
    // False: neither there nor over (inside the deadband, or a value is missing). What is active stays, nothing begins.
    bool certain = true;
    std::string text;                        // one short line: what, how much
    std::string cause, consequence, action;  // sentences
    std::optional<double> respond_s;         // time there is to respond; absent: none that is known
    // How long it must hold, or be over, to count: in seconds of the run for the process, of the wall clock for validity.
    double on_delay_s = 0.0, off_delay_s = 0.0;
    std::optional<double> since_s;  // of the run: holds since; absent: not known
};

// Data that have not come for so long while a run is live are stale [s].
inline constexpr double kStaleAfter = 3.0;
inline constexpr double kShelfTime = 300.0;       // [s]
inline constexpr double kNotFollowed = 50.0;      // distance from the set point [K] ...
inline constexpr double kNotFollowedFor = 3.0;    // ... and how long [s]
inline constexpr double kNearLimit = 0.03;        // of the limit in K
inline constexpr double kForecastHorizon = 10.0;  // [s]
inline constexpr double kLikely = 0.5;            // probability of crossing a limit: a high alarm from here on ...
inline constexpr double kPossible = 0.1;          // ... a low one from here on
inline constexpr double kSensorUnused = 3.0;      // [s] without a reading that counts: the sensor is lost
inline constexpr double kCommandWaits = 2.0;      // [s] that a heater has to confirm an abort
inline constexpr double kEnergyTolerance = 1e-6;  // relative

// What holds at the cursor; texts with temperatures in degC, or K.
std::vector<AlarmCondition> conditions_of(const ScreenModel&, bool kelvin = false);

enum class AlarmState {
    unacknowledged,  // active
    acknowledged,    // active
    returned,        // over, not acknowledged
    shelved,
    moment,  // holds at a moment of a run that is over: nothing to acknowledge
};

struct Alarm {
    AlarmCondition condition;  // as it last held
    AlarmState state = AlarmState::unacknowledged;
    bool active = false;       // of shelved ones, too
    double first_run_s = 0.0;  // first out: time of the run
    std::string first_clock;   // and of day
    double shelf_left_s = 0.0;
};

enum class AlarmChange { raised, returned, acknowledged, shelved, unshelved };
std::string_view name_of(AlarmPriority);  // "URGENT", "HIGH", "LOW"
std::string_view name_of(AlarmState);     // for people
std::string_view name_of(AlarmChange);

// Keeps the states of alarms. One book a run.
class AlarmBook {
public:
    struct Now {
        double wall_s = 0.0, run_s = 0.0;
        std::string clock;  // time of day
    };
    // Takes the conditions that hold now. Times that are not finite are those of the call before.
    void update(std::span<const AlarmCondition>, const Now&);

    // All that is not normal: not shelved before shelved, by priority, process before validity, what is unacknowledged first,
    // then in the order in which they came.
    std::vector<Alarm> list() const;

    // Of one alarm only. False: there is nothing of that id to acknowledge, to shelve, or on the shelf.
    bool acknowledge(std::string_view id);
    bool shelve(std::string_view id);
    bool unshelve(std::string_view id);

    struct Entry {
        std::string clock;
        double run_s = 0.0;
        std::string id, text;
        AlarmChange change = AlarmChange::raised;
    };
    static constexpr std::size_t kLongestJournal = 500;
    const std::deque<Entry>& journal() const { return journal_; }  // oldest first

    // The row of the list that was selected before, wherever its alarm stands now; a row the user has moved to is kept.
    int follow(int row);
    int row_of(int row) const;  // the same, without keeping it

    void reset();  // of another run

private:
    struct Record {
        AlarmCondition condition;
        bool raised = false, acknowledged = false, unseen = false;  // unseen: returned, not acknowledged
        std::optional<double> pending_since;                        // on or off delay runs, by the kind's clock
        std::optional<double> shelved_until;                        // wall clock
        double first_run_s = 0.0;
        std::string first_clock;
        std::size_t order = 0;
    };
    double clock_of(AlarmKind kind) const { return kind == AlarmKind::process ? now_.run_s : now_.wall_s; }
    void write(const Record&, AlarmChange);
    void raise(Record&);

    std::map<std::string, Record, std::less<>> records_;
    std::deque<Entry> journal_;
    Now now_;
    std::size_t order_ = 0;
    int row_ = 0;
    std::string selected_;
};

// Brings the book up to date with the newest of a run that goes on, whatever moment the cursor stands at.
void update_alarms(AlarmBook&, const ScreenModel&, bool kelvin = false);

// What panels show: the book of a live run; of one that is over, what held at the cursor.
struct AlarmList {
    std::vector<Alarm> alarms;
    std::optional<double> moment_s;  // of the run, where it is a moment that is shown
    bool judged = false;             // false: there is no run to judge
    const Alarm* first() const;      // the one of the alarm line; null: none that is not shelved
    std::size_t unshelved() const;
};
AlarmList alarms_shown(const ScreenModel&, bool kelvin = false);

// The alarm that keys act on: the selected one while the tab of alarms is open, else the one of the alarm line.
std::optional<std::string> chosen_alarm(const ScreenModel&, const ViewState&);
// acknowledge and shelve (or back). False: not one of these, or there is nothing to do it to.
bool apply_to_alarms(Action, const ScreenModel&, const ViewState&);

}  // namespace jt
