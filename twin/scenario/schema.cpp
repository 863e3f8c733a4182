// SPDX-License-Identifier: Apache-2.0
#include "twin/scenario/schema.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>

#include "kernels/error.hpp"

namespace jt {
namespace {

// Restricted Damerau-Levenshtein distance: insert, delete, replace, swap neighbours; upper and lower case are one.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    const auto same = [](char p, char q) {
        return std::tolower(static_cast<unsigned char>(p)) == std::tolower(static_cast<unsigned char>(q));
    };
    std::vector<std::size_t> before, last(b.size() + 1), now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0u : 1u)});
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                now[j] = std::min(now[j], before[j - 2] + 1);
        }
        before = last;
        last = now;
    }
    return last[b.size()];
}

std::string join(const std::vector<std::string>& words, const char* separator = ", ") {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : separator) + word;
    return text;
}

bool is_quantity(KeyType type) {
    return type == KeyType::quantity || type == KeyType::pair || type == KeyType::triple || type == KeyType::triple_or_one ||
           type == KeyType::pair_or_one || type == KeyType::program || type == KeyType::law;
}

// Of a file of its own: neither the schema of scenarios nor their messages speak of it.
constexpr std::string_view kHidden = "HIDDEN";
bool is_hidden(std::string_view section) {
    return section.starts_with(kHidden);
}

// Keys whose unit follows from another key of the same table.
std::string unit_text(const Key& key) {
    if (key.section == "heater" && key.name == "program") return "K, A, V or W";
    if (key.section == "PROGRAM[]" && key.name != "in" && key.name != "hold") return "of the quantity";
    if (key.section == "estimate[]" && (key.name == "prior" || key.name == "sd")) return "1; of a bias K, V or A";
    if ((key.section == "sensor[]" || key.section == "HIDDEN.sensor.NAME") && is_quantity(key.type) &&
        key.dimension == Dimension::number)
        return "K, V or A";
    if (key.section == "material.NAME.LAW" && key.name == "value") return "of the property";
    if (!is_quantity(key.type)) return "";
    return std::string(info(key.dimension).si);
}

}  // namespace

const Key* find_key(std::string_view section, std::string_view name) {
    for (const Key& key : schema_keys())
        if (key.section == section && key.name == name) return &key;
    return nullptr;
}

std::vector<const Key*> keys_of(std::string_view section) {
    std::vector<const Key*> keys;
    for (const Key& key : schema_keys())
        if (key.section == section) keys.push_back(&key);
    return keys;
}

const SectionInfo& find_section(std::string_view section) {
    for (const SectionInfo& s : schema_sections())
        if (s.name == section) return s;
    throw Error("no section " + std::string(section) + " in the schema");
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
    if (word.size() > 64) return "";
    const std::size_t near = std::max<std::size_t>(2, word.size() / 3);
    std::string best;
    std::size_t best_distance = near + 1;
    for (const auto& candidate : known) {
        std::size_t distance = edit_distance(word, candidate);
        // A cut or bent ending ("volts" for "voltage") is nearer than as many errors spread over the word.
        if (distance > 0 && word.substr(0, 4) == std::string_view(candidate).substr(0, 4)) --distance;
        if (distance < best_distance && distance < candidate.size()) best = candidate, best_distance = distance;
    }
    return best;
}

std::string explain_unknown_key(std::string_view section, std::string_view name) {
    static const std::vector<std::pair<std::string_view, std::string_view>> other_names{
        {"k", "thermal_conductivity"}, {"cp", "heat_capacity"},   {"rho", "density"},
        {"resistivity", "sigma"},      {"conductivity", "sigma"}, {"electrical_conductivity", "sigma"},
        {"centre", "center"},          {"semiaxes", "semi_axes"}, {"temperature_K", "temperature"},
        {"outline", "shape"},          {"grid", "voxel"},         {"resistance", "contact_resistivity"}};
    std::vector<std::string> names;
    for (const Key* key : keys_of(section)) names.emplace_back(key->name);
    std::string guess;
    for (const auto& [other, meant] : other_names)
        if (name == other && find_key(section, meant)) guess = meant;
    if (guess.empty()) guess = nearest(name, names);
    std::string text = "unknown key " + quote(name);
    if (!guess.empty()) {
        text += "; did you mean " + guess + "?";
    } else if (name.size() > 2) {
        std::vector<std::string> homes;
        for (const Key& key : schema_keys())
            if (key.name == name && is_hidden(key.section) == is_hidden(section)) homes.emplace_back(key.section);
        if (!homes.empty()) text += "; it belongs to " + join(homes);
    }
    return text + " (allowed: " + join(names) + ")";
}

