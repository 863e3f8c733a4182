// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/payload.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "bridge/wire/bytes.hpp"
#include "bridge/wire/message_fields.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kQualities[] = {"good", "uncertain", "predicted", "stale", "bad"};
constexpr std::string_view kPhases[] = {"idle", "running", "holding", "finished", "aborted", "tripped"};

constexpr std::size_t kDeepest = 12;                           // levels of JSON; messages have 5
constexpr std::size_t kLongestText = std::size_t(256) << 10;   // bytes; a long program as TOML has some 10^4
constexpr std::size_t kLongestName = 256;                      // bytes, of keys
constexpr std::size_t kLongestList = 20000;                    // 10 s of forecast at 1 kHz
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

// Length of the well-formed UTF-8 character at text[at]; 0 where there is none.
std::size_t utf8_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t n) {
        return at + n < text.size() ? unsigned(static_cast<unsigned char>(text[at + n])) : 0u;
    };
    const auto more = [&](std::size_t n) { return (byte(n) & 0xC0u) == 0x80u; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first < 0xE0) return more(1) ? 2 : 0;
    if (first >= 0xE0 && first < 0xF0) {
        if (!more(1) || !more(2)) return 0;
        const unsigned code = (first & 0x0F) << 12 | (byte(1) & 0x3F) << 6;
        return code < 0x800 || (code >= 0xD800 && code < 0xE000) ? 0 : 3;
    }
    if (first >= 0xF0 && first < 0xF5) {
        if (!more(1) || !more(2) || !more(3)) return 0;
        const unsigned code = (first & 0x07) << 18 | (byte(1) & 0x3F) << 12;
        return code < 0x10000 || code > 0x10FFFF ? 0 : 4;
    }
    return 0;
}

class Writer {
public:
    std::string text;
    bool all_finite = true;

    template <class T>
    void must(const char* key, const T& value) {
        begin(key);
        put(value);
    }
    template <class T>
    void may(const char* key, const T& value) {
        must(key, value);
    }
    template <class T>
    void may(const char* key, const std::optional<T>& value) {
        if (value) must(key, *value);
    }
    template <class T>
    void must(const char* key, const std::optional<T>& value) {
        may(key, value);
    }
    template <class T>
    void not_negative(const char* key, const T& value) {
        must(key, value);
    }
    void open() { text += '{', first_ = true; }
    void close() { text += '}', first_ = false; }

private:
    bool first_ = true;
    void begin(std::string_view key) {
        if (!first_) text += ',';
        first_ = false;
        put(key);
        text += ':';
    }
    template <class T>
    void number(T value) {
        char digits[32];
        text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    }
    void put(double value) {
        if (std::isfinite(value)) return number(value);
        all_finite = false;
        text += "null";
    }
    void put(bool value) { text += value ? "true" : "false"; }
    template <std::integral T>
    void put(T value) {
        number(value);
    }
    void put(Quality value) { put(name(value)); }
    void put(HeaterPhase value) { put(name(value)); }
    void put(const std::string& value) { put(std::string_view(value)); }
    void put(std::string_view value) {
        text += '"';
        for (std::size_t at = 0; at < value.size();) {
            const char c = value[at];
            const std::size_t length = utf8_length(value, at);
            if (length == 0) {
                text += "\\ufffd";  // what is no UTF-8
                ++at;
                continue;
            }
            if (c == '"' || c == '\\') {
                text += '\\', text += c;
            } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
                static constexpr char kHex[] = "0123456789abcdef";
                text += "\\u00", text += kHex[c >> 4], text += kHex[c & 15];
            } else {
                text.append(value, at, length);
            }
            at += length;
        }
        text += '"';
    }
    template <class List>
    void list(const List& values) {
        text += '[';
        for (std::size_t n = 0; n < values.size(); ++n) {
            if (n > 0) text += ',';
            put(values[n]);
        }
        text += ']';
    }
    template <class T>
    void put(const std::vector<T>& values) {
        list(values);
    }
    template <class T, std::size_t N>
    void put(const std::array<T, N>& values) {
        list(values);
    }
    template <class T>
    void put(const std::map<std::string, T>& values) {
        open();
        for (const auto& [key, value] : values) {
            begin(key);
            put(value);
        }
        close();
    }
    template <class T>
    requires requires(Writer& w, const T& m) { wire::members(w, m); }
    void put(const T& value) {
        open();
        wire::members(*this, value);
        close();
    }
};

// Reads members of one object; the first defect ends it.
class Reader {
public:
    explicit Reader(std::string_view what) : where_(what) {}
    Rejection rejection = Rejection::none;
    std::string detail;

