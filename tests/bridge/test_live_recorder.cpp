// SPDX-License-Identifier: Apache-2.0
// A run folder that the disk cannot take: it is told, the twin goes on, and the end comes.
#include "bridge/live/live_recorder.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/paths.hpp"
#include "tests/support/killed.hpp"
#include "tests/support/live_story.hpp"
#include "twin/recording/read_run.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/scenario/resolved.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

class LiveRecorders : public testing::Test {
protected:
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("jouletwin_recorder_" + std::to_string(getpid()) + "_" +
                                                  testing::UnitTest::GetInstance()->current_test_info()->name());
    Scenario scenario = read_scenario(std::filesystem::path(JT_SOURCE_DIR) / "data/scenarios/live_r1.toml",
                                      {"bed.voxel=[\"2.5 mm\", \"10 mm\", \"0.125 mm\"]",
                                       "sensor[0].spot={center=[\"10 mm\", \"5 mm\"], diameter=\"8 mm\"}"});
    std::unique_ptr<Backend> backend = make_backend("cpu");
    void TearDown() override { std::filesystem::remove_all(folder); }

    LiveTwinOptions few() const {
        LiveTwinOptions options;
        options.members = 8;
        return options;
    }
    // A result with a row of the run folder.
    static LiveResult with_row(support::LiveStory& story) {
        std::optional<LiveResult> kept;
        for (double end = 0.2; !kept && end < 5.0; end += 0.2)
            story.run(end, [&](const LiveResult& r) {
                if (r.row && !kept) kept = r;
            });
        EXPECT_TRUE(kept);
        return kept.value_or(LiveResult{});
    }
};

// In a process of its own: HDF5 keeps what it could not flush.
TEST_F(LiveRecorders, ADiskThatIsFullIsToldAndTheTwinGoesOn) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto goes_on = [&] {
        support::LiveStory story(scenario, {}, {}, 1, few());
        LiveRecorder recorder(folder, resolved_toml(scenario), *backend, *story.twin);
        LiveResult result = with_row(story);
        recorder.put(result);
        test::limit_file_size(16 << 10);
        for (int n = 0; n < 400; ++n) {
            result.state.run_s += 0.1, result.row->record.time_s += 0.1;
            recorder.put(result);
        }
        recorder.drain(false, 1.0);
        recorder.finish({});
        const std::string trouble = recorder.trouble();
        story.run(6.0);
        std::filesystem::remove_all(folder);
        fprintf(stderr, "%s\n", trouble.c_str());
        _exit(trouble.find(folder.string()) != std::string::npos && story.last.state.run_s > 5.5 ? 0 : 1);
    };
    EXPECT_EXIT(goes_on(), testing::ExitedWithCode(0), "jouletwin_recorder");
}

// A heater can hold for as long as its operator likes.
TEST_F(LiveRecorders, ARunLongerThanTheFilesRoomKeepsItsRows) {
    support::LiveStory story(scenario, {}, {}, 1, few());
    LiveRecorder recorder(folder, resolved_toml(scenario), *backend, *story.twin);
    LiveResult result = with_row(story);
    const std::size_t rows = 600;
    for (std::size_t n = 0; n < rows; ++n) {
        recorder.put(result);
        result.state.run_s += 0.5, result.row->record.time_s += 0.5;
    }
    recorder.drain(false, 1.0);
    EXPECT_THAT(recorder.trouble(), HasSubstr("run.h5: full after"));
    EXPECT_EQ(recorder.run().records.size(), rows);
    recorder.finish({});
    EXPECT_TRUE(std::filesystem::exists(folder / "summary.json")) << recorder.trouble();
    const RunData back = RunData::read(folder);
    EXPECT_EQ(back.times().size(), rows);
    EXPECT_GT(back.fields()->times().size(), 400u);
    EXPECT_LT(back.fields()->times().size(), rows);
    EXPECT_NO_THROW(LiveRecorder(LiveRecorder::Resume{}, folder, *backend, *story.twin));
}

TEST_F(LiveRecorders, ADiskThatIsTooSlowLosesResultsAndSaysSo) {
    support::LiveStory story(scenario, {}, {}, 1, few());
    LiveRecorder recorder(folder, resolved_toml(scenario), *backend, *story.twin);
    LiveResult result = with_row(story);
    int put = 0;
    for (; put < 100000 && recorder.trouble().find("too slow") == std::string::npos; ++put) {
        result.state.run_s += 0.1, result.row->record.time_s += 0.1;
        recorder.put(result);
    }
    EXPECT_THAT(recorder.trouble(), testing::AllOf(HasSubstr("too slow"), HasSubstr(folder.string())));
    recorder.drain(false, 1.0);
    EXPECT_GT(recorder.run().records.size(), 0u);
    EXPECT_LT(recorder.run().records.size(), std::size_t(put));
    recorder.finish({});
    EXPECT_TRUE(std::filesystem::exists(folder / "summary.json")) << recorder.trouble();
}

}  // namespace
}  // namespace jt
