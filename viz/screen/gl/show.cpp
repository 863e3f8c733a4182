// SPDX-License-Identifier: Apache-2.0
#include <epoxy/gl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>

#include "kernels/error.hpp"
#include "viz/screen/gl/bed_renderer_maker.hpp"
#include "viz/screen/gl/framebuffer.hpp"
#include "viz/screen/gl/glfw_window.hpp"
#include "viz/screen/gl/imgui_renderer.hpp"
#include "viz/screen/gl/screen_app.hpp"
#include "viz/screen/panels/screen_picture.hpp"

namespace jt {

namespace {

// How often a source is asked for news, and the user's interrupt for its word [s].
constexpr double kPollLive = 0.05, kPollQuiet = 0.5;
// Frames that only new data ask for take two thirds of the time at most, so that a slow renderer leaves the run its cores.
constexpr double kShareOfData = 0.5;

double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::string picture_stem(const ScreenModel& model) {
    std::string run = model.facts ? model.facts->name : "screen";
    // A name of a run may be anything; a name of a file here is letters, digits and a few signs.
    for (char& c : run)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.') c = '_';
    char time[32];
    std::snprintf(time, sizeof time, "%.2fs", model.cursor_s);
    return "screen_" + run.substr(0, 80) + "_" + time;
}

class Show {
public:
    Show(RunSource& source, const ShowOptions& options)
        : options_(options),
          session_(source, options.session),
          window_(options.title, options.width, options.height),
          bed_(make_bed_renderer(false)) {
        if (options.full_screen) window_.toggle_full_screen();
        if (const auto* name = glGetString(GL_RENDERER)) statistics_.renderer = reinterpret_cast<const char*>(name);
    }

    void run() {
        const double cpu_before = cpu_seconds();
        start_ = Clock::now();
        loop();
        statistics_.wall_s = now();
        statistics_.cpu_s = cpu_seconds() - cpu_before;
        if (options_.statistics) *options_.statistics = statistics_;
        if (options_.closed) options_.closed(session_.view());
    }

private:
    using Clock = std::chrono::steady_clock;
    double now() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

    bool ended() const {
        return window_.should_close() || ended_ || (options_.interrupted && options_.interrupted()) ||
               (options_.close_after_s && now() >= *options_.close_after_s);
    }

    void loop() {
        double next_poll = 0.0, data_due = 1e300;
        redraw_at_ = 0.0;
        while (!ended()) {
            if (now() >= next_poll) {
                ++statistics_.polls;
                if (session_.poll(now())) data_due = std::min(data_due, last_frame_end_ + kShareOfData * last_frame_took_);
                next_poll = now() + (session_.model().source.kind == SourceState::Kind::finished ? kPollQuiet : kPollLive);
            }
            if (window_.take_stirred() || window_.more_input() || step_at_once_) redraw_at_ = 0.0;
            if (now() >= std::min(redraw_at_, data_due) && window_.visible()) {
                data_due = 1e300;
                frame();
                continue;
            }
            double until = next_poll;
            if (window_.visible()) until = std::min({until, redraw_at_, data_due});
            if (options_.close_after_s) until = std::min(until, *options_.close_after_s);
            window_.wait(std::max(0.0, until - now()));
        }
    }

    void frame() {
        const double began = now();
        const auto [width, height] = window_.pixels();
        const double scale = std::clamp(window_.content_scale() * session_.view().font_scale, 0.5, 8.0);
        Input input = scripted_ ? std::move(*scripted_) : window_.take_input(scale, began);
        input.wall_s = began;
        scripted_.reset();
        auto& painter = renderer_.begin(width, height, scale);
        auto drawn = session_.frame(painter, width / scale, height / scale, input, bed_.get());
        renderer_.end(0);
        const PictureFacts facts{width, height, scale, session_.frame_arrived(), statistics_.renderer, {}};
        if (drawn.wishes.picture) take_picture(drawn.items, facts);
        const ScriptStep step = ask_script(drawn.items, input, width / scale, height / scale, scale);
        if (step.picture)
            write_screen_picture(*step.picture, read_pixels(0, width, height), ColourVision::normal, drawn.items,
                                 session_.model(), session_.view(), facts);
        window_.swap();

        last_frame_end_ = now();
        last_frame_took_ = last_frame_end_ - began;
        ++statistics_.frames;
        statistics_.frames_s += last_frame_took_;
        statistics_.slowest_frame_s = std::max(statistics_.slowest_frame_s, last_frame_took_);
        redraw_at_ = began + drawn.redraw_s;
        if (drawn.wishes.picture) redraw_at_ = 0.0;  // the notice
        if (drawn.wishes.quit || step.end) ended_ = true;
        if (drawn.wishes.full_screen) window_.toggle_full_screen();
        if (step.resize) window_.resize((*step.resize)[0], (*step.resize)[1]);
        window_.wait(0.0);
    }

    ScriptStep ask_script(const std::vector<FigureItem>& items, const Input& input, double width, double height, double scale) {
        if (!options_.script) return {};
        ScriptStep step =
            options_.script({statistics_.frames, items, session_.model(), session_.view(), width, height, scale, input});
        scripted_ = step.input;
        step_at_once_ = !step.wait;
        return step;
    }

    void take_picture(const std::vector<FigureItem>& items, const PictureFacts& facts) {
        try {
            const auto path = free_name(session_.screens_folder(), picture_stem(session_.model()), ".png");
            write_screen_picture(path, read_pixels(0, facts.width, facts.height), ColourVision::normal, items, session_.model(),
                                 session_.view(), facts);
            session_.notice("Picture written to " + path.string(), now());
        } catch (const Error& error) {
            session_.notice(std::string("No picture: ") + error.what(), now());
        }
    }

    const ShowOptions& options_;
    ScreenSession session_;
    GlfwWindow window_;  // its context before all that needs it
    ImGuiRenderer renderer_;
    std::unique_ptr<BedRenderer> bed_;
    ShowStatistics statistics_;
    Clock::time_point start_ = Clock::now();
    double redraw_at_ = 0.0, last_frame_end_ = 0.0, last_frame_took_ = 0.0;
    bool ended_ = false, step_at_once_ = false;
    std::optional<Input> scripted_;
};

}  // namespace

void show(RunSource& source, const ShowOptions& options) {
    Show(source, options).run();
}

}  // namespace jt
