// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/keys.hpp"

namespace jt {

namespace {

std::string name_of(ScreenKey key) {
    const int code = int(key);
    if (key == ScreenKey::space) return "Space";
    if (code < int(ScreenKey::escape)) return std::string(1, char(code));
    if (code >= int(ScreenKey::f1)) return std::string("F").append(std::to_string(code - int(ScreenKey::f1) + 1));
    switch (key) {
        case ScreenKey::escape:
            return "Esc";
        case ScreenKey::enter:
            return "Enter";
        case ScreenKey::tab:
            return "Tab";
        case ScreenKey::backspace:
            return "Backspace";
        case ScreenKey::insert:
            return "Insert";
        case ScreenKey::del:
            return "Delete";
        case ScreenKey::right:
            return "Right";
        case ScreenKey::left:
            return "Left";
        case ScreenKey::down:
            return "Down";
        case ScreenKey::up:
            return "Up";
        case ScreenKey::page_up:
            return "Page up";
        case ScreenKey::page_down:
            return "Page down";
        case ScreenKey::home:
            return "Home";
        default:
            return "End";
    }
}

}  // namespace

std::string key_text(const KeyChord& chord) {
    std::string text;
    if (chord.ctrl) text += "Ctrl ";
    if (chord.shift) text += "Shift ";
    text += name_of(chord.key);
    return text;
}

}  // namespace jt
