// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/replay_log.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "bridge/heater/instrument_model.hpp"
#include "bridge/wire/payload.hpp"
#include "bridge/wire/reading_csv.hpp"
#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

class Frames final : public ReplayLog {
public:
    Frames(const std::filesystem::path& file, const Scenario& scenario) : reader_(file) {
        begin_ = begin_of(file);
        (void)reader_.next();
        intake_.emplace(scenario, begin_.start, begin_.window_s);
    }
    std::optional<LiveWork> next() override {
        while (auto record = reader_.next()) {
            const auto mark = mark_of(*record);
            if (!mark) {
                std::vector<std::string_view> parts(record->parts.begin(), record->parts.end());
                intake_->frame(record->t_receive_ns, parts);
                continue;
            }
            if (const auto* w = std::get_if<WindowMark>(&*mark)) {
                LiveWork work;
                work.batch = intake_->close(w->own_ns, w->length);
                work.degradation = w->degradation, work.forecast = w->forecast;
                return work;
            }
            if (std::holds_alternative<EndMark>(*mark)) ended_ = true;
        }
        if (reader_.damaged() > 0 && findings_.empty())
            findings_.push_back(std::to_string(reader_.damaged()) + " stretches of the log are damaged and were left out");
        if (!ended_ && findings_.empty())
            findings_.push_back("the log ends before its run does: the twin was stopped or killed");
        return {};
    }

private:
    FrameLogReader reader_;
    std::optional<Intake> intake_;
    bool ended_ = false;
};

class Table final : public ReplayLog {
public:
    Table(std::vector<LoggedReading> readings, const Scenario& scenario, const TableReplayOptions& options,
          const std::string& file)
        : options_(options), readings_(std::move(readings)) {
        const auto known = [&](const LoggedReading& one) {
            return std::any_of(scenario.sensors.begin(), scenario.sensors.end(),
                               [&](const Sensor& s) { return s.name == one.reading.sensor; });
        };
        if (std::none_of(readings_.begin(), readings_.end(), known)) {
            std::string names;
            for (const Sensor& s : scenario.sensors) names += (names.empty() ? "" : ", ") + s.name;
            throw InputError(file +
                             ": no reading of a sensor of the scenario; allowed: " + (names.empty() ? "none there" : names));
        }
        const auto key = [](const LoggedReading& one) {
            const Reading& r = one.reading;
            return std::tuple(r.t_source_ns, r.epoch, r.sensor, r.seq, r.value.value_or(0.0));
        };
        std::sort(readings_.begin(), readings_.end(),
                  [&](const LoggedReading& a, const LoggedReading& b) { return key(a) < key(b); });
        const std::size_t rows = readings_.size();
        readings_.erase(std::unique(readings_.begin(), readings_.end(),
                                    [&](const LoggedReading& a, const LoggedReading& b) { return key(a) == key(b); }),
                        readings_.end());
        if (rows > readings_.size())
            findings_.push_back(std::to_string(rows - readings_.size()) + " readings of the log are repetitions");
        const Reading& first = readings_.front().reading;
        end_s_ = 1e-9 * double(readings_.back().reading.t_source_ns - first.t_source_ns);
        if (end_s_ > kLongestTable)
            throw InputError(file + ": its readings lie " + format_for_people(end_s_, Dimension::time) +
                             " apart; allowed: at most " + format_for_people(kLongestTable, Dimension::time));
        begin_.start = {first.epoch, 1, first.t_source_ns};
        begin_.window_s = options.window_s;
        intake_.emplace(scenario, begin_.start, options.window_s);
    }

    std::optional<LiveWork> next() override {
        const double end = options_.window_s * double(intake_->windows() + 1);
        if (end > end_s_ + options_.window_s) return {};
        const std::int64_t until = begin_.start.start_ns + std::int64_t(std::llround(end * 1e9));
        for (; at_ < readings_.size() && readings_[at_].reading.t_source_ns <= until; ++at_) feed(readings_[at_].reading);
        LiveWork work;
        work.batch = intake_->close(until, 1);
        work.forecast = end >= forecast_at_ - 1e-6;
        if (work.forecast) forecast_at_ = end + options_.forecast_every_s;
        return work;
    }

private:
    // As if it had come at the moment of its measurement.
    void feed(const Reading& r) {
        const std::string topic = std::string(kTopicReading) + r.sensor, payload = encode_payload(r);
        Header h;
        h.type = MessageType::reading;
        h.seq = ++numbers_[r.sensor], h.epoch = 1;
        h.t_source_ns = h.t_send_ns = r.t_source_ns;
        h.quality = r.quality;
        const auto header = encode_header(h);
        const std::string_view parts[] = {topic, {header.data(), header.size()}, payload};
        intake_->frame(r.t_source_ns, parts);
    }

    TableReplayOptions options_;
    std::vector<LoggedReading> readings_;
    std::optional<Intake> intake_;
    std::map<std::string, std::uint64_t> numbers_;
    std::size_t at_ = 0;
    double end_s_ = 0.0, forecast_at_ = 0.0;
};

// The sensor that a column is: the feedback's, or the first of the kind.
std::map<LogRole, std::string> by_kind(const Scenario& scenario) {
    std::map<LogRole, std::string> names;
    for (const Sensor& s : scenario.sensors) {
        const LogRole role = s.kind == "voltage"   ? LogRole::voltage
                             : s.kind == "current" ? LogRole::current
                                                   : LogRole::temperature;
        if (!names.contains(role) || (scenario.heater && s.name == scenario.heater->feedback)) names[role] = s.name;
    }
    return names;
}

}  // namespace

std::unique_ptr<ReplayLog> open_frames(const std::filesystem::path& file, const Scenario& scenario) {
    return std::make_unique<Frames>(file, scenario);
}

std::unique_ptr<ReplayLog> open_table(const std::filesystem::path& file, const Scenario& scenario,
                                      const TableReplayOptions& options) {
    if (is_reading_csv(file)) return std::make_unique<Table>(read_reading_csv(file), scenario, options, file.string());
    const SensorLog log = read_sensor_log(file, options.columns);
    auto names = by_kind(scenario);
    for (const auto& [role, name] : options.sensors) names[role] = name;
    constexpr std::int64_t kSomeTime = 1'000'000'000'000'000'000;  // [ns] a logger's rows count from its first one
    auto readings = readings_of(log, names, kSomeTime);
    for (LoggedReading& one : readings) {
        // A log states no noise: what the instrument of this kind usually has, and no less than its step.
        for (const Sensor& s : scenario.sensors)
            if (s.name == one.reading.sensor)
                one.reading.sigma =
                    std::max(one.reading.sigma, instrument_model(s, scenario).sigma(one.reading.value.value_or(0.0)));
    }
    return std::make_unique<Table>(std::move(readings), scenario, options, file.string());
}

}  // namespace jt
