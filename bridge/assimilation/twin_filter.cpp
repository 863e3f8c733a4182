// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/twin_filter.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <exception>
#include <set>

#include "bridge/assimilation/coarse_bed.hpp"
#include "bridge/assimilation/model_error.hpp"
#include "bridge/assimilation/twin_member.hpp"
#include "bridge/heater/random_draw.hpp"
#include "kernels/error.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double kSameTime = 1e-9;  // [s]
constexpr double kMisfit = 4.0;     // model error over its prior, variances
constexpr int kNodes = 5;           // predictions kept per window

double env(const char* name, double otherwise) {
    const char* text = std::getenv(name);
    return text ? std::atof(text) : otherwise;
}

// Draws with exact moments: columns are members, rows unknowns; row means 0, variances 1 and, where there are fewer unknowns than
// members, no correlations. With more of them rows are spread as evenly as they can be (a tight frame of equal norms, by
// alternating projections), so that no two are much alike.
Matrix orthogonal_draws(int unknowns, int members, std::uint64_t seed) {
    SplitMix64 random = stream(seed, "members");
    const int most = members - 1;
    // an orthonormal basis of the members' space without its mean, by Gram and Schmidt from random vectors
    Matrix basis(members, most);
    for (int c = 0; c < most; ++c) {
        for (int r = 0; r < members; ++r) basis(r, c) = normal(random);
        for (int pass = 0; pass < 2; ++pass) {
            basis.col(c).array() -= basis.col(c).mean();
            for (int b = 0; b < c; ++b) basis.col(c) -= basis.col(b).dot(basis.col(c)) * basis.col(b);
            basis.col(c).normalize();
        }
    }
    Matrix rows = Matrix::Identity(unknowns, most);
    if (unknowns > most) {
        for (int r = 0; r < unknowns; ++r)
            for (int c = 0; c < most; ++c) rows(r, c) = normal(random);
        for (int pass = 0; pass < 300; ++pass) {
            const Eigen::SelfAdjointEigenSolver<Matrix> eigen(rows.transpose() * rows);
            rows = rows * eigen.operatorInverseSqrt();
            rows.rowwise().normalize();
        }
    }
    return std::sqrt(double(most)) * rows * basis.transpose();
}

// Quantile 0.95 of Student's t with nu degrees of freedom (two-sided 90 %), by bisection of its distribution.
double student_95(int nu) {
    const auto tail = [&](double t) {  // P(T > t) by Simpson's rule over the density
        const double c = std::exp(std::lgamma(0.5 * (nu + 1)) - std::lgamma(0.5 * nu)) / std::sqrt(nu * M_PI);
        const int n = 2000;
        double sum = 0.0;
        for (int i = 0; i <= n; ++i) {
            const double x = t * i / n, f = c * std::pow(1.0 + x * x / nu, -0.5 * (nu + 1));
            sum += f * (i == 0 || i == n ? 1.0 : i % 2 ? 4.0 : 2.0);
        }
        return 0.5 - sum * t / n / 3.0;
    };
    double low = 0.5, high = 20.0;
    for (int i = 0; i < 60; ++i) {
        const double t = 0.5 * (low + high);
        (tail(t) > 0.05 ? low : high) = t;
    }
    return 0.5 * (low + high);
}

struct SensorRecord {
    std::map<std::string, std::uint64_t> counters;
    std::optional<double> reading, predicted, innovation, sigma;
    std::string verdict = "lost";
    double accepted_at = -1e300;
    struct Innovation {
        double time, normalised;
        bool noisy;  // the noise is larger than the spread
    };
    std::deque<Innovation> normalised;
    double last_value = std::nan("");
    int same = 0;
    std::set<std::pair<double, std::uint64_t>> known;
    ModelError error;
};

struct Compared {
    Sample sample;
    double time, predicted, innovation, variance;
    Vector anomalies;  // of the members' predictions
    bool used = false;
};

}  // namespace

