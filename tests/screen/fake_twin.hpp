// SPDX-License-Identifier: Apache-2.0
// FakeTwin: a source that looks like a live twin beside a heater: FakeSource's program on a bed with bands, sensors,
// parameters, NIS and a forecast, all formulas. Scenes are states that an operator may meet.
#pragma once
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/screen/fake_source.hpp"

namespace jt {

class FakeTwin final : public RunSource {
public:
    struct Control final : HeaterControl {
        std::vector<HeaterVerb> given;
        std::optional<HeaterCommand> now;
        std::string shut;
        Program program;
        void command(HeaterVerb verb, const Program* p) override {
            given.push_back(verb);
            if (p) program = *p;
            now = HeaterCommand{verb, HeaterCommand::State::sent, {}, 0.0, std::to_string(given.size())};
        }
        std::optional<HeaterCommand> last() const override { return now; }
        std::string closed() const override { return shut; }
    };

    static constexpr double kRow = 0.2, kHorizon = 10.0;
    static double half_K(double t) { return 2.0 + 10.0 * std::exp(-t / 4.0); }
    static double mean_K(double t) { return FakeSource::program_K(t) - 1.0 + 2.0 * std::sin(t / 3.0); }
    static double max_K(double t) { return mean_K(t) + 14.0; }

    explicit FakeTwin(double until) {
        facts_.name = "jh_1000_30";
        facts_.extents = Extents{20, 12, 8, 1e-3, 1e-3, 1e-3};
        Scenario& s = facts_.scenario;
        s.title = "JH-1000-30", s.run.duration = 60.0, s.run.output_every = 0.5;
        s.bed.initial_temperature = 298.15;
        Material nothing, coal;
        nothing.name = "void", nothing.is_void = true;
        coal.name = "coconut_char_600", coal.density = Law::make_constant(500.0);
        coal.kinetics.emplace();
        s.materials = {nothing, coal}, s.bed.product = {coal.name}, s.bed.cells = {20, 12, 8};
        Heater heater;
        heater.mode = Heater::Mode::temperature;
        heater.program = {{0.0, 10.0, 40.0, 60.0}, {298.15, 1273.15, 1273.15, 298.15}};
        heater.limit_temperature = 1323.15;
        heater.feedback = "pyrometer";
        heater.supply.current = 60.0, heater.supply.voltage = 20.0;
        s.heater = heater;
        Sensor pyrometer, first, second, voltage, current;
        pyrometer.name = "pyrometer", pyrometer.kind = "ratio_pyrometer", pyrometer.face = Face::zmax;
        pyrometer.spot_diameter = 2e-3, pyrometer.floor = 843.15;
        first.name = "tc_left", first.kind = "thermocouple", first.at = std::array<double, 3>{5e-3, 6e-3, 4e-3};
        second.name = "tc_right", second.kind = "thermocouple", second.at = std::array<double, 3>{15e-3, 6e-3, 4e-3};
        voltage.name = "voltage", voltage.kind = "voltage";
        current.name = "current", current.kind = "current";
        s.sensors = {pyrometer, first, second, voltage, current};
        s.target.capacity_mAh_g = 300.0;
        facts_.material.assign(facts_.extents.count(), 1);
        facts_.material_names = {"void", "coconut_char_600"};
        facts_.in_product.assign(facts_.extents.count(), true);
        facts_.device = "cpu AVX-512";
        state_ = {SourceState::Kind::live, "The twin is live", "", "127.0.0.1:5703", 0.04};
        control_.shut.clear();
        extend(until);
    }

