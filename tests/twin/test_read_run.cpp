// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/read_run.hpp"

#include <gmock/gmock.h>

#include "kernels/error.hpp"
#include "tests/support/program.hpp"
#include "tests/support/run_folder_maker.hpp"
#include "twin/microstructure/treatment.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

using test::Folder;
using test::MadeRun;
using testing::HasSubstr;

std::string refused(const std::filesystem::path& folder) {
    try {
        RunData::read(folder);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(ReadRun, GivesBackWhatWasWritten) {
    const Folder folder;
    const MadeRun made;
    made.write(folder.path() / "r");
    const RunData run = RunData::read(folder.path() / "r");
    EXPECT_EQ(run.name(), "r");
    EXPECT_EQ(run.kind(), RunData::Kind::transient);
    EXPECT_EQ(run.state(), RunData::State::complete);
    EXPECT_EQ(run.scenario().title, "A run");
    ASSERT_EQ(run.times().size(), 21u);
    EXPECT_DOUBLE_EQ(run.times()[8], 20.0);
    EXPECT_DOUBLE_EQ(*run.at("T_mean_K", 25.2), 1273.15);
    EXPECT_DOUBLE_EQ(*run.number("energy", "electrical_J"), 2841.5);
    EXPECT_FALSE(run.number("energy", "assimilated_J"));
    EXPECT_EQ(run.events().at(0).text, "current limit: 20 A");
    ASSERT_TRUE(run.fields());
    EXPECT_EQ(run.fields()->times().size(), 21u);
    EXPECT_EQ(run.output_near(25.9), 10u);
    EXPECT_EQ(run.output_near(27.4), 11u);
    const auto T = run.fields()->read("T_K", 10);
    for (int i = 0; i < 4; ++i) EXPECT_NEAR(T[std::size_t(i)], 1273.15 + MadeRun::deviation(i), 1e-3);
    EXPECT_EQ(std::count(run.in_product().begin(), run.in_product().end(), true), 16);
    const auto d = run.distribution("capacity_mAh_g");
    ASSERT_TRUE(d);
    EXPECT_EQ(d->share, (std::vector<double>{0.25, 0.75}));
    EXPECT_FALSE(run.distribution("id_ig"));
}

TEST(ReadRun, ARunThatWasKilledIsWhatItCameTo) {
    const Folder folder;
    MadeRun made;
    made.summary = false;
    made.write(folder.path() / "r");
    std::string series = folder.read("r/timeseries.csv");
    series.resize(series.size() - 5);  // inside the last row
    folder.write("r/timeseries.csv", series);
    const RunData run = RunData::read(folder.path() / "r");
    EXPECT_EQ(run.state(), RunData::State::unfinished);
    EXPECT_EQ(run.times().size(), 20u);
    EXPECT_FALSE(run.number("energy", "electrical_J"));
    EXPECT_TRUE(run.microstructure().is_null());
    // before the first output there is the scenario alone
    for (const char* file : {"r/timeseries.csv", "r/run.h5"}) std::filesystem::remove(folder / file);
    EXPECT_TRUE(RunData::read(folder.path() / "r").times().empty());
    EXPECT_FALSE(RunData::read(folder.path() / "r").fields());
}

// A run that goes on: what it writes after the reader has opened the file disturbs neither.
TEST(ReadRun, BesideARunThatStillWrites) {
    const Folder folder;
    const Extents e{2, 1, 1, 1e-3, 1e-3, 1e-3};
    const std::vector<std::uint8_t> material(2, 1);
    RunFile file = RunFile::create(folder.path() / "run.h5", e, {"T_K"}, 4, material, {"void", "powder"});
    EXPECT_EQ(FieldReader(folder.path() / "run.h5").times().size(), 0u);
    const std::vector<float> first{300.0f, 301.0f}, second{400.0f, 401.0f};
    file.append(0.0, {{"T_K", first}});
    const FieldReader early(folder.path() / "run.h5");
    file.append(1.0, {{"T_K", second}});
    const FieldReader late(folder.path() / "run.h5");
    ASSERT_EQ(early.times().size(), 1u);
    ASSERT_EQ(late.times().size(), 2u);
    EXPECT_EQ(early.read("T_K", 0), first);
    EXPECT_EQ(late.read("T_K", 1), second);
    EXPECT_THROW(late.read("T_K", 2), InputError);
    EXPECT_THROW(late.read("phi_V", 0), InputError);
}

TEST(ReadRun, DamageIsNamedWithFileAndLineAllAtOnce) {
    const Folder folder;
    EXPECT_THAT(refused(folder.path() / "none"), HasSubstr("none: no such folder"));
    EXPECT_THAT(refused(folder.path()), HasSubstr("holds no scenario.toml"));
    folder.write("file", "");
    EXPECT_THAT(refused(folder.path() / "file"), HasSubstr("is no folder"));
    MadeRun().write(folder.path() / "r");
    folder.write("r/summary.json", "{\"a\":");
    std::string series = folder.read("r/timeseries.csv");
    series.replace(series.find("\n0,") + 1, 1, "x");
    folder.write("r/timeseries.csv", series);
    folder.write("r/run.h5", "no such thing");
    const std::string text = refused(folder.path() / "r");
    EXPECT_THAT(text, HasSubstr("summary.json: is damaged"));
    EXPECT_THAT(text, HasSubstr("timeseries.csv:2: is damaged: time_s is \"x\""));
    EXPECT_THAT(text, HasSubstr("run.h5: cannot be read"));
}

TEST(ReadRun, RowsThatDoNotFitTheirHeadAreRefused) {
    const Folder folder;
    MadeRun made;
    made.fields = false;
    made.write(folder.path() / "r");
    for (const auto& [series, expected] :
         std::vector<std::pair<std::string, std::string>>{{"T_K\n1\n", "first column"},
                                                          {"time_s,a,a\n", "two columns have one name"},
                                                          {"time_s,a\n1\n", ":2: is damaged: 1 numbers in 2 columns"},
                                                          {"time_s,a\n1,2\n3,4,5\n", ":3: is damaged: more than 2 numbers"},
                                                          {"time_s,a\n1,2\n0,2\n", "ascend"},
                                                          {"time_s,a\n,2\n", "times must be numbers"},
                                                          {"time_s,a\n1,2e\n", "a is \"2e\""}}) {
        folder.write("r/timeseries.csv", series);
        EXPECT_THAT(refused(folder.path() / "r"), HasSubstr(expected));
    }
    folder.write("r/timeseries.csv", "time_s,\"a,\"\"b\"\n1,\n");
    const RunData run = RunData::read(folder.path() / "r");
    EXPECT_EQ(run.columns()[1], "a,\"b");
    EXPECT_TRUE(std::isnan(run.column("a,\"b")[0]));
    EXPECT_FALSE(run.at("a,\"b", 1.0));
}

TEST(ReadRun, ASummaryOfAnotherShapeIsRefusedWithItsKey) {
    const Folder folder;
    MadeRun made;
    made.fields = false;
    const auto with = [&](const std::string& change) {
        made.write(folder.path() / "r");
        auto summary = made.summary_json();
        summary.merge_patch(nlohmann::json::parse(change));
        folder.write("r/summary.json", summary.dump());
        return RunData::read(folder.path() / "r");
    };
    EXPECT_THROW(with(R"({"energy": {"lost_J": "much"}})").number("energy", "lost_J"), InputError);
    EXPECT_THROW(with(R"({"energy": 3})").number("energy", "lost_J"), InputError);
    EXPECT_THROW(with(R"({"events": 3})").events(), InputError);
    EXPECT_THROW(with(R"({"microstructure": []})").microstructure(), InputError);
    for (const char* wrong : {R"({"share": [0.5, 0.6]})", R"({"share": [1.0]})", R"({"edges": [1, 1, 2]})", R"({"p05": 400})",
                              R"({"p50": null})", R"({"share": [-0.5, 1.5]})"}) {
        const RunData run = with(std::string(R"({"microstructure": {"distribution": {"capacity_mAh_g": )") + wrong + "}}}");
        EXPECT_THROW(run.distribution("capacity_mAh_g"), InputError) << wrong;
    }
}

std::optional<Treatment> of(const std::string& heater, const std::string& duration = "100 s") {
    return treatment_of(
        read_scenario_text("[bed]\nsize=['1 mm','1 mm','1 mm']\nvoxel='1 mm'\nmaterial='powder'\n"
                           "[material.powder]\nsigma='50 S/m'\ndensity='500 kg/m^3'\n"
                           "heat_capacity='1200 J/(kg K)'\nthermal_conductivity='0.2 W/(m K)'\n" +
                               heater + "[run]\nduration='" + duration + "'\noutput_every='1 s'\n",
                           "s.toml", ".", {}, {.allow_unavailable = true}));
}

TEST(Treatment, IsTheTopOfTheProgramAndTheTimeAtIt) {
    const std::string imposed = "[heater]\nmode='imposed'\nprogram=";
    const auto flash = of(imposed + "[{to='1000 degC', in='10 s'}, {hold='30 s'}, {to='100 degC', rate='50 K/s'}]\n");
    ASSERT_TRUE(flash);
    EXPECT_EQ(flash->route, PaperSample::Route::joule);
    EXPECT_NEAR(flash->T_K, 1273.15, 1e-9);
    EXPECT_NEAR(flash->dwell_s, 30.0, 1e-9);
    EXPECT_NEAR(flash->dwell_from_s, 10.0, 1e-9);
    EXPECT_NEAR(flash->dwell_to_s, 40.0, 1e-9);
    EXPECT_STREQ(paper_sample_like(flash->route, flash->T_K, flash->dwell_s)->name.data(), "JH-1000-30");
    // the run ends inside the dwell: it is no sample of that dwell
    EXPECT_NEAR(of(imposed + "[{to='1000 degC', in='10 s'}, {hold='30 s'}]\n", "25 s")->dwell_s, 15.0, 1e-9);
    // the run goes on where its program ends
    EXPECT_NEAR(of(imposed + "[{to='1000 degC', in='10 s'}]\n")->dwell_s, 90.0, 1e-9);
    EXPECT_NEAR(of(imposed + "[{to='1000 degC', in='10 s'}, {to='100 degC', in='10 s'}]\n")->dwell_s, 0.0, 1e-9);
}

TEST(Treatment, BelowOneKelvinPerSecondOrInAFurnaceIsTheFurnacesRoute) {
    const std::string slow = "[{to='1000 degC', rate='5 K/min'}, {hold='2 h'}]\n";
    EXPECT_EQ(of("[heater]\nmode='imposed'\nprogram=" + slow, "6 h")->route, PaperSample::Route::furnace);
    EXPECT_EQ(
        of("[furnace]\nemissivity=0.9\nconvection='20 W/(m^2 K)'\nwall=[{to='1000 degC', in='10 s'}, {hold='30 s'}]\n")->route,
        PaperSample::Route::furnace);
    EXPECT_FALSE(of("[source]\npower_density='1 W/m^3'\n"));
}

}  // namespace
}  // namespace jt