struct TwinFilter::Impl {
    Impl(Backend& b, const Scenario& s, const FilterOptions& o) : backend(b), scenario(s), options(o) {
        std::vector<std::string> findings;
        bed = voxelise(scenario, findings);
        coarse = coarsened(scenario, bed, options.coarsening);
        for (const Sensor& sensor : scenario.sensors) {
            models.push_back(instrument_model(sensor, scenario));
            if (sensor.kind == "current" && current < 0) current = int(models.size()) - 1;
        }
        if (current < 0)
            throw InputError("sensor: none of kind \"current\"; a twin beside a heater is driven by the measured current");
        double highest = 1273.15;
        if (scenario.heater && scenario.heater->mode == Heater::Mode::temperature)
            highest = *std::max_element(scenario.heater->program.value.begin(), scenario.heater->program.value.end());
        unknowns = std::make_unique<Unknowns>(scenario, bed, models, highest);
        N = options.assimilate ? options.members : 0;
        control = std::make_unique<TwinMember>(bed, scenario, *unknowns, models, current, nullptr, &backend);
        const int p = int(unknowns->size());
        mean.resize(p), prior_sd.resize(p);
        for (int n = 0; n < p; ++n)
            mean[n] = unknowns->list()[std::size_t(n)].prior, prior_sd[n] = unknowns->list()[std::size_t(n)].sd;
        prior = mean;
        anomalies = N > 0 ? Matrix(prior_sd.asDiagonal() * orthogonal_draws(p, N, options.seed)) : Matrix(p, 0);
        for (int j = 0; j < N; ++j)
            members.push_back(std::make_unique<TwinMember>(coarse.bed, coarse.scenario, *unknowns, models, current,
                                                           make_backend("cpu")));
        set_unknowns();
        if (N > 0) {
            down = std::make_unique<Transfer>(bed, coarse.bed);
            up = std::make_unique<Transfer>(coarse.bed, bed);
        }
        records.resize(models.size());
        student = student_95(std::max(N - 1, 1)) * std::sqrt(1.0 + 1.0 / std::max(N, 1));
        frames.push_back(frame_of_now());
        for (std::size_t c = 0; c < coarse.bed.material.size(); ++c)
            if (!coarse.bed.materials[coarse.bed.material[c]].is_void &&
                (coarse.bed.product.empty() || coarse.bed.product[c]))
                coarse_product.push_back(c);
        for (std::size_t c = 0; c < bed.material.size(); ++c)
            if (!bed.materials[bed.material[c]].is_void && (bed.product.empty() || bed.product[c])) product.push_back(c);
    }

    void set_unknowns() {
        const auto take = [&](TwinMember& m, const Vector& x) { m.set(std::span<const double>(x.data(), std::size_t(x.size()))); };
        take(*control, mean);
        for (int j = 0; j < N; ++j) take(*members[std::size_t(j)], mean + anomalies.col(j));
    }

    std::size_t row() const { return models.size() + 1; }

    // Row of each member, the control last.
    Matrix frame_of_now() const {
        Matrix f(int(row()), N + 1);
        for (int j = 0; j <= N; ++j) {
            const auto r = (j < N ? *members[std::size_t(j)] : *control).now();
            for (std::size_t s = 0; s < row(); ++s) f(int(s), j) = r[s];
        }
        return f;
    }

    // ---- forward

    MeasuredCurrent current_over(double from, double to) {
        // least squares through the readings of the window
        double n = 0, st = 0, sy = 0, stt = 0, sty = 0;
        const double margin = 0.2 * (to - from);
        for (const auto& [t, sample] : currents) {
            if (t < from - margin || t > to + margin) continue;
            const double x = t - from;
            n += 1, st += x, sy += sample.value, stt += x * x, sty += x * sample.value;
        }
        MeasuredCurrent out{from, to, last_current, last_current};
        if (n >= 1) {
            const double mean_t = st / n, mean_y = sy / n, spread = stt - n * mean_t * mean_t;
            const double slope = n >= 4 ? (sty - n * mean_t * mean_y) / spread : 0.0;
            out.from_A = mean_y - slope * mean_t;
            out.to_A = mean_y + slope * (to - from - mean_t);
        }
        last_current = out.to_A;
        return out;
    }

