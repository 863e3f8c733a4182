// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/twin_experiment.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <deque>

#include "bridge/assimilation/coarse_bed.hpp"
#include "bridge/heater/plant.hpp"
#include "twin/bed/shape.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/stepping/coupled.hpp"

namespace jt {
namespace {

constexpr double kAhead = 5.0, kScoreEvery = 2.5;  // [s] a forecast is for, and between two

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// What is true of a parameter, as people see it.
double truth_of(const ParameterState& p, const Hidden& hidden, const Plant& plant) {
    if (p.name.starts_with("end_contact")) return hidden.end_contact;
    if (p.name == "emissivity") return hidden.emissivity;
    if (p.name == "k") return hidden.bed.thermal_conductivity * hidden.all.thermal_conductivity;
    if (p.name == "sigma") return hidden.bed.sigma * hidden.all.sigma;
    const auto dot = p.name.find('.');
    const std::string kind = p.name.substr(0, dot), sensor = dot == std::string::npos ? "" : p.name.substr(dot + 1);
    for (std::size_t s = 0; s < plant.instruments().size(); ++s) {
        if (plant.instruments()[s].name != sensor) continue;
        const HiddenError& e = plant.hidden_errors()[s];
        return kind == "bias" ? e.bias : kind == "gain" ? e.gain : e.lag_factor;
    }
    return std::nan("");
}

}  // namespace

ExperimentResult run_experiment(const ExperimentSetup& setup) {
    const auto begin = std::chrono::steady_clock::now();
    ExperimentResult out;
    out.seed = setup.seed;
    const auto plant_backend = make_backend("cpu"), backend = make_backend("cpu"), free_backend = make_backend("cpu");
    Hidden hidden = setup.hidden;
    hidden.draw_seed = setup.seed;
    PlantOptions plant_options;
    plant_options.seed = setup.seed;
    plant_options.table = setup.table;
    Plant plant(*plant_backend, setup.scenario, hidden, plant_options);
    out.table = plant.table();
    FilterOptions filter_options = setup.filter;
    filter_options.seed = setup.seed;
    filter_options.table = plant.table();
    TwinFilter filter(*backend, setup.scenario, filter_options);
    FilterOptions free_options = filter_options;
    free_options.assimilate = false;
    std::optional<TwinFilter> free;
    if (setup.baseline) free.emplace(*free_backend, setup.scenario, free_options);

    std::vector<std::string> findings;
    const Bed bed = voxelise(setup.scenario, findings);
    const Transfer to_twin(plant.bed(), bed);
    std::vector<std::size_t> product;
    for (std::size_t c = 0; c < bed.material.size(); ++c)
        if (!bed.materials[bed.material[c]].is_void && (bed.product.empty() || bed.product[c])) product.push_back(c);

    plant.start();
    const double window = setup.filter.window_s;
    double square = 0.0, free_square = 0.0, nis = 0.0;
    int count = 0;
    std::vector<double> truth;
    struct Series {
        double c0 = 0, c1 = 0, before = std::nan(""), nis = 0;
        int n = 0;
    };
    std::map<std::string, Series> series;
    (void)nis;
    const long windows = std::lround(setup.to_s / window);
    struct Promise {
        double time;
        std::map<std::string, std::array<double, 3>> bands;
    };
    std::deque<Promise> promises;
    TwinState state;
    for (long k = 1; k <= windows; ++k) {
        const double t = double(k) * window;
        const auto plant_begin = std::chrono::steady_clock::now();
        plant.advance(plant.start_clock() + t);
        out.plant_s += seconds_since(plant_begin);
        std::vector<Sample> samples;
        for (const PlantReading& r : plant.take())
            if (r.value && std::isfinite(r.run_s)) samples.push_back({r.sensor, r.run_s, *r.value, r.sigma, r.seq});
        state = filter.advance(t, samples);
        if (free) free->advance(t, samples);
        if (setup.forecasts && t > setup.from_s - kAhead - 1e-9 && t < setup.to_s - kAhead + 1e-9 &&
            k % std::lround(kScoreEvery / window) == 0)
            promises.push_back({t + kAhead, filter.forecast(kAhead).points.back().bands});
        if (t < setup.from_s - 1e-9) continue;
        const long every = std::lround(kBetweenScores / window);
        if (k % every != 0) continue;
        to_twin.mean(plant.temperature_K(), truth);
        const auto score = [&](TwinFilter& f) {
            const auto T = f.twin().heat().temperature_K();
            double sum = 0.0;
            for (const std::size_t c : product) sum += (T[c] - truth[c]) * (T[c] - truth[c]);
            return sum / double(product.size());
        };
        const double mine = score(filter), other = free ? score(*free) : 0.0;
        square += std::sqrt(mine), free_square += std::sqrt(other);
        ++count;
        const PlantTruth now = plant.truth();
        const auto covered = [&](const char* name, double value) {
            const Estimate& e = state.scalars.at(name);
            out.covered[name] += value >= e.low && value <= e.high;
            if (setup.verbose && k % (4 * every) == 0)
                std::printf("   %5.1f s %-10s true %8.2f est %8.2f sd %5.2f  err/sd %5.2f\n", t, name, value, e.value, e.sd,
                            (e.value - value) / e.sd);
        };
        covered("T_mean_K", now.T_mean_K);
        covered("T_max_K", now.T_max_K);
        ++out.scored;
        for (; !promises.empty() && promises.front().time <= t + 1e-9; promises.pop_front()) {
            const auto within = [&](const char* name, double value) {
                const auto& b = promises.front().bands.at(name);
                out.forecast_covered[name] += value >= b[0] && value <= b[2];
                if (setup.verbose)
                    std::printf("   %5.1f s forecast %-10s true %8.2f  %8.2f %8.2f %8.2f\n", t, name, value, b[0], b[1], b[2]);
            };
            within("T_mean_K", now.T_mean_K);
            within("T_max_K", now.T_max_K);
            ++out.forecasts;
        }
        if (setup.watched) {
            const auto T = filter.twin().heat().temperature_K(), sd = filter.temperature_sd_K();
            for (const std::size_t c : product) {
                const Extents& e = bed.extents;
                const int i = int(c % std::size_t(e.nx)), j = int(c / std::size_t(e.nx) % std::size_t(e.ny)),
                          l = int(c / std::size_t(e.nx) / std::size_t(e.ny));
                if (!covers(*setup.watched, e, i, j, l)) continue;
                ++out.watched;
                out.watched_covered += std::abs(T[c] - truth[c]) <= filter.band() * sd[c];
            }
        }
        if (setup.verbose && k % (4 * every) == 0)
            std::printf("   %5.1f s rmse %6.2f free %6.2f nis %.2f\n", t, std::sqrt(mine), std::sqrt(other), state.nis);
    }
    out.rmse_K = square / count, out.baseline_rmse_K = free_square / count;
    for (const ParameterState& p : state.parameters)
        out.parameters.push_back({p.name, truth_of(p, hidden, plant), p.posterior.value, p.prior_sd, p.posterior.sd,
                                  p.posterior.low, p.posterior.high, p.identified});
    const FilterScores scores = filter.scores(setup.from_s, setup.to_s);
    out.nis = scores.nis;
    out.autocorrelation = scores.autocorrelation;
    out.nis_of = scores.nis_of;

    out.misfit = state.misfit;
    out.message = state.message;
    out.steps = filter.steps();
    out.wall_s = seconds_since(begin);
    return out;
}

}  // namespace jt
