// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/twin_filter.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <tuple>

#include "bridge/assimilation/archive_lists.hpp"
#include "bridge/assimilation/coarse_bed.hpp"
#include "bridge/assimilation/ensemble.hpp"
#include "bridge/assimilation/forecaster.hpp"
#include "bridge/assimilation/heater_loop.hpp"
#include "bridge/assimilation/quality_control.hpp"
#include "bridge/assimilation/twin_member.hpp"
#include "bridge/heater/random_draw.hpp"
#include "kernels/error.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/microstructure/outlook.hpp"
#include "twin/stepping/run_coupled.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Kind = InstrumentModel::Kind;

constexpr double kSameTime = 1e-9;  // [s]
constexpr int kNodes = 5;           // predictions kept per window
constexpr double kUsual = 1273.15;  // [K] where biases that go with temperature are taken without a set point
// Prior of the model error, 1 sd: what a grid of some thousand cells leaves against one twice as fine (innovations of device R1
// averaged over 2 s, noise taken off: 0.2 to 0.35 K in the powder, 0.6 to 0.75 K on a surface, 0.1 to 0.2 % of a voltage).
constexpr double kBeadError = 0.2, kSurfaceError = 0.4, kVoltageError = 0.002;
constexpr double kTiming = 0.01;        // [s] of what changes: a tenth of a window
constexpr double kGate = 6.0;           // standard deviations; noise with the tails of Student's t, nu 5, passes it once in 500
constexpr double kFromFloor = 3.0;      // standard deviations above the floor where a pyrometer's readings are whole
constexpr double kLeastCurrent = 0.02;  // of the range: below it a voltage tells nothing
// The model is blamed, and the run flagged, from here on: estimated model error over its prior (variances); NIS per reading and
// lag-1 autocorrelation of innovations over 15 s.
constexpr double kMisfitRatio = 4.0, kMisfitNis = 1.3, kMisfitCorrelation = 0.45, kJudged = 15.0;
constexpr long kEnough = 200;          // readings in 15 s without which nothing is said; five sensors send 2500
constexpr double kBlamed = 0.5;        // [s] gated without a break: of several sensors it is the twin that is wrong
constexpr double kReopen = 2.0;        // by which the spread of the unknowns grows then, at most to the prior
constexpr double kRecent = 5.0;        // [s] of what is shown
constexpr double kKept = 40.0;         // [s] of innovations
constexpr double kCurrentAge = 0.3;    // [s] from then on the current is not known any more
constexpr double kFeedbackAge = 0.25;  // [s] from then on the heater's loop takes a reading as lost
constexpr double kDriftMemory = 1.0;   // [s] of the coarse grid's drift; it goes with the heating
// Without a reading of the current the members' currents part, from kCurrentLost on, by so much of the last one, 1 sd
// (estimate: a loop that is not quite the heater's, on a bed that is not quite the twin's).
constexpr double kCurrentLost = 0.2, kPartsPerSecond = 0.05, kMostApart = 0.2;
// [K/s], 1 sd: by so much members part in what their loops hold while nothing is heard (estimate: whether the heater still does
// what it was told is not known).
constexpr double kDoubt = 1.0;
constexpr double kForecastEvery = 0.5, kScoredAt = 5.0;  // [s] points of a forecast; ahead, where it is scored afterwards

int most_threads() {
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}

struct Compared {
    Sample sample;
    double predicted = 0.0, innovation = 0.0, variance = 0.0, spread = 0.0, added = 0.0;
    Vector anomalies;  // of the members' predictions
};

struct Moments {
    double mean = 0.0, max = -1e300;
};
Moments moments(const std::vector<double>& T, const std::vector<std::size_t>& cells) {
    Moments out;
    for (const std::size_t c : cells) out.mean += T[c] / double(cells.size()), out.max = std::max(out.max, T[c]);
    return out;
}

std::vector<std::size_t> product_of(const Bed& bed) {
    std::vector<std::size_t> cells;
    for (std::size_t c = 0; c < bed.material.size(); ++c)
        if (!bed.materials[bed.material[c]].is_void && (bed.product.empty() || bed.product[c])) cells.push_back(c);
    return cells;
}

}  // namespace

struct TwinFilter::Impl {
    Impl(Backend& b, const Scenario& s, const FilterOptions& o) : backend(b), scenario(s), options(o) {
        if (options.assimilate && (options.members < 4 || options.members > 256))
            throw InputError("members: found " + std::to_string(options.members) + "; allowed: 4 to 256");
        std::vector<std::string> findings;
        bed = voxelise(scenario, findings);
        for (const Sensor& sensor : scenario.sensors) {
            models.push_back(instrument_model(sensor, scenario));
            if (sensor.kind == "current" && current < 0) current = int(models.size()) - 1;
        }
        if (current < 0)
            throw InputError("sensor: none of kind \"current\"; a twin beside a heater is driven by the measured current");
        double highest = kUsual;
        if (scenario.heater && scenario.heater->mode == Heater::Mode::temperature)
            highest = *std::max_element(scenario.heater->program.value.begin(), scenario.heater->program.value.end());
        unknowns = std::make_unique<Unknowns>(scenario, bed, models, highest);
        N = options.assimilate ? options.members : 0;
        control = std::make_unique<TwinMember>(bed, scenario, *unknowns, models, current, nullptr, &backend);
        const int p = int(unknowns->size());
        mean.resize(p), prior_sd.resize(p);
        for (int n = 0; n < p; ++n) {
            mean[n] = unknowns->list()[std::size_t(n)].prior;
            prior_sd[n] = unknowns->list()[std::size_t(n)].sd;
        }
        for (const InstrumentModel& model : models) sensors.emplace_back(model);
        recent.resize(models.size()), skills.resize(models.size());
        product = product_of(bed);
        if (N > 0) make_members();
        set_unknowns();
        frames.push_back(frame_of_now());
    }

    void make_members() {
        coarse = coarsened(scenario, bed, options.coarsening);
        if (!coarse.note.empty()) notes["grid"] = coarse.note;
        if (int(unknowns->size()) > N - 1)
            notes["members"] = std::to_string(unknowns->size()) + " unknowns are more than " + std::to_string(N) +
                               " members can tell apart exactly";
        // the draws of the current are one unknown more; with too many unknowns they may not change what is drawn for those
        const int p = int(unknowns->size());
        anomalies = prior_sd.asDiagonal() * orthogonal_draws(p, N, options.seed);
        current_draws = p + 1 < N ? Vector(orthogonal_draws(p + 1, N, options.seed).row(p))
                                  : Vector(orthogonal_draws(1, N, options.seed + 1).row(0));
        for (int j = 0; j < N; ++j)
            members.push_back(
                std::make_unique<TwinMember>(coarse.bed, coarse.scenario, *unknowns, models, current, make_backend("cpu")));
        down = std::make_unique<Transfer>(bed, coarse.bed);
        up = std::make_unique<Transfer>(coarse.bed, bed);
        coarse_product = product_of(coarse.bed);
        band = band_factor(N);
    }

