// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/keys.hpp"

namespace jt {

namespace {

std::string name_of(Key key) {
    const int code = int(key);
    if (key == Key::space) return "Space";
    if (code < int(Key::escape)) return std::string(1, char(code));
    if (code >= int(Key::f1)) return std::string("F").append(std::to_string(code - int(Key::f1) + 1));
    switch (key) {
        case Key::escape:
            return "Esc";
        case Key::enter:
            return "Enter";
        case Key::tab:
            return "Tab";
        case Key::backspace:
            return "Backspace";
        case Key::insert:
            return "Insert";
        case Key::del:
            return "Delete";
        case Key::right:
            return "Right";
        case Key::left:
            return "Left";
        case Key::down:
            return "Down";
        case Key::up:
            return "Up";
        case Key::page_up:
            return "Page up";
        case Key::page_down:
            return "Page down";
        case Key::home:
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
