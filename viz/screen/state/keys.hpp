// SPDX-License-Identifier: Apache-2.0
// Keys as the screen knows them: letters, digits and signs by their character on a US keyboard, the others by name.
#pragma once
#include <string>

namespace jt {

enum class ScreenKey : int {
    // 32 .. 96: the character, letters in upper case
    space = ' ',
    escape = 256,
    enter,
    tab,
    backspace,
    insert,
    del,
    right,
    left,
    down,
    up,
    page_up,
    page_down,
    home,
    end,
    f1 = 290,
    f2,
    f3,
    f4,
    f5,
    f6,
    f7,
    f8,
    f9,
    f10,
    f11,
    f12,
};
constexpr ScreenKey key_of(char upper) {
    return ScreenKey(int(static_cast<unsigned char>(upper)));
}

struct KeyChord {
    ScreenKey key = ScreenKey::space;
    bool ctrl = false, shift = false;
    friend bool operator==(const KeyChord&, const KeyChord&) = default;
};

std::string key_text(const KeyChord&);  // for people: "Ctrl +", "Page down", "F1"

}  // namespace jt
