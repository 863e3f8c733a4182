// SPDX-License-Identifier: Apache-2.0
// What the panels that show fields share: memory of one kind under one name, names and times for people.
#pragma once
#include <string>

#include "viz/screen/panels/ui.hpp"

namespace jt {

// The object of this panel that lives as long as the screen does.
template <class T>
T& ui_memory(Ui& ui, const std::string& name) {
    auto& slot = ui.memory.cache[name];
    if (!slot) slot = std::make_shared<T>();
    return *static_cast<T*>(slot.get());
}

// "Temperature" for "T_K"; the name itself when it is not in the table.
std::string label_of(const std::string& quantity_name);
std::string seconds_text(double seconds);  // "12.5 s"

}  // namespace jt
