// SPDX-License-Identifier: Apache-2.0
// Of TwinFilter: readings compared, judged and taken in, and whether the model can be what makes them.
#include <algorithm>
#include <cmath>
#include <map>

#include "bridge/assimilation/twin_filter_impl.hpp"
#include "bridge/filter/diagnostics.hpp"
#include "bridge/heater/random_draw.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

// Prior of the model error, 1 sd: what a grid of some thousand cells leaves against one twice as fine. Means of innovations
// over 2 s scatter by 0.05 to 0.1 K beyond their noise in the powder of device R1 and of the plug, by 0.15 to 0.25 K on a
// surface; as much again is hidden by the filter that follows it (with 0.12 and 0.25 K, bands of T mean hold the truth in 80 to
// 90 % of cases, with 0.2 and 0.4 K in 99.8 %). A voltage is off by 0.1 to 0.2 %.
constexpr double kBeadError = 0.15, kSurfaceError = 0.3, kVoltageError = 0.002;
// A window in which the current is a line and steps are longer leaves more: 2.4 times as much at 0.5 s.
constexpr double kUsualWindow = 0.1, kLongWindow = 3.5;  // [s], [1/s]
constexpr double kTiming = 0.01;                         // [s] of what changes: a tenth of a window
constexpr double kGate = 6.0;           // standard deviations; noise with the tails of Student's t, nu 5, passes it once in 500
constexpr double kFromFloor = 3.0;      // standard deviations above the floor where a pyrometer's readings are whole
constexpr double kLeastCurrent = 0.02;  // of the range: below it a voltage tells nothing
// The model is blamed, and the run flagged, from here on: chi-square of innovations over 3 s (see BlockCheck); NIS per reading
// and lag-1 autocorrelation of innovations over 15 s. Measured chi-squares, largest of a run, 20 seeds: device R1 0.45 to
// 0.96, the plug 0.67 to 1.41; a hot spot that no unknown can stand for 1.17 to 3.48 (17 of them above 1.5).
constexpr double kMisfitBlocks = 1.5, kMisfitNis = 1.3, kMisfitCorrelation = 0.45, kJudged = 15.0;
constexpr long kEnough = 200;    // readings in 15 s without which nothing is said; five sensors send 2500
constexpr double kBlamed = 0.5;  // [s] gated without a break: of several sensors it is the twin that is wrong
constexpr double kReopen = 2.0;  // by which the spread of the unknowns grows then, at most to the prior
constexpr double kKept = 40.0;   // [s] of innovations
// Standard deviations by which an unknown that the readings tell may leave its prior. Where nothing is wrong with the model
// each leaves it by one that is normal: on a section of device R1 the furthest of twelve by 1.5 to 2.6 (20 seeds; one run in
// 200 passes 3.5). A hot spot that no unknown can stand for drives the gain of the current off by 3.8 to 7.6.
constexpr double kFarOff = 3.5, kTold = 0.9;  // kTold: of the prior sd, below which it is told at all

}  // namespace

