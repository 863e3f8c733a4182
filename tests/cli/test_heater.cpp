// SPDX-License-Identifier: Apache-2.0
// jouletwin heater as a user runs it, without anybody to talk to.
#include <gmock/gmock.h>
#include <signal.h>

#include <sstream>

#include "tests/support/program.hpp"

namespace jt::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kScenario =
    "[bed]\nsize=['20 mm','4 mm','1 mm']\nvoxel=['2 mm','2 mm','0.5 mm']\nmaterial='m'\ninitial_temperature='300 K'\n"
    "current_axis='x'\n[material.m]\nsigma='2e4 S/m'\nthermal_conductivity='20 W/(m K)'\ndensity='500 kg/m^3'\n"
    "heat_capacity='1500 J/(kg K)'\n[electrodes]\ncontact_conductance='2000 W/(m^2 K)'\ntemperature='300 K'\n"
    "[surface]\nemissivity=0.8\nambient='300 K'\n[heater]\nmode='temperature'\nprogram=[{to='900 K',in='2 s'}]\n"
    "feedback='tc'\nsupply={current='100 A',voltage='20 V'}\n[[sensor]]\nname='tc'\nkind='thermocouple'\n"
    "at=['10 mm','2 mm','0.5 mm']\n[[sensor]]\nname='current'\nkind='current'\n[run]\nduration='2 s'\n";

class HeaterCommand : public testing::Test {
protected:
    void SetUp() override {
        folder.write("s.toml", kScenario);
        if (run_program("heater --help", folder).exit_code != 0) GTEST_SKIP() << "built without the bridge";
    }
    Folder folder;
};

TEST_F(HeaterCommand, RunsOnceAndLeavesItsLogs) {
    folder.write("h.toml", "[factor]\nend_contact=1.4\n[draw]\nseed=2\n");
    const std::string same = "heater s.toml --hidden h.toml --start --once --rate 0 --seed 4 ";
    const Ran ran = run_program(same + "--log a.csv --truth truth.csv", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(folder.read("truth.csv"), AllOf(HasSubstr("# factor.end_contact = 1.4"), HasSubstr("# sensor.tc.bias"),
                                                HasSubstr("run,run_s,"), HasSubstr(",running,"), HasSubstr(",finished,")));
    // the same readings from the same seed, but for their clock and epoch
    ASSERT_EQ(run_program(same + "--log b.csv", folder).exit_code, 0);
    const auto values = [&](const std::string& name) {
        std::istringstream in(folder.read(name));
        std::string line, all;
        while (std::getline(in, line)) {
            std::size_t cut = 0;
            for (int n = 0; n < 5; ++n) cut = line.find(',', cut + 1);
            all += line.substr(0, cut) + "\n";
        }
        return all;
    };
    EXPECT_EQ(values("a.csv"), values("b.csv"));
    EXPECT_GT(values("a.csv").size(), 2000u);
}

TEST_F(HeaterCommand, EveryMistakeIsToldBeforeAnythingRuns) {
    folder.write("h.toml", "[factor]\nend_contac=1.4\n");
    const Ran ran = run_program("heater s.toml --hidden h.toml --fault stuk:tc@3s --fault clock=1@2s --start --once", folder);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err,
                AllOf(HasSubstr("did you mean end_contact?"), HasSubstr("did you mean stuck?"), HasSubstr("clock=1@2s")));
    EXPECT_EQ(run_program("heater s.toml --hidden none.toml --start --once", folder).exit_code, 2);
    EXPECT_EQ(run_program("heater s.toml --rate -1 --start --once", folder).exit_code, 2);
    EXPECT_EQ(run_program("heater s.toml --start --once --rate 0 --log no/such/folder.csv", folder).exit_code, 5);
    EXPECT_THAT(run_program("heater s.toml --set heater.mode=imposed --set heater.program=400K --start --once", folder).err,
                HasSubstr("heater"));
}

}  // namespace
}  // namespace jt::test
