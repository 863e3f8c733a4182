// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/timeseries.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "kernels/error.hpp"
#include "tests/support/killed.hpp"
#include "tests/support/program.hpp"

namespace jt {
namespace {

using test::Folder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

const TimeSeriesColumns kAll{true, true, true, {"middle", "p, \"q\"\n"}};

RunRecord record(double time) {
    RunRecord r;
    r.time_s = time;
    r.setpoint_K = 1273.15;
    r.T_mean_K = 300.1, r.T_max_K = 301.0, r.T_min_K = 299.0, r.T_spread_K = 0.5;
    r.current_A = 2.0, r.voltage_V = 1.0 / 3.0, r.power_W = 2e-9;
    r.resistance_ohm = 0.1, r.J_crowding = 1.5, r.J_crowding_max = 3.0, r.J_max_A_per_m2 = 123456789.0;
    r.reading_K = 900.0;
    r.probes = {{"middle", 7.0}, {"p, \"q\"\n", std::nullopt}};
    return r;
}

const std::string kHeader =
    "time_s,setpoint_K,T_mean_K,T_max_K,T_min_K,T_spread_K,current_A,voltage_V,power_W,resistance_ohm,J_crowding,J_crowding_"
    "max,"
    "J_max_A_per_m2,reading_K,middle,\"p, \"\"q\"\"\n\"\n";
std::string row(const std::string& time) {
    return time + ",1273.15,300.1,301,299,0.5,2,0.3333333333333333,2e-09,0.1,1.5,3,123456789,900,7,\n";
}

TEST(TimeSeries, RowsReadBackToTheSameNumbersAndWhatIsAbsentIsEmpty) {
    const Folder folder;
    TimeSeries series = TimeSeries::create(folder / "timeseries.csv", kAll);
    EXPECT_EQ(folder.read("timeseries.csv"), kHeader);
    series.append(record(0.1 + 0.2));
    EXPECT_EQ(folder.read("timeseries.csv"), kHeader + row("0.30000000000000004"));
    RunRecord cold = record(1.0);
    cold.setpoint_K = cold.reading_K = cold.resistance_ohm = cold.J_crowding = cold.J_crowding_max = cold.J_max_A_per_m2 =
        std::nullopt;
    cold.probes["middle"] = std::nan("");
    series.append(cold);
    EXPECT_EQ(folder.read("timeseries.csv"),
              kHeader + row("0.30000000000000004") + "1,,300.1,301,299,0.5,2,0.3333333333333333,2e-09,,,,,,,\n");
}

TEST(TimeSeries, ColumnsOfWhatTheRunDoesNotHaveAreLeftOut) {
    const Folder folder;
    TimeSeries::create(folder / "t.csv", {}).append(record(0));
    EXPECT_EQ(folder.read("t.csv"), "time_s,T_mean_K,T_max_K,T_min_K,T_spread_K\n0,300.1,301,299,0.5\n");
    TimeSeries::create(folder / "t.csv", {false, true, false, {"T_max_K"}});
    EXPECT_EQ(folder.read("t.csv"), "time_s,T_mean_K,T_max_K,T_min_K,T_spread_K,reading_K,probe_T_max_K\n");
}

TEST(TimeSeries, ColumnsFollowTheScenario) {
    Scenario s;
    s.probes = {{"a", {}, "T_K"}, {"b", {}, "phi_V"}};
    const auto flags = [&] {
        const TimeSeriesColumns c = time_series_columns(s);
        return std::vector<bool>{c.setpoint, c.reading, c.electric};
    };
    EXPECT_THAT(flags(), ElementsAre(false, false, false));
    EXPECT_THAT(time_series_columns(s).probes, ElementsAre("a", "b"));
    s.heater.emplace();
    s.heater->mode = Heater::Mode::voltage;
    EXPECT_THAT(flags(), ElementsAre(false, false, false));
    s.terminals.resize(2);
    EXPECT_THAT(flags(), ElementsAre(false, false, true));
    s.heater->mode = Heater::Mode::temperature;
    EXPECT_THAT(flags(), ElementsAre(true, true, true));
    s.heater->mode = Heater::Mode::imposed;
    EXPECT_THAT(flags(), ElementsAre(true, false, false));
}

TEST(TimeSeries, GoesOnAfterAnyRowAndCutsTheRest) {
    const Folder folder;
    {
        TimeSeries series = TimeSeries::create(folder / "t.csv", kAll);
        for (const double t : {0.0, 1.0, 2.0}) series.append(record(t));
    }
    const std::string whole = folder.read("t.csv");
    folder.write("t.csv", whole + "3,12");  // a kill in the middle of a row
    TimeSeries::open(folder / "t.csv", kAll, 3).append(record(3));
    EXPECT_EQ(folder.read("t.csv"), whole + row("3"));
    TimeSeries::open(folder / "t.csv", kAll, 1).append(record(5));
    EXPECT_EQ(folder.read("t.csv"), kHeader + row("0") + row("5"));
    TimeSeries::open(folder / "t.csv", kAll, 0);
    EXPECT_EQ(folder.read("t.csv"), kHeader);
}

TEST(TimeSeries, FileOfAnotherRunOrWithTooFewRowsIsNamed) {
    const Folder folder;
    TimeSeries::create(folder / "t.csv", {}).append(record(0));
    EXPECT_THAT(
        [&] { TimeSeries::open(folder / "t.csv", kAll, 1); },
        ThrowsMessage<InputError>(AllOf(HasSubstr("t.csv: has other columns"), HasSubstr("expected: time_s,setpoint_K"))));
    EXPECT_THAT([&] { TimeSeries::open(folder / "t.csv", {}, 2); },
                ThrowsMessage<InputError>(HasSubstr("t.csv: holds 1 rows, 2 are needed")));
    folder.write("t.csv", folder.read("t.csv") + "1,2");
    EXPECT_THAT([&] { TimeSeries::open(folder / "t.csv", {}, 2); },
                ThrowsMessage<InputError>(HasSubstr("t.csv: holds 1 rows, 2 are needed")));
    EXPECT_THAT([&] { TimeSeries::open(folder / "none.csv", {}, 0); },
                ThrowsMessage<InputError>(HasSubstr("none.csv: cannot be read: No such file")));
}

TEST(TimeSeries, FullDiskIsADiskErrorAndNoRowIsCutInTwo) {
    const Folder folder;
    EXPECT_EQ(test::exit_code_of([&] {
                  TimeSeries series = TimeSeries::create(folder / "t.csv", {});
                  series.append(record(0));
                  test::limit_file_size(folder.read("t.csv").size() + 5);
                  try {
                      series.append(record(1));
                      return 1;
                  } catch (const DiskError& e) {
                      return std::string(e.what()).find("t.csv: cannot be written: File too large") == std::string::npos ? 2
                                                                                                                         : 5;
                  }
              }),
              5);
    EXPECT_EQ(folder.read("t.csv"), "time_s,T_mean_K,T_max_K,T_min_K,T_spread_K\n0,300.1,301,299,0.5\n");
    EXPECT_THAT([] { TimeSeries::create("/proc/no/t.csv", {}); }, ThrowsMessage<DiskError>(HasSubstr("/proc/no/t.csv")));
}

}  // namespace
}  // namespace jt
