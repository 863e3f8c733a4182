// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/glfw_window.hpp"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <utility>
#include <vector>

#include "kernels/error.hpp"

namespace jt {

namespace {

constexpr double kDoubleClickS = 0.3, kDoubleClickPx = 4.0;
constexpr int kSmallest = 320;

struct Event {
    enum class Kind { button, key, wheel, focus_lost } kind;
    double time_s = 0.0;
    Point at;      // device pixels, of buttons
    int code = 0;  // button; key
    bool down = false, repeat = false, ctrl = false, shift = false;
    double notches = 0.0;
};

std::string& last_error() {
    static std::string text;
    return text;
}

// GLFW is started once and ended with the last window.
class Library {
public:
    Library() {
        glfwSetErrorCallback([](int, const char* text) { last_error() = text ? text : ""; });
        last_error().clear();
        if (glfwInit()) return;
        const char* display = std::getenv("DISPLAY");
        throw DeviceError(
            "no window: DISPLAY is " +
            (display && *display ? "\"" + std::string(display) + "\", which cannot be used" : std::string("not set")) +
            (last_error().empty() ? "" : " (" + last_error() + ")"));
    }
    ~Library() {
        glfwTerminate();
        glfwSetErrorCallback(nullptr);
    }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
};

}  // namespace

struct GlfwWindow::Impl {
    Library library;
    GLFWwindow* window = nullptr;
    bool stirred = true;
    std::deque<Event> events;
    Point mouse{-1e6, -1e6};  // device pixels
    std::array<bool, 3> down{};
    std::vector<KeyChord> held;
    bool ctrl = false, shift = false;
    double last_press_s = -1.0;
    Point last_press;
    std::array<int, 4> windowed{};  // place and size before full screen

    static Impl& of(GLFWwindow* w) { return *static_cast<Impl*>(glfwGetWindowUserPointer(w)); }
    void add(Event event) {
        event.time_s = glfwGetTime();
        event.at = mouse;
        events.push_back(event);
        stirred = true;
    }
    // Cursor positions come in the units of the desktop.
    Point to_pixels(double x, double y) const {
        int w = 1, h = 1, pw = 1, ph = 1;
        glfwGetWindowSize(window, &w, &h);
        glfwGetFramebufferSize(window, &pw, &ph);
        return {x * pw / std::max(w, 1), y * ph / std::max(h, 1)};
    }
    void listen();
    ~Impl() {
        if (window) glfwDestroyWindow(window);
    }
};

void GlfwWindow::Impl::listen() {
    glfwSetWindowUserPointer(window, this);
    glfwSetCursorPosCallback(window, [](GLFWwindow* w, double x, double y) {
        Impl& me = of(w);
        me.mouse = me.to_pixels(x, y), me.stirred = true;
    });
    glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int entered) {
        Impl& me = of(w);
        // While a button is down the window still hears of the mouse.
        if (!entered && std::find(me.down.begin(), me.down.end(), true) == me.down.end()) me.mouse = {-1e6, -1e6};
        me.stirred = true;
    });
    glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int button, int action, int mods) {
        if (button < 0 || button > 2) return;
        of(w).add({Event::Kind::button,
                   0,
                   {},
                   button,
                   action == GLFW_PRESS,
                   false,
                   (mods & GLFW_MOD_CONTROL) != 0,
                   (mods & GLFW_MOD_SHIFT) != 0,
                   0.0});
    });
    glfwSetScrollCallback(window, [](GLFWwindow* w, double, double y) {
        if (std::isfinite(y)) of(w).add({Event::Kind::wheel, 0, {}, 0, false, false, false, false, y});
    });
    glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int scancode, int action, int mods) {
        Impl& me = of(w);
        me.ctrl = (mods & GLFW_MOD_CONTROL) != 0, me.shift = (mods & GLFW_MOD_SHIFT) != 0;
        if (mods & (GLFW_MOD_ALT | GLFW_MOD_SUPER)) return;  // the desktop's
        if (const auto known = key_from_glfw(key, glfwGetKeyName(key, scancode)))
            me.add(
                {Event::Kind::key, 0, {}, int(*known), action != GLFW_RELEASE, action == GLFW_REPEAT, me.ctrl, me.shift, 0.0});
    });
    glfwSetWindowFocusCallback(window, [](GLFWwindow* w, int focused) {
        if (!focused) of(w).add({Event::Kind::focus_lost, 0, {}, 0, false, false, false, false, 0.0});
        of(w).stirred = true;
    });
    const auto stir = [](GLFWwindow* w) { of(w).stirred = true; };
    glfwSetWindowRefreshCallback(window, stir);
    glfwSetWindowCloseCallback(window, stir);
    glfwSetFramebufferSizeCallback(window, [](GLFWwindow* w, int, int) { of(w).stirred = true; });
    glfwSetWindowContentScaleCallback(window, [](GLFWwindow* w, float, float) { of(w).stirred = true; });
    glfwSetWindowIconifyCallback(window, [](GLFWwindow* w, int) { of(w).stirred = true; });
}

