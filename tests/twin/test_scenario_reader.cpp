// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <filesystem>
#include <fstream>

#include "tests/paths.hpp"
#include "tests/support/scenario_text.hpp"
#include "twin/scenario/check.hpp"
#include "twin/scenario/resolved.hpp"

namespace jt {
namespace {

using support::kPlain;
using support::plain_with;
using support::problems_of;
using testing::AllOf;
using testing::HasSubstr;

const std::filesystem::path kSource = JT_SOURCE_DIR;

Scenario design_scenario() {
    return read_scenario(kSource / "data/scenarios/jh_1000_30.toml", {}, {.allow_unavailable = true});
}

TEST(ScenarioReader, TheDesignScenarioIsReadWhole) {
    const Scenario s = design_scenario();
    EXPECT_EQ(s.bed.cells, (std::array<int, 3>{80, 40, 16}));
    EXPECT_EQ(s.bed.material, "coconut_char_600");
    EXPECT_DOUBLE_EQ(s.bed.initial_temperature, 298.15);
    EXPECT_EQ(s.bed.initial_history, "600 degC for 2 h at 5 K/min");
    EXPECT_EQ(s.bed.product, std::vector<std::string>{"coconut_char_600"});
    ASSERT_EQ(s.bed.regions.size(), 2u);
    EXPECT_DOUBLE_EQ(std::get<Box>(s.bed.regions[1].shape).from[2], 1.3e-3);
    EXPECT_DOUBLE_EQ(*s.bed.regions[1].sheet_thickness, 0.28e-3);
    ASSERT_EQ(s.materials.size(), 3u);
    EXPECT_TRUE(s.materials[0].is_void);
    EXPECT_TRUE(s.materials[2].sigma->through.has_value());
    ASSERT_EQ(s.terminals.size(), 2u);
    EXPECT_EQ(s.terminals[1].name, "right");
    EXPECT_EQ(s.terminals[1].face, Face::xmax);
    EXPECT_DOUBLE_EQ(*s.terminals[1].contact_conductance, 2625.0);
    EXPECT_DOUBLE_EQ(s.terminals[1].temperature->at(3.0), 350.0);
    EXPECT_DOUBLE_EQ(*s.surface.emissivity, 0.9);
    EXPECT_DOUBLE_EQ(*s.surface.convection, 20.0);
    EXPECT_DOUBLE_EQ(s.surface.ambient->at(0.0), 298.15);
    EXPECT_EQ(s.faces.size(), 4u);
    EXPECT_TRUE(s.faces.at(Face::ymax).insulated);
    ASSERT_TRUE(s.heater);
    EXPECT_EQ(s.heater->mode, Heater::Mode::temperature);
    const Program& p = s.heater->program;
    EXPECT_DOUBLE_EQ(p.at(0.0), 298.15);
    EXPECT_DOUBLE_EQ(p.at(5.0), 0.5 * (298.15 + 1273.15));
    EXPECT_DOUBLE_EQ(p.at(25.0), 1273.15);
    EXPECT_DOUBLE_EQ(p.end_time(), 58.0);
    EXPECT_DOUBLE_EQ(p.at(58.0), 373.15);
    EXPECT_EQ(s.heater->feedback, "pyrometer");
    EXPECT_DOUBLE_EQ(*s.heater->limit_temperature, 1673.15);
    EXPECT_DOUBLE_EQ(*s.heater->supply.slew, 50.0);
    EXPECT_DOUBLE_EQ(s.heater->supply.delay, 0.1);
    ASSERT_EQ(s.sensors.size(), 1u);
    EXPECT_EQ(s.sensors[0].kind, "ratio_pyrometer");
    EXPECT_DOUBLE_EQ(*s.sensors[0].spot_diameter, 2e-3);
    EXPECT_DOUBLE_EQ(*s.sensors[0].floor, 843.15);
    EXPECT_DOUBLE_EQ(s.run.duration, 60.0);
    EXPECT_DOUBLE_EQ(s.run.output_every, 0.5);
}

TEST(ScenarioReader, WhatThisVersionCannotRunIsRefusedPieceByPiece) {
    const auto problems = problems_of(plain_with("[run]",
                                                 "[[probe]]\nname='a'\nat=['1 mm','1 mm','0.5 mm']\nquantity='id_igg'\n"
                                                 "[[probe]]\nname='b'\nat=['1 mm','1 mm','0.5 mm']\nquantity='T_sd_K'\n[run]"));
    EXPECT_THAT(problems, HasSubstr("probe[0].quantity: found \"id_igg\""));
    EXPECT_THAT(problems, HasSubstr("probe[1].quantity: \"T_sd_K\": not available yet (needs assimilation)"));
}

// Those of data/scenarios; without the one that needs a stack that is not there.
std::vector<std::filesystem::path> shipped_scenarios() {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(kSource / "data/scenarios"))
        if (file.path().extension() == ".toml" &&
            (file.path().stem() != "ct_bed" || std::filesystem::exists(kSource / "../shared/data/fiberform_100.tif")))
            files.push_back(file.path());
    return files;
}

TEST(ScenarioReader, EveryShippedScenarioIsAccepted) {
    const auto files = shipped_scenarios();
    for (const auto& file : files) EXPECT_NO_THROW(read_scenario(file)) << file;
    EXPECT_GE(files.size(), 8u);
}

TEST(ScenarioReader, ElectrodesBecomeTwoWholeFaceTerminals) {
    const Scenario s =
        read_scenario_text(plain_with("[electrodes]", "[electrodes]\ncontact_resistivity = '2 ohm cm^2'"), "s.toml");
    ASSERT_EQ(s.terminals.size(), 2u);
    EXPECT_EQ(s.terminals[0].face, Face::zmin);
    EXPECT_EQ(s.terminals[1].face, Face::zmax);
    EXPECT_DOUBLE_EQ(s.terminals[1].contact_resistivity, 2e-4);
    EXPECT_TRUE(s.terminals[0].material.empty());
}

TEST(ScenarioReader, ProgramsOfEveryFormGiveTheSameCurve) {
    const auto folder = std::filesystem::temp_directory_path() / ("jt_program_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "wall.csv") << "time [min],T [degC]\n0,25\n1,85\n1.5,85\n";
    std::ofstream(folder / "si.csv") << "time_s,T_K\n0,298.15\n60,358.15\n90,358.15\n";
    const auto wall = [&](const std::string& program) {
        return read_scenario_text(
                   "[bed]\nsize=['1 mm','1 mm','1 mm']\nvoxel='1 mm'\nmaterial='m'\n[material.m]\n[furnace]\nwall=" + program +
                       "\n[run]\nduration='90 s'\n",
                   "s.toml", folder, {}, {.allow_unavailable = true})
            .furnace->wall;
    };
    for (const char* program :
         {"[{to='85 degC', in='1 min'}, {hold='30 s'}]", "[{to='85 degC', rate='60 K/min'}, {hold='0.5 min'}]",
          "{table='wall.csv'}", "{table='si.csv'}", "{points=[['0 s','25 degC'],['60 s','85 degC'],['90 s','85 degC']]}"}) {
        const Program p = wall(program);
        for (const double t : {0.0, 15.0, 30.0, 60.0, 75.0, 90.0, 1000.0})
            EXPECT_NEAR(p.at(t), 298.15 + std::min(t, 60.0), 1e-9) << program << t;
    }
    const Program step = wall("[{hold='10 s'}, {step='500 K'}, {hold='10 s'}]");
    EXPECT_DOUBLE_EQ(step.at(10.0), 298.15);
    EXPECT_DOUBLE_EQ(step.at(10.0001), 500.0);
    EXPECT_EQ(step.time.size(), 4u);
    std::filesystem::remove_all(folder);
}

TEST(ScenarioReader, SetChangesAddsAndIndexes) {
    const Scenario s = read_scenario_text(kPlain, "s.toml", ".",
                                          {"bed.voxel=\"0.25 mm\"", "heater.program=2 V", "bed.size[2]='2 mm'",
                                           "electrodes.contact_resistivity=\"1e-4 ohm m^2\""});
    EXPECT_EQ(s.bed.cells, (std::array<int, 3>{8, 8, 8}));
    EXPECT_DOUBLE_EQ(s.heater->program.at(0.0), 2.0);
    EXPECT_DOUBLE_EQ(s.terminals[0].contact_resistivity, 1e-4);
    const Scenario design = read_scenario(kSource / "data/scenarios/jh_1000_30.toml", {"heater.program[1].hold=\"60 s\""},
                                          {.allow_unavailable = true});
    EXPECT_DOUBLE_EQ(design.heater->program.end_time(), 88.0);
}

TEST(ScenarioReader, ABadSetIsAProblemLikeAnyOther) {
    const std::string text = problems_of(kPlain, {"bed.voxl=\"1 mm\"", "bed.voxel=\"0.3 mm\"", "bed.size[7]=\"1 mm\"",
                                                  "nothing", "title.x=1", "bed.region[0].shape=\"box\""});
    EXPECT_THAT(text, AllOf(HasSubstr("--set \"bed.voxl="), HasSubstr("bed.voxl: unknown key \"voxl\"; did you mean voxel?"),
                            HasSubstr("bed.voxel: \"0.3 mm\" does not divide"),
                            HasSubstr("bed.size has 3 entries, counted from 0; found [7]"), HasSubstr("allowed: key=value"),
                            HasSubstr("title is \"plain\", not a table"), HasSubstr("region does not exist")));
}

TEST(ScenarioReader, ResolvedScenarioReadsBackToItself) {
    for (const auto& file : shipped_scenarios()) {
        const ReadOptions all{.allow_unavailable = true};
        const Scenario first = read_scenario(file, {}, all);
        const std::string text = resolved_toml(first);
        SCOPED_TRACE(text);
        const Scenario second = read_scenario_text(text, "resolved.toml", "/", {}, all);
        EXPECT_EQ(resolved_toml(second), text);
        EXPECT_EQ(second.bed.cells, first.bed.cells);
        EXPECT_EQ(second.bed.size, first.bed.size);
        EXPECT_EQ(second.bed.initial_temperature, first.bed.initial_temperature);
        ASSERT_EQ(second.materials.size(), first.materials.size());
        for (std::size_t m = 1; m < first.materials.size(); ++m) {
            EXPECT_EQ(second.materials[m].name, first.materials[m].name);
            ASSERT_EQ(second.materials[m].sigma.has_value(), first.materials[m].sigma.has_value());
            if (!first.materials[m].sigma) continue;
            for (const double T : {250.0, 300.0, 777.0, 1500.0})
                EXPECT_EQ(second.materials[m].sigma->along(2).at(T), first.materials[m].sigma->along(2).at(T));
        }
        if (first.heater) {
            EXPECT_EQ(second.heater->program.time, first.heater->program.time);
            EXPECT_EQ(second.heater->program.value, first.heater->program.value);
        }
    }
}

TEST(ScenarioReader, ResolvedTitleMayHoldAnyCharacter) {
    const Scenario s =
        read_scenario_text(plain_with("title = \"plain\"", "title = \"a \\\"b\\\" \\\\ \\u0001 \\n \\u00b5\""), "s.toml");
    EXPECT_EQ(read_scenario_text(resolved_toml(s), "r.toml").title, s.title);
}

TEST(ScenarioReader, CheckReportStatesCellsMemoryAndWarnings) {
    const Scenario s = read_scenario_text(
        plain_with("sigma = \"100 S/m\"", "sigma = { kind='constant', value='1 S/m', valid=['500 K','600 K'] }"), "s.toml");
    EXPECT_THAT(check_report(s, {4, 4, 2, 5e-4, 5e-4, 5e-4}),
                AllOf(HasSubstr("# cells: 4 x 4 x 2 = 32"), HasSubstr("# memory: about 7.68 kB"),
                      HasSubstr("# warning: material.matrix.sigma is valid from 500 K to 600 K; the bed is at 298.15 K")));
    EXPECT_THAT(check_report(read_scenario_text(kPlain, "s.toml"), {4, 4, 2, 5e-4, 5e-4, 5e-4}), HasSubstr("# no warnings"));
    EXPECT_NO_THROW(read_scenario_text(check_report(s, {4, 4, 2, 5e-4, 5e-4, 5e-4}), "r.toml"));
}

TEST(ScenarioReader, MapTakesItsSizeFromTheStack) {
    const auto folder = std::filesystem::temp_directory_path() / ("jt_map_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "ct.tif") << "II";
    const std::string text = R"([bed]
current_axis = "x"
[bed.map]
file = "ct.tif"
voxel = "1.3 um"
labels = { fibre = [90, 255], void = [0, 89] }
crop = [0, 10, 0, 10, 2, 5]
coarsen = 2
[material.fibre]
sigma = "8e5 S/m"
[electrodes]
[heater]
mode = "voltage"
program = "1 V"
[run]
solve = "current"
)";
    const Scenario s = read_scenario_text(text, "s.toml", folder);
    EXPECT_EQ(s.bed.map->file, (folder / "ct.tif").string());
    EXPECT_EQ(s.bed.map->labels.at("fibre").low, 90);
    EXPECT_EQ(s.bed.map->coarsen, 2);
    EXPECT_EQ((*s.bed.map->crop)[5], 5);
    EXPECT_EQ(s.bed.product, std::vector<std::string>{"fibre"});
    EXPECT_EQ(resolved_toml(read_scenario_text(resolved_toml(s), "r.toml")), resolved_toml(s));
    std::string both = text;
    both.replace(both.find("current_axis"), 0, "size = ['1 mm', '1 mm', '1 mm']\n");
    try {
        read_scenario_text(both, "s.toml", folder);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), HasSubstr("bed.size: comes from bed.map"));
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace jt
