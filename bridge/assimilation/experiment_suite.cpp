// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/experiment_suite.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <limits>
#include <mutex>

#include "kernels/error.hpp"
#include "twin/same_time.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();
// A hot spot: 3 mm of the upper strip of device R1, at mid-length where the pyrometer looks.
const char* const kSpot =
    "[[defect]]\nshape = \"box\"\nfrom = [\"8.5 mm\", \"0 mm\", \"1.25 mm\"]\nto = [\"11.5 mm\", \"10 mm\", \"1.5 mm\"]\n"
    "sigma_factor = 0.7\n";
const char* const kFactors = "[factor]\nend_contact = 1.4\nemissivity = 0.8\nbed_sigma = 0.7\nbed_thermal_conductivity = 1.5\n";
const char* const kSlowBeads = "[sensor.tc_centre]\nlag_factor = 1.2\n[sensor.tc_end]\nlag_factor = 1.2\n";

EstimateSpec of(EstimateSpec::Kind kind) {
    EstimateSpec spec;
    spec.kind = kind;
    spec.prior = kind == EstimateSpec::Kind::bias ? 0.0 : 1.0;
    return spec;
}

ExperimentSetup setup_of(const std::string& name, const std::filesystem::path& scenarios, const SuiteOptions& o) {
    using Kind = EstimateSpec::Kind;
    const bool plug = name == "plug";
    ExperimentSetup setup;
    std::vector<std::string> sets;
    if (o.slice && !plug) sets.push_back("bed.voxel=[\"0.8333333333333334 mm\", \"10 mm\", \"0.125 mm\"]");
    setup.scenario = read_scenario(scenarios / (plug ? "live_plug.toml" : "live_r1.toml"), sets);
    // the plant's own grid
    std::string hidden = plug      ? "voxel = [\"0.25 mm\", \"0.25 mm\", \"0.1875 mm\"]\n"
                         : o.slice ? "voxel = [\"0.5 mm\", \"10 mm\", \"0.0625 mm\"]\n"
                                   : "voxel = [\"0.625 mm\", \"0.625 mm\", \"0.0625 mm\"]\n";
    hidden += kFactors;
    if (name.starts_with("spot")) {
        hidden += kSpot;
        setup.watched = Box{{8.5e-3, 0.0, 0.0}, {11.5e-3, 1.0, 1.0}};  // [m]
    }
    if (name.starts_with("lag")) hidden += kSlowBeads;
    if (name == "spot-map" || name == "lag-fixed") {
        for (const Kind kind : {Kind::end_contact, Kind::emissivity, Kind::k, Kind::sigma, Kind::bias})
            setup.scenario.estimates.push_back(of(kind));
        if (name == "spot-map") {
            setup.scenario.estimates.push_back(of(Kind::lag));
            EstimateSpec map = of(Kind::sigma_map);
            map.material = setup.scenario.terminals.front().material;
            setup.scenario.estimates.push_back(map);
            setup.filter.members = 32;
        }
    }
    setup.hidden = read_hidden_text(hidden, name, setup.scenario);
    setup.forecasts = o.forecasts && (name == "r1" || plug);
    return setup;
}

SuiteRow row(const std::string& quantity, double low, double high, double got) {
    return {quantity, low, high, got, got >= low && got <= high};
}

