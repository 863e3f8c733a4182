// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/subscriber.hpp"

#include <algorithm>
#include <set>

#include "bridge/wire/context_impl.hpp"
#include "bridge/wire/socket.hpp"
#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {

double age_s(const Received& received, std::int64_t now_unix_ns, std::int64_t now_monotonic_ns, std::int64_t offset_ns) {
    const double since = 1e-9 * (double(now_monotonic_ns) - double(received.monotonic_ns));
    if (received.header.t_source_ns == 0) return std::max(0.0, since);
    const double by_clock = 1e-9 * (double(now_unix_ns) + double(offset_ns) - double(received.header.t_source_ns));
    return std::max({0.0, since, by_clock});
}

Quality quality_now(const Received& received, std::int64_t now_unix_ns, std::int64_t now_monotonic_ns, std::int64_t offset_ns) {
    if (received.valid_until_ns == 0) return received.header.quality;
    const double now = double(now_unix_ns) + double(offset_ns), until = double(received.valid_until_ns);
    // A clock that was set back must not make it valid for longer than it was meant to be when it was sent.
    const double meant = until - double(received.header.t_send_ns);
    const bool over = now > until || double(now_monotonic_ns) - double(received.monotonic_ns) > meant;
    return over ? std::max(received.header.quality, Quality::stale) : received.header.quality;
}

bool take_frame(std::span<const std::string_view> parts, SequenceCheck& sequence, RejectionCounts& rejections,
                Received& received) {
    std::string detail;
    Frame frame;
    if (const Rejection r = decode_frame(parts, frame, detail); r != Rejection::none) {
        rejections.add(r, std::move(detail));
        return false;
    }
    if (frame.header.type >= MessageType::command) {
        rejections.add(Rejection::type, "a request or reply was published");
        return false;
    }
    Decoded decoded = decode_message(frame);
    if (decoded.rejection != Rejection::none) {
        rejections.add(decoded.rejection, std::move(decoded.detail));
        return false;
    }
    const Continuity is = sequence.check(frame.topic, frame.header.epoch, frame.header.seq);
    const auto refuse = [&](Rejection why, const char* text) {
        rejections.add(why, quote(frame.topic) + " number " + std::to_string(frame.header.seq) + ": " + text);
        return false;
    };
    if (is == Continuity::repeated) return refuse(Rejection::repeated, "has been seen");
    if (is == Continuity::old_epoch) return refuse(Rejection::old_epoch, "of a life of the sender that is over");
    if (is == Continuity::absurd) return refuse(Rejection::header, "cannot be");
    received.topic = std::move(frame.topic);
    received.header = frame.header;
    received.message = std::move(decoded.message);
    received.valid_until_ns = decoded.valid_until_ns;
    received.continuity = is;
    return true;
}

namespace {

// Of each topic the newest, of alarms of each id; a gap before it is told with it. Returns how many were left out.
std::uint64_t keep_newest(std::vector<Received>& frames) {
    std::map<std::string, std::size_t> newest;
    for (std::size_t n = 0; n < frames.size(); ++n) {
        std::string key = frames[n].topic;
        if (const auto* alarm = std::get_if<AlarmMessage>(&frames[n].message)) key += '\n' + alarm->id;
        const auto [at, is_new] = newest.emplace(std::move(key), n);
        if (is_new) continue;
        Received &before = frames[at->second], &now = frames[n];
        if (now.continuity == Continuity::late) continue;  // overtaken by one that is here
        if (now.continuity == Continuity::next) now.continuity = before.continuity;
        at->second = n;
    }
    std::vector<std::size_t> kept;
    for (const auto& [key, n] : newest) kept.push_back(n);
    std::sort(kept.begin(), kept.end());
    std::vector<Received> result;
    for (const std::size_t n : kept) result.push_back(std::move(frames[n]));
    const std::uint64_t left_out = frames.size() - result.size();
    frames = std::move(result);
    return left_out;
}

}  // namespace

struct Subscriber::Impl {
    wire::Socket socket;
    SubscriberOptions options;
    std::set<std::string> topics;
    SequenceCheck sequence;
    RejectionCounts rejections;
    std::uint64_t received = 0, superseded = 0;
    wire::Incoming incoming;

    Impl(void* context, const SubscriberOptions& o) : socket(context, ZMQ_SUB), options(o) {}
};

Subscriber::Subscriber(WireContext& context, const std::vector<std::string>& endpoints, const SubscriberOptions& options) {
    std::vector<Endpoint> parsed;
    for (const auto& one : endpoints) parsed.push_back(parse_endpoint(one, "subscribe to", false));
    impl_ = std::make_unique<Impl>(wire::context_of(context), options);
    impl_->socket.set(ZMQ_RCVHWM, options.high_water_mark);
    impl_->socket.set(ZMQ_MAXMSGSIZE, options.most_bytes);
    for (const auto& topic : options.topics) subscribe(topic);
    for (const auto& one : parsed) impl_->socket.connect(one, context.keys());
}
Subscriber::~Subscriber() = default;

void Subscriber::subscribe(const std::string& topic) {
    if (impl_->topics.insert(topic).second) impl_->socket.set(ZMQ_SUBSCRIBE, std::string_view(topic));
}
void Subscriber::unsubscribe(const std::string& topic) {
    if (impl_->topics.erase(topic) > 0) impl_->socket.set(ZMQ_UNSUBSCRIBE, std::string_view(topic));
}

std::vector<Received> Subscriber::poll(std::chrono::milliseconds timeout) {
    std::vector<Received> taken;
    Impl& i = *impl_;
    bool waited = false;
    for (std::size_t n = 0; n < i.options.most_frames; ++n) {
        if (!i.socket.receive(i.incoming)) {
            if (n > 0 || waited || timeout.count() <= 0 || !wire::wait_for(i.socket.handle(), timeout)) break;
            waited = true;
            --n;
            continue;
        }
        const std::int64_t now = unix_ns();
        if (i.options.tap) i.options.tap(now, i.incoming.parts());
        ++i.received;
        Received one;
        if (!take_frame(i.incoming.parts(), i.sequence, i.rejections, one)) continue;
        one.t_receive_ns = now;
        one.monotonic_ns = monotonic_ns();
        taken.push_back(std::move(one));
    }
    if (i.options.newest_only && taken.size() > 1) i.superseded += keep_newest(taken);
    return taken;
}

SequenceCheck& Subscriber::sequence() {
    return impl_->sequence;
}
const RejectionCounts& Subscriber::rejections() const {
    return impl_->rejections;
}

std::map<std::string, std::uint64_t> Subscriber::counters() const {
    std::map<std::string, std::uint64_t> counters{{"frames.received", impl_->received},
                                                  {"frames.superseded", impl_->superseded}};
    impl_->sequence.add_to(counters);
    impl_->rejections.add_to(counters);
    return counters;
}

void* Subscriber::handle() {
    return impl_->socket.handle();
}

}  // namespace jt
