// SPDX-License-Identifier: Apache-2.0
#include "bridge/heater/faults.hpp"

#include <array>
#include <cmath>
#include <optional>

#include "kernels/error.hpp"
#include "twin/scenario/schema.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

enum class Target { none, sensor, terminal };
enum class Size { none, optional, required };
struct Kind {
    const char* name;
    Fault::Kind kind;
    Target target;
    Size size;
    const char* help;
};
constexpr std::array<Kind, 7> kKinds{{
    {"stuck", Fault::Kind::stuck, Target::sensor, Size::none, "stuck:SENSOR@TIME: it goes on showing what it showed last"},
    {"dropout", Fault::Kind::dropout, Target::sensor, Size::none, "dropout:SENSOR@TIME: it shows nothing"},
    {"bias", Fault::Kind::bias, Target::sensor, Size::required, "bias:SENSOR=SIZE@TIME: SIZE is added, in K, V or A"},
    {"contact", Fault::Kind::contact, Target::terminal, Size::optional,
     "contact:TERMINAL[=FACTOR]@TIME: the contact breaks; resistance between the terminals times FACTOR (default 10), thermal "
     "resistance of the contact too"},
    {"clock", Fault::Kind::clock, Target::none, Size::required, "clock=SIZE@TIME: source times jump by SIZE, e.g. \"-2 s\""},
    {"garbage", Fault::Kind::garbage, Target::none, Size::none, "garbage@TIME: frames of random bytes among the readings"},
    {"silence", Fault::Kind::silence, Target::none, Size::none, "silence@TIME: nothing is sent at all"},
}};
constexpr double kContactFactor = 10.0, kLargestFactor = 1e9;
constexpr double kLongest = 1e7;  // [s] as the duration of a run

std::string kinds_text() {
    std::string text;
    for (const Kind& kind : kKinds) text += (text.empty() ? "" : ", ") + std::string(kind.name);
    return text;
}

std::vector<std::string> names_for(Target target, const Scenario& scenario) {
    std::vector<std::string> names;
    if (target == Target::sensor)
        for (const Sensor& s : scenario.sensors) names.push_back(s.name);
    else
        for (const Terminal& t : scenario.terminals) names.push_back(t.name);
    return names;
}

Fault parse(const std::string& text, const Scenario& scenario) {
    const auto wrong = [&](const std::string& what) { return InputError("--fault " + quote(text) + ": " + what); };
    Fault fault;
    fault.text = text;
    const std::size_t at = text.rfind('@');
    if (at == std::string::npos) throw wrong("no @TIME; allowed: KIND[:TARGET][=SIZE]@TIME[/DURATION]");
    std::string what = text.substr(0, at), when = text.substr(at + 1);
    const auto cut = [](std::string& from, char mark) -> std::optional<std::string> {
        const std::size_t place = from.find(mark);
        if (place == std::string::npos) return {};
        const std::string rest = from.substr(place + 1);
        from.resize(place);
        return rest;
    };
    const auto time = [&](const std::string& of, const char* name, bool zero) {
        double value = 0.0;
        try {
            value = parse_quantity(of, Dimension::time);
        } catch (const InputError& error) {
            throw wrong(std::string(name) + ": " + error.what());
        }
        if (!(zero ? value >= 0.0 : value > 0.0) || value > kLongest)
            throw wrong(std::string(name) + ": found " + quote(of) + "; allowed: " + (zero ? ">= 0 s" : "> 0 s") +
                        ", <= 1e7 s");
        return value;
    };
    const auto duration = cut(when, '/');
    fault.from_s = time(when, "time", true);
    if (duration) fault.duration_s = time(*duration, "duration", false);

    const auto size = cut(what, '=');
    const auto target = cut(what, ':');
    const Kind* kind = nullptr;
    std::vector<std::string> known;
    for (const Kind& one : kKinds) {
        known.emplace_back(one.name);
        if (what == one.name) kind = &one;
    }
    if (!kind) {
        const std::string guess = nearest(what, known);
        throw wrong("unknown kind " + quote(what) + (guess.empty() ? "" : "; did you mean " + guess + "?") +
                    "; allowed: " + kinds_text());
    }
    fault.kind = kind->kind;
    if (kind->target == Target::none) {
        if (target)
            throw wrong(what + " has no target; allowed: " + what + (kind->size == Size::none ? "" : "=SIZE") + "@TIME");
    } else {
        const auto names = names_for(kind->target, scenario);
        const std::string noun = kind->target == Target::sensor ? "sensor" : "terminal";
        std::string list;
        for (std::size_t n = 0; n < names.size(); ++n) {
            list += (n ? ", " : "") + names[n];
            if (target && names[n] == *target) fault.target = int(n);
        }
        if (list.empty()) list = "none: the scenario has no " + noun;
        if (!target) throw wrong(what + " needs a " + noun + ", " + what + ":NAME@TIME; allowed: " + list);
        if (fault.target < 0) {
            const std::string guess = nearest(*target, names);
            throw wrong("no " + noun + " " + quote(*target) + (guess.empty() ? "" : "; did you mean " + guess + "?") +
                        "; allowed: " + list);
        }
    }
    if (size && kind->size == Size::none) throw wrong(what + " has no size; allowed: without =" + *size);
    if (!size && kind->size == Size::required) throw wrong(what + " needs a size, =SIZE before @");
    Dimension dimension = Dimension::number;
    if (fault.kind == Fault::Kind::clock) dimension = Dimension::time;
    if (fault.kind == Fault::Kind::bias) {
        const std::string& of = scenario.sensors[std::size_t(fault.target)].kind;
        dimension = of == "voltage"   ? Dimension::voltage
                    : of == "current" ? Dimension::current
                                      : Dimension::temperature_difference;
    }
    if (fault.kind == Fault::Kind::contact) fault.size = kContactFactor;
    if (size) {
        try {
            fault.size = parse_quantity(*size, dimension);
        } catch (const InputError& error) {
            throw wrong(std::string("size: ") + error.what());
        }
        if (fault.kind == Fault::Kind::contact && !(fault.size >= 1.0 && fault.size <= kLargestFactor))
            throw wrong("size: found " + quote(*size) + "; allowed: a factor from 1 to 1e9");
        if (fault.kind == Fault::Kind::clock && !(std::abs(fault.size) <= kLongest))
            throw wrong("size: found " + quote(*size) + "; allowed: at most 1e7 s either way");
    }
    return fault;
}

}  // namespace

std::vector<Fault> parse_faults(const std::vector<std::string>& texts, const Scenario& scenario) {
    std::vector<Fault> faults;
    std::vector<std::string> problems;
    for (const auto& text : texts) {
        try {
            faults.push_back(parse(text, scenario));
        } catch (const InputError& error) {
            problems.insert(problems.end(), error.problems.begin(), error.problems.end());
        }
    }
    if (!problems.empty()) throw InputError(problems);
    return faults;
}

std::string fault_grammar() {
    std::string text =
        "Faults, --fault KIND[:TARGET][=SIZE]@TIME[/DURATION], as often as wanted. TIME and DURATION with a unit, in time of "
        "the\n"
        "run; without DURATION to its end.\n";
    for (const Kind& kind : kKinds) text += "  " + std::string(kind.help) + "\n";
    return text;
}

}  // namespace jt