    // Measured current at a time by interpolation, with its variance; empty where there is none near.
    std::optional<std::pair<double, double>> current_at(double t) const {
        constexpr double kNear = 0.03;  // [s]
        const auto after = currents.lower_bound(t - kSameTime);
        if (after != currents.end() && std::abs(after->first - t) <= 1e-6)
            return std::pair(after->second.value, after->second.sigma * after->second.sigma);
        if (after == currents.end() || after == currents.begin()) return {};
        const auto before = std::prev(after);
        if (after->first - t > kNear || t - before->first > kNear) return {};
        const double w = (t - before->first) / (after->first - before->first);
        const double a = (1 - w) * before->second.sigma, b = w * after->second.sigma;
        return std::pair((1 - w) * before->second.value + w * after->second.value, a * a + b * b);
    }

    void forward(double to) {
        const MeasuredCurrent window = current_over(time, to);
        std::vector<double> nodes;
        for (int k = 1; k <= kNodes; ++k) nodes.push_back(k == kNodes ? to : time + (to - time) * k / kNodes);
        std::vector<std::vector<double>> rows(std::size_t(N + 1));
        std::vector<std::exception_ptr> failures(std::size_t(N + 1));
#pragma omp parallel for schedule(dynamic, 1)
        for (int n = 0; n <= N; ++n) {
            const int j = n == 0 ? N : n - 1;  // the longest first
            try {
                (j < N ? *members[std::size_t(j)] : *control).advance(window, nodes, rows[std::size_t(j)]);
            } catch (...) {
                failures[std::size_t(j)] = std::current_exception();
            }
        }
        for (const auto& failure : failures)
            if (failure) std::rethrow_exception(failure);
        for (int k = 0; k < kNodes; ++k) {
            Matrix f(int(row()), N + 1);
            for (int j = 0; j <= N; ++j)
                for (std::size_t s = 0; s < row(); ++s) f(int(s), j) = rows[std::size_t(j)][std::size_t(k) * row() + s];
            frames.push_back(std::move(f));
            frame_times.push_back(nodes[std::size_t(k)]);
        }
        while (frame_times.size() > 2 && frame_times[1] < to - options.lateness_s) frame_times.pop_front(), frames.pop_front();
        time = to;
    }

    // ---- comparing

    std::string check(const Sample& r, SensorRecord& record) {
        const InstrumentModel& m = models[std::size_t(r.sensor)];
        if (!std::isfinite(r.value) || !std::isfinite(r.sigma) || r.sigma <= 0.0 || !std::isfinite(r.time_s)) return "garbage";
        if (r.time_s > time + kSameTime) return "from the future";
        if (r.time_s < frame_times.front() - kSameTime || r.time_s < time - options.lateness_s) return "late";
        if (!record.known.insert({r.time_s, r.seq}).second) return "repeated";
        if (m.thermometer() ? r.value < 200.0 || r.value > 4000.0 : std::abs(r.value) > 3.0 * m.range) return "absurd";
        return "";
    }

    // What the control and each member predict for a reading, members' in `anomalies` about their mean.
    std::optional<Compared> compare(const Sample& r) const {
        Compared c;
        c.sample = r;
        c.time = r.time_s;
        const auto at = std::lower_bound(frame_times.begin(), frame_times.end(), r.time_s - kSameTime);
        if (at == frame_times.end()) return {};
        const std::size_t hi = std::size_t(at - frame_times.begin()), lo = hi == 0 ? 0 : hi - 1;
        const double w = hi == lo ? 0.0 : (r.time_s - frame_times[lo]) / (frame_times[hi] - frame_times[lo]);
        const InstrumentModel& m = models[std::size_t(r.sensor)];
        const int column = m.thermometer() ? r.sensor : int(models.size());
        std::optional<std::pair<double, double>> amps;
        if (!m.thermometer()) {
            amps = current_at(r.time_s);
            if (!amps) return {};
        }
        const auto predicted = [&](int j) {
            const double value = (1 - w) * frames[lo](column, j) + w * frames[hi](column, j);
            const TwinMember& member = j < N ? *members[std::size_t(j)] : *control;
            return m.thermometer() ? member.shown_temperature(r.sensor, value)
                                   : member.shown_voltage(r.sensor, member.true_current(amps->first), value);
        };
        c.predicted = predicted(N);
        c.anomalies.resize(N);
        for (int j = 0; j < N; ++j) c.anomalies[j] = predicted(j);
        if (N > 0) c.anomalies.array() -= c.anomalies.mean();
        c.innovation = r.value - c.predicted;
        c.variance = r.sigma * r.sigma;
        if (amps) {
            const double R = (1 - w) * frames[lo](column, N) + w * frames[hi](column, N);
            c.variance += R * R * amps->second;
        }
        return c;
    }

