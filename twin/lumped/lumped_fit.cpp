// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <unsupported/Eigen/NonLinearOptimization>

#include "kernels/error.hpp"
#include "kernels/heat.hpp"
#include "twin/lumped/lumped_twin.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kIdentified = 0.5;     // largest standard deviation, of the value
constexpr double kLongestLag = 0.25;    // of the window
constexpr double kTold = 10.0;          // difference of the criterion that tells two models apart
constexpr double kLeastSpan = 20.0;     // [K] the readings of a window must cover
constexpr double kFine = 0.005;         // of its mean: a step that does not matter
constexpr double kTailSeconds = 5.0;    // of readings whose line gives the first one
constexpr double kWorstResidual = 1e4;  // [K]
constexpr double kDifference = 1e-4;    // for derivatives
constexpr int kMostRestarts = 20;       // of the minimisation, while it still gains
constexpr double kLogRange = 25.0;      // a positive parameter may leave its start by e^25

enum Term { capacity, start, conductance, radiation, slope, lag };

// The parameters of one candidate and how a vector of order one maps to them: positive ones by their logarithm.
struct Candidate {
    std::vector<Term> terms;
    bool has(Term t) const { return std::find(terms.begin(), terms.end(), t) != terms.end(); }
    std::string text() const {
        std::string text = has(conductance) && has(radiation) ? "conduction + radiation"
                           : has(conductance)                 ? "conduction"
                                                              : "radiation";
        text += has(slope) ? ", C(T)" : ", C";
        return text + (has(lag) ? ", lag" : "");
    }
};

// The window, cut out.
struct Window {
    std::vector<double> time, input, T, weight;  // one per row; weight 0: no reading
    double first_K = 0.0;                        // reading at the first row, by a line through the first ones
    double reference_K = 0.0, ambient_K = 0.0;
    double capacity_guess = 1.0, power_guess = 1.0, hot_K = 0.0;
    std::array<double, 3> resistance{};
    LumpedDrive drive = LumpedDrive::current;
    std::size_t readings = 0;
};

struct Guess {
    double loss_share;  // of the mean power
    double lag_s;
};

double natural(const Window& w, const Candidate&, const Guess& guess, Term term, double x) {
    const double rise = w.hot_K - w.ambient_K, hot4 = std::pow(w.hot_K, 4) - std::pow(w.ambient_K, 4);
    const double loss = guess.loss_share * w.power_guess;
    const double e = std::exp(std::clamp(x, -kLogRange, kLogRange));
    switch (term) {
        case capacity:
            return w.capacity_guess * (1.0 - guess.loss_share) * e;
        case start:
            return w.first_K + 100.0 * x;
        case conductance:
            return 0.5 * loss / rise * e;
        case radiation:
            return 0.5 * loss / (kStefanBoltzmann * hot4) * e;
        case slope:
            return 1e-3 * x;
        case lag:
            return guess.lag_s * e;
    }
    return 0.0;
}

// d natural / d x
double chain(Term term, double value) {
    return term == start ? 100.0 : term == slope ? 1e-3 : value;
}

struct Solution {
    LumpedModel model;
    LumpedState state;
};

Solution solution(const Window& w, const Candidate& c, const Guess& guess, const Eigen::VectorXd& x) {
    Solution s;
    s.model.reference_K = w.reference_K;
    s.model.ambient_K = w.ambient_K;
    s.model.resistance_ohm = w.resistance;
    s.state.core_K = s.state.reading_K = w.first_K;
    for (std::size_t n = 0; n < c.terms.size(); ++n) {
        const double value = natural(w, c, guess, c.terms[n], x[Eigen::Index(n)]);
        switch (c.terms[n]) {
            case capacity:
                s.model.capacity_J_per_K = value;
                break;
            case start:
                s.state.core_K = std::clamp(value, 1.0, 1e4);
                break;
            case conductance:
                s.model.conductance_W_per_K = value;
                break;
            case radiation:
                s.model.emissive_area_m2 = value;
                break;
            case slope:
                s.model.capacity_slope_per_K = value;
                break;
            case lag:
                s.model.lag_s = value;
                break;
        }
    }
    if (!c.has(lag)) s.state.reading_K = s.state.core_K;
    return s;
}

