// SPDX-License-Identifier: Apache-2.0
#include "twin/scenario/program_text.hpp"

#include "kernels/error.hpp"
#include "twin/scenario/parts.hpp"

namespace jt {

Program read_program_text(std::string_view text, Heater::Mode mode, double start, const std::string& name) {
    if (text.size() > kLongestProgramText)
        throw InputError(name + ": found " + std::to_string(text.size()) + " characters; allowed: at most " +
                         std::to_string(kLongestProgramText));
    const Value document = parse_document("program = " + std::string(text), name);
    const Value* program = document.find("program");
    if (document.members.size() != 1 || !program || !program->is(Value::Kind::array))
        throw InputError(name + ": found " + quote(text) + "; allowed: a list of {to, in}, {to, rate}, {hold} or {step}");
    ReadContext context;
    const Driven driven = driven_by(mode);
    auto read = read_program(*program, driven.dimension, driven.range, start, "program", context);
    if (context.count() || !read) throw InputError(context.problems());
    return std::move(*read);
}

std::string program_text(const Program& program, Heater::Mode mode) {
    const auto value = [&](double v) { return "\"" + format_quantity(v, driven_by(mode).dimension) + "\""; };
    std::string text = "[";
    double now = 0.0, before = 0.0;
    for (std::size_t n = 0; n < program.time.size(); ++n) {
        const double t = program.time[n], v = program.value[n];
        const auto add = [&](const std::string& segment) { text += (text.size() > 1 ? ", { " : " { ") + segment + " }"; };
        const std::string duration = "\"" + format_quantity(t - now, Dimension::time) + "\"";
        if (n == 0) {  // held before its first point
            add("step = " + value(v));
            if (t > 0.0) add("hold = " + duration);
        } else if (t == now) {
            add("step = " + value(v));
        } else {
            add(v == before ? "hold = " + duration : "to = " + value(v) + ", in = " + duration);
        }
        now = t, before = v;
    }
    return text + " ]";
}

}  // namespace jt
