// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/twin_filter.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "bridge/assimilation/twin_filter_impl.hpp"
#include "bridge/filter/random_draws.hpp"
#include "kernels/error.hpp"
#include "twin/bed/voxelise.hpp"

namespace jt {
namespace {

constexpr double kBand = 0.9;       // probability that a band is to hold the truth with
constexpr double kUsual = 1273.15;  // [K] where biases that go with temperature are taken without a set point
// Without a reading of the current the members' currents part, from kCurrentLost on, by so much of the last one, 1 sd
// (estimate: a loop that is not quite the heater's, on a bed that is not quite the twin's).
constexpr double kCurrentLost = 0.2, kPartsPerSecond = 0.05, kMostApart = 0.2;

std::vector<std::size_t> product_of(const Bed& bed) {
    std::vector<std::size_t> cells;
    for (std::size_t c = 0; c < bed.material.size(); ++c)
        if (!bed.materials[bed.material[c]].is_void && (bed.product.empty() || bed.product[c])) cells.push_back(c);
    return cells;
}

// Where a thermometer looks: its bead, or the middle of its spot.
std::optional<Place> place_of(const Sensor& sensor, const Place& size) {
    if (sensor.at) return sensor.at;
    if (!sensor.face) return {};
    const auto axis = std::size_t(axis_of(*sensor.face)), u = std::size_t(axis == 0 ? 1 : 0),
               v = std::size_t(axis == 2 ? 1 : 2);
    const std::array<double, 2> center = sensor.spot_center.value_or(std::array<double, 2>{0.5 * size[u], 0.5 * size[v]});
    Place out{};
    out[axis] = is_upper(*sensor.face) ? size[axis] : 0.0;
    out[u] = center[0], out[v] = center[1];
    return out;
}

}  // namespace

TwinFilter::Impl::Impl(Backend& b, const Scenario& s, const FilterOptions& o) : backend(b), scenario(s), options(o) {
    if (options.assimilate && (options.members < 4 || options.members > 256))
        throw InputError("members: found " + std::to_string(options.members) + "; allowed: 4 to 256");
    if (!(options.radius_m >= 0.0) || std::isinf(options.radius_m))
        throw InputError("radius: found " + std::to_string(options.radius_m) + " m; allowed: 0 (everywhere) or more");
    std::vector<std::string> findings;
    bed = voxelise(scenario, findings);
    for (const Sensor& sensor : scenario.sensors) {
        models.push_back(instrument_model(sensor, scenario));
        places.push_back(place_of(sensor, bed.extents.size()));
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
    predictions = Predictions(0.0, frame_of_now());
}

void TwinFilter::Impl::make_members() {
    coarse = coarsened(scenario, bed, options.coarsening);
    if (!coarse.note.empty()) notes["grid"] = coarse.note;
    if (int(unknowns->size()) > N - 1)
        notes["members"] = std::to_string(unknowns->size()) + " unknowns are more than " + std::to_string(N) +
                           " members can tell apart exactly";
    // what the current is drawn to be without readings of it is one unknown more, where there is room for it
    const int p = int(unknowns->size());
    const bool room = p + 1 < N;
    NormalDraws draws(options.seed), others(options.seed + 1);
    const Matrix drawn = spread_normals(room ? p + 1 : p, N, draws);
    anomalies = prior_sd.asDiagonal() * drawn.topRows(p);
    current_draws = (room ? drawn : exact_normals(1, N, others)).bottomRows(1).transpose();
    for (int j = 0; j < N; ++j)
        members.push_back(
            std::make_unique<TwinMember>(coarse.bed, coarse.scenario, *unknowns, models, current, make_backend("cpu")));
    down = std::make_unique<Transfer>(bed, coarse.bed);
    up = std::make_unique<Transfer>(coarse.bed, bed);
    coarse_product = product_of(coarse.bed);
    band = band_factor(kBand, N);
    check = BlockCheck(models.size(), N);
}

void TwinFilter::Impl::set_unknowns() {
    for (int j = 0; j <= N; ++j) {
        const Vector x = j < N ? Vector(mean + anomalies.col(j)) : mean;
        member(j).set(std::span<const double>(x.data(), std::size_t(x.size())));
    }
}

Matrix TwinFilter::Impl::frame_of_now() const {
    Matrix f(row(), N + 1);
    for (int j = 0; j <= N; ++j) {
        const auto r = member(j).now();
        for (int s = 0; s < row(); ++s) f(s, j) = r[std::size_t(s)];
    }
    return f;
}

void TwinFilter::Impl::forward(double to) {
    const bool unknown = deaf(to);
    if (unknown && own_loops.empty()) {
        make_loop();
        own_loops.assign(std::size_t(N + 1), *loop);
    }
    if (!unknown && !own_loops.empty()) own_loops.clear();
    const MeasuredCurrent window = currents.over(time, to);
    const double lost = std::max(0.0, to - currents.last_at_s() - kCurrentLost),
                 apart = std::min(kPartsPerSecond * lost, kMostApart) * currents.last_A();
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
    if (unknown) currents.set_last(own.back().to_A);
    for (int k = 0; k < kNodes; ++k) {
        Matrix f(row(), N + 1);
        for (int j = 0; j <= N; ++j)
            for (int s = 0; s < row(); ++s) f(s, j) = rows[std::size_t(j)][std::size_t(k * row() + s)];
        predictions.add(nodes[std::size_t(k)], std::move(f));
    }
    predictions.forget(to - options.lateness_s);
    window_s = to - time;
    time = to;
    if (N == 0) return;
    if (unknown)  // members go their own ways, and are not put around the twin again
        drift.assign(coarse.bed.material.size(), 0.0), offsets.assign(models.size(), 0.0);
    else
        measure_drift();
}

void TwinFilter::Impl::measure_drift() {
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

void TwinFilter::Impl::window(double to, std::span<const Sample> sorted) {
    for (const Sample& r : sorted)
        if (r.sensor == current && r.sigma > 0.0 && QualityControl::possible(models[std::size_t(current)], r.value) &&
            r.time_s <= to + kSameTime)
            currents.add(r);
    currents.forget(to - options.lateness_s - 0.2);
    forward(to);
    std::vector<Compared> batch;
    for (const Sample& r : sorted) judge(r, batch);
    add_nis(batch);
    analyse(batch);
    if (N > 1) question_model();
    follow_heater(sorted);
    report();
    forecast_scores.score(state);
}

TwinState TwinFilter::Impl::advance(double to, std::span<const Sample> readings, int at_once) {
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
std::unique_ptr<Forecaster> TwinFilter::make_forecaster() {
    return impl_->make_forecaster();
}
void TwinFilter::issue(const Forecast& forecast) {
    impl_->forecast_scores.issue(forecast, impl_->time);
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
