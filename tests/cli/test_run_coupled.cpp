// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>

#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/paths.hpp"
#include "tests/support/program.hpp"
#include "tests/support/scenario_text.hpp"
#include "twin/recording/run_file.hpp"

namespace jt {
namespace {

using test::Folder;
using test::Ran;
using test::run_program;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// R1 in little: a bed between two strips, in closed loop.
const std::string kLittle =
    "[bed]\nsize=['10 mm','2 mm','1.2 mm']\nvoxel=['0.5 mm','1 mm','0.1 mm']\nmaterial='coconut_char_600'\n"
    "[[bed.region]]\nshape='box'\nfrom=['0 mm','0 mm','0.9 mm']\nto=['10 mm','2 mm','1.2 mm']\n"
    "material='carbon_paper_tgp_h_090'\nsheet_thickness='0.28 mm'\n"
    "[[terminal]]\nname='l'\nface='xmin'\nmaterial='carbon_paper_tgp_h_090'\ntemperature='350 K'\n"
    "contact_conductance='2625 W/(m^2 K)'\n"
    "[[terminal]]\nname='r'\nface='xmax'\nmaterial='carbon_paper_tgp_h_090'\ntemperature='350 K'\n"
    "contact_conductance='2625 W/(m^2 K)'\n"
    "[surface]\nemissivity=0.9\nconvection='20 W/(m^2 K)'\nambient='25 degC'\n"
    "[heater]\nmode='temperature'\nfeedback='p'\nprogram=[{to='900 degC', in='2 s'}, {hold='1 s'}]\n"
    "supply={current='20 A', voltage='20 V', slew='50 A/s', update='10 Hz', delay='0.1 s'}\n"
    "[[sensor]]\nname='p'\nkind='ratio_pyrometer'\nface='zmax'\nspot={center=['5 mm','1 mm'], diameter='2 mm'}\n"
    "floor='570 degC'\n[[probe]]\nname='middle'\nat=['5 mm','1 mm','0.3 mm']\nquantity='T_K'\n"
    "[run]\nduration='3 s'\noutput_every='0.05 s'\n";

TEST(RunCoupled, LeavesTheFolderOfTheContract) {
    const Folder folder;
    folder.write("s.toml", kLittle);
    const Ran ran = run_program("run s.toml -o r --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    for (const char* file : {"scenario.toml", "summary.json", "timeseries.csv", "run.h5", "run.xdmf", "checkpoint.h5"})
        EXPECT_TRUE(std::filesystem::exists(folder.path() / "r" / file)) << file;
    const auto summary = nlohmann::json::parse(ran.out);
    EXPECT_EQ(summary, nlohmann::json::parse(folder.read("r/summary.json")));
    for (const char* key :
         {"version", "device", "instruction_set", "cells", "steps", "simulated_s", "wall_s", "realtime_factor",
          "bytes_per_cell", "energy", "current_balance_relative", "peak", "final", "microstructure", "probes", "events"})
        EXPECT_TRUE(summary.contains(key)) << key;
    for (const char* key : {"electrical_J", "stored_J", "lost_J", "assimilated_J", "residual_relative"})
        EXPECT_TRUE(summary["energy"].contains(key)) << key;
    EXPECT_LE(summary["energy"]["residual_relative"].get<double>(), 1e-8);
    EXPECT_LE(summary["current_balance_relative"].get<double>(), 1e-8);
    EXPECT_GT(summary["probes"]["middle"].get<double>(), 700.0);
    const auto& micro = summary["microstructure"];
    for (const char* key : {"Th_K", "id_ig", "d002_nm", "La_nm", "Lc_nm", "plateau_mAh_g", "capacity_mAh_g", "ice_percent"}) {
        EXPECT_TRUE(micro[key].is_number()) << key;
        EXPECT_GT(micro["uncertainty"].value(key, key == std::string("Th_K") ? 1.0 : 0.0), 0.0) << key;
        const auto& spread = micro["distribution"][key];
        EXPECT_LE(spread["p05"], spread["p50"]) << key;
        EXPECT_LE(spread["p50"], spread["p95"]) << key;
        double total = 0.0;
        for (const double share : spread["share"]) total += share;
        EXPECT_NEAR(total, 1.0, 1e-9) << key;
        EXPECT_EQ(spread["edges"].size(), spread["share"].size() + 1) << key;
    }
    EXPECT_FALSE(micro.contains("released_kg"));  // not switched on
    EXPECT_THAT(folder.read("r/timeseries.csv"), HasSubstr(",Th_K,id_ig,d002_nm,"));
    EXPECT_THAT(folder.read("r/timeseries.csv"), HasSubstr("time_s,setpoint_K,T_mean_K,T_max_K,T_min_K"));
    const RunFile fields = RunFile::open(folder.path() / "r/run.h5", 61);
    EXPECT_EQ(fields.steps(), 61u);
    const auto T = fields.read("T_K", 60);
    EXPECT_NEAR(*std::max_element(T.begin(), T.end()), summary["final"]["T_max_K"].get<double>(), 1e-3);
    const Ran again = run_program("run r/scenario.toml -o again --device mirror", folder);
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(folder.read("r/timeseries.csv"), folder.read("again/timeseries.csv"));
}

// Starts the program; the caller ends it.
pid_t start_program(const Folder& folder, const std::vector<std::string>& arguments) {
    const pid_t child = fork();
    if (child != 0) return child;
    if (chdir(folder.path().c_str()) != 0 || !freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
        _exit(99);
    std::vector<char*> argv{const_cast<char*>(JT_PROGRAM)};
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    execv(JT_PROGRAM, argv.data());
    _exit(98);
}

TEST(RunCoupled, SlowKilledAtTwentyInstantsItIsReadableAndGoesOnBitForBit) {
    const Folder folder;
    folder.write("s.toml", kLittle);
    ASSERT_EQ(run_program("run s.toml -o whole", folder).exit_code, 0);
    const RunFile whole = RunFile::open(folder.path() / "whole/run.h5", 61);
    std::uint64_t random = 12345;
    int resumes = 0;
    for (int kill_number = 0; kill_number < 20; ++kill_number) {
        const std::string name = "k" + std::to_string(kill_number);
        const pid_t child = start_program(folder, {"run", "s.toml", "-o", name});
        random = random * 6364136223846793005ull + 1442695040888963407ull;
        // where in its life the kill falls is the point of the test, so that no condition could be waited for
        std::this_thread::sleep_for(std::chrono::milliseconds(20 + (random >> 33) % 1200));
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        const auto path = folder.path() / name;
        if (!std::filesystem::exists(path / "scenario.toml")) continue;  // before there was a run
        if (std::filesystem::exists(path / "run.h5")) {                  // readable as it was left
            std::filesystem::copy_file(path / "run.h5", folder.path() / "copy.h5",
                                       std::filesystem::copy_options::overwrite_existing);
            const RunFile left = RunFile::open(folder.path() / "copy.h5", 0);
            EXPECT_EQ(left.fields(), whole.fields());
        }
        ++resumes;
        const Ran resumed = run_program("run --resume " + name, folder);
        ASSERT_EQ(resumed.exit_code, 0) << kill_number << resumed.err;
        EXPECT_EQ(folder.read(name + "/timeseries.csv"), folder.read("whole/timeseries.csv")) << kill_number;
        const RunFile fields = RunFile::open(path / "run.h5", 61);
        ASSERT_EQ(fields.steps(), 61u);
        for (const std::size_t step : {std::size_t(1), std::size_t(30), std::size_t(60)})
            for (const auto& field : fields.fields()) {
                const auto a = fields.read(field, step), b = whole.read(field, step);
                EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(float)), 0) << kill_number << " " << field;
            }
        const auto one = nlohmann::json::parse(folder.read(name + "/summary.json")),
                   two = nlohmann::json::parse(folder.read("whole/summary.json"));
        for (const char* key : {"energy", "peak", "final", "probes", "events", "steps"}) EXPECT_EQ(one[key], two[key]) << key;
    }
    EXPECT_GE(resumes, 10);
}

TEST(RunCoupled, AnInterruptKeepsWhatWasComputedAndExits130) {
    const Folder folder;
    folder.write("s.toml", kLittle);
    const pid_t child = start_program(folder, {"run", "s.toml", "-o", "r", "--rate", "1"});
    while (!std::filesystem::exists(folder.path() / "r/checkpoint.h5") && waitpid(child, nullptr, WNOHANG) == 0)
        std::this_thread::yield();
    kill(child, SIGINT);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 130);
    const auto summary = nlohmann::json::parse(folder.read("r/summary.json"));
    EXPECT_TRUE(summary["interrupted"].get<bool>());
    EXPECT_LT(summary["simulated_s"].get<double>(), 3.0);
    ASSERT_EQ(run_program("run --resume r", folder).exit_code, 0);
    EXPECT_FALSE(nlohmann::json::parse(folder.read("r/summary.json"))["interrupted"].get<bool>());
}

TEST(RunCoupled, AFullDiskIsExitFiveAndNamesTheFile) {
    const Folder folder;
    folder.write("s.toml", kLittle);
    // bash: files of at most 40 blocks of 1024 bytes; writes beyond them fail as on a full disk
    const std::string limited = "cd '" + folder.path().string() +
                                "' && bash -c \"trap '' XFSZ; ulimit -f 40; exec '" JT_PROGRAM
                                "' run s.toml -o r\" >/dev/null 2>err";
    const int status = std::system(limited.c_str());
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 5) << folder.read("err");
    EXPECT_THAT(folder.read("err"), HasSubstr("r/run.h5"));
}

