// SPDX-License-Identifier: Apache-2.0
// ForecastThread: makes forecasts beside the twin, at a lower priority, one at a time. Its owner never waits for it but at the
// end, for the rest of a forecast.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "bridge/assimilation/forecaster.hpp"

namespace jt {

class ForecastThread {
public:
    explicit ForecastThread(std::unique_ptr<Forecaster> forecaster);
    ~ForecastThread();

    // False: it is still busy with the one before.
    bool ask(ForecastStart start);
    bool busy() const;
    struct Made {
        std::optional<Forecast> forecast;
        std::string problem;  // why there is none
        double took_s = 0.0;
    };
    // What has been made since the last call.
    std::optional<Made> take();

private:
    void work();

    std::unique_ptr<Forecaster> forecaster_;
    mutable std::mutex mutex_;  // of all below
    std::condition_variable wake_;
    std::optional<ForecastStart> asked_;
    std::optional<Made> made_;
    bool busy_ = false, stop_ = false;
    std::thread thread_;
};

}  // namespace jt