std::string type_text(const Key& key) {
    switch (key.type) {
        case KeyType::text:
            return "text";
        case KeyType::name:
            return "name";
        case KeyType::choice: {
            std::vector<std::string> names;
            for (const Choice& choice : key.choices) names.emplace_back(choice.name);
            return join(names, " | ");
        }
        case KeyType::choices:
            return "names";
        case KeyType::boolean:
            return "true | false";
        case KeyType::integer:
            return "integer";
        case KeyType::integers:
            return "integers";
        case KeyType::number:
            return "number";
        case KeyType::numbers:
            return "numbers";
        case KeyType::quantity:
            return "quantity";
        case KeyType::pair:
            return "2 quantities";
        case KeyType::triple:
            return "3 quantities";
        case KeyType::triple_or_one:
            return "1 or 3 quantities";
        case KeyType::pair_or_one:
            return "1 or 2 quantities";
        case KeyType::program:
            return "program";
        case KeyType::file:
            return "file";
        case KeyType::history:
            return "history";
        case KeyType::law:
            return "quantity or law";
        case KeyType::section:
            return key.name == "points" ? "points" : "table";
    }
    return "";
}

std::string range_text(const Key& key) {
    const std::string unit = unit_text(key);
    const std::string suffix = unit.empty() || unit == "1" || unit != info(key.dimension).si ? "" : " " + unit;
    std::string text;
    if (std::isfinite(key.range.min)) text = (key.range.above_min ? "> " : ">= ") + format_number(key.range.min) + suffix;
    if (std::isfinite(key.range.max)) text += (text.empty() ? "<= " : ", <= ") + format_number(key.range.max) + suffix;
    return text;
}

namespace {

// Sections of a scenario, or those of a file of hidden truths.
std::string sections_text(bool hidden) {
    std::size_t width = 0;
    for (const Key& key : schema_keys())
        if (is_hidden(key.section) == hidden) width = std::max(width, key.name.size());
    std::string text;
    for (const SectionInfo& section : schema_sections()) {
        if (is_hidden(section.name) != hidden) continue;
        const std::string name(section.name.substr(!hidden ? 0 : std::min(section.name.size(), kHidden.size() + 1)));
        text += "\n";
        if (name.empty())
            text += "top level";
        else if (name == "PROGRAM[]")
            text += "PROGRAM list";
        else if (name.ends_with("[]"))
            text += "[[" + name.substr(0, name.size() - 2) + "]]";
        else if (name.starts_with("PROGRAM"))
            text += name;
        else
            text += "[" + name + "]";
        text += "  " + std::string(section.help);
        if (!section.needs.empty()) text += "  [not available yet: needs " + std::string(section.needs) + "]";
        text += "\n";
        for (const Key* key : keys_of(section.name)) {
            if (name.empty() && key->type == KeyType::section) continue;
            std::string line = "  " + std::string(key->name) + std::string(width + 2 - key->name.size(), ' ') + type_text(*key);
            if (const std::string unit = unit_text(*key); !unit.empty() && unit != "1") line += " [" + unit + "]";
            if (const std::string range = range_text(*key); !range.empty()) line += "  " + range;
            if (key->required) line += "  required";
            if (!key->fallback.empty()) line += "  default " + std::string(key->fallback);
            line += "\n" + std::string(width + 4, ' ') + std::string(key->help);
            if (!key->needs.empty() && section.needs.empty())
                line += "  [not available yet: needs " + std::string(key->needs) + "]";
            for (const Choice& choice : key->choices)
                if (!choice.needs.empty())
                    line += "  [" + std::string(choice.name) + " needs " + std::string(choice.needs) + "]";
            text += line + "\n";
        }
    }
    return text;
}

}  // namespace

std::string schema_text() {
    return "Scenario file (TOML). A quantity is a text with its unit, checked for dimension. A program is a value, a list of\n"
           "{to, in} | {to, rate} | {hold} | {step}, {points = [[\"0 s\", \"25 degC\"], ...]} or {table = \"FILE.csv\"} (time, "
           "value).\n" +
           sections_text(false);
}

std::string hidden_schema_text() {
    return "File of hidden truths (TOML), in what the plant differs from its scenario:\n" + sections_text(true);
}

std::string schema_json() {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const SectionInfo& section : schema_sections()) {
        if (is_hidden(section.name)) continue;
        for (const Key* key : keys_of(section.name)) {
            const std::string path =
                section.name.empty() ? std::string(key->name) : std::string(section.name) + "." + std::string(key->name);
            nlohmann::ordered_json row{{"key", path}, {"type", type_text(*key)}, {"unit", unit_text(*key)}};
            row["min"] = std::isfinite(key->range.min) ? nlohmann::ordered_json(key->range.min) : nullptr;
            row["max"] = std::isfinite(key->range.max) ? nlohmann::ordered_json(key->range.max) : nullptr;
            row["required"] = key->required;
            row["default"] =
                key->fallback.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(std::string(key->fallback));
            row["choices"] = nlohmann::ordered_json::array();
            for (const Choice& choice : key->choices) row["choices"].push_back(std::string(choice.name));
            const std::string_view needs = key->needs.empty() ? section.needs : key->needs;
            row["available"] = needs.empty();
            row["needs"] = std::string(needs);
            row["help"] = std::string(key->help);
            rows.push_back(row);
        }
    }
    return rows.dump(2);
}

}  // namespace jt
