// SPDX-License-Identifier: Apache-2.0
// The virtual heater as others see it: messages, status, watchdog, faults of the process, logs.
#include "bridge/heater/virtual_heater.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <cmath>
#include <sstream>

#include "bridge/heater/heater_service.hpp"
#include "kernels/backend.hpp"
#include "kernels/error.hpp"
#include "tests/support/program.hpp"
#include "twin/scenario/program_text.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::int64_t kUnix = 1'700'000'000'000'000'000;

class VirtualHeaterTest : public testing::Test {
protected:
    void SetUp() override { omp_set_num_threads(1); }  // 40 cells: a second thread only waits
    void TearDown() override { omp_set_num_threads(omp_get_num_procs()); }
    std::unique_ptr<Backend> backend = make_backend("cpu");
    Scenario scenario = read_scenario_text(
        "[bed]\nsize=['20 mm','4 mm','1 mm']\nvoxel=['2 mm','2 mm','0.5 mm']\nmaterial='m'\ninitial_temperature='300 K'\n"
        "current_axis='x'\n[material.m]\nsigma='2e4 S/m'\nthermal_conductivity='20 W/(m K)'\ndensity='500 kg/m^3'\n"
        "heat_capacity='1500 J/(kg K)'\n[electrodes]\ncontact_conductance='2000 W/(m^2 K)'\ntemperature='300 K'\n"
        "[surface]\nemissivity=0.8\nambient='300 K'\n"
        "[heater]\nmode='temperature'\nprogram=[{to='900 K',in='3 s'},{hold='3 s'}]\nfeedback='pyrometer'\n"
        "limits={temperature='1300 K'}\nsupply={current='100 A',voltage='20 V',update='10 Hz'}\n"
        "[[sensor]]\nname='pyrometer'\nkind='ratio_pyrometer'\nface='zmax'\nspot={center=['10 mm','2 mm'],diameter='3 mm'}\n"
        "floor='500 K'\n[[sensor]]\nname='current'\nkind='current'\n[run]\nduration='6 s'\n",
        "s.toml");
    VirtualHeaterOptions options(const std::vector<std::string>& faults = {}) {
        VirtualHeaterOptions o;
        o.epoch = 42;
        o.unix_ns = kUnix;
        o.plant.faults = parse_faults(faults, scenario);
        return o;
    }
    static Command command(const std::string& id, const std::string& verb, const std::string& payload = "") {
        Command c;
        c.id = id, c.verb = verb, c.payload = payload;
        return c;
    }
};

