// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/payload.hpp"

#include <algorithm>
#include <new>

#include "bridge/wire/bytes.hpp"
#include "bridge/wire/message_reader.hpp"
#include "bridge/wire/message_writer.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

using Json = MessageReader::Json;

constexpr std::size_t kDeepest = 12;                           // levels of JSON; messages have 5
constexpr int kMostCells = 1 << 16;                            // along an axis
constexpr std::size_t kMostFieldCells = std::size_t(1) << 26;  // 256 MiB of float32

// Bytes that a payload of this type may have.
std::size_t most_bytes(MessageType type) {
    switch (type) {
        case MessageType::reading:
        case MessageType::heartbeat:
        case MessageType::time:
            return 4096;
        case MessageType::field:
            return 4 * kMostFieldCells + 8192;
        case MessageType::text:
            return std::size_t(64) << 20;
        case MessageType::state:
        case MessageType::forecast:
            return std::size_t(16) << 20;
        default:
            return std::size_t(1) << 20;
    }
}

const char* what(MessageType type) {
    static constexpr const char* kTypeNames[] = {"message", "reading",  "heater status", "state",   "forecast",       "field",
                                                 "alarm",   "status",   "heartbeat",     "command", "command result", "hello",
                                                 "time",    "snapshot", "text",          "refusal"};
    return kTypeNames[std::size_t(type)];
}

bool of_twin(const Message& m) {
    return std::holds_alternative<FieldMessage>(m) || std::holds_alternative<AlarmMessage>(m) ||
           std::holds_alternative<TwinStatus>(m) || std::holds_alternative<Heartbeat>(m);
}

bool too_deep(std::string_view text) {
    std::size_t depth = 0;
    bool in_text = false;
    for (std::size_t n = 0; n < text.size(); ++n) {
        const char c = text[n];
        if (in_text) {
            if (c == '\\')
                ++n;
            else if (c == '"')
                in_text = false;
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > kDeepest) return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return false;
}

// JSON of `text`; discarded where it is none, with why.
Json parse(std::string_view text, Rejection& why, std::string& detail) {
    if (too_deep(text)) {
        why = Rejection::not_json;
        detail = "nested more than " + std::to_string(kDeepest) + " levels deep";
        return Json(Json::value_t::discarded);
    }
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        // Other writers of JSON write NaN and Infinity as they are.
        const std::size_t at = std::min<std::size_t>(error.byte, text.size());
        const std::string_view near = text.substr(at > 12 ? at - 12 : 0, 24);
        const bool number = near.find("NaN") != near.npos || near.find("Inf") != near.npos || near.find("nan") != near.npos;
        why = number ? Rejection::not_finite : Rejection::not_json;
        detail = number ? "a number is not finite" : "no JSON from byte " + std::to_string(at) + " on";
    } catch (const Json::out_of_range&) {
        why = Rejection::not_finite;
        detail = "a number is too large";
    } catch (const Json::exception&) {
        why = Rejection::not_json;
        detail = "no JSON";
    }
    return Json(Json::value_t::discarded);
}

template <class T>
void decode_as(const Json& json, MessageReader& reader, Decoded& decoded) {
    T value;
    reader.read(json, value);
    if (reader.rejection == Rejection::none) decoded.message = std::move(value);
}

// A field: u32 length of the JSON | JSON | float32.
std::string encode_field(const FieldMessage& field, const std::string& json) {
    std::string payload;
    payload.reserve(4 + json.size() + 4 * field.values.size());
    append_le(payload, std::uint32_t(json.size()));
    payload += json;
    const std::size_t at = payload.size();
    payload.resize(at + 4 * field.values.size());
    store_floats_le(payload.data() + at, field.values.data(), field.values.size());
    return payload;
}

void take_values(std::string_view raw, MessageReader& reader, FieldMessage& field) {
    std::size_t cells = 1;
    for (const int n : field.cells) {
        if (n < 1 || n > kMostCells)
            return reader.fail(Rejection::shape, "field of " + std::to_string(n) + " cells along an axis; allowed: 1 to " +
                                                     std::to_string(kMostCells));
        cells *= std::size_t(n);  // at most 2^48
    }
    for (const double h : field.voxel)
        if (!(h > 0.0)) return reader.fail(Rejection::out_of_range, "a voxel's edge is not positive");
    if (raw.size() != 4 * cells)
        return reader.fail(Rejection::shape, "field of " + std::to_string(cells) + " cells has " + std::to_string(raw.size()) +
                                                 " bytes of values; allowed: " + std::to_string(4 * cells));
    field.values.resize(cells);
    load_floats_le(field.values.data(), raw.data(), cells);
}

}  // namespace

MessageType type_of(const Message& message) {
    static constexpr MessageType kTypes[] = {MessageType::text,    MessageType::reading,        MessageType::heater_status,
                                             MessageType::state,   MessageType::forecast,       MessageType::field,
                                             MessageType::alarm,   MessageType::status,         MessageType::heartbeat,
                                             MessageType::command, MessageType::command_result, MessageType::hello,
                                             MessageType::time};
    static_assert(std::size(kTypes) == std::variant_size_v<Message>);
    return kTypes[message.index()];
}

