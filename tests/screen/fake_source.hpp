// SPDX-License-Identifier: Apache-2.0
// FakeSource: a run in memory for tests of the screen: a bar of 20 x 12 x 8 cells that ramps to 1273 K in 10 s, holds until 40
// s and cools until 60 s; a row every 0.5 s, fields every second. Values are formulas, so that a test can tell what must be
// shown.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "viz/screen/data/run_source.hpp"

namespace jt {

class FakeSource final : public RunSource {
public:
    struct Control final : RunControl {
        bool told_to_stop = false;
        double rate = 1.0;
        void stop() override { told_to_stop = true; }
        void set_rate(double r) override { rate = r; }
        bool stop_commanded() const override { return told_to_stop; }
        double commanded_rate() const override { return rate; }
        double confirmed_rate() const override { return 1.0; }
    };

    static constexpr double kEnd = 60.0, kRow = 0.5, kOutput = 1.0;
    static double program_K(double t) {
        if (t < 10.0) return 298.15 + (1273.15 - 298.15) * t / 10.0;
        if (t < 40.0) return 1273.15;
        return 1273.15 - (1273.15 - 298.15) * (t - 40.0) / 20.0;
    }
    // T_K of a cell: the program plus a bump of 8 K in the middle.
    static float cell_K(const Extents& e, int i, int j, int k, double t) {
        const auto off = [](int n, int count) { return (n + 0.5) / count - 0.5; };
        const double r2 = std::pow(off(i, e.nx), 2) + std::pow(off(j, e.ny), 2) + std::pow(off(k, e.nz), 2);
        return float(program_K(t) + 8.0 * std::exp(-12.0 * r2));
    }

    // Rows until `until`; live: it goes on then (add_rows).
    explicit FakeSource(double until = kEnd, bool live = false) : live_(live) {
        facts_.name = "fake";
        facts_.extents = Extents{20, 12, 8, 1e-3, 1e-3, 1e-3};
        facts_.scenario.title = "fake";
        facts_.scenario.run.duration = kEnd;
        Heater heater;
        heater.mode = Heater::Mode::temperature;
        heater.program = {{0.0, 10.0, 40.0, 60.0}, {298.15, 1273.15, 1273.15, 298.15}};
        heater.limit_temperature = 1323.15;
        facts_.scenario.heater = heater;
        const auto cells = std::size_t(facts_.extents.nx * facts_.extents.ny * facts_.extents.nz);
        facts_.material.assign(cells, 1);
        facts_.material_names = {"void", "char"};
        facts_.in_product.assign(cells, true);
        facts_.device = "cpu";
        add_rows(until);
        events_ = {{10.0, "1000 \u00b0C reached"}};
    }

    void add_rows(double until) {
        const auto& times = history_.times();
        for (double t = times.empty() ? 0.0 : times.back() + kRow; t <= until + 1e-9; t += kRow) {
            const double T = program_K(t), I = 20.0 + 0.1 * t, V = 4.5;
            history_.append(
                t, std::vector<double>{T, T, T + 8.0, T - 1.0, 7.0, I, V, I * V, V / I, 1.1, 1.3 - 0.005 * t, 300.0 + 0.2 * t});
            if (std::fmod(t + 1e-9, kOutput) < 1e-6) outputs_.push_back(t);
        }
        news_ = true;
    }
    void end() { live_ = false, news_ = true; }

    // What the screen asked for.
    std::vector<std::string> asked_fields;
    double asked_s = -1.0;
    int polls = 0;
    Control controls;
    bool with_control = false;
    SourceState shown_state;     // in place of the usual one when its text is not empty
    bool facts_known = true;     // false: nothing is known yet
    bool deliver_fields = true;  // false: fields never come
    RunFacts& own_facts() { return facts_; }

    bool poll() override {
        ++polls;
        bool changed = std::exchange(news_, false);
        if (pending_ && deliver_fields) frame_ = form(asked_s, asked_fields), pending_ = false, changed = true;
        return changed;
    }
    SourceState state() const override {
        if (!shown_state.text.empty()) return shown_state;
        return {live_ ? SourceState::Kind::live : SourceState::Kind::finished, {}, {}, "fake", live_ ? 0.1 : 0.0};
    }
    const RunFacts* facts() const override { return facts_known ? &facts_ : nullptr; }
    RunStatus status() const override {
        RunStatus s;
        s.phase = live_ ? RunStatus::Phase::running : RunStatus::Phase::complete;
        s.realtime_factor = 3.2, s.energy_residual = 2e-10;
        return s;
    }
    const History& history() const override { return facts_known ? history_ : none_; }
    const std::vector<ScreenEvent>& events() const override { return events_; }
    const std::vector<double>& frame_times() const override { return outputs_; }
    const std::vector<std::string>& field_names() const override { return names_; }
    void want(double t, const std::vector<std::string>& fields) override {
        if (outputs_.empty()) return;
        const double nearest = *std::min_element(outputs_.begin(), outputs_.end(),
                                                 [&](double a, double b) { return std::abs(a - t) < std::abs(b - t); });
        if (nearest == asked_s && fields == asked_fields) return;
        asked_s = nearest, asked_fields = fields, pending_ = true;
    }
    FramePtr frame() const override { return frame_; }
    RunControl* control() override { return with_control ? &controls : nullptr; }

private:
    FramePtr form(double t, const std::vector<std::string>& fields) const {
        auto frame = std::make_shared<FieldFrame>();
        frame->time_s = t;
        const Extents& e = facts_.extents;
        for (const auto& name : fields) {
            auto& values = frame->fields[name];
            for (int k = 0; k < e.nz; ++k)
                for (int j = 0; j < e.ny; ++j)
                    for (int i = 0; i < e.nx; ++i) {
                        const float T = cell_K(e, i, j, k, t);
                        values.push_back(name == "T_K"              ? T
                                         : name == "Th_K"           ? std::max(T, 1100.0f)
                                         : name == "J_over_J0"      ? 1.0f + 0.3f * float(std::sin(0.7 * i) * std::cos(0.9 * j))
                                         : name == "id_ig"          ? 1.3f - 0.0005f * (T - 300.0f)
                                         : name == "capacity_mAh_g" ? 300.0f + 0.01f * (T - 300.0f)
                                                                    : std::numeric_limits<float>::quiet_NaN());
                    }
        }
        return frame;
    }

    bool live_, news_ = true, pending_ = false;
    RunFacts facts_;
    History none_;
    History history_{{"setpoint_K", "T_mean_K", "T_max_K", "T_min_K", "T_spread_K", "current_A", "voltage_V", "power_W",
                      "resistance_ohm", "J_crowding", "id_ig", "capacity_mAh_g"}};
    std::vector<ScreenEvent> events_;
    std::vector<double> outputs_;
    std::vector<std::string> names_{"T_K", "J_over_J0", "Th_K", "id_ig", "capacity_mAh_g"};
    FramePtr frame_;
};

}  // namespace jt
