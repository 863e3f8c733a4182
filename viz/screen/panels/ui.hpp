// SPDX-License-Identifier: Apache-2.0
// Ui: what a panel draws with and learns from the user, for one frame. Works on any Painter: ImGui's draw list on a screen,
// Cairo in tests. Panels keep nothing of their own between frames except in UiMemory.
#pragma once
#include <limits>
#include <map>
#include <memory>
#include <string>

#include "viz/figure/text.hpp"
#include "viz/screen/state/input.hpp"

namespace jt {

class BedRenderer;  // bed_renderer.hpp; null where there is no OpenGL: then the panel says so

struct UiMemory {
    std::string active;                                  // id of what the left button holds
    Point grabbed{};                                     // where it was pressed
    std::map<std::string, std::shared_ptr<void>> cache;  // of panels, by panel: what is dear to form anew each frame
};

// Type sizes of the screen beside those of theme.hpp [px].
inline constexpr double kPrimaryPx = 48.0, kSecondaryPx = 28.0;
inline constexpr double kPanelInset = 12.0;

class Ui {
public:
    Ui(Scribe& scribe_, const Theme& theme_, const Input& input_, UiMemory& memory_, BedRenderer* bed_ = nullptr)
        : scribe(scribe_), theme(theme_), input(input_), memory(memory_), bed(bed_) {}

    Scribe& scribe;
    const Theme& theme;
    const Input& input;
    UiMemory& memory;
    BedRenderer* bed;

    Painter& painter() { return scribe.painter(); }
    TextStyle style(double px, Colour colour, Weight weight = Weight::regular) const { return {px, weight, colour}; }
    TextStyle body() const { return {kBodyPx, Weight::regular, theme.text}; }
    TextStyle label() const { return {kLabelPx, Weight::regular, theme.muted}; }

    // Fills and frames a panel and enters it; with a title in sentence case when not empty. Returns the room inside.
    Rect panel(const Rect&, const std::string& id, const std::string& title = {});

    bool hovered(const Rect&) const;  // nothing is held, or it is held here
    // Press and release inside: true at the release.
    bool clicked(const Rect&, const std::string& id);
    // The left button was pressed inside and is still down: true until it is released, wherever the mouse goes.
    bool dragged(const Rect&, const std::string& id);
    // A button with a text, and whether it was clicked. `on`: shown as chosen.
    bool button(const Rect&, const std::string& id, const std::string& text, bool on = false, bool enabled = true);

    // 45 degree hatch over what is stale or invalid.
    void hatch(const Rect&);
    // Asks for another frame no later than in so many seconds, though nothing comes.
    void redraw_in(double seconds);
    double next_redraw_s() const { return redraw_s_; }

private:
    double redraw_s_ = std::numeric_limits<double>::infinity();
};

}  // namespace jt
