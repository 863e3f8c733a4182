// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/command.hpp"

#ifdef JT_SCREEN
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "kernels/error.hpp"
#include "twin/cli/interrupt.hpp"
#include "twin/quantity/quantity.hpp"
#include "twin/units.hpp"
#include "viz/screen/data/folder_source.hpp"
#include "viz/screen/gl/screen_app.hpp"
#include "viz/screen/panels/screen_picture.hpp"
#ifdef JT_BRIDGE
#include "bridge/wire/endpoint.hpp"
#include "bridge/wire/wire_context.hpp"
#include "twin/cli/security_options.hpp"
#include "twin/cli/wire_link.hpp"
#endif
#endif

namespace jt::cli {

#ifndef JT_SCREEN

void add_view(CLI::App&, Outcome&) {}

#else

namespace {

struct ViewArguments {
    std::string folder, screenshot, at, size, slice, field;
    bool attached = false;  // to a twin at `endpoint`
    std::string endpoint;
    double timeout_s = 10.0;
#ifdef JT_BRIDGE
    Security security;
#endif
    ViewState view;
    ColourVision filter = ColourVision::normal;
    double scale = 1.0;
    // What was asked for here, to be put over what is kept from earlier sessions.
    std::vector<std::function<void(ViewState&)> > asked;
};

constexpr double kPresent =
    1.0;  // [s] that a picture of a live twin waits for fields of its newest moment: the next is on its way

// "1920x1080"; absent: no such size.
std::optional<std::array<int, 2> > size_of(const std::string& text) {
    std::array<int, 2> size{};
    const char* const end = text.data() + text.size();
    const auto width = std::from_chars(text.data(), end, size[0]);
    if (width.ec != std::errc{} || width.ptr == end || *width.ptr != 'x') return std::nullopt;
    const auto height = std::from_chars(width.ptr + 1, end, size[1]);
    if (height.ec != std::errc{} || height.ptr != end || size[0] < 1 || size[1] < 1) return std::nullopt;
    return size;
}

// "z=12"
std::optional<std::array<int, 2> > slice_of(const std::string& text) {
    const std::size_t axis = text.empty() ? std::string::npos : std::string("xyz").find(text[0]);
    if (axis == std::string::npos || text.size() < 3 || text[1] != '=') return std::nullopt;
    int index = 0;
    const auto read = std::from_chars(text.data() + 2, text.data() + text.size(), index);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return std::array<int, 2>{int(axis), index};
}

// What is asked of the screen, whatever it shows.
struct Asked {
    SessionOptions session;
    std::array<int, 2> size{1920, 1080};
    std::optional<double> at;
};

Asked asked_of(const ViewArguments& o, std::vector<std::string>& problems) {
    Asked asked;
    SessionOptions& session = asked.session;
    session.view = o.view;
    if (!o.size.empty()) {
        if (const auto size = size_of(o.size))
            asked.size = *size;
        else
            problems.push_back("--size " + o.size + ": width and height in pixels are wanted, as in 1920x1080");
    }
    if (!o.slice.empty()) {
        session.slice = slice_of(o.slice);
        if (!session.slice) problems.push_back("--slice " + o.slice + ": an axis and an index are wanted, as in z=12");
    }
    if (!o.field.empty()) try {
            session.field = quantity(o.field).name;
        } catch (const InputError& error) {
            problems.push_back("--field: " + std::string(error.what()));
        }
    if (!o.at.empty()) try {
            asked.at = parse_quantity(o.at, Dimension::time);
        } catch (const InputError& error) {
            problems.push_back("--at: " + std::string(error.what()));
        }
    if (!o.screenshot.empty() && std::filesystem::path(o.screenshot).extension() != ".png")
        problems.push_back("--screenshot " + o.screenshot + ": a name that ends in .png is wanted");
    if (o.screenshot.empty() && !(o.scale >= 0.8 && o.scale <= 2.0))
        problems.push_back("--scale " + format_number(o.scale, 3) + ": 0.8 to 2 is possible in a window");
    return asked;
}

// The screen of a source, as a picture or in a window. kept_as: the folder that its bookmarks are kept with.
int view_source(RunSource& source, const ViewArguments& o, Asked asked, const std::string& title, const std::string& kept_as) {
    SessionOptions& session = asked.session;
    if (!o.screenshot.empty()) {
        ScreenshotOptions picture;
        picture.path = o.screenshot;
        picture.width = asked.size[0], picture.height = asked.size[1], picture.scale = o.scale;
        picture.at_s = asked.at;
        picture.session = session;
        picture.vision = o.filter;
        picture.interrupted = interrupted;
        if (o.attached) picture.patience_s = kPresent;
        take_screenshot(source, picture);
        if (interrupted()) return 130;
        std::printf("written to %s and %s\n", o.screenshot.c_str(), json_beside(o.screenshot).c_str());
        return 0;
    }
    ShowOptions window;
    window.width = asked.size[0], window.height = asked.size[1];
    window.title = title + " - jouletwin";
    Settings settings;
    session.view = {};
    settings.restore(session.view, kept_as);
    for (const auto& put : o.asked) put(session.view);
    session.settings = &settings;
    if (asked.at) session.view.follow = false, session.view.cursor_s = *asked.at;
    window.session = session;
    window.interrupted = interrupted;
    try {
        show(source, window);
    } catch (const DeviceError& error) {
        throw DeviceError(std::string(error.what()) +
                          ". Without a display, --screenshot FILE.png writes the screen as a picture");
    }
    return interrupted() ? 130 : 0;
}

#ifdef JT_BRIDGE
// Until there is something of the twin to be seen: a state, then its forecast and fields, where it sends them.
void await_twin(RunSource& source, const std::string& endpoint, double timeout_s, const Asked& asked) {
    constexpr double kFields = 4.0;  // [s] a forecast comes every second, fields more often
    const std::vector<std::string> shown{"T_K", "T_sd_K", "J_over_J0", "id_ig"};
    std::vector<std::string> wanted = shown;
    if (asked.session.field && std::find(shown.begin(), shown.end(), *asked.session.field) == shown.end())
        wanted.push_back(*asked.session.field);
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    std::optional<Clock::time_point> seen;
    for (;;) {
        source.poll();
        source.want(HUGE_VAL, wanted);
        const auto now = Clock::now();
        const TwinFacts* const twin = source.twin();
        if (twin && !seen) seen = now;
        if (seen) {
            // What the snapshot has may be of when a screen last asked for fields.
            const FramePtr frame = source.frame();
            const bool complete =
                twin && twin->forecast && frame && frame->find("T_K") && twin->run_s - frame->time_s < kPresent;
            if (complete || now - *seen > std::chrono::duration<double>(kFields)) return;
        } else if (now - start > std::chrono::duration<double>(timeout_s)) {
            const SourceState state = source.state();
            throw NetworkError("view: nothing of a twin at " + endpoint + " within " + format_number(timeout_s, 3) +
                               " s: " + state.text);
        }
        if (interrupted()) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

int view_twin(const ViewArguments& o, const Asked& asked) {
    const std::string endpoint = o.endpoint.empty() ? std::string(kRequestsEndpoint) : o.endpoint;
    (void)parse_endpoint(endpoint, "--attach", false);
    WireContext context(read_keys(o.security));
    catch_interrupts();
    const auto source =
        open_remote(endpoint, [&]() -> std::unique_ptr<TwinLink> { return std::make_unique<WireLink>(context, endpoint); });
    if (!o.screenshot.empty()) await_twin(*source, endpoint, o.timeout_s, asked);
    if (interrupted()) return 130;
    return view_source(*source, o, asked, endpoint, endpoint);
}
#endif

int view(const ViewArguments& o) {
    std::vector<std::string> problems;
    const Asked asked = asked_of(o, problems);
    if (o.attached && !o.folder.empty())
        problems.push_back("RUNDIR " + o.folder + " and --attach: one of the two is wanted, a recorded run or a live twin");
    if (!o.attached && o.folder.empty())
        problems.push_back("RUNDIR is missing; allowed: a run folder, or --attach of a live twin");
    if (o.attached && !o.at.empty()) problems.push_back("--at: of a live twin the screen shows the present");
    if (o.attached) {
        if (!problems.empty()) throw InputError(problems);
#ifdef JT_BRIDGE
        return view_twin(o, asked);
#endif
    }
    // A window waits for a folder that is not there yet; a picture of it would show nothing.
    if (!o.screenshot.empty() && !o.folder.empty() && !std::filesystem::is_directory(o.folder))
        problems.push_back("RUNDIR " + o.folder + ": no such folder; a run makes one: jouletwin run SCENARIO -o " + o.folder);
    if (!problems.empty()) throw InputError(problems);

    const auto source = open_folder(o.folder);
    catch_interrupts();
    const std::string title = std::filesystem::absolute(o.folder).lexically_normal().filename().string();
    return view_source(*source, o, asked, title, o.folder);
}

}  // namespace

void add_view(CLI::App& app, Outcome& outcome) {
    auto* command =
        app.add_subcommand("view", "The operator's screen of a recorded run, of one that is being recorded, or of a live twin");
    auto o = std::make_shared<ViewArguments>();
    command->add_option("RUNDIR", o->folder, "run folder");
#ifdef JT_BRIDGE
    auto* attach =
        command
            ->add_option("--attach", o->endpoint,
                         "the twin that answers requests there (live --requests); default " + std::string(kRequestsEndpoint))
            ->expected(0, 1)
            ->option_text("[ENDPOINT]");
    command->add_option("--timeout", o->timeout_s, "of --attach with --screenshot: seconds to wait for the twin; default 10")
        ->check(CLI::Range(0.1, 3600.0))
        ->option_text("NUMBER")
        ->needs(attach);
    add_security_options(*command, o->security, {.binds = false, .connects = true});
#endif
    auto* picture =
        command->add_option("--screenshot", o->screenshot, "write a PNG, and a JSON of what is on it, in place of a window");
    command->add_option("--at", o->at, "the moment, \"12.5 s\"; default: the newest");
    command->add_option("--size", o->size, "pixels of picture or window; default 1920x1080");
    auto* scale = command
                      ->add_option("--scale", o->scale,
                                   "size of everything, 0.5 to 4 of a picture, 0.8 to 2 on top of the display's of a window")
                      ->check(CLI::Range(0.5, 4.0))
                      ->option_text("NUMBER");
    const std::map<std::string, ThemeId> themes{{"grey", ThemeId::grey}, {"dark", ThemeId::dark}};
    auto* theme = command->add_option("--theme", o->view.theme, "grey | dark")
                      ->transform(CLI::CheckedTransformer(themes))
                      ->option_text("NAME");
    const std::map<std::string, ColourVision> filters{
        {"protan", ColourVision::protan}, {"deutan", ColourVision::deutan}, {"tritan", ColourVision::tritan}};
    command->add_option("--filter", o->filter, "as seen with a colour vision deficiency: protan | deutan | tritan")
        ->transform(CLI::CheckedTransformer(filters))
        ->option_text("NAME")
        ->needs(picture);
    auto* tab = command
                    ->add_option("--tab", o->view.tab,
                                 "1 alarms, 2 sensors, 3 estimate, 4 product, 5 what-if, 6 run, 7 charts (of a small window)")
                    ->check(CLI::Range(1, kTabs))
                    ->option_text("NUMBER");
    command->add_option("--field", o->field, "field of the 3-D view, by its name in run.h5");
    const std::map<std::string, BedMode> modes{
        {"cutaway", BedMode::cutaway}, {"slices", BedMode::slices}, {"iso", BedMode::iso}, {"volume", BedMode::volume}};
    auto* mode = command->add_option("--mode", o->view.bed_mode, "of the 3-D view: cutaway | slices | iso | volume")
                     ->transform(CLI::CheckedTransformer(modes))
                     ->option_text("NAME");
    command->add_option("--slice", o->slice, "plane of the slices, as in z=12");
    auto* kelvin = command->add_flag("--kelvin", o->view.kelvin, "temperatures in K");
    command->callback([=, &outcome] {
        const ViewArguments* given = o.get();  // not shared: it would hold itself
        const auto put = [&](const CLI::Option* option, auto set) {
            if (option->count() > 0) o->asked.push_back(set);
        };
        put(theme, [given](ViewState& v) { v.theme = given->view.theme; });
        put(scale, [given](ViewState& v) { v.font_scale = given->scale; });
        put(tab, [given](ViewState& v) { v.tab = given->view.tab; });
        put(mode, [given](ViewState& v) { v.bed_mode = given->view.bed_mode; });
        put(kelvin, [given](ViewState& v) { v.kelvin = given->view.kelvin; });
#ifdef JT_BRIDGE
        o->attached = attach->count() > 0;
#endif
        outcome.exit_code = view(*o);
    });
}

#endif

}  // namespace jt::cli
