// SPDX-License-Identifier: Apache-2.0
// QualityControl: what is made of one sensor's readings before they may correct anything: a verdict for each, and the
// innovations of the last seconds.
#pragma once
#include <cmath>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "bridge/assimilation/archive_lists.hpp"
#include "bridge/assimilation/model_error.hpp"
#include "bridge/heater/instrument_model.hpp"

namespace jt {

namespace verdict {
inline constexpr const char* kAccepted = "accepted";
inline constexpr const char* kGarbage = "garbage";         // not a number, or no noise stated
inline constexpr const char* kFuture = "from the future";  // after the window
inline constexpr const char* kLate = "late";               // older than predictions are kept
inline constexpr const char* kRepeated = "repeated";       // the same time and number again
inline constexpr const char* kAbsurd = "absurd";           // no such temperature; far off the range
inline constexpr const char* kStuck = "stuck";             // the same value more often than its noise allows
inline constexpr const char* kBelowFloor = "below floor";  // of a pyrometer, or too near to it
inline constexpr const char* kNoCurrent = "no current";    // a voltage without a current to compare it with
inline constexpr const char* kGated = "gated";             // too far from what is predicted
inline constexpr const char* kLost = "lost";               // none came
}  // namespace verdict

class QualityControl {
public:
    QualityControl() = default;
    explicit QualityControl(const InstrumentModel& model) {
        // Noise passes a step of the resolution with this chance; equal readings in a row until chance has one in 1e9.
        const double same =
            std::min(0.9, model.resolution > 0.0 ? model.resolution / (2.5 * std::max(model.sigma(0.0), 1e-12)) : 1e-3);
        most_equal_ = std::max(3, int(std::ceil(9.0 / -std::log10(same))));
    }

    // Whether there is such a temperature, current or voltage at all.
    static bool possible(const InstrumentModel& m, double value) {
        constexpr double kCold = 200.0, kHot = 4000.0;  // [K] beyond what any sensor of a heater shows
        constexpr double kRanges = 3.0;                 // of current and voltage
        return m.thermometer() ? value >= kCold && value <= kHot : std::abs(value) <= kRanges * m.range;
    }
    // Of a reading by itself. Empty: nothing against it.
    std::string check(const InstrumentModel& m, double t, double value, double noise_sd, std::uint64_t seq, double oldest,
                      double now) {
        if (!std::isfinite(value) || !std::isfinite(noise_sd) || !std::isfinite(t) || !(noise_sd > 0.0))
            return verdict::kGarbage;
        if (t > now + 1e-9) return verdict::kFuture;
        if (t < oldest - 1e-9) return verdict::kLate;
        if (!known_.insert({t, seq}).second) return verdict::kRepeated;
        while (known_.begin()->first < oldest - 1.0) known_.erase(known_.begin());
        if (!possible(m, value)) return verdict::kAbsurd;
        equal_ = value == last_value_ ? equal_ + 1 : 1;
        last_value_ = value;
        return equal_ >= most_equal_ ? verdict::kStuck : "";
    }

    struct Innovation {
        double time, normalised;  // by noise and spread
        bool noisy;               // the noise is larger than the spread
    };
    std::deque<Innovation> innovations;
    ModelError error;
    std::map<std::string, std::uint64_t> counters;
    std::optional<double> reading, predicted, innovation, sigma;
    std::string last = verdict::kLost;
    double accepted_at = -1e300, first_gated = 1e300;  // [s]; of the gated ones since the last accepted
    int gated = 0;                                     // in a row

    void note(const std::string& what) { last = what, ++counters[what]; }

    // Everything a checkpoint needs.
    void state(Archive& a) {
        archive_rows(
            a, "innovations", innovations, 3,
            [](const Innovation& one, std::vector<double>& row) {
                row.insert(row.end(), {one.time, one.normalised, double(one.noisy)});
            },
            [&](const double* row) {
                innovations.push_back({row[0], row[1], row[2] != 0.0});
            });
        a.scope("error", [&](Archive& inner) { error.state(inner); });
        // counters by name: a list of names, then their numbers
        std::string names;
        std::vector<double> counts;
        for (const auto& [name, n] : counters) names += name + ";", counts.push_back(double(n));
        archive_text(a, "verdicts", names), a("counts", counts), archive_text(a, "last", last);
        if (!a.saving()) {
            counters.clear();
            for (std::size_t n = 0, begin = 0, end; n < counts.size(); ++n, begin = end + 1) {
                if ((end = names.find(';', begin)) == std::string::npos) break;
                counters[names.substr(begin, end - begin)] = std::uint64_t(counts[n]);
            }
        }
        a("reading", reading), a("predicted", predicted), a("innovation", innovation), a("sigma", sigma);
        a("accepted_at", accepted_at), a("first_gated", first_gated), a("gated", gated);
        archive_rows(
            a, "known", known_, 3,
            [](const auto& one, std::vector<double>& row) {
                row.insert(row.end(), {one.first, high_half(one.second), low_half(one.second)});
            },
            [&](const double* row) {
                known_.insert({row[0], joined(row[1], row[2])});
            });
        a("last_value", last_value_), a("equal", equal_);
    }

private:
    std::set<std::pair<double, std::uint64_t>> known_;
    double last_value_ = std::nan("");
    int equal_ = 0, most_equal_ = 3;
};

}  // namespace jt
