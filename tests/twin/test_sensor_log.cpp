// SPDX-License-Identifier: Apache-2.0
// Logs of labs: columns by name, unit and sign; what is damaged is named by line and never read as something else.
#include <gmock/gmock.h>

#include <cmath>

#include "kernels/error.hpp"
#include "tests/support/program.hpp"
#include "twin/bed/random.hpp"
#include "twin/lumped/sensor_log.hpp"

namespace jt {
namespace {

using testing::AllOf;
using testing::HasSubstr;

SensorLog read(const std::string& text, const std::vector<std::string>& columns = {}) {
    const test::Folder folder;
    folder.write("log.csv", text);
    LogColumns chosen;
    for (const auto& column : columns) chosen.choose(column);
    return read_sensor_log(folder / "log.csv", chosen);
}

std::string error_of(const std::string& text, const std::vector<std::string>& columns = {}) {
    try {
        read(text, columns);
    } catch (const InputError& e) {
        return e.what();
    }
    return "no error";
}

std::string logger(const std::string& rows, const std::string& count,
                   const std::string& unit =
                       "\xEF\xBE\x9F"
                       "C") {
    return "#BeginHeader,62\r\n#FormatType,NR-500\\NORMAL\r\nNo. of Data," + count +
           "\r\nUnit Common\r\nWaveform Name,,\"VOLTAGE\",\"CURRENT\",\"TEMP.\"\r\nUnit,,\"V\",\"A\",\"" + unit +
           "\"\r\nSmoothing,,ON,ON,OFF\r\n#EndHeader,Date/Time(\xEF\xBC\xB5s),CH01,CH02,CH03\r\n" + rows;
}
const std::string kMidnight = "04/21/2021 23:59:59,500000,0.5,100,571.2\r\n04/22/2021 00:00:00,000000,0.6,120,573.0\r\n";

TEST(SensorLog, ReadsALoggerWithDegreesInShiftJisAcrossMidnight) {
    for (const std::string unit : {"\xEF\xBE\x9F"
                                   "C",
                                   "\x81\x8E",
                                   "\xB0"
                                   "C",
                                   "\xE2\x84\x83", "degC"}) {
        const SensorLog log = read(logger(kMidnight, "2", unit));
        ASSERT_EQ(log.rows(), 2u);
        EXPECT_EQ(log.format, "logger NR-500");
        EXPECT_DOUBLE_EQ(log.time_s[1], 0.5);
        EXPECT_DOUBLE_EQ(log.temperature.values[0], 571.2 + 273.15);
        EXPECT_EQ(log.temperature.unit, "degC");
        EXPECT_DOUBLE_EQ(log.voltage.values[1], 0.6);
        EXPECT_DOUBLE_EQ(log.current.values[1], 120.0);
    }
}

TEST(SensorLog, MarksAreNoDataAndMayStandInTheMiddle) {
    const auto cut = kMidnight.find("04/22");
    const std::string marks = "#BeginMark,3\r\nCH Name,Comment,Value\r\n#EndMark\r\n";
    EXPECT_EQ(read(logger(kMidnight.substr(0, cut) + marks + kMidnight.substr(cut) + marks, "2")).rows(), 2u);
    EXPECT_THAT(error_of(logger(kMidnight + "#BeginMark,3\r\nCH", "2")), HasSubstr("no end (\"#EndMark\")"));
}

TEST(SensorLog, ALoggerThatWasCutOffIsNotReadInPart) {
    EXPECT_THAT(error_of(logger(kMidnight, "3")),
                HasSubstr("announces 3 rows (\"No. of Data\"), the file holds 2: it is cut off"));
    EXPECT_THAT(error_of(logger(kMidnight + "04/22/2021 00:00:00,50", "3")), AllOf(HasSubstr(":11: "), HasSubstr("cut off")));
    const std::string whole = logger(kMidnight, "2");
    EXPECT_THAT(error_of(whole.substr(0, whole.find("#EndHeader"))), HasSubstr("has no end (\"#EndHeader\")"));
    EXPECT_THAT(error_of(logger("", "0")), HasSubstr("no row of data"));
    EXPECT_THAT(error_of(logger(kMidnight, "-1")), HasSubstr("\"No. of Data\" is \"-1\""));
}

TEST(SensorLog, TakesUnitsFromNamesOrFromTheUser) {
    const SensorLog log = read("time_s;T (degC);U [mV];I_kA\n0;20,5;1500;0,25\n1;21;1600;0,26\n");
    EXPECT_DOUBLE_EQ(log.temperature.values[0], 293.65);
    EXPECT_DOUBLE_EQ(log.voltage.values[0], 1.5);
    EXPECT_DOUBLE_EQ(log.current.values[1], 260.0);
    const SensorLog own =
        read("zeit,ofen,u,i\n0,68,1,2\n1,86,1,2\n", {"time=zeit:min", "temperature=ofen:degF", "voltage=u:V", "current=-i:mA"});
    EXPECT_DOUBLE_EQ(own.time_s[1], 60.0);
    EXPECT_NEAR(own.temperature.values[0], 293.15, 1e-9);
    EXPECT_NEAR(own.temperature.values[1], 303.15, 1e-9);
    EXPECT_DOUBLE_EQ(own.current.values[0], -0.002);
    EXPECT_TRUE(own.current.negated);
}

TEST(SensorLog, ReadsItsOwnRunsAndClockTimes) {
    const SensorLog log = read("# a remark\nzeit,T_K,V_V,I_A\n2021-04-21T11:56:17.25,300,1,2\n2021-04-21 11:56:18,,1,2\n",
                               {"time=zeit", "voltage=V_V", "current=I_A"});
    EXPECT_DOUBLE_EQ(log.time_s[1], 0.75);
    EXPECT_TRUE(std::isnan(log.temperature.values[1]));  // nothing was read
}

TEST(SensorLog, AColumnWhoseNameLooksLikeAMappingIsMeant) {
    const std::string text = "time_s,-T:K,V_V,I_A\n0,300,1,2\n1,301,1,2\n";
    EXPECT_DOUBLE_EQ(read(text, {"temperature=-T:K:K", "voltage=V_V", "current=I_A"}).temperature.values[1], 301.0);
}

TEST(SensorLog, NamesWhatIsThereAndTheNearestWhenAColumnIsMissing) {
    EXPECT_THAT(error_of(logger(kMidnight, "2"), {"temperature=TEMP"}),
                AllOf(HasSubstr("no such column"), HasSubstr("did you mean TEMP.?"), HasSubstr("VOLTAGE, CURRENT, TEMP.")));
    EXPECT_THAT(error_of("time_s,a_K,b_V,c_A\n0,300,1,2\n"),
                AllOf(HasSubstr("which column is the temperature"), HasSubstr("which column is the voltage"),
                      HasSubstr("a_K, b_V, c_A")));
    EXPECT_THAT(error_of("time_s,temp,V_V,I_A\n0,300,1,2\n"), HasSubstr("gives column temp no unit"));
    EXPECT_THAT(error_of("time_s,T_K,V_V,I_A\n0,300,1,2\n", {"current=I_A:V"}), HasSubstr("unit of column I_A"));
    EXPECT_THAT(error_of("time_s,T_K,V_V,I_A\n0,300,1,2\n", {"current=V_V:A"}), HasSubstr("to be the voltage and the current"));
    EXPECT_THAT(error_of("time_s,T_K,V_V,V_V\n0,300,1,2\n", {"current=V_V:A"}), HasSubstr("2 columns have that name"));
    LogColumns columns;
    EXPECT_THROW(columns.choose("temp=T"), InputError);
    EXPECT_THROW(columns.choose("temperature="), InputError);
    columns.choose("temperature=T");
    EXPECT_THROW(columns.choose("temperature=T"), InputError);
}

TEST(SensorLog, EveryDamagedRowIsNamedByItsLine) {
    const std::string head = "time_s,T_K,V_V,I_A\n0,300,1,2\n";
    EXPECT_THAT(error_of(head + "1,301,1\n"), AllOf(HasSubstr("log.csv:3: "), HasSubstr("3 cells, the header 4")));
    EXPECT_THAT(error_of(head + "1,nan,1,2\n"), HasSubstr("log.csv:3: temperature (column T_K) is \"nan\""));
    EXPECT_THAT(error_of(head + "1,300,inf,2\n"), HasSubstr("voltage (column V_V) is \"inf\""));
    EXPECT_THAT(error_of(head + "1,300,,2\n"), HasSubstr("voltage (column V_V) is \"\""));
    EXPECT_THAT(error_of(head + "1,300,1,1e300\n"), HasSubstr("current (column I_A)"));
    EXPECT_THAT(error_of(head + "1,-1,1,2\n"), HasSubstr("below absolute zero"));
    EXPECT_THAT(error_of(head + "-1,300,1,2\n"), HasSubstr("time goes backwards: -1 s after 0 s"));
    EXPECT_THAT(error_of(head + "0,300,1,2\n"), HasSubstr("time stands still"));
    EXPECT_THAT(error_of(head + "x,300,1,2\n"), HasSubstr("time is \"x\""));
    EXPECT_THAT(error_of(head + "1,\"300,1,2\n"), HasSubstr("a quote is not closed"));
    std::string many = head;
    for (int n = 0; n < 100; ++n) many += "z,z,z,z\n";
    EXPECT_THAT(error_of(many), HasSubstr("and 380 more problems"));
}

TEST(SensorLog, WhatIsNoLogIsRefused) {
    EXPECT_THAT(error_of(""), HasSubstr("holds no text"));
    EXPECT_THAT(error_of("\n \n"), HasSubstr("holds no text"));
    EXPECT_THAT(error_of("# only a remark\n"), HasSubstr("no line of column names"));
    EXPECT_THAT(error_of(std::string("time_s,T_K\n\0,1\n", 16)), AllOf(HasSubstr("binary"), HasSubstr("line 2")));
    EXPECT_THAT(error_of("\xFF\xFEt"), HasSubstr("UTF-16"));
    EXPECT_THAT(error_of("0,300,1,2\n1,300,1,2\n"), HasSubstr("a line of column names first"));
    EXPECT_THAT(error_of("time_s,T_K,V_V,I_A\n"), HasSubstr("no row of data"));
    EXPECT_THAT(error_of(std::string(70000, 'a')), HasSubstr("at most 65536"));
    EXPECT_THROW(read_sensor_log("/nowhere/log.csv"), InputError);
    EXPECT_THROW(read_sensor_log("/"), InputError);
}

// Damaged anywhere, a log is read or refused with an InputError.
TEST(SensorLog, DamageNeverCrashesTheReader) {
    const std::string whole = logger(kMidnight, "2"), table = "time_s;T (degC);U [mV];I_kA\n0;20,5;1500;0,25\n1;21;1600;0,26\n";
    SplitMix64 random(7);
    const test::Folder folder;
    for (int n = 0; n < 600; ++n) {
        std::string text = n % 2 ? whole : table;
        for (std::uint64_t changes = 1 + random.next() % 4; changes > 0 && !text.empty(); --changes) {
            const std::size_t at = random.next() % text.size();
            if (random.next() % 8 == 0)
                text.resize(at);
            else if (random.next() % 3 == 0)
                text.replace(at, random.next() % 20, text.substr(random.next() % text.size(), random.next() % 40));
            else
                text[at] = char(random.next());
        }
        folder.write("log.csv", text);
        try {
            const SensorLog log = read_sensor_log(folder / "log.csv");
            EXPECT_EQ(log.temperature.values.size(), log.rows());
            EXPECT_EQ(log.current.values.size(), log.rows());
        } catch (const InputError&) {
        }
    }
}

TEST(SensorLog, FindsTheStepOfAQuantisedChannel) {
    std::vector<double> volts, ramp, smooth, constant(50, 2.0);
    SplitMix64 random(3);
    for (int n = 0; n < 400; ++n) {
        volts.push_back(0.1 * std::round(10.0 * (0.9 + 0.0005 * n)));
        ramp.push_back(273.15 + 0.2 * std::round(5.0 * (700.0 + 0.83 * n + 0.3 * random.unit())));  // hardly a value twice
        smooth.push_back(700.0 + 0.83 * n + random.unit());
    }
    EXPECT_NEAR(quantisation_step(volts), 0.1, 1e-9);
    EXPECT_NEAR(quantisation_step(ramp), 0.2, 1e-9);
    EXPECT_EQ(quantisation_step(smooth), 0.0);
    EXPECT_EQ(quantisation_step(constant), 0.0);
    EXPECT_EQ(quantisation_step({}), 0.0);
}

TEST(SensorLog, FindsTheFloorOfAPyrometerAndNoFloorInAColdStart) {
    const auto log_of = [](double floor_K) {
        SensorLog log;
        for (int n = 0; n < 400; ++n) {
            log.time_s.push_back(n);
            log.temperature.values.push_back(std::max(floor_K, floor_K - 500.0 + 4.0 * n) + 0.2 * (n % 3));
        }
        return log;
    };
    ASSERT_TRUE(find_reading_floor(log_of(844.0), 1e9));
    EXPECT_NEAR(*find_reading_floor(log_of(844.0), 1e9), 844.4, 0.7);
    EXPECT_FALSE(find_reading_floor(log_of(298.0), 1e9));    // a thermocouple in a cold furnace
    EXPECT_FALSE(find_reading_floor(log_of(844.0), 100.0));  // nothing but the floor so far: it may be a furnace on hold
}

}  // namespace
}  // namespace jt
