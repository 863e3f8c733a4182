// SPDX-License-Identifier: Apache-2.0
// TwinFilter: a twin that is corrected by readings. Knows no sockets, clocks or files: readings in, state and forecasts out.
//
// Two resolutions. The twin on the full grid, with the posterior mean of the unknowns, is the best estimate: innovations are
// taken against what it predicts. An ensemble of members on a coarser grid carries the uncertainty: covariances come from its
// spread about its own mean. After each window the members are put around the twin again (volume means of its cells), so that
// the error of the coarse grid does not go into the unknowns. Corrections reach the full grid by interpolation within a
// material.
// The bed starts at a known temperature and follows from the unknowns: with fewer unknowns than members, drawn so that their
// covariance is the prior's exactly, the ensemble is a linearisation without sampling error, and needs no inflation.
// Windows: readings of a window are compared at their own time with what was predicted for it; predictions are kept for the
// longest lateness and corrected with everything else, so that a late reading meets what is known now.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "bridge/assimilation/filter_scores.hpp"
#include "bridge/assimilation/sample.hpp"
#include "bridge/wire/message.hpp"
#include "twin/archive.hpp"
#include "twin/heater/control.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

class Backend;
class Coupled;
class Forecaster;
struct ForecastStart;
struct Bed;

struct FilterOptions {
    int members = 16;
    double window_s = 0.1;
    int coarsening = 2;  // of the members' grid, along each axis
    std::uint64_t seed = 1;
    double radius_m = 0.0;    // LETKF: a reading corrects temperatures and maps within about this distance; 0: the ETKF, all
    double lateness_s = 1.0;  // readings older than this are refused
    bool assimilate = true;   // false: a twin with the priors, driven by the same current
    std::optional<PlantTable> table;  // what the heater's loop knows; empty: made when first needed
};

// How the members' predictions of a sensor's accepted readings have compared with them, over the whole run.
struct SensorSkill {
    std::vector<double> ranks;         // how often a reading had so many members below it, their predictions with noise
    double spread = 0.0, error = 0.0;  // root mean squares: of spread and noise together, of the innovation; in its unit
    double readings = 0.0;
};

class TwinFilter {
public:
    // Estimated parameters are the scenario's [[estimate]]; without one every kind that it has, but for maps. Throws
    // InputError, as Coupled, and where no sensor measures the current.
    TwinFilter(Backend& backend, const Scenario& scenario, const FilterOptions& options);
    ~TwinFilter();

    // Advances twin and members to `to` [s] under the measured current, and takes in readings up to `to`, in any order: each at
    // its own time. The same set of readings gives the same bits, whatever their order and the number of threads. Throws
    // SolveError when the twin itself does not converge. at_once: so many windows are taken as one, by who is behind.
    TwinState advance(double to, std::span<const Sample> readings, int at_once = 1);
    // What the next seconds bring under the heater's program, from the members as they are now.
    Forecast forecast(double horizon_s);
    // The same in two parts: the ensemble as it is now, which a forecaster can go on from on another thread; and that its
    // forecast counts, to be scored when its time comes. No start: no heater, no members. The filter outlives its forecasters.
    std::optional<ForecastStart> forecast_start(double horizon_s);
    std::unique_ptr<Forecaster> make_forecaster();
    void issue(const Forecast& forecast);

    // The heater follows another program from now on, in time of the run (held, resumed, replaced).
    void follow(const Program& reference);

    // Everything that a filter needs to go on as if it had not been stopped, to the last bit; for write_checkpoint(). Costs a
    // few copies of the members' fields.
    ArchiveMap save() const;
    // Into a filter just made of the same scenario and options. Throws InputError where the state is not of such a filter;
    // what there was is lost then.
    void restore(const ArchiveMap& state);

    double time() const;
    Coupled& twin();
    const Bed& bed() const;
    const TwinState& state() const;  // as the last advance returned it
    FilterScores scores(double from_s, double to_s) const;
    std::map<std::string, SensorSkill> skill() const;         // by sensor; those without a reading that counted are absent
    std::vector<double> temperature_sd_K() const;             // by cell of the twin, NaN in void
    double band() const;                                      // half width of a 90 % band in such sd
    const std::map<std::string, std::string>& notes() const;  // for people: grid of the members, too many unknowns
    long steps() const;                                       // of the twin and all members

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