// Residuals as Eigen's Levenberg-Marquardt (MINPACK's lmder) wants them.
struct Residuals {
    using Scalar = double;
    using InputType = Eigen::VectorXd;
    using ValueType = Eigen::VectorXd;
    using JacobianType = Eigen::MatrixXd;
    enum { InputsAtCompileTime = Eigen::Dynamic, ValuesAtCompileTime = Eigen::Dynamic };
    const Window& w;
    const Candidate& c;
    const Guess& guess;
    int inputs() const { return int(c.terms.size()); }
    int values() const { return int(w.readings); }
    int operator()(const InputType& x, ValueType& r) const {
        const Solution s = solution(w, c, guess, x);
        const auto states = run_lumped(s.model, w.drive, w.time, w.input, s.state);
        Eigen::Index m = 0;
        for (std::size_t n = 0; n < w.time.size(); ++n) {
            if (w.weight[n] == 0.0) continue;
            const double d = states[n].reading_K - w.T[n];
            r[m++] = std::isfinite(d) ? std::clamp(d, -kWorstResidual, kWorstResidual) : kWorstResidual;
        }
        return 0;
    }
    // Central differences; every component of x is of order one.
    int df(const InputType& x, JacobianType& J) const {
        Eigen::VectorXd up(values()), down(values());
        for (Eigen::Index n = 0; n < x.size(); ++n) {
            Eigen::VectorXd y = x;
            y[n] = x[n] + kDifference;
            (*this)(y, up);
            y[n] = x[n] - kDifference;
            (*this)(y, down);
            J.col(n) = (up - down) / (2.0 * kDifference);
        }
        return 0;
    }
};

struct Fitted {
    Candidate candidate;
    Guess guess{};
    Eigen::VectorXd x, residual;
    double sum = 0.0;  // of squares
    double bic = 0.0;
    Eigen::MatrixXd covariance;  // of the natural parameters, per unit variance of a reading
    double condition = 0.0;
    double rms() const { return std::sqrt(sum / double(residual.size())); }
    bool identified = true;
};

Fitted fit_candidate(const Window& w, const Candidate& c) {
    Fitted best;
    best.sum = -1.0;
    static constexpr Guess kGuesses[] = {{0.3, 2.0}, {0.6, 8.0}};
    for (const Guess& guess : kGuesses) {
        Residuals problem{w, c, guess};
        Eigen::VectorXd x = Eigen::VectorXd::Zero(Eigen::Index(c.terms.size())), r(problem.values());
        problem(x, r);
        // It stops early in the curved valley of C and loss; started again it goes on.
        for (int n = 0; n < kMostRestarts; ++n) {
            const double before = r.squaredNorm();
            const Eigen::VectorXd kept = x;
            Eigen::LevenbergMarquardt<Residuals> lm(problem);
            lm.parameters.maxfev = 200;
            lm.parameters.xtol = lm.parameters.ftol = 1e-7;
            lm.minimize(x);
            if (x.allFinite()) problem(x, r);
            if (!x.allFinite() || !(r.squaredNorm() < before)) {
                x = kept;
                problem(x, r);
                break;
            }
            if (r.squaredNorm() > before * (1.0 - 1e-4)) break;
        }
        if (const double sum = r.squaredNorm(); best.sum < 0.0 || sum < best.sum)
            best.candidate = c, best.guess = guess, best.x = x, best.residual = r, best.sum = sum;
    }
    if (best.sum < 0.0) return best;
    const Residuals problem{w, best.candidate, best.guess};
    Eigen::MatrixXd J(problem.values(), problem.inputs());
    problem.df(best.x, J);
    // Columns of length one first: what is left of the condition is what the data cannot tell apart.
    const Eigen::VectorXd length = J.colwise().norm().transpose().cwiseMax(1e-300);
    const Eigen::MatrixXd unit = J * length.cwiseInverse().asDiagonal();
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(unit, Eigen::ComputeThinV);
    const Eigen::VectorXd s = svd.singularValues();
    const double least = s[s.size() - 1];
    best.condition = least > 0.0 ? s[0] / least : 1e300;
    const Eigen::VectorXd inverse = s.cwiseMax(1e-12 * s[0]).cwiseInverse().array().square();
    best.covariance = svd.matrixV() * inverse.asDiagonal() * svd.matrixV().transpose();
    for (Eigen::Index n = 0; n < length.size(); ++n) {
        const Term term = c.terms[std::size_t(n)];
        const double scale = chain(term, natural(w, c, best.guess, term, best.x[n])) / length[n];
        best.covariance.row(n) *= scale;
        best.covariance.col(n) *= scale;
    }
    return best;
}