    // Rows, state and forecast up to `until`.
    void extend(double until) {
        const double none = std::numeric_limits<double>::quiet_NaN();
        const auto& times = history_.times();
        for (double t = times.empty() ? 0.0 : times.back() + kRow; t <= until + 1e-9; t += kRow) {
            const double m = mean_K(t), x = max_K(t), h = half_K(t), I = 22.3, V = 4.52;
            const double reading = mean_K(t) + 1.5 * std::sin(17.0 * t);
            history_.append(t, std::vector<double>{FakeSource::program_K(t),
                                                   m,
                                                   m - h,
                                                   m + h,
                                                   x,
                                                   x - 1.5 * h,
                                                   x + 1.5 * h,
                                                   m - 9.0,
                                                   20.0,
                                                   I,
                                                   V,
                                                   I * V,
                                                   V / I,
                                                   1.31,
                                                   reading >= 843.15 ? reading : none,
                                                   1.3 - 0.003 * t,
                                                   250.0 + t,
                                                   1.0 + 0.15 * std::sin(5.0 * t),
                                                   0.7,
                                                   1.35,
                                                   1.2 * std::sin(11.0 * t),
                                                   0.9 * std::cos(7.0 * t),
                                                   1.1 * std::sin(5.0 * t),
                                                   std::cos(3.0 * t),
                                                   std::sin(2.0 * t)});
            if (std::fmod(t + 1e-9, 1.0) < 1e-6) outputs_.push_back(t);
        }
        const double t = history_.times().back();
        twin_.run_s = t, twin_.age_s = 0.04, twin_.members = 16, twin_.latency_s = 0.045;
        twin_.scalars["T_mean_K"] = {mean_K(t), mean_K(t) - half_K(t), mean_K(t) + half_K(t)};
        twin_.scalars["T_max_K"] = {max_K(t), max_K(t) - 1.5 * half_K(t), max_K(t) + 1.5 * half_K(t)};
        twin_.nis = *history_.at("nis", t), twin_.nis_low = 0.7, twin_.nis_high = 1.35;
        const auto sensor = [&](const char* name, const char* kind, const char* unit, double value, double innovation,
                                double sigma, double age, double bias, double half, std::uint64_t count) {
            TwinSensor one;
            one.name = name, one.kind = kind, one.unit = unit, one.verdict = "accepted", one.age_s = age;
            one.reading = value, one.predicted = value - innovation, one.innovation = innovation, one.sigma = sigma;
            one.bias = {bias, bias - half, bias + half};
            one.nis = innovation * innovation / sigma / sigma, one.autocorrelation = 0.1;
            one.counters = {{"accepted", count}, {"late", 3}};
            return one;
        };
        const double T = mean_K(t);
        twin_.sensors = {sensor("pyrometer", "ratio_pyrometer", "K", T + 0.5, -0.5, 2.1, 0.02, 1.2, 3.4, 1150),
                         sensor("tc_left", "thermocouple", "K", T - 20.0, -2.1, 2.4, 0.08, -0.8, 2.2, 229),
                         sensor("tc_right", "thermocouple", "K", T - 22.0, 1.3, 2.4, 0.08, 0.4, 2.3, 231),
                         sensor("voltage", "voltage", "V", 4.52, 0.012, 0.021, 0.01, 0.003, 0.01, 2301),
                         sensor("current", "current", "A", 22.3, 0.11, 0.15, 0.01, -0.02, 0.08, 2299)};
        if (T < 843.15) {
            twin_.sensors[0].verdict = "below floor";
            twin_.sensors[0].reading.reset(), twin_.sensors[0].innovation.reset(), twin_.sensors[0].sigma.reset();
        }
        twin_.parameters = {
            {"contact.end", "", {1.0, 0.44, 2.28}, {0.71, 0.66, 0.77}, true, ""},
            {"emissivity", "", {1.0, 0.78, 1.28}, {0.82, 0.78, 0.87}, true, ""},
            {"conductivity", "", {1.0, 0.56, 1.78}, {1.46, 1.31, 1.62}, true, ""},
            {"bed.sigma", "", {1.0, 0.27, 3.73}, {0.9, 0.45, 1.9}, false, "only as a product with contact.end"}};
        TwinForecast forecast;
        forecast.from_s = t, forecast.to_s = t + kHorizon, forecast.age_s = 0.4;
        for (double s = 0.0; s <= kHorizon + 1e-9; s += 0.5) {
            const double h = half_K(t) + 0.6 * s, p = FakeSource::program_K(std::min(t + s, 60.0)) - 1.0, q = p + 14.0;
            forecast.points.push_back({t + s, {{"T_mean_K", {p - h, p, p + h}}, {"T_max_K", {q - 1.5 * h, q, q + 1.5 * h}}}});
        }
        forecast.end_of_run = {{"capacity_mAh_g", {296.0, 304.0, 312.0}}, {"id_ig", {1.12, 1.15, 1.18}}};
        forecast.limits = {{"T_max_K", "limit of the heater", 1323.15, 0.0, std::nullopt}};
        twin_.forecast = forecast;
        twin_.heater.phase = HeaterFacts::Phase::running, twin_.heater.heard = true, twin_.heater.age_s = 0.1;
        twin_.heater.run = 1;
    }

