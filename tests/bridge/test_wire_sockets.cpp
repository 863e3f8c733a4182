// SPDX-License-Identifier: Apache-2.0
// Sockets: late joiners, gaps, restarts, keys, garbage, and that everything ends. Wildcard ports on loopback; what has to
// happen is waited for, with a limit that only a defect reaches.
#include <gmock/gmock.h>
#include <zmq.h>

#include <atomic>
#include <functional>
#include <thread>

#include "bridge/wire/endpoint.hpp"
#include "bridge/wire/publisher.hpp"
#include "bridge/wire/requester.hpp"
#include "bridge/wire/server.hpp"
#include "bridge/wire/subscriber.hpp"
#include "bridge/wire/wait_any.hpp"
#include "kernels/error.hpp"
#include "twin/bed/random.hpp"

namespace jt {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const char* const kAnyPort = "tcp://127.0.0.1:*";

Heartbeat beat(double uptime) {
    return {uptime, "twin", "live"};
}
Reading reading(double value, std::uint64_t seq = 1) {
    return {"tc1", value, "K", 0.5, Quality::good, 1'000, seq, 7};
}

// Calls `step` until it says true. False: 20 s are over.
bool soon(const std::function<bool()>& step) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < end)
        if (step()) return true;
    return false;
}

// Until a subscriber's wishes have reached the publisher.
void join(Publisher& publisher, Subscriber& subscriber, const std::string& topic) {
    ASSERT_TRUE(soon([&] {
        subscriber.poll(0ms);  // a new connection takes its wishes only while its thread is in a call
        wait_any({&publisher}, 20ms);
        publisher.update();
        return publisher.wanted(topic);
    }));
}

std::vector<Received> collect(Subscriber& subscriber, std::size_t count) {
    std::vector<Received> all;
    soon([&] {
        for (auto& one : subscriber.poll(50ms)) all.push_back(std::move(one));
        return all.size() >= count;
    });
    return all;
}

// A server that answers in a thread of its own until the object ends.
class Serving {
public:
    explicit Serving(Server& server)
        : thread_([this, &server] {
              while (!end_) server.poll(10ms);
          }) {}
    ~Serving() {
        end_ = true;
        thread_.join();
    }

private:
    std::atomic<bool> end_{false};
    std::thread thread_;
};

