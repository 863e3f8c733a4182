// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/forecaster.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <limits>

#include "bridge/assimilation/twin_member.hpp"
#include "bridge/filter/distributions.hpp"
#include "bridge/filter/matrix.hpp"
#include "bridge/heater/random_draw.hpp"
#include "kernels/error.hpp"
#include "twin/microstructure/outlook.hpp"
#include "twin/same_time.hpp"

namespace jt {
namespace {

constexpr double kPointEvery = 0.5;  // [s] points of a forecast
constexpr double kLoopEvery = 0.25;  // [s] half the time in which the loop closes: it stays stable, in four steps a second

struct Course {
    std::vector<double> mean, max, resistance, current;
    bool limited = false;
};

}  // namespace

struct Forecaster::Impl {
    Impl(const ForecastGround& g, int n) : ground(g) {
        for (int i = 0; i < n; ++i) {
            runners.push_back(
                std::make_unique<TwinMember>(g.bed, g.scenario, g.unknowns, g.models, g.current, make_backend("cpu")));
            runners.back()->balance_loosely();
        }
    }

    // The next corner of the program, or one just passed [s]: the drift measured until now is not that of afterwards.
    double next_bend(const ForecastStart& s) const {
        for (const double t : s.loop.reference().time)
            if (t > s.time_s - s.drift_memory_s && t > 0.0) return t;
        return std::numeric_limits<double>::infinity();
    }
    static double drift_share(const ForecastStart& s, double bend, double t) {
        return t > bend ? std::exp(-(t - std::max(bend, s.time_s)) / s.drift_memory_s) : 1.0;
    }

    // Mean and highest temperature of the product now.
    std::pair<double, double> moments(const TwinMember& one) const {
        const std::vector<double> T = one.temperature_K();
        double mean = 0.0, max = -1e300;
        for (const std::size_t c : ground.product) mean += T[c] / double(ground.product.size()), max = std::max(max, T[c]);
        return {mean, max};
    }

    Course course(TwinMember& one, const ForecastStart& s, std::size_t j) const {
        const ForecastStart::Member& from = s.members[j];
        ArchiveMap state = from.state;
        Archive load(state, false);
        one.state(load);
        one.set(from.unknowns);
        one.set_offsets(s.offsets);
        // the loop lives with the noise of its sensor, and the bed with it
        SplitMix64 noise = stream(s.seed, "forecast " + std::to_string(j) + " at " + std::to_string(s.time_s));
        HeaterLoop own = s.own_loops.empty() ? s.loop : s.own_loops[j];
        Course out;
        double amps = one.true_current(s.last_current), volts = amps * one.resistance();
        own.coarsen(s.time_s, kLoopEvery, amps);
        // one look stands for all that the heater has in that time
        const double few = std::sqrt(std::min(1.0, 1.0 / (kLoopEvery * ground.full.heater->supply.update)));
        const auto note = [&] {
            const auto [mean, max] = moments(one);
            out.mean.push_back(mean), out.max.push_back(max);
            out.resistance.push_back(one.resistance()), out.current.push_back(amps);
        };
        note();
        const double end = s.time_s + s.horizon_s, bend = next_bend(s);
        std::vector<double> back(s.drift.size());
        for (int point = 1; one.time() < end - kSameTime;) {
            if (stopped) throw SolveError("the forecast was stopped");
            const double t = one.time();
            if (own.next_sample() <= t + kSameTime) {
                TemperatureControl::Reading seen;
                if (const int f = ground.feedback; f >= 0) {
                    const InstrumentModel& m = ground.models[std::size_t(f)];
                    const double shown = one.shown_temperature(f, one.lagged()[std::size_t(f)]);
                    const double sigma = few * m.sigma(shown);
                    seen.T_K = shown + from.doubt_K + sigma * student_t(noise, kNoiseDegrees);
                    if (m.floor_K) seen.T_K = std::max(*seen.T_K, *m.floor_K);
                }
                seen.current_A = amps, seen.voltage_V = volts;
                own.sample(own.next_sample(), seen);
            }
            double until = std::min({end, own.next_sample(), s.time_s + point * kPointEvery});
            const Drive drive = own.drive(t, one.resistance(), until);
            const StepReport step = one.step(until, drive);
            const double share = drift_share(s, bend, one.time()) * (one.time() - t);
            for (std::size_t c = 0; c < back.size(); ++c) back[c] = s.drift[c] * share;
            if (!back.empty()) one.twin().shift_temperature(back);
            amps = step.current, volts = step.voltage;
            out.limited = out.limited || own.at_limit();
            if (one.time() >= s.time_s + point * kPointEvery - kSameTime) note(), ++point;
        }
        return out;
    }

    std::vector<Course> courses(const ForecastStart& s) {
        std::vector<Course> out(s.members.size());
        std::vector<std::exception_ptr> failures(s.members.size());
        const int threads = int(runners.size());
#pragma omp parallel for num_threads(threads) schedule(static, 1) if (threads > 1)
        for (int r = 0; r < threads; ++r)
            for (std::size_t j = std::size_t(r); j < s.members.size(); j += std::size_t(threads)) try {
                    out[j] = course(*runners[std::size_t(r)], s, j);
                } catch (...) {
                    failures[j] = std::current_exception();
                }
        for (const auto& failure : failures)
            if (failure) std::rethrow_exception(failure);
        return out;
    }