    TwinMember& member(int j) const { return j < N ? *members[std::size_t(j)] : *control; }

    void set_unknowns() {
        for (int j = 0; j <= N; ++j) {
            const Vector x = j < N ? Vector(mean + anomalies.col(j)) : mean;
            member(j).set(std::span<const double>(x.data(), std::size_t(x.size())));
        }
    }

    int row() const { return int(models.size()) + 1; }

    // A column for each member, the twin last; see TwinMember::advance for the rows.
    Matrix frame_of_now() const {
        Matrix f(row(), N + 1);
        for (int j = 0; j <= N; ++j) {
            const auto r = member(j).now();
            for (int s = 0; s < row(); ++s) f(s, j) = r[std::size_t(s)];
        }
        return f;
    }

    // Runs something for the twin and every member on all threads, the longest first; the first failure in order is thrown.
    template <class Work>
    void for_all(Work work) {
        std::vector<std::exception_ptr> failures(std::size_t(N + 1));
#pragma omp parallel for schedule(dynamic, 1)
        for (int n = 0; n <= N; ++n) {
            const int j = n == 0 ? N : n - 1;
            try {
                work(j);
            } catch (...) {
                failures[std::size_t(j)] = std::current_exception();
            }
        }
        for (const auto& failure : failures)
            if (failure) std::rethrow_exception(failure);
    }

    // ---- forward

    // The line through the readings of a window, by least squares; the last current where there are none.
    MeasuredCurrent current_over(double from, double to) {
        constexpr double kBeyond = 0.2;  // of the window, at both ends
        constexpr int kForSlope = 4;     // readings that a slope needs
        double n = 0.0, st = 0.0, sy = 0.0, stt = 0.0, sty = 0.0;
        const double margin = kBeyond * (to - from);
        if (!currents.empty()) last_current_at = std::max(last_current_at, currents.rbegin()->first);
        for (auto at = currents.lower_bound(from - margin); at != currents.end() && at->first <= to + margin; ++at) {
            const double x = at->first - from, y = at->second.value;
            n += 1.0, st += x, sy += y, stt += x * x, sty += x * y;
        }
        MeasuredCurrent out{from, to, last_current, last_current};
        if (n > 0.0) {
            const double t = st / n, y = sy / n, slope = n >= kForSlope ? (sty - n * t * y) / (stt - n * t * t) : 0.0;
            out.from_A = y - slope * t;
            out.to_A = y + slope * (to - from - t);
        }
        last_current = out.to_A;
        return out;
    }

    // Measured current at a time with its variance, between readings that are near; empty where there are none.
    std::optional<std::pair<double, double>> current_at(double t) const {
        constexpr double kNear = 0.03, kTogether = 1e-6;  // [s]
        const auto after = currents.lower_bound(t - kTogether);
        if (after == currents.end()) return {};
        const double b_sigma = after->second.sigma;
        if (after->first - t <= kTogether) return std::pair(after->second.value, b_sigma * b_sigma);
        if (after == currents.begin()) return {};
        const auto before = std::prev(after);
        if (after->first - t > kNear || t - before->first > kNear) return {};
        const double w = (t - before->first) / (after->first - before->first), a_sigma = before->second.sigma;
        return std::pair((1.0 - w) * before->second.value + w * after->second.value,
                         std::pow((1.0 - w) * a_sigma, 2) + std::pow(w * b_sigma, 2));
    }

    // Whether nothing is known of the current any more: then each member goes on under a loop of its own, as the heater is
    // taken to do.
    bool deaf(double to) const {
        return has_loop() && (currents.empty() || currents.rbegin()->first < to - kCurrentAge);
    }

    // By what a member's loop believes to see too much [K]: where it holds more current it is to hold more heat.
    double doubt(int j, double t) const {
        return j < N ? -kDoubt * std::max(0.0, t - last_current_at) * current_draws[j] : 0.0;
    }

    // What a member's own loop drives through it over a window [A], by what it believes to see.
    MeasuredCurrent current_of_loop(int j, double to) {
        TwinMember& one = member(j);
        HeaterLoop& own = own_loops[std::size_t(j)];
        const double R = std::max(one.resistance(), 1e-12);
        double until = to;
        const auto amps = [&](double t) {
            const Drive drive = own.drive(t, R, until);
            const double value = drive.at(t);
            double I = drive.mode == Drive::Mode::voltage ? value / R
                       : drive.mode == Drive::Mode::power ? std::sqrt(std::max(value, 0.0) / R)
                                                          : value;
            if (drive.most_voltage) I = std::min(I, *drive.most_voltage / R);
            if (drive.most_current) I = std::min(I, *drive.most_current);
            return std::max(I, 0.0);
        };
        MeasuredCurrent out{time, to, amps(time), 0.0};
        while (own.samples() && own.next_sample() <= to + kSameTime) {
            const double t = own.next_sample();
            TemperatureControl::Reading seen;
            seen.current_A = amps(t), seen.voltage_V = seen.current_A * R;
            if (feedback >= 0) {
                seen.T_K = one.shown_temperature(feedback, one.lagged()[std::size_t(feedback)]);
                *seen.T_K += doubt(j, t);
                if (const auto floor = models[std::size_t(feedback)].floor_K) seen.T_K = std::max(*seen.T_K, *floor);
            }
            own.sample(t, seen);
        }
        out.to_A = amps(to);
        return out;
    }

