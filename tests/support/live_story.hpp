// SPDX-License-Identifier: Apache-2.0
// LiveStory: a virtual heater and a live twin without sockets and without waiting: what the heater sends goes as frames to the
// twin's intake at the plant's own time.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bridge/heater/random_draw.hpp"
#include "bridge/heater/virtual_heater.hpp"
#include "bridge/live/live_twin.hpp"
#include "bridge/wire/payload.hpp"
#include "kernels/backend.hpp"

namespace jt::support {

struct StoryFrame {
    std::int64_t t_receive_ns = 0;
    std::vector<std::string> parts;
};

inline StoryFrame frame_of(const std::string& topic, const Message& message, std::uint64_t epoch, std::uint64_t seq,
                           std::int64_t t_source_ns, std::int64_t t_receive_ns) {
    Header h;
    h.type = type_of(message), h.seq = seq, h.epoch = epoch, h.t_source_ns = t_source_ns, h.t_send_ns = t_receive_ns;
    const auto raw = encode_header(h);
    return {t_receive_ns, {topic, std::string(raw.data(), raw.size()), encode_payload(message)}};
}

inline void give(Intake& intake, const StoryFrame& frame) {
    const std::vector<std::string_view> parts(frame.parts.begin(), frame.parts.end());
    intake.frame(frame.t_receive_ns, parts);
}

class LiveStory {
    std::unique_ptr<Backend> plant_backend_, backend_;  // outlive the rest

public:
    static constexpr std::int64_t kStart = 1'700'000'000'000'000'000;  // [ns]

    LiveStory(const Scenario& scenario, const Hidden& hidden, const std::vector<std::string>& faults, std::uint64_t seed,
              LiveTwinOptions options = {})
        : plant_backend_(make_backend("cpu")), backend_(make_backend("cpu")), scenario_(scenario), options_(options) {
        VirtualHeaterOptions o;
        o.epoch = 7, o.unix_ns = kStart;
        o.plant.seed = seed;
        o.plant.faults = parse_faults(faults, scenario);
        heater.emplace(*plant_backend_, scenario, hidden, o);
        twin.emplace(*backend_, scenario, options);
    }

    // Up to `end` [s]; `each` sees every result.
    void run(double end, const std::function<void(const LiveResult&)>& each = {}) {
        if (!intake) {
            Command start;
            start.id = "start", start.verb = "start";
            (void)heater->command(start, kStart, 0.0);
            intake.emplace(scenario_, RunStart{7, 1, heater->status(0.0).start_ns}, options_.window_s);
        }
        for (; clock_ < end - 1e-9;) {
            clock_ = kTick * double(++ticks_);
            heater->advance(clock_);
            const std::int64_t now = kStart + std::int64_t(clock_ * 1e9);
            const bool silent = heater->silent();
            for (const Reading& r : heater->take(clock_))
                if (!silent) send(frame_of("reading/" + r.sensor, r, 7, ++numbers_["reading/" + r.sensor], r.t_source_ns, now));
            if (heater->garbage() && !silent)
                for (int n = 0; n < 5; ++n) send({now, {"reading/x", noise(), noise()}});
            if (ticks_ % 5 == 0 && !silent) send(frame_of("heater", heater->status(clock_), 7, ++numbers_["heater"], now, now));
            while (intake->due(now, 1)) {
                LiveWork work;
                work.batch = intake->close(now, 1);
                work.forecast = forecasts && windows_++ % 10 == 0;
                const LiveResult result = twin->take(work);
                for (const AlarmMessage& alarm : result.alarms) {
                    alarms.push_back(alarm);
                    if (alarm.active) raised.push_back(alarm.id);
                }
                last = result;
                if (each) each(result);
            }
        }
    }

    std::optional<VirtualHeater> heater;
    std::optional<Intake> intake;
    std::optional<LiveTwin> twin;
    std::vector<AlarmMessage> alarms;
    std::vector<std::string> raised;  // ids in order
    LiveResult last;
    bool forecasts = false;
    std::vector<StoryFrame> sent;

private:
    static constexpr double kTick = 0.02;  // [s]
    void send(StoryFrame frame) {
        give(*intake, frame);
        sent.push_back(std::move(frame));
    }
    std::string noise() {
        std::string out(40, '\0');
        for (char& c : out) c = char(random_.unit() * 256.0);
        return out;
    }
    const Scenario scenario_;
    LiveTwinOptions options_;
    std::map<std::string, std::uint64_t> numbers_;
    SplitMix64 random_ = stream(3, "garbage of the story");
    double clock_ = 0.0;
    long ticks_ = 0, windows_ = 0;
};

}  // namespace jt::support