std::vector<SuiteRow> judge(const std::string& name, const std::vector<ExperimentResult>& all) {
    const double n = double(all.size()), most_of = std::ceil(17.0 / 20.0 * n);
    double rmse = 0.0, free = 0.0, worst = kNoLimit, scored = 0.0, mean = 0.0, top = 0.0, ahead = 0.0, ahead_mean = 0.0,
           ahead_top = 0.0, calm = 0.0, misfit = 0.0, watched = 0.0, watched_covered = 0.0, false_claims = 0.0;
    std::map<std::string, double> recovered;
    for (const ExperimentResult& one : all) {
        rmse += one.rmse_K / n, free += one.baseline_rmse_K / n;
        worst = std::min(worst, one.baseline_rmse_K / one.rmse_K);
        scored += one.scored, mean += one.covered.at("T_mean_K"), top += one.covered.at("T_max_K");
        if (one.forecasts > 0)
            ahead += one.forecasts, ahead_mean += one.forecast_covered.at("T_mean_K"),
                ahead_top += one.forecast_covered.at("T_max_K");
        bool quiet = one.nis >= 0.6 && one.nis <= 1.2;
        for (const auto& [sensor, correlation] : one.autocorrelation) quiet = quiet && correlation < 0.45;
        calm += quiet, misfit += one.misfit;
        watched += double(one.watched), watched_covered += double(one.watched_covered);
        for (const ScoredParameter& p : one.parameters) {
            if (p.name.find('.') != std::string::npos || !std::isfinite(p.truth)) continue;
            recovered[p.name] += p.identified && std::abs(p.estimate / p.truth - 1.0) < 0.15;
            const double miss = std::max({p.low / p.truth - 1.0, 1.0 - p.high / p.truth, 0.0});
            false_claims += p.identified && miss > 0.15;
        }
    }
    // of 90 % bands, pooled: few seeds say less
    const double least = all.size() >= 100 ? 0.82 : 0.75, most = all.size() >= 100 ? 0.99 : 1.0;
    std::vector<SuiteRow> rows;
    const bool plug = name == "plug", fixed = name == "lag-fixed", spot = name == "spot";
    if (name == "r1" || plug || name == "lag") {
        rows.push_back(row("baseline over rmse, means", plug ? 4.0 : 10.0, kNoLimit, free / rmse));
        if (!plug) rows.push_back(row("baseline over rmse, worst seed", 4.0, kNoLimit, worst));
        if (!plug) rows.push_back(row("rmse of the bed's temperature, mean [K]", 0.0, 5.0, rmse));
        rows.push_back(row("coverage of 90 % bands, T mean", least, most, mean / scored));
        rows.push_back(row("coverage of 90 % bands, T max", least, most, top / scored));
        if (ahead > 0.0) {
            rows.push_back(row("coverage 5 s ahead, T mean", least, most, ahead_mean / ahead));
            rows.push_back(row("coverage 5 s ahead, T max", least, most, ahead_top / ahead));
        }
        rows.push_back(row("seeds with NIS 0.6 to 1.2 and autocorrelations below 0.45", most_of, n, calm));
        if (!plug)
            for (const char* p : {"end_contact", "emissivity", "k"})
                rows.push_back(row("seeds that identify " + std::string(p) + " within 15 %", most_of, n, recovered[p]));
        rows.push_back(row("parameters claimed whose band misses by more than 15 %", 0.0, 0.0, false_claims));
    }
    if (spot || name == "spot-map") rows.push_back(row("baseline over rmse, means", 4.0, kNoLimit, free / rmse));
    if (spot || fixed) rows.push_back(row("seeds flagged as model misfit", most_of, n, misfit));
    if (name == "spot-map") {
        rows.push_back(row("coverage of 90 % bands, T mean", least, most, mean / scored));
        rows.push_back(row("coverage of 90 % bands, T max", least, most, top / scored));
        rows.push_back(
            row("cells over the spot inside their bands", 0.6, 1.0, watched > 0.0 ? watched_covered / watched : 0.0));
    }
    return rows;
}

}  // namespace

const std::vector<ExperimentInfo>& experiments() {
    static const std::vector<ExperimentInfo> all{
        {"r1", "device R1: contact, emissivity, conductivities and all sensor biases hidden"},
        {"plug", "the plug R2, the same hidden"},
        {"spot", "R1 with a hot spot that no unknown can stand for: the misfit has to be told"},
        {"spot-map", "R1 with the hot spot and a map of the strips' conductivity among the unknowns, 32 members"},
        {"lag", "R1 with thermocouples 20 % slower than nominal, their lag estimated"},
        {"lag-fixed", "the same with the lag taken for known: the misfit has to be told"}};
    return all;
}

SuiteResult run_suite(const std::string& name, const std::filesystem::path& scenarios, const SuiteOptions& options,
                      const std::function<void(const ExperimentResult&)>& done) {
    const auto& all = experiments();
    if (std::none_of(all.begin(), all.end(), [&](const ExperimentInfo& e) { return e.name == name; })) {
        std::string list;
        for (const ExperimentInfo& e : all) list += (list.empty() ? "" : ", ") + e.name;
        throw InputError("experiment: found " + name + "; allowed: " + list);
    }
    const double parts = kBetweenScores / options.window_s;
    if (!(parts > 1.0 - kSameTime && parts < 100.0 && std::abs(parts - std::round(parts)) < kSameTime))
        throw InputError("window: found " + format_number(options.window_s) +
                         " s; allowed: 0.5 s, or a whole part of it down to 0.005 s");
    ExperimentSetup setup = setup_of(name, scenarios, options);
    setup.filter.window_s = options.window_s, setup.filter.radius_m = options.radius_m;
    SuiteResult out;
    out.seeds.resize(std::size_t(options.seeds));
    std::exception_ptr failure;
    std::mutex one_at_a_time;
    const auto run_one = [&](int n) {
        try {
            ExperimentSetup own = setup;
            own.seed = options.first + std::uint64_t(n);
            ExperimentResult result = run_experiment(own);
            const std::lock_guard lock(one_at_a_time);
            if (!setup.table) setup.table = result.table;
            if (done) done(result);
            out.seeds[std::size_t(n)] = std::move(result);
        } catch (...) {
            const std::lock_guard lock(one_at_a_time);
            if (!failure) failure = std::current_exception();
        }
    };
    run_one(0);  // which tabulates the plant for all
    const int threads = options.threads > 0 ? options.threads : omp_get_num_procs();
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (int n = 1; n < options.seeds; ++n) run_one(n);
    if (failure) std::rethrow_exception(failure);
    out.rows = judge(name, out.seeds);
    return out;
}

}  // namespace jt
