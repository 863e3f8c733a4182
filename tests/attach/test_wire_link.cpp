// SPDX-License-Identifier: Apache-2.0
// The link of a screen to a twin on sockets of this machine: who is there, snapshot and what follows it, restarts, gaps,
// commands, keys.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include "bridge/wire/history.hpp"
#include "bridge/wire/publisher.hpp"
#include "bridge/wire/server.hpp"
#include "tests/attach/remote_fixture.hpp"
#include "twin/cli/wire_link.hpp"
#include "twin/handover_queue.hpp"

namespace jt::cli {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr milliseconds kAsk{5000};
constexpr auto kLimit = std::chrono::seconds(20);  // a test that would wait for ever fails

struct FakeOptions {
    std::string publish = "tcp://127.0.0.1:*", requests = "tcp://127.0.0.1:*";
    std::uint64_t epoch = 100;
    std::string role = "twin";
    Keys keys = {};
    double snapshot_age_s = 0.0;  // it was sent so long ago
};

// A twin's sockets on a thread of their own. What is to be done with them is handed to that thread.
class FakeTwin {
public:
    explicit FakeTwin(FakeOptions o = {}) : options_(std::move(o)), context_(options_.keys) {
        std::promise<void> bound;
        thread_ = std::thread([&] { serve(bound); });
        bound.get_future().get();
    }
    ~FakeTwin() {
        stop_ = true;
        thread_.join();
    }

    // In its thread; returns when it has been done.
    template <class F>
    auto with(F f) {
        using R = decltype(f(std::declval<Publisher&>(), std::declval<Server&>()));
        auto task = std::make_shared<std::packaged_task<R()>>([this, f] { return f(*publisher_, *server_); });
        auto done = task->get_future();
        tasks_.put([task] { (*task)(); });
        return done.get();
    }
    void publish(const std::string& topic, const Message& message, const Stamp& stamp = {}) {
        with([&](Publisher& p, Server&) { return p.publish(topic, message, stamp); });
    }
    bool until_wanted(std::initializer_list<std::string_view> topics) {
        return until([&] {
            return with([&](Publisher& p, Server&) {
                p.update();
                return std::all_of(topics.begin(), topics.end(), [&](std::string_view topic) { return p.wanted(topic); });
            });
        });
    }
    std::uint64_t asked(const std::string& what) {
        return with([&](Publisher&, Server& s) {
            const auto counters = s.counters();
            const auto found = counters.find("requests." + what);
            return found == counters.end() ? 0 : found->second;
        });
    }
    static bool until(const std::function<bool()>& holds) {
        const auto limit = std::chrono::steady_clock::now() + kLimit;
        while (!holds()) {
            if (std::chrono::steady_clock::now() > limit) return false;
            std::this_thread::yield();
        }
        return true;
    }

    std::string requests, predictions;
    std::optional<Frame> unsent;  // in snapshots alone

private:
    FakeOptions options_;
    WireContext context_;
    std::unique_ptr<Publisher> publisher_;
    std::unique_ptr<Server> server_;
    HandoverQueue<std::function<void()>> tasks_;
    std::atomic<bool> stop_{false};
    std::thread thread_;

