// SPDX-License-Identifier: Apache-2.0
// MessageReader: takes a message from JSON by its list in message_fields.hpp. The first defect ends it and is told with its
// place.
#pragma once
#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "bridge/wire/message_fields.hpp"
#include "bridge/wire/payload.hpp"
#include "twin/units.hpp"

namespace jt {

class MessageReader {
public:
    using Json = nlohmann::json;
    explicit MessageReader(std::string_view what) : where_(what) {}
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
    static constexpr std::size_t kLongestText = std::size_t(256) << 10;  // bytes; a long program as TOML has some 10^4
    static constexpr std::size_t kLongestName = 256;                     // bytes, of keys
    static constexpr std::size_t kLongestList = 20000;                   // 10 s of forecast at 1 kHz

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
        if (!json.is_number()) return enumerated(json, value, kQualityNames);
        std::uint32_t number = 0;
        get(json, number);
        if (rejection == Rejection::none && number > std::uint32_t(Quality::bad))
            return fail(Rejection::out_of_range, "is " + json.dump() + "; allowed: 0 to 4");
        value = Quality(number);
    }
    void get(const Json& json, HeaterPhase& value) { enumerated(json, value, kPhaseNames); }
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
    requires requires(MessageReader& r, T& m) { wire::members(r, m); }
    void get(const Json& json, T& value) {
        if (!json.is_object()) return wrong(json, "an object");
        const Json* outer = std::exchange(object_, &json);
        wire::members(*this, value);
        object_ = outer;
    }
};

}  // namespace jt
