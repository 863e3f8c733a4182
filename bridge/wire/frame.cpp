// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/frame.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>

#include "bridge/wire/bytes.hpp"

namespace jt {
namespace {

constexpr std::uint32_t kMagic = 0x5057544A;  // "JTWP" in little endian
constexpr std::string_view kRejectionNames[kRejections] = {
    "none",          "parts",      "topic",      "header",       "version", "type",           "payload_size", "not_json",
    "missing_field", "wrong_type", "not_finite", "out_of_range", "shape",   "topic_mismatch", "old_epoch",    "repeated"};

}  // namespace

std::string_view name(Rejection reason) {
    return kRejectionNames[std::size_t(reason)];
}

void RejectionCounts::add(Rejection reason, std::string detail) {
    ++count[std::size_t(reason)];
    last = std::move(detail);
}
std::uint64_t RejectionCounts::total() const {
    std::uint64_t sum = 0;
    for (std::size_t n = 1; n < kRejections; ++n) sum += count[n];
    return sum;
}
void RejectionCounts::add_to(std::map<std::string, std::uint64_t>& counters) const {
    for (std::size_t n = 1; n < kRejections; ++n)
        if (count[n] > 0) counters["rejected." + std::string(kRejectionNames[n])] += count[n];
}

std::array<char, kHeaderBytes> encode_header(const Header& header) {
    std::array<char, kHeaderBytes> bytes{};
    char* to = bytes.data();
    store_le(to, kMagic);
    store_le(to + 4, std::uint16_t(256 * header.major + header.minor));
    store_le(to + 6, std::uint16_t(header.type));
    store_le(to + 8, header.seq);
    store_le(to + 16, header.epoch);
    store_le(to + 24, header.t_source_ns);
    store_le(to + 32, header.t_send_ns);
    store_le(to + 40, std::uint32_t(header.quality));
    return bytes;
}

Rejection decode_header(std::string_view bytes, Header& header, std::string& detail) {
    if (bytes.size() != kHeaderBytes) {
        detail = "header of " + std::to_string(bytes.size()) + " bytes; allowed: " + std::to_string(kHeaderBytes);
        return Rejection::header;
    }
    const char* from = bytes.data();
    if (load_le<std::uint32_t>(from) != kMagic) {
        detail = "header does not begin with JTWP";
        return Rejection::header;
    }
    const auto version = load_le<std::uint16_t>(from + 4);
    if (version / 256 != kWireMajor) {
        detail = "version " + std::to_string(version / 256) + "." + std::to_string(version % 256) +
                 "; allowed: " + std::to_string(kWireMajor) + ".x";
        return Rejection::version;
    }
    const auto type = load_le<std::uint16_t>(from + 6);
    if (type < std::uint16_t(MessageType::reading) || type > std::uint16_t(MessageType::refusal)) {
        detail = "unknown type of message " + std::to_string(type);
        return Rejection::type;
    }
    const auto quality = load_le<std::uint32_t>(from + 40);
    if (quality > std::uint32_t(Quality::bad)) {
        detail = "unknown quality " + std::to_string(quality) + " in the header; allowed: 0 to 4";
        return Rejection::header;
    }
    Header read;
    read.major = version / 256, read.minor = version % 256;
    read.type = MessageType(type);
    read.seq = load_le<std::uint64_t>(from + 8);
    read.epoch = load_le<std::uint64_t>(from + 16);
    read.t_source_ns = load_le<std::int64_t>(from + 24);
    read.t_send_ns = load_le<std::int64_t>(from + 32);
    read.quality = Quality(quality);
    if (read.t_source_ns < 0 || read.t_send_ns < 0) {
        detail = "negative time in the header";
        return Rejection::header;
    }
    header = read;
    return Rejection::none;
}

Rejection check_topic(std::string_view topic, std::string& detail) {
    if (topic.empty() || topic.size() > kLongestTopic) {
        detail = "topic of " + std::to_string(topic.size()) + " bytes; allowed: 1 to " + std::to_string(kLongestTopic);
        return Rejection::topic;
    }
    if (!std::all_of(topic.begin(), topic.end(), [](char c) { return c > ' ' && c <= '~'; })) {
        detail = "topic with characters that are not printable ASCII";
        return Rejection::topic;
    }
    return Rejection::none;
}

Rejection decode_frame(std::span<const std::string_view> parts, Frame& frame, std::string& detail) {
    if (parts.size() != 3) {
        detail = "message of " + std::to_string(parts.size()) + " parts; allowed: 3, topic, header and payload";
        return Rejection::parts;
    }
    if (const Rejection r = check_topic(parts[0], detail); r != Rejection::none) return r;
    if (const Rejection r = decode_header(parts[1], frame.header, detail); r != Rejection::none) return r;
    frame.topic = parts[0];
    frame.payload = parts[2];
    return Rejection::none;
}

std::int64_t unix_ns() {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}
std::int64_t monotonic_ns() {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}
std::uint64_t new_epoch() {
    static std::atomic<std::uint64_t> last{0};
    std::uint64_t before = last.load(), next;
    do {
        next = std::max(std::uint64_t(std::max<std::int64_t>(unix_ns(), 1)), before + 1);
    } while (!last.compare_exchange_weak(before, next));
    return next;
}

}  // namespace jt