    void forward(double to) {
        const bool unknown = deaf(to);
        if (unknown && own_loops.empty()) {
            make_loop();
            own_loops.assign(std::size_t(N + 1), *loop);
        }
        if (!unknown && !own_loops.empty()) own_loops.clear();
        const MeasuredCurrent window = current_over(time, to);
        const double lost = std::max(0.0, to - last_current_at - kCurrentLost),
                     apart = std::min(kPartsPerSecond * lost, kMostApart) * last_current;
        std::vector<double> nodes;
        for (int k = 1; k <= kNodes; ++k) nodes.push_back(k == kNodes ? to : time + (to - time) * k / kNodes);
        std::vector<std::vector<double>> rows(std::size_t(N + 1));
        std::vector<MeasuredCurrent> own(std::size_t(N + 1), window);
        for_all([&](int j) {
            MeasuredCurrent& amps = own[std::size_t(j)];
            if (unknown) amps = current_of_loop(j, to);
            if (j < N) {
                amps.from_A = std::max(0.0, amps.from_A + apart * current_draws[j]);
                amps.to_A = std::max(0.0, amps.to_A + apart * current_draws[j]);
            }
            member(j).advance(amps, nodes, rows[std::size_t(j)], unknown);
        });
        if (unknown) last_current = own.back().to_A;
        for (int k = 0; k < kNodes; ++k) {
            Matrix f(row(), N + 1);
            for (int j = 0; j <= N; ++j)
                for (int s = 0; s < row(); ++s) f(s, j) = rows[std::size_t(j)][std::size_t(k * row() + s)];
            frames.push_back(std::move(f));
            frame_times.push_back(nodes[std::size_t(k)]);
        }
        while (frame_times.size() > 2 && frame_times[1] < to - options.lateness_s) frame_times.pop_front(), frames.pop_front();
        window_s = to - time;
        time = to;
        if (N == 0) return;
        if (unknown)  // members go their own ways, and are not put around the twin again
            drift.assign(coarse.bed.material.size(), 0.0), offsets.assign(models.size(), 0.0);
        else
            measure_drift();
    }

    // By how much the members' mean has left the twin in this window, with the same unknowns and current: what the coarse grid
    // makes of it [K/s]. A forecast on the coarse grid is freed from it.
    void measure_drift() {
        down->mean(control->temperature_K(), centre);
        std::vector<double> middle(centre.size(), 0.0);
        for (const auto& one : members) {
            const auto T = one->temperature_K();
            for (std::size_t c = 0; c < T.size(); ++c) middle[c] += T[c] / N;
        }
        drift.resize(centre.size(), 0.0);
        const double share = std::min(1.0, window_s / kDriftMemory);
        for (std::size_t c = 0; c < drift.size(); ++c)
            if (std::isfinite(middle[c])) drift[c] += share * ((centre[c] - middle[c]) / window_s - drift[c]);
        offsets.resize(models.size(), 0.0);
        for (std::size_t s = 0; s < models.size(); ++s) {
            double difference = control->seen_K()[s];
            for (const auto& one : members) difference -= one->seen_K()[s] / N;
            offsets[s] += share * (difference - offsets[s]);
        }
    }

    // ---- comparing

    // What the twin and each member predict for a reading at its time.
    std::optional<Compared> compare(const Sample& r) const {
        Compared c;
        c.sample = r;
        const auto at = std::lower_bound(frame_times.begin(), frame_times.end(), r.time_s - kSameTime);
        if (at == frame_times.end()) return {};
        const std::size_t high = std::size_t(at - frame_times.begin()), low = high == 0 ? 0 : high - 1;
        const double w = high == low ? 0.0 : (r.time_s - frame_times[low]) / (frame_times[high] - frame_times[low]);
        const InstrumentModel& m = models[std::size_t(r.sensor)];
        std::optional<std::pair<double, double>> amps;
        if (!m.thermometer() && !(amps = current_at(r.time_s))) return {};
        const int line = m.thermometer() ? r.sensor : int(models.size());
        const auto value = [&](int j) { return (1.0 - w) * frames[low](line, j) + w * frames[high](line, j); };
        const auto predicted = [&](int j) {
            return m.thermometer() ? member(j).shown_temperature(r.sensor, value(j))
                                   : member(j).shown_voltage(r.sensor, member(j).true_current(amps->first), value(j));
        };
        c.predicted = predicted(N);
        c.anomalies.resize(N);
        for (int j = 0; j < N; ++j) c.anomalies[j] = predicted(j);
        if (N > 1) {
            c.anomalies.array() -= c.anomalies.mean();
            c.spread = c.anomalies.squaredNorm() / (N - 1);
        }
        c.innovation = r.value - c.predicted;
        c.variance = r.sigma * r.sigma;
        if (amps)
            c.variance += std::pow(value(N) + m.lead_ohm, 2) * amps->second;  // the noise of the current it is held against
        return c;
    }

    double model_error(int sensor) const {  // prior, 1 sd
        const Kind kind = models[std::size_t(sensor)].kind;
        if (kind != Kind::voltage) {
            const std::size_t now = frames.size() - 1, before = now > std::size_t(kNodes) ? now - kNodes : 0;
            const double apart = std::max(frame_times[now] - frame_times[before], 1e-3);
            const double rate = (frames[now](sensor, N) - frames[before](sensor, N)) / apart;
            return std::hypot(kind == Kind::thermocouple ? kBeadError : kSurfaceError, kTiming * rate);
        }
        return std::max(kVoltageError * frames.back()(int(models.size()), N) * last_current,
                        0.1 * models[std::size_t(sensor)].noise);
    }

    // Verdict of a reading that came; what is fit to correct goes to the batch.
    void judge(const Sample& r, std::vector<Compared>& batch) {
        QualityControl& sensor = sensors[std::size_t(r.sensor)];
        const InstrumentModel& m = models[std::size_t(r.sensor)];
        const double oldest = std::max(frame_times.front(), time - options.lateness_s);
        std::string what = sensor.check(m, r.time_s, r.value, r.sigma, r.seq, oldest, time);
        if (!what.empty()) return sensor.note(what);
        sensor.reading = r.value;
        if (r.sensor == current) {
            sensor.accepted_at = std::max(sensor.accepted_at, r.time_s);
            return sensor.note(verdict::kAccepted);
        }
        if (m.kind == Kind::current) return sensor.note(verdict::kAccepted);
        auto c = compare(r);
        if (!c || (!m.thermometer() && current_at(r.time_s)->first < kLeastCurrent * models[std::size_t(current)].range))
            return sensor.note(verdict::kNoCurrent);
        if (m.floor_K && c->predicted < *m.floor_K + kFromFloor * std::sqrt(c->variance + c->spread))
            return sensor.note(verdict::kBelowFloor);
        const double s0 = model_error(r.sensor), s = sensor.error.sd(s0);
        const double z = c->innovation / std::sqrt(c->variance + c->spread + s * s);
        sensor.predicted = c->predicted, sensor.innovation = c->innovation;
        sensor.sigma = std::sqrt(c->variance + c->spread);
        sensor.error.add(r.time_s, c->innovation, c->variance, c->spread, s0);
        if (std::abs(z) > kGate && !reopened) {
            if (sensor.gated++ == 0) sensor.first_gated = r.time_s;
            return sensor.note(verdict::kGated);
        }
        if (std::abs(z) > kGate) c->added = c->innovation * c->innovation / 9.0;  // counts as one of 3 standard deviations
        sensor.gated = 0;
        sensor.accepted_at = std::max(sensor.accepted_at, r.time_s);
        sensor.note(verdict::kAccepted);
        sensor.innovations.push_back({r.time_s, c->innovation / *sensor.sigma, c->spread + s0 * s0 < 2.0 * c->variance});
        while (sensor.innovations.front().time < time - kKept) sensor.innovations.pop_front();
        rank(*c);
        batch.push_back(std::move(*c));
    }

