// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <map>

#include "tests/support/html_check.hpp"
#include "tests/support/program.hpp"
#include "tests/support/run_folder_maker.hpp"

namespace jt {
namespace {

using nlohmann::json;
using test::count_of;
using test::Folder;
using test::MadeRun;
using test::Ran;
using test::run_program;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Pages are long: a failure names the part, not the page.
void expect_in(const std::string& page, std::initializer_list<const char*> parts) {
    for (const char* part : parts) EXPECT_NE(page.find(part), std::string::npos) << part;
}
void expect_not_in(const std::string& page, std::initializer_list<const char*> parts) {
    for (const char* part : parts) EXPECT_EQ(page.find(part), std::string::npos) << part;
}

void expect_whole(const std::string& page) {
    EXPECT_EQ(test::wrong_with_html(page), "");
    EXPECT_EQ(test::fetched_by_html(page), "");
}

// Name -> size and time of every file of a folder, but the report.
std::map<std::string, std::pair<std::uintmax_t, std::filesystem::file_time_type>> files_of(
    const std::filesystem::path& folder) {
    std::map<std::string, std::pair<std::uintmax_t, std::filesystem::file_time_type>> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.is_regular_file() && entry.path().filename() != "report.html")
            files[entry.path().filename()] = {entry.file_size(), entry.last_write_time()};
    return files;
}

TEST(Report, OfARunHoldsItsNumbersAndChangesNothing) {
    const Folder folder;
    MadeRun made;
    made.title = "Bed <b>A&B</b>";
    made.write(folder.path() / "r");
    const auto before = files_of(folder.path() / "r");
    const Ran ran = run_program("report r --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(files_of(folder.path() / "r"), before);
    const std::string page = folder.read("r/report.html");
    expect_whole(page);
    expect_in(page, {"Bed &lt;b&gt;A&amp;B&lt;/b&gt;"});
    expect_not_in(page, {"<b>A"});
    expect_in(page, {"@page", "@media print", "break-inside: avoid"});
    // the mean of the bed is the set point's all through the dwell, the spread 60 K
    expect_in(page, {"the mean of the bed was 1000 °C, within 1 K of it, and its spread 60.0 K",
                     "took 2842 J of electrical energy", "304 ± 25 mAh/g"});
    expect_in(page, {"3 cells (18.8 % of the mass) lie outside the range"});
    expect_in(page, {"current limit: 20 A"});
    expect_in(page, {"<details>"});
    expect_in(page, {"Published statements that the model does not support"});
    const json out = json::parse(ran.out);
    const json summary = json::parse(folder.read("r/summary.json")), &run = out["runs"][0];
    EXPECT_EQ(run["numbers"]["electrical_J"], summary["energy"]["electrical_J"]);
    for (const char* key : {"capacity_mAh_g", "id_ig", "ice_percent", "d_hrtem_nm"})
        EXPECT_EQ(run["numbers"][key], summary["microstructure"][key]) << key;
    EXPECT_EQ(run["sample"], "JH-1000-30");
    EXPECT_TRUE(run["missing"].empty()) << run["missing"];
    for (const auto& file : out["files"])
        EXPECT_TRUE(std::filesystem::exists(folder.path() / "r/report" / file.get<std::string>())) << file;
    for (const char* file :
         {"temperature.png", "slices_T_K.png", "slices_T_minus_mean_K.png", "slices_J_over_J0.png", "slices_capacity_mAh_g.png",
          "uniformity.csv", "distribution_capacity_mAh_g.csv", "paper.csv", "numbers.csv"})
        EXPECT_TRUE(std::filesystem::exists(folder.path() / "r/report" / file)) << file;
    EXPECT_EQ(count_of(page, "<img "), count_of(out["files"].dump(), ".png"));
}

TEST(Report, PercentilesAreThoseOfTheFields) {
    const Folder folder;
    MadeRun made;
    made.microstructure = false;
    made.write(folder.path() / "r");
    ASSERT_EQ(run_program("report r", folder).exit_code, 0);
    // at 25 s: -30, -10, 10, 30 K about 1000 degC
    std::istringstream rows(folder.read("r/report/uniformity.csv"));
    std::string row;
    std::getline(rows, row);
    EXPECT_EQ(row, "time_s,T_p05_K,T_mean_K,T_p95_K");
    for (int n = 0; n <= 10; ++n) std::getline(rows, row);
    double t, low, mean, high;
    ASSERT_EQ(std::sscanf(row.c_str(), "%lf,%lf,%lf,%lf", &t, &low, &mean, &high), 4);
    EXPECT_NEAR(t, 25.0, 1e-9);
    EXPECT_NEAR(low, 1243.15, 1e-3);
    EXPECT_NEAR(mean, 1273.15, 1e-3);
    EXPECT_NEAR(high, 1303.15, 1e-3);
}

TEST(Report, SaysInWordsWhatPassesAgainstThePaper) {
    const Folder folder;
    MadeRun made;
    made.capacity = 306.5;  // paper 306.83 +- 0.5
    made.fields = false;
    made.d_hrtem = 0.4;  // paper 0.39 +- 0.005, the model's uncertainty 0.005
    made.write(folder.path() / "r");
    const Ran ran = run_program("report r --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    std::map<std::string, json> rows;
    const json out = json::parse(ran.out);
    for (const auto& row : out["runs"][0]["paper"]) rows[row["quantity"]] = row;
    EXPECT_EQ(rows["capacity_mAh_g"]["verdict"], "within tolerance");
    EXPECT_TRUE(rows["capacity_mAh_g"]["anchor"]);
    EXPECT_NEAR(rows["capacity_mAh_g"]["error"].get<double>(), -0.33, 1e-9);
    EXPECT_EQ(rows["d_hrtem_nm"]["verdict"], "within uncertainty");
    EXPECT_FALSE(rows["d_hrtem_nm"]["anchor"]);
    EXPECT_EQ(rows["plateau_mAh_g"]["verdict"], "within uncertainty");
    const std::string page = folder.read("r/report.html");
    expect_in(page, {"passes: within the tolerance", "fails: 2.0 times the tolerance", "agreement is no test",
                     "Met within the tolerance: 2 of 4 numbers; 1 of 2 anchors, 1 of 2 tests"});
}

TEST(Report, OfAKilledRunSaysWhatIsMissing) {
    const Folder folder;
    MadeRun made;
    made.summary = made.microstructure = made.fields = false;
    made.write(folder.path() / "r");
    const Ran ran = run_program("report r", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const std::string page = folder.read("r/report.html");
    expect_whole(page);
    expect_in(page, {"was killed or still goes on", "run.h5 is missing", "up to 50.00 s"});
    expect_not_in(page, {"<h2>Fields</h2>", "<h2>Events</h2>"});
    EXPECT_THAT(ran.out, HasSubstr("not in the report: Fields"));
    // nothing but the scenario
    std::filesystem::remove(folder.path() / "r/timeseries.csv");
    ASSERT_EQ(run_program("report r", folder).exit_code, 0);
    expect_in(folder.read("r/report.html"), {"The run has come to no output yet."});
}

TEST(Report, OfRealRunsSteadyAndOfTheCurrentAlone) {
    const Folder folder;
    const std::string bed =
        "[bed]\nsize=['4 mm','2 mm','2 mm']\nvoxel='1 mm'\nmaterial='powder'\n[material.powder]\nsigma='50 S/m'\n"
        "density='500 kg/m^3'\nheat_capacity='1200 J/(kg K)'\nthermal_conductivity='0.2 W/(m K)'\n"
        "[[terminal]]\nname='l'\nface='xmin'\n[[terminal]]\nname='r'\nface='xmax'\n"
        "[surface]\nemissivity=0.9\nconvection='20 W/(m^2 K)'\nambient='25 degC'\n[heater]\nmode='current'\nprogram='0.1 A'\n";
    folder.write("s.toml", bed + "[run]\nsteady=true\n");
    folder.write("c.toml", bed + "[run]\nsolve='current'\n");
    folder.write("t.toml", bed + "[run]\nduration='1 s'\noutput_every='0.5 s'\n");
    for (const char* name : {"s", "c", "t"})
        ASSERT_EQ(run_program(std::string("run ") + name + ".toml -o " + name, folder).exit_code, 0) << name;
    for (const auto& [name, says] : std::map<std::string, std::string>{{"s", "Steady state: the mean of the bed is"},
                                                                       {"c", "which solves the electric field alone"},
                                                                       {"t", "The hottest point of the run was"}}) {
        const Ran ran = run_program("report " + name + " -o out_" + name, folder);
        ASSERT_EQ(ran.exit_code, 0) << ran.err;
        const std::string page = folder.read("out_" + name + "/report.html");
        expect_whole(page);
        expect_in(page, {says.c_str()});
        for (const char* none : {">nan", " nan", ">inf", ">—</span>"})
            EXPECT_EQ(page.find(none), std::string::npos) << name << none;
        EXPECT_FALSE(std::filesystem::exists(folder.path() / name / "report.html"));
    }
    const Ran mixed = run_program("report t s c", folder);
    EXPECT_EQ(mixed.exit_code, 2);
    EXPECT_THAT(mixed.err,
                AllOf(HasSubstr("s: is a steady state, t is a run in time"), HasSubstr("c: is a run of the current alone")));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "report"));
}

TEST(Report, SeveralRunsAreComparedOverWhatTheyDifferIn) {
    const Folder folder;
    for (const auto& [name, T, dwell] :
         std::vector<std::tuple<const char*, double, double>>{{"a", 900.0, 30.0}, {"b", 1000.0, 30.0}, {"c", 1000.0, 15.0}}) {
        MadeRun made;
        made.T_C = T, made.dwell_s = dwell, made.title = name, made.fields = false;
        made.write(folder.path() / name);
    }
    MadeRun slow;
    slow.furnace = true, slow.dwell_s = 7200.0, slow.capacity = 262.5, slow.fields = false;
    slow.write(folder.path() / "f");
    const Ran ran = run_program("report a b c f --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const std::string page = folder.read("report/report.html");
    expect_whole(page);
    expect_in(page, {"4 runs compared", "Against set temperature, dwell 30 s", "Against dwell, at 1000 °C",
                     "Joule heating against the furnace", "b (1000 °C, 30 s) and f (furnace, 1000 °C, 2 h)"});
    const json out = json::parse(ran.out);
    EXPECT_EQ(out["runs"][0]["sample"], "JH-900-30");
    EXPECT_EQ(out["runs"][2]["sample"], "JH-1000-15");
    EXPECT_EQ(out["runs"][3]["sample"], "TF-1000");
    const std::string table = folder.read("report/report/comparison.csv");
    EXPECT_THAT(table, HasSubstr("\nf,furnace,1273.15,7200,TF-1000,"));
    EXPECT_EQ(count_of(table, "\n"), 5u);
    // two lengths of run, two pictures of trends
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "report/report/trends_2.png"));
}

TEST(Report, TimesOfTheSlicesAreAsAsked) {
    const Folder folder;
    MadeRun made;
    made.microstructure = false;
    made.write(folder.path() / "r");
    ASSERT_EQ(run_program("report r --at '12.4 s' --at '40 s'", folder).exit_code, 0);
    expect_in(folder.read("r/report.html"), {"nearest to the times asked for"});
    const Ran late = run_program("report r --at '51 s' -o late", folder);
    EXPECT_EQ(late.exit_code, 2);
    EXPECT_THAT(late.err, HasSubstr("r: --at 51 s: the run has outputs from 0 s to 50 s"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "late"));
    EXPECT_EQ(run_program("report r --at 5 -o late", folder).exit_code, 2);
    EXPECT_EQ(run_program("report r --at '1 s' --at '2 s' --at '3 s' --at '4 s' --at '5 s' -o late", folder).exit_code, 2);
}

TEST(Report, BadInputIsNamedAndNothingIsWritten) {
    const Folder folder;
    MadeRun made;
    made.fields = false;
    made.write(folder.path() / "r");
    EXPECT_EQ(run_program("report", folder).exit_code, 2);
    const Ran ran = run_program("report r none r", folder);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, HasSubstr("none: no such folder"));
    EXPECT_THAT(run_program("report r ./r", folder).err, HasSubstr("is given twice"));
    auto summary = made.summary_json();
    summary["microstructure"]["distribution"]["capacity_mAh_g"]["share"] = {0.5, 0.6};
    folder.write("r/summary.json", summary.dump());
    const Ran damaged = run_program("report r -o out", folder);
    EXPECT_EQ(damaged.exit_code, 2);
    EXPECT_THAT(damaged.err, HasSubstr("summary.json: microstructure.distribution.capacity_mAh_g: its shares add up to 1.1"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "out"));
}

TEST(Report, APlaceThatCannotBeWrittenIsADiskError) {
    const Folder folder;
    MadeRun made;
    made.fields = false;
    made.write(folder.path() / "r");
    folder.write("taken", "");
    const Ran ran = run_program("report r -o taken", folder);
    EXPECT_EQ(ran.exit_code, 5);
    EXPECT_THAT(ran.err, HasSubstr("taken"));
}

}  // namespace
}  // namespace jt
