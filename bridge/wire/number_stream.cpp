// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/number_stream.hpp"

#include <algorithm>

namespace jt {

void NumberStream::begin(std::uint64_t epoch, std::uint64_t seq) {
    epoch_ = epoch;
    newest_ = seq;
    started_ = true;
    smaller_count_ = 0;
    // What was before is not awaited; it may come, once.
    std::fill(seen_.begin(), seen_.end(), false);
    seen_[seq % seen_.size()] = true;
}

void NumberStream::advance(std::uint64_t to) {
    const std::uint64_t steps = std::min<std::uint64_t>(to - newest_, seen_.size());
    for (std::uint64_t n = 0; n < steps; ++n) seen_[(to - n) % seen_.size()] = false;
    newest_ = to;
}

Continuity NumberStream::would_be(std::uint64_t epoch, std::uint64_t seq) const {
    if (seq == 0) return Continuity::absurd;
    if (!started_) return Continuity::first;
    if (epoch > epoch_) return seq > kMostAhead ? Continuity::absurd : Continuity::new_epoch;
    if (epoch < epoch_) {
        const bool again = epoch == smaller_epoch_ && smaller_count_ + 1 >= kFramesOfSmallerEpoch && seq <= kMostAhead;
        return again ? Continuity::new_epoch : Continuity::old_epoch;
    }
    if (seq > newest_) {
        if (seq - newest_ > kMostAhead) return Continuity::absurd;
        return seq == newest_ + 1 ? Continuity::next : Continuity::gap;
    }
    if (newest_ - seq >= seen_.size() || seen(seq)) return Continuity::repeated;
    return Continuity::late;
}

Continuity NumberStream::take(std::uint64_t epoch, std::uint64_t seq) {
    const Continuity is = would_be(epoch, seq);
    if (is == Continuity::old_epoch) {
        smaller_count_ = epoch == smaller_epoch_ ? smaller_count_ + 1 : 1;
        smaller_epoch_ = epoch;
        return is;
    }
    if (is == Continuity::absurd) return is;
    if (started_ && epoch == epoch_) smaller_count_ = 0;
    switch (is) {
        case Continuity::first:
            begin(epoch, seq);
            break;
        case Continuity::new_epoch:
            begin(epoch, seq);
            missing_ += std::int64_t(seq - 1);  // a life begins with 1
            break;
        case Continuity::next:
        case Continuity::gap:
            missing_ += std::int64_t(seq - newest_ - 1);
            advance(seq);
            seen_[seq % seen_.size()] = true;
            break;
        case Continuity::late:
            if (missing_ > 0) --missing_;
            seen_[seq % seen_.size()] = true;
            break;
        default:
            break;
    }
    return is;
}

void NumberStream::start_after(std::uint64_t epoch, std::uint64_t seq) {
    if (seq == 0 || (started_ && (epoch < epoch_ || (epoch == epoch_ && seq <= newest_)))) return;
    begin(epoch, seq);
    std::fill(seen_.begin(), seen_.end(), true);
}

}  // namespace jt