    void take(std::vector<Compared>& batch) {
        if (batch.empty()) return;
        for (Compared& c : batch) {
            SensorRecord& record = records[std::size_t(c.sample.sensor)];
            const double spread = N > 1 ? c.anomalies.squaredNorm() / (N - 1) : 0.0;
            record.reading = c.sample.value, record.predicted = c.predicted, record.innovation = c.innovation;
            record.sigma = std::sqrt(c.variance + spread);
            const double s0 = model_sd(c.sample.sensor), s = record.error.sd(s0);
            const double z = c.innovation / std::sqrt(c.variance + spread + s * s);
            c.used = std::abs(z) < 6.0;
            record.error.add(c.time, c.innovation, c.variance, spread, s0);
            record.verdict = c.used ? "accepted" : "gated";
            ++record.counters[record.verdict];
            if (!c.used) continue;
            record.accepted_at = c.time;
            record.normalised.push_back({c.time, c.innovation / *record.sigma, spread < c.variance});
            while (record.normalised.front().time < time - 40.0) record.normalised.pop_front();
        }
        batch.erase(std::remove_if(batch.begin(), batch.end(), [](const Compared& c) { return !c.used; }), batch.end());
        if (batch.empty() || N < 2) return;
        // NIS of the window, with the noise alone: d^T (Y Y^T/(N-1) + R)^-1 d
        const int m = int(batch.size());
        Matrix S(m, m);
        Vector d(m);
        for (int a = 0; a < m; ++a) {
            d[a] = batch[std::size_t(a)].innovation;
            for (int b = 0; b <= a; ++b)
                S(a, b) = S(b, a) =
                    batch[std::size_t(a)].anomalies.dot(batch[std::size_t(b)].anomalies) / (N - 1) + (a == b ? batch[std::size_t(a)].variance : 0.0);
        }
        nis.push_back({time, d.dot(S.llt().solve(d)), m});
        while (nis.front().time < time - 40.0) nis.pop_front();
    }

    double model_sd(int sensor) const {
        const InstrumentModel& m = models[std::size_t(sensor)];
        static const double tc = env("JT_S_TC", 0.35), pyro = env("JT_S_PYRO", 0.7), volt = env("JT_S_V", 0.002);
        if (m.kind == InstrumentModel::Kind::thermocouple) return tc;
        if (m.thermometer()) return pyro;
        const Matrix& f = frames.back();
        return volt * f(int(models.size()), N) * last_current;
    }

