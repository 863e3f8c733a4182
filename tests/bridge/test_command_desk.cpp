// SPDX-License-Identifier: Apache-2.0
// Commands: refusals with their reasons, repeated ids, and random sequences against a model of the phases.
#include "bridge/heater/command_desk.hpp"

#include <gmock/gmock.h>

#include "kernels/error.hpp"
#include "twin/bed/random.hpp"
#include "twin/scenario/program_text.hpp"

namespace jt {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Fake : public Operated {
public:
    HeaterPhase now = HeaterPhase::idle;
    int starts = 0, holds = 0, resumes = 0, aborts = 0, programs = 0;
    std::optional<double> watchdog;
    HeaterPhase phase() const override { return now; }
    void start(std::optional<double> watchdog_s) override {
        watchdog = watchdog_s;
        now = HeaterPhase::running;
        ++starts;
    }
    void hold() override { now = HeaterPhase::holding, ++holds; }
    void resume() override { now = HeaterPhase::running, ++resumes; }
    void abort() override { now = HeaterPhase::aborted, ++aborts; }
    void follow(const Program&) override { ++programs; }
};

constexpr std::int64_t kDeskTime = 1'700'000'000'000'000'000;

class Desk : public testing::Test {
protected:
    CommandDesk desk{42, Heater::Mode::temperature, 298.15, 1673.15};
    Fake heater;
    int ids = 0;
    CommandResult send(const std::string& verb, const std::string& payload = "", std::uint64_t epoch = 42,
                       std::int64_t deadline_ns = kDeskTime + 1) {
        Command c;
        c.id = "c" + std::to_string(++ids);
        c.epoch = epoch;
        c.deadline_ns = deadline_ns;
        c.verb = verb;
        c.payload = payload;
        return desk.handle(c, kDeskTime, heater);
    }
};

TEST_F(Desk, EachRefusalNamesItsReason) {
    EXPECT_THAT(send("begin").reason, AllOf(HasSubstr("unknown verb \"begin\""), HasSubstr("start, hold, resume")));
    EXPECT_THAT(send("stat").reason, HasSubstr("did you mean start?"));
    EXPECT_THAT(send("start", "", 41).reason, AllOf(HasSubstr("wrong epoch"), HasSubstr("41"), HasSubstr("42")));
    EXPECT_THAT(send("start", "", 42, kDeskTime - 1'500'000'000).reason, HasSubstr("deadline past by 1.5 s"));
    EXPECT_THAT(send("hold").reason, AllOf(HasSubstr("wrong phase"), HasSubstr("idle"), HasSubstr("running")));
    EXPECT_THAT(send("abort").reason, HasSubstr("wrong phase"));
    EXPECT_THAT(send("start", "watchdog = 3").reason, HasSubstr("invalid payload"));
    EXPECT_THAT(send("start", "watchdog = \"-3 s\"").reason, HasSubstr("> 0 s"));
    EXPECT_THAT(send("start", "watchdo = \"3 s\"").reason, HasSubstr("watchdog = \"3 s\""));
    EXPECT_THAT(send("program", "[{to=\"900 degC\", inn=\"3 s\"}]").reason,
                AllOf(HasSubstr("invalid program"), HasSubstr("did you mean in?")));
    EXPECT_THAT(send("program", "{table=\"/etc/passwd\"}").reason, HasSubstr("a list of"));
    EXPECT_THAT(send("program", "[{hold=\"1 s\"}]\n[heater]\nmode=1").reason, HasSubstr("invalid program"));
    EXPECT_THAT(send("program", "[{to=\"1500 degC\", in=\"3 s\"}]").reason, HasSubstr("below the limit"));
    EXPECT_THAT(send("program", "[{to=\"900 K\", in=\"1 us\"}]").reason, HasSubstr("found a segment of"));
    std::string many = "[{hold=\"1 s\"}";
    for (int n = 0; n < 1000; ++n) many += ",{hold=\"1 s\"}";
    EXPECT_THAT(send("program", many + "]").reason, HasSubstr("at most 1000"));
    EXPECT_THAT(send("program", "[").reason, HasSubstr("invalid program"));
    EXPECT_THAT(send("program", std::string(100'000, ' ')).reason, HasSubstr("at most"));
    EXPECT_EQ(heater.starts + heater.holds + heater.aborts + heater.programs, 0);
    EXPECT_EQ(heater.now, HeaterPhase::idle);
    EXPECT_EQ(desk.counters().at("accepted"), 0u);
    EXPECT_EQ(desk.counters().at("refused"), 17u);
    for (const std::string& id : {std::string(), std::string(65, 'a'), std::string("a b"), std::string("a\n")}) {
        Command c;
        c.id = id;
        c.verb = "start";
        EXPECT_THAT(desk.handle(c, kDeskTime, heater).reason, HasSubstr("id: found"));
    }
    EXPECT_EQ(heater.starts, 0);
}

TEST_F(Desk, AnIdIsDoneOnceAndAnsweredAlways) {
    Command c;
    c.id = "one";
    c.verb = "start";
    c.payload = "watchdog = \"3 s\"";
    const CommandResult first = desk.handle(c, kDeskTime, heater);
    EXPECT_TRUE(first.accepted);
    EXPECT_EQ(heater.watchdog, 3.0);
    heater.now = HeaterPhase::finished;
    const CommandResult again = desk.handle(c, kDeskTime + 5, heater);
    EXPECT_TRUE(again.accepted);
    EXPECT_EQ(again.t_ns, kDeskTime);
    EXPECT_EQ(heater.starts, 1);
    c.verb = "abort", c.payload = "";
    EXPECT_THAT(desk.handle(c, kDeskTime, heater).reason, HasSubstr("belongs to another command"));
    EXPECT_EQ(desk.counters().at("repeated"), 1u);
    // what it cannot remember any more is a matter of deadlines
    for (int n = 0; n < 3000; ++n) send("hold");
    EXPECT_EQ(desk.last()->id, "c3000");
}

// Random commands: the heater is where a model of the phases says, refusals change nothing, accepted ones happen once.
TEST_F(Desk, RandomSequencesKeepToThePhases) {
    SplitMix64 random(11);
    HeaterPhase model = HeaterPhase::idle;
    const char* verbs[] = {"start", "hold", "resume", "abort", "program", "nonsense"};
    std::uint64_t accepted = 0;
    for (int n = 0; n < 20'000; ++n) {
        const std::string verb = verbs[random.next() % 6];
        const bool late = random.unit() < 0.1, foreign = random.unit() < 0.1, bad = random.unit() < 0.2;
        if (random.unit() < 0.02 && model == HeaterPhase::running) heater.now = model = HeaterPhase::finished;
        if (random.unit() < 0.02 && model == HeaterPhase::running) heater.now = model = HeaterPhase::tripped;
        const bool on = model == HeaterPhase::running || model == HeaterPhase::holding;
        const std::string payload = verb == "program" ? (bad ? "[{}]" : "[{hold=\"1 s\"}]") : bad ? "what" : "";
        bool expected = !late && !foreign && !bad;
        HeaterPhase next = model;
        if (verb == "start")
            expected = expected && !on, next = HeaterPhase::running;
        else if (verb == "hold")
            expected = expected && model == HeaterPhase::running, next = HeaterPhase::holding;
        else if (verb == "resume")
            expected = expected && model == HeaterPhase::holding, next = HeaterPhase::running;
        else if (verb == "abort")
            expected = expected && on, next = HeaterPhase::aborted;
        else if (verb == "nonsense")
            expected = false;
        const CommandResult r = send(verb, payload, foreign ? 7 : random.unit() < 0.5 ? 0 : 42, late ? kDeskTime - 1 : 0);
        ASSERT_EQ(r.accepted, expected) << verb << " " << r.reason;
        ASSERT_EQ(r.accepted, r.reason.empty());
        if (expected) model = next, ++accepted;
        ASSERT_EQ(heater.now, model);
    }
    EXPECT_EQ(desk.counters().at("accepted"), accepted);
    EXPECT_EQ(std::uint64_t(heater.starts + heater.holds + heater.resumes + heater.aborts + heater.programs), accepted);
    EXPECT_GT(heater.aborts, 100);
}

// Payloads with bytes changed, left out and doubled: refused with a reason or accepted, never more.
TEST_F(Desk, DamagedPayloadsAreRefused) {
    SplitMix64 random(5);
    const std::string good =
        "[{to=\"900 degC\", in=\"10 s\"}, {hold=\"30 s\"}, {step=\"500 K\"}, {to=\"100 degC\", rate=\"50 K/s\"}]";
    int refused = 0;
    for (int n = 0; n < 3000; ++n) {
        std::string text = good;
        for (int k = 0; k < 1 + int(random.next() % 4); ++k) {
            const std::size_t at = random.next() % text.size();
            switch (random.next() % 4) {
                case 0:
                    text[at] = char(random.next());
                    break;
                case 1:
                    text.erase(at, 1 + random.next() % 5);
                    break;
                case 2:
                    text.insert(at, text.substr(random.next() % text.size(), 6));
                    break;
                default:
                    text.insert(at, std::string(1 + random.next() % 600, "[{\"\n"[random.next() % 4]));
                    break;
            }
            if (text.empty()) text = "x";
        }
        const CommandResult r = send("program", text);
        ASSERT_EQ(r.accepted, r.reason.empty());
        refused += !r.accepted;
    }
    EXPECT_GT(refused, 2000);
    EXPECT_EQ(heater.programs, 3000 - refused);
}

TEST(ProgramText, ReadsBackToTheSameProgram) {
    for (const char* text :
         {"[{to=\"900 degC\", in=\"10 s\"}, {hold=\"30 s\"}, {step=\"500 degC\"}, {to=\"100 degC\", rate=\"50 K/s\"}]",
          "[{step=\"400 K\"}]", "[{hold=\"3 s\"}]"}) {
        const Program p = read_program_text(text, Heater::Mode::temperature, 298.15, "p");
        const Program q = read_program_text(program_text(p, Heater::Mode::temperature), Heater::Mode::temperature, 300.0, "q");
        ASSERT_EQ(p.time.size(), q.time.size()) << program_text(p, Heater::Mode::temperature);
        for (std::size_t n = 0; n < p.time.size(); ++n) {
            EXPECT_NEAR(p.time[n], q.time[n], 1e-9);
            EXPECT_NEAR(p.value[n], q.value[n], 1e-9);
        }
    }
    // a table that begins later than 0 is held before
    const Program late{{2.0, 3.0}, {400.0, 500.0}};
    const Program read =
        read_program_text(program_text(late, Heater::Mode::temperature), Heater::Mode::temperature, 300.0, "q");
    for (const double t : {0.0, 1.0, 2.5, 4.0}) EXPECT_NEAR(read.at(t), late.at(t), 1e-9);
}

}  // namespace
}  // namespace jt
