// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <filesystem>
#include <fstream>

#include "tests/support/scenario_text.hpp"
#include "twin/scenario/section.hpp"

namespace jt {
namespace {

using support::kPlain;
using support::plain_with;
using support::problems_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(ScenarioErrors, PlainScenarioHasNone) {
    EXPECT_EQ(problems_of(kPlain), "");
}

TEST(ScenarioErrors, AWrongKeyNamesLineKeyAndTheNearestKnownKey) {
    EXPECT_THAT(
        problems_of(plain_with("voxel = \"0.5 mm\"", "voxel = \"0.5 mm\"\nvoxle = \"0.5 mm\"")),
        AllOf(HasSubstr("s.toml:5: bed.voxle: unknown key \"voxle\"; did you mean voxel?"), HasSubstr("allowed: size, voxel")));
    EXPECT_THAT(problems_of(plain_with("[heater]", "[heatr]")),
                HasSubstr("s.toml:10: heatr: unknown key \"heatr\"; did you mean heater?"));
    EXPECT_THAT(problems_of(plain_with("[electrodes]", "[electrodes]\npower_density = '1 W/m^3'")),
                HasSubstr("it belongs to source"));
}

TEST(ScenarioErrors, AWrongUnitNamesTheOneFoundAndTheOneAllowed) {
    EXPECT_THAT(
        problems_of(plain_with("\"1 V\"", "\"1 A\"")),
        HasSubstr(
            "s.toml:12: heater.program: found \"1 A\": wrong unit \"A\" (a current); allowed: a voltage in a unit like V"));
    EXPECT_THAT(problems_of(plain_with("0.5 mm", "0.5 mmm")), HasSubstr("unknown unit \"mmm\""));
    EXPECT_THAT(problems_of(plain_with("\"0.5 mm\"", "0.5")),
                HasSubstr("found the number 0.5 without a unit; allowed: a length in quotes with its unit, e.g. \"20 mm\""));
}

TEST(ScenarioErrors, DegreesCelsiusAreNoRate) {
    EXPECT_THAT(problems_of(plain_with("mode = \"voltage\"\nprogram = \"1 V\"",
                                       "mode = \"imposed\"\nprogram = [{to = '900 degC', rate = '5 degC/min'}]")),
                HasSubstr("heater.program[0].rate: found \"5 degC/min\": degC is a point on a scale"));
}

TEST(ScenarioErrors, AVoxelThatDoesNotDivideTheSizeGetsOneThatDoes) {
    EXPECT_THAT(problems_of(plain_with("0.5 mm", "0.3 mm")),
                AllOf(HasSubstr("s.toml:4: bed.voxel: \"0.3 mm\" does not divide size 2 mm along x"),
                      HasSubstr("e.g. 0.285714 mm (7 of them)")));
    EXPECT_THAT(problems_of(plain_with("0.5 mm", "5 mm")), HasSubstr("\"5 mm\" is larger than the size 2 mm along x"));
    EXPECT_THAT(problems_of(plain_with("\"0.5 mm\"", "[\"0.5 mm\", \"0.5 mm\"]")),
                HasSubstr("found an array of 2; allowed: an array of 3, or one value"));
}

TEST(ScenarioErrors, MoreCellsThanMemoryIsRefusedBeforeAnyWork) {
    EXPECT_THAT(problems_of(plain_with("[\"2 mm\", \"2 mm\", \"1 mm\"]\nvoxel = \"0.5 mm\"",
                                       "[\"1 m\", \"1 m\", \"1 m\"]\nvoxel = \"0.1 mm\"")),
                HasSubstr("bed.voxel: makes 1e+12 cells; allowed: at most 2147483647"));
    EXPECT_THAT(problems_of(plain_with("[\"2 mm\", \"2 mm\", \"1 mm\"]\nvoxel = \"0.5 mm\"",
                                       "[\"10 m\", \"10 m\", \"10 m\"]\nvoxel = \"1e-20 nm\"")),
                HasSubstr("bed.voxel"));
}

TEST(ScenarioErrors, ImpossibleValuesAreRefusedWithTheirRange) {
    EXPECT_THAT(problems_of(plain_with("\"0.5 mm\"", "\"-0.5 mm\"")), HasSubstr("found \"-0.5 mm\"; allowed: > 0 m, <= 10 m"));
    EXPECT_THAT(problems_of(plain_with("\"0.5 mm\"", "\"0 mm\"")), HasSubstr("allowed: > 0 m"));
    EXPECT_THAT(problems_of(plain_with("\"0.5 mm\"", "\"nan mm\"")), HasSubstr("not a finite number"));
    EXPECT_THAT(problems_of(plain_with("\"0.5 mm\"", "nan")), HasSubstr("without a unit"));
    EXPECT_THAT(problems_of(plain_with("current_axis = \"z\"", "current_axis = \"z\"\ninitial_temperature = \"-300 degC\"")),
                HasSubstr("allowed: > 0 K, <= 5000 K"));
    EXPECT_THAT(problems_of(plain_with("\"1 V\"", "\"0 V\"")), HasSubstr("allowed: > 0"));
    EXPECT_THAT(problems_of(plain_with("[electrodes]",
                                       "[bed.defects]\nvolume_fraction = 1.5\nradius = ['2 mm', '1 mm']\nsigma_factor = [1.0, "
                                       "inf]\nseed = -1\n[electrodes]")),
                AllOf(HasSubstr("bed.defects.volume_fraction"), HasSubstr("smallest first"),
                      HasSubstr("sigma_factor[1]: found the number inf; allowed: a finite number"),
                      HasSubstr("bed.defects.seed: found the number -1; allowed: an integer >= 0")));
}

TEST(ScenarioErrors, MissingKeysAndSectionsAreNamed) {
    EXPECT_THAT(problems_of("title = 'x'\n"), AllOf(HasSubstr("bed: missing"), HasSubstr("run.duration: missing")));
    EXPECT_THAT(problems_of(plain_with("size = [\"2 mm\", \"2 mm\", \"1 mm\"]\n", "")),
                HasSubstr("s.toml:2: bed.size: missing; allowed: 3 quantities, e.g. \"20 mm\""));
    EXPECT_THAT(problems_of(plain_with("mode = \"voltage\"\n", "")),
                HasSubstr("heater.mode: missing; allowed: temperature | current"));
    EXPECT_THAT(problems_of(plain_with("[heater]\nmode = \"voltage\"\nprogram = \"1 V\"\n", "")),
                HasSubstr("\"current\" needs [heater]"));
}

TEST(ScenarioErrors, MissingFilesAreNamedWithTheFolderTheyWereLookedForIn) {
    EXPECT_THAT(
        problems_of(plain_with("size = [\"2 mm\", \"2 mm\", \"1 mm\"]\nvoxel = \"0.5 mm\"\nmaterial = \"matrix\"",
                               "map = { file = 'no.tif', voxel = '1 um', labels = { matrix = [1, 255] } }")),
        AllOf(HasSubstr("bed.map.file: no such file"), HasSubstr("no.tif"), HasSubstr("relative to the scenario file")));
    EXPECT_THROW(read_scenario("/nowhere/s.toml"), InputError);
    EXPECT_THROW(read_scenario("/"), InputError);
    EXPECT_THROW(read_scenario("/dev/zero"), InputError);
}

TEST(ScenarioErrors, AnUnknownMaterialListsTheKnownOnes) {
    EXPECT_THAT(problems_of(plain_with("material = \"matrix\"", "material = \"matrx\"")),
                AllOf(HasSubstr("s.toml:5: bed.material: material \"matrx\" not found; did you mean matrix?"),
                      HasSubstr("graphite_at101")));
    EXPECT_THAT(problems_of(plain_with("material = \"matrix\"", "material = \"../x\"")),
                HasSubstr("allowed: a name of at most 64"));
}

TEST(ScenarioErrors, TextThatIsNotTomlNamesLineAndColumn) {
    EXPECT_THAT(problems_of("title = \"x\nbed"), HasSubstr("s.toml:1:11: not TOML:"));
    EXPECT_THAT(problems_of("a = " + std::string(100000, '[')), HasSubstr("not TOML"));
    EXPECT_THAT(problems_of("[bed]\nsize = 1\nsize = 2\n"), HasSubstr("not TOML"));
    EXPECT_THAT(problems_of(std::string("\xff\xfe\x00\x01", 4)), HasSubstr("not TOML"));
}

TEST(ScenarioErrors, RegionsAreChecked) {
    const auto with = [](const std::string& region) {
        return problems_of(plain_with("[electrodes]", "[[bed.region]]\n" + region + "\n[electrodes]"));
    };
    EXPECT_THAT(with("shape = 'box'\nfrom = ['0 mm', '0 mm', '5 mm']\nto = ['2 mm', '2 mm', '6 mm']\nmaterial = 'matrix'"),
                HasSubstr("bed.region[0]: lies outside the bed: 5 mm to 6 mm along z; allowed: 0 to 1 mm"));
    EXPECT_THAT(with("shape = 'box'\nfrom = ['1 mm', '0 mm', '0 mm']\nto = ['0 mm', '2 mm', '1 mm']\nmaterial = 'matrix'"),
                HasSubstr("allowed: above from"));
    EXPECT_THAT(with("shape = 'ball'\nmaterial = 'matrix'"),
                HasSubstr("found \"ball\"; allowed: box, sphere, cylinder, ellipsoid"));
    EXPECT_THAT(
        with("shape = 'sphere'\ncenter = ['1 mm', '1 mm', '1 mm']\nfrom = ['1 mm', '1 mm', '1 mm']\nmaterial = 'matrix'"),
        AllOf(HasSubstr("radius: missing"), HasSubstr("from: does not belong to a sphere")));
    EXPECT_THAT(with("shape = 'sphere'\ncenter = ['1 mm', '1 mm', '1 mm']\nradius = '1 mm'"),
                HasSubstr("allowed: a material, or sigma_factor"));
    EXPECT_THAT(with("shape = 'sphere'\ncenter = ['1 mm', '1 mm']\nradius = 1\nsigma_factor = -1"),
                AllOf(HasSubstr("center: found an array of 2; allowed: an array of 3"),
                      HasSubstr("radius: found the number 1 without a unit"), HasSubstr("sigma_factor: found the number -1")));
}

TEST(ScenarioErrors, TerminalsMustBeTwoApartAndNamedApart) {
    const auto with = [](const std::string& terminals) { return problems_of(plain_with("[electrodes]", terminals)); };
    EXPECT_THAT(with("[[terminal]]\nname = 'a'\nface = 'zmin'\n"),
                HasSubstr("terminal[0]: found one terminal; allowed: two or more"));
    EXPECT_THAT(with("[[terminal]]\nname = 'a'\nface = 'zmin'\n[[terminal]]\nname = 'a'\nface = 'zmax'\n"),
                HasSubstr("\"a\" is the name of another terminal"));
    EXPECT_THAT(with("[[terminal]]\nname = 'a'\nface = 'zmin'\n[[terminal]]\nname = 'b'\nface = 'zmin'\n"),
                HasSubstr("zmin already belongs to terminal \"a\""));
    EXPECT_THAT(with("[[terminal]]\nname = 'a'\nface = 'top'\n[[terminal]]\nname = 'b'\nface = 'zmin'\nmaterial = 'matrox'\n"),
                AllOf(HasSubstr("found \"top\"; allowed: xmin"),
                      HasSubstr("material \"matrox\" is not in the bed; did you mean matrix?")));
    EXPECT_THAT(with(""), HasSubstr("heater: drives no terminal"));
    EXPECT_THAT(with("[electrodes]\n[[terminal]]\nname = 'a'\nface = 'zmin'\n"),
                HasSubstr("electrodes: found beside [[terminal]]"));
    EXPECT_THAT(problems_of(plain_with("current_axis = \"z\"\n", "")), HasSubstr("electrodes: needs bed.current_axis"));
}

TEST(ScenarioErrors, AnUnknownFaceIsOneProblem) {
    const std::string text =
        problems_of(plain_with("[electrodes]", "[face.top]\ninsulated = true\n[electrodes]"), {}, {.allow_unavailable = true});
    EXPECT_EQ(text, "s.toml:9: face.top: unknown face \"top\"; allowed: xmin, xmax, ymin, ymax, zmin, zmax");
}

TEST(ScenarioErrors, WrongTypesAreNamed) {
    EXPECT_THAT(problems_of("bed = 3\n"), HasSubstr("bed: found the number 3; allowed: a table, [bed]"));
    EXPECT_THAT(problems_of(plain_with("[electrodes]", "terminal = 3\n[electrodes]")), Not(testing::IsEmpty()));
    EXPECT_THAT(problems_of(plain_with("title = \"plain\"", "title = 1979-05-27")),
                HasSubstr("title: found a date; allowed: a text in quotes"));
    EXPECT_THAT(problems_of(plain_with("title = \"plain\"", "heater = []\nface = 1\nmaterial = 2")), HasSubstr("not TOML"));
    EXPECT_THAT(problems_of("face = 1\nmaterial = 2\nsensor = {}\ninterface = [1, 2]\n"),
                AllOf(HasSubstr("face: found the number 1"), HasSubstr("material: found the number 2"),
                      HasSubstr("sensor: found a table"), HasSubstr("interface[0]: found the number 1")));
}

TEST(ScenarioErrors, ProgramsAreCheckedSegmentBySegment) {
    const auto with = [](const std::string& program) {
        return problems_of(plain_with("mode = \"voltage\"\nprogram = \"1 V\"", "mode = \"imposed\"\nprogram = " + program), {},
                           {.allow_unavailable = true});
    };
    EXPECT_THAT(with("[]"), HasSubstr("empty list"));
    EXPECT_THAT(with("[{to = '900 degC'}]"), HasSubstr("heater.program[0]: allowed: {to, in}, {to, rate}, {hold} or {step}"));
    EXPECT_THAT(with("[{hold = '1 s'}, {hld = '1 s'}]"),
                HasSubstr("heater.program[1].hld: unknown key \"hld\"; did you mean hold?"));
    EXPECT_THAT(with("[{to = '900 degC', rate = '-5 K/s'}]"), HasSubstr("rate: found \"-5 K/s\"; allowed: > 0"));
    EXPECT_THAT(with("[{to = '-400 degC', in = '5 s'}]"),
                HasSubstr("heater.program[0].to: found \"-400 degC\"; allowed: > 0 K"));
    EXPECT_THAT(with("{points = [['1 s', '300 K'], ['0 s', '300 K']]}"), HasSubstr("times that never fall"));
    EXPECT_THAT(with("{table = 'no.csv'}"), HasSubstr("heater.program.table: no such file"));
    EXPECT_THAT(with("true"), HasSubstr("found true"));
}

TEST(ScenarioErrors, CsvTablesNameTheLine) {
    const auto folder = std::filesystem::temp_directory_path() / ("jt_csv_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const auto with = [&](const std::string& csv) -> std::string {
        std::ofstream(folder / "p.csv") << csv;
        try {
            read_scenario_text(plain_with("\"1 V\"", "{ table = 'p.csv' }"), "s.toml", folder, {}, {.allow_unavailable = true});
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(with("0,1\n1,2\n"), "");
    EXPECT_EQ(with("time [s];U [mV]\n0;1000\n"), "");
    EXPECT_THAT(with("0,1\n1\n"), HasSubstr("p.csv:2: found \"1\""));
    EXPECT_THAT(with("0,1\n1,x\n"), HasSubstr("p.csv:2: found \"1,x\"; allowed: two numbers"));
    EXPECT_THAT(with("1,1\n0,2\n"), HasSubstr("p.csv:2: found time \"0\""));
    EXPECT_THAT(with("0,nan\n"), HasSubstr("p.csv:1: found value \"nan\""));
    EXPECT_THAT(with("time [s],T [degC]\n0,1\n"), HasSubstr("wrong unit \"degC\""));
    EXPECT_THAT(with(""), HasSubstr("no points"));
    std::filesystem::remove_all(folder);
}

TEST(ScenarioErrors, BoundariesExcludeEachOther) {
    const std::string text = problems_of(plain_with("[electrodes]", R"toml([surface]
insulated = true
emissivity = 0.9
[face.zmin]
temperature = "300 K"
heat_flux = "5 W/m^2"
[face.zmax]
convection = "20 W/(m^2 K)"
[furnace]
wall = "300 K"
[electrodes])toml"),
                                         {}, {.allow_unavailable = true});
    EXPECT_THAT(text, AllOf(HasSubstr("surface.insulated: excludes"), HasSubstr("face.zmin.temperature: is fixed"),
                            HasSubstr("face.zmax.ambient: missing"), HasSubstr("furnace: found beside [heater]")));
}

TEST(ScenarioErrors, SensorsProbesAndFeedbackAreChecked) {
    const std::string text =
        problems_of(plain_with("[electrodes]\n[heater]\nmode = \"voltage\"\nprogram = \"1 V\"", R"([electrodes]
[heater]
mode = "temperature"
program = "900 degC"
feedback = "pyro"
[[sensor]]
name = "pyrometer"
kind = "pyrometer"
noise = "1 degC"
[[sensor]]
name = "tc"
kind = "thermocouple"
at = ["1 mm", "1 mm", "3 mm"]
floor = "500 degC"
[[probe]]
name = "p"
at = ["1 mm", "1 mm", "-3 mm"]
quantity = "phi"
)"),
                    {}, {.allow_unavailable = true});
    EXPECT_THAT(
        text,
        AllOf(HasSubstr("heater.feedback: found \"pyro\"; allowed: pyrometer, tc"),
              HasSubstr("sensor[0].face: missing; a pyrometer needs it"), HasSubstr("sensor[0].noise: found \"1 degC\""),
              HasSubstr("sensor[1].at: found 3 mm along z; allowed: inside the bed, 0 to 1 mm"),
              HasSubstr("sensor[1].floor: does not belong to a thermocouple"), HasSubstr("probe[0].at: found -3 mm along z"),
              HasSubstr("probe[0].quantity: found \"phi\"; did you mean \"phi_V\"?")));
}

TEST(ScenarioErrors, AllProblemsComeAtOnceInTheOrderOfTheFile) {
    const std::string text = R"(titel = "many"
[bed]
size = ["2 mm", "2 mm", "1 s"]
voxel = 0.5
material = "nothing"
colour = "red"
[[terminal]]
name = "a"
face = "left"
[heater]
mode = "volts"
program = "1 V"
[run]
solve = "currant"
)";
    try {
        read_scenario_text(text, "s.toml");
        FAIL();
    } catch (const InputError& error) {
        int last = 0;
        for (const auto& problem : error.problems) {
            ASSERT_EQ(problem.rfind("s.toml:", 0), 0u) << problem;
            const int line = std::stoi(problem.substr(7));
            EXPECT_GE(line, last) << problem;
            last = line;
        }
        EXPECT_THAT(error.what(),
                    AllOf(HasSubstr("did you mean title?"), HasSubstr("bed.size[2]"), HasSubstr("bed.voxel"),
                          HasSubstr("\"nothing\" not found"), HasSubstr("bed.colour"), HasSubstr("\"left\"; allowed"),
                          HasSubstr("one terminal"), HasSubstr("\"volts\"; did you mean \"voltage\"?"),
                          HasSubstr("\"currant\"; did you mean \"current\"?")));
    }
}

TEST(ScenarioErrors, DeepInputDoesNotExhaustTheStack) {
    std::string deep = "a";
    for (int n = 0; n < 500000; ++n) deep += ".a";
    EXPECT_THAT(problems_of("x = 1\n" + deep + " = 1\n"), HasSubstr("s.toml:2: a key of more than 100 parts"));
    EXPECT_THAT(problems_of("[" + deep + "]\n"), HasSubstr("a key of more than 100 parts"));
    EXPECT_THAT(problems_of("\"=\"." + deep + " = 1\n"), HasSubstr("a key of more than 100 parts"));
    EXPECT_THAT(problems_of("x = { \"a\"." + deep + " = 1 }\n"), HasSubstr("a key of more than 100 parts"));
    EXPECT_THAT(problems_of("x = '" + deep + "'\n"), HasSubstr("x: unknown key"));
    EXPECT_THAT(problems_of("x = " + std::string(100000, '[')), HasSubstr("not TOML"));
    EXPECT_THAT(problems_of(kPlain, {deep + "=1"}), HasSubstr("too deep"));
}

TEST(ScenarioErrors, ManyTablesAreRefusedWithoutReadingThem) {
    std::string text = kPlain;
    for (int n = 0; n < 50000; ++n) text += "[[probe]]\nname = 'p'\n";
    EXPECT_THAT(problems_of(text), HasSubstr("probe: found 50000 tables; allowed: at most 1000"));
}

TEST(ScenarioErrors, HugeInputGivesAShortAnswer) {
    std::string text = kPlain;
    for (int n = 0; n < 20000; ++n) text += "k" + std::to_string(n) + " = 1\n";
    try {
        read_scenario_text(text, "s.toml");
        FAIL();
    } catch (const InputError& error) {
        EXPECT_LE(error.problems.size(), ReadContext::kMostProblems + 1);
        EXPECT_THAT(error.problems.back(), HasSubstr("more problems"));
    }
    EXPECT_LT(problems_of(plain_with("\"matrix\"", "\"" + std::string(1000000, 'm') + "\"")).size(), 2000u);
    const auto file = std::filesystem::temp_directory_path() / ("jt_huge_" + std::to_string(getpid()) + ".toml");
    std::ofstream(file) << std::string(5u << 20, ' ');
    try {
        read_scenario(file);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), HasSubstr("bytes; allowed: at most"));
    }
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace jt
