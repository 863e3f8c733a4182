// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/live_worker.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <variant>

#include "kernels/error.hpp"

namespace jt {
namespace {

struct Begin {
    std::uint64_t run = 1;
    std::optional<std::filesystem::path> folder;
    bool resume = false;
};
struct End {
    bool interrupted = false;
    std::map<std::string, double> figures;
};
using Order = std::variant<Begin, LiveWork, End>;
using Clock = std::chrono::steady_clock;

}  // namespace

struct LiveWorker::Impl {
    Impl(Backend& b, const Scenario& s, const WorkerOptions& o) : backend(b), scenario(s), options(o) {
        thread = std::thread([this] { work(); });
    }
    ~Impl() {
        {
            const std::lock_guard lock(mutex);
            stop = true;
        }
        wake.notify_all();
        thread.join();
    }

    void tell(Event event) {
        {
            const std::lock_guard lock(mutex);
            events.push_back(std::move(event));
        }
        told.notify_all();
    }

    std::optional<Order> next() {
        std::unique_lock lock(mutex);
        wake.wait(lock, [&] { return stop || !orders.empty(); });
        if (orders.empty()) return {};
        Order order = std::move(orders.front());
        orders.pop_front();
        return order;
    }

    void work() {
        for (;;) {
            try {
                if (!twin) prepare();
            } catch (const std::exception& error) {
                Event event;
                event.trouble = std::string("no twin can be made: ") + error.what();
                tell(std::move(event));
                return;
            }
            auto order = next();
            if (!order) break;
            try {
                std::visit([&](auto& one) { take(one); }, *order);
            } catch (const std::exception& error) {
                Event event;
                event.trouble = error.what();
                tell(std::move(event));
            }
        }
        if (!recorder) return;
        End end;
        end.interrupted = true;
        try {
            take(end);
        } catch (const std::exception& error) {
            Event event;
            event.trouble = error.what();
            tell(std::move(event));
        }
    }

    void prepare(bool say = true) {
        twin = std::make_unique<LiveTwin>(backend, scenario, options.twin);
        twin->warm_up();
        {
            const std::lock_guard lock(mutex);
            for (const auto& [what, text] : twin->notes()) note = text;
        }
        if (!say) return;
        Event event;
        event.ready = true;
        tell(std::move(event));
    }

    void take(Begin& begin) {
        twin->set_run(begin.run);
        began = Clock::now();
        recorder.reset();
        if (begin.resume) return resume(*begin.folder);
        if (begin.folder) recorder = std::make_unique<LiveRecorder>(*begin.folder, options.scenario_toml, backend, *twin);
    }
    // Where that cannot be done the run is not recorded, and its twin starts anew.
    void resume(const std::filesystem::path& folder) {
        Event event;
        event.resumed = 0;
        try {
            recorder = std::make_unique<LiveRecorder>(LiveRecorder::Resume{}, folder, backend, *twin);
            if (!recorder->kept().empty()) {
                twin->restore(recorder->kept());
                event.resumed = windows_of(recorder->kept());
            }
        } catch (const Error& error) {
            recorder.reset();
            twin.reset();
            prepare(false);
            event.trouble = error.what();
        }
        tell(std::move(event));
    }
    void take(LiveWork& order) {
        Event event;
        LiveResult all = twin->take(order);
        auto row = std::exchange(all.row, std::nullopt);
        auto kept = std::exchange(all.kept, std::nullopt);
        event.result = all;
        if (recorder) {
            all.row = std::move(row), all.kept = std::move(kept);  // megabytes
            recorder->put(std::move(all));
            event.trouble = recorder->trouble();
        }
        {
            const std::lock_guard lock(mutex);
            --in_work;
        }
        tell(std::move(event));
    }
    void take(End& end) {
        const std::unique_ptr<LiveRecorder> done = std::move(recorder);
        if (done) {
            done->drain(end.interrupted, std::chrono::duration<double>(Clock::now() - began).count());
            if (options.recorded) options.recorded(*done, scenario);
            done->finish(end.figures);
            Event event;
            event.ended = done->folder().string();
            event.trouble = done->trouble();
            tell(std::move(event));
        }
        twin.reset();
    }

    Backend& backend;
    const Scenario scenario;
    const WorkerOptions options;
    std::unique_ptr<LiveTwin> twin;
    std::unique_ptr<LiveRecorder> recorder;  // goes before the twin
    Clock::time_point began;
    mutable std::mutex mutex;  // of all below
    std::condition_variable wake, told;
    std::deque<Order> orders;
    std::vector<Event> events;
    std::string note;
    int in_work = 0;
    bool stop = false;
    std::thread thread;
};

LiveWorker::LiveWorker(Backend& backend, const Scenario& scenario, const WorkerOptions& options)
    : impl_(std::make_unique<Impl>(backend, scenario, options)) {}
LiveWorker::~LiveWorker() = default;

void LiveWorker::begin(std::uint64_t run, const std::optional<std::filesystem::path>& folder, bool resume) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->orders.push_back(Begin{run, folder, resume});
    }
    impl_->wake.notify_one();
}
void LiveWorker::put(LiveWork work) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->orders.push_back(std::move(work));
        ++impl_->in_work;
    }
    impl_->wake.notify_one();
}
void LiveWorker::end(bool interrupted, const std::map<std::string, double>& figures) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->orders.push_back(End{interrupted, figures});
    }
    impl_->wake.notify_one();
}
int LiveWorker::waiting() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->in_work;
}
std::vector<LiveWorker::Event> LiveWorker::take() {
    const std::lock_guard lock(impl_->mutex);
    return std::exchange(impl_->events, {});
}
void LiveWorker::wait(double seconds) {
    std::unique_lock lock(impl_->mutex);
    impl_->told.wait_for(lock, std::chrono::duration<double>(seconds), [&] { return !impl_->events.empty(); });
}
std::string LiveWorker::note() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->note;
}

}  // namespace jt