    void analyse(const std::vector<Compared>& batch) {
        if (batch.empty() || N < 2) return;
        // one observation per sensor: the mean of its readings, whose model error is common to them
        const double window = time - window_begin;
        struct Mean {
            double d = 0, R = 0;
            int n = 0;
            Vector Y;
        };
        std::map<int, Mean> means;
        for (const Compared& c : batch) {
            Mean& one = means[c.sample.sensor];
            if (one.n == 0) one.Y = Vector::Zero(N);
            one.d += c.innovation, one.R += c.variance, one.Y += c.anomalies, ++one.n;
        }
        const int m = int(means.size());
        Matrix Y(m, N);
        Vector d(m), weight(m);
        int i = 0;
        for (auto& [sensor, one] : means) {
            d[i] = one.d / one.n;
            Y.row(i) = (one.Y / one.n).transpose();
            weight[i] = 1.0 / (one.R / one.n / one.n +
                               records[std::size_t(sensor)].error.variance(model_sd(sensor), window));
            ++i;
        }
        // w = A^-1 Y^T R^-1 d, W = ((N-1) A^-1)^1/2, A = (N-1) I + Y^T R^-1 Y
        const Matrix C = Y.transpose() * weight.asDiagonal();
        const Matrix A = (N - 1) * Matrix::Identity(N, N) + C * Y;
        const Eigen::SelfAdjointEigenSolver<Matrix> eigen(A);
        const Matrix& Q = eigen.eigenvectors();
        const Vector inverse = eigen.eigenvalues().cwiseInverse();
        const Vector w = Q * (inverse.asDiagonal() * (Q.transpose() * (C * d)));
        const Matrix W = Q * ((N - 1) * inverse).cwiseSqrt().asDiagonal() * Q.transpose();
        update(w, W);
    }

    void update(const Vector& w, const Matrix& W) {
        // unknowns
        mean += anomalies * w;
        anomalies = anomalies * W;
        // predictions kept, and what goes on from now
        for (Matrix& f : frames) {
            Matrix X = f.leftCols(N);
            const Vector middle = X.rowwise().mean();
            X.colwise() -= middle;
            f.col(N) += X * w;
            f.leftCols(N) = (X * W).colwise() + f.col(N);
        }
        // temperatures
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
        std::vector<double> coarse_step(step.data(), step.data() + cells), fine_step(bed.material.size(), 0.0);
        up->interpolate(coarse_step, fine_step);
        set_unknowns();
        control->shift(fine_step);
        std::vector<double> centre(std::size_t(cells), 0.0);
        const auto fine = control->temperature_K();
        down->mean(fine, centre);
        T = T * W;
        const Matrix& last = frames.back();
#pragma omp parallel for schedule(dynamic, 1)
        for (int j = 0; j <= N; ++j) {
            TwinMember& member = j < N ? *members[std::size_t(j)] : *control;
            if (j < N) {
                std::vector<double> shift(std::size_t(cells), 0.0);
                for (int c = 0; c < cells; ++c) shift[std::size_t(c)] = centre[std::size_t(c)] + T(c, j) - before(c, j);
                member.shift(shift);
            }
            for (std::size_t s = 0; s < models.size(); ++s) member.lagged()[s] = last(int(s), j);
            member.set_resistance(last(int(models.size()), j));
        }
    }

    // Whether the model can be what makes these readings; once it cannot, the unknowns have been bent and stay suspect.
    void judge() {
        for (std::size_t s = 0; s < models.size(); ++s) {
            worst_ratio = std::max(worst_ratio, records[s].error.ratio());
            static const bool show = std::getenv("JT_SHOW") != nullptr;
            if (show && std::fmod(time + 1e-6, 2.0) < 0.05) std::printf("%s%.1f%s", s == 0 ? "ratio " : " ", records[s].error.ratio(), s + 1 == models.size() ? "\n" : "");
            if (records[s].error.ratio() > kMisfit && !misfit) misfit = true, misfit_since = time, misfit_why = models[s].name + " model error";
        }
        const FilterScores recent = scores(time - 10.0, time, true);
        if (time > 10.0 && !misfit) {
            if (recent.nis > 1.3) misfit = true, misfit_since = time, misfit_why = "NIS";
            for (const auto& [name, r] : recent.autocorrelation)
                if (r > 0.45) misfit = true, misfit_since = time, misfit_why = name + " autocorrelation";
        }
    }

    // ---- state

    struct Moments {
        double mean, max;
    };
    static Moments moments(const std::vector<double>& T, const std::vector<std::size_t>& cells) {
        Moments out{0.0, -1e300};
        for (const std::size_t c : cells) out.mean += T[c] / double(cells.size()), out.max = std::max(out.max, T[c]);
        return out;
    }
    Estimate estimate(double value, double sd) const { return {value, sd, value - student * sd, value + student * sd, Quality::good}; }

