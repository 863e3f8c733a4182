// SPDX-License-Identifier: Apache-2.0
// `live`, `heater` and `replay` as a user runs them: processes of their own that talk over sockets, are killed and come back.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/paths.hpp"
#include "tests/support/program.hpp"

#ifdef JT_BRIDGE
namespace jt::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// Until `done`; false: 60 s are over, which only a defect takes.
bool until(const std::function<bool()>& done) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!done()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

// The program in the folder, its standard error in a file there.
class Process {
public:
    Process(const Folder& folder, const std::string& said, const std::vector<std::string>& arguments)
        : folder_(folder), said_(said) {
        folder.write(said, "");
        child_ = fork();
        if (child_ == 0) {
            const int err = open((folder / said).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
            if (chdir(folder.path().c_str()) != 0 || dup2(err, STDERR_FILENO) < 0) _exit(99);
            setenv("OMP_NUM_THREADS", "1", 1);
            std::vector<char*> words{const_cast<char*>(JT_PROGRAM)};
            for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
            words.push_back(nullptr);
            execv(JT_PROGRAM, words.data());
            _exit(98);
        }
    }
    ~Process() { end(SIGKILL); }
    Process(const Process&) = delete;

    std::string said() const { return folder_.read(said_); }
    bool says(const std::string& text) const {
        return until([&] { return said().find(text) != std::string::npos || ended(); }) &&
               said().find(text) != std::string::npos;
    }
    // Exit code, -1 where a signal ended it.
    int end(int signal) {
        if (child_ > 0 && !code_) kill(child_, signal);
        return wait();
    }
    int wait() {
        if (!code_ && !until([&] { return ended(); })) {
            kill(child_, SIGKILL);
            int status = 0;
            waitpid(child_, &status, 0);
            code_ = -2;
        }
        return *code_;
    }

private:
    bool ended() const {
        int status = 0;
        if (!code_ && waitpid(child_, &status, WNOHANG) == child_) code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return code_.has_value();
    }
    const Folder& folder_;
    std::string said_;
    pid_t child_ = 0;
    mutable std::optional<int> code_;
};

// Device R1 as a section of few cells, and a program of three seconds.
class LiveCommand : public testing::Test {
protected:
    Folder folder;
    std::string duration = "3 s";
    std::vector<std::string> sets() const {
        return {"--set", "bed.voxel=[\"2.5 mm\", \"10 mm\", \"0.125 mm\"]",
                "--set", "heater.program=[{to=\"500 degC\", in=\"2 s\"}, {to=\"100 degC\", in=\"1 s\"}]",
                "--set", "run.duration=\"" + duration + "\""};
    }
    static std::string scenario() { return std::string(JT_SOURCE_DIR) + "/data/scenarios/live_r1.toml"; }
    std::vector<std::string> with_sets(std::vector<std::string> words) const {
        const auto more = sets();
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    std::unique_ptr<Process> live(const std::string& said, const std::vector<std::string>& more = {"--once"}) {
        auto words = with_sets({"live", scenario(), "--sensors", "ipc://s", "--heater", "ipc://c", "--publish", "ipc://p",
                                "--requests", "ipc://r", "-o", "out", "--members", "8"});
        words.insert(words.end(), more.begin(), more.end());
        return std::make_unique<Process>(folder, said, words);
    }
    std::unique_ptr<Process> heater(const std::string& said) {
        return std::make_unique<Process>(
            folder, said, with_sets({"heater", scenario(), "--publish", "ipc://s", "--commands", "ipc://c", "--start"}));
    }
    // Ends of the windows in estimates.csv.
    std::vector<double> windows(const std::string& file) const {
        std::istringstream text(folder.read(file));
        std::vector<double> out;
        std::string line;
        std::getline(text, line);
        while (std::getline(text, line)) out.push_back(std::stod(line));
        return out;
    }
    void expect_no_gap(const std::string& file) const {
        const auto ends = windows(file);
        ASSERT_FALSE(ends.empty());
        EXPECT_GE(ends.back(), 2.89);  // and beyond 3 s as long as it takes to hear that the heater has ended
        EXPECT_LE(ends.front(), 0.51);
        for (std::size_t n = 1; n < ends.size(); ++n) {
            EXPECT_GT(ends[n], ends[n - 1]) << n;
            EXPECT_LT(ends[n], ends[n - 1] + 0.51) << n;  // five windows at once is the coarsest there is
        }
    }
    void expect_replay(const std::string& run) const {
        const Ran again = run_program("replay " + run, folder);
        EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
        EXPECT_THAT(again.out, HasSubstr("the same to the last bit as the live run"));
    }
};

TEST_F(LiveCommand, ARunLeavesItsFolderAndIsReplayedToTheLastBit) {
    auto twin = live("live.txt");
    ASSERT_TRUE(twin->says("ready")) << twin->said();
    auto plant = heater("heater.txt");
    EXPECT_EQ(twin->wait(), 0) << twin->said();
    for (const char* file : {"scenario.toml", "summary.json", "timeseries.csv", "estimates.csv", "run.h5", "run.xdmf",
                             "checkpoint.h5", "frames.log"})
        EXPECT_FALSE(folder.read(std::string("out/") + file).empty()) << file;
    expect_no_gap("out/estimates.csv");
    const auto summary = nlohmann::json::parse(folder.read("out/summary.json"));
    EXPECT_EQ(summary["assimilation"]["members"], 8);
    EXPECT_TRUE(summary["assimilation"]["parameters"].contains("emissivity"));
    const auto& bead = summary["assimilation"]["sensors"]["tc_centre"];
    double ranked = 0.0;
    for (const auto& n : bead["rank_histogram"]) ranked += n.get<double>();
    EXPECT_EQ(bead["rank_histogram"].size(), 9u);
    EXPECT_EQ(ranked, bead["counters"]["accepted"].get<double>());
    EXPECT_GT(bead["spread_over_skill"].get<double>(), 0.0);
    EXPECT_GT(summary["assimilation"]["latency_p99_s"].get<double>(), 0.0);
    EXPECT_LT(summary["energy"]["residual_relative"].get<double>(), 1e-6);
    EXPECT_NE(summary["energy"]["assimilated_J"].get<double>(), 0.0);
    const std::string series = folder.read("out/timeseries.csv");
    for (const char* band :
         {"T_max_K_p05", "T_min_K_p95", "T_spread_K_p05", "voltage_V_p05", "power_W_p95", "Th_K_p05", "id_ig_p95"})
        EXPECT_THAT(series, HasSubstr(band));
    EXPECT_THAT(series, Not(HasSubstr("current_A_p05")));  // as measured
    expect_replay("out");
    EXPECT_THAT(folder.read("out-replay/forecasts.csv"), HasSubstr("\n1,11,"));  // live it has the time that others leave
    for (const char* option : {"--members 8", "--seed 1", "--filter letkf", "--radius 5mm", "--column T=T"}) {
        const Ran refused = run_program(std::string("replay out -o again ") + option, folder);
        EXPECT_EQ(refused.exit_code, 2) << option;
        EXPECT_THAT(refused.err, HasSubstr("belongs to a table of readings"));
    }
    // what was altered is noticed
    std::string estimates = folder.read("out/estimates.csv");
    estimates[estimates.size() / 2] ^= 1;
    folder.write("out/estimates.csv", estimates);
    EXPECT_EQ(run_program("replay out -o again", folder).exit_code, 1);
}

TEST_F(LiveCommand, ATwinThatIsKilledGoesOnWithItsRun) {
    const std::vector<std::string> local{"--once", "--filter", "letkf", "--radius", "5 mm"};  // which a replay has to know of
    auto twin = live("live0.txt", local);
    ASSERT_TRUE(twin->says("ready")) << twin->said();
    auto plant = heater("heater.txt");
    for (const int n : {1, 2}) {
        ASSERT_TRUE(until([&] { return windows("out/estimates.csv").size() > std::size_t(n == 1 ? 5 : 0); }));
        ASSERT_TRUE(twin->says("run 1 of the heater")) << twin->said();
        EXPECT_EQ(twin->end(SIGKILL), -1);
        twin = live("live" + std::to_string(n) + ".txt", local);
        ASSERT_TRUE(twin->says("run 1 of the heater goes on")) << twin->said();
    }
    EXPECT_EQ(twin->wait(), 0) << twin->said();
    expect_no_gap("out/estimates.csv");
    expect_replay("out");
}

// Comes back when the heater is done: the run's folder is finished from what was recorded.
TEST_F(LiveCommand, ATwinThatComesBackAfterTheRunFinishesIt) {
    auto twin = live("live0.txt");
    ASSERT_TRUE(twin->says("ready")) << twin->said();
    auto plant = heater("heater.txt");
    ASSERT_TRUE(until([&] { return windows("out/estimates.csv").size() > 5; }));
    EXPECT_EQ(twin->end(SIGKILL), -1);
    ASSERT_TRUE(plant->says("the program has ended")) << plant->said();
    twin = live("live1.txt");
    ASSERT_TRUE(twin->says("run 1 of the heater goes on")) << twin->said();
    EXPECT_EQ(twin->wait(), 0) << twin->said();
    expect_no_gap("out/estimates.csv");
    EXPECT_FALSE(nlohmann::json::parse(folder.read("out/summary.json"))["interrupted"].get<bool>());
    expect_replay("out");
}

TEST_F(LiveCommand, AHeaterThatStartsAnewIsAnotherRun) {
    duration = "60 s";  // neither run ends by itself
    auto twin = live("live.txt", {});
    ASSERT_TRUE(twin->says("ready")) << twin->said();
    auto plant = heater("heater1.txt");
    ASSERT_TRUE(twin->says("run 1 of the heater has begun"));
    plant->end(SIGKILL);
    plant = heater("heater2.txt");
    ASSERT_TRUE(twin->says("the heater has started anew")) << twin->said();
    ASSERT_TRUE(twin->says("run 2 of the heater has begun, recorded in out-2")) << twin->said();
    EXPECT_EQ(twin->end(SIGINT), 130) << twin->said();
    EXPECT_TRUE(nlohmann::json::parse(folder.read("out-2/summary.json"))["interrupted"].get<bool>());
}

TEST_F(LiveCommand, BadInputIsNamed) {
    const auto problem = [&](const std::string& arguments, int code = 2) {
        const Ran ran = run_program(arguments, folder);
        EXPECT_EQ(ran.exit_code, code) << arguments;
        return ran.err;
    };
    EXPECT_THAT(problem("live none.toml"), HasSubstr("none.toml"));
    EXPECT_THAT(problem("live " + scenario() + " --members 3"), HasSubstr("--members"));
    EXPECT_THAT(problem("live " + scenario() + " --filter enkf"), HasSubstr("--filter"));
    EXPECT_THAT(problem("live " + scenario() + " --radius 5mm"), HasSubstr("belongs to --filter letkf"));
    EXPECT_THAT(problem("live " + scenario() + " --filter letkf --radius 5kg"), HasSubstr("--radius"));
    EXPECT_THAT(problem("live " + scenario() + " --filter letkf --radius 0mm"), HasSubstr("allowed: more than 0"));
    EXPECT_THAT(problem("experiment r1 --radius 5mm"), HasSubstr("belongs to --filter letkf"));
    EXPECT_THAT(problem("live " + scenario() + " --sensors nowhere"), HasSubstr("nowhere"));
    EXPECT_THAT(problem("live " + scenario() + " --publish tcp://0.0.0.0:*"), HasSubstr("--allow"));
    EXPECT_THAT(problem("live " + scenario() + " --set run.steady=true"), HasSubstr("steady"));
    EXPECT_THAT(problem("replay nothing"), HasSubstr("nothing"));
    EXPECT_THAT(problem("replay ."), HasSubstr("scenario.toml"));
    folder.write("t.csv", "t,T\n0,20\n");
    EXPECT_THAT(problem("replay t.csv"), HasSubstr("--scenario"));
    EXPECT_THAT(problem("replay t.csv --scenario " + scenario()), HasSubstr("t.csv"));
    EXPECT_EQ(folder.files(), 1u);  // nothing was begun
}

}  // namespace
}  // namespace jt::test
#endif
