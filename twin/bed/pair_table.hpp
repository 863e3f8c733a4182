// SPDX-License-Identifier: Apache-2.0
// A value for every ordered pair of materials, count x count, from the scenario's interfaces.
#pragma once
#include <vector>

#include "twin/scenario/scenario.hpp"

namespace jt {

// value(interface, first): first is true when the row's material is the first that the interface names. `otherwise` where two
// materials share no interface.
template <class Value>
std::vector<double> pair_table(const std::vector<Material>& materials, const std::vector<Interface>& interfaces,
                               double otherwise, Value value) {
    const std::size_t count = materials.size();
    std::vector<double> table(count * count, otherwise);
    for (const Interface& contact : interfaces)
        for (std::size_t a = 0; a < count; ++a)
            for (std::size_t b = 0; b < count; ++b) {
                if (materials[a].name == contact.between[0] && materials[b].name == contact.between[1])
                    table[a * count + b] = value(contact, true);
                if (materials[a].name == contact.between[1] && materials[b].name == contact.between[0])
                    table[a * count + b] = value(contact, false);
            }
    return table;
}

// Resistance of a contact whose conductance per area is given: none given is perfect, 0 insulates.
double contact_resistance(const std::optional<double>& conductance);

}  // namespace jt
