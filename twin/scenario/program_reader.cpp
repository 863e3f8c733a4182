// SPDX-License-Identifier: Apache-2.0
// Programs in time: a value; a list of {to, in} | {to, rate} | {hold} | {step}; {points = [...]}; {table = "FILE.csv"}.
#include <charconv>
#include <cmath>

#include "kernels/error.hpp"
#include "twin/scenario/section.hpp"
#include "twin/text.hpp"

namespace jt {
namespace {

constexpr double kLongestProgram = 1e9;         // [s]
constexpr std::size_t kMostPoints = 1'000'000;  // of a table
constexpr std::uintmax_t kLargestTable = 64u << 20;

struct Reader {
    Dimension dimension;
    const NumberRange& range;
    ReadContext& context;

    std::string allowed() const {
        Key key{.section = "", .name = "", .type = KeyType::quantity, .dimension = dimension, .range = range};
        return "allowed: " + range_text(key);
    }
    std::optional<double> value(const Value& v, const std::string& path) const {
        return read_quantity(v, dimension, range, allowed(), path, context);
    }
};

void append(Program& program, double time, double value) {
    // The start value is not wanted when the first thing that happens at t = 0 is a step.
    if (program.time.size() == 1 && time == 0.0) {
        program.value[0] = value;
        return;
    }
    program.time.push_back(time);
    program.value.push_back(value);
}

bool read_segment(const Value& v, const Reader& reader, const std::string& path, Program& program) {
    if (!v.is(Value::Kind::table)) {
        reader.context.add(v, path, "found " + v.describe() + "; allowed: {to, in}, {to, rate}, {hold} or {step}");
        return false;
    }
    const Section segment(v, "PROGRAM[]", path, reader.context);
    const bool to = segment.has("to"), in = segment.has("in"), rate = segment.has("rate"), hold = segment.has("hold"),
               step = segment.has("step");
    const int known = to + in + rate + hold + step;
    if (!((to && in && known == 2) || (to && rate && known == 2) || (hold && known == 1) || (step && known == 1))) {
        if (known == static_cast<int>(v.members.size()))  // else the unknown key has been named
            segment.problem("allowed: {to, in}, {to, rate}, {hold} or {step}");
        return false;
    }
    const double now = program.end_time(), before = program.value.back();
    if (hold) {
        const auto duration = segment.number("hold");
        if (duration) append(program, now + *duration, before);
        return duration.has_value();
    }
    const auto target = reader.value(*segment.value(to ? "to" : "step"), segment.path_of(to ? "to" : "step"));
    if (step) {
        if (target) append(program, now, *target);
        return target.has_value();
    }
    double duration = 0.0;
    if (in) {
        const auto given = segment.number("in");
        if (!given) return false;
        duration = *given;
    } else {
        const auto speed = segment.quantity("rate", rate_of(reader.dimension));
        if (!speed || !target) return false;
        duration = std::abs(*target - before) / *speed;
        if (duration == 0.0) return true;
    }
    if (!target) return false;
    append(program, now + duration, *target);
    return true;
}

std::optional<Program> read_points(const Value& v, const Reader& reader, const std::string& path) {
    const NumberRange any_time{.min = 0.0, .max = kLongestProgram};
    Program program;
    if (!v.is(Value::Kind::array) || v.items.empty()) {
        reader.context.add(v, path, "found " + v.describe() + "; allowed: [[\"0 s\", \"value unit\"], ...]");
        return {};
    }
    for (std::size_t n = 0; n < v.items.size(); ++n) {
        const Value& point = v.items[n];
        const std::string here = path + "[" + std::to_string(n) + "]";
        if (!point.is(Value::Kind::array) || point.items.size() != 2) {
            reader.context.add(point, here, "found " + point.describe() + "; allowed: [\"0 s\", \"value unit\"]");
            return {};
        }
        const auto time =
            read_quantity(point.items[0], Dimension::time, any_time, "allowed: >= 0 s, <= 1e9 s", here + "[0]", reader.context);
        const auto value = reader.value(point.items[1], here + "[1]");
        if (!time || !value) return {};
        if (!program.time.empty() && *time < program.time.back()) {
            reader.context.add(
                point, here,
                "found time " + point.items[0].describe() + " before the one above; allowed: times that never fall");
            return {};
        }
        program.time.push_back(*time);
        program.value.push_back(*value);
    }
    return program;
}

std::string_view trim_cell(std::string_view text) {
    return trim(text, " \t\r\"");
}

// "T [degC]", "T (degC)" or "T_degC" -> degC; "" when the column states no unit.
std::string_view unit_of_column(std::string_view name) {
    name = trim_cell(name);
    for (const auto& [open, close] : {std::pair('[', ']'), std::pair('(', ')')})
        if (const auto at = name.find(open); at != std::string_view::npos && name.ends_with(close))
            return trim_cell(name.substr(at + 1, name.size() - at - 2));
    const auto at = name.rfind('_');
    return at == std::string_view::npos ? "" : name.substr(at + 1);
}

struct ColumnUnit {
    double scale = 1.0, offset = 0.0;
};

// Throws InputError.
ColumnUnit column_unit(std::string_view name, Dimension dimension) {
    const std::string_view unit = unit_of_column(name);
    if (unit.empty()) return {};
    const double zero = parse_quantity("0 " + std::string(unit), dimension),
                 one = parse_quantity("1 " + std::string(unit), dimension);
    return {one - zero, zero};
}

std::optional<Program> read_table(const std::filesystem::path& file, const Reader& reader) {
    const std::string where = file.string();
    const std::string text = read_text_file(file, kLargestTable);
    Program program;
    ColumnUnit time_column, value_column;
    std::size_t line = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view row = trim_cell(std::string_view(text).substr(begin, end - begin));
        begin = end + 1;
        ++line;
        const auto fail = [&](const std::string& message) {
            throw InputError(where + ":" + std::to_string(line) + ": " + message);
        };
        if (row.empty() || row.front() == '#') continue;
        const std::size_t comma = row.find_first_of(",;\t");
        if (comma == std::string_view::npos) fail("found " + quote(row) + "; allowed: time, value");
        const std::string_view cells[2] = {trim_cell(row.substr(0, comma)), trim_cell(row.substr(comma + 1))};
        double numbers[2] = {};
        bool are_numbers = true;
        for (int c = 0; c < 2; ++c) {
            const auto [stop, status] = std::from_chars(cells[c].data(), cells[c].data() + cells[c].size(), numbers[c]);
            are_numbers = are_numbers && status == std::errc() && stop == cells[c].data() + cells[c].size();
        }
        if (!are_numbers) {
            if (!program.time.empty() || line > 1) fail("found " + quote(row) + "; allowed: two numbers, time and value");
            time_column = column_unit(cells[0], Dimension::time);
            value_column = column_unit(cells[1], reader.dimension);
            continue;
        }
        const double t = numbers[0] * time_column.scale + time_column.offset,
                     v = numbers[1] * value_column.scale + value_column.offset;
        if (!(t >= 0.0 && t <= kLongestProgram)) fail("found time " + quote(cells[0]) + "; allowed: >= 0 s, <= 1e9 s");
        if (!program.time.empty() && t < program.time.back())
            fail("found time " + quote(cells[0]) + "; allowed: times that never fall");
        if (!std::isfinite(v) || !reader.range.contains(v)) fail("found value " + quote(cells[1]) + "; " + reader.allowed());
        if (program.time.size() >= kMostPoints) fail("more than " + std::to_string(kMostPoints) + " points");
        program.time.push_back(t);
        program.value.push_back(v);
    }
    if (program.time.empty()) throw InputError(where + ": no points; allowed: lines of time, value");
    return program;
}

}  // namespace