TEST(RunCoupled, ResumeOfNothingOrOfAnotherKindIsRefused) {
    const Folder folder;
    Ran ran = run_program("run --resume nowhere", folder);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, AllOf(HasSubstr("nowhere"), HasSubstr("scenario.toml")));
    folder.write("s.toml", support::kPlain);
    ASSERT_EQ(run_program("run s.toml -o r", folder).exit_code, 0);
    ran = run_program("run --resume r", folder);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, HasSubstr("coupled"));
    EXPECT_EQ(run_program("run s.toml --resume r", folder).exit_code, 2);
    EXPECT_EQ(run_program("run", folder).exit_code, 2);
    EXPECT_EQ(run_program("run s.toml --rate -1", folder).exit_code, 2);
}

TEST(RunCoupled, ADamagedCheckpointFallsBackToTheOneBeforeAndSaysSo) {
    const Folder folder;
    folder.write("s.toml", kLittle);
    ASSERT_EQ(run_program("run s.toml -o r", folder).exit_code, 0);
    const std::string series = folder.read("r/timeseries.csv");
    std::string bytes = folder.read("r/checkpoint.h5");
    bytes[bytes.size() / 2] ^= 1;
    folder.write("r/checkpoint.h5", bytes);
    const Ran ran = run_program("run --resume r", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("checkpoint"));
    EXPECT_EQ(folder.read("r/timeseries.csv"), series);
}