GlfwWindow::GlfwWindow(const std::string& title, int width, int height) : impl_(std::make_unique<Impl>()) {
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    if (GLFWmonitor* monitor = glfwGetPrimaryMonitor()) {
        int x = 0, y = 0, w = 0, h = 0;
        glfwGetMonitorWorkarea(monitor, &x, &y, &w, &h);
        if (w > kSmallest && h > kSmallest) width = std::min(width, w), height = std::min(height, h);
    }
    impl_->window = glfwCreateWindow(std::max(width, kSmallest), std::max(height, kSmallest), title.c_str(), nullptr, nullptr);
    if (!impl_->window)
        throw DeviceError("no window with OpenGL 3.3" + (last_error().empty() ? std::string() : ": " + last_error()) +
                          ". Install Mesa's drivers (Debian, Ubuntu: libgl1-mesa-dri)");
    impl_->listen();
    glfwMakeContextCurrent(impl_->window);
    glfwSwapInterval(1);
}

GlfwWindow::~GlfwWindow() = default;

bool GlfwWindow::should_close() const {
    return glfwWindowShouldClose(impl_->window);
}

bool GlfwWindow::visible() const {
    const auto [w, h] = pixels();
    return !glfwGetWindowAttrib(impl_->window, GLFW_ICONIFIED) && w > 0 && h > 0;
}

std::array<int, 2> GlfwWindow::pixels() const {
    std::array<int, 2> size{};
    glfwGetFramebufferSize(impl_->window, &size[0], &size[1]);
    return size;
}

double GlfwWindow::content_scale() const {
    float x = 1.0f, y = 1.0f;
    glfwGetWindowContentScale(impl_->window, &x, &y);
    return std::isfinite(x) ? std::clamp(double(x), 0.5, 4.0) : 1.0;
}

void GlfwWindow::resize(int width, int height) {
    glfwSetWindowSize(impl_->window, width, height);
}

void GlfwWindow::toggle_full_screen() {
    auto& [x, y, w, h] = impl_->windowed;
    if (glfwGetWindowMonitor(impl_->window)) {
        glfwSetWindowMonitor(impl_->window, nullptr, x, y, w, h, GLFW_DONT_CARE);
        return;
    }
    glfwGetWindowPos(impl_->window, &x, &y);
    glfwGetWindowSize(impl_->window, &w, &h);
    // The monitor that shows the window's middle.
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    for (int n = count - 1; n >= 0; --n) {  // the primary one is the first, and the one for want of another
        const GLFWvidmode* mode = glfwGetVideoMode(monitors[n]);
        int mx = 0, my = 0;
        glfwGetMonitorPos(monitors[n], &mx, &my);
        const int cx = x + w / 2, cy = y + h / 2;
        const bool here = mode && cx >= mx && cx < mx + mode->width && cy >= my && cy < my + mode->height;
        if (mode && (here || n == 0)) {
            glfwSetWindowMonitor(impl_->window, monitors[n], 0, 0, mode->width, mode->height, mode->refreshRate);
            return;
        }
    }
}

void GlfwWindow::swap() {
    glfwSwapBuffers(impl_->window);
}