std::optional<Program> read_program(const Value& value, Dimension dimension, const NumberRange& range, double start,
                                    const std::string& path, ReadContext& context) {
    const Reader reader{dimension, range, context};
    if (value.is(Value::Kind::array)) {
        Program program{{0.0}, {start}};
        bool good = !value.items.empty();
        if (!good)
            context.add(value, path, "found an empty list; allowed: {to, in}, {to, rate}, {hold} or {step}, one or more");
        for (std::size_t n = 0; n < value.items.size(); ++n)
            good = read_segment(value.items[n], reader, path + "[" + std::to_string(n) + "]", program) && good;
        if (good && program.end_time() > kLongestProgram) {
            context.add(value, path, "takes " + format_number(program.end_time()) + " s; allowed: <= 1e9 s");
            good = false;
        }
        return good ? std::optional(program) : std::nullopt;
    }
    if (value.is(Value::Kind::table)) {
        const Section section(value, "PROGRAM", path, context);
        if (section.has("points") == section.has("table")) {
            section.problem("allowed: one of {points = [...]} and {table = \"FILE.csv\"}, a value, or a list of segments");
            return {};
        }
        if (section.has("points")) return read_points(*section.value("points"), reader, section.path_of("points"));
        const auto file = section.file("table");
        if (!file) return {};
        try {
            return read_table(*file, reader);
        } catch (const InputError& error) {
            section.problem("table", error.what());
            return {};
        }
    }
    const auto constant = reader.value(value, path);
    if (!constant) return {};
    return Program{{0.0}, {*constant}};
}

}  // namespace jt