    template <class T>
    void read(const Json& json, T& value) {
        get(json, value);
    }
    template <class T>
    void must(const char* key, T& value) {
        if (const Json* found = find(key)) {
            member(key, *found, value);
        } else if (rejection == Rejection::none) {
            fail(Rejection::missing_field, "\"" + std::string(key) + "\" is missing");
        }
    }
    template <class T>
    void may(const char* key, T& value) {
        if (const Json* found = find(key)) member(key, *found, value);
    }
    template <class T>
    void must(const char* key, std::optional<T>& value) {
        may(key, value);
    }
    template <class T>
    void may(const char* key, std::optional<T>& value) {
        value.reset();
        if (const Json* found = find(key); found && !found->is_null()) member(key, *found, value.emplace());
    }
    template <class T>
    void not_negative(const char* key, T& value) {
        must(key, value);
        if (rejection == Rejection::none && value < T(0))
            fail(Rejection::out_of_range, "\"" + std::string(key) + "\" is negative; allowed: 0 and more");
    }
    void fail(Rejection why, const std::string& text) {
        if (rejection != Rejection::none) return;
        rejection = why;
        detail = where_ + ": " + text;
    }

private:
    const Json* object_ = nullptr;
    std::string where_;

    const Json* find(const char* key) const {
        if (rejection != Rejection::none) return nullptr;
        const auto found = object_->find(key);
        return found == object_->end() ? nullptr : &*found;
    }
    template <class T>
    void member(std::string_view key, const Json& json, T& value) {
        const std::size_t before = where_.size();
        where_.append(".").append(key.substr(0, 40));
        get(json, value);
        where_.resize(before);
    }
    static std::string found(const Json& json) {
        switch (json.type()) {
            case Json::value_t::null:
                return "null";
            case Json::value_t::object:
                return "an object";
            case Json::value_t::array:
                return "a list";
            case Json::value_t::string:
                return "the text " + quote(json.get_ref<const std::string&>());
            case Json::value_t::boolean:
                return json.get<bool>() ? "true" : "false";
            default:
                return "the number " + json.dump();
        }
    }
    void wrong(const Json& json, const char* allowed) {
        fail(Rejection::wrong_type, "is " + found(json) + "; allowed: " + allowed);
    }

    void get(const Json& json, double& value) {
        if (json.is_null()) return fail(Rejection::not_finite, "is null; allowed: a finite number");
        if (!json.is_number()) return wrong(json, "a number");
        value = json.get<double>();
        if (!std::isfinite(value)) fail(Rejection::not_finite, "is not finite");
    }
    void get(const Json& json, bool& value) {
        if (!json.is_boolean()) return wrong(json, "true or false");
        value = json.get<bool>();
    }
    template <std::integral T>
    void get(const Json& json, T& value) {
        if (json.is_number_unsigned()) {
            const auto read = json.get<std::uint64_t>();
            if (read > std::uint64_t(std::numeric_limits<T>::max()))
                return fail(Rejection::out_of_range,
                            "is " + json.dump() + "; allowed: up to " + std::to_string(std::numeric_limits<T>::max()));
            value = static_cast<T>(read);
        } else if (json.is_number_integer()) {  // negative
            const auto read = json.get<std::int64_t>();
            if constexpr (std::is_unsigned_v<T>) {
                return fail(Rejection::out_of_range, "is " + json.dump() + "; allowed: 0 and more");
            } else {
                if (read < std::int64_t(std::numeric_limits<T>::min()))
                    return fail(Rejection::out_of_range, "is " + json.dump() + ": too small");
                value = static_cast<T>(read);
            }
        } else {
            wrong(json, "an integer");
        }
    }
    void get(const Json& json, std::string& value) {
        if (!json.is_string()) return wrong(json, "a text");
        const auto& text = json.get_ref<const std::string&>();
        if (text.size() > kLongestText)
            return fail(Rejection::out_of_range,
                        "text of " + std::to_string(text.size()) + " bytes; allowed: up to " + std::to_string(kLongestText));
        value = text;
    }
    template <class E, std::size_t N>
    void enumerated(const Json& json, E& value, const std::string_view (&names)[N]) {
        if (!json.is_string()) return wrong(json, "a name");
        const auto at = std::find(std::begin(names), std::end(names), json.get_ref<const std::string&>());
        if (at == std::end(names)) {
            std::string allowed;
            for (const auto one : names) allowed += (allowed.empty() ? "" : ", ") + std::string(one);
            return fail(Rejection::out_of_range, "is " + found(json) + "; allowed: " + allowed);
        }
        value = E(at - std::begin(names));
    }
    void get(const Json& json, Quality& value) {
        if (!json.is_number()) return enumerated(json, value, kQualities);
        std::uint32_t number = 0;
        get(json, number);
        if (rejection == Rejection::none && number > std::uint32_t(Quality::bad))
            return fail(Rejection::out_of_range, "is " + json.dump() + "; allowed: 0 to 4");
        value = Quality(number);
    }
    void get(const Json& json, HeaterPhase& value) { enumerated(json, value, kPhases); }
    template <class T>
    void get(const Json& json, std::vector<T>& values) {
        if (!json.is_array()) return wrong(json, "a list");
        if (json.size() > kLongestList)
            return fail(Rejection::out_of_range,
                        "list of " + std::to_string(json.size()) + "; allowed: up to " + std::to_string(kLongestList));
        values.clear();
        values.reserve(json.size());
        for (const Json& one : json) {
            member(std::to_string(values.size()), one, values.emplace_back());
            if (rejection != Rejection::none) return;
        }
    }
    template <class T, std::size_t N>
    void get(const Json& json, std::array<T, N>& values) {
        if (!json.is_array()) return wrong(json, "a list");
        if (json.size() != N)
            return fail(Rejection::out_of_range, "list of " + std::to_string(json.size()) + "; allowed: " + std::to_string(N));
        for (std::size_t n = 0; n < N; ++n) get(json[n], values[n]);
    }
    template <class T>
    void get(const Json& json, std::map<std::string, T>& values) {
        if (!json.is_object()) return wrong(json, "an object");
        if (json.size() > kLongestList)
            return fail(Rejection::out_of_range,
                        "object of " + std::to_string(json.size()) + " names; allowed: up to " + std::to_string(kLongestList));
        values.clear();
        for (const auto& [key, one] : json.items()) {
            if (key.size() > kLongestName)
                return fail(Rejection::out_of_range,
                            "name of " + std::to_string(key.size()) + " bytes; allowed: up to " + std::to_string(kLongestName));
            member(key, one, values[key]);
            if (rejection != Rejection::none) return;
        }
    }
    template <class T>
    requires requires(Reader& r, T& m) { wire::members(r, m); }
    void get(const Json& json, T& value) {
        if (!json.is_object()) return wrong(json, "an object");
        const Json* outer = std::exchange(object_, &json);
        wire::members(*this, value);
        object_ = outer;
    }
};

