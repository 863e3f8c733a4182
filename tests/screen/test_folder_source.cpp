// SPDX-License-Identifier: Apache-2.0
// A run folder as a screen's source: whatever the folder holds, does not hold yet, or comes to hold.
#include "viz/screen/data/folder_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <thread>

#include "tests/support/program.hpp"
#include "tests/support/run_folder_maker.hpp"
#include "twin/recording/read_run.hpp"

namespace jt {
namespace {

using test::Folder;
using test::MadeRun;
using testing::AllOf;
using testing::HasSubstr;
using Kind = SourceState::Kind;

// Polls until it holds; a failure after half a minute.
testing::AssertionResult comes(RunSource& source, const std::function<bool()>& what) {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (true) {
        source.poll();
        if (what()) return testing::AssertionSuccess();
        if (std::chrono::steady_clock::now() > patience)
            return testing::AssertionFailure() << "never; it says: " << source.state().text;
        std::this_thread::yield();
    }
}

testing::AssertionResult becomes(RunSource& source, Kind kind) {
    return comes(source, [&] { return source.state().kind == kind; });
}

// Sets the times of all files back, as if nothing had been written for a long time.
void age(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        std::filesystem::last_write_time(entry, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
}

TEST(FolderSource, ACompleteRunIsShownAsRunDataReadsIt) {
    const Folder folder;
    MadeRun{}.write(folder.path());
    const RunData run = RunData::read(folder.path());
    const auto source = open_folder(folder.path());
    ASSERT_TRUE(becomes(*source, Kind::finished));
    ASSERT_NE(source->facts(), nullptr);
    EXPECT_EQ(source->facts()->name, run.name());
    EXPECT_EQ(source->facts()->extents.count(), 16u);
    EXPECT_EQ(source->facts()->material_names, (std::vector<std::string>{"void", "powder"}));
    EXPECT_TRUE(source->facts()->in_product[3]);
    EXPECT_EQ(source->facts()->device, "cpu x86-64");
    EXPECT_EQ(source->status().phase, RunStatus::Phase::complete);
    EXPECT_EQ(source->status().realtime_factor, 20.0);
    EXPECT_EQ(source->status().energy_residual, 1.5e-11);
    EXPECT_EQ(source->history().times(), run.times());
    for (const auto& name : run.columns()) {
        if (name == "time_s") continue;
        const auto expected = run.column(name), got = source->history().column(name);
        EXPECT_TRUE(std::equal(expected.begin(), expected.end(), got.begin(), got.end())) << name;
    }
    ASSERT_EQ(source->events().size(), 1u);
    EXPECT_EQ(source->events()[0].time_s, 1.25);
    EXPECT_EQ(source->frame_times(), run.fields()->times());
    EXPECT_EQ(source->field_names(), run.fields()->fields());
    EXPECT_EQ(source->state().age_s, 0.0);
    EXPECT_EQ(source->control(), nullptr);
}

TEST(FolderSource, TheNearestFieldsThatAreWantedComeAndNoOthers) {
    const Folder folder;
    MadeRun{}.write(folder.path());
    const RunData run = RunData::read(folder.path());
    const auto source = open_folder(folder.path());
    ASSERT_TRUE(becomes(*source, Kind::finished));
    EXPECT_EQ(source->frame(), nullptr);
    source->want(26.1, {"T_K", "no_such_field"});
    ASSERT_TRUE(comes(*source, [&] { return source->frame() != nullptr; }));
    const std::size_t output = run.output_near(26.1);
    EXPECT_EQ(source->frame()->time_s, run.fields()->times()[output]);
    EXPECT_EQ(source->frame()->fields.size(), 1u);
    ASSERT_NE(source->frame()->find("T_K"), nullptr);
    EXPECT_EQ(*source->frame()->find("T_K"), run.fields()->read("T_K", output));
    // more fields of the same moment; then every output in turn, and back
    source->want(26.1, {"T_K", "J_over_J0"});
    ASSERT_TRUE(comes(*source, [&] { return source->frame()->find("J_over_J0") != nullptr; }));
    EXPECT_NE(source->frame()->find("T_K"), nullptr);
    for (const double t : {0.0, 2.5, 5.0, 7.5, 50.0, 7.5, 1e9, -5.0}) {
        source->want(t, {"T_K"});
        const std::size_t nearest = run.output_near(t);
        ASSERT_TRUE(comes(*source, [&] { return source->frame()->time_s == run.fields()->times()[nearest]; })) << t;
        EXPECT_EQ(*source->frame()->find("T_K"), run.fields()->read("T_K", nearest));
    }
}

TEST(FolderSource, WithRoomForOneFrameItStillServesAll) {
    const Folder folder;
    MadeRun{}.write(folder.path());
    const auto source = open_folder(folder.path(), 1);
    ASSERT_TRUE(becomes(*source, Kind::finished));
    for (const double t : {10.0, 40.0, 10.0}) {
        source->want(t, {"T_K", "capacity_mAh_g"});
        ASSERT_TRUE(comes(*source, [&] { return source->frame() && source->frame()->time_s == t; }));
    }
}

TEST(FolderSource, AFolderThatIsNotThereIsLookedForUntilARunIsInIt) {
    const Folder folder;
    const auto path = folder.path() / "later";
    const auto source = open_folder(path);
    ASSERT_TRUE(becomes(*source, Kind::empty));
    EXPECT_THAT(source->state().text, AllOf(HasSubstr("There is no folder"), HasSubstr("later")));
    EXPECT_THAT(source->state().advice, HasSubstr("jouletwin run SCENARIO -o"));
    EXPECT_EQ(source->facts(), nullptr);
    EXPECT_FALSE(std::filesystem::exists(path));
    std::filesystem::create_directories(path);
    ASSERT_TRUE(comes(*source, [&] { return source->state().text.find("holds no run yet") != std::string::npos; }));
    EXPECT_THAT(source->state().text, HasSubstr("start one with jouletwin run SCENARIO -o"));
    MadeRun{}.write(path);
    ASSERT_TRUE(becomes(*source, Kind::finished));
    std::filesystem::remove_all(path);
    ASSERT_TRUE(becomes(*source, Kind::empty));
    EXPECT_EQ(source->facts(), nullptr);
    EXPECT_TRUE(source->history().times().empty());
    EXPECT_TRUE(source->frame_times().empty());
}

TEST(FolderSource, ARunThatGoesOnIsFollowed) {
    const Folder folder;
    MadeRun run;
    run.summary = false, run.fields = false;
    std::filesystem::create_directories(folder.path());
    folder.write("scenario.toml", run.scenario());
    const auto source = open_folder(folder.path());
    ASSERT_TRUE(becomes(*source, Kind::waiting));
    ASSERT_NE(source->facts(), nullptr);  // of the scenario
    EXPECT_EQ(source->facts()->extents.count(), 16u);

    const std::string series = run.series();
    const auto lines = [&](int count) {
        std::size_t at = 0;
        for (int n = 0; n < count; ++n) at = series.find('\n', at) + 1;
        return series.substr(0, at);
    };
    folder.write("timeseries.csv", lines(3) + "7.5,12");  // the last line is being written
    ASSERT_TRUE(comes(*source, [&] { return source->history().times().size() == 2; }));
    EXPECT_EQ(source->state().kind, Kind::live);
    EXPECT_EQ(source->status().phase, RunStatus::Phase::running);
    EXPECT_LT(source->state().age_s, 30.0);
    const Extents e{4, 2, 2, 1e-3, 1e-3, 1e-3};
    RunFile fields =
        RunFile::create(folder.path() / "run.h5", e, {"T_K"}, 30, std::vector<std::uint8_t>(16, 1), {"void", "powder"});
    source->want(1e9, {"T_K"});
    for (int n = 0; n < 4; ++n) {
        folder.write("timeseries.csv", lines(n + 4));
        const std::vector<float> T(16, 300.0f + float(n));
        fields.append(2.5 * n, {{"T_K", T}});
        ASSERT_TRUE(comes(*source, [&] { return source->frame() && source->frame()->time_s == 2.5 * n; })) << n;
        EXPECT_EQ(source->frame()->find("T_K")->front(), 300.0f + float(n));
        ASSERT_TRUE(comes(*source, [&] { return source->history().times().size() == std::size_t(n + 3); })) << n;
    }
    folder.write("summary.json", run.summary_json().dump());
    ASSERT_TRUE(becomes(*source, Kind::finished));
    EXPECT_EQ(source->status().phase, RunStatus::Phase::complete);
}

TEST(FolderSource, ARunThatWasKilledIsUnfinishedAndSaysHowToGoOn) {
    const Folder folder;
    MadeRun run;
    run.summary = false;
    run.write(folder.path());
    age(folder.path());
    const auto source = open_folder(folder.path());
    ASSERT_TRUE(becomes(*source, Kind::finished));
    EXPECT_EQ(source->status().phase, RunStatus::Phase::unfinished);
    EXPECT_THAT(source->state().text, HasSubstr("no end"));
    EXPECT_THAT(source->state().advice, HasSubstr("jouletwin run --resume"));
    EXPECT_EQ(source->history().times().size(), 21u);
}

TEST(FolderSource, AFolderThatIsWrittenAnewShowsTheNewRun) {
    const Folder folder;
    MadeRun first;
    first.title = "first";
    const auto path = folder.path() / "run";
    first.write(path);
    const auto source = open_folder(path);
    ASSERT_TRUE(becomes(*source, Kind::finished));
    source->want(40.0, {"T_K"});
    ASSERT_TRUE(comes(*source, [&] { return source->frame() != nullptr; }));
    MadeRun second;
    second.title = "second", second.T_C = 900.0, second.dwell_s = 10.0;
    second.write(folder.path() / "new");
    std::filesystem::rename(path, folder.path() / "old");
    std::filesystem::rename(folder.path() / "new", path);
    ASSERT_TRUE(comes(*source, [&] { return source->facts() && source->facts()->scenario.title == "second"; }));
    ASSERT_TRUE(comes(
        *source, [&] { return source->state().kind == Kind::finished && source->history().times().back() == second.end_s(); }));
    // what was wanted is served from the new run: of its last output
    ASSERT_TRUE(comes(*source, [&] { return source->frame() && source->frame()->time_s == second.end_s(); }));
    EXPECT_EQ(source->frame_times().back(), second.end_s());
}

TEST(FolderSource, ADamagedFolderIsBrokenWithTheFirstProblem) {
    const Folder folder;
    MadeRun{}.write(folder.path());
    folder.write("summary.json", "{ \"device\": ");
    folder.write("run.h5", "no HDF5");
    age(folder.path());
    const auto source = open_folder(folder.path());
    ASSERT_TRUE(becomes(*source, Kind::broken));
    EXPECT_THAT(source->state().text, HasSubstr("summary.json"));
    EXPECT_EQ(source->state().text.find('\n'), std::string::npos);
    EXPECT_FALSE(source->state().advice.empty());
    // mended
    MadeRun{}.write(folder.path());
    ASSERT_TRUE(becomes(*source, Kind::finished));
}

TEST(FolderSource, DamageAfterwardsKeepsWhatWasRead) {
    const Folder folder;
    MadeRun{}.write(folder.path());
    const auto source = open_folder(folder.path());
    ASSERT_TRUE(becomes(*source, Kind::finished));
    folder.write("timeseries.csv", "time_s,T_mean_K\n0,banana\n");
    age(folder.path());
    ASSERT_TRUE(becomes(*source, Kind::broken));
    EXPECT_THAT(source->state().text, HasSubstr("banana"));
    EXPECT_EQ(source->history().times().size(), 21u);
    EXPECT_NE(source->facts(), nullptr);
}

TEST(FolderSource, AFileInPlaceOfAFolderIsRefused) {
    const Folder folder;
    folder.write("file", "x");
    const auto source = open_folder(folder.path() / "file");
    ASSERT_TRUE(becomes(*source, Kind::broken));
    EXPECT_THAT(source->state().text, HasSubstr("is a file"));
}

TEST(FolderSource, ARunOfTheCurrentAloneIsOneRow) {
    const Folder folder;
    folder.write("scenario.toml", R"([bed]
size = ["2 mm", "2 mm", "1 mm"]
voxel = "0.5 mm"
material = "matrix"
current_axis = "z"
[material.matrix]
sigma = "100 S/m"
[electrodes]
[heater]
mode = "voltage"
program = "1 V"
[run]
solve = "current"
)");
    folder.write("summary.json",
                 R"({"device": "cpu", "final": {"current_A": 3.5, "voltage_V": 1.0}, "peak": {"J_crowding": 1.25}})");
    const auto source = open_folder(folder.path());
    ASSERT_TRUE(becomes(*source, Kind::finished));
    ASSERT_EQ(source->history().times(), std::vector<double>{0.0});
    EXPECT_EQ(source->history().at("current_A", 0.0), 3.5);
    EXPECT_EQ(source->history().at("J_crowding", 0.0), 1.25);
    EXPECT_EQ(source->facts()->extents.count(), 32u);
    EXPECT_TRUE(source->frame_times().empty());
}

TEST(FolderSource, NeverChangesTheFolder) {
    const Folder folder;
    MadeRun{}.write(folder.path());
    const auto listing = [&] {
        std::vector<std::string> all;
        for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
            struct stat s;
            stat(entry.path().c_str(), &s);
            all.push_back(entry.path().filename().string() + " " + std::to_string(s.st_size) + " " +
                          std::to_string(s.st_mtim.tv_nsec) + " " + std::to_string(s.st_ino));
        }
        std::sort(all.begin(), all.end());
        return all;
    };
    const auto before = listing();
    {
        const auto source = open_folder(folder.path());
        ASSERT_TRUE(becomes(*source, Kind::finished));
        source->want(10.0, {"T_K"});
        ASSERT_TRUE(comes(*source, [&] { return source->frame() != nullptr; }));
    }
    EXPECT_EQ(listing(), before);
}

TEST(FolderSource, MayBeGivenUpAtOnce) {
    const Folder folder;
    MadeRun{}.write(folder.path());
    for (int n = 0; n < 20; ++n) {
        const auto source = open_folder(folder.path());
        source->want(double(n), {"T_K"});
        source->poll();
    }
}

}  // namespace
}  // namespace jt