TEST(WireSockets, WhatIsPublishedArrivesInOrderWithItsNumbers) {
    WireContext context;
    Publisher publisher(context, kAnyPort, 7);
    Subscriber subscriber(context, {publisher.endpoint()});
    join(publisher, subscriber, "heartbeat");
    for (int n = 1; n <= 100; ++n) {
        publisher.publish("heartbeat", beat(n));
        publisher.publish("reading/tc1", reading(300.0 + n), {12'345, Quality::uncertain, 99'999});
    }
    const auto got = collect(subscriber, 200);
    ASSERT_EQ(got.size(), 200u);
    for (std::size_t n = 0; n < 100; ++n) {
        EXPECT_EQ(got[2 * n].header.seq, n + 1);
        EXPECT_EQ(std::get<Heartbeat>(got[2 * n].message).uptime_s, double(n + 1));
        EXPECT_EQ(got[2 * n + 1].topic, "reading/tc1");
        EXPECT_EQ(got[2 * n + 1].header.t_source_ns, 12'345);
        EXPECT_EQ(got[2 * n + 1].header.quality, Quality::uncertain);
        EXPECT_EQ(got[2 * n + 1].valid_until_ns, 99'999);
        EXPECT_EQ(*std::get<Reading>(got[2 * n + 1].message).value, 301.0 + double(n));
    }
    EXPECT_EQ(subscriber.sequence().missing(), 0u);
    EXPECT_EQ(subscriber.rejections().total(), 0u);
}

TEST(WireSockets, ALateJoinerTakesTheSnapshotAndThenOnlyWhatIsNewer) {
    WireContext context;
    Publisher publisher(context, kAnyPort, 7);
    Server server(context, kAnyPort, {});
    server.on_snapshot([&] { return publisher.snapshot(); });
    const Serving serving(server);
    AlarmMessage alarm;
    for (const char* id : {"hot", "cold"}) {
        alarm.id = id;
        publisher.publish("alarm", alarm);
    }
    for (int n = 1; n <= 5; ++n) publisher.publish("heartbeat", beat(n));

    Subscriber subscriber(context, {publisher.endpoint()});
    join(publisher, subscriber, "heartbeat");
    publisher.publish("heartbeat", beat(6));  // between subscription and snapshot
    Requester requester(context, server.endpoint());
    const auto snapshot = requester.snapshot(20s);
    ASSERT_TRUE(snapshot) << snapshot.problem;
    ASSERT_EQ(snapshot.value->size(), 3u);  // two alarms, the last heartbeat
    for (const auto& one : *snapshot.value) subscriber.sequence().start_after(one.topic, one.header.epoch, one.header.seq);
    EXPECT_EQ(snapshot.value->back().header.seq, 6u);
    publisher.publish("heartbeat", beat(7));
    const auto got = collect(subscriber, 1);
    ASSERT_EQ(got.size(), 1u);  // 6 is known from the snapshot
    EXPECT_EQ(got[0].header.seq, 7u);
    EXPECT_EQ(got[0].continuity, Continuity::next);
    const auto some = requester.snapshot(20s, {"ala"});
    ASSERT_TRUE(some);
    EXPECT_EQ(some.value->size(), 2u);
}

TEST(WireSockets, GapsRepetitionsAndALateFrameAreSeenAndCounted) {
    WireContext context;
    Publisher publisher(context, kAnyPort, 7);
    Subscriber subscriber(context, {publisher.endpoint()});
    join(publisher, subscriber, "heartbeat");
    const auto send = [&](std::uint64_t seq, std::uint64_t epoch) {
        Header header;
        header.type = MessageType::heartbeat;
        header.seq = seq, header.epoch = epoch;
        const auto bytes = encode_header(header);
        publisher.send_raw({"heartbeat", std::string(bytes.data(), bytes.size()), encode_payload(beat(1))});
    };
    for (const std::uint64_t seq : {1, 2, 5, 5, 3, 6}) send(seq, 7);
    send(1, 9);  // it has started anew
    send(7, 7);  // and this is of its former life
    send(2, 9);
    const auto got = collect(subscriber, 7);
    std::vector<Continuity> seen;
    for (const auto& one : got) seen.push_back(one.continuity);
    using enum Continuity;
    EXPECT_THAT(seen, testing::ElementsAre(first, next, gap, late, next, new_epoch, next));
    const auto counters = subscriber.counters();
    EXPECT_EQ(counters.at("frames.received"), 9u);
    EXPECT_EQ(counters.at("frames.missing"), 1u);  // 4
    EXPECT_EQ(counters.at("frames.gaps"), 1u);
    EXPECT_EQ(counters.at("frames.repeated"), 1u);
    EXPECT_EQ(counters.at("frames.late"), 1u);
    EXPECT_EQ(counters.at("frames.old_epoch"), 1u);
    EXPECT_EQ(counters.at("frames.restarts"), 1u);
    EXPECT_EQ(counters.at("rejected.repeated"), 1u);
    EXPECT_EQ(counters.at("rejected.old_epoch"), 1u);
}

TEST(WireSockets, APublisherThatStartsAnewIsFoundAgainWithItsNewEpoch) {
    WireContext context;
    auto publisher = std::make_unique<Publisher>(context, kAnyPort, 7);
    const std::string endpoint = publisher->endpoint();
    Subscriber subscriber(context, {endpoint});
    join(*publisher, subscriber, "heartbeat");
    publisher->publish("heartbeat", beat(1));
    ASSERT_EQ(collect(subscriber, 1).size(), 1u);
    publisher.reset();
    ASSERT_TRUE(soon([&] {
        try {
            publisher = std::make_unique<Publisher>(context, endpoint, 8);
            return true;
        } catch (const NetworkError&) {
            return false;  // its former life has not let go of the port yet
        }
    }));
    join(*publisher, subscriber, "heartbeat");
    publisher->publish("heartbeat", beat(2));
    const auto got = collect(subscriber, 1);
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0].continuity, Continuity::new_epoch);
    EXPECT_EQ(subscriber.sequence().restarts(), 1u);
}