// Names and types, in the order of the lists.
class Describer {
public:
    std::string text;
    template <class T>
    void must(const char* key, const T& value) {
        text += key, text += ':';
        type(value);
        text += ';';
    }
    template <class T>
    void may(const char* key, const T& value) {
        text += '?';
        must(key, value);
    }
    template <class T>
    void not_negative(const char* key, const T& value) {
        must(key, value);
    }
    template <class T>
    void type(const T& value) {
        if constexpr (std::is_same_v<T, bool>)
            text += "bool";
        else if constexpr (std::is_same_v<T, double>)
            text += "number";
        else if constexpr (std::is_same_v<T, std::string>)
            text += "text";
        else if constexpr (std::is_same_v<T, Quality>)
            text += "quality";
        else if constexpr (std::is_same_v<T, HeaterPhase>)
            text += "phase";
        else if constexpr (std::is_integral_v<T>)
            text += (std::is_signed_v<T> ? "i" : "u") + std::to_string(8 * sizeof(T));
        else
            compound(value);
    }

private:
    template <class T>
    void compound(const std::optional<T>&) {
        text += "optional ";
        type(T{});
    }
    template <class T>
    void compound(const std::vector<T>&) {
        text += "list of ";
        type(T{});
    }
    template <class T, std::size_t N>
    void compound(const std::array<T, N>&) {
        text += std::to_string(N) + " of ";
        type(T{});
    }
    template <class T>
    void compound(const std::map<std::string, T>&) {
        text += "map to ";
        type(T{});
    }
    template <class T>
    requires requires(Describer& d, const T& m) { wire::members(d, m); }
    void compound(const T& value) {
        text += '{';
        wire::members(*this, value);
        text += '}';
    }
};

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
void decode_as(const Json& json, Reader& reader, Decoded& decoded) {
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

void take_values(std::string_view raw, Reader& reader, FieldMessage& field) {
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
    Writer writer;
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
    Writer writer;
    std::visit(
        [&](const auto& m) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(m)>, std::monostate>) wire::members(writer, m);
        },
        message);
    return writer.all_finite;
}

Decoded decode_payload(MessageType type, std::string_view payload) {
    Decoded decoded;
    Reader reader(what(type));
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

std::string schema_hash() {
    Describer d;
    const auto add = [&](const char* title, const auto& m) {
        d.text += title;
        d.type(m);
    };
    add("reading", Reading{});
    add("heater", HeaterStatus{});
    add("state", TwinState{});
    add("forecast", Forecast{});
    add("field", FieldMessage{});
    add("alarm", AlarmMessage{});
    add("status", TwinStatus{});
    add("heartbeat", Heartbeat{});
    add("command", Command{});
    add("command_result", CommandResult{});
    add("hello", Hello{});
    add("time", TimeReply{});
    std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a, 64 bit
    for (const char c : d.text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    static constexpr char kHex[] = "0123456789abcdef";
    std::string text(16, '0');
    for (int n = 15; n >= 0; --n, hash >>= 4) text[std::size_t(n)] = kHex[hash & 15];
    return text;
}

std::string_view name(Quality quality) {
    return kQualities[std::size_t(quality)];
}
std::string_view name(HeaterPhase phase) {
    return kPhases[std::size_t(phase)];
}
std::optional<Quality> quality_of(std::string_view text) {
    const auto at = std::find(std::begin(kQualities), std::end(kQualities), text);
    if (at == std::end(kQualities)) return {};
    return Quality(at - std::begin(kQualities));
}

}  // namespace jt
