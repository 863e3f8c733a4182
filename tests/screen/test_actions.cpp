// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/actions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace jt {
namespace {

struct Fixture {
    RunFacts facts;
    History history{{"T_mean_K"}};
    std::vector<double> frames{0, 1, 2, 3, 4};
    std::vector<std::string> fields{"T_K", "J_over_J0", "id_ig", "capacity_mAh_g"};
    ScreenModel model;
    ViewState view;
    Fixture() {
        facts.extents = Extents{8, 6, 4, 1e-3, 1e-3, 1e-3};
        for (const double t : frames) history.append(t, std::vector<double>{300.0 + t});
        model.facts = &facts, model.history = &history, model.frame_times = &frames, model.field_names = &fields;
        model.end_s = 10, model.newest_s = 4, model.cursor_s = 4;
    }
    void press(Action action) {
        apply(action, model, view);
        if (!view.follow) model.cursor_s = view.cursor_s;
    }
};

TEST(Actions, EveryActionHasOneKeyAndNoKeyTwo) {
    std::set<std::string> chords;
    std::set<int> actions;
    for (const auto& entry : action_table()) {
        EXPECT_TRUE(chords.insert(key_text(entry.chord)).second) << entry.text;
        EXPECT_TRUE(actions.insert(int(entry.action)).second) << entry.text;
        EXPECT_EQ(action_of(entry.chord), entry.action) << entry.text;
        EXPECT_STRNE(entry.text, "");
    }
    EXPECT_EQ(int(actions.size()), int(Action::rate_up) + 1);
}

TEST(Actions, ACursorStaysWithinTheRowsThereAre) {
    Fixture f;
    set_cursor(f.view, f.model, 9.0);
    EXPECT_EQ(f.view.cursor_s, 4.0);
    set_cursor(f.view, f.model, std::nan(""));
    EXPECT_EQ(f.view.cursor_s, 0.0);
    EXPECT_FALSE(f.view.follow);
    f.press(Action::live);
    EXPECT_TRUE(f.view.follow);
}

TEST(Actions, StepsGoFromOutputToOutput) {
    Fixture f;
    f.press(Action::step_back);
    EXPECT_EQ(f.view.cursor_s, 3.0);
    set_cursor(f.view, f.model, 2.5), f.model.cursor_s = 2.5;
    f.press(Action::step_on);
    EXPECT_EQ(f.view.cursor_s, 3.0);
    f.press(Action::to_start), f.press(Action::step_back);
    EXPECT_EQ(f.view.cursor_s, 0.0);
}

TEST(Actions, BookmarksComeAndGoAndAreVisited) {
    Fixture f;
    for (const double t : {3.0, 1.0}) set_cursor(f.view, f.model, t), f.model.cursor_s = t, f.press(Action::bookmark);
    EXPECT_EQ(f.view.bookmarks, (std::vector<double>{1.0, 3.0}));
    f.press(Action::bookmark_on);
    EXPECT_EQ(f.view.cursor_s, 3.0);
    f.press(Action::bookmark_back);
    EXPECT_EQ(f.view.cursor_s, 1.0);
    f.press(Action::bookmark);
    EXPECT_EQ(f.view.bookmarks, (std::vector<double>{3.0}));
}

TEST(Actions, TheProbeStaysInTheBed) {
    Fixture f;
    EXPECT_EQ(cell_of(f.view, f.model), (std::array<int, 3>{4, 3, 2}));
    for (int n = 0; n < 20; ++n) f.press(Action::slice_up), f.press(Action::probe_left), f.press(Action::probe_up);
    EXPECT_EQ(cell_of(f.view, f.model), (std::array<int, 3>{0, 5, 3}));
    f.press(Action::normal_x), f.press(Action::slice_up);
    EXPECT_EQ(cell_of(f.view, f.model), (std::array<int, 3>{1, 5, 3}));
}

TEST(Actions, TimeIsZoomedAboutTheCursorAndNeverBeyondTheRun) {
    Fixture f;
    f.press(Action::time_in);
    ASSERT_TRUE(f.view.time_view);
    const auto [from, to] = *f.view.time_view;
    EXPECT_NEAR((4.0 - from) / (to - from), 0.4, 1e-12);
    f.press(Action::time_out);
    EXPECT_FALSE(f.view.time_view);
}

TEST(Actions, FieldsCycleThroughThoseThereAre) {
    Fixture f;
    f.press(Action::next_field);
    EXPECT_EQ(f.view.bed_field, "J_over_J0");
    f.press(Action::previous_field), f.press(Action::previous_field);
    EXPECT_EQ(f.view.bed_field, "capacity_mAh_g");
    f.press(Action::next_micro);
    EXPECT_EQ(f.view.micro_field, "capacity_mAh_g");
    f.press(Action::next_micro);
    EXPECT_EQ(f.view.micro_field, "id_ig");
}

TEST(Actions, NothingHarmsAScreenWithoutARun) {
    ScreenModel empty;
    ViewState view;
    for (const auto& entry : action_table()) apply(entry.action, empty, view);
    EXPECT_EQ(cell_of(view, empty), (std::array<int, 3>{0, 0, 0}));
}

}  // namespace
}  // namespace jt