void GlfwWindow::wait(double seconds) {
    if (seconds > 0.0 && !impl_->stirred)
        glfwWaitEventsTimeout(seconds);
    else
        glfwPollEvents();
}

bool GlfwWindow::take_stirred() {
    return std::exchange(impl_->stirred, false);
}

bool GlfwWindow::more_input() const {
    return !impl_->events.empty();
}

Input GlfwWindow::take_input(double scale, double wall_s) {
    Impl& me = *impl_;
    Input input;
    input.wall_s = wall_s;
    Point mouse = me.mouse;
    while (!me.events.empty()) {
        const Event e = me.events.front();
        if (e.kind == Event::Kind::button && e.down && input.pressed[std::size_t(e.code)]) {
            mouse = e.at;
            break;
        }
        me.events.pop_front();
        if (e.kind == Event::Kind::button) {
            const auto b = std::size_t(e.code);
            me.down[b] = e.down;
            (e.down ? input.pressed : input.released)[b] = true;
            me.ctrl = e.ctrl, me.shift = e.shift;
            if (b == 0 && e.down) {
                const double moved = std::hypot(e.at.x - me.last_press.x, e.at.y - me.last_press.y);
                input.double_clicked = e.time_s - me.last_press_s < kDoubleClickS && moved < kDoubleClickPx * scale;
                // A third press begins anew.
                me.last_press_s = input.double_clicked ? -1.0 : e.time_s;
                me.last_press = e.at;
            }
        } else if (e.kind == Event::Kind::wheel) {
            input.wheel += e.notches;
        } else if (e.kind == Event::Kind::key) {
            const KeyChord chord{ScreenKey(e.code), e.ctrl, e.shift};
            std::erase_if(me.held, [&](const KeyChord& k) { return k.key == chord.key; });
            if (e.down) input.keys.push_back(chord), me.held.push_back(chord);
        } else {  // releases go to whoever has the focus now
            for (std::size_t b = 0; b < me.down.size(); ++b)
                if (std::exchange(me.down[b], false)) input.released[b] = true;
            me.held.clear();
            me.ctrl = me.shift = false;
        }
    }
    input.mouse = {mouse.x / scale, mouse.y / scale};
    input.down = me.down;
    input.ctrl = me.ctrl, input.shift = me.shift;
    input.held = me.held;
    return input;
}

std::optional<ScreenKey> key_from_glfw(int key, const char* name) {
    if (name && name[0] && !name[1] && std::isgraph(static_cast<unsigned char>(name[0]))) {
        const char upper = char(std::toupper(static_cast<unsigned char>(name[0])));
        if (upper <= 96) return key_of(upper);
    }
    if (key >= 32 && key <= 96) return ScreenKey(key);
    if (key >= GLFW_KEY_F1 && key <= GLFW_KEY_F12) return ScreenKey(int(ScreenKey::f1) + key - GLFW_KEY_F1);
    switch (key) {
        case GLFW_KEY_ESCAPE:
            return ScreenKey::escape;
        case GLFW_KEY_ENTER:
        case GLFW_KEY_KP_ENTER:
            return ScreenKey::enter;
        case GLFW_KEY_TAB:
            return ScreenKey::tab;
        case GLFW_KEY_BACKSPACE:
            return ScreenKey::backspace;
        case GLFW_KEY_INSERT:
            return ScreenKey::insert;
        case GLFW_KEY_DELETE:
            return ScreenKey::del;
        case GLFW_KEY_RIGHT:
            return ScreenKey::right;
        case GLFW_KEY_LEFT:
            return ScreenKey::left;
        case GLFW_KEY_DOWN:
            return ScreenKey::down;
        case GLFW_KEY_UP:
            return ScreenKey::up;
        case GLFW_KEY_PAGE_UP:
            return ScreenKey::page_up;
        case GLFW_KEY_PAGE_DOWN:
            return ScreenKey::page_down;
        case GLFW_KEY_HOME:
            return ScreenKey::home;
        case GLFW_KEY_END:
            return ScreenKey::end;
        default:
            return std::nullopt;
    }
}

}  // namespace jt
