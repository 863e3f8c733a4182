// SPDX-License-Identifier: Apache-2.0
#include "twin/scenario/section.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "kernels/error.hpp"

namespace jt {
namespace {

std::string choices_text(const Key& key) {
    std::string text;
    for (const Choice& choice : key.choices) text += (text.empty() ? "" : ", ") + std::string(choice.name);
    return text;
}

std::string allowed_range(const Key& key) {
    const std::string range = range_text(key);
    return range.empty() ? "" : "allowed: " + range;
}

}  // namespace

void ReadContext::add(const Value& at, const std::string& path, const std::string& message) {
    if (full()) return;
    problems_.push_back(
        {at.source ? *at.source : "", at.place() + ": " + (path.empty() ? "" : path + ": ") + message, at.line});
}

void ReadContext::add_unavailable(const Value& at, const std::string& path, std::string_view needs) {
    if (!allow_unavailable) add(at, path, "not available yet (needs " + std::string(needs) + ")");
}

void ReadContext::add(std::string problem) {
    problems_.push_back({"", std::move(problem), 0});
}

std::vector<std::string> ReadContext::problems() const {
    std::vector<Problem> sorted = problems_;
    std::map<std::string, std::size_t> order;  // files in the order they came up
    for (const Problem& problem : problems_) order.emplace(problem.source, order.size());
    std::stable_sort(sorted.begin(), sorted.end(), [&](const Problem& a, const Problem& b) {
        return std::pair(order.at(a.source), a.line) < std::pair(order.at(b.source), b.line);
    });
    std::vector<std::string> lines;
    std::set<std::string> seen;
    std::size_t more = 0;
    for (const Problem& problem : sorted) {
        if (!seen.insert(problem.text).second) continue;
        if (lines.size() < kMostProblems)
            lines.push_back(problem.text);
        else
            ++more;
    }
    if (more) lines.push_back("and " + std::to_string(more) + " more problems");
    return lines;
}

bool is_name(std::string_view text) {
    if (text.empty() || text.size() > 64 || text.front() == '.') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

std::optional<double> read_quantity(const Value& value, Dimension dimension, const NumberRange& range,
                                    const std::string& range_words, const std::string& path, ReadContext& context) {
    const DimensionInfo& d = info(dimension);
    double result = 0.0;
    if (value.is(Value::Kind::text)) {
        try {
            result = parse_quantity(value.text, dimension);
        } catch (const InputError& error) {
            context.add(value, path, error.what());
            return {};
        }
    } else if (value.is(Value::Kind::integer) || value.is(Value::Kind::real)) {
        if (dimension != Dimension::number) {
            context.add(value, path,
                        "found " + value.describe() + " without a unit; allowed: a " + std::string(d.name) +
                            " in quotes with its unit, e.g. \"" + std::string(d.example) + "\"");
            return {};
        }
        result = value.real;
        if (!std::isfinite(result)) {
            context.add(value, path, "found " + value.describe() + "; allowed: a finite number");
            return {};
        }
    } else {
        context.add(value, path,
                    "found " + value.describe() + "; allowed: a " + std::string(d.name) +
                        (dimension == Dimension::number ? "" : " in quotes") + ", e.g. " +
                        (dimension == Dimension::number ? std::string(d.example) : quote(d.example)));
        return {};
    }
    if (!range.contains(result)) {
        context.add(value, path, "found " + value.describe() + "; " + range_words);
        return {};
    }
    return result;
}

Section::Section(const Value& table, std::string_view pattern, std::string path, ReadContext& context)
    : table_(table), pattern_(pattern), path_(std::move(path)), context_(context) {
    const bool free_names = pattern_ == "bed.map.labels";
    for (const Member& member : table_.members) {
        if (free_names || context_.full()) break;
        const Key* key = find_key(pattern_, member.key);
        if (!key)
            context_.add(member.value, path_of(member.key), explain_unknown_key(pattern_, member.key));
        else if (!key->needs.empty())
            context_.add_unavailable(member.value, path_of(member.key), key->needs);
    }
    for (const Key* key : keys_of(pattern_))
        if (key->required) require(key->name);
}

const Key& Section::schema(std::string_view key) const {
    const Key* row = find_key(pattern_, key);
    if (!row) throw Error("no key " + std::string(key) + " in section " + pattern_ + " of the schema");
    return *row;
}

const Value* Section::value(std::string_view key) const {
    return table_.find(key);
}

std::string Section::path_of(std::string_view key) const {
    // Keys come from outside; a message shows at most a screenful of them.
    const std::string shown = is_name(key) ? std::string(key) : quote(key);
    return path_.empty() ? shown : path_ + "." + shown;
}

void Section::problem(std::string_view key, const std::string& message) const {
    const Value* at = value(key);
    context_.add(at ? *at : table_, path_of(key), message);
}

void Section::problem(const std::string& message) const {
    context_.add(table_, path_, message);
}

void Section::require(std::string_view key) const {
    if (has(key)) return;
    const Key* row = find_key(pattern_, key);
    const std::string what = row ? type_text(*row) : "a value";
    std::string example;
    if (row && (row->type == KeyType::quantity || row->type == KeyType::triple || row->type == KeyType::triple_or_one) &&
        row->dimension != Dimension::number)
        example = ", e.g. " + quote(info(row->dimension).example);
    problem(key, "missing; allowed: " + what + example);
}

std::optional<std::string> Section::text(std::string_view key) const {
    constexpr std::size_t kLongestText = 10000;
    const Value* v = value(key);
    if (!v) return {};
    const Key& row = schema(key);
    if (row.type == KeyType::choice) {
        std::vector<std::string> names;
        for (const Choice& choice : row.choices) {
            if (v->is(Value::Kind::text) && v->text == choice.name) {
                if (!choice.needs.empty()) context_.add_unavailable(*v, path_of(key) + ": " + quote(v->text), choice.needs);
                return v->text;
            }
            names.emplace_back(choice.name);
        }
        const std::string guess = v->is(Value::Kind::text) ? nearest(v->text, names) : "";
        problem(key, "found " + v->describe() + (guess.empty() ? "" : "; did you mean " + quote(guess) + "?") +
                         "; allowed: " + choices_text(row));
        return {};
    }
    if (!v->is(Value::Kind::text)) {
        problem(key, "found " + v->describe() + "; allowed: a text in quotes");
        return {};
    }
    if (row.type == KeyType::name && !is_name(v->text)) {
        problem(key, "found " + v->describe() + "; allowed: a name of at most 64 letters, digits, - _ .");
        return {};
    }
    if (v->text.size() > kLongestText) {
        problem(key, "found a text of " + std::to_string(v->text.size()) + " characters; allowed: at most " +
                         std::to_string(kLongestText));
        return {};
    }
    return v->text;
}

std::optional<bool> Section::boolean(std::string_view key) const {
    const Value* v = value(key);
    if (!v) return {};
    if (v->is(Value::Kind::boolean)) return v->boolean;
    problem(key, "found " + v->describe() + "; allowed: true, false");
    return {};
}

std::optional<std::int64_t> Section::integer(std::string_view key) const {
    const Value* v = value(key);
    if (!v) return {};
    const Key& row = schema(key);
    if (!v->is(Value::Kind::integer) || !row.range.contains(static_cast<double>(v->integer))) {
        const std::string range = range_text(row);
        problem(key, "found " + v->describe() + "; allowed: an integer" + (range.empty() ? "" : " " + range));
        return {};
    }
    return v->integer;
}

std::optional<double> Section::one(const Value& v, const Key& key, Dimension dimension, const std::string& path) const {
    return read_quantity(v, dimension, key.range, allowed_range(key), path, context_);
}

std::optional<double> Section::number(std::string_view key) const {
    return quantity(key, schema(key).dimension);
}

std::optional<double> Section::quantity(std::string_view key, Dimension dimension) const {
    const Value* v = value(key);
    if (!v) return {};
    return one(*v, schema(key), dimension, path_of(key));
}

std::optional<std::vector<double>> Section::several(std::string_view key, std::size_t least, std::size_t most) const {
    const Value* v = value(key);
    if (!v) return {};
    const Key& row = schema(key);
    const bool one_allowed =
        row.type == KeyType::triple_or_one || row.type == KeyType::pair_or_one || row.type == KeyType::numbers;
    const bool count_fits = v->is(Value::Kind::array) && v->items.size() >= least && v->items.size() <= most;
    if (!v->is(Value::Kind::array) && one_allowed) {
        const auto single = one(*v, row, row.dimension, path_of(key));
        if (!single) return {};
        return std::vector<double>{*single};
    }
    if (!count_fits) {
        const std::string count = least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most);
        const std::string example =
            row.dimension == Dimension::number ? "" : ", each like " + quote(info(row.dimension).example);
        problem(key,
                "found " + v->describe() + "; allowed: an array of " + count + (one_allowed ? ", or one value" : "") + example);
        return {};
    }
    std::vector<double> values;
    for (std::size_t n = 0; n < v->items.size(); ++n)
        if (const auto item = one(v->items[n], row, row.dimension, path_of(key) + "[" + std::to_string(n) + "]"))
            values.push_back(*item);
    if (values.size() != v->items.size()) return {};
    return values;
}

std::optional<std::array<double, 2>> Section::pair(std::string_view key) const {
    const auto values = several(key, 2, 2);
    if (!values) return {};
    return std::array<double, 2>{values->front(), values->back()};
}

std::optional<std::array<double, 3>> Section::triple(std::string_view key) const {
    const auto values = several(key, 3, 3);
    if (!values) return {};
    if (values->size() == 1) return std::array<double, 3>{values->front(), values->front(), values->front()};
    return std::array<double, 3>{(*values)[0], (*values)[1], (*values)[2]};
}

std::optional<std::vector<double>> Section::numbers(std::string_view key) const {
    return several(key, 1, 10000);
}

std::optional<std::vector<std::string>> Section::names(std::string_view key) const {
    const Value* v = value(key);
    if (!v) return {};
    std::vector<std::string> result;
    const std::vector<Value> single{v->is(Value::Kind::array) ? Value{} : *v};
    const std::vector<Value>& items = v->is(Value::Kind::array) ? v->items : single;
    for (const Value& item : items) {
        if (!item.is(Value::Kind::text) || !is_name(item.text)) {
            problem(key, "found " + item.describe() + "; allowed: names in quotes");
            return {};
        }
        result.push_back(item.text);
    }
    if (result.empty()) {
        problem(key, "found an empty list; allowed: one name or more");
        return {};
    }
    return result;
}

std::optional<Program> Section::program(std::string_view key, double start) const {
    const Key& row = schema(key);
    return program(key, row.dimension, row.range, start);
}

std::optional<Program> Section::program(std::string_view key, Dimension dimension, const NumberRange& range,
                                        double start) const {
    const Value* v = value(key);
    if (!v) return {};
    return read_program(*v, dimension, range, start, path_of(key), context_);
}

std::optional<std::filesystem::path> Section::file(std::string_view key) const {
    const auto name = text(key);
    if (!name) return {};
    if (name->empty() || name->find('\0') != std::string::npos || name->size() > 4096) {
        problem(key, "found " + quote(*name) + "; allowed: a path, relative to the scenario file");
        return {};
    }
    std::error_code status;
    const std::filesystem::path path = std::filesystem::absolute(context_.folder / *name, status).lexically_normal();
    if (status || (!context_.allow_missing_files && !std::filesystem::exists(path, status))) {
        problem(key, "no such file: " + quote(path.string()) + " (paths are relative to the scenario file)");
        return {};
    }
    return path;
}

std::optional<Section> Section::section(std::string_view key, std::string_view pattern) const {
    const Value* v = value(key);
    if (!v) return {};
    if (!v->is(Value::Kind::table)) {
        problem(key, "found " + v->describe() + "; allowed: a table, [" + path_of(key) + "]");
        return {};
    }
    return Section(*v, pattern, path_of(key), context_);
}

std::vector<Section> Section::sections(std::string_view key, std::string_view pattern, std::size_t most) const {
    const Value* v = value(key);
    std::vector<Section> result;
    if (!v) return result;
    if (!v->is(Value::Kind::array)) {
        problem(key, "found " + v->describe() + "; allowed: a list of tables, each under [[" + path_of(key) + "]]");
        return result;
    }
    if (v->items.size() > most) {
        problem(key, "found " + std::to_string(v->items.size()) + " tables; allowed: at most " + std::to_string(most));
        return result;
    }
    for (std::size_t n = 0; n < v->items.size(); ++n) {
        const std::string path = path_of(key) + "[" + std::to_string(n) + "]";
        if (v->items[n].is(Value::Kind::table))
            result.emplace_back(v->items[n], pattern, path, context_);
        else
            context_.add(v->items[n], path, "found " + v->items[n].describe() + "; allowed: a table");
    }
    return result;
}

std::vector<std::pair<std::string, Section>> Section::named(std::string_view key, std::string_view pattern) const {
    const Value* v = value(key);
    std::vector<std::pair<std::string, Section>> result;
    if (!v) return result;
    if (!v->is(Value::Kind::table)) {
        problem(key, "found " + v->describe() + "; allowed: tables by name, [" + path_of(key) + ".NAME]");
        return result;
    }
    for (const Member& member : v->members) {
        const std::string path = path_of(key) + "." + (is_name(member.key) ? member.key : quote(member.key));
        if (member.value.is(Value::Kind::table))
            result.emplace_back(member.key, Section(member.value, pattern, path, context_));
        else
            context_.add(member.value, path, "found " + member.value.describe() + "; allowed: a table");
    }
    return result;
}

std::optional<Face> Section::face(std::string_view key) const {
    const auto name = text(key);
    if (!name) return {};
    for (int f = 0; f < 6; ++f)
        if (*name == name_of(static_cast<Face>(f))) return static_cast<Face>(f);
    return {};
}

std::optional<int> Section::axis(std::string_view key) const {
    const auto name = text(key);
    if (!name) return {};
    return (*name)[0] - 'x';
}

void Section::mention_material(std::string_view key, const std::string& name) const {
    const Value* at = value(key);
    context_.materials.push_back({name, path_of(key), at ? at : &table_});
}

}  // namespace jt
