// SPDX-License-Identifier: Apache-2.0
#include "bridge/heater/wire_port.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "bridge/heater/random_draw.hpp"
#include "bridge/wire/publisher.hpp"
#include "bridge/wire/server.hpp"
#include "bridge/wire/wait_any.hpp"

namespace jt {
namespace {

constexpr double kStatusValid = 1.0, kBeatValid = 3.0;  // [s]
// Bytes of a damaged frame: of noise at most, and what no reading needs.
constexpr std::size_t kNoise = 200, kAbsurdSize = std::size_t(64) << 10;

Hello hello_of(const WirePortOptions& options) {
    Hello hello;
    hello.epoch = options.epoch, hello.role = "heater", hello.program = std::string("jouletwin ") + JT_VERSION;
    hello.title = options.title;
    return hello;
}

std::int64_t in(double seconds) {
    return unix_ns() + std::int64_t(seconds * 1e9);
}

}  // namespace

struct WirePort::Impl {
    Impl(WireContext& context, const WirePortOptions& options)
        : scenario(options.scenario_toml),
          publisher(context, options.publish, options.epoch),
          server(context, options.commands, hello_of(options)) {
        server.hello().endpoints["sensors"] = publisher.endpoint();
        server.hello().endpoints["commands"] = server.endpoint();
        server.on_snapshot([this] { return publisher.snapshot(); });
        server.on_text("scenario", [this](const std::string&) { return scenario; });
    }

    std::string bytes(std::size_t most) {
        std::string out(1 + std::size_t(noise.unit() * double(most)), '\0');
        for (char& c : out) c = char(noise.unit() * 256.0);
        return out;
    }

    std::string scenario;
    Publisher publisher;
    Server server;
    std::uint64_t damaged = 0;
    SplitMix64 noise = stream(1, "garbage");
};

WirePort::WirePort(WireContext& context, const WirePortOptions& options) : impl_(std::make_unique<Impl>(context, options)) {}
WirePort::~WirePort() = default;

void WirePort::send(const Reading& reading) {
    impl_->publisher.publish(std::string(kTopicReading) + reading.sensor, reading,
                             {.t_source_ns = reading.t_source_ns, .quality = reading.quality});
}
void WirePort::send(const HeaterStatus& status) {
    impl_->publisher.publish(kTopicHeater, status, {.valid_until_ns = in(kStatusValid)});
}
void WirePort::send(const Heartbeat& heartbeat) {
    impl_->publisher.publish(kTopicHeartbeat, heartbeat, {.valid_until_ns = in(kBeatValid)});
}

void WirePort::send_garbage() {
    Header h;
    h.type = MessageType::reading, h.seq = ++impl_->damaged, h.epoch = impl_->publisher.epoch();
    h.t_source_ns = h.t_send_ns = unix_ns();
    const auto text_of = [](const Header& header) {
        const auto raw = encode_header(header);
        return std::string(raw.data(), raw.size());
    };
    const std::string header = text_of(h), topic = std::string(kTopicReading) + "garbage";
    std::string wrong_magic = header;
    wrong_magic.front() = char(~wrong_magic.front());
    Header newer = h;
    newer.major = kWireMajor + 1;
    std::vector<std::string> parts;
    switch ((impl_->damaged - 1) % kKindsOfGarbage) {
        case 0:
            parts = {topic, impl_->bytes(kHeaderBytes), impl_->bytes(kNoise)};
            break;
        case 1:
            parts = {topic, header, impl_->bytes(kNoise)};
            break;
        case 2:
            parts = {topic};
            break;
        case 3:
            parts = {topic, header.substr(0, kHeaderBytes / 2), "{}"};
            break;
        case 4:
            parts = {topic, header, R"({"sensor":"garbage","value":NaN,"unit":"K"})"};
            break;
        case 5:
            parts = {topic, wrong_magic, "{}"};
            break;
        case 6:
            parts = {topic, text_of(newer), "{}"};
            break;
        case 7:
            parts = {topic, header, std::string(kAbsurdSize, '[')};
            break;
        default:
            parts = {impl_->bytes(kNoise), header, "{}", impl_->bytes(kNoise)};
    }
    impl_->publisher.send_raw(parts);
}

void WirePort::silence(bool on) {
    impl_->server.mute(on);
}

void WirePort::receive(double seconds, const std::function<std::optional<CommandResult>(const Command&)>& command,
                       const std::function<void(const Heartbeat&)>& heartbeat) {
    impl_->server.on_command(command);
    impl_->server.on_heartbeat(heartbeat);
    if (seconds > 0.0)
        wait_any({&impl_->server, &impl_->publisher}, std::chrono::milliseconds(std::max(1L, std::lround(1e3 * seconds))));
    impl_->publisher.update();
    impl_->server.poll(std::chrono::milliseconds(0));
    // the two are of the caller, and only for this call
    impl_->server.on_command({});
    impl_->server.on_heartbeat({});
}

const std::string& WirePort::readings_endpoint() const {
    return impl_->publisher.endpoint();
}
const std::string& WirePort::commands_endpoint() const {
    return impl_->server.endpoint();
}

}  // namespace jt
