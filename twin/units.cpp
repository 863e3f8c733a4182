// SPDX-License-Identifier: Apache-2.0
#include "twin/units.hpp"

#include <udunits2.h>

#include <locale.h>
#include <array>
#include <charconv>
#include <clocale>
#include <cmath>
#include <cstdio>
#include <memory>
#include <mutex>

#include "kernels/error.hpp"
#include "twin/text.hpp"

namespace jt {
namespace {

constexpr std::size_t kLongestQuantity = 96;  // characters; longer text is no quantity
constexpr double kLargest = 1e30;             // no quantity of this program, in any unit, is larger

constexpr std::array<DimensionInfo, 29> kDimensions{{
    {"number", "1", "0.9"},
    {"length", "m", "20 mm"},
    {"time", "s", "30 s"},
    {"frequency", "Hz", "10 Hz"},
    {"temperature", "K", "25 degC"},
    {"temperature difference", "K", "5 K"},
    {"temperature rate", "K/s", "5 K/min"},
    {"inverse temperature", "1/K", "2.5e-4 1/K"},
    {"voltage", "V", "20 V"},
    {"voltage rate", "V/s", "2 V/s"},
    {"current", "A", "60 A"},
    {"current rate", "A/s", "50 A/s"},
    {"power", "W", "12 kW"},
    {"power rate", "W/s", "5 W/s"},
    {"resistance", "ohm", "10 mohm"},
    {"electrical conductivity", "S/m", "8e5 S/m"},
    {"electrical resistivity", "ohm m", "5.6 mohm cm"},
    {"electrical contact resistivity", "ohm m^2", "1e-4 ohm m^2"},
    {"electrical contact conductance", "S/m^2", "75524 S/m^2"},
    {"heat transfer coefficient", "W/(m^2 K)", "2625 W/(m^2 K)"},
    {"thermal conductivity", "W/(m K)", "0.2 W/(m K)"},
    {"density", "kg/m^3", "500 kg/m^3"},
    {"specific heat capacity", "J/(kg K)", "712 J/(kg K)"},
    {"power density", "W/m^3", "1e6 W/m^3"},
    {"heat flux", "W/m^2", "5e3 W/m^2"},
    {"molar energy", "J/mol", "200 kJ/mol"},
    {"specific energy", "J/kg", "1 MJ/kg"},
    {"electric field", "V/m", "1000 V/m"},
    {"specific charge", "mAh/g", "300 mAh/g"},
}};

// udunits keeps its parser state in globals and reads its database with the numbers of the current locale.
std::mutex& udunits_mutex() {
    static std::mutex mutex;
    return mutex;
}

class PlainLocale {
public:
    PlainLocale() : plain_(newlocale(LC_ALL_MASK, "C", nullptr)), before_(plain_ ? uselocale(plain_) : nullptr) {}
    ~PlainLocale() {
        if (!plain_) return;
        uselocale(before_);
        freelocale(plain_);
    }
    PlainLocale(const PlainLocale&) = delete;
    PlainLocale& operator=(const PlainLocale&) = delete;

private:
    locale_t plain_, before_;
};

struct FreeUnit {
    void operator()(ut_unit* unit) const { ut_free(unit); }
};
using Unit = std::unique_ptr<ut_unit, FreeUnit>;
struct FreeConverter {
    void operator()(cv_converter* converter) const { cv_free(converter); }
};

// Call with the mutex held.
ut_system* unit_system() {
    static ut_system* const system = [] {
        ut_set_error_message_handler(ut_ignore);
        return ut_read_xml(nullptr);
    }();
    if (!system) throw Error("the unit database of udunits2 was not found (set UDUNITS2_XML_PATH to udunits2.xml)");
    return system;
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

// Ampere hours are written as one word, which udunits does not know.
std::string spelled_out(std::string text) {
    for (std::size_t at = 0; (at = text.find("Ah", at)) != std::string::npos;) {
        const std::size_t prefix = at > 0 && (text[at - 1] == 'm' || text[at - 1] == 'k') ? at - 1 : at;
        const bool word = (prefix == 0 || !is_letter(text[prefix - 1])) && (at + 2 == text.size() || !is_letter(text[at + 2]));
        if (word) text.replace(prefix, at + 2 - prefix, "(" + text.substr(prefix, at + 1 - prefix) + " h)");
        at += 2;
    }
    return text;
}

Unit parse_unit(const std::string& written) {
    const std::string text = spelled_out(written);
    return Unit(ut_parse(unit_system(), text.c_str(), UT_UTF8));
}

bool is_dimensionless(const ut_unit* unit) {
    const Unit one(ut_get_dimensionless_unit_one(unit_system()));
    return ut_are_convertible(unit, one.get());
}

// udunits also calls reciprocals convertible (ohm m and S/m); their quotient tells them apart.
bool same_dimension(const ut_unit* a, const ut_unit* b) {
    const Unit quotient(ut_divide(a, b));
    return quotient && is_dimensionless(quotient.get());
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Only products, quotients and small integer powers of names. udunits itself also takes numbers ("m 3" is three metres),
// offsets ("K @ 20"), time origins and logarithms, none of which is meant where a unit is expected.
bool is_plain_unit(std::string_view text) {
    if (text.starts_with("1/")) text.remove_prefix(2);
    for (std::size_t q = 0; q < text.size();) {
        const char c = text[q];
        if (is_letter(c)) {
            std::size_t end = q;
            while (end < text.size() && is_letter(text[end])) ++end;
            const std::string_view word = text.substr(q, end - q);
            for (const char* refused : {"since", "from", "after", "ref", "per", "lg", "ln", "lb", "re"})
                if (word == refused) return false;
            q = end;
            if (q < text.size() && text[q] == '^') ++q;
            if (q < text.size() && (text[q] == '-' || text[q] == '+') && q + 1 < text.size() && is_digit(text[q + 1])) ++q;
            std::size_t digits = 0;
            while (q < text.size() && is_digit(text[q])) ++q, ++digits;
            if (digits > 1) return false;
        } else if (c == ' ' || c == '*' || c == '/' || c == '(' || c == ')' || c == '.' || c == '%') {
            ++q;
        } else {
            return false;
        }
    }
    return true;
}

bool names_temperature_scale(std::string_view unit) {
    for (const char* scale : {"degC", "deg_C", "degreeC", "degree_C", "degreesC", "\u00b0C", "\u2103", "elsius", "degF",
                              "deg_F", "degreeF", "\u00b0F", "\u2109", "ahrenheit", "degrees_C", "degc", "degf"})
        if (unit.find(scale) != std::string_view::npos) return true;
    return false;
}

std::string allowed(Dimension dimension) {
    const DimensionInfo& d = info(dimension);
    if (dimension == Dimension::number) return "allowed: a number";
    return "allowed: a " + std::string(d.name) + " in a unit like " + std::string(d.si) + ", e.g. \"" + std::string(d.example) +
           "\"";
}

std::string dimension_name(const ut_unit* unit) {
    for (const DimensionInfo& d : kDimensions) {
        const Unit other = parse_unit(std::string(d.si));
        if (other && same_dimension(unit, other.get())) return " (a " + std::string(d.name) + ")";
    }
    return "";
}

// number * 10^power, rounded once. `number` is text that from_chars has taken.
double shift_point(std::string_view number, int power) {
    const std::size_t e = number.find_first_of("eE");
    int exponent = 0;
    if (e != std::string_view::npos) {
        std::string_view digits = number.substr(e + 1);
        if (digits.starts_with('+')) digits.remove_prefix(1);
        std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    }
    const std::string shifted = std::string(number.substr(0, e)) + "e" + std::to_string(exponent + power);
    double value = 0.0;
    const auto status = std::from_chars(shifted.data(), shifted.data() + shifted.size(), value).ec;
    return status == std::errc() ? value : 0.0;  // out of range only below the smallest double: larger ones are refused before
}

// The text `number` of `value`, times unit, in SI. Throws InputError.
double convert(std::string_view number, double value, std::string_view unit_text, Dimension dimension, std::string_view found) {
    const auto refuse = [&](const std::string& why) -> double {
        throw InputError("found " + quote(found) + ": " + why + "; " + allowed(dimension));
    };
    if (unit_text == info(dimension).si) return value;
    if (!is_plain_unit(unit_text)) return refuse(quote(unit_text) + " is not a unit");
    const bool scale = dimension != Dimension::temperature && names_temperature_scale(unit_text);
    const char* const scale_hint = "degC is a point on a scale; differences, rates and coefficients take K";

    const std::lock_guard lock(udunits_mutex());
    const PlainLocale plain;
    const Unit unit = parse_unit(std::string(unit_text)), si = parse_unit(std::string(info(dimension).si));
    if (!unit) return refuse(scale ? scale_hint : "unknown unit " + quote(unit_text));
    if (!same_dimension(unit.get(), si.get())) {
        if (dimension == Dimension::temperature && (unit_text == "C" || unit_text == "F"))
            return refuse("C is coulomb and F is farad; write degC or degF");
        return refuse("wrong unit " + quote(unit_text) + dimension_name(unit.get()));
    }
    if (scale) return refuse(scale_hint);
    const std::unique_ptr<cv_converter, FreeConverter> converter(ut_get_converter(unit.get(), si.get()));
    if (!converter) return refuse("wrong unit " + quote(unit_text));
    double result = cv_convert_double(converter.get(), value);
    // Decimal prefixes move the point of the text: 0.28 * 0.001 is not the number nearest to 0.00028, and reports should say
    // that.
    const double one = cv_convert_double(converter.get(), 1.0);
    if (value != 0.0 && cv_convert_double(converter.get(), 0.0) == 0.0 && one > 0.0) {
        const double power = std::round(std::log10(one));
        if (std::abs(power) < 30.0 && std::abs(one * std::pow(10.0, -power) - 1.0) < 1e-14)
            result = shift_point(number, static_cast<int>(power));
    }
    if (!std::isfinite(result) || std::abs(result) > kLargest) return refuse("too large");
    return result;
}

}  // namespace

const DimensionInfo& info(Dimension dimension) {
    return kDimensions[static_cast<std::size_t>(dimension)];
}

double parse_quantity(std::string_view text, Dimension dimension) {
    if (text.size() > kLongestQuantity)
        throw InputError("found " + quote(text) + " of " + std::to_string(text.size()) + " characters; " + allowed(dimension));
    std::string_view rest = trim(text);
    if (rest.starts_with('+')) rest.remove_prefix(1);
    double value = 0.0;
    const auto [end, status] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (status == std::errc::result_out_of_range)
        throw InputError("found " + quote(text) + ": too large or too small; " + allowed(dimension));
    if (status != std::errc())
        throw InputError("found " + quote(text) + ": does not begin with a number; " + allowed(dimension));
    if (!std::isfinite(value)) throw InputError("found " + quote(text) + ": not a finite number; " + allowed(dimension));
    if (std::abs(value) > kLargest) throw InputError("found " + quote(text) + ": too large; " + allowed(dimension));
    const std::string_view unit = trim(rest.substr(static_cast<std::size_t>(end - rest.data())));
    if (unit.empty()) {
        if (dimension == Dimension::number) return value;
        throw InputError("found " + quote(text) + " without a unit; " + allowed(dimension));
    }
    if (unit.starts_with(','))
        throw InputError("found " + quote(text) + ": the decimal sign is a point; " + allowed(dimension));
    const std::string_view number = rest.substr(0, static_cast<std::size_t>(end - rest.data()));
    return convert(number, value, unit, dimension, text);
}

double unit_factor(std::string_view unit, Dimension dimension) {
    if (unit.size() > kLongestQuantity)
        throw InputError("found a unit of " + std::to_string(unit.size()) + " characters; " + allowed(dimension));
    unit = trim(unit);
    if (names_temperature_scale(unit))
        throw InputError("found unit " + quote(unit) + ": differences and coefficients take K; " + allowed(dimension));
    return convert("1", 1.0, unit, dimension, unit);
}

Dimension rate_of(Dimension dimension) {
    switch (dimension) {
        case Dimension::temperature:
            return Dimension::temperature_rate;
        case Dimension::voltage:
            return Dimension::voltage_rate;
        case Dimension::current:
            return Dimension::current_rate;
        case Dimension::power:
            return Dimension::power_rate;
        default:
            throw Error("no rate of a " + std::string(info(dimension).name));
    }
}

std::string format_number(double value) {
    char text[40];
    const auto [end, status] = std::to_chars(text, text + sizeof text, value);
    return status == std::errc() ? std::string(text, end) : "nan";
}

std::string format_quantity(double si, Dimension dimension) {
    std::string text = format_number(si);
    if (dimension != Dimension::number) text += " " + std::string(info(dimension).si);
    return text;
}

std::string format_for_people(double si, Dimension dimension) {
    double value = si;
    std::string unit(dimension == Dimension::number ? "" : info(dimension).si);
    if (dimension == Dimension::length && si != 0.0 && std::abs(si) < 1.0) {
        const bool micro = std::abs(si) < 1e-4 * (1.0 - 1e-9), nano = std::abs(si) < 1e-7 * (1.0 + 1e-9);
        value = si * (nano ? 1e9 : micro ? 1e6 : 1e3);
        unit = nano ? "nm" : micro ? "um" : "mm";
    }
    char text[40];
    std::snprintf(text, sizeof text, "%.6g", value);
    return unit.empty() ? text : std::string(text) + " " + unit;
}

std::string quote(std::string_view text) {
    constexpr std::size_t kShown = 60;
    std::string shown = "\"";
    std::size_t count = 0;
    for (const char c : text) {
        // Cut between characters: UTF-8 continuation bytes belong to the one before.
        if (count >= kShown && (c & 0xC0) != 0x80) return shown + "...\"";
        const auto byte = static_cast<unsigned char>(c);
        shown += byte < 0x20 || byte == 0x7f ? '?' : c;
        ++count;
    }
    return shown + "\"";
}

}  // namespace jt
