// SPDX-License-Identifier: Apache-2.0
// The virtual heater on the network, as a subscriber and a requester see it: in a thread of its own, on wildcard ports. What
// has to happen is waited for, with a limit that only a defect reaches.
#include "bridge/heater/wire_port.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <atomic>
#include <thread>

#include "bridge/live/inbox.hpp"
#include "bridge/wire/reading_csv.hpp"
#include "bridge/wire/requester.hpp"
#include "bridge/wire/subscriber.hpp"
#include "kernels/backend.hpp"
#include "kernels/error.hpp"
#include "tests/support/program.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const char* const kAny = "tcp://127.0.0.1:*";
constexpr std::uint64_t kEpoch = 42;

// Calls `step` until it says true. False: 20 s are over.
bool until(const std::function<bool()>& step) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < end)
        if (step()) return true;
    return false;
}

Scenario small_heater() {
    return read_scenario_text(
        "[bed]\nsize=['20 mm','4 mm','1 mm']\nvoxel=['2 mm','2 mm','0.5 mm']\nmaterial='m'\ninitial_temperature='300 K'\n"
        "current_axis='x'\n[material.m]\nsigma='2e4 S/m'\nthermal_conductivity='20 W/(m K)'\ndensity='500 kg/m^3'\n"
        "heat_capacity='1500 J/(kg K)'\n[electrodes]\ncontact_conductance='2000 W/(m^2 K)'\ntemperature='300 K'\n"
        "[surface]\nemissivity=0.8\nambient='300 K'\n"
        "[heater]\nmode='temperature'\nprogram=[{to='600 K',in='1 s'},{hold='1 s'}]\nfeedback='tc'\n"
        "limits={temperature='1300 K'}\nsupply={current='100 A',voltage='20 V',update='10 Hz'}\n"
        "[[sensor]]\nname='tc'\nkind='thermocouple'\nat=['10 mm','2 mm','0.5 mm']\n"
        "[[sensor]]\nname='current'\nkind='current'\n[run]\nduration='2 s'\n",
        "s.toml");
}

WirePortOptions ends() {
    return {kAny, kAny, kEpoch, "small", "title = 'small'"};
}

// A heater on the network that lives until the object ends.
class Life {
public:
    Life(WireContext& context, const Scenario& scenario, const std::vector<std::string>& faults, double rate,
         ReadingLog* log = nullptr, const WirePortOptions& where = ends())
        : port(context, where) {
        VirtualHeaterOptions options;
        options.epoch = where.epoch;
        options.plant.faults = parse_faults(faults, scenario);
        heater.emplace(*backend, scenario, Hidden{}, options);
        thread_ = std::thread([this, rate, log] {
            omp_set_num_threads(1);  // 40 cells: a second thread only waits
            heater->set_clock(unix_ns());
            ServiceOptions service;
            service.rate = rate;
            serve(*heater, port, log, nullptr, service, [this] { return end_.load(); });
        });
    }
    ~Life() { end(); }
    // Its sockets stay until the object goes.
    void end() {
        end_ = true;
        if (thread_.joinable()) thread_.join();
    }
    WirePort port;
    std::unique_ptr<Backend> backend = make_backend("cpu");
    std::optional<VirtualHeater> heater;

private:
    std::atomic<bool> end_{false};
    std::thread thread_;
};

// What has come of each kind.
struct Heard {
    explicit Heard(Subscriber& subscriber) : from(subscriber) {}
    bool listen() {
        for (Received& one : from.poll(20ms)) {
            if (const auto* r = std::get_if<Reading>(&one.message)) readings.push_back(*r);
            if (const auto* s = std::get_if<HeaterStatus>(&one.message)) status = *s;
            if (const auto* b = std::get_if<Heartbeat>(&one.message)) beat = *b;
            all.push_back(std::move(one));
        }
        return true;
    }
    bool phase(HeaterPhase wanted) { return listen() && status && status->phase == wanted; }
    std::uint64_t newest(const std::string& sensor) const {
        std::uint64_t seq = 0;
        for (const Reading& r : readings)
            if (r.sensor == sensor) seq = std::max(seq, r.seq);
        return seq;
    }
    Subscriber& from;
    std::vector<Received> all;
    std::vector<Reading> readings;
    std::optional<HeaterStatus> status;
    std::optional<Heartbeat> beat;
};

