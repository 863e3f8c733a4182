// SPDX-License-Identifier: Apache-2.0
// The lumped twin of a heater from its sensor log: calibrated on one window of time, compared with what came after it. Nothing
// outside the window enters the calibration.
//
// The model's terms are chosen from the window's data alone: of twelve models (loss by conduction, radiation or both; C
// constant or rising with T; thermometer with or without lag) the one with the least Bayesian information criterion, every
// reading counting as much as it is independent of its neighbours:
//     BIC = n_e ln(residual variance) + k ln n_e,     n_e = n / (1 + 2 sum of the residuals' autocorrelation)
// Standard deviations come from the same n_e. R(T) is fitted to V = R(T) I; its degree is chosen the same way.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "twin/lumped/lumped_model.hpp"
#include "twin/lumped/sensor_log.hpp"

namespace jt {

inline constexpr std::size_t kLeastFitReadings = 30, kMostFitRows = 20000;

struct LumpedOptions {
    double from_s = 0.0, to_s = 0.0;  // the window, ends included
    double ambient_K = 298.15;
    std::optional<double> floor_K = {};  // readings not above it are none; absent: find_reading_floor
    std::optional<LumpedDrive> drive =
        {};  // absent: the channel whose step is the finest part of its mean; power if both are fine
};

struct LumpedParameter {
    std::string name, symbol, unit;
    double value = 0.0, sd = 0.0;
    bool identified = true;  // the standard deviation is below half the value
};

struct LumpedCandidate {
    std::string terms;  // "G + radiation, C(T), lag"
    int parameters = 0;
    double rms_K = 0.0, bic = 0.0;
    bool identified = true;
};

struct LumpedFit {
    LumpedModel model;
    LumpedDrive drive = LumpedDrive::current;
    double from_s = 0.0, to_s = 0.0;
    LumpedState start;                        // at the window's first row
    std::vector<LumpedParameter> parameters;  // thermal ones first, then R
    std::vector<double> covariance;           // of the thermal parameters, row by row
    // Models that the window cannot tell from the best: BIC at most 10 above its own (Kass and Raftery 1995), identified or
    // not.
    struct Alternative {
        LumpedModel model;
        LumpedState start;
    };
    std::vector<Alternative> alternatives;
    std::vector<LumpedCandidate> candidates;  // best first; the first is the model
    double rms_K = 0.0, largest_K = 0.0;      // of reading less model in the window
    double condition = 0.0;                   // of the Jacobian with columns of length one
    std::size_t readings = 0;
    double independent = 0.0;  // n_e
    std::optional<double> floor_K;
    bool floor_found = false;                                                 // by find_reading_floor
    double temperature_step_K = 0.0, voltage_step = 0.0, current_step = 0.0;  // 0: none
    double ramp_K_per_s = 0.0, ramp_K = 0.0;  // the straight line through the window's readings: slope, value at its end
    std::vector<std::string> findings;
};

// Throws InputError naming the window and the log's extent when the window cannot be calibrated on; SolveError when no model
// fits.
LumpedFit fit_lumped(const SensorLog& log, const LumpedOptions& options);

struct LumpedPeak {
    double time_s = 0.0, T_K = 0.0;
};

struct LumpedComparison {
    double measured = 0.0, predicted = 0.0;
    double sd = 0.0;  // of the prediction, by the parameters' covariance
};

struct LumpedPrediction {
    double from_s = 0.0, to_s = 0.0;
    // Driven by what was measured after the window: one state per row of the log from the fit's start to to_s.
    std::size_t first_row = 0;
    std::vector<LumpedState> states;
    std::vector<double> power_W;                              // of the model at these rows
    std::optional<LumpedPeak> peak_measured, peak_predicted;  // the highest before the reading first falls by 2 K
    double rms_K = 0.0;                                       // of the readings in the predicted stretch
    // Dwell: the stretch asked for or the longest within 5 K of its median; absent when there is none of a minute.
    struct Dwell {
        double from_s = 0.0, to_s = 0.0, T_K = 0.0, current_A = 0.0;  // means of the log
        double power_step_W = 0.0;                       // half a step of voltage and current: how well the log knows the power
        LumpedComparison power_W;                        // measured mean of V I; the power that the model needs to hold T
        double power_least_W = 0.0, power_most_W = 0.0;  // the same by all models that the window cannot tell apart
        LumpedComparison T_driven_K;                     // what the model reads when it is driven by the measured input
    };
    std::optional<Dwell> dwell;
    // Closed loop by TemperatureControl on this model: the window's ramp up to `hold_K`, then held.
    struct Loop {
        double hold_K = 0.0, hold_from_s = 0.0;
        std::vector<double> time_s, setpoint_K, reading_K, current_A, power_W;  // from the fit's start
        double overshoot_K = 0.0, peak_time_s = 0.0;                            // over the hold
        double end_power_W = 0.0;                                               // mean of the last fifth
    };
    std::optional<Loop> loop;
};

struct LumpedRange {
    double from_s = 0.0, to_s = 0.0;
};

// Goes on from the fit to `range.to_s`. Throws InputError when the ranges do not lie in the log, or the hold is not above the
// ramp's start.
LumpedPrediction predict_lumped(const SensorLog& log, const LumpedFit& fit, LumpedRange range,
                                std::optional<LumpedRange> dwell = {}, std::optional<double> hold_K = {});

// What was measured and what the model says, row by row from the window's start to the prediction's end (the window's end
// without one). NaN: no reading.
struct LumpedTrace {
    std::vector<double> time_s, measured_K, reading_K, core_K, voltage_V, model_V, current_A, measured_W, power_W;
};
LumpedTrace lumped_trace(const SensorLog& log, const LumpedFit& fit, const LumpedPrediction* prediction);

}  // namespace jt
