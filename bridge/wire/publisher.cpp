// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/publisher.hpp"

#include <mutex>
#include <set>

#include "bridge/wire/context_impl.hpp"
#include "bridge/wire/socket.hpp"
#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr std::size_t kMostKept = 4096;            // topics for snapshots
constexpr std::size_t kMostSubscriptions = 10000;  // that wanted() knows
constexpr int kMostGarbage = 1000;                 // messages of subscribers looked at in one update()

}  // namespace

struct Publisher::Impl {
    wire::Socket socket;
    std::uint64_t epoch;
    PublisherOptions options;
    std::string endpoint;
    std::map<std::string, std::uint64_t, std::less<>> numbers;
    std::set<std::string, std::less<>> subscriptions;
    mutable std::mutex mutex;           // of kept alone
    std::map<std::string, Frame> kept;  // by topic, of alarms by topic and id
    std::uint64_t frames = 0, bytes = 0, garbage = 0;
    wire::Incoming incoming;

    Impl(void* context, std::uint64_t e, const PublisherOptions& o) : socket(context, ZMQ_XPUB), epoch(e), options(o) {}
};

Publisher::Publisher(WireContext& context, const std::string& endpoint, std::uint64_t epoch, const PublisherOptions& options) {
    const Endpoint parsed = parse_endpoint(endpoint, "publish", true);
    impl_ = std::make_unique<Impl>(wire::context_of(context), epoch, options);
    impl_->socket.set(ZMQ_SNDHWM, options.high_water_mark);
    // What subscribers may send: a byte and a topic.
    impl_->socket.set(ZMQ_MAXMSGSIZE, std::int64_t(1024));
    impl_->endpoint = impl_->socket.bind(parsed, context.keys());
}
Publisher::~Publisher() = default;

std::uint64_t Publisher::publish(std::string_view topic, const Message& message, const Stamp& stamp) {
    update();
    std::string problem;
    if (check_topic(topic, problem) != Rejection::none) throw InputError("publish: " + problem);
    auto number = impl_->numbers.find(topic);
    if (number == impl_->numbers.end()) number = impl_->numbers.emplace(topic, 0).first;
    Frame frame;
    frame.topic = topic;
    frame.header.type = type_of(message);
    frame.header.seq = ++number->second;
    frame.header.epoch = impl_->epoch;
    frame.header.quality = stamp.quality;
    frame.header.t_send_ns = unix_ns();
    frame.header.t_source_ns = stamp.t_source_ns != 0 ? stamp.t_source_ns : frame.header.t_send_ns;
    frame.payload = encode_payload(message, stamp.valid_until_ns);
    const auto header = encode_header(frame.header);
    const std::array<std::string_view, 3> parts{frame.topic, std::string_view(header.data(), header.size()), frame.payload};
    // Cached before it is sent: a snapshot asked for after a frame has come is never older than that frame.
    const std::uint64_t seq = frame.header.seq;
    const std::size_t size = frame.topic.size() + header.size() + frame.payload.size();
    if (impl_->options.keep_last) {
        std::string key = frame.topic;
        if (const auto* alarm = std::get_if<AlarmMessage>(&message)) key += '\n' + alarm->id;
        Frame copy = frame;
        const std::lock_guard lock(impl_->mutex);
        if (impl_->kept.size() < kMostKept || impl_->kept.contains(key)) impl_->kept[key] = std::move(copy);
    }
    impl_->socket.send(parts);
    ++impl_->frames;
    impl_->bytes += size;
    return seq;
}

void Publisher::send_raw(const std::vector<std::string>& parts) {
    update();
    const std::vector<std::string_view> views(parts.begin(), parts.end());
    impl_->socket.send(views);
    ++impl_->frames;
}

const std::string& Publisher::endpoint() const {
    return impl_->endpoint;
}
std::uint64_t Publisher::epoch() const {
    return impl_->epoch;
}

void Publisher::update() {
    for (int n = 0; n < kMostGarbage && impl_->socket.receive(impl_->incoming); ++n) {
        const auto parts = impl_->incoming.parts();
        const std::string_view said = parts.empty() ? std::string_view{} : parts[0];
        if (parts.size() != 1 || said.empty() || said[0] > 1) {
            ++impl_->garbage;
        } else if (said[0] == 1) {
            if (impl_->subscriptions.size() < kMostSubscriptions) impl_->subscriptions.emplace(said.substr(1));
        } else if (const auto found = impl_->subscriptions.find(said.substr(1)); found != impl_->subscriptions.end()) {
            impl_->subscriptions.erase(found);
        }
    }
}

bool Publisher::wanted(std::string_view topic) const {
    for (std::size_t length = 0; length <= topic.size(); ++length)
        if (impl_->subscriptions.contains(topic.substr(0, length))) return true;
    return false;
}

std::vector<Frame> Publisher::snapshot() const {
    std::vector<Frame> frames;
    const std::lock_guard lock(impl_->mutex);
    frames.reserve(impl_->kept.size());
    for (const auto& [key, frame] : impl_->kept) frames.push_back(frame);
    return frames;
}

std::map<std::string, std::uint64_t> Publisher::counters() const {
    return {{"frames.sent", impl_->frames}, {"bytes.sent", impl_->bytes}, {"garbage.received", impl_->garbage}};
}

void* Publisher::handle() {
    return impl_->socket.handle();
}

}  // namespace jt
