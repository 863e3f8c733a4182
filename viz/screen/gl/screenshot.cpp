// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "kernels/error.hpp"
#include "viz/screen/gl/bed_renderer_maker.hpp"
#include "viz/screen/gl/egl_context.hpp"
#include "viz/screen/gl/framebuffer.hpp"
#include "viz/screen/gl/imgui_renderer.hpp"
#include "viz/screen/gl/screen_app.hpp"
#include "viz/screen/panels/screen_picture.hpp"

namespace jt {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kPollEvery{5};
constexpr int kLargest = 16384;
// The 3-D view is refined until it asks for nothing sooner than blinking does.
constexpr int kMostFrames = 60;
constexpr double kSoon = 0.2;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string plain(double value) {
    char text[32];
    return {text, std::size_t(std::snprintf(text, sizeof text, "%.9g", value))};
}

// Polls until `done`; false when patience or the user ends it.
template <class Done>
bool wait_for(ScreenSession& session, const ScreenshotOptions& o, Clock::time_point start, Done done) {
    while (true) {
        session.poll(seconds_since(start));
        if (done()) return true;
        if (seconds_since(start) >= o.patience_s || (o.interrupted && o.interrupted())) return false;
        std::this_thread::sleep_for(kPollEvery);
    }
}

void check_moment(const RunSource& source, double at_s) {
    const auto& times = source.history().times();
    if (times.empty()) return;
    const double first = times.front(), last = times.back(), slack = 1e-6 * std::max(1.0, last);
    if (at_s >= std::min(0.0, first) - slack && at_s <= last + slack) return;
    throw InputError("there is nothing at " + plain(at_s) + " s: the run goes from 0 to " + plain(last) + " s");
}

}  // namespace

void take_screenshot(RunSource& source, const ScreenshotOptions& o) {
    if (o.width < 1 || o.height < 1 || o.width > kLargest || o.height > kLargest)
        throw InputError("picture of " + std::to_string(o.width) + " x " + std::to_string(o.height) + ": 1 to " +
                         std::to_string(kLargest) + " pixels either way are possible");
    if (!(o.scale >= 0.5 && o.scale <= 4.0)) throw InputError("scale " + plain(o.scale) + ": 0.5 to 4 is possible");
    SessionOptions options = o.session;
    if (o.at_s) options.view.follow = false, options.view.cursor_s = *o.at_s;
    ScreenSession session(source, options);

    EglContext context;
    Framebuffer target(o.width, o.height);
    ImGuiRenderer renderer;
    const auto bed = make_bed_renderer(true);
    const auto start = Clock::now();
    const auto draw = [&] {
        Input input;
        input.wall_s = seconds_since(start);
        auto& painter = renderer.begin(o.width, o.height, o.scale);
        auto drawn = session.frame(painter, o.width / o.scale, o.height / o.scale, input, bed.get());
        renderer.end(target.name());
        return drawn;
    };
    wait_for(session, o, start, [&] {
        const auto kind = source.state().kind;
        return kind != SourceState::Kind::connecting &&
               (source.facts() || kind == SourceState::Kind::empty || kind == SourceState::Kind::broken ||
                kind == SourceState::Kind::waiting);
    });
    if (o.at_s && source.state().kind == SourceState::Kind::finished) check_moment(source, *o.at_s);
    draw();  // asks for the fields
    if (!session.problems().empty()) throw InputError(session.problems());
    const bool arrived = wait_for(session, o, start, [&] { return session.frame_arrived(); });
    auto drawn = draw();
    for (int n = 0; n < kMostFrames && drawn.redraw_s < kSoon && seconds_since(start) < o.patience_s; ++n) drawn = draw();
    if (o.interrupted && o.interrupted()) return;
    write_screen_picture(o.path, target.pixels(), o.vision, drawn.items, session.model(), session.view(),
                         {o.width, o.height, o.scale, arrived, context.renderer(), {}});
}

}  // namespace jt
