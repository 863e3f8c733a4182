// SPDX-License-Identifier: Apache-2.0
// Section: one table of a scenario or material file, read by the schema. It refuses unknown and unavailable keys as soon as it
// is made; every getter checks type, unit and range by the schema and notes a problem instead of throwing.
#pragma once
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/document.hpp"
#include "twin/scenario/scenario.hpp"
#include "twin/scenario/schema.hpp"

namespace jt {

// Everything found wrong so far, and what the readers share.
class ReadContext {
public:
    bool allow_unavailable = false, allow_missing_files = false;
    std::filesystem::path folder;  // of the scenario: relative paths start here

    void add(const Value& at, const std::string& path, const std::string& message);
    void add_unavailable(const Value& at, const std::string& path, std::string_view needs);
    void add(std::string problem);  // a whole line
    std::size_t count() const { return problems_.size(); }
    std::vector<std::string> problems() const;  // by line, each once, at most kMostProblems
    static constexpr std::size_t kMostProblems = 100;
    // No use in looking further: far more has been found than will be shown.
    bool full() const { return problems_.size() >= 50 * kMostProblems; }

    // A material the scenario names, to be found once all is read.
    struct Mention {
        std::string name, path;
        const Value* at;
    };
    std::vector<Mention> materials;

private:
    struct Problem {
        std::string source, text;
        int line;
    };
    std::vector<Problem> problems_;
};

class Section {
public:
    // table must be a table and outlive this; path is what people call it ("bed.region[1]").
    Section(const Value& table, std::string_view pattern, std::string path, ReadContext& context);

    bool has(std::string_view key) const { return value(key) != nullptr; }
    const Value* value(std::string_view key) const;  // null if absent
    const Value& table() const { return table_; }
    const std::string& path() const { return path_; }
    std::string path_of(std::string_view key) const;
    ReadContext& context() const { return context_; }

    void problem(std::string_view key, const std::string& message) const;  // at the key, or at the table if it is absent
    void problem(const std::string& message) const;
    void require(std::string_view key) const;  // notes a problem if absent

    // Absent keys and keys with a problem give nullopt.
    std::optional<std::string> text(std::string_view key) const;
    std::optional<bool> boolean(std::string_view key) const;
    std::optional<std::int64_t> integer(std::string_view key) const;
    std::optional<double> number(std::string_view key) const;  // number, or quantity of the schema's dimension
    std::optional<double> quantity(std::string_view key, Dimension dimension) const;
    std::optional<std::array<double, 2>> pair(std::string_view key) const;
    std::optional<std::array<double, 3>> triple(std::string_view key) const;  // one value is repeated where allowed
    std::optional<std::vector<double>> numbers(std::string_view key) const;
    std::optional<std::vector<std::string>> names(std::string_view key) const;  // one name is a list of one
    std::optional<Program> program(std::string_view key, double start) const;
    std::optional<Program> program(std::string_view key, Dimension dimension, const NumberRange& range, double start) const;
    std::optional<std::filesystem::path> file(std::string_view key) const;  // absolute, exists
    std::optional<Section> section(std::string_view key, std::string_view pattern) const;
    std::vector<Section> sections(std::string_view key, std::string_view pattern, std::size_t most = 1000) const;  // [[key]]
    std::vector<std::pair<std::string, Section>> named(std::string_view key, std::string_view pattern) const;      // [key.NAME]
    std::optional<Face> face(std::string_view key) const;
    std::optional<int> axis(std::string_view key) const;
    void mention_material(std::string_view key, const std::string& name) const;

private:
    const Key& schema(std::string_view key) const;
    std::optional<double> one(const Value& value, const Key& key, Dimension dimension, const std::string& path) const;
    std::optional<std::vector<double>> several(std::string_view key, std::size_t least, std::size_t most) const;

    const Value& table_;
    std::string pattern_, path_;
    ReadContext& context_;
};

// A quantity or number; null and a noted problem if it is not one or outside the range.
std::optional<double> read_quantity(const Value& value, Dimension dimension, const NumberRange& range,
                                    const std::string& range_words, const std::string& path, ReadContext& context);
// A program of `dimension` that starts at `start`; values within `range`.
std::optional<Program> read_program(const Value& value, Dimension dimension, const NumberRange& range, double start,
                                    const std::string& path, ReadContext& context);

bool is_name(std::string_view text);  // letters, digits, - _ . ; at most 64; does not begin with a point

}  // namespace jt
