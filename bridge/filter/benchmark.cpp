// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/benchmark.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "bridge/filter/diagnostics.hpp"
#include "bridge/filter/enkf.hpp"
#include "bridge/filter/etkf.hpp"
#include "bridge/filter/letkf.hpp"
#include "bridge/filter/lorenz.hpp"
#include "bridge/filter/random_draws.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

constexpr int kMostMembers = 1000, kMostAnalyses = 10'000'000;
constexpr double kMostInflation = 10.0;
constexpr double kLost = 1e6;  // no variable of either model leaves +-100: an ensemble out here does not come back

// What a model is run with.
struct Problem {
    Vector start;
    double start_variance, dt, observed_variance;
    int steps_per_analysis, burn_in;  // analyses
    Matrix (*tendency)(const Matrix&);
};

Problem problem_of(LorenzModel model) {
    if (model == LorenzModel::lorenz63) return {Vector{{1.509, -1.531, 25.46}}, 2.0, 0.01, 2.0, 25, 64, lorenz63_tendency};
    return {Vector::Unit(40, 0), 0.001, 0.05, 1.0, 1, 400, lorenz96_tendency};
}

// Blocks of 2 neighbours on the ring of n variables; their distance from an observation is the mean of the two.
std::vector<LocalBlock> ring_blocks(Eigen::Index n) {
    std::vector<LocalBlock> blocks;
    for (Eigen::Index first = 0; first < n; first += 2) {
        LocalBlock block;
        block.distance = Vector::Zero(n);
        for (Eigen::Index i = first; i < std::min(first + 2, n); ++i) block.rows.push_back(i);
        for (const auto i : block.rows)
            for (Eigen::Index j = 0; j < n; ++j) {
                const auto apart = std::abs(i - j);
                block.distance[j] += double(std::min(apart, n - apart)) / double(block.rows.size());
            }
        blocks.push_back(std::move(block));
    }
    return blocks;
}

constexpr std::array kFilters{FilterKind::enkf, FilterKind::etkf, FilterKind::letkf, FilterKind::denkf};

std::string shown(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

void check(const FilterSetup& s) {
    std::vector<std::string> problems;
    if (s.members < 2 || s.members > kMostMembers)
        problems.push_back("--members " + std::to_string(s.members) + ": allowed are 2 to " + std::to_string(kMostMembers));
    if (!(s.inflation >= 1.0 && s.inflation <= kMostInflation))
        problems.push_back("--inflation " + shown(s.inflation) + ": allowed are 1 to " + shown(kMostInflation));
    if (s.filter == FilterKind::letkf ? !(s.radius > 0.0) : s.radius != 0.0)
        problems.push_back("--radius " + shown(s.radius) + ": must be positive, and is for letkf alone");
    if (!problems.empty()) throw InputError(problems);
}

}  // namespace

std::string name_of(LorenzModel model) {
    return model == LorenzModel::lorenz96 ? "lorenz96" : "lorenz63";
}

std::string name_of(FilterKind filter) {
    switch (filter) {
        case FilterKind::enkf:
            return "enkf";
        case FilterKind::etkf:
            return "etkf";
        case FilterKind::letkf:
            return "letkf";
        case FilterKind::denkf:
            return "denkf";
    }
    throw Error("unknown filter");
}

FilterKind filter_of(const std::string& name) {
    for (const FilterKind kind : kFilters)
        if (name == name_of(kind)) return kind;
    throw InputError("--filter \"" + name + "\": allowed are enkf, etkf, letkf, denkf");
}

std::string describe(const FilterSetup& s) {
    return name_of(s.filter) + " N=" + std::to_string(s.members) + ", inflation " + shown(s.inflation) +
           (s.rotate ? ", rotated" : "") + (s.filter == FilterKind::letkf ? ", radius " + shown(s.radius) : "");
}

const std::vector<PublishedScore>& published_scores() {
    using enum FilterKind;
    constexpr auto l96 = LorenzModel::lorenz96, l63 = LorenzModel::lorenz63;
    static const std::string sakov2008 = "DAPPER Lorenz96/sakov2008, after Sakov and Oke 2008";
    static const std::string bocquet2011 = "DAPPER Lorenz96/sakov2008, after Bocquet 2011";
    static const std::string bocquet2015 = "DAPPER Lorenz96/sakov2008, after Bocquet 2015";
    static const std::string hoteit2015 = "DAPPER Lorenz96/hoteit2015, after Hoteit 2015";
    static const std::string sakov2012 = "DAPPER Lorenz63/sakov2012, after Sakov, Oliver, Bertino 2012";
    static const std::vector<PublishedScore> scores{
        {{l96, enkf, 40, 1.06, false, 0.0}, 0.22, sakov2008},   {{l96, etkf, 24, 1.013, true, 0.0}, 0.18, sakov2008},
        {{l96, letkf, 7, 1.04, true, 4.0}, 0.22, bocquet2011},  {{l96, denkf, 40, 1.01, false, 0.0}, 0.18, sakov2008},
        {{l96, enkf, 28, 1.08, false, 0.0}, 0.24, sakov2008},   {{l96, etkf, 20, 1.04, true, 0.0}, 0.20, bocquet2015},
        {{l96, etkf, 28, 1.02, true, 0.0}, 0.18, hoteit2015},   {{l96, etkf, 17, 1.03, false, 0.0}, 0.217, hoteit2015, true},
        {{l96, letkf, 10, 1.02, true, 4.0}, 0.21, hoteit2015},  {{l96, letkf, 10, 1.04, true, 6.0}, 0.20, hoteit2015},
        {{l96, letkf, 10, 1.10, true, 10.0}, 0.22, hoteit2015}, {{l96, letkf, 10, 1.20, false, 15.0}, 0.29, hoteit2015, true},
        {{l63, etkf, 3, 1.30, false, 0.0}, 0.80, sakov2012},    {{l63, enkf, 10, 1.04, false, 0.0}, 0.65, sakov2012},
        {{l63, etkf, 10, 1.02, true, 0.0}, 0.60, sakov2012},    {{l63, enkf, 100, 1.01, false, 0.0}, 0.56, sakov2012},
    };
    return scores;
}

