// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/screen_session.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <system_error>

#include "kernels/error.hpp"
#include "twin/recording/write_file.hpp"
#include "viz/screen/data/derived_fields.hpp"
#include "viz/screen/panels/screen.hpp"
#include "viz/screen/state/export.hpp"

namespace jt {

namespace {

constexpr double kNoticeS = 6.0, kHoldS = 1.0;
constexpr double kLiveRedrawS = 0.25, kQuietRedrawS = 1.0, kMovingRedrawS = 1.0 / 30.0;
// A window that was held up does not make the cursor jump.
constexpr double kLongestStepS = 0.5;
// Simulated seconds in a second; 0: as fast as possible.
constexpr std::array kRates{1.0, 2.0, 5.0, 10.0, 0.0};

std::tm local_time() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    localtime_r(&now, &parts);
    return parts;
}

std::string time_of_day(const std::tm& parts, bool seconds) {
    char text[16];
    return {text, std::strftime(text, sizeof text, seconds ? "%H:%M:%S" : "%H:%M", &parts)};
}

std::string capital(std::string_view word) {
    std::string text(word);
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = char(text[0] - 'a' + 'A');
    return text;
}

bool goes_on(SourceState::Kind kind) {
    return kind == SourceState::Kind::live || kind == SourceState::Kind::waiting || kind == SourceState::Kind::connecting;
}

}  // namespace

ScreenSession::ScreenSession(RunSource& source, SessionOptions options)
    : source_(source), options_(std::move(options)), view_(options_.view) {
    using Write = std::filesystem::path (*)(const ScreenModel&, const ViewState&, const std::filesystem::path&);
    const auto path_text = [](Write write) {
        return [write](const ScreenModel& m, const ViewState& v, const std::filesystem::path& f) {
            return write(m, v, f).string();
        };
    };
    if (!options_.csv) options_.csv = path_text(&export_csv);
    if (!options_.vtk) options_.vtk = path_text(&export_vtk);
}

bool ScreenSession::poll(double wall_s) {
    const bool news = source_.poll();
    const bool notice_ends = !notice_.empty() && wall_s >= notice_until_s_;
    return news || notice_ends;
}

void ScreenSession::notice(std::string text, double wall_s) {
    notice_ = std::move(text);
    notice_until_s_ = wall_s + kNoticeS;
}

void ScreenSession::form_model(double wall_s) {
    ScreenModel& m = model_;
    m.source = source_.state();
    m.status = source_.status();
    m.facts = source_.facts();
    m.history = &source_.history();
    m.events = &source_.events();
    m.frame_times = &source_.frame_times();
    m.field_names = &source_.field_names();
    m.frame = source_.frame();
    m.control = source_.control();
    m.twin = source_.twin();
    m.heater = source_.heater();
    m.alarms = &alarms_;
    const auto& times = m.history->times();
    m.newest_s = times.empty() ? 0.0 : times.back();
    m.start_s = 0.0;
    m.end_s = std::max({m.facts ? m.facts->scenario.run.duration : 0.0, m.newest_s, 1e-9});
    m.cursor_s = view_.follow ? m.newest_s : std::clamp(view_.cursor_s, m.start_s, std::max(m.newest_s, m.start_s));
    m.live = view_.follow && m.goes_on();
    if (!m.live)
        m.shown_s.reset(), shown_since_s_.reset();
    else if (!shown_since_s_ || !m.shown_s || wall_s - *shown_since_s_ >= options_.shown_refresh_s)
        m.shown_s = m.cursor_s, shown_since_s_ = wall_s;
    m.wall_s = wall_s;
    m.clock = time_of_day(local_time(), goes_on(m.source.kind) || m.twin);
    if (wall_s >= notice_until_s_) notice_.clear();
    m.notice = notice_;
}