std::optional<Compared> TwinFilter::Impl::compare(const Sample& r) const {
    Compared c;
    c.sample = r;
    const auto place = predictions.find(r.time_s);
    if (!place) return {};
    const InstrumentModel& m = models[std::size_t(r.sensor)];
    std::optional<MeasuredCurrents::Value> amps;
    if (!m.thermometer() && !(amps = currents.at(r.time_s))) return {};
    const int line = m.thermometer() ? r.sensor : int(models.size());
    const auto value = [&](int j) { return predictions.value(*place, line, j); };
    const auto predicted = [&](int j) {
        return m.thermometer() ? member(j).shown_temperature(r.sensor, value(j))
                               : member(j).shown_voltage(r.sensor, member(j).true_current(amps->A), value(j));
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
    if (amps) c.variance += std::pow(value(N) + m.lead_ohm, 2) * amps->variance;  // the noise of the current it is held against
    return c;
}

double TwinFilter::Impl::model_error(int sensor) const {
    const Kind kind = models[std::size_t(sensor)].kind;
    if (kind != Kind::voltage) {
        const double rate = predictions.rate(sensor, N, kNodes);
        const double grid = kind == Kind::thermocouple ? kBeadError : kSurfaceError;
        return std::hypot(grid * (1.0 + kLongWindow * std::max(0.0, window_s - kUsualWindow)), kTiming * rate);
    }
    return std::max(kVoltageError * predictions.last()(int(models.size()), N) * currents.last_A(),
                    0.1 * models[std::size_t(sensor)].noise);
}

void TwinFilter::Impl::judge(const Sample& r, std::vector<Compared>& batch) {
    QualityControl& sensor = sensors[std::size_t(r.sensor)];
    const InstrumentModel& m = models[std::size_t(r.sensor)];
    const double oldest = std::max(predictions.oldest(), time - options.lateness_s);
    std::string what = sensor.check(m, r.time_s, r.value, r.sigma, r.seq, oldest, time);
    if (!what.empty()) return sensor.note(what);
    sensor.reading = r.value;
    if (r.sensor == current) {
        sensor.accepted_at = std::max(sensor.accepted_at, r.time_s);
        return sensor.note(verdict::kAccepted);
    }
    if (m.kind == Kind::current) return sensor.note(verdict::kAccepted);
    auto c = compare(r);
    if (!c || (!m.thermometer() && currents.at(r.time_s)->A < kLeastCurrent * models[std::size_t(current)].range))
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
    if (N > 1) check.add(std::size_t(r.sensor), c->innovation, c->variance, s0, c->anomalies);
    rank(*c);
    batch.push_back(std::move(*c));
}

void TwinFilter::Impl::rank(const Compared& c) {
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

void TwinFilter::Impl::add_nis(const std::vector<Compared>& batch) {
    if (batch.empty() || N < 2) return;
    const auto m = Eigen::Index(batch.size());
    Matrix Y(m, N);
    Vector d(m), R(m);
    for (Eigen::Index i = 0; i < m; ++i) {
        const Compared& one = batch[std::size_t(i)];
        Y.row(i) = one.anomalies.transpose(), d[i] = one.innovation, R[i] = one.variance;
    }
    nis.add(time, normalised_innovation_squared(Y, d, R), int(m));
    nis.forget(time - kKept);
}

void TwinFilter::Impl::analyse(const std::vector<Compared>& batch) {
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
    const auto m = Eigen::Index(means.size());
    Observations all{Matrix(m, N), Vector(m), Vector(m), {}};
    Eigen::Index i = 0;
    for (const auto& [of, one] : means) {
        const auto s = std::size_t(of.first);
        all.Y.row(i) = one.Y.transpose() / one.n;
        all.d[i] = one.d / one.n;
        all.variance[i] = one.R / one.n / one.n + sensors[s].error.variance(model_error(of.first), window_s);
        all.places.push_back(places[s]);
        ++i;
    }
    update(LocalAnalysis(std::move(all), bed.extents.size(), options.radius_m));
}

void TwinFilter::Impl::correct(const LocalAnalysis& analysis, Matrix& A, Vector& step) const {
    if (!analysis.is_local()) {
        step = A * analysis.everywhere().weights;
        A = A * analysis.everywhere().transform;
        return;
    }
    const Extents& e = coarse.bed.extents;
    step.resize(A.rows());
#pragma omp parallel
    {
        EnsembleUpdate here;
#pragma omp for schedule(static) collapse(2)
        for (int k = 0; k < e.nz; ++k)
            for (int j = 0; j < e.ny; ++j)
                for (int i = 0; i < e.nx; ++i) {
                    const auto c = Eigen::Index(e.index(i, j, k));
                    analysis.near({(i + 0.5) * e.hx, (j + 0.5) * e.hy, (k + 0.5) * e.hz}, here);
                    step[c] = A.row(c).dot(here.weights);
                    A.row(c) = (A.row(c) * here.transform).eval();
                }
    }
}

void TwinFilter::Impl::update(const LocalAnalysis& analysis) {
    for (Eigen::Index n = 0; n < anomalies.rows(); ++n) {
        const auto& where = unknowns->list()[std::size_t(n)].place;
        const EnsembleUpdate here = where ? analysis.at(*where) : analysis.everywhere();
        mean[n] += anomalies.row(n).dot(here.weights);
        anomalies.row(n) = (anomalies.row(n) * here.transform).eval();
    }
    for (std::size_t s = 0; s <= models.size(); ++s) {
        const bool local = s < models.size() && places[s];
        predictions.transform(int(s), local ? analysis.at(*places[s]) : analysis.everywhere());
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
    Vector step;
    correct(analysis, T, step);
    const std::vector<double> coarse_step(step.data(), step.data() + cells);
    std::vector<double> fine_step(bed.material.size(), 0.0);
    up->interpolate(coarse_step, fine_step);
    set_unknowns();
    control->shift(fine_step);
    down->mean(control->temperature_K(), centre);
    const Matrix& last = predictions.last();
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

void TwinFilter::Impl::blame(const std::string& why) {
    if (misfit) return;
    misfit = true;
    misfit_text = "model misfit since " + format_for_people(time, Dimension::time) + ": " + why;
}

void TwinFilter::Impl::question_model() {
    check.close(time);
    if (check.ratio() > kMisfitBlocks)
        blame("predictions of " + models[check.worst()].name + " are off beyond noise and spread");
    // unknowns have to have settled: while the spread is wide innovations stay on one side
    const FilterScores now = scores(time - kJudged, time, true);
    if (now.nis > kMisfitNis && time >= kJudged && now.readings >= kEnough)
        blame("innovations are larger than noise and spread");
    for (const auto& [name, correlation] : now.autocorrelation)
        if (correlation > kMisfitCorrelation) blame("innovations of " + name + " stay on one side");
    for (Eigen::Index n = 0; n < mean.size(); ++n) {
        const Unknown& u = unknowns->list()[std::size_t(n)];
        const double sd = anomalies.row(n).norm() / std::sqrt(N - 1.0);
        if (!(sd < kTold * prior_sd[n])) continue;
        // what is learnt of it has the variance that it has lost
        const double off = std::abs(mean[n] - u.prior) / std::sqrt(prior_sd[n] * prior_sd[n] - sd * sd);
        if (off > kFarOff)
            blame(u.name + " would have to be " + format_number(std::round(10.0 * off) / 10.0) +
                  " standard deviations off its prior");
    }
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

}  // namespace jt