const PublishedScore* published_score(const FilterSetup& setup) {
    for (const PublishedScore& score : published_scores())
        if (score.setup == setup) return &score;
    return nullptr;
}

FilterSetup complete(LorenzModel model, const SetupChoice& c) {
    const auto agrees = [&](const FilterSetup& s) {
        return s.model == model && c.filter.value_or(s.filter) == s.filter && c.members.value_or(s.members) == s.members &&
               c.inflation.value_or(s.inflation) == s.inflation && c.rotate.value_or(s.rotate) == s.rotate &&
               c.radius.value_or(s.radius) == s.radius;
    };
    FilterSetup setup{model};
    // Without a published set-up of this filter and model: that of the other model or filter which is nearest.
    if (c.filter == FilterKind::denkf) setup = {model, FilterKind::denkf, 40, 1.01, false, 0.0};
    if (c.filter == FilterKind::letkf) setup = {model, FilterKind::letkf, 7, 1.04, true, 4.0};
    for (const auto& p : published_scores())
        if (p.setup.model == model && c.filter.value_or(p.setup.filter) == p.setup.filter) {
            setup = p.setup;
            break;
        }
    for (const auto& p : published_scores())
        if (agrees(p.setup)) {
            setup = p.setup;
            break;
        }
    setup.members = c.members.value_or(setup.members);
    setup.inflation = c.inflation.value_or(setup.inflation);
    setup.rotate = c.rotate.value_or(setup.rotate);
    setup.radius = c.radius.value_or(setup.radius);
    check(setup);
    return setup;
}

void check_analyses(int analyses) {
    if (analyses < 1 || analyses > kMostAnalyses)
        throw InputError("--analyses " + std::to_string(analyses) + ": allowed are 1 to " + std::to_string(kMostAnalyses));
}

FilterScore run_benchmark(const FilterSetup& setup, int analyses, std::uint64_t seed) {
    check(setup);
    check_analyses(analyses);
    const Problem problem = problem_of(setup.model);
    const auto n = problem.start.size(), N = Eigen::Index(setup.members);
    // Truth and readings do not depend on the filter: their numbers come from a generator of their own.
    NormalDraws nature(seed), draws(~seed);
    Matrix truth = problem.start + std::sqrt(problem.start_variance) * nature.matrix(n, 1);
    Matrix E = (std::sqrt(problem.start_variance) * draws.matrix(n, N)).colwise() + problem.start;
    const Vector R = Vector::Constant(n, problem.observed_variance);
    const auto blocks = ring_blocks(n);
    FilterScore score;
    for (int k = -problem.burn_in; k < analyses; ++k) {
        for (int step = 0; step < problem.steps_per_analysis; ++step) {
            rk4_step(problem.tendency, truth, problem.dt);
            rk4_step(problem.tendency, E, problem.dt);
        }
        if (!(E.cwiseAbs().maxCoeff<Eigen::PropagateNaN>() < kLost)) return {std::nan(""), std::nan(""), std::nan("")};
        const Vector reading = truth + std::sqrt(problem.observed_variance) * nature.matrix(n, 1);
        const Matrix Y = anomalies(E);  // H = I
        const Vector d = reading - ensemble_mean(E);
        if (k >= 0) score.nis += normalised_innovation_squared(Y, d, R) / double(n);
        switch (setup.filter) {
            case FilterKind::enkf:
                enkf(Y, d, R, draws).apply(E);
                break;
            case FilterKind::etkf:
                etkf(Y, d, R).apply(E);
                break;
            case FilterKind::denkf:
                denkf(Y, d, R).apply(E);
                break;
            case FilterKind::letkf:
                letkf(E, Y, d, R, blocks, setup.radius);
                break;
        }
        EnsembleUpdate after = EnsembleUpdate::none(N);
        after.inflate(setup.inflation);
        if (setup.rotate) after.rotate(random_rotation(N, draws));
        after.apply(E);
        if (k < 0) continue;
        score.rmse_a += std::sqrt((ensemble_mean(E) - truth).squaredNorm() / double(n));
        score.spread_a += std::sqrt(ensemble_variance(E).mean());
    }
    score.rmse_a /= analyses;
    score.spread_a /= analyses;
    score.nis /= analyses;
    return score;
}

int default_analyses(LorenzModel model) {
    return model == LorenzModel::lorenz96 ? 3000 : 20'000;
}

double score_tolerance(LorenzModel model, int analyses) {
    if (model == LorenzModel::lorenz96) return analyses >= 3000 ? 0.02 : 0.04 * std::max(1.0, std::sqrt(1000.0 / analyses));
    return std::max(0.05, 0.36 * std::sqrt(1000.0 / analyses));
}

}  // namespace jt
