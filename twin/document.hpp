// SPDX-License-Identifier: Apache-2.0
// Document: a TOML file as a tree of values that know the line they stand on. The only code that names the TOML parser is
// document.cpp; scenario and material readers work on this tree.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jt {

struct Member;

struct Value {
    enum class Kind { text, integer, real, boolean, date, array, table };
    Kind kind = Kind::table;
    std::string text;
    std::int64_t integer = 0;
    double real = 0.0;
    bool boolean = false;
    std::vector<Value> items;     // of an array
    std::vector<Member> members;  // of a table, in the order of the parser (sorted by key)
    std::shared_ptr<const std::string> source;
    int line = 0;  // 0: not from a file (--set)

    bool is(Kind k) const { return kind == k; }
    const Value* find(std::string_view key) const;
    Value* find(std::string_view key);
    std::string place() const;     // "bed.toml:12"
    std::string describe() const;  // what was found, for messages: "20 s" in quotes, the number 3, a table
};

struct Member {
    std::string key;
    Value value;
};

// Throws InputError "FILE:LINE:COLUMN: not TOML: reason".
Value parse_document(std::string_view text, const std::string& source);

// The text of a regular file of at most kLargestDocument bytes. Throws InputError naming the file.
inline constexpr std::uintmax_t kLargestDocument = 4u << 20;
std::string read_text_file(const std::filesystem::path& path, std::uintmax_t largest = kLargestDocument);

// Applies "path=value" (--set) to a table: `bed.region[0].material="steel"`, indices from zero. The value is TOML; text that is
// not TOML is taken as a string, because shells eat quotes. Tables on the way are created. Throws InputError for a bad path.
void set_value(Value& document, std::string_view assignment);

}  // namespace jt