    // Where a reading lies among the members' predictions of it, each with a draw of the noise.
    void rank(const Compared& c) {
        if (N < 2) return;
        SensorSkill& s = skills[std::size_t(c.sample.sensor)];
        s.ranks.resize(std::size_t(N + 1), 0.0);
        SplitMix64 noise = stream(options.seed ^ c.sample.seq, models[std::size_t(c.sample.sensor)].name);
        std::size_t below = 0;
        for (int j = 0; j < N; ++j)
            below += c.anomalies[j] + std::sqrt(c.variance) * student_t(noise, kNoiseDegrees) < c.innovation;
        s.ranks[below] += 1.0;
        s.spread += c.variance + c.spread, s.error += c.innovation * c.innovation, s.readings += 1.0;
    }

    // d^T (Y Y^T/(N-1) + R)^-1 d of the window, R of the noise alone.
    void add_nis(const std::vector<Compared>& batch) {
        if (batch.empty() || N < 2) return;
        const int m = int(batch.size());
        Matrix S(m, m);
        Vector d(m);
        for (int a = 0; a < m; ++a) {
            const Compared& one = batch[std::size_t(a)];
            d[a] = one.innovation;
            for (int b = 0; b <= a; ++b)
                S(a, b) = S(b, a) =
                    one.anomalies.dot(batch[std::size_t(b)].anomalies) / (N - 1) + (a == b ? one.variance : 0.0);
        }
        nis.push_back({time, d.dot(S.llt().solve(d)), m});
        while (nis.front().time < time - kKept) nis.pop_front();
    }

    // One observation per sensor and window of measurement: the mean of its readings, which share the model's error.
    void analyse(const std::vector<Compared>& batch) {
        if (batch.empty() || N < 2) return;
        struct Mean {
            double d = 0.0, R = 0.0;
            int n = 0;
            Vector Y;
        };
        std::map<std::pair<int, long>, Mean> means;
        for (const Compared& c : batch) {
            Mean& one = means[{c.sample.sensor, std::lround(std::ceil(c.sample.time_s / window_s - 1e-6))}];
            if (one.n++ == 0) one.Y = Vector::Zero(N);
            one.d += c.innovation, one.R += c.variance + c.added, one.Y += c.anomalies;
        }
        Matrix Y(int(means.size()), N);
        Vector d(int(means.size())), R(int(means.size()));
        int i = 0;
        for (const auto& [of, one] : means) {
            Y.row(i) = one.Y.transpose() / one.n;
            d[i] = one.d / one.n;
            R[i] = one.R / one.n / one.n + sensors[std::size_t(of.first)].error.variance(model_error(of.first), window_s);
            ++i;
        }
        const Weights weights = transform_weights(Y, d, R);
        update(weights.w, weights.W);
    }

    void update(const Vector& w, const Matrix& W) {
        mean += anomalies * w;
        anomalies = anomalies * W;
        // what was predicted for readings yet to come, and what goes on from now
        for (Matrix& f : frames) {
            Matrix X = f.leftCols(N);
            const Vector middle = X.rowwise().mean();
            X.colwise() -= middle;
            f.col(N) += X * w;
            f.leftCols(N) = (X * W).colwise() + f.col(N);
        }
        const int cells = int(coarse.bed.material.size());
        Matrix T(cells, N);
        for (int j = 0; j < N; ++j) {
            const auto one = members[std::size_t(j)]->temperature_K();
            for (int c = 0; c < cells; ++c) T(c, j) = std::isfinite(one[std::size_t(c)]) ? one[std::size_t(c)] : 0.0;
        }
        const Matrix before = T;
        const Vector middle = T.rowwise().mean();
        T.colwise() -= middle;
        const Vector step = T * w;
        const std::vector<double> coarse_step(step.data(), step.data() + cells);
        std::vector<double> fine_step(bed.material.size(), 0.0);
        up->interpolate(coarse_step, fine_step);
        set_unknowns();
        control->shift(fine_step);
        down->mean(control->temperature_K(), centre);
        T = T * W;
        const Matrix& last = frames.back();
        for_all([&](int j) {
            if (j < N) {
                std::vector<double> shift(std::size_t(cells), 0.0);
                for (int c = 0; c < cells; ++c) shift[std::size_t(c)] = centre[std::size_t(c)] + T(c, j) - before(c, j);
                member(j).shift(shift);
            }
            for (std::size_t s = 0; s < models.size(); ++s) member(j).lagged()[s] = last(int(s), j);
            member(j).set_resistance(last(int(models.size()), j));
        });
    }

    // ---- whether the model can be what makes these readings

    void blame(const std::string& why) {
        if (misfit) return;
        misfit = true;
        misfit_text = "model misfit since " + format_for_people(time, Dimension::time) + ": " + why;
    }

    void question_model() {
        for (std::size_t s = 0; s < models.size(); ++s)
            if (sensors[s].error.ratio() > kMisfitRatio)
                blame("predictions of " + models[s].name + " are off beyond its noise");
        // unknowns have to have settled: while the spread is wide innovations stay on one side
        const FilterScores now = scores(time - kJudged, time, true);
        if (now.nis > kMisfitNis && time >= kJudged && now.readings >= kEnough)
            blame("innovations are larger than noise and spread");
        for (const auto& [name, correlation] : now.autocorrelation)
            if (correlation > kMisfitCorrelation) blame("innovations of " + name + " stay on one side");
        // several sensors out of the gate at once: it is the twin that has lost its way
        int blamed = 0, fit = 0;
        for (std::size_t s = 0; s < models.size(); ++s) {
            if (int(s) == current || sensors[s].last == verdict::kBelowFloor || sensors[s].last == verdict::kLost) continue;
            blamed += sensors[s].gated > 0 && sensors[s].first_gated < time - kBlamed;
            fit += sensors[s].accepted_at > time - kBlamed;
        }
        reopened = blamed > 1 && blamed >= fit;
        if (!reopened) return;
        blame("several sensors disagree with it at once");
        for (int n = 0; n < anomalies.rows(); ++n) {
            const double sd = anomalies.row(n).norm() / std::sqrt(N - 1.0);
            if (sd > 0.0) anomalies.row(n) *= std::max(1.0, std::min(kReopen, prior_sd[n] / sd));
        }
        set_unknowns();
    }