class WirePortTest : public testing::Test {
protected:
    CommandResult tell(Requester& requester, const Command& command) {
        const auto answer = requester.command(command, 20s);
        EXPECT_TRUE(answer) << answer.problem;
        return answer ? *answer.value : CommandResult{};
    }
    WireContext context;
    Scenario scenario = small_heater();
};

TEST_F(WirePortTest, ASubscriberHearsWhatTheLogHolds) {
    const test::Folder folder;
    ReadingLog log(folder / "log.csv");
    Life life(context, scenario, {}, 0.0, &log);
    Subscriber subscriber(context, {life.port.readings_endpoint()});
    Heard heard(subscriber);
    ASSERT_TRUE(until([&] { return heard.listen() && !heard.readings.empty() && heard.status && heard.beat; }));
    EXPECT_EQ(heard.status->phase, HeaterPhase::idle);  // it waits for somebody to start it
    EXPECT_EQ(heard.beat->role, "heater");
    Requester requester(context, life.port.commands_endpoint());
    EXPECT_TRUE(tell(requester, {"s", kEpoch, 0, "start", ""}).accepted);
    ASSERT_TRUE(until([&] { return heard.phase(HeaterPhase::finished); }));
    life.end();
    log.flush();

    std::map<std::pair<std::string, std::uint64_t>, Reading> logged;
    std::vector<std::pair<std::string, std::uint64_t>> lines;
    std::map<std::string, std::uint64_t> last;
    for (const LoggedReading& one : read_reading_csv(folder / "log.csv")) {
        logged[{one.reading.sensor, one.reading.seq}] = one.reading;
        lines.emplace_back(one.reading.sensor, one.reading.seq);
        last[one.reading.sensor] = std::max(last[one.reading.sensor], one.reading.seq);
    }
    ASSERT_TRUE(until(
        [&] { return heard.listen() && heard.newest("tc") == last["tc"] && heard.newest("current") == last["current"]; }));
    std::size_t compared = 0;
    for (const Received& one : heard.all) {
        EXPECT_EQ(one.header.epoch, kEpoch);
        const auto* r = std::get_if<Reading>(&one.message);
        if (!r) continue;
        ASSERT_TRUE(logged.contains({r->sensor, r->seq}));
        const Reading& known = logged[{r->sensor, r->seq}];
        EXPECT_EQ(one.topic, "reading/" + r->sensor);
        EXPECT_EQ(r->value, known.value);
        EXPECT_EQ(r->unit, known.unit);
        EXPECT_EQ(r->sigma, known.sigma);
        EXPECT_EQ(r->quality, known.quality);
        EXPECT_EQ(r->t_source_ns, known.t_source_ns);
        EXPECT_EQ(r->epoch, kEpoch);
        EXPECT_EQ(one.header.t_source_ns, r->t_source_ns);
        EXPECT_EQ(one.header.quality, r->quality);
        ++compared;
    }
    // nothing of the log since the first one heard is left out
    std::size_t since = lines.size();
    while (since > 0 && lines[since - 1] != std::pair(heard.readings[0].sensor, heard.readings[0].seq)) --since;
    EXPECT_EQ(compared, lines.size() - since + 1);
    EXPECT_GT(compared, 220u);  // 2 s
    EXPECT_EQ(subscriber.sequence().missing(), 0u);
    EXPECT_EQ(subscriber.rejections().total(), 0u);
}