    TwinState report() {
        TwinState out;
        out.run_s = time;
        out.members = N;
        out.misfit = misfit;
        if (misfit) out.message = "model misfit since " + format_for_people(misfit_since, Dimension::time) + ": " + misfit_why;
        const Moments own = moments(control->temperature_K(), product);
        Matrix X(3, std::max(N, 1));
        X.setZero();
        for (int j = 0; j < N; ++j) {
            const Moments m = moments(members[std::size_t(j)]->temperature_K(), coarse_product);
            X(0, j) = m.mean, X(1, j) = m.max, X(2, j) = members[std::size_t(j)]->resistance();
        }
        const Vector middle = X.rowwise().mean();
        X.colwise() -= middle;
        const auto sd = [&](int n) { return N > 1 ? X.row(n).norm() / std::sqrt(N - 1.0) : 0.0; };
        out.scalars["T_mean_K"] = estimate(own.mean, sd(0));
        out.scalars["T_max_K"] = estimate(own.max, sd(1));
        out.scalars["resistance_ohm"] = estimate(control->resistance(), sd(2));
        for (std::size_t n = 0; n < unknowns->size(); ++n) {
            const Unknown& u = unknowns->list()[n];
            ParameterState p;
            p.name = u.name, p.unit = u.unit;
            p.prior = u.shown(u.prior), p.prior_sd = u.sd;
            const double posterior_sd = N > 1 ? anomalies.row(int(n)).norm() / std::sqrt(N - 1.0) : u.sd;
            const double x = mean[int(n)];
            p.posterior = {u.shown(x), posterior_sd, u.shown(x - student * posterior_sd), u.shown(x + student * posterior_sd),
                           Quality::good};
            p.identified = posterior_sd < 0.5 * u.sd && !misfit;
            if (misfit && posterior_sd < 0.5 * u.sd) p.note = "model misfit";
            out.parameters.push_back(p);
        }
        double sum = 0.0, count = 0.0;
        for (const auto& one : nis)
            if (one.time > time - 5.0) sum += one.value, count += one.count;
        out.nis = count > 0.0 ? sum / count : 0.0;
        for (std::size_t s = 0; s < models.size(); ++s) {
            SensorState state;
            const SensorRecord& r = records[s];
            state.name = models[s].name, state.unit = models[s].unit, state.kind = scenario.sensors[s].kind;
            state.reading = r.reading, state.predicted = r.predicted, state.innovation = r.innovation, state.sigma = r.sigma;
            state.verdict = r.verdict;
            state.age_s = time - r.accepted_at;
            state.counters = r.counters;
            double c0 = 0, c1 = 0, before = std::nan("");
            for (const auto& [t, z, noisy] : r.normalised) {
                if (t < time - 5.0) continue;
                c0 += z * z;
                if (std::isfinite(before)) c1 += z * before;
                before = z;
            }
            state.autocorrelation = c0 > 0.0 ? c1 / c0 : 0.0;
            out.sensors.push_back(state);
        }
        return out;
    }

    FilterScores scores(double from, double to, bool quiet = false) const {
        FilterScores out;
        double sum = 0.0, count = 0.0;
        for (const auto& one : nis)
            if (one.time > from && one.time <= to + kSameTime) sum += one.value, count += one.count;
        out.nis = count > 0.0 ? sum / count : 0.0;
        for (std::size_t s = 0; s < models.size(); ++s) {
            double c0 = 0, c1 = 0, before = std::nan("");
            int n = 0;
            for (const auto& [t, z, noisy] : records[s].normalised) {
                if (t <= from || t > to + kSameTime || (quiet && !noisy)) continue;
                c0 += z * z, ++n;
                if (std::isfinite(before)) c1 += z * before;
                before = z;
            }
            if (n < (quiet ? 50 : 3)) continue;
            out.autocorrelation[models[s].name] = c0 > 0.0 ? c1 / c0 : 0.0;
            out.nis_of[models[s].name] = c0 / n;
        }
        return out;
    }