    FilterScores scores(double from, double to, bool settled = false) const {
        FilterScores out;
        double sum = 0.0, count = 0.0;
        for (const auto& one : nis)
            if (one.time > from && one.time <= to + kSameTime) sum += one.value, count += one.count;
        out.nis = count > 0.0 ? sum / count : 0.0;
        out.readings = long(count);
        for (std::size_t s = 0; s < models.size(); ++s) {
            double c0 = 0.0, c1 = 0.0, before = 0.0;
            int n = 0;
            double first = to;
            for (const auto& [t, z, noisy] : sensors[s].innovations) {
                if (t <= from || t > to + kSameTime || (settled && !noisy)) continue;
                first = std::min(first, t);
                c0 += z * z, c1 += n++ > 0 ? z * before : 0.0;
                before = z;
            }
            if (n < 3 || (settled && (n < 100 || to - first < 0.7 * (to - from)))) continue;
            out.autocorrelation[models[s].name] = c0 > 0.0 ? c1 / c0 : 0.0;
            out.nis_of[models[s].name] = c0 / n;
        }
        return out;
    }

    // ---- state

    Estimate estimate(double value, double sd) const {
        return {value, sd, value - band * sd, value + band * sd, quality};
    }

    void report() {
        TwinState out;
        out.run_s = time;
        out.members = N;
        out.misfit = misfit;
        bool thermometer = false, driven = sensors[std::size_t(current)].accepted_at > time - 1.0;
        for (std::size_t s = 0; s < models.size(); ++s)
            thermometer = thermometer || (models[s].thermometer() && sensors[s].accepted_at > time - 2.0);
        quality = !thermometer || !driven ? Quality::predicted : misfit ? Quality::uncertain : Quality::good;
        if (!driven)
            out.message = "no current is measured";
        else if (!thermometer)
            out.message = "no thermometer corrects the twin";
        else if (misfit)
            out.message = misfit_text;
        out.quality = quality;

        const Moments own = moments(control->temperature_K(), product);
        Matrix X(3, std::max(N, 1));
        X.setZero();
        std::map<std::string, Vector> micro;
        for (int j = 0; j < N; ++j) {
            const Moments m = moments(member(j).temperature_K(), coarse_product);
            X(0, j) = m.mean, X(1, j) = m.max, X(2, j) = member(j).resistance();
            if (Microstructure* made = member(j).twin().microstructure(); made && made->has_product())
                for (const auto& [name, value] : made->means()) {
                    Vector& of = micro.try_emplace(name, Vector::Zero(N)).first->second;
                    of[j] = value;
                }
        }
        const auto sd = [&](Vector of) {
            if (N < 2) return 0.0;
            of.array() -= of.mean();
            return of.norm() / std::sqrt(N - 1.0);
        };
        out.scalars["T_mean_K"] = estimate(own.mean, sd(X.row(0)));
        out.scalars["T_max_K"] = estimate(own.max, sd(X.row(1)));
        out.scalars["resistance_ohm"] = estimate(control->resistance(), sd(X.row(2)));
        out.scalars["current_A"] = estimate(control->true_current(last_current), 0.0);
        if (Microstructure* made = control->twin().microstructure(); made && made->has_product())
            for (const auto& [name, value] : made->means())
                out.scalars[name] = estimate(value, micro.contains(name) ? sd(micro.at(name)) : 0.0);
        for (std::size_t n = 0; n < unknowns->size(); ++n) {
            const Unknown& u = unknowns->list()[n];
            ParameterState p;
            p.name = u.name, p.unit = u.unit;
            p.prior = u.shown(u.prior), p.prior_sd = u.sd;
            const double x = mean[int(n)], deviation = N > 1 ? anomalies.row(int(n)).norm() / std::sqrt(N - 1.0) : u.sd;
            p.posterior = {u.shown(x), deviation, u.shown(x - band * deviation), u.shown(x + band * deviation), quality};
            const bool told = deviation < 0.5 * u.sd;
            p.identified = told && !misfit;
            p.note = !told ? "the readings do not tell it" : misfit ? "model misfit" : "";
            out.parameters.push_back(std::move(p));
        }
        const FilterScores now = scores(time - kRecent, time);
        out.nis = now.nis;
        // 95 % of a mean of chi-squares with one degree of freedom each (Wilson and Hilferty 1931)
        if (now.readings > 0) {
            const double v = 2.0 / (9.0 * double(now.readings));
            out.nis_low = std::pow(1.0 - v - 1.96 * std::sqrt(v), 3), out.nis_high = std::pow(1.0 - v + 1.96 * std::sqrt(v), 3);
        }
        for (std::size_t s = 0; s < models.size(); ++s) {
            const QualityControl& r = sensors[s];
            SensorState one;
            one.name = models[s].name, one.unit = models[s].unit, one.kind = scenario.sensors[s].kind;
            one.reading = r.reading, one.predicted = r.predicted, one.innovation = r.innovation, one.sigma = r.sigma;
            one.age_s = time - std::max(r.accepted_at, 0.0);
            one.verdict = r.last;
            one.counters = r.counters;
            for (std::size_t n = 0; n < unknowns->size(); ++n)
                if (unknowns->list()[n].sensor == int(s) && unknowns->list()[n].what == Unknown::What::offset)
                    one.bias = out.parameters[n].posterior;
            if (now.nis_of.contains(models[s].name)) one.nis = now.nis_of.at(models[s].name);
            if (now.autocorrelation.contains(models[s].name)) one.autocorrelation = now.autocorrelation.at(models[s].name);
            out.sensors.push_back(std::move(one));
        }
        state = std::move(out);
    }

    void window(double to, std::span<const Sample> sorted) {
        for (const Sample& r : sorted)
            if (r.sensor == current && r.sigma > 0.0 && QualityControl::possible(models[std::size_t(current)], r.value) &&
                r.time_s <= to + kSameTime)
                currents.emplace(r.time_s, r);
        while (!currents.empty() && currents.begin()->first < to - options.lateness_s - 0.2) currents.erase(currents.begin());
        forward(to);
        std::vector<Compared> batch;
        for (const Sample& r : sorted) judge(r, batch);
        add_nis(batch);
        analyse(batch);
        if (N > 1) question_model();
        follow_heater(sorted);
        report();
        score_forecasts();
    }