TEST(WireSockets, RequestsAreAnsweredByNameAndRefusedWithAReason) {
    WireContext context;
    Hello hello;
    hello.epoch = 42, hello.role = "twin", hello.program = "test";
    hello.endpoints["predictions"] = "tcp://127.0.0.1:1";
    Server server(context, kAnyPort, hello);
    server.on_text("scenario", [](const std::string& payload) { return "title = 'R1'" + payload; });
    server.on_text("history", [](const std::string&) -> std::string { throw Error("nothing is kept"); });
    int done = 0;
    server.on_command([&](const Command& c) -> std::optional<CommandResult> {
        ++done;
        return CommandResult{"", "", c.verb == "start", c.verb == "start" ? "" : "not now", 0};
    });
    const Serving serving(server);
    Requester requester(context, server.endpoint());
    const auto said = requester.hello(20s);
    ASSERT_TRUE(said) << said.problem;
    EXPECT_EQ(said.value->epoch, 42u);
    EXPECT_EQ(said.value->schema, schema_hash());
    EXPECT_EQ(said.value->endpoints.at("requests"), server.endpoint());
    EXPECT_EQ(*requester.text("scenario", 20s, "!").value, "title = 'R1'!");
    EXPECT_THAT(requester.text("history", 20s).problem, HasSubstr("nothing is kept"));
    EXPECT_THAT(requester.text("weather", 20s).problem, HasSubstr("allowed: hello, time, snapshot, command"));
    const auto accepted = requester.command({"a", 0, 0, "start", ""}, 20s);
    ASSERT_TRUE(accepted) << accepted.problem;
    EXPECT_TRUE(accepted.value->accepted);
    EXPECT_EQ(accepted.value->id, "a");
    const auto refused = requester.command({"b", 0, 0, "hold", ""}, 20s);
    ASSERT_TRUE(refused);
    EXPECT_FALSE(refused.value->accepted);
    EXPECT_EQ(refused.value->reason, "not now");
    ClockOffset offset;
    ASSERT_TRUE(requester.time(offset, 20s));
    ASSERT_TRUE(offset.known());
    EXPECT_LE(std::abs(offset.offset_ns()), offset.error_ns(monotonic_ns()));  // the same clock
}

TEST(WireSockets, AnAnswerThatIsGivenLaterFindsItsAsker) {
    WireContext context;
    Server server(context, kAnyPort, {});
    std::string asked;
    server.on_command([&](const Command& c) -> std::optional<CommandResult> {
        asked = c.id;
        return std::nullopt;
    });
    Requester requester(context, server.endpoint());
    std::uint64_t id = 0;
    ASSERT_TRUE(soon([&] {
        if (id == 0) id = requester.ask("command", Command{"late", 0, 0, "hold", ""});
        server.poll(10ms);
        return !asked.empty();
    }));
    EXPECT_TRUE(requester.poll(0ms).empty());
    server.answer({"another", "hold", true, "", 1});
    server.answer({"late", "hold", true, "", 2});
    std::vector<Reply> replies;
    ASSERT_TRUE(soon([&] {
        replies = requester.poll(50ms);
        return !replies.empty();
    }));
    ASSERT_EQ(replies.size(), 1u);
    EXPECT_EQ(replies[0].id, id);
    EXPECT_EQ(std::get<CommandResult>(replies[0].message).t_ns, 2);
}

TEST(WireSockets, WithoutAServerEveryRequestEndsWithinItsTime) {
    WireContext context;
    Requester requester(context, "tcp://127.0.0.1:1");
    EXPECT_THAT(requester.hello(20ms).problem, HasSubstr("nobody there at tcp://127.0.0.1:1"));
    EXPECT_EQ(requester.ask("hello"), 0u);
}

