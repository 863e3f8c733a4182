// SPDX-License-Identifier: Apache-2.0
#include "twin/document.hpp"

#include <fstream>
#include <system_error>
#include <utility>

#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {
// The parser asserts on some malformed text instead of refusing it; with NDEBUG it would even assume. Both become an error.
struct ParserGaveUp {};
[[noreturn]] static void parser_gave_up() {
    throw ParserGaveUp{};
}
}  // namespace jt
#undef NDEBUG
#define TOML_ASSERT(expr) static_cast<void>((expr) || (::jt::parser_gave_up(), true))
#include <toml++/toml.h>

namespace jt {
namespace {

Value convert(const toml::node& node, const std::shared_ptr<const std::string>& source) {
    Value value;
    value.source = source;
    value.line = static_cast<int>(node.source().begin.line);
    if (const auto* table = node.as_table()) {
        value.kind = Value::Kind::table;
        for (const auto& [key, member] : *table) value.members.push_back({std::string(key.str()), convert(member, source)});
    } else if (const auto* array = node.as_array()) {
        value.kind = Value::Kind::array;
        for (const auto& item : *array) value.items.push_back(convert(item, source));
    } else if (const auto* text = node.as_string()) {
        value.kind = Value::Kind::text;
        value.text = text->get();
    } else if (const auto* integer = node.as_integer()) {
        value.kind = Value::Kind::integer;
        value.integer = integer->get();
        value.real = static_cast<double>(value.integer);
    } else if (const auto* real = node.as_floating_point()) {
        value.kind = Value::Kind::real;
        value.real = real->get();
    } else if (const auto* boolean = node.as_boolean()) {
        value.kind = Value::Kind::boolean;
        value.boolean = boolean->get();
    } else {
        value.kind = Value::Kind::date;
    }
    return value;
}

void place_outside_files(Value& value, const std::shared_ptr<const std::string>& source) {
    value.source = source;
    value.line = 0;
    for (Value& item : value.items) place_outside_files(item, source);
    for (Member& member : value.members) place_outside_files(member.value, source);
}

// Line of the first key of more than kDeepestKey parts, 0 if there is none. The parser takes any depth and both it and the tree
// recurse, so a.a.a. ... would exhaust the stack. Strings and comments are stepped over.
constexpr int kDeepestKey = 100;
int line_of_deep_key(std::string_view text) {
    int line = 1, dots = 0;
    for (std::size_t q = 0; q < text.size(); ++q) {
        const char c = text[q];
        if (c == '#') {
            while (q + 1 < text.size() && text[q + 1] != '\n') ++q;
        } else if (c == '"' || c == '\'') {
            const bool block = text.substr(q, 3) == std::string(3, c);
            q += block ? 3 : 1;
            while (q < text.size() && (block ? text.substr(q, 3) != std::string(3, c) : text[q] != c && text[q] != '\n')) {
                if (text[q] == '\n') ++line;
                q += c == '"' && text[q] == '\\' ? 2 : 1;
            }
            if (block) q += 2;
            if (!block && q < text.size() && text[q] == '\n') ++line;
        } else if (c == '.') {
            if (++dots >= kDeepestKey) return line;
        } else if (c == '=' || c == ',' || c == '\n') {
            dots = 0;
            if (c == '\n') ++line;
        }
    }
    return 0;
}

Value parse_assigned(std::string_view text, const std::string& source) {
    const auto as_string = [&] {
        Value value;
        value.kind = Value::Kind::text;
        value.text = std::string(text);
        return value;
    };
    try {
        // A line break would let the value smuggle in further keys.
        Value document =
            text.find('\n') == std::string_view::npos ? parse_document("value = " + std::string(text), source) : Value{};
        if (document.members.size() == 1) return document.members.front().value;
        return as_string();
    } catch (const InputError&) {
        return as_string();
    }
}

}  // namespace

const Value* Value::find(std::string_view key) const {
    for (const Member& member : members)
        if (member.key == key) return &member.value;
    return nullptr;
}
Value* Value::find(std::string_view key) {
    return const_cast<Value*>(std::as_const(*this).find(key));
}

std::string Value::place() const {
    const std::string name = source ? *source : std::string("?");
    return line > 0 ? name + ":" + std::to_string(line) : name;
}

std::string Value::describe() const {
    switch (kind) {
        case Kind::text:
            return quote(text);
        case Kind::integer:
            return "the number " + std::to_string(integer);
        case Kind::real:
            return "the number " + format_number(real);
        case Kind::boolean:
            return boolean ? "true" : "false";
        case Kind::date:
            return "a date";
        case Kind::array:
            return "an array of " + std::to_string(items.size());
        case Kind::table:
            return "a table";
    }
    return "";
}

Value parse_document(std::string_view text, const std::string& source) {
    if (const int line = line_of_deep_key(text))
        throw InputError(source + ":" + std::to_string(line) + ": a key of more than " + std::to_string(kDeepestKey) +
                         " parts");
    try {
        const toml::table table = toml::parse(text);
        return convert(table, std::make_shared<const std::string>(source));
    } catch (const ParserGaveUp&) {
        throw InputError(source + ": not TOML: the parser cannot say where");
    } catch (const toml::parse_error& error) {
        const auto at = error.source().begin;
        throw InputError(source + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                         ": not TOML: " + std::string(error.description()));
    }
}

std::string read_text_file(const std::filesystem::path& path, std::uintmax_t largest) {
    std::error_code status;
    const auto kind = std::filesystem::status(path, status);
    if (status || !std::filesystem::exists(kind)) throw InputError(path.string() + ": no such file");
    if (!std::filesystem::is_regular_file(kind)) throw InputError(path.string() + ": not a regular file");
    const auto size = std::filesystem::file_size(path, status);
    if (status) throw InputError(path.string() + ": " + status.message());
    if (size > largest)
        throw InputError(path.string() + ": " + std::to_string(size) + " bytes; allowed: at most " + std::to_string(largest));
    std::ifstream file(path, std::ios::binary);
    std::string text(size, '\0');
    if (!file.read(text.data(), static_cast<std::streamsize>(size))) throw InputError(path.string() + ": cannot be read");
    return text;
}

void set_value(Value& document, std::string_view assignment) {
    constexpr std::size_t kDeepest = 16;  // steps of a path; the schema needs five
    const std::size_t equals = assignment.find('=');
    const std::string where = "--set " + quote(assignment);
    if (equals == std::string_view::npos || equals == 0)
        throw InputError(where + ": allowed: key=value, e.g. run.duration=\"60 s\"");
    std::string_view path = assignment.substr(0, equals);
    while (!path.empty() && path.back() == ' ') path.remove_suffix(1);
    while (!path.empty() && path.front() == ' ') path.remove_prefix(1);

    Value* at = &document;
    std::string walked;
    std::size_t depth = 0;
    while (!path.empty()) {
        if (++depth > kDeepest) throw InputError(where + ": the path is too deep");
        if (path.front() == '[') {
            const std::size_t close = path.find(']');
            const std::string_view number = close == std::string_view::npos ? "" : path.substr(1, close - 1);
            if (number.empty() || number.size() > 6 || number.find_first_not_of("0123456789") != std::string_view::npos)
                throw InputError(where + ": allowed: an index in brackets, counted from 0, e.g. bed.region[0].material");
            const std::size_t index = static_cast<std::size_t>(std::stoul(std::string(number)));
            if (!at->is(Value::Kind::array))
                throw InputError(where + ": " + walked + " is " + at->describe() + ", not an array");
            if (index >= at->items.size())
                throw InputError(where + ": " + walked + " has " + std::to_string(at->items.size()) +
                                 " entries, counted from 0; found [" + std::string(number) + "]");
            at = &at->items[index];
            walked += "[" + std::string(number) + "]";
            path.remove_prefix(close + 1);
            if (path.starts_with('.')) {
                path.remove_prefix(1);
                if (path.empty()) throw InputError(where + ": the path ends with a point");
            } else if (!path.empty() && path.front() != '[') {
                throw InputError(where + ": a point must follow " + walked);
            }
            continue;
        }
        const std::size_t end = std::min(path.find_first_of(".["), path.size());
        const std::string key(path.substr(0, end));
        if (key.empty()) throw InputError(where + ": empty key after \"" + walked + "\"");
        if (!at->is(Value::Kind::table)) throw InputError(where + ": " + walked + " is " + at->describe() + ", not a table");
        Value* next = at->find(key);
        if (!next) {
            if (end < path.size() && path[end] == '[')
                throw InputError(where + ": " + key + " does not exist, so it has no entry to set");
            at->members.push_back({key, Value{}});
            next = &at->members.back().value;
            next->source = std::make_shared<const std::string>("--set " + std::string(assignment.substr(0, 60)));
        }
        walked += (walked.empty() ? "" : ".") + key;
        at = next;
        path.remove_prefix(end);
        if (path.starts_with('.')) {
            path.remove_prefix(1);
            if (path.empty()) throw InputError(where + ": the path ends with a point");
        }
    }
    Value value = parse_assigned(assignment.substr(equals + 1), where);
    place_outside_files(value, std::make_shared<const std::string>(where));
    *at = std::move(value);
}

}  // namespace jt