    TwinState advance(double to, std::span<const Sample> readings, int at_once) {
        if (!(to > time + kSameTime)) return state;
        std::vector<Sample> sorted;
        for (const Sample& r : readings)
            if (r.sensor >= 0 && r.sensor < int(models.size()) && !std::isnan(r.time_s)) sorted.push_back(r);
        std::sort(sorted.begin(), sorted.end(), [](const Sample& a, const Sample& b) {
            return std::tuple(a.time_s, a.sensor, a.seq, a.value, a.sigma) <
                   std::tuple(b.time_s, b.sensor, b.seq, b.value, b.sigma);
        });
        const int windows = std::max(1, int(std::lround((to - time) / options.window_s / at_once)));
        const double from = time;
        std::span<const Sample> left(sorted);
        for (int k = 1; k <= windows; ++k) {
            const double end = k == windows ? to : from + (to - from) * k / windows;
            std::size_t n = left.size();
            if (k < windows)
                n = std::size_t(std::upper_bound(left.begin(), left.end(), end + kSameTime,
                                                 [](double t, const Sample& r) { return t < r.time_s; }) -
                                left.begin());
            window(end, left.subspan(0, n));
            left = left.subspan(n);
        }
        return state;
    }

    // ---- the heater's own loop, and what it will do

    bool has_loop() const {
        return scenario.heater && scenario.heater->mode != Heater::Mode::imposed;
    }

    void make_loop() {
        if (loop || !has_loop()) return;
        if (!options.table && scenario.heater->mode == Heater::Mode::temperature) {
            const auto own = make_backend("cpu");
            Coupled model(*own, coarse.bed, coarse.scenario);
            const auto feedback = std::find_if(scenario.sensors.begin(), scenario.sensors.end(),
                                               [&](const Sensor& s) { return s.name == scenario.heater->feedback; });
            FeedbackSensor eye(*own, *feedback, coarse.bed, model.heat());
            const auto& values = scenario.heater->program.value;
            options.table = tabulate_plant(model, coarse.bed, eye, *std::max_element(values.begin(), values.end()) + 50.0);
        }
        loop.emplace(scenario, options.table);
        for (std::size_t s = 0; s < models.size(); ++s) {
            if (models[s].name == scenario.heater->feedback) feedback = int(s);
            if (models[s].kind == Kind::voltage && voltage < 0) voltage = int(s);
        }
    }

    std::optional<double> newest(int sensor, double t, double age) const {
        if (sensor < 0) return {};
        const auto& of = recent[std::size_t(sensor)];
        const auto after = of.upper_bound(t + kSameTime);
        if (after == of.begin() || std::prev(after)->first < t - age) return {};
        return std::prev(after)->second;
    }

    void follow_heater(std::span<const Sample> readings) {
        if (N == 0 || !has_loop()) return;
        make_loop();
        for (const Sample& r : readings)
            if (QualityControl::possible(models[std::size_t(r.sensor)], r.value))
                recent[std::size_t(r.sensor)][r.time_s] = r.value;
        for (auto& of : recent)
            while (!of.empty() && of.begin()->first < time - 2.0) of.erase(of.begin());
        while (loop->next_sample() <= time + kSameTime) {
            const double t = loop->next_sample();
            TemperatureControl::Reading seen;
            seen.T_K = newest(feedback, t, kFeedbackAge);
            // who hears nothing does not think that the heater does
            if (!own_loops.empty() && feedback >= 0)
                seen.T_K = control->shown_temperature(feedback, control->lagged()[std::size_t(feedback)]);
            if (feedback >= 0 && !seen.T_K)
                if (const auto floor = models[std::size_t(feedback)].floor_K;
                    floor && control->shown_temperature(feedback, control->lagged()[std::size_t(feedback)]) < *floor + 50.0)
                    seen.T_K = floor;
            seen.current_A = newest(current, t, kFeedbackAge).value_or(last_current);
            seen.voltage_V = newest(voltage, t, kFeedbackAge).value_or(seen.current_A * control->resistance());
            double until = t;
            loop->drive(t, control->resistance(), until);
            // What the heater really does corrects what the loop would: its table of the plant is not the heater's.
            if (own_loops.empty())
                if (const auto flows = newest(current, t, kFeedbackAge)) loop->track(*flows);
            loop->sample(t, seen);
        }
    }

    std::unique_ptr<Forecaster> make_forecaster(int threads) {
        make_loop();
        return std::make_unique<Forecaster>(ForecastGround{coarse.bed, coarse.scenario, scenario, *unknowns, models, current,
                                                           feedback, coarse_product, product},
                                            threads);
    }

    std::optional<ForecastStart> forecast_start(double horizon) {
        if (N < 2 || !has_loop() || !(horizon >= kForecastEvery)) return {};
        make_loop();
        ForecastStart out{.loop = *loop};
        out.own_loops = own_loops;
        out.time_s = time;
        out.horizon_s = kForecastEvery * std::floor(horizon / kForecastEvery + kSameTime);
        out.seed = options.seed, out.band = band, out.last_current = last_current, out.quality = quality;
        const auto narrow = [](const std::vector<double>& wide) { return std::vector<float>(wide.begin(), wide.end()); };
        const auto bed_of = [&](TwinMember& one, std::vector<float>& T, std::vector<float>& Th) {
            Microstructure* made = one.twin().microstructure();
            if (!made || !made->has_product()) return;
            T = narrow(one.temperature_K()), Th = narrow(made->field("Th_K"));
        };
        for (int j = 0; j < N; ++j) {
            ForecastStart::Member& one = out.members.emplace_back();
            Archive save(one.state, true);
            member(j).state(save);
            one.unknowns = member(j).unknowns();
            if (!own_loops.empty()) one.doubt_K = doubt(j, time);
            bed_of(member(j), one.T_K, one.Th_K);
        }
        bed_of(*control, out.T_K, out.Th_K);
        out.drift = drift.empty() ? std::vector<double>(coarse.bed.material.size(), 0.0) : drift;
        out.offsets = offsets.empty() ? std::vector<double>(models.size(), 0.0) : offsets;
        out.drift_memory_s = kDriftMemory;
        const Moments own = moments(control->temperature_K(), product);
        out.T_mean_K = own.mean, out.T_max_K = own.max, out.resistance_ohm = control->resistance();
        for (const auto& [name, s] : kept_scores) {
            if (s.count == 0) continue;
            out.skill[name] = s.persistence > 0.0 ? std::sqrt(s.error / s.persistence) : 1.0;
            out.coverage[name] = double(s.covered) / s.count;
        }
        return out;
    }