std::string encode_payload(const Message& message, std::int64_t valid_until_ns) {
    if (std::holds_alternative<std::monostate>(message)) return {};
    MessageWriter writer;
    writer.text.reserve(256);
    writer.open();
    std::visit(
        [&](const auto& m) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(m)>, std::monostate>) wire::members(writer, m);
        },
        message);
    const bool own = std::holds_alternative<TwinState>(message) || std::holds_alternative<Forecast>(message);
    if (!own && (valid_until_ns != 0 || of_twin(message))) writer.must("valid_until", valid_until_ns);
    writer.close();
    if (const auto* field = std::get_if<FieldMessage>(&message)) return encode_field(*field, writer.text);
    return std::move(writer.text);
}

bool finite(const Message& message) {
    MessageWriter writer;
    std::visit(
        [&](const auto& m) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(m)>, std::monostate>) wire::members(writer, m);
        },
        message);
    return writer.all_finite;
}

Decoded decode_payload(MessageType type, std::string_view payload) {
    Decoded decoded;
    MessageReader reader(what(type));
    const auto result = [&] {
        decoded.rejection = reader.rejection;
        decoded.detail = reader.detail;
        if (decoded.rejection != Rejection::none) decoded.message = std::monostate{};
        return std::move(decoded);
    };
    try {
        if (payload.size() > most_bytes(type)) {
            reader.fail(Rejection::payload_size, "payload of " + std::to_string(payload.size()) + " bytes; allowed: up to " +
                                                     std::to_string(most_bytes(type)));
            return result();
        }
        if (type == MessageType::snapshot || type == MessageType::text || type == MessageType::refusal) return result();
        std::string_view text = payload, raw;
        if (type == MessageType::field) {
            const std::size_t length = payload.size() < 4 ? payload.size() : load_le<std::uint32_t>(payload.data());
            if (payload.size() < 4 || length > payload.size() - 4) {
                reader.fail(Rejection::shape, "shorter than the length of its JSON says");
                return result();
            }
            if (length > 8192) {
                reader.fail(Rejection::payload_size, "JSON of " + std::to_string(length) + " bytes; allowed: up to 8192");
                return result();
            }
            text = payload.substr(4, length);
            raw = payload.substr(4 + length);
        }
        Rejection why = Rejection::none;
        std::string detail;
        const Json json = parse(text, why, detail);
        if (why != Rejection::none) {
            reader.fail(why, detail);
            return result();
        }
        switch (type) {
            case MessageType::reading:
                decode_as<Reading>(json, reader, decoded);
                break;
            case MessageType::heater_status:
                decode_as<HeaterStatus>(json, reader, decoded);
                break;
            case MessageType::state:
                decode_as<TwinState>(json, reader, decoded);
                break;
            case MessageType::forecast:
                decode_as<Forecast>(json, reader, decoded);
                break;
            case MessageType::field: {
                FieldMessage field;
                reader.read(json, field);
                if (reader.rejection == Rejection::none) take_values(raw, reader, field);
                decoded.message = std::move(field);
                break;
            }
            case MessageType::alarm:
                decode_as<AlarmMessage>(json, reader, decoded);
                break;
            case MessageType::status:
                decode_as<TwinStatus>(json, reader, decoded);
                break;
            case MessageType::heartbeat:
                decode_as<Heartbeat>(json, reader, decoded);
                break;
            case MessageType::command:
                decode_as<Command>(json, reader, decoded);
                break;
            case MessageType::command_result:
                decode_as<CommandResult>(json, reader, decoded);
                break;
            case MessageType::hello:
                decode_as<Hello>(json, reader, decoded);
                break;
            case MessageType::time:
                decode_as<TimeReply>(json, reader, decoded);
                break;
            default:
                break;
        }
        if (reader.rejection == Rejection::none) {
            if (const auto at = json.find("valid_until"); at != json.end()) {
                if (at->is_number_integer() && *at >= 0)
                    decoded.valid_until_ns = at->get<std::int64_t>();
                else
                    reader.fail(Rejection::wrong_type, "\"valid_until\" is no time; allowed: nanoseconds, an integer >= 0");
            }
            if (decoded.valid_until_ns < 0) reader.fail(Rejection::out_of_range, "\"valid_until\" is too large");
        }
    } catch (const std::bad_alloc&) {
        reader.fail(Rejection::payload_size, "not enough memory");
    }
    return result();
}

Decoded decode_message(const Frame& frame) {
    Decoded decoded = decode_payload(frame.header.type, frame.payload);
    if (decoded.rejection != Rejection::none) return decoded;
    const auto belongs = [&](std::string_view expected) {
        if (frame.topic == expected) return;
        decoded.rejection = Rejection::topic_mismatch;
        decoded.detail = "topic " + quote(frame.topic) + " with a message that belongs to " + quote(expected);
        decoded.message = std::monostate{};
    };
    if (const auto* reading = std::get_if<Reading>(&decoded.message))
        belongs(std::string(kTopicReading) + reading->sensor);
    else if (const auto* field = std::get_if<FieldMessage>(&decoded.message))
        belongs(std::string(kTopicField) + field->quantity);
    else if (std::holds_alternative<HeaterStatus>(decoded.message))
        belongs(kTopicHeater);
    else if (std::holds_alternative<TwinState>(decoded.message))
        belongs(kTopicState);
    else if (std::holds_alternative<Forecast>(decoded.message))
        belongs(kTopicForecast);
    else if (std::holds_alternative<AlarmMessage>(decoded.message))
        belongs(kTopicAlarm);
    else if (std::holds_alternative<TwinStatus>(decoded.message))
        belongs(kTopicStatus);
    else if (std::holds_alternative<Heartbeat>(decoded.message))
        belongs(kTopicHeartbeat);
    return decoded;
}

}  // namespace jt
