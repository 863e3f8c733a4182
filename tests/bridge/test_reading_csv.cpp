// SPDX-License-Identifier: Apache-2.0
// Readings in tables: what is written reads back to the bit; what is damaged is named by line; logs of labs become readings.
#include "bridge/wire/reading_csv.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "kernels/error.hpp"
#include "tests/support/program.hpp"

namespace jt {
namespace {

using test::Folder;
using testing::AllOf;
using testing::HasSubstr;

std::vector<LoggedReading> some() {
    return {{1700000000123456789,
             {.sensor = "tc1",
              .value = 1273.1500000000001,
              .unit = "K",
              .sigma = 0.5,
              .t_source_ns = 1700000000000000001,
              .seq = 7,
              .epoch = std::numeric_limits<std::uint64_t>::max()}},
            {1700000000123456790,
             {.sensor = "I",
              .value = {},
              .unit = "A",
              .sigma = 1e-300,
              .quality = Quality::bad,
              .t_source_ns = 5,
              .seq = 8,
              .epoch = 9}}};
}

std::string error_of(const std::string& text) {
    const Folder folder;
    folder.write("r.csv", text);
    try {
        read_reading_csv(folder / "r.csv");
    } catch (const InputError& e) {
        return e.what();
    }
    return "no error";
}

TEST(ReadingCsv, ReadsBackToTheBit) {
    const Folder folder;
    write_reading_csv(folder / "r.csv", some());
    EXPECT_TRUE(is_reading_csv(folder / "r.csv"));
    const auto read = read_reading_csv(folder / "r.csv"), written = some();
    ASSERT_EQ(read.size(), written.size());
    for (std::size_t n = 0; n < read.size(); ++n) {
        EXPECT_EQ(csv_line(read[n]), csv_line(written[n]));
        EXPECT_EQ(read[n].reading.value, written[n].reading.value);
        EXPECT_EQ(read[n].reading.sigma, written[n].reading.sigma);
        EXPECT_EQ(read[n].reading.epoch, written[n].reading.epoch);
        EXPECT_EQ(read[n].reading.quality, written[n].reading.quality);
    }
}

TEST(ReadingCsv, AHeatersLogNeedsNoTimeOfReception) {
    const Folder folder;
    folder.write("r.csv", "sensor,value,unit,sigma,quality,t_source_ns,seq,epoch\r\ntc1,300.5,K,0.5,good,42,1,2\r\n\r\n");
    EXPECT_TRUE(is_reading_csv(folder / "r.csv"));
    const auto read = read_reading_csv(folder / "r.csv");
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(read[0].t_receive_ns, 42);
    EXPECT_EQ(read[0].reading.value, 300.5);
}

TEST(ReadingCsv, EveryProblemHasItsLine) {
    const std::string head = std::string(kReadingCsvHeader) + "\n";
    EXPECT_THAT(error_of(head + "1,tc1,nan,K,0.5,good,1,1,1\n1,tc1,1,K,-1,fine,x,1,1\n1,tc1,1,K,0.5,good,1,1\n"),
                AllOf(HasSubstr("r.csv:2: value is \"nan\""), HasSubstr("r.csv:3: sigma is \"-1\""),
                      HasSubstr("r.csv:3: quality is \"fine\""), HasSubstr("r.csv:3: t_source_ns is \"x\""),
                      HasSubstr("r.csv:4: has 8 cells, the header 9")));
    EXPECT_THAT(error_of(""), HasSubstr("the file is empty"));
    EXPECT_THAT(error_of("time_s,T\n"), AllOf(HasSubstr("no column sensor"), HasSubstr("no column epoch")));
    EXPECT_THAT(error_of("sensor," + head), HasSubstr("two columns sensor"));
    EXPECT_THAT(error_of(head + "1,tc1,1,K,0.5,good,1,1"), HasSubstr("the file is cut off"));
    EXPECT_THAT(error_of(head + "1,t c,1,K,0.5,good,1,-1,1\n"), AllOf(HasSubstr("sensor is"), HasSubstr("seq is")));
    EXPECT_THROW(read_reading_csv("no/such/file.csv"), InputError);
    EXPECT_FALSE(is_reading_csv("no/such/file.csv"));
    EXPECT_FALSE(is_reading_csv("."));
}

TEST(ReadingCsv, ALoggersRowsBecomeReadingsOfEachChannel) {
    const Folder folder;
    std::string text =
        "#BeginHeader,62\r\n#FormatType,NR-500\\NORMAL\r\nNo. of Data,40\r\nWaveform "
        "Name,,\"VOLTAGE\",\"CURRENT\",\"TEMP.\"\r\nUnit,,\"V\",\"A\",\"degC\"\r\n#EndHeader,Date/Time,CH01,CH02,CH03\r\n";
    for (int n = 0; n < 40; ++n) {
        char row[96];
        std::snprintf(row, sizeof row, "04/21/2021 11:56:%02d,500000,0.5,%d,%s\r\n", n, 100 + n, n == 1 ? "" : "571.2");
        text += row;
    }
    folder.write("run.csv", text);
    EXPECT_FALSE(is_reading_csv(folder / "run.csv"));
    const SensorLog log = read_sensor_log(folder / "run.csv");
    const auto readings = readings_of(log, {{LogRole::temperature, "pyrometer"}, {LogRole::current, "I"}}, 1'000'000'000);
    ASSERT_EQ(readings.size(), 80u);
    const auto of = [&](std::size_t n) { return readings[n].reading; };
    EXPECT_EQ(of(0).sensor, "pyrometer");
    EXPECT_EQ(of(0).unit, "K");
    EXPECT_DOUBLE_EQ(*of(0).value, 571.2 + 273.15);
    EXPECT_EQ(of(0).t_source_ns, 1'000'000'000);
    EXPECT_FALSE(of(2).value);                    // nothing was shown
    EXPECT_EQ(of(3).t_source_ns, 2'000'000'000);  // a second later
    EXPECT_EQ(of(3).seq, 2u);
    EXPECT_NEAR(of(3).sigma, 1.0 / std::sqrt(12.0), 1e-9);  // whole amperes
    EXPECT_THROW(readings_of(log, {{LogRole::time, "clock"}}, 0), InputError);
}

}  // namespace
}  // namespace jt
