// SPDX-License-Identifier: Apache-2.0
// The schema: one table of every section and key a scenario or material file may hold, with type, unit, range, default, help
// and whether this version can use it. It drives the reader, the messages about unknown keys, `jouletwin schema` and the docs.
// A key that waits for a part of the program is read and validated like any other, then refused as "not available yet".
#pragma once
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "twin/units.hpp"

namespace jt {

enum class KeyType {
    text,
    name,     // letters, digits, - _ . : no path, no spaces
    choice,   // one of `choices`
    choices,  // reserved words or names in a list
    boolean,
    integer,
    integers,  // list of integers
    number,    // TOML number, or a text such as "12 %"
    numbers,   // list of numbers, or one
    quantity,  // text with a unit
    pair,      // two quantities
    triple,    // three quantities
    triple_or_one,
    pair_or_one,
    program,  // a value, a list of segments, {table = FILE} or {points = [...]}
    file,
    history,  // "600 degC for 2 h at 5 K/min"
    law,      // constant with a unit, or a table (section material.NAME.PROPERTY)
    section,  // a table of its own, with its own keys
};

struct NumberRange {
    double min = -std::numeric_limits<double>::infinity();
    double max = std::numeric_limits<double>::infinity();
    bool above_min = false;  // min itself is not allowed
    bool contains(double value) const { return (above_min ? value > min : value >= min) && value <= max; }
};

struct Choice {
    std::string_view name;
    std::string_view needs = "";  // "" = available, else what it waits for
};

struct Key {
    std::string_view section, name;
    KeyType type = KeyType::text;
    Dimension dimension = Dimension::number;
    NumberRange range = {};
    bool required = false;
    std::string_view fallback = "";  // the default, as text; "" = none
    std::vector<Choice> choices = {};
    std::string_view needs = "";  // "" = available, else what it waits for: "heat"
    std::string_view help = "";
};

// Sections are named by patterns: "bed", "bed.region[]" (a list), "face.FACE" and "material.NAME" (named tables).
struct SectionInfo {
    std::string_view name;
    std::string_view needs = "";
    std::string_view help = "";
};

const std::vector<SectionInfo>& schema_sections();
const std::vector<Key>& schema_keys();
const Key* find_key(std::string_view section, std::string_view name);  // null if unknown
std::vector<const Key*> keys_of(std::string_view section);
const SectionInfo& find_section(std::string_view section);  // throws Error: a programming mistake

// The word of `known` nearest to `word` by edit distance, or "" when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);
// "unknown key; did you mean voxel? allowed: size, voxel, ..."
std::string explain_unknown_key(std::string_view section, std::string_view name);

std::string type_text(const Key& key);   // "quantity", "3 quantities", "box | sphere"
std::string range_text(const Key& key);  // "> 0 m, <= 10 m", "" when any value is allowed
// Every key with type, unit, range, default and help, for a terminal; and the same as a JSON array.
std::string schema_text();
std::string schema_json();
// The same of a file of hidden truths, as the virtual heater takes it: sections HIDDEN.
std::string hidden_schema_text();

}  // namespace jt
