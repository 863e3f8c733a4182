// SPDX-License-Identifier: Apache-2.0
// Throws damaged frames at the decoder, and some of them at the sockets: fuzz_wire SECONDS SEED [FRAMES]. Each must be taken or
// refused and counted; anything else is a defect. Build with the sanitizers.
#include <zmq.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iterator>
#include <string>
#include <vector>

#include "bridge/wire/publisher.hpp"
#include "bridge/wire/server.hpp"
#include "bridge/wire/subscriber.hpp"
#include "twin/bed/random.hpp"

namespace jt {
namespace {

using Parts = std::vector<std::string>;

std::vector<std::string_view> views(const Parts& parts) {
    return {parts.begin(), parts.end()};
}

std::vector<Parts> good_frames() {
    TwinState state;
    state.scalars["T_mean_K"] = {900, 3, 895, 905, Quality::good};
    state.sensors.resize(2);
    state.parameters.resize(2);
    Forecast forecast;
    forecast.points = {{1.0, {{"T_max_K", {1, 2, 3}}}}};
    forecast.limits.resize(2);
    HeaterStatus heater;
    heater.last_command = CommandResult{"a", "hold", true, "", 5};
    heater.counters["accepted"] = 2;
    Hello hello;
    hello.endpoints["requests"] = "tcp://127.0.0.1:5703";
    const std::pair<const char*, Message> all[] = {
        {"reading/tc1", Reading{"tc1", 900.0, "K", 0.5, Quality::good, 1'700'000'000'000'000'000, 5, 7}},
        {"heater", heater},
        {"state", state},
        {"forecast", forecast},
        {"field/T_K", FieldMessage{"T_K", 1, 2.5, {2, 2, 1}, {1, 1, 1}, {1, 2, 3, 4}}},
        {"alarm", AlarmMessage{"a", "b", "c", 1, true, 2.0}},
        {"status", TwinStatus{heater, true, 0.1, {}, "1", "cpu", "R1"}},
        {"heartbeat", Heartbeat{1.0, "twin", "live"}},
        {"command", Command{"a", 1, 2, "program", "[{ hold = '5 s' }]"}},
        {"command", CommandResult{"a", "hold", false, "why", 5}},
        {"hello", hello},
        {"time", TimeReply{1, 2, 3}},
        {"snapshot", {}},
    };
    std::vector<Parts> frames;
    for (const auto& [topic, message] : all) {
        Header h;
        h.type = type_of(message);
        h.seq = 5, h.epoch = 7;
        const auto bytes = encode_header(h);
        frames.push_back({topic, std::string(bytes.data(), bytes.size()), encode_payload(message, 9)});
    }
    return frames;
}

void damage(Parts& parts, SplitMix64& random) {
    static const char* const kPieces[] = {"1e999", "NaN",  "-1",   "null", "\"", "{",  "}",     "[[[[[[[[[[[[[[[[[[",
                                          ",",     "true", "\xff", "1e18", "\\", "[]", "\\ud8", "18446744073709551616"};
    for (std::uint64_t changes = 1 + random.next() % 4; changes > 0; --changes) {
        if (random.next() % 64 == 0) {
            parts.resize(random.next() % 5);
            if (parts.empty()) return;
        }
        // Mostly the payload: a header that is damaged hides it.
        std::string& text = random.next() % 8 != 0 ? parts.back() : parts[random.next() % parts.size()];
        if (text.empty()) continue;
        const std::size_t at = random.next() % text.size();
        switch (random.next() % 6) {
            case 0:
                text.resize(at);
                break;
            case 1:
                text[at] = char(random.next());
                break;
            case 2:
                text.replace(at, random.next() % 30, text.substr(random.next() % text.size(), random.next() % 60));
                break;
            case 3:
                text.insert(at, kPieces[random.next() % std::size(kPieces)]);
                break;
            case 4:
                text[at] = char(text[at] ^ (1 << random.next() % 8));
                break;
            default:
                text.replace(at, random.next() % 4, kPieces[random.next() % std::size(kPieces)]);
        }
    }
}

int fuzz(double seconds, std::uint64_t seed, long long most) {
    const auto good = good_frames();
    SplitMix64 random(seed);
    SequenceCheck sequence;
    RejectionCounts rejections;
    WireContext context;
    Publisher publisher(context, "tcp://127.0.0.1:*", 7, {.high_water_mark = 100000, .keep_last = true});
    Subscriber subscriber(context, {publisher.endpoint()});
    Server server(context, "tcp://127.0.0.1:*", {});
    server.on_snapshot([&] { return publisher.snapshot(); });
    server.on_command([](const Command&) { return std::optional<CommandResult>(CommandResult{}); });
    void* foreign = zmq_ctx_new();
    void* dealer = zmq_socket(foreign, ZMQ_DEALER);
    const int none = 0;
    zmq_setsockopt(dealer, ZMQ_LINGER, &none, sizeof none);
    zmq_connect(dealer, server.endpoint().c_str());
    const auto start = std::chrono::steady_clock::now();
    long long frames = 0, taken = 0, sent = 0, arrived = 0, requests = 0;
    for (bool more = true; more; ++frames) {
        if (frames % 256 == 0)
            more = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < seconds && frames < most;
        Parts parts = good[random.next() % good.size()];
        damage(parts, random);
        Received received;
        if (frames % 64 == 0) sequence = SequenceCheck();  // a damaged epoch or number must not hide all that follow
        const std::uint64_t before = rejections.total();
        const bool good_one = take_frame(views(parts), sequence, rejections, received);
        if (good_one == (rejections.total() != before)) {
            std::fprintf(stderr, "frame %lld of seed %llu is neither taken nor counted\n", frames,
                         static_cast<unsigned long long>(seed));
            return 1;
        }
        taken += good_one;
        // Texts of any kind for each type of message, whatever the header says.
        (void)decode_payload(MessageType(1 + random.next() % 15), parts.empty() ? std::string() : parts.back());
        if (frames % 16 != 0 || parts.empty()) continue;
        publisher.send_raw(parts);
        ++sent;
        for (std::size_t n = 0; n < parts.size(); ++n)
            zmq_send(dealer, parts[n].data(), parts[n].size(), ZMQ_DONTWAIT | (n + 1 < parts.size() ? ZMQ_SNDMORE : 0));
        arrived += (long long)subscriber.poll(std::chrono::milliseconds(0)).size();
        requests += server.poll(std::chrono::milliseconds(0));
        char reply[64];
        while (zmq_recv(dealer, reply, sizeof reply, ZMQ_DONTWAIT) >= 0) {
        }
    }
    zmq_close(dealer);
    zmq_ctx_term(foreign);
    std::printf("wire: %lld frames, %lld taken, the rest refused; %lld sent, %lld taken by the subscriber, %lld requests\n",
                frames, taken, sent, arrived, requests);
    for (std::size_t n = 1; n < kRejections; ++n)
        std::printf("  %-16s %llu\n", std::string(name(Rejection(n))).c_str(),
                    static_cast<unsigned long long>(rejections.count[n]));
    return 0;
}

}  // namespace
}  // namespace jt

int main(int argc, char** argv) {
    if (argc != 3 && argc != 4) {
        std::fprintf(stderr, "usage: fuzz_wire SECONDS SEED [FRAMES]\n");
        return 2;
    }
    try {
        return jt::fuzz(std::atof(argv[1]), std::strtoull(argv[2], nullptr, 10),
                        argc == 4 ? std::atoll(argv[3]) : 1'000'000'000'000LL);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fuzz_wire: %s\n", error.what());
        return 1;
    }
}