void ScreenSession::apply_choices(double wall_s) {
    if (choices_applied_ || !model_.facts) return;
    const auto& fields = *model_.field_names;
    if (options_.field && fields.empty() && model_.source.kind != SourceState::Kind::finished) return;  // they may yet come
    choices_applied_ = true;
    if (options_.field && std::find(fields.begin(), fields.end(), *options_.field) != fields.end())
        view_.bed_field = *options_.field;
    else if (options_.field) {
        std::string there;
        for (const auto& name : fields) there += (there.empty() ? "" : ", ") + name;
        problems_.push_back("no field " + *options_.field + " in this run; there " +
                            (there.empty() ? "is none" : "are " + there));
    }
    if (options_.slice) {
        const auto [axis, index] = *options_.slice;
        const int cells = model_.facts->extents.cells()[std::size_t(axis)];
        auto cell = cell_of(view_, model_);
        cell[std::size_t(axis)] = index;
        view_.normal = axis;
        set_cell(view_, model_, cell);
        if (index < 0 || index >= cells)
            problems_.push_back("no slice " + std::string(1, "xyz"[axis]) + "=" + std::to_string(index) +
                                " in this run: indices go from 0 to " + std::to_string(cells - 1));
    }
    if (!problems_.empty()) notice(problems_.front(), wall_s), model_.notice = notice_;
}

void ScreenSession::follow_time(double wall_s) {
    const double step = last_frame_s_ ? std::clamp(wall_s - *last_frame_s_, 0.0, kLongestStepS) : 0.0;
    last_frame_s_ = wall_s;
    if (!view_.playing) return;
    const auto& times = source_.history().times();
    const double newest = times.empty() ? 0.0 : times.back();
    view_.cursor_s = std::min(view_.cursor_s + step * view_.play_speed, newest);
    if (view_.cursor_s >= newest) view_.playing = false;
}

std::vector<std::string> ScreenSession::wanted_fields() const {
    std::vector<std::string> wanted;
    const auto& there = source_.field_names();
    const auto add = [&](const std::string& name) {
        if (std::find(there.begin(), there.end(), name) != there.end() &&
            std::find(wanted.begin(), wanted.end(), name) == wanted.end())
            wanted.push_back(name);
    };
    for (const auto& name : fields_needed(view_.bed_field, view_.micro_field, view_.streamlines)) add(name);
    add("T_K"), add("Th_K");  // the outlook
    add("T_sd_K");            // the probe's interval
    // The product's distributions.
    if (view_.tab == 4)
        for (const char* name : {"id_ig", "d002_nm", "capacity_mAh_g"}) add(name);
    return wanted;
}

bool ScreenSession::frame_arrived() const {
    const auto& times = source_.frame_times();
    // A twin sends its fields when they are asked for.
    if (times.empty()) return !(source_.twin() && model_.live && !source_.field_names().empty());
    const FramePtr frame = source_.frame();
    if (!frame) return false;
    const auto distance = [&](double t) { return std::abs(t - model_.cursor_s); };
    const double nearest =
        *std::min_element(times.begin(), times.end(), [&](double a, double b) { return distance(a) < distance(b); });
    if (distance(frame->time_s) > distance(nearest) + 1e-9) return false;
    const auto wanted = wanted_fields();
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) { return frame->find(name); });
}

void ScreenSession::update_outlook() {
    ScreenModel& m = model_;
    if (m.frame == outlook_of_) return;
    outlook_of_ = m.frame;
    m.outlook.reset();
    if (!m.frame || !m.facts) return;
    const auto* T_K = m.frame->find("T_K");
    const auto* Th_K = m.frame->find("Th_K");
    const std::size_t cells = m.facts->in_product.size();
    if (T_K && Th_K && T_K->size() == cells && Th_K->size() == cells)
        m.outlook = outlook(m.facts->scenario, *T_K, *Th_K, m.facts->in_product, m.frame->time_s);
}

void ScreenSession::judge() {
    if (model_.newest_s < judged_s_) alarms_.reset();  // another run
    judged_s_ = model_.newest_s;
    // A twin that is lost goes on being judged: that it is lost is an alarm.
    if (model_.goes_on()) update_alarms(alarms_, model_, view_.kelvin);
}

