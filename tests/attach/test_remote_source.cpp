// SPDX-License-Identifier: Apache-2.0
// The source of a remote twin over a link that is scripted: first word, snapshot, gaps, silence, restarts, commands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "tests/attach/remote_fixture.hpp"
#include "tests/viz/readable.hpp"
#include "twin/cli/remote_source.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/screen/panels/screen_session.hpp"

namespace jt::cli {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

// The twin's side of the link, of the test's thread.
struct Peer {
    std::mutex mutex;
    std::condition_variable came;
    std::optional<TwinHello> hello;
    std::string refuses;
    std::vector<FromTwin> snapshot;
    std::vector<PastState> history;
    std::deque<FromTwin> coming;
    std::vector<Command> commands;
    std::vector<std::vector<std::string>> subscriptions;
    int hellos = 0, snapshots = 0, links = 0;

    template <class F>
    auto with(F f) {
        const std::lock_guard lock(mutex);
        return f(*this);
    }
    void say(FromTwin one) {
        const std::lock_guard lock(mutex);
        coming.push_back(std::move(one));
        came.notify_all();
    }
};

class ScriptedLink final : public TwinLink {
public:
    explicit ScriptedLink(std::shared_ptr<Peer> peer) : peer_(std::move(peer)) {
        peer_->with([](Peer& p) { ++p.links; });
    }
    std::optional<TwinHello> hello(Milliseconds) override {
        return peer_->with([](Peer& p) {
            ++p.hellos;
            if (!p.refuses.empty()) throw LinkRefused(p.refuses);
            return p.hello;
        });
    }
    std::optional<std::vector<FromTwin>> snapshot(Milliseconds) override {
        return peer_->with([](Peer& p) { return ++p.snapshots, p.snapshot; });
    }
    std::vector<PastState> history(Milliseconds) override {
        return peer_->with([](Peer& p) { return p.history; });
    }
    void subscribe(const std::vector<std::string>& fields) override {
        peer_->with([&](Peer& p) { p.subscriptions.push_back(fields); });
    }
    std::optional<FromTwin> receive(Milliseconds timeout) override {
        std::unique_lock lock(peer_->mutex);
        if (!peer_->came.wait_for(lock, timeout, [&] { return !peer_->coming.empty(); })) return std::nullopt;
        FromTwin one = std::move(peer_->coming.front());
        peer_->coming.pop_front();
        return one;
    }
    void send(const Command& command) override {
        peer_->with([&](Peer& p) { p.commands.push_back(command); });
    }

private:
    std::shared_ptr<Peer> peer_;
};

struct Attached {
    std::shared_ptr<Peer> peer = std::make_shared<Peer>();
    std::unique_ptr<RunSource> source;

    explicit Attached(bool there = true) {
        if (there) answer(7);
        RemoteTiming quick;
        quick.ask = milliseconds(20), quick.slice = milliseconds(5), quick.silence = milliseconds(100);
        quick.first_pause = milliseconds(5), quick.last_pause = milliseconds(20), quick.command = milliseconds(200);
        source = open_remote(
            "127.0.0.1:5703", [peer = peer] { return std::make_unique<ScriptedLink>(peer); }, quick);
    }
    void answer(std::uint64_t epoch) {
        peer->with([&](Peer& p) {
            p.hello = TwinHello{epoch, attach_scenario(), "jh_1000_30", {"T_K", "id_ig", "rubbish"}, true};
            p.snapshot = {{attach_state(1, 5.0), epoch}, {attach_field(1, 5.0, "T_K", 900.0f), epoch}};
        });
    }
    // Polls until it holds; a test that would wait for ever fails.
    bool until(const std::function<bool()>& holds) {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!holds()) {
            if (std::chrono::steady_clock::now() > limit) return false;
            source->poll();
            std::this_thread::yield();
        }
        return true;
    }
    bool live() {
        return until([&] { return source->twin() && source->state().kind == SourceState::Kind::live; });
    }
};

TEST(RemoteSource, SaysWhatToDoWhileNobodyAnswersAndConnectsOnceSomebodyDoes) {
    Attached a(false);
    ASSERT_TRUE(a.until([&] { return a.peer->with([](Peer& p) { return p.hellos > 2; }); }));
    EXPECT_EQ(a.source->state().kind, SourceState::Kind::connecting);
    EXPECT_THAT(a.source->state().text, HasSubstr("127.0.0.1:5703 does not answer"));
    EXPECT_THAT(a.source->state().advice, HasSubstr("jouletwin live"));
    EXPECT_EQ(a.source->facts(), nullptr);
    EXPECT_THAT(a.source->heater()->closed(), HasSubstr("no link"));
    a.answer(7);
    ASSERT_TRUE(a.live());
    EXPECT_EQ(a.source->facts()->extents.count(), 8u * 6u * 4u);
    EXPECT_EQ(a.source->history().times(), (std::vector<double>{5.0}));
    EXPECT_EQ(a.source->field_names(), (std::vector<std::string>{"T_K", "id_ig"}));
    ASSERT_TRUE(a.source->frame());
    EXPECT_EQ(a.source->heater()->closed(), "");
}

