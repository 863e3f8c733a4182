// SPDX-License-Identifier: Apache-2.0
// Keys and mouse as the X server sends them, through GLFW to the screen.
#include <gtest/gtest.h>

#ifdef JT_X11
#include <X11/Xlib.h>
#include <X11/keysym.h>

#include <functional>

#include "tests/screen/fake_source.hpp"
#include "tests/window/virtual_display.hpp"
#include "viz/screen/gl/screen_app.hpp"

namespace jt {
namespace {

// Another program that sends events to the only window there is.
class Sender {
public:
    Sender() : display_(XOpenDisplay(nullptr)) {
        Window root = DefaultRootWindow(display_), parent = 0, *children = nullptr;
        unsigned count = 0;
        XQueryTree(display_, root, &root, &parent, &children, &count);
        for (unsigned n = 0; n < count; ++n) {
            XWindowAttributes a{};
            XGetWindowAttributes(display_, children[n], &a);
            if (a.width == 1280 && a.height == 720) window_ = children[n];
        }
        if (children) XFree(children);
    }
    ~Sender() { XCloseDisplay(display_); }
    bool found() const { return window_ != 0; }

    void key(KeySym symbol, bool down, unsigned state = 0) {
        XEvent e{};
        e.xkey.type = down ? KeyPress : KeyRelease;
        e.xkey.keycode = XKeysymToKeycode(display_, symbol);
        e.xkey.state = state;
        e.xkey.time = ++time_ * 1000;
        fill(e.xkey);
        send(e, down ? KeyPressMask : KeyReleaseMask);
    }
    void button(unsigned which, bool down, int x, int y) {
        XEvent move{};
        move.xmotion.type = MotionNotify;
        move.xmotion.x = x, move.xmotion.y = y;
        fill(move.xmotion);
        send(move, PointerMotionMask);
        XEvent e{};
        e.xbutton.type = down ? ButtonPress : ButtonRelease;
        e.xbutton.button = which, e.xbutton.x = x, e.xbutton.y = y;
        fill(e.xbutton);
        send(e, down ? ButtonPressMask : ButtonReleaseMask);
    }

private:
    template <class Event>
    void fill(Event& e) {
        e.display = display_, e.window = window_, e.root = DefaultRootWindow(display_), e.same_screen = True;
    }
    void send(XEvent& e, long mask) {
        XSendEvent(display_, window_, True, mask, &e);
        XSync(display_, False);
    }
    Display* display_;
    Window window_ = 0;
    Time time_ = 0;
};

// Plays `send` once the window is up, and gathers what comes until `done`.
void play(const std::function<void(Sender&)>& send, const std::function<bool(const Input&)>& done) {
    FakeSource source;
    ShowOptions o;
    o.width = 1280, o.height = 720, o.close_after_s = 30.0;
    std::unique_ptr<Sender> sender;
    bool came = false;
    o.script = [&](const ScriptFrame& f) {
        if (f.index == 2) {
            sender = std::make_unique<Sender>();
            if (sender->found()) send(*sender);
        }
        came = done(f.input);
        ScriptStep step;
        step.end = came || (sender && !sender->found());
        return step;
    };
    show(source, o);
    ASSERT_TRUE(sender);
    ASSERT_TRUE(sender->found()) << "no window";
    EXPECT_TRUE(came);
}

TEST(Input, KeysComeWithTheirModifiersAndStayHeldUntilLetGo) {
    WITH_DISPLAY();
    std::vector<KeyChord> keys;
    play(
        [](Sender& s) {
            s.key(XK_Control_L, true), s.key(XK_k, true, ControlMask), s.key(XK_k, false, ControlMask),
                s.key(XK_Control_L, false);
            s.key(XK_BackSpace, true);
            s.key(XK_F11, true), s.key(XK_F11, false);
            s.key(XK_BackSpace, false);
            s.key(XK_Page_Up, true), s.key(XK_Page_Up, false);
        },
        [&](const Input& input) {
            keys.insert(keys.end(), input.keys.begin(), input.keys.end());
            return keys.size() >= 4 && input.held.empty();
        });
    ASSERT_EQ(keys.size(), 4u);
    EXPECT_EQ(keys[0], (KeyChord{key_of('K'), true, false}));
    EXPECT_EQ(keys[1], (KeyChord{ScreenKey::backspace}));
    EXPECT_EQ(keys[2], (KeyChord{ScreenKey::f11}));
    EXPECT_EQ(keys[3], (KeyChord{ScreenKey::page_up}));
}

TEST(Input, ClicksAreWhereTheMouseIsAndTwoAreADoubleOne) {
    WITH_DISPLAY();
    int presses = 0, doubles = 0, releases = 0;
    Point at;
    play(
        [](Sender& s) {
            s.button(1, true, 300, 200), s.button(1, false, 300, 200);
            s.button(1, true, 301, 200), s.button(1, false, 301, 200);
            s.button(3, true, 400, 210), s.button(3, false, 400, 210);
        },
        [&](const Input& input) {
            if (input.pressed[0]) {
                ++presses;
                if (presses == 1) at = input.mouse;
            }
            doubles += input.double_clicked, releases += input.released[0];
            return input.released[1];
        });
    EXPECT_EQ(presses, 2);  // in two frames, though they came at once
    EXPECT_EQ(releases, 2);
    EXPECT_EQ(doubles, 1);
    EXPECT_NEAR(at.x, 300.0, 1.0 + 1e-9);
    EXPECT_NEAR(at.y, 200.0, 1e-9);
}

TEST(Input, TheWheelCountsNotches) {
    WITH_DISPLAY();
    double notches = 0.0;
    int events = 0;
    play(
        [](Sender& s) {
            s.button(4, true, 300, 200), s.button(4, true, 300, 200), s.button(5, true, 300, 200), s.button(4, true, 300, 200),
                s.key(XK_F1, true);
        },
        [&](const Input& input) {
            notches += input.wheel;
            events += !input.keys.empty();
            return events > 0;
        });
    EXPECT_EQ(notches, 2.0);
}

}  // namespace
}  // namespace jt

#else
TEST(Input, KeysComeFromTheServer) {
    GTEST_SKIP() << "gpu: libX11 with headers, which sends the keys, is not here";
}
#endif
