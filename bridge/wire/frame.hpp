// SPDX-License-Identifier: Apache-2.0
// Frame: what travels, a ZeroMQ message of three parts: topic | header | payload.
// Header, 44 bytes, little endian, no padding:
//    0  u32  magic, the bytes "JTWP"
//    4  u16  version, 256 * major + minor: another major is refused, a newer minor read as far as known
//    6  u16  type of the payload (MessageType)
//    8  u64  seq, counts from 1 for each (epoch, topic); of requests and replies: number of the request
//   16  u64  epoch, one life of the sender
//   24  i64  t_source_ns, of what the payload tells, Unix time of the sender's clock
//   32  i64  t_send_ns
//   40  u32  quality
// Payload: JSON (payload.hpp); of a field: u32 length of the JSON, the JSON, float32 values, little endian, x fastest.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "bridge/wire/message.hpp"

namespace jt {

inline constexpr std::uint16_t kWireMajor = 1, kWireMinor = 0;
inline constexpr std::size_t kHeaderBytes = 44, kLongestTopic = 128;

enum class MessageType : std::uint16_t {
    reading = 1,
    heater_status = 2,
    state = 3,
    forecast = 4,
    field = 5,
    alarm = 6,
    status = 7,
    heartbeat = 8,
    command = 9,
    command_result = 10,
    hello = 11,
    time = 12,
    snapshot = 13,
    text = 14,     // payload: what the request is for: TOML of the scenario, JSON of the history
    refusal = 15,  // payload: a sentence
};

// Topics. A reading: "reading/SENSOR"; a field: "field/QUANTITY".
inline constexpr std::string_view kTopicReading = "reading/", kTopicField = "field/", kTopicState = "state",
                                  kTopicForecast = "forecast", kTopicAlarm = "alarm", kTopicStatus = "status",
                                  kTopicHeartbeat = "heartbeat", kTopicHeater = "heater";

struct Header {
    std::uint16_t major = kWireMajor, minor = kWireMinor;
    MessageType type = MessageType::heartbeat;
    std::uint64_t seq = 0, epoch = 0;
    std::int64_t t_source_ns = 0, t_send_ns = 0;
    Quality quality = Quality::good;
};

struct Frame {
    std::string topic;
    Header header;
    std::string payload;
};

// Why a frame was not taken.
enum class Rejection {
    none,
    parts,           // not three parts
    topic,           // empty, too long, or not printable ASCII
    header,          // not 44 bytes, wrong magic, unknown quality, negative times
    version,         // another major version
    type,            // unknown type of message, or one that is not for this place
    payload_size,    // more than the type may have
    not_json,        // not JSON, not UTF-8, nested too deep
    missing_field,   // a name that the type must have is not there
    wrong_type,      // a string where a number belongs ...
    not_finite,      // NaN or infinite
    out_of_range,    // negative spread, too long a text or list, unknown name of a quality
    shape,           // a field whose values are not as many as its cells
    topic_mismatch,  // topic and payload name different things
    old_epoch,       // of a life of the sender that is over
    repeated,        // a sequence number that has been seen, or that leaps too far
};
inline constexpr std::size_t kRejections = 16;
std::string_view name(Rejection reason);

// How many frames were refused, by reason.
struct RejectionCounts {
    std::array<std::uint64_t, kRejections> count{};
    std::string last;  // the last one, for people
    void add(Rejection reason, std::string detail);
    std::uint64_t total() const;
    // "rejected.not_json" -> 3; only those that occurred.
    void add_to(std::map<std::string, std::uint64_t>& counters) const;
};

std::array<char, kHeaderBytes> encode_header(const Header& header);
// none, header, version or type; `detail` for people where it is not none.
Rejection decode_header(std::string_view bytes, Header& header, std::string& detail);
Rejection check_topic(std::string_view topic, std::string& detail);

// Topic, header and payload of a frame. Never throws on what it is given.
Rejection decode_frame(std::span<const std::string_view> parts, Frame& frame, std::string& detail);

// Now, by this machine's clock, in Unix time [ns].
std::int64_t unix_ns();
// Never steps, counts from some origin [ns].
std::int64_t monotonic_ns();
// Number of this life of a process: its start in Unix time [ns], never the same twice in a process.
std::uint64_t new_epoch();

}  // namespace jt
