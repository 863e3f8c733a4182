// SPDX-License-Identifier: Apache-2.0
// TwinMember: a twin with its instruments, driven by a measured current; one of an ensemble, or alone.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "bridge/assimilation/measured_currents.hpp"
#include "bridge/assimilation/unknowns.hpp"
#include "twin/archive.hpp"
#include "twin/heater/feedback.hpp"
#include "twin/stepping/coupled.hpp"

namespace jt {

class TwinMember {
public:
    // Throws InputError as Coupled and FeedbackSensor. `current`: the sensor that measures what drives it.
    TwinMember(const Bed& bed, const Scenario& scenario, const Unknowns& unknowns, const std::vector<InstrumentModel>& models,
               int current, std::unique_ptr<Backend> own, Backend* shared = nullptr);

    // Takes the unknowns from now on.
    void set(std::span<const double> x);
    const std::vector<double>& unknowns() const { return x_; }

    // Goes to window.to_s under the measured current. nodes: times [s], rising, in (time(), window.to_s]; to `out` goes for
    // each node a row of values: what each thermometer would show without gain, offset and noise, its lag included [K] (0 for
    // others), and last the resistance between the terminals [ohm]. Throws SolveError.
    // is_true: the current is not a reading but what flows.
    void advance(const MeasuredCurrent& window, std::span<const double> nodes, std::vector<double>& out, bool is_true = false);
    // One step that ends no later than `until` under a drive, instruments and all.
    StepReport step(double until, const Drive& drive);
    std::size_t row() const { return models_.size() + 1; }
    // The same row for now.
    std::vector<double> now() const;

    double time() const { return twin_->time(); }
    Coupled& twin() { return *twin_; }
    const Bed& bed() const { return bed_; }
    std::vector<double> temperature_K() const { return twin_->heat().temperature_K(); }
    // Behind the lag of each thermometer [K].
    std::vector<double>& lagged() { return lagged_; }
    const std::vector<double>& seen_K() const { return seen_; }  // by sensor, at the end of the last step
    // Added to what each thermometer sees from now on [K]: what its own grid makes of it.
    void set_offsets(const std::vector<double>& offsets) { offsets_ = offsets; }
    // For a forecast: ten times less closely balanced than a member; at most 0.1 K of 1000 is missing in a step.
    void balance_loosely();
    double resistance() const { return resistance_; }
    void set_resistance(double ohm) { resistance_ = ohm; }
    // Corrects the temperature by an increment, by cell [K].
    void shift(const std::vector<double>& increment);
    // What the instrument's reading of a current or a voltage means to this member, and the other way round.
    double true_current(double reading) const;
    double shown_voltage(int sensor, double current, double resistance) const;
    double shown_temperature(int sensor, double lagged) const;
    // Everything that goes on from here but the unknowns: to come back after a forecast, or for a checkpoint.
    void state(Archive& a) {
        a.scope("twin", [&](Archive& inner) { twin_->state(inner); });
        a("lagged", lagged_), a("seen", seen_), a("resistance", resistance_);
        if (lagged_.size() != models_.size() || seen_.size() != models_.size())
            throw InputError("checkpoint: it is of " + std::to_string(lagged_.size()) +
                             " sensors; allowed: " + std::to_string(models_.size()));
    }
    double seen(int sensor);  // what a thermometer looks at, optics included [K]
    long steps = 0, rejected = 0;

private:
    std::unique_ptr<Backend> own_;
    Backend& backend_;
    const Bed& bed_;
    const Unknowns& unknowns_;
    const std::vector<InstrumentModel>& models_;
    int current_;
    ZoneMap zones_;
    std::unique_ptr<Coupled> twin_;
    std::vector<std::optional<FeedbackSensor>> eyes_;
    void look();
    // Moves the lags from `at` to t within a step from t0 to t1, over which what is seen went straight from `from`.
    void follow(double& at, double t, double t0, double t1, const std::vector<double>& from);
    std::vector<SensorError> errors_;
    std::vector<double> x_, lagged_, seen_, offsets_;
    double emissivity_ = 1.0, resistance_ = 0.0;
};

// tau dTr/dt = T - Tr for a signal that goes straight from `from` to `to` in dt [s]: Tr at its end, exactly.
double relax(double lagged, double from, double to, double dt, double tau);

}  // namespace jt