// n / (1 + 2 sum of the autocorrelation), summed until it first turns negative.
double independent_readings(const Eigen::VectorXd& residual) {
    const Eigen::Index n = residual.size();
    const Eigen::VectorXd r = residual.array() - residual.mean();
    const double variance = r.squaredNorm();
    double sum = 0.0;
    if (variance > 0.0)
        for (Eigen::Index k = 1; k < n / 2; ++k) {
            const double rho = r.head(n - k).dot(r.tail(n - k)) / variance;
            if (rho <= 0.0) break;
            sum += rho;
        }
    return std::max(double(n) / (1.0 + 2.0 * sum), 2.0);
}

// V = R(x) I by least squares; the degree that the criterion prefers.
struct ResistanceFit {
    std::array<double, 3> value{};
    std::array<double, 3> sd{};
    int degree = 0;
};

ResistanceFit fit_resistance(const std::vector<double>& x, const std::vector<double>& I, const std::vector<double>& V,
                             double step) {
    const auto n = Eigen::Index(x.size());
    std::array<ResistanceFit, 3> fits;
    std::array<double, 3> variance{};
    double independent = 2.0;  // of the richest fit, for all
    for (int degree = 2; degree >= 0; --degree) {
        Eigen::MatrixXd A(n, degree + 1);
        Eigen::VectorXd b(n);
        for (Eigen::Index m = 0; m < n; ++m) {
            double power = I[std::size_t(m)];
            for (int d = 0; d <= degree; ++d, power *= x[std::size_t(m)]) A(m, d) = power;
            b[m] = V[std::size_t(m)];
        }
        const Eigen::VectorXd solved = A.colPivHouseholderQr().solve(b);
        const Eigen::VectorXd r = A * solved - b;
        if (degree == 2) independent = independent_readings(r);
        // what a voltmeter of this step cannot do better than
        const auto at = std::size_t(degree);
        variance[at] = std::max(r.squaredNorm() / double(n), step * step / 12.0) + 1e-24;
        const Eigen::MatrixXd covariance = (A.transpose() * A).completeOrthogonalDecomposition().pseudoInverse() *
                                           (variance[at] * double(n) / independent_readings(r));
        fits[at].degree = degree;
        for (int d = 0; d <= degree; ++d) {
            fits[at].value[std::size_t(d)] = solved[d];
            fits[at].sd[std::size_t(d)] = std::sqrt(std::max(covariance(d, d), 0.0));
        }
    }
    const auto criterion = [&](const ResistanceFit& f) {
        return independent * std::log(variance[std::size_t(f.degree)]) + (f.degree + 1) * std::log(independent);
    };
    return *std::min_element(fits.begin(), fits.end(),
                             [&](const auto& a, const auto& b) { return criterion(a) < criterion(b); });
}

// Least-squares line through points; value at t = 0 and slope.
std::pair<double, double> line(const std::vector<double>& t, const std::vector<double>& y) {
    const double n = double(t.size());
    const double mt = std::accumulate(t.begin(), t.end(), 0.0) / n, my = std::accumulate(y.begin(), y.end(), 0.0) / n;
    double tt = 0.0, ty = 0.0;
    for (std::size_t k = 0; k < t.size(); ++k) tt += (t[k] - mt) * (t[k] - mt), ty += (t[k] - mt) * (y[k] - my);
    const double slope = tt > 0.0 ? ty / tt : 0.0;
    return {my - slope * mt, slope};
}

