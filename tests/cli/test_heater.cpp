// SPDX-License-Identifier: Apache-2.0
// jouletwin heater as a user runs it; who talks to it is in tests/bridge/test_wire_port.cpp.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>

#include <chrono>
#include <sstream>
#include <thread>

#include "tests/paths.hpp"
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

// Another program's port.
class TakenPort {
public:
    TakenPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* any = reinterpret_cast<sockaddr*>(&address);
        if (bind(socket_, any, size) != 0 || listen(socket_, 1) != 0 || getsockname(socket_, any, &size) != 0)
            throw std::runtime_error("no port");
        endpoint = "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    }
    ~TakenPort() { close(socket_); }
    TakenPort(const TakenPort&) = delete;
    std::string endpoint;

private:
    int socket_;
};

TEST_F(HeaterCommand, APortThatIsTakenIsNamed) {
    const TakenPort taken;
    const std::string any = "tcp://127.0.0.1:*";
    for (const std::string& where :
         {"--publish " + taken.endpoint + " --commands " + any, "--publish " + any + " --commands " + taken.endpoint}) {
        const Ran ran = run_program("heater s.toml --start --once --rate 0 " + where, folder);
        EXPECT_EQ(ran.exit_code, 6) << where;
        EXPECT_THAT(ran.err, HasSubstr(taken.endpoint + ": the address is in use"));
    }
}

TEST_F(HeaterCommand, WhereItMayListenIsTold) {
    const auto problem = [&](const std::string& options) {
        const Ran ran = run_program("heater s.toml --once " + options, folder);
        EXPECT_EQ(ran.exit_code, 2) << options;
        return ran.err;
    };
    EXPECT_THAT(problem("--publish tcp://0.0.0.0:* --commands tcp://127.0.0.1:*"), HasSubstr("--key and --allow"));
    EXPECT_THAT(problem("--publish 5701 --commands udp://1.2.3.4:5"),
                AllOf(HasSubstr("--publish \"5701\""), HasSubstr("--commands \"udp://1.2.3.4:5\"")));
    EXPECT_THAT(problem("--publish tcp://127.0.0.1:* --allow none.pub"), HasSubstr("--key"));
    EXPECT_THAT(problem(""), HasSubstr("allowed: --start, or --publish"));
}

TEST_F(HeaterCommand, ItWaitsForItsStartAndEndsWhenAsked) {
    for (const int signal : {SIGINT, SIGTERM}) {
        const std::string said = "err" + std::to_string(signal) + ".txt";
        const pid_t heater = fork();
        if (heater == 0) {
            const int err = open((folder / said).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
            if (chdir(folder.path().c_str()) != 0 || dup2(err, STDERR_FILENO) < 0) _exit(99);
            execl(JT_PROGRAM, JT_PROGRAM, "heater", "s.toml", "--publish", "ipc://p", "--commands", "ipc://c", nullptr);
            _exit(98);
        }
        ASSERT_GT(heater, 0);
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (folder.read(said).find("idle until it is told to start") == std::string::npos &&
               std::chrono::steady_clock::now() < limit)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        EXPECT_THAT(folder.read(said), HasSubstr("readings at ipc://p, commands at ipc://c"));
        kill(heater, signal);
        int status = 0;
        ASSERT_EQ(waitpid(heater, &status, 0), heater);
        EXPECT_TRUE(WIFEXITED(status));
        EXPECT_EQ(WEXITSTATUS(status), 130);
    }
}

}  // namespace
}  // namespace jt::test
