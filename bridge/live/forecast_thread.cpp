// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/forecast_thread.hpp"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>

namespace jt {
namespace {

// Threads that have the time that others leave never end beside others that leave none: those of this process become as others.
void take_part_again() {
    std::error_code code;
    for (std::filesystem::directory_iterator task("/proc/self/task", code), end; !code && task != end; task.increment(code)) {
        const pid_t thread = pid_t(std::atol(task->path().filename().c_str()));
        const sched_param none{};
        if (thread > 0 && sched_getscheduler(thread) == SCHED_IDLE) (void)sched_setscheduler(thread, SCHED_OTHER, &none);
    }
}

}  // namespace

ForecastThread::ForecastThread(std::unique_ptr<Forecaster> forecaster)
    : forecaster_(std::move(forecaster)), thread_([this] { work(); }) {}

ForecastThread::~ForecastThread() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    forecaster_->stop();
    take_part_again();
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
    // It has the time that others leave, and so has the team of its members, which it starts; where that is refused, they are
    // as others are.
    const sched_param none{};
    (void)sched_setscheduler(pid_t(syscall(SYS_gettid)), SCHED_IDLE, &none);
    for (;;) {
        std::optional<ForecastStart> start;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return stop_ || asked_; });
            if (stop_) return;
            start = std::exchange(asked_, std::nullopt);
        }
        Made made;
        const auto began = std::chrono::steady_clock::now();
        try {
            made.forecast = forecaster_->run(*start);
        } catch (const std::exception& error) {
            made.problem = error.what();
        }
        made.took_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        const std::lock_guard lock(mutex_);
        made_ = std::move(made);
        busy_ = false;
    }
}

}  // namespace jt