LumpedParameter parameter(Term term, double value, double sd) {
    LumpedParameter p;
    switch (term) {
        case capacity:
            p = {"heat capacity", "C", "J/K"};
            break;
        case start:
            p = {"temperature at the start", "T_start", "K"};
            break;
        case conductance:
            p = {"loss by conduction", "G", "W/K"};
            break;
        case radiation:
            p = {"radiating area x emissivity", "A_eps", "m^2"};
            break;
        case slope:
            p = {"rise of C with T", "c", "1/K"};
            break;
        case lag:
            p = {"lag of the thermometer", "lag", "s"};
            break;
    }
    p.value = value;
    p.sd = sd;
    p.identified = sd <= kIdentified * std::abs(value);
    return p;
}

}  // namespace

LumpedFit fit_lumped(const SensorLog& log, const LumpedOptions& o) {
    LumpedFit fit;
    fit.from_s = o.from_s, fit.to_s = o.to_s;
    if (log.rows() == 0) throw InputError(log.source + ": the log has no rows");
    const auto window_text = "fit window " + format_number(o.from_s) + " to " + format_number(o.to_s) + " s";
    const auto fail = [&](const std::string& what) {
        throw InputError(log.source + ": " + window_text + ": " + what + "; the log runs from " +
                         format_number(log.time_s.front()) + " to " + format_number(log.time_s.back()) + " s");
    };
    if (!(o.from_s < o.to_s)) fail("its end is not after its start");
    if (o.from_s < log.time_s.front() || o.to_s > log.time_s.back()) fail("allowed: a stretch within the log");
    const auto first = std::size_t(std::lower_bound(log.time_s.begin(), log.time_s.end(), o.from_s) - log.time_s.begin());
    const auto last = std::size_t(std::upper_bound(log.time_s.begin(), log.time_s.end(), o.to_s) - log.time_s.begin());
    if (last - first > kMostFitRows)
        fail("holds " + std::to_string(last - first) + " rows; allowed: at most " + std::to_string(kMostFitRows) +
             " (a shorter window, or every n-th row of the log)");
    fit.floor_K = o.floor_K;
    if (!fit.floor_K) {
        fit.floor_K = find_reading_floor(log, o.to_s);
        fit.floor_found = fit.floor_K.has_value();
    }

    const auto cut = [&](const std::vector<double>& v) {
        return std::vector<double>(v.begin() + std::ptrdiff_t(first), v.begin() + std::ptrdiff_t(last));
    };
    Window w;
    w.time = cut(log.time_s);
    w.T = cut(log.temperature.values);
    const auto V = cut(log.voltage.values), I = cut(log.current.values);
    fit.temperature_step_K = quantisation_step(w.T);
    fit.voltage_step = quantisation_step(V);
    fit.current_step = quantisation_step(I);

    std::vector<double> when, readings;
    for (std::size_t n = 0; n < w.T.size(); ++n) {
        const bool counts = std::isfinite(w.T[n]) && (!fit.floor_K || w.T[n] > *fit.floor_K);
        w.weight.push_back(counts ? 1.0 : 0.0);
        if (counts) when.push_back(w.time[n]), readings.push_back(w.T[n]);
    }
    w.readings = readings.size();
    if (w.readings < kLeastFitReadings)
        fail("holds " + std::to_string(w.readings) + " readings of temperature" + (fit.floor_K ? " above the floor" : "") +
             "; allowed: at least " + std::to_string(kLeastFitReadings));
    const auto [low, high] = std::minmax_element(readings.begin(), readings.end());
    if (*high - *low < kLeastSpan)
        fail("its readings cover " + format_for_people(*high - *low, Dimension::temperature_difference) +
             "; allowed: at least " + format_for_people(kLeastSpan, Dimension::temperature_difference) +
             ", else heat capacity and loss cannot be told apart");
    w.ambient_K = o.ambient_K;
    if (*low <= o.ambient_K - kLeastSpan)
        fail("readings go down to " + format_number(std::round((*low - 273.15) * 10.0) / 10.0) +
             " degC, below the ambient of " + format_number(std::round((o.ambient_K - 273.15) * 10.0) / 10.0) + " degC");
    w.reference_K = std::round(0.5 * (*low + *high));
    w.hot_K = std::max(*high, w.ambient_K + kLeastSpan);
    if (w.weight.front() == 0.0) fit.findings.push_back("the window begins without a reading");
    const auto overall = line(when, readings);
    fit.ramp_K_per_s = overall.second;
    fit.ramp_K = overall.first + overall.second * o.to_s;
    {
        const std::size_t least = std::min<std::size_t>(10, readings.size());
        std::size_t count = least;
        while (count < when.size() && when[count] - when.front() <= kTailSeconds) ++count;
        const auto head = line({when.begin(), when.begin() + std::ptrdiff_t(count)},
                               {readings.begin(), readings.begin() + std::ptrdiff_t(count)});
        w.first_K = head.first + head.second * w.time.front();
    }

    // ---- R(T) and what drives the model
    double power = 0.0, mean_V = 0.0, mean_I = 0.0, squared = 0.0;
    std::vector<double> x, Ix, Vx;
    for (std::size_t n = 0; n < V.size(); ++n) {
        power += V[n] * I[n] / double(V.size());
        mean_V += V[n] / double(V.size()), mean_I += I[n] / double(V.size());
        squared += I[n] * I[n];
        if (w.weight[n] != 0.0) x.push_back((w.T[n] - w.reference_K) / 500.0), Ix.push_back(I[n]), Vx.push_back(V[n]);
    }
    if (!(squared > 0.0)) fail("no current flows in it");
    if (!(power > 0.0))
        fail("voltage times current is " + format_for_people(power, Dimension::power) +
             " on average; allowed: positive (turn a sign with --column current=-NAME)");
    const ResistanceFit R = fit_resistance(x, Ix, Vx, fit.voltage_step);
    w.resistance = R.value;
    const double coarse_V = fit.voltage_step / std::abs(mean_V), coarse_I = fit.current_step / std::abs(mean_I);
    w.drive = o.drive.value_or(coarse_V <= kFine && coarse_I <= kFine ? LumpedDrive::power
                               : coarse_I <= coarse_V                 ? LumpedDrive::current
                                                                      : LumpedDrive::voltage);
    fit.drive = w.drive;
    for (const double T : {*low, 0.5 * (*low + *high), *high}) {
        LumpedModel m;
        m.reference_K = w.reference_K, m.resistance_ohm = w.resistance;
        if (!(m.resistance(T) > 0.0)) fail("the resistance V / I is not positive everywhere in it");
    }
    for (std::size_t n = 0; n < V.size(); ++n)
        w.input.push_back(w.drive == LumpedDrive::current ? I[n] : w.drive == LumpedDrive::voltage ? V[n] : V[n] * I[n]);
    w.power_guess = power;
    // The energy that would all have been stored; between two ends of a ramp, or the highest and lowest reading.
    const double duration = w.time.back() - w.time.front();
    w.capacity_guess = power * duration / (*high - *low);

    // ---- the candidates
    std::vector<Fitted> all;
    for (const int losses : {1, 2, 3})
        for (const bool with_slope : {false, true})
            for (const bool with_lag : {false, true}) {
                Candidate c;
                c.terms = {capacity, start};
                if (losses & 1) c.terms.push_back(radiation);
                if (losses & 2) c.terms.push_back(conductance);
                if (with_slope) c.terms.push_back(slope);
                if (with_lag) c.terms.push_back(lag);
                Fitted fitted = fit_candidate(w, c);
                if (fitted.sum >= 0.0) all.push_back(std::move(fitted));
            }
    if (all.empty()) throw SolveError(log.source + ": " + window_text + ": no lumped model could be fitted");
    const auto closest =
        std::min_element(all.begin(), all.end(), [](const Fitted& a, const Fitted& b) { return a.sum < b.sum; });
    const double n_e = independent_readings(closest->residual);
    const double least_variance = std::pow(std::max(fit.temperature_step_K, 1e-6), 2) / 12.0;
    for (Fitted& f : all) {
        f.bic = n_e * std::log(std::max(f.sum / double(w.readings), least_variance)) + double(f.x.size()) * std::log(n_e);
        const double inflate = std::max(f.sum / double(w.readings), least_variance) * double(w.readings) /
                               std::max(double(w.readings) - double(f.x.size()), 1.0) * double(w.readings) /
                               independent_readings(f.residual);
        f.covariance *= inflate;
        for (std::size_t n = 0; n < f.candidate.terms.size(); ++n) {
            const Term term = f.candidate.terms[n];
            const auto d = Eigen::Index(n);
            if (!(std::sqrt(std::max(f.covariance(d, d), 0.0)) <=
                  kIdentified * std::abs(natural(w, f.candidate, f.guess, term, f.x[d]))))
                f.identified = false;
            // a lag as long as the window is another shape of the loss, not the thermometer's
            if (term == lag && natural(w, f.candidate, f.guess, term, f.x[d]) > kLongestLag * duration) f.identified = false;
        }
    }
    // What the data cannot tell is left out, unless nothing else is there.
    std::stable_sort(all.begin(), all.end(), [](const Fitted& a, const Fitted& b) {
        return std::pair(!a.identified, a.bic) < std::pair(!b.identified, b.bic);
    });
    const Fitted& best = all.front();
    for (const Fitted& f : all) fit.candidates.push_back({f.candidate.text(), int(f.x.size()), f.rms(), f.bic, f.identified});

    for (const Fitted& f : all)
        if (&f != &best && f.bic <= best.bic + kTold) {
            const Solution other = solution(w, f.candidate, f.guess, f.x);
            fit.alternatives.push_back({other.model, other.state});
        }

    const Solution s = solution(w, best.candidate, best.guess, best.x);
    fit.model = s.model;
    fit.start = s.state;
    fit.rms_K = best.rms();
    fit.largest_K = best.residual.cwiseAbs().maxCoeff();
    fit.condition = best.condition;
    fit.readings = w.readings;
    fit.independent = independent_readings(best.residual);
    const auto count = best.candidate.terms.size();
    for (std::size_t n = 0; n < count; ++n) {
        const Term term = best.candidate.terms[n];
        const auto d = Eigen::Index(n);
        fit.parameters.push_back(parameter(term, natural(w, best.candidate, best.guess, term, best.x[d]),
                                           std::sqrt(std::max(best.covariance(d, d), 0.0))));
        for (std::size_t m = 0; m < count; ++m) fit.covariance.push_back(best.covariance(d, Eigen::Index(m)));
    }
    static const char* const kResistanceName[3] = {"resistance V/I", "its rise per 500 K", "its curvature per (500 K)^2"};
    static const char* const kResistanceSymbol[3] = {"R", "r_1", "r_2"};
    for (std::size_t d = 0; d <= std::size_t(R.degree); ++d)
        fit.parameters.push_back({kResistanceName[d], kResistanceSymbol[d], "ohm", R.value[d], R.sd[d],
                                  R.sd[d] <= kIdentified * std::abs(R.value[d])});
    for (const auto& p : fit.parameters)
        if (!p.identified)
            fit.findings.push_back(p.name + " (" + p.symbol +
                                   ") is not identified by this window: its standard deviation is above half its value");
    if (coarse_V > kFine)
        fit.findings.push_back("the voltage has steps of " + format_for_people(fit.voltage_step, Dimension::voltage) + ", " +
                               format_number(std::round(1000.0 * coarse_V) / 10.0) +
                               " % of its mean: a voltmeter that cuts off instead of rounding makes power, C, G and A_eps " +
                               format_number(std::round(500.0 * coarse_V) / 10.0) + " % too low, temperatures stay right");
    const double coarse = fit.drive == LumpedDrive::current   ? coarse_I
                          : fit.drive == LumpedDrive::voltage ? coarse_V
                                                              : std::max(coarse_V, coarse_I);
    if (coarse > kFine)
        fit.findings.push_back(
            "the model is driven by a quantity with steps of " + format_number(std::round(1000.0 * coarse) / 10.0) +
            " % of its mean: these steps pass for changes of power, and standard deviations do not cover them");
    if (fit.rms_K > 10.0)
        fit.findings.push_back("the model misses the window's readings by " +
                               format_for_people(fit.rms_K, Dimension::temperature_difference) +
                               " (rms): do not trust its predictions");
    return fit;
}

}  // namespace jt
