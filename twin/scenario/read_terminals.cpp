// SPDX-License-Identifier: Apache-2.0
// Terminals, the electrodes that stand for two of them, and contacts between materials.
#include <algorithm>

#include "twin/scenario/check.hpp"
#include "twin/scenario/parts.hpp"

namespace jt {
namespace {

void check_in_bed(const Section& section, std::string_view key, const std::string& name,
                  const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    std::string list;
    for (const auto& k : known) list += (list.empty() ? "" : ", ") + k;
    const std::string guess = nearest(name, known);
    section.problem(key, "material " + quote(name) + " is not in the bed" +
                             (guess.empty() ? "" : "; did you mean " + guess + "?") + "; allowed: " + list);
}

void read_contacts(const Section& section, double start, Terminal& terminal) {
    terminal.contact_resistivity = section.number("contact_resistivity").value_or(0.0);
    terminal.contact_conductance = section.number("contact_conductance");
    terminal.temperature = section.program("temperature", start);
}

}  // namespace

void read_terminals(const Section& top, Scenario& scenario) {
    const double start = scenario.bed.initial_temperature;
    const auto known = bed_materials(scenario.bed);
    const auto terminals = top.sections("terminal", "terminal[]");
    for (const Section& section : terminals) {
        Terminal terminal{};
        terminal.name = section.text("name").value_or("");
        const auto face = section.face("face");
        terminal.face = face.value_or(Face::xmin);
        if (const auto material = section.text("material")) {
            terminal.material = *material;
            check_in_bed(section, "material", *material, known);
        }
        read_contacts(section, start, terminal);
        for (const Terminal& other : scenario.terminals) {
            if (!terminal.name.empty() && other.name == terminal.name)
                section.problem("name", quote(terminal.name) + " is the name of another terminal; allowed: a name of its own");
            else if (face && other.face == terminal.face &&
                     (other.material == terminal.material || other.material.empty() || terminal.material.empty()))
                section.problem("face", std::string(name_of(terminal.face)) + " already belongs to terminal " +
                                            quote(other.name) + "; allowed: another face, or another material on it");
        }
        scenario.terminals.push_back(std::move(terminal));
    }
    if (terminals.size() == 1) terminals[0].problem("found one terminal; allowed: two or more");

    if (const auto electrodes = top.section("electrodes", "electrodes")) {
        Terminal terminal{};
        read_contacts(*electrodes, start, terminal);
        if (top.has("terminal")) electrodes->problem("found beside [[terminal]]; allowed: one of the two");
        if (!scenario.bed.current_axis) {
            electrodes->problem("needs bed.current_axis; allowed: x, y, z");
        } else if (!top.has("terminal")) {
            for (const int upper : {0, 1}) {
                terminal.face = static_cast<Face>(2 * *scenario.bed.current_axis + upper);
                terminal.name = name_of(terminal.face);
                scenario.terminals.push_back(terminal);
            }
        }
    }

    for (const Section& section : top.sections("interface", "interface[]")) {
        Interface contact{};
        if (const auto between = section.names("between")) {
            if (between->size() != 2) {
                section.problem("between", "found " + std::to_string(between->size()) + " names; allowed: two materials");
            } else {
                contact.between = {(*between)[0], (*between)[1]};
                for (const auto& name : *between) check_in_bed(section, "between", name, known);
                if (contact.between[0] == contact.between[1])
                    section.problem("between",
                                    "names " + quote(contact.between[0]) + " twice; allowed: two different materials");
                for (const Interface& other : scenario.interfaces)
                    if (other.between == contact.between ||
                        other.between == std::array<std::string, 2>{contact.between[1], contact.between[0]})
                        section.problem("between", "another interface joins these two materials; allowed: one");
            }
        }
        contact.electrical = section.number("electrical");
        contact.thermal = section.number("thermal");
        contact.heat_split = section.number("heat_split").value_or(0.5);
        if (!section.has("electrical") && !section.has("thermal"))
            section.problem("states no contact; allowed: electrical, thermal or both");
        scenario.interfaces.push_back(std::move(contact));
    }
}

}  // namespace jt
