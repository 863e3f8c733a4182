// SPDX-License-Identifier: Apache-2.0
// Readings per second through publisher, loopback, subscriber, checks and inbox: ingest [READINGS]. The sender is held back
// where it is more than half a high-water mark ahead; any loss is a failure.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "bridge/live/inbox.hpp"
#include "bridge/wire/publisher.hpp"
#include "bridge/wire/subscriber.hpp"
#include "bridge/wire/wait_any.hpp"

int main(int argc, char** argv) {
    using namespace jt;
    const std::uint64_t readings = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
    constexpr std::uint64_t kAhead = 50'000;
    WireContext context;
    Publisher publisher(context, "tcp://127.0.0.1:*", 7, {.high_water_mark = 2 * int(kAhead), .keep_last = true});
    Subscriber subscriber(context, {publisher.endpoint()});
    while (!publisher.wanted("reading/V")) {
        wait_any({&publisher}, std::chrono::milliseconds(20));
        publisher.update();
    }
    Inbox inbox({sensor_rule("V", "V")}, {.capacity = 100'000});
    std::atomic<std::uint64_t> seen{0};
    std::atomic<bool> stop{false};
    const auto start = std::chrono::steady_clock::now();
    std::thread sender([&] {
        Reading r{"V", 1.25, "V", 0.01, Quality::good, 0, 0, 7};
        for (std::uint64_t n = 1; n <= readings && !stop; ++n) {
            while (n > seen + kAhead && !stop) std::this_thread::yield();
            r.seq = n;
            r.t_source_ns = unix_ns();
            publisher.publish("reading/V", r);
        }
    });
    std::uint64_t taken = 0;
    auto last = std::chrono::steady_clock::now();
    while (seen < readings) {
        const auto got = subscriber.poll(std::chrono::milliseconds(100));
        for (const auto& one : got)
            if (const auto* r = std::get_if<Reading>(&one.message)) inbox.put(*r, unix_ns(), one.monotonic_ns);
        seen += got.size();
        taken += inbox.take().size();
        const auto now = std::chrono::steady_clock::now();
        if (!got.empty()) last = now;
        if (now - last > std::chrono::seconds(5)) break;
    }
    const double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    stop = true;
    sender.join();
    std::printf("%llu of %llu readings in %.2f s: %.0f readings/s, %llu missing\n", (unsigned long long)taken,
                (unsigned long long)readings, s, double(taken) / s, (unsigned long long)(readings - taken));
    return taken == readings ? 0 : 1;
}