    void serve(std::promise<void>& bound) {
        try {
            publisher_ = std::make_unique<Publisher>(context_, options_.publish, options_.epoch);
            Hello hello;
            hello.epoch = options_.epoch, hello.role = options_.role, hello.title = "fake", hello.fields = {"T_K", "id_ig"};
            hello.endpoints = {{"predictions", publisher_->endpoint()}, {"commands", "tcp://127.0.0.1:9"}};
            server_ = std::make_unique<Server>(context_, options_.requests, hello);
        } catch (...) {
            bound.set_exception(std::current_exception());
            return;
        }
        requests = server_->endpoint(), predictions = publisher_->endpoint();
        server_->on_text("scenario", [](const std::string&) { return attach_scenario(); });
        server_->on_text("history", [](const std::string&) {
            return encode_history(std::vector<PastRow>{{0.5, {{"T_mean_K", {400.0, 1.0, 398.0, 402.0}}}}});
        });
        server_->on_snapshot([this] {
            auto frames = publisher_->snapshot();
            for (Frame& f : frames) f.header.t_send_ns -= std::int64_t(1e9 * options_.snapshot_age_s);
            if (unsent) frames.push_back(*unsent);
            return frames;
        });
        server_->on_command([](const Command& c) -> std::optional<CommandResult> {
            if (c.verb == "program") throw InputError("this program is none");
            return CommandResult{c.id, c.verb, c.verb == "start", c.verb == "start" ? "" : "it is not running", 1};
        });
        bound.set_value();
        while (!stop_) {
            while (auto task = tasks_.take()) (*task)();
            server_->poll(milliseconds(1));
            publisher_->update();
        }
        server_.reset(), publisher_.reset();
    }
};

// The next message of a kind; fails after a while. What else comes is left out, and counted.
template <class T>
std::optional<FromTwin> next(WireLink& link, int* others = nullptr) {
    const auto limit = std::chrono::steady_clock::now() + kLimit;
    while (std::chrono::steady_clock::now() < limit) {
        auto one = link.receive(milliseconds(100));
        if (one && std::holds_alternative<T>(one->what)) return one;
        if (one && others) ++*others;
    }
    return std::nullopt;
}

double run_s(const std::optional<FromTwin>& one) {
    return one ? std::get<TwinState>(one->what).run_s : -1.0;
}

TEST(WireLink, KnowsWhoIsThere) {
    FakeTwin twin;
    WireContext context;
    WireLink link(context, twin.requests);
    const auto hello = link.hello(kAsk);
    ASSERT_TRUE(hello);
    EXPECT_EQ(hello->epoch, 100u);
    EXPECT_EQ(hello->scenario, attach_scenario());
    EXPECT_EQ(hello->name, "fake");
    EXPECT_THAT(hello->fields, ElementsAre("T_K", "id_ig"));
    EXPECT_TRUE(hello->commands);
    const auto past = link.history(kAsk);
    ASSERT_EQ(past.size(), 1u);
    EXPECT_EQ(past[0].scalars.at("T_mean_K").low, 398.0);
}

TEST(WireLink, NobodyIsNoAnswerAndAHeaterIsNoTwin) {
    WireContext context;
    std::string nobody;
    {
        FakeTwin heater({.role = "heater"});
        nobody = heater.requests;
        WireLink link(context, heater.requests);
        try {
            (void)link.hello(kAsk);
            ADD_FAILURE() << "not refused";
        } catch (const LinkRefused& refused) {
            EXPECT_THAT(refused.what(), HasSubstr("a heater answers, not a twin"));
        }
    }
    WireLink link(context, nobody);
    EXPECT_FALSE(link.hello(milliseconds(20)));
    EXPECT_FALSE(link.snapshot(milliseconds(20)));
    EXPECT_FALSE(link.receive(milliseconds(1)));
    link.send({"id-1", 0, 0, "start", ""});
    const auto lost = link.receive(milliseconds(1));
    ASSERT_TRUE(lost);
    EXPECT_FALSE(std::get<CommandResult>(lost->what).accepted);
    EXPECT_THROW(WireLink(context, "tcp://*:5703"), InputError);
}

TEST(WireLink, ALateJoinerGetsTheLastOfEachThenWhatIsNewerAndNothingTwice) {
    FakeTwin twin({.snapshot_age_s = 5.0});
    for (double t : {1.0, 2.0, 3.0}) {
        TwinState s = attach_state(1, t);
        s.valid_until_ns = unix_ns() + 1'000'000'000;
        twin.publish("state", s, {.valid_until_ns = s.valid_until_ns});
    }
    twin.publish("field/T_K", attach_field(1, 3.0, "T_K", 900.0f));
    twin.publish("field/id_ig", attach_field(1, 3.0, "id_ig", 1.0f));
    twin.publish("alarm", AlarmMessage{"a", "hot", "", 1, true, 3.0});
    WireContext context;
    WireLink link(context, twin.requests);
    ASSERT_TRUE(link.hello(kAsk));
    link.subscribe({"T_K"});
    ASSERT_TRUE(twin.until_wanted({"state", "forecast", "alarm", "status", "heartbeat", "field/T_K"}));
    EXPECT_FALSE(twin.with([](Publisher& p, Server&) { return p.wanted("field/id_ig"); }));
    const auto snapshot = link.snapshot(kAsk);
    ASSERT_TRUE(snapshot);
    ASSERT_EQ(snapshot->size(), 3u);  // no field that is not shown
    for (const FromTwin& one : *snapshot) {
        EXPECT_EQ(one.epoch, 100u);
        EXPECT_FALSE(one.gap);
        EXPECT_NEAR(one.age_s, 5.0, 4.0);  // by the clocks, not since it came
        if (std::holds_alternative<TwinState>(one.what)) {
            EXPECT_EQ(run_s(one), 3.0);
            EXPECT_NEAR(one.valid_for_s, 6.0, 0.9);  // 5 s of it are over
        } else {
            EXPECT_EQ(one.valid_for_s, 1e300);
        }
    }
    // The first that comes is the reason to look again what may have been missed; the next ones are not.
    twin.publish("state", attach_state(1, 4.0)), twin.publish("state", attach_state(1, 5.0));
    auto one = next<TwinState>(link);
    EXPECT_EQ(run_s(one), 4.0);
    EXPECT_TRUE(one && one->gap);
    one = next<TwinState>(link);
    EXPECT_EQ(run_s(one), 5.0);
    EXPECT_FALSE(one && one->gap);
    // What is on its way when the snapshot is taken is in it and does not come again.
    twin.publish("alarm", AlarmMessage{"b", "hotter", "", 1, true, 5.0});
    twin.publish("status", TwinStatus{}), twin.publish("state", attach_state(1, 6.0));
    EXPECT_TRUE(next<AlarmMessage>(link));
    ASSERT_TRUE(link.snapshot(kAsk));
    twin.publish("heartbeat", Heartbeat{});
    int others = 0;
    EXPECT_TRUE(next<Heartbeat>(link, &others));
    EXPECT_EQ(others, 0);
    twin.publish("state", attach_state(1, 7.0));
    one = next<TwinState>(link);
    EXPECT_EQ(run_s(one), 7.0);
    EXPECT_FALSE(one && one->gap);
    // Another field in its place.
    link.subscribe({"id_ig"});
    ASSERT_TRUE(twin.until_wanted({"field/id_ig"}));
    ASSERT_TRUE(FakeTwin::until([&] { return !twin.with([](Publisher& p, Server&) { return p.wanted("field/T_K"); }); }));
}

TEST(WireLink, AGapIsToldWithWhatComesAfterIt) {
    FakeTwin twin;
    WireContext context;
    WireLink link(context, twin.requests);
    ASSERT_TRUE(link.hello(kAsk));
    ASSERT_TRUE(twin.until_wanted({"state"}));
    twin.publish("state", attach_state(1, 1.0)), twin.publish("state", attach_state(1, 2.0));
    ASSERT_EQ(run_s(next<TwinState>(link)), 1.0);
    ASSERT_EQ(run_s(next<TwinState>(link)), 2.0);
    twin.with([](Publisher& p, Server&) {
        Frame f = p.snapshot().front();
        f.header.seq += 5;
        const auto header = encode_header(f.header);
        p.send_raw({f.topic, std::string(header.begin(), header.end()), f.payload});
    });
    const auto after = next<TwinState>(link);
    EXPECT_TRUE(after && after->gap);
}

TEST(WireLink, ACommandIsAnsweredAcceptedOrRefusedWithTheReason) {
    FakeTwin twin;
    WireContext context;
    WireLink link(context, twin.requests);
    ASSERT_TRUE(link.hello(kAsk));
    for (const char* verb : {"start", "hold", "program"}) {
        link.send({std::string("id-") + verb, 0, 0, verb, ""});
        const auto answer = next<CommandResult>(link);
        ASSERT_TRUE(answer);
        const auto& result = std::get<CommandResult>(answer->what);
        EXPECT_EQ(result.id, std::string("id-") + verb);
        EXPECT_EQ(result.accepted, std::string(verb) == "start");
        const std::map<std::string, std::string> reasons{{"hold", "it is not running"}, {"program", "this program is none"}};
        EXPECT_EQ(result.reason, reasons.contains(verb) ? reasons.at(verb) : "");
        EXPECT_EQ(answer->epoch, 0u);
    }
    // A server that cannot read it refuses: that, too, is an answer to this command.
    link.send({"id-long", 0, 0, "start", std::string(300000, 'x')});
    const auto answer = next<CommandResult>(link);
    ASSERT_TRUE(answer);
    EXPECT_FALSE(std::get<CommandResult>(answer->what).accepted);
    EXPECT_EQ(std::get<CommandResult>(answer->what).id, "id-long");
    EXPECT_NE(std::get<CommandResult>(answer->what).reason, "");
}

TEST(WireLink, WithKeysAndNotWithout) {
    const KeyPair server = make_key_pair(), client = make_key_pair(), stranger = make_key_pair();
    FakeTwin twin({.keys = {.own = server, .server_key = "", .allow = {client.public_key}, .has_allow = true}});
    WireContext with_key({.own = client, .server_key = server.public_key, .allow = {}});
    WireLink link(with_key, twin.requests);
    ASSERT_TRUE(link.hello(kAsk));
    ASSERT_TRUE(twin.until_wanted({"state"}));
    twin.publish("state", attach_state(1, 1.0));
    EXPECT_EQ(run_s(next<TwinState>(link)), 1.0);
    WireContext without, other({.own = stranger, .server_key = server.public_key, .allow = {}});
    for (WireContext* const one : {&without, &other}) {
        WireLink refused(*one, twin.requests);
        EXPECT_FALSE(refused.hello(milliseconds(150)));
        EXPECT_FALSE(refused.receive(milliseconds(1)));
    }
    EXPECT_EQ(twin.asked("hello"), 1u);
}

// The screen's source over the link.
struct Screen {
    WireContext context;
    std::unique_ptr<RunSource> source;