std::filesystem::path ScreenSession::screens_folder() const {
    std::filesystem::path folder = options_.folder;
    if (folder.empty() && source_.facts()) folder = source_.facts()->folder;
    folder /= "screens";
    make_folder(folder);
    return folder;
}

void ScreenSession::export_with(const Export& write, const char* what, double wall_s) {
    if (!model_.facts) return notice(std::string(what) + ": there is no run yet", wall_s);
    try {
        notice(std::string(what) + " written to " + write(model_, view_, screens_folder()), wall_s);
    } catch (const Error& error) {
        notice(std::string(what) + " not written: " + error.what(), wall_s);
    }
}

void ScreenSession::change_rate(int step, double wall_s) {
    RunControl* control = model_.control;
    if (!control) return notice("The rate of this run cannot be changed from here", wall_s);
    const double now = control->commanded_rate();
    // The nearest one; 0, the fastest, is the last.
    const auto order = [](double rate) { return rate > 0.0 ? rate : std::numeric_limits<double>::infinity(); };
    std::size_t at = 0;
    while (at + 1 < kRates.size() && order(kRates[at]) < order(now)) ++at;
    const auto next = std::size_t(std::clamp(int(at) + step, 0, int(kRates.size()) - 1));
    control->set_rate(kRates[next]);
    const int rate = int(kRates[next]);
    notice(rate == 0 ? "Rate: as fast as possible" : "Rate: " + std::to_string(rate) + " s of the run in a second", wall_s);
}

void ScreenSession::command(HeaterVerb verb, double wall_s) {
    HeaterControl* heater = model_.heater;
    if (!heater) return notice("There is no heater to command from here", wall_s);
    if (const std::string why = heater->closed(); !why.empty()) return notice("Not sent: " + why, wall_s);
    heater->command(verb);
    notice(capital(name_of(verb)) + " commanded; the heater has not confirmed it yet", wall_s);
}

// What became of a command is said once, wherever it was given.
void ScreenSession::tell_answer(double wall_s) {
    const auto last = model_.heater ? model_.heater->last() : std::nullopt;
    if (!last || last->state == HeaterCommand::State::sent || told_command_ == last->id) return;
    told_command_ = last->id;
    const std::string verb = capital(name_of(last->verb)), why = last->reason.empty() ? "" : ": " + last->reason;
    switch (last->state) {
        case HeaterCommand::State::confirmed:
            return notice(verb + " confirmed by the heater", wall_s);
        case HeaterCommand::State::refused:
            return notice(verb + " refused" + why, wall_s);
        default:
            return notice(verb + " not answered" + why, wall_s);
    }
}

void ScreenSession::hold_to_stop(const Input& input) {
    const auto table = action_table();
    const auto entry =
        std::find_if(table.begin(), table.end(), [](const ActionEntry& e) { return e.action == Action::stop_run; });
    const bool held = entry != table.end() && std::find(input.held.begin(), input.held.end(), entry->chord) != input.held.end();
    RunControl* control = model_.control;
    HeaterControl* heater = model_.heater;
    const bool possible = heater ? heater->closed().empty() : control && !control->stop_commanded();
    if (!held) held_through_ = false;
    if (!held || !possible || held_through_) {
        view_.stop_held_since.reset();
        return;
    }
    if (!view_.stop_held_since) view_.stop_held_since = input.wall_s;
    if (input.wall_s - *view_.stop_held_since < kHoldS) return;
    view_.stop_held_since.reset();
    held_through_ = true;  // once a press, however long
    if (heater) return command(HeaterVerb::abort, input.wall_s);
    control->stop();
    notice("The run is told to end; what was computed is kept", input.wall_s);
}

