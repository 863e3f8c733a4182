// SPDX-License-Identifier: Apache-2.0
// LatestSlot: hands the newest of something from one thread to another. One writer, one reader; neither ever waits; what the
// reader did not take in time is replaced. Three places: the writer fills one, the reader looks at another, the third lies
// between them and is exchanged by either.
#pragma once
#include <array>
#include <atomic>
#include <optional>
#include <utility>

namespace jt {

template <class T>
class LatestSlot {
public:
    LatestSlot() = default;
    LatestSlot(const LatestSlot&) = delete;
    LatestSlot& operator=(const LatestSlot&) = delete;

    // By the writer.
    void publish(T value) {
        places_[writing_] = std::move(value);
        writing_ = between_.exchange(writing_ | kFresh, std::memory_order_acq_rel) & kPlace;
    }
    // By the reader: what was published last, if it has not been taken yet.
    std::optional<T> take() {
        if (!(between_.load(std::memory_order_relaxed) & kFresh)) return std::nullopt;
        reading_ = between_.exchange(reading_, std::memory_order_acq_rel) & kPlace;
        return std::move(places_[reading_]);
    }

private:
    static constexpr unsigned kPlace = 3, kFresh = 4;
    std::array<T, 3> places_{};
    std::atomic<unsigned> between_{0};
    unsigned writing_ = 1, reading_ = 2;  // each of its own thread
};

}  // namespace jt
