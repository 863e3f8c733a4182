// SPDX-License-Identifier: Apache-2.0
// Forecaster: what the next seconds bring under the heater's program, from an ensemble as it is at one moment. It has members
// of its own, so that it can work beside the filter, on another thread: it never touches the filter's.
#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/assimilation/heater_loop.hpp"
#include "bridge/wire/message.hpp"
#include "twin/archive.hpp"
#include "twin/bed/bed.hpp"

namespace jt {

struct InstrumentModel;
class Unknowns;

// An ensemble at one moment, and all that its future depends on.
struct ForecastStart {
    double time_s = 0.0, horizon_s = 0.0;
    std::uint64_t seed = 1;
    double band = 1.0;          // half width of a 90 % band in standard deviations
    double last_current = 0.0;  // measured [A]
    Quality quality = Quality::good;
    HeaterLoop loop;
    std::vector<HeaterLoop> own_loops{};  // of each member, where nothing is heard of the heater's; else empty
    struct Member {
        ArchiveMap state;
        std::vector<double> unknowns;
        double doubt_K = 0.0;          // by what its loop sees too much, where nothing is heard
        std::vector<float> T_K, Th_K;  // by cell; Th: empty without kinetics
    };
    std::vector<Member> members{};
    // What the coarse grid makes of things, to be taken off: by cell [K/s]; by sensor [K].
    std::vector<double> drift{}, offsets{};
    double drift_memory_s = 1.0;
    // The twin itself, on the full grid.
    double T_mean_K = 0.0, T_max_K = 0.0, resistance_ohm = 0.0;
    std::vector<float> T_K{}, Th_K{};
    std::map<std::string, double> skill{}, coverage{};  // of forecasts before
};

// What members stand on: of the filter, which outlives its forecasters.
struct ForecastGround {
    const Bed& bed;            // of the members
    const Scenario& scenario;  // as the members know it
    const Scenario& full;      // as it is
    const Unknowns& unknowns;
    const std::vector<InstrumentModel>& models;
    int current = 0, feedback = -1;                         // sensors
    const std::vector<std::size_t>&product, &full_product;  // cells of the members' bed; of the twin's
};

class Forecaster {
public:
    // threads: members that go on at once. Throws as Coupled.
    Forecaster(const ForecastGround& ground, int threads);
    ~Forecaster();
    // The same start gives the same bits, whatever the number of threads. Throws SolveError, also where it was stopped.
    Forecast run(const ForecastStart& start);
    // Ends a run on another thread within a step of each of its threads; none is made from then on.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
