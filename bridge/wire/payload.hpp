// SPDX-License-Identifier: Apache-2.0
// Payload: JSON of the messages. Names are those of message.hpp without the suffix _ns where design says so: a reading has
// {sensor, value, unit, sigma, quality, t_source, seq, epoch}, a command {id, epoch, deadline, verb, payload}; times are
// integers of nanoseconds. Qualities and phases are their names. What is optional and absent is left out, or null. Everything
// published by a twin carries "valid_until" [ns, sender's clock], 0: for ever. Unknown names are ignored; everything else is
// checked. A quality may also be its number.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "bridge/wire/frame.hpp"

namespace jt {

// Of the reply to `hello`.
struct Hello {
    std::uint16_t major = kWireMajor, minor = kWireMinor;
    std::string schema;                            // hash of the names and types of all messages
    std::uint64_t epoch = 0;                       // of the process that answers
    std::string role;                              // "twin", "heater"
    std::string program;                           // "jouletwin 0.1.0"
    std::string title;                             // of the scenario, for people; may be empty
    std::map<std::string, std::string> endpoints;  // "predictions", "requests", "commands", "sensors" -> tcp://...
    std::vector<std::string> fields;               // quantities that can be published as "field/QUANTITY"
};

// Two of the four stamps of a clock comparison; the others are the asker's.
struct TimeReply {
    std::int64_t t_asked_ns = 0, t_received_ns = 0, t_sent_ns = 0;  // the first as the asker wrote it
};

using Message = std::variant<std::monostate, Reading, HeaterStatus, TwinState, Forecast, FieldMessage, AlarmMessage, TwinStatus,
                             Heartbeat, Command, CommandResult, Hello, TimeReply>;

MessageType type_of(const Message& message);
// valid_until_ns is that of TwinState and Forecast where the message has its own. Numbers that are not finite become null,
// which no decoder takes: publish what exists.
std::string encode_payload(const Message& message, std::int64_t valid_until_ns = 0);
// Whether each number of it is finite, so that it can be decoded. Values of fields may be NaN.
bool finite(const Message& message);

struct Decoded {
    Message message;
    std::int64_t valid_until_ns = 0;
    Rejection rejection = Rejection::none;
    std::string detail;  // of a rejection: "reading: \"value\" is a string; allowed: a number or null"
};
// Never throws on what it is given. Snapshot, text and refusal have no message: monostate.
Decoded decode_payload(MessageType type, std::string_view payload);
// Frame and payload, and that the topic is the one of the payload ("reading/tc1" of sensor tc1).
Decoded decode_message(const Frame& frame);

// Hash of names and types of all messages: two programs with the same one understand each other fully.
std::string schema_hash();

// As they stand in JSON.
inline constexpr std::string_view kQualityNames[] = {"good", "uncertain", "predicted", "stale", "bad"};
inline constexpr std::string_view kPhaseNames[] = {"idle", "running", "holding", "finished", "aborted", "tripped"};
std::string_view name(Quality quality);
std::string_view name(HeaterPhase phase);
std::optional<Quality> quality_of(std::string_view name);

}  // namespace jt
