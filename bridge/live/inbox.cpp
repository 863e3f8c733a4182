// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/inbox.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "bridge/wire/number_stream.hpp"
#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr std::string_view kNames[kReadingOutcomes] = {"accepted",   "absent",          "unknown sensor", "wrong unit",
                                                       "not finite", "absurd",          "declared bad",   "repeated",
                                                       "old epoch",  "from the future", "late",           "displaced"};
constexpr std::size_t kWindow = 65536;  // numbers of a sensor that are remembered: 11 minutes at 100 Hz
constexpr double kHottest_K = 5000.0;   // carbon sublimes below (3900 K)
constexpr double kMostElectric = 1e5;   // V, A: beyond the supplies of any furnace of this kind

}  // namespace

std::string_view name(ReadingOutcome outcome) {
    return kNames[std::size_t(outcome)];
}

SensorRule sensor_rule(const std::string& name, const std::string& unit) {
    if (unit == "K") return {name, unit, 0.0, kHottest_K};
    return {name, unit, -kMostElectric, kMostElectric};
}

struct Inbox::Impl {
    using Counts = std::array<std::uint64_t, kReadingOutcomes>;
    struct Sensor {
        SensorRule rule;
        NumberStream numbers{kWindow};
        Counts counts{};
    };
    InboxOptions options;
    std::map<std::string, int, std::less<>> index;
    mutable std::mutex mutex;  // of all below
    std::vector<Sensor> sensors;
    Counts counts{};
    // A ring: the newest displaces the oldest.
    std::vector<InboxReading> ring;
    std::size_t first = 0, used = 0, most = 0;

    ReadingOutcome judge(Sensor& sensor, const Reading& r, std::int64_t now, std::int64_t oldest) {
        if (r.unit != sensor.rule.unit) return ReadingOutcome::wrong_unit;
        if (!std::isfinite(r.sigma) || (r.value && !std::isfinite(*r.value))) return ReadingOutcome::not_finite;
        if (r.sigma < 0.0 || (r.value && (*r.value < sensor.rule.low || *r.value > sensor.rule.high)))
            return ReadingOutcome::absurd;
        // Differences as double: times from outside may be anything.
        const double ahead_s = 1e-9 * (double(r.t_source_ns) - double(now));
        if (ahead_s > options.future_s) return ReadingOutcome::from_the_future;
        // A repetition is told as such, however old it is.
        switch (sensor.numbers.would_be(r.epoch, r.seq)) {
            case Continuity::repeated:
                return ReadingOutcome::repeated;
            case Continuity::old_epoch:
                (void)sensor.numbers.take(r.epoch, r.seq);
                return ReadingOutcome::old_epoch;
            case Continuity::absurd:
                return ReadingOutcome::absurd;
            default:
                break;
        }
        const bool late = oldest != 0 ? r.t_source_ns < oldest : -ahead_s > options.late_s;
        if (late) return ReadingOutcome::too_late;
        (void)sensor.numbers.take(r.epoch, r.seq);
        if (r.quality == Quality::bad && r.value) return ReadingOutcome::declared_bad;
        return r.value ? ReadingOutcome::accepted : ReadingOutcome::absent;
    }

    void keep(InboxReading one) {
        if (used == options.capacity) {
            ++counts[std::size_t(ReadingOutcome::displaced)];
            ++sensors[std::size_t(ring[first].sensor)].counts[std::size_t(ReadingOutcome::displaced)];
            ring[first] = std::move(one);
            first = (first + 1) % options.capacity;
            return;
        }
        if (ring.size() < options.capacity && first + used == ring.size())
            ring.push_back(std::move(one));
        else
            ring[(first + used) % options.capacity] = std::move(one);
        ++used;
        most = std::max(most, used);
    }
};

Inbox::Inbox(std::vector<SensorRule> rules, const InboxOptions& options) : impl_(std::make_unique<Impl>()) {
    impl_->options = options;
    if (options.capacity == 0) throw InputError("inbox: no capacity");
    for (auto& rule : rules) {
        const int at = int(impl_->sensors.size());
        if (!impl_->index.emplace(rule.name, at).second) throw InputError("inbox: two sensors are named " + quote(rule.name));
        impl_->sensors.push_back({std::move(rule)});
    }
}
Inbox::~Inbox() = default;

ReadingOutcome Inbox::put(const Reading& reading, std::int64_t now, std::int64_t monotonic, std::int64_t oldest) {
    const auto found = impl_->index.find(reading.sensor);
    const std::lock_guard lock(impl_->mutex);
    ReadingOutcome outcome = ReadingOutcome::unknown_sensor;
    if (found != impl_->index.end()) {
        Impl::Sensor& sensor = impl_->sensors[std::size_t(found->second)];
        outcome = impl_->judge(sensor, reading, now, oldest);
        ++sensor.counts[std::size_t(outcome)];
        if (outcome == ReadingOutcome::accepted || outcome == ReadingOutcome::absent)
            impl_->keep({found->second, reading, monotonic});
    }
    ++impl_->counts[std::size_t(outcome)];
    return outcome;
}

std::vector<InboxReading> Inbox::take() {
    std::vector<InboxReading> taken;
    const std::lock_guard lock(impl_->mutex);
    taken.reserve(impl_->used);
    for (std::size_t n = 0; n < impl_->used; ++n)
        taken.push_back(std::move(impl_->ring[(impl_->first + n) % impl_->ring.size()]));
    impl_->ring.clear();
    impl_->first = impl_->used = 0;
    return taken;
}

std::size_t Inbox::waiting() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->used;
}
std::size_t Inbox::most_waiting() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->most;
}
std::array<std::uint64_t, kReadingOutcomes> Inbox::counts() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->counts;
}
std::array<std::uint64_t, kReadingOutcomes> Inbox::counts(int sensor) const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->sensors.at(std::size_t(sensor)).counts;
}
void Inbox::add_to(std::map<std::string, std::uint64_t>& counters) const {
    const auto all = counts();
    for (std::size_t n = 0; n < kReadingOutcomes; ++n)
        if (all[n] > 0) counters["reading." + std::string(kNames[n])] += all[n];
}

}  // namespace jt