TEST(RunCoupled, SteadyImposedAndFurnaceRunsHaveTheirOwnNumbers) {
    const Folder folder;
    const std::string bed =
        "[bed]\nsize=['4 mm','4 mm','4 mm']\nvoxel='1 mm'\nmaterial='coconut_char_600'\n[surface]\nemissivity=0.9\n"
        "ambient='25 degC'\n";
    folder.write("furnace.toml", bed + "[furnace]\nwall=[{to='600 degC', rate='1 K/s'}]\n[run]\nduration='10 min'\n");
    Ran ran = run_program("run furnace.toml -o f --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    auto summary = nlohmann::json::parse(ran.out);
    EXPECT_GT(summary["final"]["T_mean_K"].get<double>(), 700.0);
    EXPECT_FALSE(summary["final"].contains("current_A"));
    EXPECT_THAT(folder.read("f/timeseries.csv"), Not(HasSubstr("current_A")));
    folder.write(
        "imposed.toml",
        bed + "[heater]\nmode='imposed'\nprogram=[{to='1000 degC', in='10 s'}, {hold='30 s'}]\n[run]\nduration='40 s'\n");
    ran = run_program("run imposed.toml -o i --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    summary = nlohmann::json::parse(ran.out);
    EXPECT_NEAR(summary["final"]["T_mean_K"].get<double>(), 1273.15, 1e-9);
    folder.write("steady.toml", bed + "[face.zmin]\ntemperature='900 K'\n[run]\nsteady=true\n");
    ran = run_program("run steady.toml -o s --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    summary = nlohmann::json::parse(ran.out);
    EXPECT_LT(summary["final"]["T_min_K"].get<double>(), 890.0);
    EXPECT_FALSE(summary.contains("steps"));
}

const std::string kScenarios = std::string(JT_SOURCE_DIR) + "/data/scenarios/";

TEST(RunCoupled, ScenariosOfTheDataFolderKeepTheirBalances) {
    for (const char* name : {"jh_1000_30", "jh_runouts", "plug", "plug_filament", "hot_spot"}) {
        const Folder folder;
        const Ran ran = run_program("run " + kScenarios + name +
                                        ".toml -o r --json --set 'run.duration=\"0.3 s\"' --set "
                                        "'run.output_every=\"0.1 s\"'",
                                    folder);
        ASSERT_EQ(ran.exit_code, 0) << name << ran.err;
        const auto summary = nlohmann::json::parse(ran.out);
        EXPECT_LE(summary["energy"]["residual_relative"].get<double>(), 1e-8) << name;
        EXPECT_LE(summary["current_balance_relative"].get<double>(), 1e-8) << name;
        EXPECT_GT(summary["final"]["T_mean_K"].get<double>(), 298.2) << name;
        // the histogram of |J|/J0 at the output with the greatest power
        const auto& h = summary["current_density_histogram"];
        double sum = h["below"].get<double>() + h["above"].get<double>();
        for (const double share : h["share"]) sum += share;
        EXPECT_NEAR(sum, 1.0, 1e-12) << name;
        EXPECT_GT(h["time_s"].get<double>(), 0.0) << name;
        EXPECT_TRUE(std::filesystem::exists(folder.path() / "r/histogram_J_over_J0.png")) << name;
    }
}

TEST(RunCoupled, SlowUnevenPlugReportsFilamentationAndFinishes) {
    const Folder folder;
    Ran ran = run_program("run " + kScenarios + "plug_filament.toml -o r --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    auto summary = nlohmann::json::parse(ran.out);
    EXPECT_DOUBLE_EQ(summary["simulated_s"].get<double>(), 40.0);
    EXPECT_THAT(summary["events"].dump(), HasSubstr("filamentation"));
    EXPECT_LE(summary["energy"]["residual_relative"].get<double>(), 1e-8);
    ran = run_program("run " + kScenarios + "plug.toml -o p --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    summary = nlohmann::json::parse(ran.out);
    EXPECT_THAT(summary["events"].dump(), Not(HasSubstr("filamentation")));
    EXPECT_NEAR(summary["final"]["T_mean_K"].get<double>(), 1273.15, 5.0);
}

TEST(RunCoupled, AFeltFromATomographHeatsAndBalances) {
    if (!std::filesystem::exists(std::string(JT_SOURCE_DIR) + "/../shared/data/fiberform_100.tif"))
        GTEST_SKIP() << "data: no fiberform_100.tif";
    const Folder folder;
    const Ran ran = run_program(
        "run " + kScenarios + "ct_bed.toml -o r --json --set 'run.duration=\"0.2 s\"' --set bed.map.coarsen=4", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const auto summary = nlohmann::json::parse(ran.out);
    EXPECT_LE(summary["energy"]["residual_relative"].get<double>(), 1e-8);
    EXPECT_LE(summary["current_balance_relative"].get<double>(), 1e-8);
    EXPECT_EQ(summary["events"].dump().find("filamentation"), std::string::npos);  // its crowding is its shape
}

TEST(RunCoupled, CheckSaysWhatTheSupplyLacksAndTheLimitIsAnEventOfTheRun) {
    const Folder folder;
    const std::string plug = kScenarios + "plug.toml --set 'heater.supply.voltage=\"40 V\"'";
    const Ran checked = run_program("check " + plug, folder);
    ASSERT_EQ(checked.exit_code, 0) << checked.err;
    EXPECT_THAT(checked.out, testing::ContainsRegex("# warning: the program needs 5[0-9.]* V at 25 degC; limit 40 V"));
    EXPECT_THAT(run_program("check " + kScenarios + "plug.toml", folder).out, Not(HasSubstr("the program needs")));
    const Ran ran = run_program("run " + plug +
                                    " --set 'run.duration=\"1 s\"' --set 'run.output_every=\"0.1 s\"' --set "
                                    "'bed.voxel=[\"1 mm\", \"1 mm\", \"0.125 mm\"]' -o r",
                                folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("limit 40 V"));
    EXPECT_THAT(ran.out, HasSubstr("supply at its limit of voltage"));
}

TEST(RunCoupled, WhatHasNoEffectAndWhatIsInaccurateIsSaid) {
    const Folder folder;
    folder.write("s.toml",
                 "[bed]\nsize=['10 mm','10 mm','1 mm']\nvoxel='1 mm'\nmaterial='m'\ncurrent_axis='z'\n"
                 "initial_history='600 degC for 2 h at 5 K/min'\n"
                 "[material.m]\nthermal_conductivity='1 W/(m K)'\ndensity='1000 kg/m^3'\nheat_capacity='1000 J/(kg K)'\n"
                 "[material.m.sigma]\nkind='exp'\nvalue='10 S/m'\nslope='2e-3 1/K'\nreference='300 K'\nvalid=['1 K','5000 K']\n"
                 "[electrodes]\n[heater]\nmode='voltage'\nprogram='50 V'\nlimits={temperature='400 degC'}\n"
                 "supply={slew='5 A/s'}\n[[sensor]]\nname='tc1'\nkind='thermocouple'\nat=['1 mm','1 mm','0.5 mm']\n"
                 "[run]\nduration='4 ms'\noutput_every='1 ms'\n");
    const Ran ran = run_program("run s.toml -o r", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(
        ran.err,
        AllOf(HasSubstr("bed.initial_history has no effect: no material"), HasSubstr("sensor \"tc1\": no effect on a run"),
              HasSubstr("heater.limits.temperature has no effect"), HasSubstr("heater.supply.slew and delay have no effect")));
    EXPECT_THAT(ran.out, HasSubstr("the shortest step is taken although its error is"));
    EXPECT_THAT(run_program("run s.toml -o r --set 'heater.program=\"1 V\"'", folder).out, Not(HasSubstr("shortest step")));
}

// What cannot be built leaves an earlier run in the same folder alone.
TEST(RunCoupled, ARefusedScenarioKeepsTheRunThatWasThere) {
    const Folder folder;
    folder.write("s.toml", kLittle);
    ASSERT_EQ(run_program("run s.toml -o r --set 'run.duration=\"0.1 s\"'", folder).exit_code, 0);
    const std::string series = folder.read("r/timeseries.csv"), scenario = folder.read("r/scenario.toml");
    const Ran loop = run_program("run s.toml -o r --set run.steady=true", folder);
    EXPECT_EQ(loop.exit_code, 2);
    EXPECT_THAT(loop.err, HasSubstr("has no steady state of its own"));
    EXPECT_EQ(run_program("run s.toml -o r --set 'sensor[0].spot.center=[\"50 mm\", \"1 mm\"]'", folder).exit_code, 2);
    EXPECT_EQ(folder.read("r/timeseries.csv"), series);
    EXPECT_EQ(folder.read("r/scenario.toml"), scenario);
}

TEST(RunCoupled, ARunawayIsExitFourByNameAndKeepsItsFolder) {
    const Folder folder;
    folder.write("s.toml",
                 "[bed]\nsize=['10 mm','10 mm','1 mm']\nvoxel='1 mm'\nmaterial='m'\ncurrent_axis='z'\n"
                 "[material.m]\nthermal_conductivity='1 W/(m K)'\ndensity='1000 kg/m^3'\nheat_capacity='1000 J/(kg K)'\n"
                 "[material.m.sigma]\nkind='exp'\nvalue='10 S/m'\nslope='2e-3 1/K'\nreference='300 K'\nvalid=['1 K','5000 K']\n"
                 "[electrodes]\n[heater]\nmode='voltage'\nprogram='5 V'\n[run]\nduration='100 s'\noutput_every='0.1 s'\n");
    const Ran ran = run_program("run s.toml -o r", folder);
    EXPECT_EQ(ran.exit_code, 4);
    EXPECT_THAT(ran.err, HasSubstr("runaway"));
    const auto summary = nlohmann::json::parse(folder.read("r/summary.json"));
    EXPECT_THAT(summary["failure"].get<std::string>(), HasSubstr("runaway"));
}

TEST(RunCoupled, WithoutADisplayARunWithAScreenGoesOnWithoutAndIsTheSame) {
    if (run_program("run --help", Folder()).out.find("--view") == std::string::npos) GTEST_SKIP() << "built without the screen";
    const Folder folder;
    folder.write("s.toml", kLittle);
    ::unsetenv("DISPLAY");
    ::unsetenv("WAYLAND_DISPLAY");
    const Ran seen = run_program("run s.toml -o seen --view --rate 0", folder);
    ASSERT_EQ(seen.exit_code, 0) << seen.err;
    EXPECT_THAT(seen.err, AllOf(HasSubstr("no screen"), HasSubstr("jouletwin view"), HasSubstr("--screenshot")));
    const Ran alone = run_program("run s.toml -o alone", folder);
    ASSERT_EQ(alone.exit_code, 0) << alone.err;
    EXPECT_EQ(folder.read("seen/timeseries.csv"), folder.read("alone/timeseries.csv"));
    EXPECT_TRUE(folder.read("seen/run.h5") == folder.read("alone/run.h5"));
    // what goes wrong in the run ends the program as it would without a screen
    EXPECT_EQ(run_program("run missing.toml --view", folder).exit_code, 2);
    folder.write("taken", "a file");
    const Ran refused = run_program("run s.toml -o taken/r --view --rate 0", folder);
    EXPECT_EQ(refused.exit_code, 5) << refused.err;
}

TEST(RunCoupled, AtARateEachStepWaitsForItsTime) {
    const Folder folder;
    folder.write("s.toml", kLittle);
    const Ran ran = run_program("run s.toml -o r --rate 2 --set 'run.output_every=\"3 s\"' --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    // no faster than it may: 3 s at twice the wall's rate, though there are two outputs only
    EXPECT_GE(nlohmann::json::parse(ran.out)["wall_s"].get<double>(), 1.45);
}

}  // namespace
}  // namespace jt