    // Scenes.
    void lose_sensor() {
        TwinSensor& one = twin_.sensors[1];
        one.lost = true, one.verdict = "lost", one.age_s = 2.4;
        one.reading.reset(), one.innovation.reset(), one.sigma.reset();
        one.counters["absent"] = 24;
    }
    void refuse() {
        control_.given = {HeaterVerb::start};
        control_.now =
            HeaterCommand{HeaterVerb::start, HeaterCommand::State::refused, "the program is running already", 1.0, "r"};
    }
    void misfit() {
        twin_.misfit = true, twin_.nis = 3.1, twin_.quality = DataQuality::uncertain;
        twin_.message = "model misfit";
        for (auto& p : twin_.parameters) p.identified = false, p.note = "model misfit";
    }
    void near_limit(double probability = 0.95) {
        for (auto& point : twin_.forecast->points)
            for (auto& v : point.bands["T_max_K"]) v += 6.0 * (point.run_s - twin_.forecast->from_s);
        twin_.forecast->limits[0].probability = probability, twin_.forecast->limits[0].in_s = 4.5;
    }
    void disconnect(double age = 4.2) {
        state_ = {SourceState::Kind::broken, "The link to the twin is lost",
                  "It is tried again by itself. Go by the heater's own display; look whether jouletwin live still runs.",
                  "127.0.0.1:5703", age};
        twin_.age_s = age, twin_.expired = true;
        twin_.forecast->age_s = age, twin_.forecast->expired = true;
        twin_.heater.heard = false, twin_.heater.age_s = age;
        control_.shut = "no link: use the heater's own switch";
    }
    void expire(double age = 2.1) {
        twin_.age_s = age, twin_.expired = true;
        twin_.forecast->age_s = age + 0.4, twin_.forecast->expired = true;
        state_.age_s = age;
    }
    void waiting() {
        known_ = false;
        state_ = {SourceState::Kind::connecting, "127.0.0.1:5703 does not answer",
                  "Start the twin there: jouletwin live SCENARIO --sensors tcp://127.0.0.1:5701. It is tried again by itself.",
                  "127.0.0.1:5703", 3.0};
        control_.shut = "no link yet";
    }

    TwinFacts& facts_of_twin() { return twin_; }
    Control& control_of_heater() { return control_; }
    SourceState& shown_state() { return state_; }

    bool poll() override { return true; }
    SourceState state() const override { return state_; }
    const RunFacts* facts() const override { return known_ ? &facts_ : nullptr; }
    RunStatus status() const override {
        RunStatus s;
        s.realtime_factor = 1.0;
        return s;
    }
    const History& history() const override { return known_ ? history_ : none_; }
    const std::vector<ScreenEvent>& events() const override { return events_; }
    const std::vector<double>& frame_times() const override { return known_ ? outputs_ : no_times_; }
    const std::vector<std::string>& field_names() const override { return names_; }
    void want(double, const std::vector<std::string>& fields) override {
        if (!known_) return;
        auto frame = std::make_shared<FieldFrame>();
        frame->time_s = history_.times().back();
        const Extents& e = facts_.extents;
        for (const auto& name : fields) {
            auto& values = frame->fields[name];
            for (int k = 0; k < e.nz; ++k)
                for (int j = 0; j < e.ny; ++j)
                    for (int i = 0; i < e.nx; ++i) {
                        const float T = FakeSource::cell_K(e, i, j, k, frame->time_s);
                        values.push_back(name == "T_K"              ? T
                                         : name == "T_sd_K"         ? 3.5f
                                         : name == "Th_K"           ? std::max(T, 1100.0f)
                                         : name == "J_over_J0"      ? 1.0f + 0.3f * float(std::sin(0.7 * i) * std::cos(0.9 * j))
                                         : name == "id_ig"          ? 1.3f - 0.0005f * (T - 300.0f)
                                         : name == "capacity_mAh_g" ? 300.0f + 0.01f * (T - 300.0f)
                                                                    : std::numeric_limits<float>::quiet_NaN());
                    }
        }
        frame_ = frame;
    }
    FramePtr frame() const override { return frame_; }
    const TwinFacts* twin() const override { return known_ ? &twin_ : nullptr; }
    HeaterControl* heater() override { return &control_; }

private:
    bool known_ = true;
    RunFacts facts_;
    TwinFacts twin_;
    Control control_;
    SourceState state_;
    History none_;
    History history_{{"setpoint_K",
                      "T_mean_K",
                      "T_mean_K_p05",
                      "T_mean_K_p95",
                      "T_max_K",
                      "T_max_K_p05",
                      "T_max_K_p95",
                      "T_min_K",
                      "T_spread_K",
                      "current_A",
                      "voltage_V",
                      "power_W",
                      "resistance_ohm",
                      "J_crowding",
                      "reading_K",
                      "id_ig",
                      "capacity_mAh_g",
                      "nis",
                      "nis_p025",
                      "nis_p975",
                      "innovation_pyrometer",
                      "innovation_tc_left",
                      "innovation_tc_right",
                      "innovation_voltage",
                      "innovation_current"}};
    std::vector<ScreenEvent> events_;
    std::vector<double> outputs_, no_times_;
    std::vector<std::string> names_{"T_K", "T_sd_K", "J_over_J0", "Th_K", "id_ig", "capacity_mAh_g"};
    FramePtr frame_;
};

}  // namespace jt
