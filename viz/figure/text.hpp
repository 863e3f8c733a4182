// SPDX-License-Identifier: Apache-2.0
// Text that fits: measured, wrapped, shortened, and kept in a list, so that tests can tell whether anything is clipped, too
// small, too faint or overlapping.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/figure/painter.hpp"

namespace jt {

// Valid UTF-8 without control characters: what a painter shows for any bytes.
std::string clean_text(std::string_view);
// Takes the front character of a text that is not empty off it, as clean_text would have it.
char32_t next_character(std::string_view& text);

// The text, or as much of it as fits followed by an ellipsis. Empty when not even the ellipsis fits.
std::string shorten(Painter&, std::string_view, const TextStyle&, double width);
// At most `lines` lines, broken at spaces (inside a word longer than a line); the last one shortened when there is more.
std::vector<std::string> wrap(Painter&, std::string_view, const TextStyle&, double width, std::size_t lines);

struct FigureItem {
    std::string id, text;
    Rect rect;    // advance width x font height
    Rect within;  // the panel it must stay in
    double px = 0.0;
    Colour colour, background;
    // What tests and readers of a screenshot's JSON need to compare it with: see Scribe::note.
    std::string state;                   // "stale", "alarm" ...; empty: nothing special
    std::optional<double> value, age_s;  // as the source has it, in its stored unit; age of what is shown
    Weight weight = Weight::regular;
};

enum class Align { left, centre, right };

// Draws text and keeps the list. `top` is the top of the line box (ascent + descent).
class Scribe {
public:
    explicit Scribe(Painter& painter) : painter_(painter) {}
    Painter& painter() { return painter_; }

    // The panel that the next texts stand in, and its colour.
    void enter(const Rect& panel, Colour background) { panel_ = panel, background_ = background; }

    // Returns the rectangle that the text takes. anchor: left, centre or right end of the line box's top.
    Rect write(std::string id, std::string_view text, Point top, const TextStyle&, Align = Align::left);
    // The same, shortened to a width.
    Rect write_in(std::string id, std::string_view text, Point top, double width, const TextStyle&, Align = Align::left);
    // Says of the text written last what it stands for.
    void note(std::string state, std::optional<double> value, std::optional<double> age_s);
    // Forgets the texts that something drawn over them hides; those that it hides in part as well.
    void erase_within(const Rect&);
    double line_height(const TextStyle&);
    double width(std::string_view text, const TextStyle& style) { return painter_.measure(text, style).width; }
    const std::vector<FigureItem>& items() const { return items_; }

private:
    Painter& painter_;
    Rect panel_;
    Colour background_;
    std::vector<FigureItem> items_;
};

}  // namespace jt