void ScreenSession::handle(Action action, double wall_s, Wishes& wishes) {
    if (apply(action, model_, view_) || apply_to_alarms(action, model_, view_)) return;
    switch (action) {
        case Action::quit:
            wishes.quit = true;
            break;
        case Action::full_screen:
            wishes.full_screen = true;
            break;
        case Action::picture:
            wishes.picture = true;
            break;
        case Action::csv:
            export_with(options_.csv, "Table", wall_s);
            break;
        case Action::vtk:
            export_with(options_.vtk, "Fields", wall_s);
            break;
        case Action::rate_down:
            change_rate(-1, wall_s);
            break;
        case Action::rate_up:
            change_rate(+1, wall_s);
            break;
        case Action::stop_run:
            if (!model_.control && !model_.heater) notice("This run cannot be ended from here", wall_s);
            if (model_.heater && !model_.heater->closed().empty()) notice("Not sent: " + model_.heater->closed(), wall_s);
            break;
        case Action::start_heater:
            command(HeaterVerb::start, wall_s);
            break;
        case Action::hold_heater: {
            const bool held = model_.twin && model_.twin->heater.phase == HeaterFacts::Phase::holding;
            command(held ? HeaterVerb::resume : HeaterVerb::hold, wall_s);
            break;
        }
        case Action::acknowledge:
        case Action::shelve:
            notice(model_.live ? "There is no alarm to do that to" : "Alarms of a moment that is past cannot be changed",
                   wall_s);
            break;
        default:
            break;
    }
}

ScreenSession::Drawn ScreenSession::frame(Painter& painter, double width, double height, const Input& input, BedRenderer* bed) {
    Drawn drawn;
    follow_time(input.wall_s);
    form_model(input.wall_s);
    apply_choices(input.wall_s);
    judge();
    for (const KeyChord& chord : input.keys)
        if (chord.key == ScreenKey::escape) {
            view_.overview = false;
        } else if (const auto action = action_of(chord)) {
            handle(*action, input.wall_s, drawn.wishes);
            form_model(input.wall_s);  // the next key sees what this one did
        }
    hold_to_stop(input);
    tell_answer(input.wall_s);
    source_.want(model_.cursor_s, wanted_fields());
    form_model(input.wall_s);
    update_outlook();

    const Theme& theme = view_.theme == ThemeId::dark ? dark_theme() : grey_theme();
    Scribe scribe(painter);
    Ui ui(scribe, theme, input, memory_, bed);
    draw_screen(ui, width, height, model_, view_);
    drawn.items = scribe.items();
    if (options_.settings) {
        options_.settings->keep(view_, model_.facts ? model_.facts->folder : "", input.wall_s);
        if (auto problem = options_.settings->take_notice(); !problem.empty()) notice(std::move(problem), input.wall_s);
    }

    drawn.redraw_s = ui.next_redraw_s();
    const auto within = [&](double seconds) { drawn.redraw_s = std::min(drawn.redraw_s, std::max(seconds, 0.0)); };
    if (view_.playing || view_.stop_held_since) within(kMovingRedrawS);
    if (model_.source.kind == SourceState::Kind::live)
        within(kLiveRedrawS);
    else if (goes_on(model_.source.kind) || model_.twin)
        within(kQuietRedrawS);  // a twin that is lost may come back, and its age is shown
    else
        within(60.0 - local_time().tm_sec);  // the clock
    if (!notice_.empty()) within(notice_until_s_ - input.wall_s);
    // What the mouse changed, panels drawn before have not seen.
    const auto any = [](const std::array<bool, 3>& buttons) {
        return std::find(buttons.begin(), buttons.end(), true) != buttons.end();
    };
    if (any(input.pressed) || any(input.released) || input.wheel != 0.0 || !input.keys.empty()) within(0.0);
    return drawn;
}

std::filesystem::path free_name(const std::filesystem::path& folder, const std::string& stem, const std::string& extension) {
    for (int n = 1;; ++n) {
        const auto name = folder / (n == 1 ? stem + extension : stem + "_" + std::to_string(n) + extension);
        std::error_code failed;
        if (!std::filesystem::exists(std::filesystem::symlink_status(name, failed))) return name;
    }
}

}  // namespace jt
