// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/forecast_thread.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include <exception>

namespace jt {
namespace {

constexpr int kNicer = 10;  // than the thread that corrects the twin

}  // namespace

ForecastThread::ForecastThread(std::unique_ptr<Forecaster> forecaster)
    : forecaster_(std::move(forecaster)), thread_([this] { work(); }) {}

ForecastThread::~ForecastThread() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

bool ForecastThread::ask(ForecastStart start) {
    {
        const std::lock_guard lock(mutex_);
        if (busy_) return false;
        busy_ = true;
        asked_ = std::move(start);
    }
    wake_.notify_all();
    return true;
}

bool ForecastThread::busy() const {
    const std::lock_guard lock(mutex_);
    return busy_;
}

std::optional<ForecastThread::Made> ForecastThread::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(made_, std::nullopt);
}

void ForecastThread::work() {
    (void)setpriority(PRIO_PROCESS, id_t(syscall(SYS_gettid)), kNicer);  // refused: then it is as the others
    // Its members are small: a team for each of their loops would wait more than it works.
#ifdef _OPENMP
    omp_set_num_threads(1);
#endif
    for (;;) {
        std::optional<ForecastStart> start;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return stop_ || asked_; });
            if (stop_) return;
            start = std::exchange(asked_, std::nullopt);
        }
        Made made;
        try {
            made.forecast = forecaster_->run(*start);
        } catch (const std::exception& error) {
            made.problem = error.what();
        }
        const std::lock_guard lock(mutex_);
        made_ = std::move(made);
        busy_ = false;
    }
}

}  // namespace jt
