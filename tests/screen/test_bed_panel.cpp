// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "../viz/readable.hpp"
#include "bed_run.hpp"
#include "viz/screen/panels/bed_geometry.hpp"

namespace jt {
namespace {

// Of panel D in the full layout: where the picture is, and its projection.
Rect picture_of(const Rect& d) {
    return {d.x + 1, d.y + 38, d.w - 204 - 1, d.h - 38 - 34};
}
Point screen_of(const BedRun& run, const Vec3& at) {
    const Rect room = picture_of(layout_of(1920, 1080).bed);
    return bed_projection(run.view.camera, run.facts.extents, room)(at);
}
Vec3 centre_of(const Extents& e, int i, int j, int k) {
    return {(i + 0.5) * e.hx, (j + 0.5) * e.hy, (k + 0.5) * e.hz};
}

TEST(BedPanel, TextsFitInAllModesSizesAndThemes) {
    for (const auto& [w, h] : {std::pair{1920., 1080.}, {1280., 720.}, {1180., 660.}, {2560., 1440.}})
        for (const Theme* theme : {&grey_theme(), &dark_theme()})
            for (int mode = 0; mode < 4; ++mode)
                for (const char* field : {"T_K", "J_over_J0", "material"}) {
                    // All of them where it is small, each once elsewhere.
                    if (w > 1280 && (mode + (theme == &dark_theme())) % 3 != (field[0] == 'T' ? 0 : field[0] == 'J' ? 1 : 2))
                        continue;
                    BedRun run;
                    Sensor pyrometer, couple;
                    pyrometer.face = Face::zmax, couple.at = std::array<double, 3>{5e-3, 3e-3, 1e-3};
                    run.facts.scenario.sensors = {pyrometer, couple, Sensor{}};
                    run.view.bed_mode = BedMode(mode), run.view.bed_field = field;
                    SCOPED_TRACE(std::to_string(int(w)) + " " + std::to_string(mode) + " " + field);
                    const auto drawn = run.draw(w, h, *theme);
                    expect_readable(drawn.items, {0, 0, w, h});
                    EXPECT_TRUE(find(drawn.items, "bed.title"));
                    EXPECT_EQ(find(drawn.items, "bed.electrode.xmin")->text, "+");
                    EXPECT_EQ(find(drawn.items, "bed.electrode.xmax")->text, "\u2212");
                    EXPECT_TRUE(find(drawn.items, "bed.pin.1"));
                    EXPECT_TRUE(find(drawn.items, "bed.pin.2"));
                    EXPECT_FALSE(find(drawn.items, "bed.pin.3"));  // has no place
                }
}

TEST(BedPanel, FromEverySideTheTextsFit) {
    for (const double yaw : {-3.0, -1.5707963, -0.7853982, 0.0, 0.7853982, 1.5707963, 2.5})
        for (const double pitch : {-1.56, -0.6, 0.0, 0.5, 1.5675}) {
            BedRun run;
            run.view.camera.yaw = yaw, run.view.camera.pitch = pitch;
            SCOPED_TRACE(std::to_string(yaw) + " " + std::to_string(pitch));
            expect_readable(run.draw().items, {0, 0, 1920, 1080});
        }
}

TEST(BedPanel, ASourceWithoutARunIsASentence) {
    for (const auto kind :
         {SourceState::Kind::connecting, SourceState::Kind::waiting, SourceState::Kind::empty, SourceState::Kind::broken})
        for (const bool known : {false, true}) {
            BedRun run;
            run.model.frame = nullptr;
            if (!known) run.model.facts = nullptr;
            run.model.source = {kind, "The folder runs/a holds no run that anybody could look at in any way.",
                                "Start one with: jouletwin run SCENARIO -o runs/a", "", 0.0};
            const auto items = run.draw().items;
            const FigureItem* first = find(items, "bed.message.0");
            ASSERT_TRUE(first);
            EXPECT_EQ(first->text.substr(0, 15), "The folder runs");
            EXPECT_GE(first->px, 18.0);
            EXPECT_TRUE(find(items, "bed.message.advice.0"));
            expect_readable(items, {0, 0, 1920, 1080});
        }
}

TEST(BedPanel, AnAbsentFieldSaysWhy) {
    BedRun run;
    run.view.bed_field = "capacity_mAh_g";
    const auto items = run.draw().items;
    EXPECT_EQ(find(items, "bed.message.0")->text, "Reversible capacity: not recorded in this run.");
    expect_readable(items, {0, 0, 1920, 1080});
}

TEST(BedPanel, AClickPutsTheProbeOnTheCellThatIsSeenThere) {
    BedRun run;
    const Extents& e = run.facts.extents;
    // On top, outside of the octant that is cut out.
    run.click(screen_of(run, {2.5e-3, 4.5e-3, 2e-3}));
    EXPECT_EQ(cell_of(run.view, run.model), (std::array<int, 3>{2, 4, 3}));
    // On the floor of the cut.
    run.click(screen_of(run, {7.5e-3, 1.5e-3, 1e-3}));
    EXPECT_EQ(cell_of(run.view, run.model), (std::array<int, 3>{7, 1, 1}));
    // Beside the bed: nothing changes.
    const auto before = cell_of(run.view, run.model);
    const Rect room = picture_of(layout_of(1920, 1080).bed);
    run.click({room.x + 3, room.y + 3});
    EXPECT_EQ(cell_of(run.view, run.model), before);
    (void)e;
}

TEST(BedPanel, TheMouseTurnsMovesAndZooms) {
    BedRun run;
    const Rect room = picture_of(layout_of(1920, 1080).bed);
    const Point from = room.centre();
    const auto cell = run.view.cell;
    run.input.mouse = from, run.input.pressed[0] = run.input.down[0] = true;
    run.draw();
    run.input.pressed[0] = false, run.input.mouse = {from.x + 50, from.y + 20};
    run.draw();
    const auto turned = run.draw();
    EXPECT_LT(turned.redraw_s, 1.0);
    run.input.down[0] = false, run.input.released[0] = true;
    run.draw();
    EXPECT_LT(run.view.camera.yaw, Camera{}.yaw);
    EXPECT_GT(run.view.camera.pitch, Camera{}.pitch);
    EXPECT_EQ(run.view.cell, cell);  // a drag is no click

    // The wheel keeps what is under the mouse.
    run.input = {};
    run.input.mouse = {from.x + 100, from.y - 40};
    const Projection before = bed_projection(run.view.camera, run.facts.extents, room);
    run.input.wheel = 3;
    run.draw();
    const Projection after = bed_projection(run.view.camera, run.facts.extents, room);
    EXPECT_GT(after.px_per_m, 1.3 * before.px_per_m);
    EXPECT_NEAR((run.input.mouse.x - before.middle.x) / before.px_per_m, (run.input.mouse.x - after.middle.x) / after.px_per_m,
                1e-9);
    EXPECT_NEAR((run.input.mouse.y - before.middle.y) / before.px_per_m, (run.input.mouse.y - after.middle.y) / after.px_per_m,
                1e-9);

    // The right button moves by as many px.
    run.input = {};
    run.input.mouse = from, run.input.pressed[1] = run.input.down[1] = true;
    run.draw();
    run.input.pressed[1] = false, run.input.mouse = {from.x + 30, from.y};
    run.draw();
    run.input.down[1] = false;
    run.draw();
    EXPECT_NEAR(bed_projection(run.view.camera, run.facts.extents, room).middle.x, after.middle.x + 30, 1e-9);

    run.input = {};
    run.input.mouse = from, run.input.double_clicked = run.input.pressed[0] = run.input.down[0] = true;
    run.draw();
    EXPECT_EQ(run.view.camera, Camera{});
}

TEST(BedPanel, AStillPanelAsksForNothing) {
    BedRun run;
    run.input.wall_s = 10.0;
    run.draw();
    run.input.wall_s = 11.0;
    EXPECT_TRUE(std::isinf(run.draw().redraw_s));
}

TEST(BedPanel, ModesAreChosenByTheirButtons) {
    BedRun run;
    const auto items = run.draw().items;
    for (int mode = 3; mode >= 0; --mode) {
        run.click(find(items, "bed.mode." + std::to_string(mode))->rect.centre());
        EXPECT_EQ(int(run.view.bed_mode), mode);
    }
}

TEST(BedPanel, ASurfaceSaysItsValueOrThatThereIsNone) {
    BedRun run;
    run.view.bed_mode = BedMode::iso, run.view.bed_field = "id_ig";
    run.view.iso_position = (1.02 - 0.5) / 1.1;
    const auto items = run.draw().items;
    EXPECT_EQ(find(items, "bed.hint")->text.substr(0, 15), "surface at 1.02");
    EXPECT_NEAR(*find(items, "bed.hint")->value, 1.02, 1e-12);
    run.view.iso_position = 0.9;
    EXPECT_EQ(find(run.draw().items, "bed.hint")->text.substr(0, 10), "no surface");
}

TEST(BedPanel, APinBehindTheBedIsLighter) {
    BedRun run;
    Sensor front, behind;
    front.face = Face::ymin, behind.face = Face::ymax;
    front.spot_center = behind.spot_center = std::array<double, 2>{2e-3, 1e-3};
    run.facts.scenario.sensors = {front, behind};
    const auto items = run.draw().items;
    EXPECT_EQ(find(items, "bed.pin.1")->state, "");
    EXPECT_EQ(find(items, "bed.pin.2")->state, "hidden");
}

TEST(BedPanel, BedsOfOneCellAndOfVoidAloneAreDrawn) {
    for (const Extents& e :
         {Extents{1, 1, 1, 1e-3, 1e-3, 1e-3}, Extents{10, 1, 1, 1e-3, 1e-3, 1e-3}, Extents{8, 6, 1, 1e-3, 1e-3, 1e-5}})
        for (int mode = 0; mode < 4; ++mode) {
            BedRun run(e);
            run.view.bed_mode = BedMode(mode);
            expect_readable(run.draw().items, {0, 0, 1920, 1080});
            for (std::size_t c = 0; c < e.count(); ++c) run.make_void(c);
            run.frame = std::make_shared<FieldFrame>(*run.frame), run.link();
            expect_readable(run.draw().items, {0, 0, 1920, 1080});
        }
}

TEST(BedPicking, TheProjectedCentreOfAVisibleCellPicksIt) {
    const Extents e{9, 7, 5, 1e-3, 1e-3, 2e-3};
    std::vector<float> values(e.count());
    for (std::size_t c = 0; c < values.size(); ++c) values[c] = float(c);
    // A void notch.
    for (int k = 3; k < 5; ++k)
        for (int j = 2; j < 5; ++j) values[e.index(2, j, k)] = std::nanf("");
    for (const double yaw : {0.6, -0.6, 2.2, -2.4})
        for (const double pitch : {0.5, -0.4}) {
            BedScene scene;
            scene.field = {e, values};
            scene.scale = {ColourMapId::viridis, make_range(Scale::linear, 0, 320)};
            scene.camera.yaw = yaw, scene.camera.pitch = pitch;
            scene.cell = {4, 3, 2};
            const Projection p = bed_projection(scene.camera, e, {0, 0, 640, 400});
            for (const BedMode mode : {BedMode::cutaway, BedMode::slices, BedMode::iso, BedMode::volume}) {
                scene.mode = mode, scene.iso_value = -1.0;  // nothing: the plane behind is picked
                const BedCaster caster(scene, p);
                int seen = 0;
                for (int k = 0; k < e.nz; ++k)
                    for (int j = 0; j < e.ny; ++j)
                        for (int i = 0; i < e.nx; ++i) {
                            Vec3 at = centre_of(e, i, j, k);
                            const std::array<int, 3> cell{i, j, k};
                            if (mode == BedMode::cutaway) {
                                // The middle of a face that looks at the eye and at nothing else.
                                const std::size_t a = 2;
                                at[a] += (p.toward[a] > 0 ? 0.499 : -0.499) * e.hz;
                                const int next = k + (p.toward[a] > 0 ? 1 : -1);
                                bool cut = true;  // the octant towards the eye
                                for (std::size_t b = 0; b < 3; ++b)
                                    cut = cut && (centre_of(e, i, j, k)[b] - p.centre[b]) * p.toward[b] > 1e-9 * e.hx;
                                const bool solid = !std::isnan(values[e.index(i, j, k)]) && !cut;
                                if (!solid || (next >= 0 && next < e.nz)) continue;
                            } else if (mode == BedMode::slices) {
                                if ((i == 4) + (j == 3) + (k == 2) != 1 || std::isnan(values[e.index(i, j, k)])) continue;
                            } else if (mode == BedMode::iso) {
                                if (k != 2 || std::isnan(values[e.index(i, j, k)])) continue;
                            } else {
                                continue;
                            }
                            const auto hit = caster.pick(p(at));
                            ASSERT_TRUE(hit);
                            if (hit->cell != cell) {
                                // Something stands in front of it, nearer to the eye.
                                EXPECT_GT(hit->depth, depth_of(p, at) - 1e-9) << i << " " << j << " " << k;
                                continue;
                            }
                            ++seen;
                        }
                if (mode != BedMode::volume) {
                    EXPECT_GT(seen, 20) << int(mode);
                }
            }
        }
}

TEST(BedPicking, InAVolumeTheCellThatAddsMostIsPicked) {
    const Extents e{9, 9, 9, 1e-3, 1e-3, 1e-3};
    std::vector<float> values(e.count(), 0.0f);
    values[e.index(4, 4, 4)] = 1.0f;
    BedScene scene;
    scene.field = {e, values};
    scene.scale = {ColourMapId::viridis, make_range(Scale::linear, 0, 1)};
    scene.mode = BedMode::volume;
    const Projection p = bed_projection(scene.camera, e, {0, 0, 640, 400});
    EXPECT_EQ(BedCaster(scene, p).pick(p(centre_of(e, 4, 4, 4)))->cell, (std::array<int, 3>{4, 4, 4}));
}

TEST(BedPicking, TheClipLetsTheRayThrough) {
    const Extents e{10, 10, 10, 1e-3, 1e-3, 1e-3};
    const std::vector<float> values(e.count(), 1.0f);
    BedScene scene;
    scene.field = {e, values};
    scene.scale = {ColourMapId::viridis, make_range(Scale::linear, 0, 2)};
    scene.camera.yaw = 0.0, scene.camera.pitch = 1.2;
    scene.clip = {0, 1, 0, 1, 0, 0.5};
    const Projection p = bed_projection(scene.camera, e, {0, 0, 640, 400});
    const auto hit = BedCaster(scene, p).pick(p({5.5e-3, 8.5e-3, 5e-3}));
    ASSERT_TRUE(hit);
    EXPECT_EQ(hit->cell, (std::array<int, 3>{5, 8, 4}));
    scene.clip = {0.9, 1, 0.9, 1, 0.9, 1};
    EXPECT_FALSE(BedCaster(scene, p).pick(p({0.5e-3, 0.5e-3, 0.5e-3})));
}

}  // namespace
}  // namespace jt
