// SPDX-License-Identifier: Apache-2.0
// The screen of a live twin: every state can be read, says what the source has, and marks what is old.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "tests/screen/fake_twin.hpp"
#include "tests/viz/readable.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/screen/panels/screen_session.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

struct Scene {
    std::string name;
    double until;
    std::function<void(FakeTwin&)> change;
};
std::vector<Scene> scenes() {
    return {{"ramp", 6.0, [](FakeTwin&) {}},
            {"dwell", 23.0, [](FakeTwin&) {}},
            {"cooling", 50.0, [](FakeTwin&) {}},
            {"lost_sensor", 23.0, [](FakeTwin& f) { f.lose_sensor(); }},
            {"refused", 23.0, [](FakeTwin& f) { f.refuse(); }},
            {"misfit", 23.0, [](FakeTwin& f) { f.misfit(); }},
            {"near_limit", 23.0, [](FakeTwin& f) { f.near_limit(); }},
            {"degraded", 23.0,
             [](FakeTwin& f) {
                 f.facts_of_twin().degradation = 2;
                 f.facts_of_twin().message = "8 of 16 members, every second reading";
             }},
            {"held", 23.0, [](FakeTwin& f) { f.facts_of_twin().heater.phase = HeaterFacts::Phase::holding; }},
            {"tripped", 23.0,
             [](FakeTwin& f) {
                 f.facts_of_twin().heater.phase = HeaterFacts::Phase::tripped;
                 f.facts_of_twin().heater.message = "over-temperature at the pyrometer, 1051 \u00b0C";
             }},
            {"stale", 23.0, [](FakeTwin& f) { f.expire(); }},
            {"disconnected", 23.0, [](FakeTwin& f) { f.disconnect(); }},
            {"waiting", 23.0, [](FakeTwin& f) { f.waiting(); }}};
}

struct Screen {
    FakeTwin source;
    CairoPainter painter;
    double scale;
    std::unique_ptr<ScreenSession> session;
    std::vector<FigureItem> items;
    double width, height, wall_s = 100.0;

    explicit Screen(const Scene& scene, int w = 1920, int h = 1080, double s = 1.0, ViewState view = {})
        : source(scene.until), painter(int(w * s), int(h * s), s), scale(s), width(w), height(h) {
        scene.change(source);
        SessionOptions options;
        options.view = view;
        session = std::make_unique<ScreenSession>(source, options);
        frame();
        if (source.facts()) source.extend(scene.until + 0.6), scene.change(source);
        wall_s += 2.0;  // what has a delay has had it
        frame();
        wall_s += 0.1;
        frame();
    }
    ScreenSession::Drawn frame(Input input = {}) {
        session->poll(wall_s);
        input.wall_s = wall_s;
        auto drawn = session->frame(painter, width, height, input);
        items = drawn.items;
        return drawn;
    }
    std::string text(std::string_view id) const {
        const auto* item = find(items, id);
        return item ? item->text : "(nothing)";
    }
    const FigureItem& item(std::string_view id) const {
        const auto* found = find(items, id);
        if (!found) throw std::runtime_error("no text " + std::string(id));
        return *found;
    }
    void keep(const std::string& name) const {
        if (const char* folder = std::getenv("JT_PICTURES")) painter.write_png(std::filesystem::path(folder) / (name + ".png"));
    }
};

const Scene& scene(const std::string& name) {
    static const auto all = scenes();
    for (const auto& one : all)
        if (one.name == name) return one;
    throw std::runtime_error("no scene " + name);
}

TEST(TwinScreen, EveryStateIsReadableAtEverySizeInBothThemes) {
    for (const Scene& one : scenes())
        for (const auto& [w, h] : {std::pair{1920, 1080}, {1280, 720}})
            for (const int tab : {2, 3, 6}) {
                ViewState view;
                view.tab = tab;
                view.theme = (tab + w / 640) % 2 ? ThemeId::grey : ThemeId::dark;
                SCOPED_TRACE(one.name + " " + std::to_string(w) + " tab " + std::to_string(tab));
                Screen s(one, w, h, 1.0, view);
                expect_readable(s.items, {0, 0, double(w), double(h)});
                s.keep(one.name + "_" + std::to_string(w) + "_" + std::to_string(tab));
            }
}

}  // namespace
}  // namespace jt