TEST_F(VirtualHeaterTest, ReadingsCarryTheTimeOfTheirMeasurement) {
    VirtualHeater heater(*backend, scenario, {}, options());
    heater.advance(1.0);
    EXPECT_TRUE(heater.command(command("a", "start"), kUnix, 1.0).accepted);
    heater.advance(5.0);
    std::map<std::string, std::uint64_t> seq;
    int below = 0, missing = 0;
    for (const Reading& r : heater.take()) {
        EXPECT_EQ(r.epoch, 42u);
        EXPECT_EQ(r.seq, ++seq[r.sensor]);
        EXPECT_EQ(r.unit, r.sensor == "current" ? "A" : "K");
        const double period = r.sensor == "current" ? 0.01 : 0.02;
        EXPECT_NEAR(double(r.t_source_ns - kUnix), 1e9 * period * double(r.seq - 1), 10.0);
        EXPECT_EQ(r.quality == Quality::good, r.value.has_value());
        below += r.quality == Quality::uncertain;
        missing += r.quality == Quality::bad;
        if (r.value) {
            EXPECT_GT(r.sigma, 0.0);
        }
    }
    EXPECT_EQ(seq["pyrometer"], 251u);
    EXPECT_EQ(seq["current"], 501u);
    EXPECT_GT(below, 50);
    EXPECT_GT(missing, 0);
    const HeaterStatus s = heater.status(5.0);
    EXPECT_EQ(s.phase, HeaterPhase::running);
    EXPECT_EQ(s.run, 1u);
    EXPECT_EQ(s.start_ns, kUnix + 1'000'000'000);
    EXPECT_NEAR(s.run_s, 4.0, 1e-9);
    EXPECT_NEAR(*s.setpoint_K, 900.0, 1e-9);
    EXPECT_EQ(s.counters.at("readings_below_floor"), std::uint64_t(below));
    EXPECT_EQ(s.counters.at("readings_missing"), std::uint64_t(missing));
    EXPECT_EQ(s.counters.at("commands_accepted"), 1u);
    ASSERT_TRUE(s.last_command);
    EXPECT_EQ(s.last_command->id, "a");
    // who reads the status knows the set point of any time
    const Program p = read_program_text(s.program, Heater::Mode::temperature, 0.0, "status");
    EXPECT_NEAR(p.at(1.5), 600.0, 1e-9);
}

TEST_F(VirtualHeaterTest, TheWatchdogIsShownAndChangesNothing) {
    VirtualHeater watched(*backend, scenario, {}, options()), free(*backend, scenario, {}, options());
    watched.command(command("a", "start", "watchdog = \"2 s\""), kUnix, 100.0);
    free.command(command("a", "start"), kUnix, 100.0);
    EXPECT_FALSE(watched.status(101.9).watchdog);
    EXPECT_TRUE(watched.status(102.1).watchdog);
    watched.hear_twin(102.2);
    EXPECT_FALSE(watched.status(103.0).watchdog);
    EXPECT_FALSE(free.status(200.0).watchdog);
    watched.advance(3.0), free.advance(3.0);
    EXPECT_TRUE(watched.status(110.0).watchdog);
    EXPECT_EQ(watched.plant().truth().T_mean_K, free.plant().truth().T_mean_K);
    watched.advance(7.0);
    EXPECT_EQ(watched.status(110.0).phase, HeaterPhase::finished);
    EXPECT_FALSE(watched.status(110.0).watchdog);
    EXPECT_TRUE(watched.ended());
}

TEST_F(VirtualHeaterTest, ClockGarbageAndSilenceActInTheirTime) {
    VirtualHeater heater(*backend, scenario, {}, options({"clock=2 s@1s/1s", "garbage@1s/1s", "silence@2s"}));
    EXPECT_FALSE(heater.silent());
    heater.command(command("a", "start"), kUnix, 0.0);
    heater.advance(1.5);
    EXPECT_TRUE(heater.garbage());
    EXPECT_FALSE(heater.silent());
    heater.advance(2.5);
    EXPECT_FALSE(heater.garbage());
    EXPECT_TRUE(heater.silent());
    for (const Reading& r : heater.take()) {
        const double due = (r.sensor == "current" ? 0.01 : 0.02) * double(r.seq - 1);
        const double jump = due > 1.0 - 1e-6 && due < 2.0 - 1e-6 ? 2.0 : 0.0;
        EXPECT_NEAR(1e-9 * double(r.t_source_ns - kUnix), due + jump, 1e-7);
    }
}

TEST_F(VirtualHeaterTest, ANewLifeIsIdle) {
    VirtualHeater heater(*backend, scenario, {}, options());
    const HeaterStatus s = heater.status(0.0);
    EXPECT_EQ(s.phase, HeaterPhase::idle);
    EXPECT_EQ(s.run, 0u);
    EXPECT_FALSE(s.last_command);
    EXPECT_FALSE(heater.ended());
    heater.advance(2.0);
    for (const Reading& r : heater.take())
        if (r.sensor == "current" && r.value) {
            EXPECT_NEAR(*r.value, 0.0, 10.0 * r.sigma);
        }
}

TEST_F(VirtualHeaterTest, LogsHoldReadingsAndTruth) {
    const test::Folder folder;
    VirtualHeater heater(*backend, scenario, {}, options());
    {
        ReadingLog log(folder / "log.csv");
        TruthLog truth(folder / "truth.csv", hidden_text({}, scenario, 900.0));
        heater.command(command("a", "start"), kUnix, 0.0);
        for (int n = 1; n <= 40; ++n) {
            heater.advance(0.05 * n);
            for (const Reading& r : heater.take()) log.write(r);
            truth.watch(heater);
        }
    }
    std::istringstream log(folder.read("log.csv")), truth(folder.read("truth.csv"));
    std::string line;
    std::getline(log, line);
    EXPECT_EQ(line, "sensor,value,unit,sigma,quality,t_source_ns,seq,epoch");
    int lines = 0;
    for (; std::getline(log, line); ++lines) EXPECT_EQ(std::count(line.begin(), line.end(), ','), 7);
    EXPECT_EQ(lines, 101 + 201);
    std::vector<std::string> rows;
    while (std::getline(truth, line)) rows.push_back(line);
    EXPECT_EQ(rows[0], "# factor.end_contact = 1");
    const auto head = std::find_if(rows.begin(), rows.end(), [](const auto& r) { return r.starts_with("run,"); });
    ASSERT_NE(head, rows.end());
    EXPECT_EQ(rows.end() - head - 1, 21);  // from 0 to 2 s
    EXPECT_THROW(ReadingLog("/nowhere/at/all.csv"), DiskError);
}

// Notes what is sent, and hands over a command when the plant's clock has come to its time.
class FakePort final : public HeaterPort {
public:
    std::vector<std::pair<double, Command>> commands;
    std::optional<double> beat_at;
    VirtualHeater* heater = nullptr;
    std::vector<Reading> readings;
    std::vector<HeaterStatus> statuses;
    std::vector<Heartbeat> beats;
    std::vector<CommandResult> answers;
    int garbage = 0;

    void send(const Reading& r) override { readings.push_back(r); }
    void send(const HeaterStatus& s) override { statuses.push_back(s); }
    void send(const Heartbeat& b) override { beats.push_back(b); }
    void send_garbage() override { ++garbage; }
    void receive(double, const std::function<std::optional<CommandResult>(const Command&)>& command,
                 const std::function<void(const Heartbeat&)>& heartbeat) override {
        const double clock = heater->plant().clock();
        if (beat_at && clock >= *beat_at) heartbeat({0.0, "twin", ""}), beat_at.reset();
        while (!commands.empty() && clock >= commands.front().first) {
            if (const auto answer = command(commands.front().second)) answers.push_back(*answer);
            commands.erase(commands.begin());
        }
    }
};

TEST_F(VirtualHeaterTest, TheServiceCarriesARunFromItsStartToItsEnd) {
    VirtualHeater heater(*backend, scenario, {}, options({"garbage@1s/0.5s", "silence@4s/1s"}));
    FakePort port;
    port.heater = &heater;
    port.commands = {
        {2.0, command("h", "hold")}, {2.5, command("r", "resume")}, {4.5, command("x", "hold")}, {4.6, command("y", "resume")}};
    ServiceOptions service;
    service.rate = 0.0;
    service.start = service.once = true;
    serve(heater, port, nullptr, nullptr, service, [] { return false; });
    EXPECT_EQ(heater.plant().phase(), HeaterPhase::finished);
    ASSERT_EQ(port.answers.size(), 2u);  // those in the silence are done and not answered
    EXPECT_TRUE(port.answers[0].accepted && port.answers[1].accepted);
    EXPECT_EQ(heater.status(0.0).counters.at("commands_accepted"), 5u);
    EXPECT_GE(port.garbage, 5);  // one a slice of 0.1 s
    EXPECT_FALSE(port.beats.empty());
    std::vector<HeaterPhase> phases;
    for (const HeaterStatus& s : port.statuses)
        if (phases.empty() || phases.back() != s.phase) phases.push_back(s.phase);
    EXPECT_EQ(phases, (std::vector{HeaterPhase::running, HeaterPhase::holding, HeaterPhase::running, HeaterPhase::finished}));
    // every reading of the run is sent once, but for those of the silence
    double last = 0.0;
    std::size_t silent = 0;
    for (const Reading& r : port.readings) {
        const double t = 1e-9 * double(r.t_source_ns - kUnix);
        EXPECT_GE(t, last - 1e-7);
        last = std::max(last, t);
        silent += t > 4.0 + service.slice && t < 5.0 - service.slice;
    }
    EXPECT_EQ(silent, 0u);
    EXPECT_GT(last, 6.4);  // 6 s of program and the holds
    EXPECT_GT(port.readings.size(), 700u);
}

TEST_F(VirtualHeaterTest, TheServiceEndsWhenAskedAndMindsTheTwinsHeartbeat) {
    VirtualHeater heater(*backend, scenario, {}, options());
    FakePort port;
    port.heater = &heater;
    port.commands = {{0.0, command("s", "start", "watchdog = \"1 h\"")}};
    port.beat_at = 1.0;
    ServiceOptions service;
    service.rate = 0.0;
    int turns = 0;
    serve(heater, port, nullptr, nullptr, service, [&] { return ++turns > 50; });
    EXPECT_EQ(turns, 51);
    EXPECT_EQ(heater.plant().phase(), HeaterPhase::running);
    EXPECT_FALSE(port.beat_at);
    EXPECT_FALSE(port.statuses.back().watchdog);
}

}  // namespace
}  // namespace jt
