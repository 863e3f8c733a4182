// SPDX-License-Identifier: Apache-2.0
// The filters on the published problems of Lorenz: a truth, noisy observations of it, and the error of the filter's mean.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace jt {

enum class LorenzModel { lorenz96, lorenz63 };
enum class FilterKind { enkf, etkf, letkf, denkf };

std::string name_of(LorenzModel model);
std::string name_of(FilterKind filter);
// Throws InputError with the names allowed.
FilterKind filter_of(const std::string& name);

struct FilterSetup {
    LorenzModel model = LorenzModel::lorenz96;
    FilterKind filter = FilterKind::etkf;
    int members = 24;
    double inflation = 1.0;  // of the anomalies, after the update
    bool rotate = false;     // random_rotation, after the update
    double radius = 0.0;     // letkf alone: in variables
    bool operator==(const FilterSetup&) const = default;
};

std::string describe(const FilterSetup& setup);  // "letkf N=7, inflation 1.04, rotated, radius 4"

// A score somebody else has published for a set-up.
struct PublishedScore {
    FilterSetup setup;
    double rmse_a;
    std::string source;
    bool marginal = false;  // so little inflation or so few members that some seeds lose the truth: run only when asked for
};
const std::vector<PublishedScore>& published_scores();
// The score of this very set-up, if any.
const PublishedScore* published_score(const FilterSetup& setup);

// What a user gives of a set-up.
struct SetupChoice {
    std::optional<FilterKind> filter = {};
    std::optional<int> members = {};
    std::optional<double> inflation = {};
    std::optional<bool> rotate = {};
    std::optional<double> radius = {};
    bool empty() const { return !filter && !members && !inflation && !rotate && !radius; }
};
// What is left out is that of the first published set-up that agrees with all that is given, else of the first of this filter.
// Throws InputError, which names the option, for values out of range, or a radius with another filter than letkf.
FilterSetup complete(LorenzModel model, const SetupChoice& choice);

// Throws InputError, which names the option, unless 1 <= analyses <= 10 million.
void check_analyses(int analyses);

struct FilterScore {
    double rmse_a = 0.0;  // time mean of the root mean square over the variables of (mean analysis - truth); NaN if it diverged
    double spread_a = 0.0;  // time mean of the root mean variance of the analysis
    double nis = 0.0;       // mean over time and observations, before the update
};

// lorenz96, as Sakov and Oke 2008: 40 variables, RK4 dt 0.05, all observed after every step with variance 1, start N(e_1,
// 0.001). lorenz63, as Sakov, Oliver, Bertino 2012: RK4 dt 0.01, all observed every 25 steps with variance 2, start N((1.509,
// -1.531, 25.46), 2). No model noise. The first 20 (16) units of time are not scored, the `analyses` after them are. Throws
// InputError for analyses < 1 or a set-up that complete would refuse.
FilterScore run_benchmark(const FilterSetup& setup, int analyses, std::uint64_t seed);

// Analyses at which a published score is met within score_tolerance, in seconds.
int default_analyses(LorenzModel model);
// How far a run of so many analyses may lie from the published score: its two digits, and the chance of a run of that length
// (sd over seeds of runs of 1000 analyses: 0.01 on lorenz96, 0.12 on lorenz63).
double score_tolerance(LorenzModel model, int analyses);

}  // namespace jt
