// SPDX-License-Identifier: Apache-2.0
// Inside of TwinFilter, for the files that define it.
#pragma once
#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bridge/assimilation/block_check.hpp"
#include "bridge/assimilation/coarse_bed.hpp"
#include "bridge/assimilation/filter_scores.hpp"
#include "bridge/assimilation/forecast_scores.hpp"
#include "bridge/assimilation/forecaster.hpp"
#include "bridge/assimilation/heater_loop.hpp"
#include "bridge/assimilation/local_analysis.hpp"
#include "bridge/assimilation/measured_currents.hpp"
#include "bridge/assimilation/predictions.hpp"
#include "bridge/assimilation/quality_control.hpp"
#include "bridge/assimilation/twin_filter.hpp"
#include "bridge/assimilation/twin_member.hpp"
#include "bridge/assimilation/unknowns.hpp"
#include "bridge/filter/ensemble.hpp"
#include "twin/same_time.hpp"
#include "twin/stepping/percentile.hpp"

namespace jt {

inline constexpr int kNodes = 5;             // predictions kept per window
inline constexpr double kDriftMemory = 1.0;  // [s] of the coarse grid's drift; it goes with the heating

// A reading beside what was predicted for it.
struct Compared {
    Sample sample;
    double predicted = 0.0, innovation = 0.0, variance = 0.0, spread = 0.0, added = 0.0;
    Vector anomalies;  // of the members' predictions
};

struct Moments {
    double mean = 0.0, max = -1e300, min = 1e300;
    double spread = 0.0;  // 95th minus 5th percentile
};
inline Moments moments(const std::vector<double>& T, const std::vector<std::size_t>& cells) {
    Moments out;
    std::vector<double> values;
    values.reserve(cells.size());
    for (const std::size_t c : cells) {
        out.mean += T[c] / double(cells.size());
        out.max = std::max(out.max, T[c]), out.min = std::min(out.min, T[c]);
        values.push_back(T[c]);
    }
    out.spread = percentile(values, 0.95) - percentile(values, 0.05);
    return out;
}

struct TwinFilter::Impl {
    using Kind = InstrumentModel::Kind;

    Impl(Backend& b, const Scenario& s, const FilterOptions& o);
    void make_members();
    TwinMember& member(int j) const { return j < N ? *members[std::size_t(j)] : *control; }

    void set_unknowns();
    int row() const { return int(models.size()) + 1; }

    // A column for each member, the twin last; see TwinMember::advance for the rows.
    Matrix frame_of_now() const;
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

    // Whether nothing is known of the current any more: then each member goes on under a loop of its own, as the heater is
    // taken to do.
    bool deaf(double to) const;
    // By what a member's loop believes to see too much [K]: where it holds more current it is to hold more heat.
    double doubt(int j, double t) const;
    // What a member's own loop drives through it over a window [A], by what it believes to see.
    MeasuredCurrent current_of_loop(int j, double to);
    void forward(double to);
    // By how much the members' mean has left the twin in this window, with the same unknowns and current: what the coarse grid
    // makes of it [K/s]. A forecast on the coarse grid is freed from it.
    void measure_drift();

    // ---- comparing

    // What the twin and each member predict for a reading at its time.
    std::optional<Compared> compare(const Sample& r) const;
    double model_error(int sensor) const;  // prior, 1 sd
    // Verdict of a reading that came; what is fit to correct goes to the batch.
    void judge(const Sample& r, std::vector<Compared>& batch);
    // Where a reading lies among the members' predictions of it, each with a draw of the noise.
    void rank(const Compared& c);
    // Of the window, R of the noise alone.
    void add_nis(const std::vector<Compared>& batch);
    // One observation per sensor and window of measurement: the mean of its readings, which share the model's error.
    void analyse(const std::vector<Compared>& batch);
    void update(const LocalAnalysis& analysis);
    // The members' anomalies A of the cells of their grid, and the step of their middle there.
    void correct(const LocalAnalysis& analysis, Matrix& A, Vector& step) const;

    // ---- whether the model can be what makes these readings

    void blame(const std::string& why);
    void question_model();
    FilterScores scores(double from, double to, bool settled = false) const {
        return filter_scores(nis, sensors, models, from, to, settled);
    }

    // ---- state

    Estimate estimate(double value, double sd) const {
        return {value, sd, value - band * sd, value + band * sd, quality};
    }

    void report();
    void window(double to, std::span<const Sample> sorted);
    TwinState advance(double to, std::span<const Sample> readings, int at_once);

    // ---- the heater's own loop, and what it will do

    bool has_loop() const {
        return scenario.heater && scenario.heater->mode != Heater::Mode::imposed;
    }

    void make_loop();
    std::optional<double> newest(int sensor, double t, double age) const;
    void follow_heater(std::span<const Sample> readings);
    std::unique_ptr<Forecaster> make_forecaster();
    std::optional<ForecastStart> forecast_start(double horizon);
    Forecast forecast(double horizon);

    // ---- checkpoint

    // Refuses the state of another filter: what it is made of has to be the same.
    void same(Archive& a, const std::string& what, const std::string& own) const;
    void save_or_load(Archive& a);

    Backend& backend;
    Scenario scenario;
    FilterOptions options;
    Bed bed;
    CoarseBed coarse;
    std::vector<InstrumentModel> models;
    std::vector<std::optional<Place>> places;  // of sensors; empty: it tells of the whole bed
    int current = -1, feedback = -1, voltage = -1, N = 0;
    std::unique_ptr<Unknowns> unknowns;
    std::unique_ptr<TwinMember> control;  // the twin
    std::vector<std::unique_ptr<TwinMember>> members;
    std::unique_ptr<Transfer> down, up;
    Vector mean, prior_sd;  // of the unknowns
    Matrix anomalies;       // of the members' unknowns about the mean
    double time = 0.0, window_s = 0.1, band = 0.0;
    Vector current_draws;  // by member, of variance 1
    MeasuredCurrents currents;
    Predictions predictions;
    std::vector<QualityControl> sensors;
    std::vector<SensorSkill> skills;  // sums, not means
    NisHistory nis;
    BlockCheck check;
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
    ForecastScores forecast_scores;
};

}  // namespace jt
