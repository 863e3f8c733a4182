// SPDX-License-Identifier: Apache-2.0
// Of TwinFilter: its state for people and programs.
#include <algorithm>
#include <cmath>

#include "bridge/assimilation/twin_filter_impl.hpp"
#include "bridge/filter/diagnostics.hpp"
#include "twin/microstructure/outlook.hpp"

namespace jt {
namespace {

constexpr double kRecent = 5.0;  // [s] of what is shown

}  // namespace

void TwinFilter::Impl::report() {
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

    struct Seen {
        Moments T;
        double resistance = 0.0;
        std::map<std::string, double> micro;
    };
    std::vector<Seen> all(std::size_t(N + 1));
    for_all([&](int j) {
        Seen& one = all[std::size_t(j)];
        one.T = moments(member(j).temperature_K(), j < N ? coarse_product : product);
        one.resistance = member(j).resistance();
        if (Microstructure* made = member(j).twin().microstructure(); made && made->has_product()) one.micro = made->means();
    });
    const Seen& own = all.back();
    Matrix X(5, std::max(N, 1));
    X.setZero();
    std::map<std::string, Vector> micro;
    for (int j = 0; j < N; ++j) {
        const Seen& one = all[std::size_t(j)];
        X(0, j) = one.T.mean, X(1, j) = one.T.max, X(2, j) = one.resistance, X(3, j) = one.T.min, X(4, j) = one.T.spread;
        for (const auto& [name, value] : one.micro) micro.try_emplace(name, Vector::Zero(N)).first->second[j] = value;
    }
    const auto sd = [&](Vector of) {
        if (N < 2) return 0.0;
        of.array() -= of.mean();
        return of.norm() / std::sqrt(N - 1.0);
    };
    out.scalars["T_mean_K"] = estimate(own.T.mean, sd(X.row(0)));
    out.scalars["T_max_K"] = estimate(own.T.max, sd(X.row(1)));
    out.scalars["resistance_ohm"] = estimate(own.resistance, sd(X.row(2)));
    out.scalars["T_min_K"] = estimate(own.T.min, sd(X.row(3)));
    out.scalars["T_spread_K"] = estimate(own.T.spread, sd(X.row(4)));
    out.scalars["current_A"] = estimate(control->true_current(currents.last_A()), 0.0);
    for (const auto& [name, value] : own.micro)
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
    if (now.readings > 0) {  // each innovation alone is a chi-square of one degree
        const ScoreBand usual = nis_band(1, int(now.readings));
        out.nis_low = usual.low, out.nis_high = usual.high;
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

}  // namespace jt