TEST(RemoteSource, IsRefusedInOneSentence) {
    Attached a(false);
    a.peer->with([](Peer& p) { p.refuses = "this key is not on its list"; });
    ASSERT_TRUE(a.until([&] { return a.source->state().kind == SourceState::Kind::broken; }));
    EXPECT_EQ(a.source->state().text, "127.0.0.1:5703 refuses: this key is not on its list");
    EXPECT_THAT(a.source->state().advice, HasSubstr("--key"));
}

TEST(RemoteSource, AScenarioThatCannotBeReadIsSaidAndNotTheEnd) {
    Attached a(false);
    a.peer->with([](Peer& p) { p.hello = TwinHello{7, "[bed]\nsize = 1\n", "x", {}, false}; });
    ASSERT_TRUE(a.until([&] { return a.source->state().kind == SourceState::Kind::broken; }));
    EXPECT_EQ(a.source->facts(), nullptr);
    a.answer(8);
    EXPECT_TRUE(a.live());
}

TEST(RemoteSource, WaitsForTheFirstEstimate) {
    Attached a;
    a.peer->with([](Peer& p) { p.snapshot.clear(); });
    ASSERT_TRUE(a.until([&] { return a.source->state().kind == SourceState::Kind::waiting && a.source->facts(); }));
    EXPECT_THAT(a.source->state().advice, HasSubstr("Ctrl Enter"));
}