    // To be scored when its time comes; too late for that: it is not.
    void issue(const Forecast& made) {
        const double at = made.from_s + kScoredAt;
        if (at < time - kSameTime) return;
        for (const ForecastPoint& point : made.points)
            if (std::abs(point.run_s - at) < kSameTime)
                for (const char* name : {"T_mean_K", "T_max_K"})
                    issued.push_back({at, name, point.bands.at(name), made.points.front().bands.at(name)[1]});
    }

    Forecast forecast(double horizon) {
        const auto start = forecast_start(horizon);
        if (!start) {
            Forecast none;
            none.from_s = none.to_s = time, none.quality = quality;
            return none;
        }
        if (!forecaster) forecaster = make_forecaster(most_threads());
        const Forecast made = forecaster->run(*start);
        issue(made);
        return made;
    }

    void score_forecasts() {
        while (!issued.empty() && issued.front().time <= time + kSameTime) {
            const Issued& one = issued.front();
            const double now = state.scalars.at(one.name).value;
            Score& s = kept_scores[one.name];
            s.error += std::pow(one.band[1] - now, 2), s.persistence += std::pow(one.before - now, 2);
            s.covered += now >= one.band[0] && now <= one.band[2], ++s.count;
            issued.pop_front();
        }
    }

    // ---- checkpoint

    // Refuses the state of another filter: what it is made of has to be the same.
    void same(Archive& a, const std::string& what, const std::string& own) const {
        std::string kept = own;
        archive_text(a, what, kept);
        if (kept != own) throw InputError("checkpoint: " + what + ": found " + kept + "; allowed: " + own);
    }

    void save_or_load(Archive& a) {
        std::string names, instruments;
        for (const Unknown& u : unknowns->list()) names += (names.empty() ? "" : ", ") + u.name;
        for (const InstrumentModel& m : models) instruments += (instruments.empty() ? "" : ", ") + m.name;
        const auto grid = [](const Bed& b) {
            return std::to_string(b.extents.nx) + " x " + std::to_string(b.extents.ny) + " x " + std::to_string(b.extents.nz);
        };
        same(a, "grid", grid(bed));
        same(a, "members", std::to_string(N) + (N > 0 ? " of " + grid(coarse.bed) : ""));
        same(a, "unknowns", names);
        same(a, "sensors", instruments);

        a("time", time), a("window", window_s), a("last_current", last_current), a("last_current_at", last_current_at);
        archive_vector(a, "mean", mean);
        if (N > 0) archive_matrix(a, "anomalies", anomalies);
        if (!a.saving()) set_unknowns();
        for (int j = 0; j <= N; ++j)
            a.scope("member_" + std::to_string(j), [&](Archive& inner) {
                member(j).state(inner);
                inner("steps", member(j).steps), inner("rejected", member(j).rejected);
            });
        const std::size_t size = std::size_t(row()) * std::size_t(N + 1);
        archive_rows(
            a, "frame_times", frame_times, 1, [](double t, std::vector<double>& row) { row.push_back(t); },
            [&](const double* row) { frame_times.push_back(*row); });
        archive_rows(
            a, "frames", frames, size,
            [](const Matrix& f, std::vector<double>& row) { row.insert(row.end(), f.data(), f.data() + f.size()); },
            [&](const double* of) { frames.push_back(Eigen::Map<const Matrix>(of, row(), N + 1)); });
        if (frames.empty() || frames.size() != frame_times.size())
            throw InputError("checkpoint: \"frames\" and \"frame_times\" do not fit together");
        const auto samples = [&](const std::string& name, std::map<double, Sample>& of) {
            archive_rows(
                a, name, of, 5,
                [](const auto& one, std::vector<double>& row) {
                    const Sample& r = one.second;
                    row.insert(row.end(), {r.time_s, r.value, r.sigma, high_half(r.seq), low_half(r.seq)});
                },
                [&](const double* row) {
                    of[row[0]] = {current, row[0], row[1], row[2], joined(row[3], row[4])};
                });
        };
        samples("currents", currents);
        for (std::size_t s = 0; s < models.size(); ++s)
            a.scope("sensor_" + std::to_string(s), [&](Archive& inner) {
                sensors[s].state(inner);
                SensorSkill& skill = skills[s];
                inner("ranks", skill.ranks), inner("skill_spread", skill.spread), inner("skill_error", skill.error);
                inner("skill_readings", skill.readings);
                archive_rows(
                    inner, "recent", recent[s], 2,
                    [](const auto& one, std::vector<double>& row) {
                        row.insert(row.end(), {one.first, one.second});
                    },
                    [&](const double* row) { recent[s][row[0]] = row[1]; });
            });
        archive_rows(
            a, "nis", nis, 3,
            [](const Nis& one, std::vector<double>& row) {
                row.insert(row.end(), {one.time, one.value, double(one.count)});
            },
            [&](const double* row) {
                nis.push_back({row[0], row[1], int(row[2])});
            });
        a("drift", drift), a("offsets", offsets);
        if (drift.size() != (drift.empty() ? 0 : coarse.bed.material.size()) ||
            offsets.size() != (offsets.empty() ? 0 : models.size()))
            throw InputError("checkpoint: \"drift\" or \"offsets\" does not fit the members' grid or the sensors");
        a("misfit", misfit), a("reopened", reopened), archive_text(a, "misfit_text", misfit_text);

        const std::array<std::string, 2> foretold{"T_mean_K", "T_max_K"};
        archive_rows(
            a, "issued", issued, 6,
            [&](const Issued& one, std::vector<double>& row) {
                row.insert(row.end(),
                           {one.time, double(one.name == foretold[1]), one.band[0], one.band[1], one.band[2], one.before});
            },
            [&](const double* row) {
                issued.push_back({row[0], foretold[row[1] != 0.0], {row[2], row[3], row[4]}, row[5]});
            });
        for (const std::string& name : foretold)
            a.scope("score_" + name, [&](Archive& inner) {
                Score& s = kept_scores[name];
                inner("error", s.error), inner("persistence", s.persistence), inner("covered", s.covered);
                inner("count", s.count);
            });
        bool running = loop.has_value();
        a("loop", running);
        if (running) {
            a.scope("plant", [&](Archive& inner) {
                if (scenario.heater && scenario.heater->mode != Heater::Mode::temperature) return;
                PlantTable table = options.table.value_or(PlantTable{});
                inner("T", table.T), inner("loss_W", table.loss_W), inner("capacity_J_per_K", table.capacity_J_per_K);
                inner("resistance_ohm", table.resistance_ohm);
                options.table = table;
            });
            make_loop();
            if (!loop) throw InputError("checkpoint: it has a heater's loop; the scenario has none");
            a.scope("loop_", [&](Archive& inner) { loop->state(inner); });
            bool unheard = !own_loops.empty();
            a("unheard", unheard);
            if (!a.saving()) own_loops.assign(unheard ? std::size_t(N + 1) : 0, *loop);
            for (std::size_t j = 0; j < own_loops.size(); ++j)
                a.scope("loop_" + std::to_string(j), [&](Archive& inner) { own_loops[j].state(inner); });
        }
        if (!a.saving() && time > 0.0) report();
    }