    TwinState advance(double to, std::span<const Sample> readings) {
        window_begin = time;
        std::vector<Sample> sorted(readings.begin(), readings.end());
        std::sort(sorted.begin(), sorted.end(), [](const Sample& a, const Sample& b) {
            return std::tuple(a.time_s, a.sensor, a.seq, a.value) < std::tuple(b.time_s, b.sensor, b.seq, b.value);
        });
        for (const Sample& r : sorted)
            if (r.sensor == current && std::isfinite(r.value) && std::isfinite(r.time_s)) currents.emplace(r.time_s, r);
        while (!currents.empty() && currents.begin()->first < to - options.lateness_s - 0.2) currents.erase(currents.begin());
        forward(to);
        std::vector<Compared> batch;
        for (const Sample& r : sorted) {
            if (r.sensor < 0 || r.sensor >= int(models.size())) continue;
            SensorRecord& record = records[std::size_t(r.sensor)];
            std::string verdict = check(r, record);
            if (verdict.empty() && r.sensor == current) {
                record.reading = r.value, record.accepted_at = r.time_s;
                verdict = "accepted";
            } else if (verdict.empty()) {
                auto c = compare(r);
                const InstrumentModel& m = models[std::size_t(r.sensor)];
                if (!c)
                    verdict = "no current";
                else if (m.floor_K && c->predicted < *m.floor_K + 3.0 * std::sqrt(c->variance + c->anomalies.squaredNorm() / std::max(N - 1, 1)))
                    verdict = "below floor";
                else if (!m.thermometer() && current_at(r.time_s)->first < 0.02 * models[std::size_t(current)].range)
                    verdict = "no current";
                else
                    batch.push_back(*c);
            }
            if (!verdict.empty()) record.verdict = verdict, ++record.counters[verdict];
        }
        take(batch);
        analyse(batch);
        judge();
        return state = report();
    }

    Backend& backend;
    Scenario scenario;
    FilterOptions options;
    Bed bed;
    CoarseBed coarse;
    std::vector<InstrumentModel> models;
    int current = -1, N = 0;
    std::unique_ptr<Unknowns> unknowns;
    std::unique_ptr<TwinMember> control;
    std::vector<std::unique_ptr<TwinMember>> members;
    std::unique_ptr<Transfer> down, up;
    Vector mean, prior, prior_sd;
    Matrix anomalies;
    double time = 0.0, window_begin = 0.0, last_current = 0.0, student = 0.0;
    std::map<double, Sample> currents;
    std::deque<Matrix> frames;
    std::deque<double> frame_times{0.0};
    std::vector<SensorRecord> records;
    struct Nis {
        double time, value;
        int count;
    };
    std::deque<Nis> nis;
    std::vector<std::size_t> product, coarse_product;
    std::map<std::string, std::string> notes;
    bool misfit = false;
    double misfit_since = 0.0, worst_ratio = 0.0;
    std::string misfit_why;
    TwinState state;
};

TwinFilter::TwinFilter(Backend& backend, const Scenario& scenario, const FilterOptions& options)
    : impl_(std::make_unique<Impl>(backend, scenario, options)) {}
TwinFilter::~TwinFilter() = default;

TwinState TwinFilter::advance(double to, std::span<const Sample> readings) {
    return impl_->advance(to, readings);
}
Forecast TwinFilter::forecast(double) {
    return {};
}
double TwinFilter::time() const {
    return impl_->time;
}
Coupled& TwinFilter::twin() {
    return impl_->control->twin();
}
FilterScores TwinFilter::scores(double from_s, double to_s) const {
    return impl_->scores(from_s, to_s);
}
TwinState TwinFilter::state() {
    return impl_->state;
}
std::vector<double> TwinFilter::temperature_sd_K() {
    return {};
}
const std::map<std::string, std::string>& TwinFilter::notes() {
    return impl_->notes;
}
long TwinFilter::steps() const {
    long n = impl_->control->steps;
    for (const auto& m : impl_->members) n += m->steps;
    return n;
}
int TwinFilter::members() const {
    return impl_->N;
}

}  // namespace jt