    Forecast run(const ForecastStart& s) {
        Forecast out;
        out.from_s = s.time_s, out.to_s = s.time_s + s.horizon_s;
        out.quality = s.quality;
        const int N = int(s.members.size());
        const std::vector<Course> all = courses(s);
        // the members' mean differs from the twin by what the coarse grid makes of it; that is kept
        const double bend = next_bend(s);
        const std::size_t points = all.front().mean.size();
        const auto band_of = [&](std::vector<double> Course::*of, std::size_t point, std::optional<double> now) {
            Vector x(N), first(N);
            for (int j = 0; j < N; ++j) x[j] = (all[std::size_t(j)].*of)[point], first[j] = (all[std::size_t(j)].*of)[0];
            const double share = drift_share(s, bend, s.time_s + double(point) * kPointEvery);
            const double middle = x.mean() + (now ? share * (*now - first.mean()) : 0.0);
            x.array() -= x.mean();
            const double sd = x.norm() / std::sqrt(N - 1.0);
            return std::array<double, 3>{middle - s.band * sd, middle, middle + s.band * sd};
        };
        for (std::size_t point = 0; point < points; ++point) {
            ForecastPoint one;
            one.run_s = s.time_s + double(point) * kPointEvery;
            one.bands["T_mean_K"] = band_of(&Course::mean, point, s.T_mean_K);
            one.bands["T_max_K"] = band_of(&Course::max, point, s.T_max_K);
            one.bands["resistance_ohm"] = band_of(&Course::resistance, point, s.resistance_ohm);
            one.bands["current_A"] = band_of(&Course::current, point, {});
            out.points.push_back(std::move(one));
        }
        const Heater& heater = *ground.full.heater;
        if (heater.limit_temperature) out.limits.push_back(limit(out.points, *heater.limit_temperature, s, N));
        LimitForecast supply{"current_A", "limit of the supply", heater.supply.current.value_or(0.0), 0.0, {}};
        for (const Course& one : all) supply.probability += one.limited ? 1.0 / N : 0.0;
        if (heater.supply.current) out.limits.push_back(supply);
        end_of_run(s, out);
        out.skill = s.skill, out.coverage = s.coverage;
        return out;
    }

    static LimitForecast limit(const std::vector<ForecastPoint>& points, double limit, const ForecastStart& s, int N) {
        LimitForecast out{"T_max_K", "limit of the heater", limit, 0.0, {}};
        for (const ForecastPoint& one : points) {
            const auto& b = one.bands.at("T_max_K");
            const double sd = std::max((b[2] - b[1]) / s.band * std::sqrt(1.0 + 1.0 / N), 1e-9);
            out.probability = std::max(out.probability, student_t_above((limit - b[1]) / sd, N - 1));
            if (b[1] > limit && !out.time_to_s) out.time_to_s = one.run_s - s.time_s;
        }
        return out;
    }

    // The product at the end, by each member's own outlook.
    void end_of_run(const ForecastStart& s, Forecast& out) const {
        const int N = int(s.members.size());
        const auto told = [&](const std::vector<float>& T, const std::vector<float>& Th,
                              const std::vector<std::size_t>& cells) {
            std::vector<bool> which(T.size(), false);
            for (const std::size_t c : cells) which[c] = true;
            return outlook(ground.full, T, Th, which, s.time_s, &s.loop.reference());
        };
        if (s.Th_K.empty()) return;
        const auto own = told(s.T_K, s.Th_K, ground.full_product);
        if (!own) return;
        std::map<std::string, Vector> values;
        for (int j = 0; j < N; ++j) {
            const auto& member = s.members[std::size_t(j)];
            const auto one = told(member.T_K, member.Th_K, ground.product);
            if (!one) return;
            for (const auto& [name, value] : one->means) values.try_emplace(name, Vector::Zero(N)).first->second[j] = value;
        }
        for (auto& [name, x] : values) {
            const auto found = own->means.find(name);
            if (found == own->means.end()) continue;
            x.array() -= x.mean();
            const double sd = x.norm() / std::sqrt(N - 1.0), value = found->second;
            out.end_of_run[name] = {value - s.band * sd, value, value + s.band * sd};
        }
    }

    ForecastGround ground;
    std::vector<std::unique_ptr<TwinMember>> runners;
    std::atomic<bool> stopped = false;
};

Forecaster::Forecaster(const ForecastGround& ground, int threads)
    : impl_(std::make_unique<Impl>(ground, std::max(1, threads))) {}
Forecaster::~Forecaster() = default;
Forecast Forecaster::run(const ForecastStart& start) {
    return impl_->run(start);
}
void Forecaster::stop() {
    impl_->stopped = true;
}

}  // namespace jt