    Backend& backend;
    Scenario scenario;
    FilterOptions options;
    Bed bed;
    CoarseBed coarse;
    std::vector<InstrumentModel> models;
    int current = -1, feedback = -1, voltage = -1, N = 0;
    std::unique_ptr<Unknowns> unknowns;
    std::unique_ptr<TwinMember> control;  // the twin
    std::vector<std::unique_ptr<TwinMember>> members;
    std::unique_ptr<Transfer> down, up;
    Vector mean, prior_sd;  // of the unknowns
    Matrix anomalies;       // of the members' unknowns about the mean
    double time = 0.0, window_s = 0.1, last_current = 0.0, last_current_at = 0.0, band = 0.0;
    Vector current_draws;  // by member, of variance 1
    std::map<double, Sample> currents;
    std::deque<Matrix> frames;
    std::deque<double> frame_times{0.0};
    std::vector<QualityControl> sensors;
    std::vector<SensorSkill> skills;  // sums, not means
    struct Nis {
        double time, value;
        int count;
    };
    std::deque<Nis> nis;
    std::vector<std::size_t> product, coarse_product;
    std::vector<double> centre, drift;  // by cell of the members' grid: the twin's temperature; see measure_drift
    std::vector<double> offsets;        // by sensor: what it sees on the full grid over that on the members' [K]
    std::map<std::string, std::string> notes;
    bool misfit = false, reopened = false;
    std::string misfit_text;
    Quality quality = Quality::good;
    TwinState state;
    std::optional<HeaterLoop> loop;
    std::vector<HeaterLoop> own_loops;             // a loop for each member, the twin last, while no current is measured
    std::unique_ptr<Forecaster> forecaster;        // made when first needed
    std::vector<std::map<double, double>> recent;  // readings of the last 2 s, as they came, by sensor
    struct Issued {
        double time;
        std::string name;
        std::array<double, 3> band;
        double before;
    };
    std::deque<Issued> issued;
    struct Score {
        double error = 0.0, persistence = 0.0;
        int covered = 0, count = 0;
    };
    std::map<std::string, Score> kept_scores;
};

TwinFilter::TwinFilter(Backend& backend, const Scenario& scenario, const FilterOptions& options)
    : impl_(std::make_unique<Impl>(backend, scenario, options)) {}
TwinFilter::~TwinFilter() = default;

TwinState TwinFilter::advance(double to, std::span<const Sample> readings, int at_once) {
    return impl_->advance(to, readings, std::max(1, at_once));
}
Forecast TwinFilter::forecast(double horizon_s) {
    return impl_->forecast(horizon_s);
}
std::optional<ForecastStart> TwinFilter::forecast_start(double horizon_s) {
    return impl_->forecast_start(horizon_s);
}
std::unique_ptr<Forecaster> TwinFilter::make_forecaster(int threads) {
    return impl_->make_forecaster(threads);
}
void TwinFilter::issue(const Forecast& forecast) {
    impl_->issue(forecast);
}
void TwinFilter::follow(const Program& reference) {
    impl_->make_loop();
    if (impl_->loop) impl_->loop->follow(reference);
    for (HeaterLoop& own : impl_->own_loops) own.follow(reference);
}
ArchiveMap TwinFilter::save() const {
    ArchiveMap map;
    Archive a(map, true);
    impl_->save_or_load(a);
    return map;
}
void TwinFilter::restore(const ArchiveMap& state) {
    ArchiveMap map = state;
    Archive a(map, false);
    impl_->save_or_load(a);
}
double TwinFilter::time() const {
    return impl_->time;
}
Coupled& TwinFilter::twin() {
    return impl_->control->twin();
}
const Bed& TwinFilter::bed() const {
    return impl_->bed;
}
const TwinState& TwinFilter::state() const {
    return impl_->state;
}
FilterScores TwinFilter::scores(double from_s, double to_s) const {
    return impl_->scores(from_s, to_s);
}
std::map<std::string, SensorSkill> TwinFilter::skill() const {
    std::map<std::string, SensorSkill> out;
    for (std::size_t s = 0; s < impl_->models.size(); ++s) {
        SensorSkill one = impl_->skills[s];
        if (one.readings < 1.0) continue;
        one.spread = std::sqrt(one.spread / one.readings), one.error = std::sqrt(one.error / one.readings);
        out[impl_->models[s].name] = one;
    }
    return out;
}
std::vector<double> TwinFilter::temperature_sd_K() const {
    const Impl& f = *impl_;
    std::vector<double> fine(f.bed.material.size(), std::nan(""));
    if (f.N < 2) return fine;
    std::vector<double> sum(f.coarse.bed.material.size(), 0.0), square = sum;
    for (const auto& member : f.members) {
        const auto T = member->temperature_K();
        for (std::size_t c = 0; c < T.size(); ++c) sum[c] += T[c];
    }
    for (const auto& member : f.members) {
        const auto T = member->temperature_K();
        for (std::size_t c = 0; c < T.size(); ++c) square[c] += std::pow(T[c] - sum[c] / f.N, 2);
    }
    for (double& s : square) s = std::sqrt(s / (f.N - 1));
    f.up->interpolate(square, fine);
    return fine;
}
double TwinFilter::band() const {
    return impl_->band;
}
const std::map<std::string, std::string>& TwinFilter::notes() const {
    return impl_->notes;
}
long TwinFilter::steps() const {
    long n = impl_->control->steps;
    for (const auto& m : impl_->members) n += m->steps;
    return n;
}

}  // namespace jt