TEST(WireSockets, APortThatIsTakenIsANetworkError) {
    WireContext context;
    Publisher publisher(context, kAnyPort, 1);
    try {
        Server other(context, publisher.endpoint(), {});
        FAIL() << "bound twice";
    } catch (const NetworkError& error) {
        EXPECT_THAT(error.what(), HasSubstr(publisher.endpoint() + ": the address is in use"));
    }
}

TEST(WireSockets, BeyondLoopbackNothingIsBoundWithoutKeys) {
    WireContext context;
    EXPECT_THROW(Publisher(context, "tcp://0.0.0.0:*", 1), InputError);
    EXPECT_THROW(Server(context, "tcp://*:*", {}), InputError);
    Keys keys;
    keys.insecure = true;
    WireContext insecure(keys);
    EXPECT_NO_THROW(Publisher(insecure, "tcp://0.0.0.0:*", 1));
}

TEST(WireSockets, WhoHasAKeyIsLetInAndNobodyElse) {
    const KeyPair twin = make_key_pair(), friend_ = make_key_pair(), stranger = make_key_pair();
    Keys keys;
    keys.own = twin, keys.allow = {friend_.public_key}, keys.has_allow = true;
    WireContext context(keys);
    Server server(context, "tcp://0.0.0.0:*", {});
    const Serving serving(server);
    Publisher publisher(context, kAnyPort, 7);
    const std::string address = "tcp://127.0.0.1" + server.endpoint().substr(server.endpoint().rfind(':'));
    const auto as = [&](const KeyPair& own, const std::string& server_key) {
        Keys k;
        k.own = own, k.server_key = server_key;
        return k;
    };
    {
        WireContext ours(as(friend_, twin.public_key));
        Requester requester(ours, address);
        EXPECT_TRUE(requester.hello(20s));
        Subscriber subscriber(ours, {publisher.endpoint()});
        join(publisher, subscriber, "heartbeat");
        publisher.publish("heartbeat", beat(1));
        EXPECT_EQ(collect(subscriber, 1).size(), 1u);
    }
    EXPECT_GE(context.clients_accepted(), 2u);
    {
        WireContext theirs(as(stranger, twin.public_key));
        Requester requester(theirs, address);
        ASSERT_TRUE(soon([&] { return !requester.hello(20ms) && context.clients_refused() > 0; }));
        EXPECT_FALSE(requester.hello(50ms));
    }
    WireContext plain, wrong(as(friend_, stranger.public_key));
    Requester without(plain, address), mistaken(wrong, address);
    EXPECT_FALSE(without.hello(100ms));
    EXPECT_FALSE(mistaken.hello(100ms));
    EXPECT_EQ(server.counters().at("requests.hello"), 1u);
}