TEST(RemoteSource, ThePastIsPutBeforeWhatIsKnown) {
    Attached a(false);
    a.peer->with([](Peer& p) {
        for (double t = 0.0; t < 6.0; t += 1.0) p.history.push_back({t, {{"T_mean_K", {900.0 + t, 3.0, 890.0, 910.0}}}});
    });
    a.answer(7);
    ASSERT_TRUE(a.live());
    EXPECT_EQ(a.source->history().times(), (std::vector<double>{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(a.source->history().at("T_mean_K_p05", 2.0), 890.0);
    EXPECT_EQ(a.source->history().at("T_mean_K_p05", 5.0), 900.0);  // the state's own
}

TEST(RemoteSource, AGapAsksForTheSnapshotAgain) {
    Attached a;
    ASSERT_TRUE(a.live());
    a.peer->with([](Peer& p) { p.snapshot = {{attach_state(1, 8.0), 7}}; });
    FromTwin one{attach_state(1, 7.0), 7};
    one.gap = true;
    a.peer->say(one);
    ASSERT_TRUE(a.until([&] { return a.source->twin()->run_s == 8.0; }));
    EXPECT_EQ(a.peer->with([](Peer& p) { return p.snapshots; }), 2);
    EXPECT_EQ(a.source->history().times(), (std::vector<double>{5.0, 7.0, 8.0}));
}

TEST(RemoteSource, SilenceIsALostLinkAndTheSameTwinGoesOn) {
    Attached a;
    ASSERT_TRUE(a.live());
    a.peer->with([](Peer& p) { p.hello.reset(); });
    ASSERT_TRUE(a.until([&] { return a.source->state().kind == SourceState::Kind::broken; }));
    EXPECT_EQ(a.source->state().text, "The link to the twin is lost");
    EXPECT_GT(a.source->state().age_s, 0.05);
    ASSERT_TRUE(a.source->twin());  // what it said last stays, with its age
    a.answer(7);
    a.peer->with([](Peer& p) { p.snapshot = {{attach_state(1, 9.0), 7}}; });
    ASSERT_TRUE(a.live());
    ASSERT_TRUE(a.until([&] { return a.source->twin()->run_s == 9.0; }));
    EXPECT_EQ(a.source->history().times(), (std::vector<double>{5.0, 9.0}));
}

TEST(RemoteSource, AnotherLifeOfTheTwinIsAnotherRun) {
    Attached a;
    ASSERT_TRUE(a.live());
    a.answer(8);
    a.peer->with([](Peer& p) { p.snapshot = {{attach_state(1, 2.0), 8}}; });
    // Never silent: it is the epoch, not that of the first word, which tells.
    ASSERT_TRUE(a.until([&] {
        a.peer->say({Heartbeat{}, 8});
        return a.source->twin() && a.source->twin()->run_s == 2.0;
    }));
    EXPECT_EQ(a.source->history().times(), (std::vector<double>{2.0}));
    EXPECT_GE(a.peer->with([](Peer& p) { return p.links; }), 2);
}

TEST(RemoteSource, OnlyTheFieldsThatAreShownAreSubscribedTo) {
    Attached a;
    ASSERT_TRUE(a.live());
    a.source->want(5.0, {"T_K", "id_ig"});
    ASSERT_TRUE(a.until([&] {
        return a.peer->with([](Peer& p) { return p.subscriptions.back() == std::vector<std::string>{"T_K", "id_ig"}; });
    }));
}

TEST(RemoteSource, CommandsAreAnsweredRefusedOrLeftUnanswered) {
    Attached a;
    ASSERT_TRUE(a.live());
    HeaterControl& heater = *a.source->heater();
    const auto sent = [&](std::size_t n) {
        return a.until([&] { return a.peer->with([&](Peer& p) { return p.commands.size() == n; }); });
    };
    const auto id = [&] { return a.peer->with([](Peer& p) { return p.commands.back().id; }); };
    heater.command(HeaterVerb::start);
    ASSERT_TRUE(sent(1));
    EXPECT_EQ(heater.last()->state, HeaterCommand::State::sent);
    EXPECT_EQ(a.peer->with([](Peer& p) { return p.commands.back().verb; }), "start");
    EXPECT_GT(a.peer->with([](Peer& p) { return p.commands.back().deadline_ns; }), 0);
    a.peer->say({CommandResult{id(), "start", true, "", 0}, 7});
    ASSERT_TRUE(a.until([&] { return heater.last()->state == HeaterCommand::State::confirmed; }));

    const std::string first = id();
    heater.command(HeaterVerb::hold);
    ASSERT_TRUE(sent(2));
    EXPECT_NE(id(), first);
    TwinStatus status;
    status.heater.last_command = CommandResult{first, "start", true, "", 0};  // of the one before: no answer
    a.peer->say({status, 7});
    status.heater.last_command = CommandResult{id(), "hold", false, "it is not running", 0};
    a.peer->say({status, 7});
    ASSERT_TRUE(a.until([&] { return heater.last()->state == HeaterCommand::State::refused; }));
    EXPECT_EQ(heater.last()->reason, "it is not running");

    const Program program{{0.0, 10.0, 20.0}, {298.15, 900.0, 900.0}};
    heater.command(HeaterVerb::program, &program);
    ASSERT_TRUE(sent(3));
    EXPECT_THAT(a.peer->with([](Peer& p) { return p.commands.back().payload; }), HasSubstr("to = \"900 K\", in = \"10 s\""));
    ASSERT_TRUE(a.until([&] {
        a.peer->say({Heartbeat{}, 7});  // the link is alive, the answer does not come
        return heater.last()->state == HeaterCommand::State::unanswered;
    }));
}

TEST(RemoteSource, AProgramThatTheHeaterHasTakenIsTheSetPointShown) {
    Attached a;
    ASSERT_TRUE(a.live());
    TwinStatus status;
    status.heater.program = "[ { to = '500 degC', in = '5 s' }, { hold = '20 s' } ]";
    a.peer->say({status, 7});
    ASSERT_TRUE(a.until([&] { return a.source->facts()->scenario.heater->program.at(5.0) < 780.0; }));
    EXPECT_NEAR(a.source->facts()->scenario.heater->program.at(5.0), 773.15, 1e-6);
    EXPECT_EQ(a.source->history().times(), (std::vector<double>{5.0}));  // the run is the same
    status.heater.program = "[ { nonsense";
    a.peer->say({status, 7}), a.peer->say({attach_state(1, 6.0), 7});
    ASSERT_TRUE(a.until([&] { return a.source->twin()->run_s == 6.0; }));
    EXPECT_NEAR(a.source->facts()->scenario.heater->program.at(5.0), 773.15, 1e-6);
}

TEST(RemoteSource, TheScreenShowsWhatCame) {
    Attached a;
    CairoPainter painter(1920, 1080);
    SessionOptions options;
    options.view.tab = 3;
    ScreenSession session(*a.source, options);
    Input input;
    const auto frame = [&] {
        input.wall_s += 0.3;
        session.poll(input.wall_s);
        return session.frame(painter, 1920, 1080, input).items;
    };
    ASSERT_TRUE(a.live());
    frame();  // asks for the fields
    a.peer->say({attach_forecast(1, 5.0), 7});
    for (const char* name : {"T_K", "T_sd_K", "Th_K", "id_ig", "J_over_J0"})
        a.peer->say({attach_field(1, 5.1, name, name[1] == '_' && name[2] == 's' ? 3.0f : 900.0f), 7});
    a.peer->say({attach_state(1, 5.1), 7});
    ASSERT_TRUE(a.until([&] { return a.source->twin()->run_s == 5.1; }));
    const auto items = frame();
    expect_readable(items, {0, 0, 1920, 1080});
    ASSERT_TRUE(find(items, "tile.T_mean"));
    EXPECT_EQ(find(items, "tile.T_mean")->value, 905.1);
    EXPECT_EQ(find(items, "tile.T_mean.after")->text, "\u00b15");
    EXPECT_EQ(find(items, "estimate.contact.end.value")->value, 0.7);
    ASSERT_TRUE(find(items, "probe.T_K"));
    EXPECT_THAT(find(items, "probe.T_K")->text, HasSubstr("627 \u00b15"));  // 900 K; 1.645 times 3 K
    EXPECT_THAT(find(items, "header.source")->text, HasSubstr("LIVE 127.0.0.1:5703"));
}

TEST(RemoteSource, EndsInBoundedTimeWhateverTheLinkDoes) {
    for (int n = 0; n < 50; ++n) {
        Attached a(n % 2 == 0);
        a.source->poll();
    }
    SUCCEED();
}

}  // namespace
}  // namespace jt::cli
