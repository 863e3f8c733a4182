// SPDX-License-Identifier: Apache-2.0
// Instrument: one sensor of the virtual heater. It follows what it looks at, given as straight lines in time, through its lag
// (exact on a line), samples at its rate and adds bias, noise, quantisation and dropouts; a delivery with delays hands the
// readings on. Deterministic: readings depend on the signal and the seed alone.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "bridge/heater/instrument_model.hpp"
#include "twin/bed/random.hpp"

namespace jt {

// What is wrong with an instrument and stays so for a run; nothing of it is in the scenario.
struct HiddenError {
    double bias = 0.0;              // [K], [V], [A]
    double gain = 1.0;              // factor on the value
    double lag_factor = 1.0;        // on its time constant
    double emissivity_ratio = 1.0;  // ratio pyrometer: e1/e2 of the surface over what is set
    double emissivity = 1.0;        // one-colour pyrometer: e of the surface over what is set
};

// What befalls readings on their way; of all instruments alike.
struct Delivery {
    double latency_s = 0.0;                    // added to the instrument's own
    double jitter_s = 0.0;                     // uniform from 0
    double late_share = 0.0, late_by_s = 0.0;  // a share of the readings comes later by so much
    double lost_share = 0.0, repeated_share = 0.0;
};

struct PlantReading {
    int sensor = 0;                                           // index in scenario.sensors
    std::uint64_t seq = 0;                                    // of the sensor, from 1; a lost one leaves a gap
    double time_s = 0.0;                                      // of the measurement, on the plant's clock
    double delivered_s = 0.0;                                 // of the arrival
    double run_s = std::numeric_limits<double>::quiet_NaN();  // of the measurement since the start of the run; NaN: no run
    std::optional<double> value;                              // empty: missing, or below the floor
    double sigma = 0.0;                                       // noise, 1 sd
    bool below_floor = false;
};

class Instrument {
public:
    // index: of the sensor in the scenario. Of `seed` each sensor has a stream of its own.
    Instrument(InstrumentModel model, const HiddenError& hidden, const Delivery& delivery, int index, std::uint64_t seed);

    // What can go wrong while it measures.
    struct Fault {
        bool stuck = false, missing = false;
        double bias = 0.0;
    };
    void set_fault(const Fault& fault) { fault_ = fault; }

    // Looks at `value` (T [K], V or A) from time t on [s], settled; samples at t where one is due.
    void settle(double t, double value, std::vector<PlantReading>& out);
    // The signal goes straight from `from` to `to` until time t [s]; samples on the way, the end included.
    void follow(double t, double from, double to, std::vector<PlantReading>& out);

    const InstrumentModel& model() const { return model_; }
    // What it shows: the newest reading that is not missing, delivered or not; empty: none yet.
    const std::optional<PlantReading>& shown() const { return shown_; }
    // Behind the lag, without bias and noise.
    double lagged() const { return lagged_; }

private:
    double optics(double T) const;  // what a pyrometer makes of a surface
    void sample(double t, std::vector<PlantReading>& out);

    InstrumentModel model_;
    HiddenError hidden_;
    Delivery delivery_;
    int index_;
    SplitMix64 noise_, way_;  // of the instrument; of the delivery
    Fault fault_;
    double time_ = 0.0, lagged_ = 0.0;
    std::uint64_t samples_ = 0, seq_ = 0;
    std::optional<PlantReading> shown_;
};

}  // namespace jt