TEST(WireSockets, GarbageIsCountedAndNothingElse) {
    WireContext context;
    Publisher publisher(context, kAnyPort, 7);
    Server server(context, kAnyPort, {});
    Subscriber subscriber(context, {publisher.endpoint()});
    join(publisher, subscriber, "heartbeat");
    SplitMix64 random(5);
    const auto noise = [&](std::size_t most) {
        std::string text(random.next() % most, '\0');
        for (char& c : text) c = char(random.next());
        return text;
    };
    // To the subscriber.
    for (int n = 0; n < 200; ++n) {
        std::vector<std::string> parts(1 + random.next() % 5);
        for (auto& part : parts) part = noise(100);
        publisher.send_raw(parts);
    }
    publisher.publish("heartbeat", beat(1));
    const auto got = collect(subscriber, 1);
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(subscriber.rejections().total(), 200u);
    // To server and publisher, by foreign sockets.
    void* foreign = zmq_ctx_new();
    void* dealer = zmq_socket(foreign, ZMQ_DEALER);
    void* xsub = zmq_socket(foreign, ZMQ_XSUB);
    const int none = 0;
    zmq_setsockopt(dealer, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(xsub, ZMQ_LINGER, &none, sizeof none);
    ASSERT_EQ(zmq_connect(dealer, server.endpoint().c_str()), 0);
    ASSERT_EQ(zmq_connect(xsub, publisher.endpoint().c_str()), 0);
    for (int n = 0; n < 200; ++n) {
        for (std::uint64_t left = random.next() % 4 + 1; left-- > 0;) {
            const std::string part = noise(200);
            zmq_send(dealer, part.data(), part.size(), left > 0 ? ZMQ_SNDMORE : 0);
        }
        const std::string part = "\x07" + noise(200);
        zmq_send(xsub, part.data(), part.size(), 0);
    }
    int answered = 0;
    EXPECT_TRUE(soon([&] { return (answered += server.poll(50ms)) >= 200; }));
    EXPECT_TRUE(soon([&] {
        wait_any({&publisher}, 50ms);
        publisher.update();
        return publisher.counters().at("garbage.received") >= 200;
    }));
    zmq_close(dealer);
    zmq_close(xsub);
    zmq_ctx_term(foreign);
    const Serving serving(server);
    Requester requester(context, server.endpoint());
    EXPECT_TRUE(requester.hello(20s));
}

TEST(WireSockets, EverythingEndsWithMessagesUnsent) {
    const auto begun = std::chrono::steady_clock::now();
    {
        Keys keys;
        keys.own = make_key_pair(), keys.allow = {keys.own.public_key}, keys.has_allow = true;
        WireContext context(keys);
        Publisher publisher(context, kAnyPort, 7);
        WireContext other;
        void* foreign = zmq_ctx_new();
        void* silent = zmq_socket(foreign, ZMQ_REP);  // a peer that never reads
        ASSERT_EQ(zmq_bind(silent, kAnyPort), 0);
        char bound[256];
        std::size_t length = sizeof bound;
        zmq_getsockopt(silent, ZMQ_LAST_ENDPOINT, bound, &length);
        Requester requester(other, bound);
        Subscriber nowhere(other, {"tcp://127.0.0.1:1", publisher.endpoint()});
        for (int n = 0; n < 5000; ++n) {
            publisher.publish("heartbeat", beat(n));
            requester.ask("hello");
        }
        const int none = 0;
        zmq_setsockopt(silent, ZMQ_LINGER, &none, sizeof none);
        zmq_close(silent);
        zmq_ctx_term(foreign);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 60s);  // it ends at all
}

TEST(WireSockets, AddressesAreCheckedBeforeAnythingIsOpened) {
    const auto problem = [](const std::string& text, bool bind) -> std::string {
        try {
            parse_endpoint(text, "--publish", bind);
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    for (const char* good : {"tcp://127.0.0.1:5701", "tcp://localhost:1", "tcp://[::1]:65535", "ipc:///run/x", "inproc://a"})
        EXPECT_EQ(problem(good, false), "") << good;
    for (const char* bad : {"",
                            "127.0.0.1:5701",
                            "udp://1.2.3.4:5",
                            "tcp://",
                            "tcp://:5",
                            "tcp://127.0.0.1",
                            "tcp://127.0.0.1:",
                            "tcp://127.0.0.1:65536",
                            "tcp://127.0.0.1:-1",
                            "tcp://127.0.0.1:5x",
                            "tcp://127.0.0:5",
                            "tcp://1.2.3.4.5:5",
                            "tcp://a b:5",
                            "tcp://[::g]:5",
                            "tcp://[::1]",
                            "tcp://*:5",
                            "tcp://127.0.0.1:*",
                            "tcp://0.0.0.0:5",
                            "ipc://",
                            "tcp://h\xc3\xa4:5"}) {
        EXPECT_THAT(problem(bad, false), testing::StartsWith("--publish ")) << bad;
        EXPECT_THAT(problem(bad, false), HasSubstr("allowed: tcp://ADDRESS:PORT")) << bad;
    }
    EXPECT_EQ(problem("tcp://*:*", true), "");
    EXPECT_TRUE(parse_endpoint("tcp://127.3.2.1:*", "", true).loopback);
    EXPECT_TRUE(parse_endpoint("tcp://localhost:*", "", true).loopback);
    EXPECT_FALSE(parse_endpoint("tcp://0.0.0.0:5", "", true).loopback);
    EXPECT_FALSE(parse_endpoint("tcp://*:5", "", true).loopback);
}

}  // namespace
}  // namespace jt