TEST_F(WirePortTest, CommandsAreDoneOnceOrRefusedWithAReason) {
    Life life(context, scenario, {}, 0.05);  // 2 s of program in 40 s: it runs while it is spoken to
    Subscriber subscriber(context, {life.port.readings_endpoint()});
    Heard heard(subscriber);
    Requester requester(context, life.port.commands_endpoint());
    const auto refused = [&](const Command& command) {
        const CommandResult r = tell(requester, command);
        EXPECT_FALSE(r.accepted) << command.verb;
        return r.reason;
    };
    EXPECT_THAT(refused({"h0", 0, 0, "hold", ""}), HasSubstr("the heater is idle"));
    EXPECT_THAT(refused({"w", 7, 0, "start", ""}), HasSubstr("wrong epoch: meant for 7"));
    EXPECT_THAT(refused({"d", 0, 1, "start", ""}), HasSubstr("deadline past"));
    EXPECT_THAT(refused({"u", 0, 0, "strat", ""}), HasSubstr("did you mean start?"));
    EXPECT_TRUE(tell(requester, {"s", kEpoch, 0, "start", ""}).accepted);
    EXPECT_THAT(refused({"s2", 0, 0, "start", ""}), HasSubstr("the heater is running"));
    EXPECT_TRUE(tell(requester, {"h", 0, 0, "hold", ""}).accepted);
    ASSERT_TRUE(until([&] { return heard.phase(HeaterPhase::holding); }));
    EXPECT_EQ(heard.status->last_command->id, "h");  // confirmed
    EXPECT_TRUE(tell(requester, {"r", 0, 0, "resume", ""}).accepted);
    // the same again, as after an answer that was lost
    EXPECT_TRUE(tell(requester, {"h", 0, 0, "hold", ""}).accepted);
    EXPECT_TRUE(tell(requester, {"p", 0, 0, "program", "[{to='500 K', in='1 s'}, {hold='5 s'}]"}).accepted);
    ASSERT_TRUE(until([&] { return heard.listen() && heard.status && heard.status->last_command->id == "p"; }));
    EXPECT_EQ(heard.status->phase, HeaterPhase::running);
    EXPECT_EQ(heard.status->counters.at("commands_repeated"), 1u);
    EXPECT_EQ(heard.status->counters.at("commands_refused"), 5u);
    EXPECT_THAT(heard.status->program, HasSubstr("500 K"));
    EXPECT_TRUE(tell(requester, {"a", kEpoch, unix_ns() + 60'000'000'000, "abort", ""}).accepted);
    ASSERT_TRUE(until([&] { return heard.phase(HeaterPhase::aborted); }));
}

TEST_F(WirePortTest, SaysWhoItIsAndWhatItShowedLast) {
    Life life(context, scenario, {}, 1.0);
    Requester requester(context, life.port.commands_endpoint());
    const auto said = requester.hello(20s);
    ASSERT_TRUE(said) << said.problem;
    EXPECT_EQ(said.value->role, "heater");
    EXPECT_EQ(said.value->epoch, kEpoch);
    EXPECT_EQ(said.value->title, "small");
    EXPECT_EQ(said.value->endpoints.at("sensors"), life.port.readings_endpoint());
    EXPECT_EQ(said.value->endpoints.at("commands"), life.port.commands_endpoint());
    EXPECT_EQ(*requester.text("scenario", 20s).value, "title = 'small'");
    ClockOffset offset;
    EXPECT_TRUE(requester.time(offset, 20s));
    std::vector<std::string> topics;
    ASSERT_TRUE(until([&] {
        topics.clear();
        if (const auto snapshot = requester.snapshot(20s))
            for (const Received& one : *snapshot.value) topics.push_back(one.topic);
        return topics.size() >= 4;
    }));
    EXPECT_THAT(topics, testing::UnorderedElementsAre("heartbeat", "heater", "reading/current", "reading/tc"));
}

TEST_F(WirePortTest, TheWatchdogHearsTheTwinAndNobodyElse) {
    Life life(context, scenario, {}, 0.05);
    SubscriberOptions status;
    status.topics = {"heater"};
    Subscriber subscriber(context, {life.port.readings_endpoint()}, status);
    Heard heard(subscriber);
    Requester requester(context, life.port.commands_endpoint());
    EXPECT_TRUE(tell(requester, {"s", 0, 0, "start", "watchdog = \"0.5 s\""}).accepted);
    ASSERT_TRUE(until([&] { return heard.listen() && heard.status && heard.status->watchdog; }));
    for (int n = 0; n < 5; ++n) requester.ask("heartbeat", Heartbeat{1.0, "screen", ""});
    // a command is answered after what was sent before it, and with a status
    EXPECT_FALSE(tell(requester, {"x", 0, 0, "start", ""}).accepted);
    ASSERT_TRUE(until([&] { return heard.listen() && heard.status->last_command->id == "x"; }));
    EXPECT_TRUE(heard.status->watchdog);
    EXPECT_TRUE(until([&] {
        requester.ask("heartbeat", Heartbeat{1.0, "twin", "live"});
        return heard.listen() && !heard.status->watchdog;
    }));
    EXPECT_TRUE(until([&] { return heard.listen() && heard.status->watchdog; }));  // it falls silent again
    EXPECT_EQ(heard.status->phase, HeaterPhase::running);
}

TEST_F(WirePortTest, GarbageIsCountedAndNothingElse) {
    WirePort port(context, ends());
    Subscriber subscriber(context, {port.readings_endpoint()});
    Heard heard(subscriber);
    const auto nobody = [](const Command&) -> std::optional<CommandResult> { return {}; };
    ASSERT_TRUE(until([&] {
        port.send(Heartbeat{1.0, "heater", "idle"});
        port.receive(0.0, nobody, [](const Heartbeat&) {});
        return heard.listen() && heard.beat;
    }));
    constexpr int kRounds = 20;
    for (int n = 0; n < kRounds * WirePort::kKindsOfGarbage; ++n) port.send_garbage();
    port.send(HeaterStatus{});
    ASSERT_TRUE(until([&] { return heard.listen() && heard.status; }));
    EXPECT_EQ(subscriber.rejections().total(), std::uint64_t(kRounds * WirePort::kKindsOfGarbage));
    int reasons = 0;
    for (const std::uint64_t count : subscriber.rejections().count) reasons += count > 0;
    EXPECT_GE(reasons, 5);
    EXPECT_TRUE(heard.readings.empty());
    EXPECT_EQ(subscriber.sequence().missing(), 0u);
}

TEST_F(WirePortTest, FaultsOfARunLookLikeThat) {
    Life life(context, scenario, {"garbage@0.1s/0.2s", "clock=2 s@0.3s", "dropout:tc@0.2s"}, 1.0);
    Subscriber subscriber(context, {life.port.readings_endpoint()});
    Heard heard(subscriber);
    Inbox inbox({sensor_rule("tc", "K"), sensor_rule("current", "A")});
    Requester requester(context, life.port.commands_endpoint());
    ASSERT_TRUE(until([&] { return heard.listen() && !heard.readings.empty(); }));
    EXPECT_TRUE(tell(requester, {"s", 0, 0, "start", ""}).accepted);
    ASSERT_TRUE(until([&] { return heard.phase(HeaterPhase::finished); }));
    EXPECT_GT(subscriber.rejections().total(), 5u);
    EXPECT_EQ(subscriber.sequence().missing(), 0u);
    std::uint64_t put = 0, dropped_out = 0;
    for (const Received& one : heard.all)
        if (const auto* r = std::get_if<Reading>(&one.message)) {
            inbox.put(*r, one.header.t_send_ns, one.monotonic_ns);
            ++put;
            if (r->sensor == "tc" && !r->value) dropped_out += r->quality == Quality::bad;
        }
    EXPECT_GT(dropped_out, 10u);
    const auto counts = inbox.counts();
    const auto count = [&](ReadingOutcome outcome) { return counts[std::size_t(outcome)]; };
    EXPECT_GT(count(ReadingOutcome::from_the_future), 100u);  // 1.7 s of current at 100 Hz
    EXPECT_GT(count(ReadingOutcome::accepted), 10u);
    EXPECT_EQ(count(ReadingOutcome::repeated) + count(ReadingOutcome::unknown_sensor) + count(ReadingOutcome::absurd), 0u);
}

TEST_F(WirePortTest, InSilenceCommandsAreDoneAndNobodyIsAnswered) {
    WirePort port(context, ends());
    Requester requester(context, port.commands_endpoint());
    int done = 0;
    const auto turn = [&] {
        port.receive(
            0.02,
            [&](const Command& c) {
                ++done;
                return std::optional(CommandResult{c.id, c.verb, true, "", 1});
            },
            [](const Heartbeat&) {});
    };
    std::uint64_t last = 0;
    port.silence(true);
    ASSERT_TRUE(until([&] { return (last = requester.ask("hello")) != 0; }));
    EXPECT_GT(requester.ask("command", Command{"c", 0, 0, "hold", ""}), 0u);
    ASSERT_TRUE(until([&] { return turn(), done == 1; }));
    port.silence(false);
    last = requester.ask("time");
    std::vector<Reply> replies;
    ASSERT_TRUE(until([&] {
        turn();
        for (Reply& one : requester.poll(20ms)) replies.push_back(std::move(one));
        return !replies.empty();
    }));
    ASSERT_EQ(replies.size(), 1u);
    EXPECT_EQ(replies[0].id, last);
}

TEST_F(WirePortTest, WithoutAKeyNobodyHearsAnything) {
    const KeyPair own = make_key_pair(), twin = make_key_pair();
    Keys keys;
    keys.own = own, keys.allow = {twin.public_key}, keys.has_allow = true;
    WireContext locked(keys);
    WirePortOptions where = ends();
    where.commands = "tcp://0.0.0.0:*";  // keys permit that
    Life life(locked, scenario, {}, 1.0, nullptr, where);
    const std::string& told = life.port.commands_endpoint();
    const std::string commands = "tcp://127.0.0.1" + told.substr(told.rfind(':'));
    Keys welcome;
    welcome.own = twin, welcome.server_key = own.public_key;
    WireContext known(welcome), stranger;
    Subscriber subscriber(known, {life.port.readings_endpoint()}), outside(stranger, {life.port.readings_endpoint()});
    Heard heard(subscriber), overheard(outside);
    Requester requester(known, commands), without(stranger, commands);
    ASSERT_TRUE(until([&] { return overheard.listen() && heard.listen() && heard.readings.size() > 50; }));
    EXPECT_TRUE(requester.hello(20s));
    EXPECT_FALSE(without.hello(100ms));
    EXPECT_FALSE(without.command({"s", 0, 0, "start", ""}, 100ms));
    EXPECT_TRUE(overheard.all.empty());
    EXPECT_EQ(std::get<HeaterStatus>(requester.snapshot(20s, {"heater"}).value->at(0).message).phase, HeaterPhase::idle);
}

TEST_F(WirePortTest, PortsAreTakenOnceAndOnlyOnThisMachine) {
    WirePort port(context, ends());
    WirePortOptions same = ends();
    same.publish = port.readings_endpoint();
    try {
        WirePort other(context, same);
        FAIL() << "bound twice";
    } catch (const NetworkError& error) {
        EXPECT_THAT(error.what(), HasSubstr(port.readings_endpoint()));
    }
    same = ends();
    same.commands = "tcp://0.0.0.0:*";
    EXPECT_THROW(WirePort(context, same), InputError);
}

TEST_F(WirePortTest, ANewLifeIsSeenAsOne) {
    std::optional<Life> life(std::in_place, context, scenario, std::vector<std::string>{}, 1.0);
    WirePortOptions again = ends();
    again.publish = life->port.readings_endpoint(), again.epoch = kEpoch + 1;
    Subscriber subscriber(context, {again.publish});
    Heard heard(subscriber);
    ASSERT_TRUE(until([&] { return heard.listen() && !heard.readings.empty(); }));
    life.reset();
    ASSERT_TRUE(until([&] {
        try {
            life.emplace(context, scenario, std::vector<std::string>{}, 1.0, nullptr, again);
            return true;
        } catch (const NetworkError&) {
            return false;  // its former life has not let go of the port yet
        }
    }));
    // A restart shows on each topic by itself; what comes first may be a sensor that the first life was not heard of.
    ASSERT_TRUE(until([&] { return heard.listen() && subscriber.sequence().restarts() >= 1; }));
    EXPECT_EQ(heard.readings.back().epoch, again.epoch);
}

}  // namespace
}  // namespace jt
