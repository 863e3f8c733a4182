// SPDX-License-Identifier: Apache-2.0
// LiveFeed: a run of this process and the screen that watches it. The feed observes the run on the run's thread; its source is
// the screen's. Neither ever waits for the other: rows go through a queue, none is lost; of fields the newest are handed over,
// and those of outputs are kept in memory, so that the screen can go back in time while the run goes on. The run is the same to
// the last bit with and without a screen.
#pragma once
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "twin/recording/timeseries.hpp"
#include "twin/stepping/run_coupled.hpp"
#include "viz/screen/data/run_source.hpp"

namespace jt {

class LiveFeed final : public RunObserver {
public:
    struct Settings {
        std::string name, folder, device;  // for people; folder: where the run is recorded
        double rate = 1.0;                 // simulated seconds in a second at the start, 0: as fast as possible
        // Of outputs; beyond, every second of the older ones goes.
        std::size_t fields_in_memory = std::size_t(512) << 20;
        double sample_every_s = 0.1;  // wall time between two pictures at least
    };
    LiveFeed(const Scenario& scenario, Settings settings);
    ~LiveFeed() override;

    // The screen's side; it may outlive the feed. Ask once.
    std::unique_ptr<RunSource> source();

    // The observer, on the run's thread. stepped: false once the screen has asked for the end.
    bool stepped(const CoupledRun&) override;
    bool recorded(const CoupledRun&, const RunRecord&, RunFields&) override;
    // While a screen watches, some ten times a second, in no more than a twentieth of the time of a run that is as fast as it
    // can.
    bool wants_sample(double t) override;
    void sampled(const CoupledRun&, const RunRecord&, RunFields&) override;

    // How the run ended: by itself, or by what was thrown.
    void ended(const CoupledRun&);
    void failed(const std::string& why);
    // The folder is complete: from now on the source shows it.
    void recorded_in(const std::string& folder);

    bool stop_commanded() const;
    double commanded_rate() const;
    void confirm_rate(double);

private:
    struct Link;
    class Source;
    void first(const CoupledRun&, RunFields&);
    void show(const CoupledRun&, const RunRecord&, RunFields&, bool output);
    void publish();

    std::shared_ptr<Link> link_;
    const Scenario scenario_;
    const Settings settings_;
    const TimeSeriesColumns columns_;
    struct Told;
    std::unique_ptr<Told> told_;  // what was handed over last
    std::size_t rows_ = 0, bytes_ = 0;
    std::vector<std::string> wanted_, kept_;  // fields: of the newest moment, of outputs
    std::deque<std::pair<std::chrono::steady_clock::time_point, double>> pace_;
    std::chrono::steady_clock::time_point asked_{}, sampled_{};
    double cost_s_ = 0.0;  // of the last sample
};

}  // namespace jt