    explicit Screen(const std::string& requests) {
        RemoteTiming quick;
        quick.slice = milliseconds(5), quick.silence = milliseconds(60000);
        quick.first_pause = milliseconds(5), quick.last_pause = milliseconds(20);
        source = open_remote(
            requests, [this, requests] { return std::make_unique<WireLink>(context, requests); }, quick);
    }
    ~Screen() { source.reset(); }
    bool until(const std::function<bool()>& holds) {
        return FakeTwin::until([&] {
            source->poll();
            return holds();
        });
    }
    bool at(double t) {
        return until([&] { return source->twin() && source->twin()->run_s == t; });
    }
};

TEST(WireLink, TheScreenFollowsATwinThatIsStartedAnew) {
    auto twin = std::make_unique<FakeTwin>();
    const FakeOptions again{.publish = twin->predictions, .requests = twin->requests, .epoch = 200};
    twin->publish("state", attach_state(1, 30.0));
    Screen screen(twin->requests);
    ASSERT_TRUE(screen.at(30.0));
    ASSERT_TRUE(twin->until_wanted({"state"}));
    twin->publish("state", attach_state(1, 31.0));
    ASSERT_TRUE(screen.at(31.0));
    EXPECT_EQ(screen.source->history().times(), (std::vector<double>{0.5, 30.0, 31.0}));
    twin.reset();
    twin = std::make_unique<FakeTwin>(again);
    twin->publish("state", attach_state(1, 2.0));
    ASSERT_TRUE(screen.until([&] {
        twin->publish("heartbeat", Heartbeat{});
        return screen.source->twin() && screen.source->twin()->run_s == 2.0 &&
               screen.source->state().kind == SourceState::Kind::live;
    }));
    EXPECT_EQ(screen.source->history().times().back(), 2.0);
}

TEST(WireLink, AGapLeadsToANewSnapshot) {
    FakeTwin twin;
    twin.publish("state", attach_state(1, 1.0));
    Screen screen(twin.requests);
    ASSERT_TRUE(screen.at(1.0));
    ASSERT_TRUE(twin.until_wanted({"state", "status", "heartbeat"}));
    twin.publish("status", TwinStatus{}), twin.publish("heartbeat", Heartbeat{}), twin.publish("state", attach_state(1, 2.0));
    ASSERT_TRUE(screen.at(2.0));
    // Five are lost on the way, an alarm with them, which comes with the snapshot.
    twin.with([&](Publisher& p, Server&) {
        Frame f;
        for (Frame& one : p.snapshot())
            if (one.topic == "state") f = one;
        f.header.seq += 5;
        const auto header = encode_header(f.header);
        Frame lost;
        lost.topic = kTopicAlarm, lost.header = f.header, lost.header.type = MessageType::alarm;
        lost.payload = encode_payload(AlarmMessage{"a", "too hot", "", 1, true, 2.0});
        twin.unsent = lost;
        p.send_raw({f.topic, std::string(header.begin(), header.end()), f.payload});
    });
    ASSERT_TRUE(screen.until([&] { return !screen.source->events().empty(); }));
    EXPECT_EQ(screen.source->events().front().text, "too hot");
}

TEST(WireLink, ACommandFromTheScreenComesBackWithItsReason) {
    FakeTwin twin;
    twin.publish("state", attach_state(1, 1.0));
    Screen screen(twin.requests);
    ASSERT_TRUE(screen.until([&] { return screen.source->heater()->closed().empty(); }));
    HeaterControl& heater = *screen.source->heater();
    heater.command(HeaterVerb::start);
    ASSERT_TRUE(screen.until([&] { return heater.last()->state == HeaterCommand::State::confirmed; }));
    heater.command(HeaterVerb::hold);
    ASSERT_TRUE(screen.until([&] { return heater.last()->state == HeaterCommand::State::refused; }));
    EXPECT_EQ(heater.last()->reason, "it is not running");
}

}  // namespace
}  // namespace jt::cli
