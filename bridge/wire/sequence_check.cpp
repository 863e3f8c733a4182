// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/sequence_check.hpp"

#include <algorithm>
#include <deque>

namespace jt {
namespace {

constexpr std::size_t kSequenceWindow = 1024;  // newest numbers of a topic of which it is known whether they have been seen
constexpr std::size_t kMostBegun = 64;         // publishers that may have started anew and are told apart
constexpr std::size_t kMostTopics = 4096;      // that are followed; of others nothing can be said

}  // namespace

struct SequenceCheck::Impl {
    std::map<std::string, NumberStream, std::less<>> topics;
    std::uint64_t gaps = 0, repeated = 0, late = 0, old_epoch = 0, restarts = 0, absurd = 0;
    std::deque<std::uint64_t> begun;  // epochs of the last restarts

    // One restart is seen in many topics, and first perhaps in one that was not heard of before it.
    void count_restart(std::uint64_t epoch) {
        if (std::find(begun.begin(), begun.end(), epoch) != begun.end()) return;
        ++restarts;
        begun.push_back(epoch);
        if (begun.size() > kMostBegun) begun.pop_front();
    }
    NumberStream* find(std::string_view topic) {
        const auto found = topics.find(topic);
        if (found != topics.end()) return &found->second;
        if (topics.size() >= kMostTopics) return nullptr;
        return &topics.emplace(std::string(topic), NumberStream(kSequenceWindow)).first->second;
    }
};

SequenceCheck::SequenceCheck() : impl_(std::make_unique<Impl>()) {}
SequenceCheck::~SequenceCheck() = default;
SequenceCheck::SequenceCheck(SequenceCheck&&) noexcept = default;
SequenceCheck& SequenceCheck::operator=(SequenceCheck&&) noexcept = default;

Continuity SequenceCheck::check(std::string_view topic, std::uint64_t epoch, std::uint64_t seq) {
    NumberStream* stream = impl_->find(topic);
    if (!stream) return seq == 0 ? Continuity::absurd : Continuity::first;
    const Continuity is = stream->take(epoch, seq);
    switch (is) {
        case Continuity::gap:
            ++impl_->gaps;
            break;
        case Continuity::late:
            ++impl_->late;
            break;
        case Continuity::repeated:
            ++impl_->repeated;
            break;
        case Continuity::old_epoch:
            ++impl_->old_epoch;
            break;
        case Continuity::absurd:
            ++impl_->absurd;
            break;
        case Continuity::new_epoch:
            impl_->count_restart(epoch);
            if (seq > 1) ++impl_->gaps;
            break;
        default:
            break;
    }
    return is;
}

void SequenceCheck::start_after(std::string_view topic, std::uint64_t epoch, std::uint64_t seq) {
    if (NumberStream* stream = impl_->find(topic)) stream->start_after(epoch, seq);
}

std::uint64_t SequenceCheck::missing() const {
    std::int64_t sum = 0;
    for (const auto& [topic, stream] : impl_->topics) sum += stream.missing();
    return std::uint64_t(sum);
}
std::uint64_t SequenceCheck::gaps() const {
    return impl_->gaps;
}
std::uint64_t SequenceCheck::repeated() const {
    return impl_->repeated;
}
std::uint64_t SequenceCheck::late() const {
    return impl_->late;
}
std::uint64_t SequenceCheck::old_epoch() const {
    return impl_->old_epoch;
}
std::uint64_t SequenceCheck::restarts() const {
    return impl_->restarts;
}

void SequenceCheck::add_to(std::map<std::string, std::uint64_t>& counters) const {
    counters["frames.missing"] += missing();
    counters["frames.gaps"] += impl_->gaps;
    counters["frames.repeated"] += impl_->repeated;
    counters["frames.late"] += impl_->late;
    counters["frames.old_epoch"] += impl_->old_epoch;
    counters["frames.absurd_number"] += impl_->absurd;
    counters["frames.restarts"] += impl_->restarts;
}

}  // namespace jt
