// SPDX-License-Identifier: Apache-2.0
// GlfwWindow: a window with OpenGL 3.3 core and vertical synchronisation, and what mouse and keyboard do in it. One thread
// only, the one that GLFW is first used on.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>

#include "viz/screen/state/input.hpp"

namespace jt {

class GlfwWindow {
public:
    // Its context is made current. Size in the units of the desktop; no larger than the desktop leaves room for. Throws
    // DeviceError: no display (names DISPLAY) or no OpenGL 3.3.
    GlfwWindow(const std::string& title, int width, int height);
    ~GlfwWindow();
    GlfwWindow(const GlfwWindow&) = delete;
    GlfwWindow& operator=(const GlfwWindow&) = delete;

    bool should_close() const;
    bool visible() const;               // not iconified
    std::array<int, 2> pixels() const;  // of the framebuffer
    double content_scale() const;       // device pixels per px that the desktop wants
    void resize(int width, int height);
    void toggle_full_screen();
    void swap();

    // Returns when something happens, at the latest after so many seconds; 0: at once.
    void wait(double seconds);
    // Since it was last asked: input came, or the window must be drawn again.
    bool take_stirred();
    // What came since the last call; scale: device pixels per px. Of two presses of a button the second one waits for the next
    // call, so that none is lost: then more_input().
    Input take_input(double scale, double wall_s);
    bool more_input() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// A key of GLFW as the screen knows it: by the character that the user's keyboard has on it where there is one (name, as
// glfwGetKeyName gives it), else by its place. Absent: a key that the screen has no name for.
std::optional<ScreenKey> key_from_glfw(int key, const char* name);

}  // namespace jt
