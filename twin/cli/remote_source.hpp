// SPDX-License-Identifier: Apache-2.0
// A twin elsewhere as a source of a screen. A thread of the source's own keeps the link: it asks who is there, takes the
// snapshot and the past, then what is published; it begins again, ever more patiently, when the link is silent. The screen's
// side never waits for it.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bridge/wire/message.hpp"
#include "kernels/error.hpp"
#include "viz/screen/data/run_source.hpp"

namespace jt::cli {

// The twin is there and does not let this screen in, or speaks another version.
struct LinkRefused : Error {
    using Error::Error;
};

struct TwinHello {
    std::uint64_t epoch = 0;
    std::string scenario;             // TOML, resolved
    std::string name;                 // for people; may be empty
    std::vector<std::string> fields;  // that it can publish
    bool commands = false;            // it has a heater that takes commands
};

// What came, decoded.
struct FromTwin {
    std::variant<TwinState, Forecast, TwinStatus, FieldMessage, AlarmMessage, Heartbeat, CommandResult> what;
    std::uint64_t epoch = 0;     // of the sender; 0: as before
    double valid_for_s = 1e300;  // from when it was sent
    bool gap = false;            // messages may be missing before it
    double age_s = 0.0;          // since it was sent
};

struct PastState {
    double run_s = 0.0;
    std::map<std::string, Estimate> scalars;
};

// One link to one twin; used by one thread. Calls return within their timeouts. All throw LinkRefused, or Error where the
// link is of no more use.
class TwinLink {
public:
    using Milliseconds = std::chrono::milliseconds;
    virtual ~TwinLink() = default;
    virtual std::optional<TwinHello> hello(Milliseconds timeout) = 0;  // absent: no answer
    // The last of each topic that is subscribed to, of alarms all that are on; receive() has what is newer. Absent: no answer.
    virtual std::optional<std::vector<FromTwin>> snapshot(Milliseconds timeout) = 0;
    virtual std::vector<PastState> history(Milliseconds timeout) = 0;
    virtual void subscribe(const std::vector<std::string>& fields) = 0;  // in place of those before; all else is always sent
    virtual std::optional<FromTwin> receive(Milliseconds timeout) = 0;   // absent: nothing came
    virtual void send(const Command&) = 0;                               // the answer is received
};

struct RemoteTiming {
    std::chrono::milliseconds ask{500};                            // for an answer
    std::chrono::milliseconds slice{50};                           // for a message
    std::chrono::milliseconds silence{3000};                       // then the link is lost
    std::chrono::milliseconds first_pause{250}, last_pause{4000};  // between tries
    std::chrono::milliseconds command{3000};                       // a command is to be begun by then
};

// endpoint: for people. connect: makes a link, on the source's thread; may throw LinkRefused, Error.
std::unique_ptr<RunSource> open_remote(const std::string& endpoint, std::function<std::unique_ptr<TwinLink>()> connect,
                                       RemoteTiming = {});

}  // namespace jt::cli
