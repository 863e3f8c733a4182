// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "bridge/assimilation/quality_control.hpp"
#include "bridge/assimilation/twin_filter.hpp"
#include "bridge/heater/hidden.hpp"
#include "bridge/heater/plant.hpp"
#include "bridge/heater/random_draw.hpp"
#include "tests/support/small_r1.hpp"
#include "twin/recording/checkpoint.hpp"

namespace jt {
namespace {

using test::bed_of;
using test::kScenarios;
using test::small_r1;

// A thermocouple in a bed at rest: its bias alone is unknown, all is linear.
std::vector<Sample> still(const Scenario& s, double from, double to, double bias) {
    std::vector<Sample> out;
    for (int n = int(std::lround(from * 10.0)) + 1; n <= int(std::lround(to * 10.0)); ++n) {
        out.push_back({1, 0.1 * n, s.bed.initial_temperature + bias + (n % 2 ? 0.3 : -0.3), 0.5, std::uint64_t(n)});
        out.push_back({4, 0.1 * n, 0.0, 0.03, std::uint64_t(n)});  // no current flows
    }
    return out;
}
const std::string kBiasAlone = "estimate=[{name=\"bias\", sensor=\"tc_centre\", sd=\"4 K\"}]";

// Clamps as cold as the bed: nothing moves.
Scenario at_rest(const std::string& estimate = kBiasAlone) {
    std::vector<std::string> sets{"bed.voxel=[\"2.5 mm\", \"10 mm\", \"0.125 mm\"]"};
    if (!estimate.empty()) sets.push_back(estimate);
    for (const char* terminal : {"0", "1"}) sets.push_back("terminal[" + std::string(terminal) + "].temperature=\"25 degC\"");
    return read_scenario(kScenarios / "live_r1.toml", sets);
}

// Variance of a window's reading: noise of 0.5 K, and 0.15 K by which a model is off that stays for 2 s.
double variance_of_window() {
    const double a = std::exp(-0.1 / 2.0);
    return 0.25 + 0.15 * 0.15 * (1.0 + a) / (1.0 - a);
}
double closed_form(double prior, double reading, int windows) {
    return reading * prior / (prior + variance_of_window() / windows);
}

TEST(TwinFilterTest, OfALinearCaseIsTheClosedForm) {
    const Scenario scenario = at_rest();
    const auto backend = make_backend("cpu");
    FilterOptions options;
    options.members = 4;
    TwinFilter filter(*backend, scenario, options);
    TwinState state;
    for (int k = 1; k <= 20; ++k) state = filter.advance(0.1 * k, still(scenario, 0.1 * (k - 1), 0.1 * k, 2.0));
    ASSERT_EQ(state.parameters.size(), 1u);
    const Estimate& bias = state.parameters[0].posterior;
    EXPECT_NEAR(
        bias.value,
        0.05 *
            [] {
                double sum = 0.0;  // of twenty times the mean of the readings, +0.3 and -0.3 in turn
                for (int n = 1; n <= 20; ++n) sum += closed_form(16.0, 2.0 + (n % 2 ? 0.3 : -0.3), 20);
                return sum;
            }(),
        1e-6);
    EXPECT_NEAR(bias.sd, std::sqrt(1.0 / (1.0 / 16.0 + 20.0 / variance_of_window())), 1e-6);
    EXPECT_EQ(state.sensors[1].counters.at(verdict::kAccepted), 20u);
    EXPECT_FALSE(state.misfit);
}

// Of a bias with a prior of 4 K: 10 K may be, 20 K the model has to explain.
TEST(TwinFilterTest, AnUnknownFarOffItsPriorIsAMisfit) {
    const Scenario scenario = at_rest();
    const auto run = [&](double bias) {
        const auto backend = make_backend("cpu");
        FilterOptions options;
        options.members = 4;
        TwinFilter filter(*backend, scenario, options);
        TwinState state;
        for (int k = 1; k <= 20; ++k) state = filter.advance(0.1 * k, still(scenario, 0.1 * (k - 1), 0.1 * k, bias));
        return state;
    };
    const TwinState usual = run(10.0), far = run(20.0);
    EXPECT_NEAR(far.parameters[0].posterior.value, 20.0, 1.0);
    EXPECT_FALSE(usual.misfit) << usual.message;
    EXPECT_TRUE(usual.parameters[0].identified);
    EXPECT_TRUE(far.misfit);
    EXPECT_FALSE(far.parameters[0].identified);
}

TEST(TwinFilterTest, ALateReadingCountsAsIfItHadComeInTime) {
    const Scenario scenario = at_rest();
    FilterOptions options;
    options.members = 4;
    const auto one = make_backend("cpu"), other = make_backend("cpu");
    TwinFilter in_time(*one, scenario, options), late(*other, scenario, options);
    TwinState a, b;
    std::vector<Sample> held;
    for (int k = 1; k <= 20; ++k) {
        auto readings = still(scenario, 0.1 * (k - 1), 0.1 * k, 2.0);
        a = in_time.advance(0.1 * k, readings);
        if (k % 7 == 0) held = readings, readings.clear();
        if (k % 7 == 4) readings.insert(readings.end(), held.begin(), held.end());  // 0.4 s later
        b = late.advance(0.1 * k, readings);
    }
    EXPECT_NEAR(a.parameters[0].posterior.value, b.parameters[0].posterior.value, 1e-6);
    EXPECT_NEAR(a.parameters[0].posterior.sd, b.parameters[0].posterior.sd, 1e-6);
    // beyond the lateness: refused, and said so
    const Sample old{1, 0.5, 300.0, 0.5, 999};
    EXPECT_EQ(late.advance(2.1, std::span(&old, 1)).sensors[1].counters.at(verdict::kLate), 1u);
}

// Who hears nothing goes on as the heater is taken to do, with bands that widen; and a twin that comes late is where the heater
// is, as far as it can know.
TEST(TwinFilterTest, WithoutReadingsMembersFollowTheProgramAndSpread) {
    const Scenario scenario = small_r1();
    const auto backend = make_backend("cpu");
    FilterOptions options;
    options.members = 16;
    TwinFilter filter(*backend, scenario, options);
    TwinState state;
    for (int k = 1; k <= 250; ++k) state = filter.advance(0.1 * k, {});
    const Estimate mean = state.scalars.at("T_mean_K"), max = state.scalars.at("T_max_K");
    EXPECT_GT(max.value, 1200.0);  // 1000 degC are held by then
    EXPECT_LT(max.value, 1450.0);
    EXPECT_LT(mean.value, max.value);
    EXPECT_GT(max.high - max.low, 20.0);
    EXPECT_EQ(state.quality, Quality::predicted);
    EXPECT_EQ(state.message, "no current is measured");
    for (const ParameterState& p : state.parameters) EXPECT_FALSE(p.identified) << p.name;
}

// Three seconds of the plant of small_r1(): its readings, window by window.
using Windows = std::vector<std::vector<Sample>>;
struct Record {
    Windows windows;
    PlantTable table;
};
const Record& recorded() {
    static const Record record = [] {
        const auto backend = make_backend("cpu");
        Hidden hidden;
        hidden.draw_seed = 5;
        Plant plant(*backend, small_r1(), hidden, {});
        plant.start();
        Record out{{}, plant.table()};
        for (int k = 1; k <= 30; ++k) {
            plant.advance(plant.start_clock() + 0.1 * k);
            out.windows.emplace_back();
            for (const PlantReading& r : plant.take())
                if (r.value) out.windows.back().push_back({r.sensor, r.run_s, *r.value, r.sigma, r.seq});
        }
        return out;
    }();
    return record;
}
FilterOptions with_table() {
    FilterOptions options;
    options.table = recorded().table;
    return options;
}

struct Bits {
    std::vector<double> T, numbers;
    bool operator==(const Bits&) const = default;
};
Bits bits_of(const Scenario& scenario, const Windows& windows, bool forecast = false) {
    const auto backend = make_backend("cpu");
    TwinFilter filter(*backend, scenario, with_table());
    for (std::size_t k = 0; k < windows.size(); ++k) {
        filter.advance(0.1 * double(k + 1), windows[k]);
        if (forecast && k % 10 == 9) filter.forecast(1.0);
    }
    Bits out{filter.twin().heat().temperature_K(), {}};
    for (const ParameterState& p : filter.state().parameters)
        out.numbers.insert(out.numbers.end(), {p.posterior.value, p.posterior.sd});
    for (const auto& [name, e] : filter.state().scalars) out.numbers.insert(out.numbers.end(), {e.value, e.sd});
    return out;
}

TEST(TwinFilterTest, SameReadingsGiveTheSameBitsWhateverTheirOrderAndTheThreads) {
    const Scenario scenario = small_r1();
    const Windows windows(recorded().windows.begin(), recorded().windows.begin() + 15);
    const Bits plain = bits_of(scenario, windows);
    ASSERT_GT(*std::max_element(plain.T.begin(), plain.T.end()), 310.0);
    auto shuffled = windows;
    SplitMix64 random(3);
    for (auto& window : shuffled) {
        if (!window.empty()) window.push_back(window.front());  // repeated
        for (std::size_t n = window.size(); n > 1; --n) std::swap(window[n - 1], window[random.next() % n]);
    }
    EXPECT_TRUE(bits_of(scenario, shuffled) == plain);
    const int threads = omp_get_max_threads();
    omp_set_num_threads(threads == 1 ? 3 : 1);
    const Bits other = bits_of(scenario, windows);
    omp_set_num_threads(threads);
    EXPECT_TRUE(other == plain);
    // a forecast is a look ahead and leaves no trace
    EXPECT_TRUE(bits_of(scenario, windows, true) == plain);
}

// A reading of the bead at 4 mm, of a bed of 20 mm.
TEST(TwinFilterTest, ALocalReadingLeavesTheFarEndAlone) {
    const Scenario scenario = small_r1();
    const auto ends = [&](double radius_m, bool reading) {
        const auto backend = make_backend("cpu");
        FilterOptions options = with_table();
        options.radius_m = radius_m;
        TwinFilter filter(*backend, scenario, options);
        for (std::size_t k = 0; k < recorded().windows.size(); ++k) filter.advance(0.1 * double(k + 1), recorded().windows[k]);
        std::vector<Sample> batch;
        if (reading) batch.push_back({2, 3.001, *filter.state().sensors[2].predicted + 2.0, 0.5, 1000});
        filter.advance(3.001, batch);
        const auto T = filter.twin().heat().temperature_K();
        const Extents& e = filter.bed().extents;
        return std::pair(T[e.index(1, 0, e.nz / 2)], T[e.index(e.nx - 1, 0, e.nz / 2)]);
    };
    const auto with = ends(1e-3, true), without = ends(1e-3, false), global = ends(0.0, true), neither = ends(0.0, false);
    EXPECT_GT(std::abs(with.first - without.first), 1e-3);
    EXPECT_EQ(with.second, without.second);
    EXPECT_GT(std::abs(global.second - neither.second), 1e-3);
}

TEST(TwinFilterTest, ARestoredFilterGoesOnToTheLastBit) {
    const Scenario scenario = small_r1();
    const Windows& windows = recorded().windows;
    const auto folder = std::filesystem::temp_directory_path() / ("jt_filter_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto one = make_backend("cpu"), other = make_backend("cpu");
    TwinFilter straight(*one, scenario, with_table());
    const std::size_t half = 16;
    for (std::size_t k = 0; k < half; ++k) straight.advance(0.1 * double(k + 1), windows[k]);
    straight.forecast(1.0);
    write_checkpoint(folder, {straight.save(), {}});
    FilterOptions options;  // the table comes with the state
    options.seed = with_table().seed;
    TwinFilter restored(*other, scenario, options);
    restored.restore(read_checkpoint(folder).checkpoint.fields);
    std::filesystem::remove_all(folder);
    EXPECT_EQ(restored.time(), straight.time());
    EXPECT_EQ(restored.state().message, straight.state().message);
    EXPECT_EQ(restored.state().sensors[1].counters, straight.state().sensors[1].counters);
    for (std::size_t k = half; k < windows.size(); ++k)
        straight.advance(0.1 * double(k + 1), windows[k]), restored.advance(0.1 * double(k + 1), windows[k]);
    const ArchiveMap a = straight.save(), b = restored.save();
    for (const auto& [name, values] : a) {
        const auto& others = b.at(name);
        const bool same =
            values.size() == others.size() &&
            (values.empty() || std::memcmp(values.data(), others.data(), values.size() * sizeof(double)) == 0);  // NaN and all
        EXPECT_TRUE(same) << name;
    }
    EXPECT_TRUE(restored.twin().heat().temperature_K() == straight.twin().heat().temperature_K());
    EXPECT_TRUE(restored.forecast(1.0).points.back().bands == straight.forecast(1.0).points.back().bands);
    EXPECT_EQ(restored.steps(), straight.steps());
    // of another filter: refused by name
    const auto refused = [&](ArchiveMap map) {
        const auto backend = make_backend("cpu");
        TwinFilter fresh(*backend, scenario, with_table());
        try {
            fresh.restore(map);
        } catch (const InputError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    ArchiveMap map = straight.save();
    map.erase("frames");
    EXPECT_NE(refused(map).find("frames"), std::string::npos);
    map = straight.save();
    map.at("mean").pop_back();
    EXPECT_NE(refused(map).find("mean"), std::string::npos);
    map = straight.save();
    map.at("members").front() = '4';
    EXPECT_NE(refused(map).find("members"), std::string::npos);
    map = straight.save();
    map.at("radius").front() = '1';
    EXPECT_NE(refused(map).find("radius"), std::string::npos);
}

TEST(TwinFilterTest, ALateReadingMeetsWhatIsKnownByThen) {
    const Scenario scenario = small_r1();
    const Windows& windows = recorded().windows;
    // the thermocouples' readings of a window come five windows later; by then the voltage has corrected what was predicted
    Windows late(windows.size());
    for (std::size_t k = 0; k < windows.size(); ++k)
        for (const Sample& r : windows[k]) {
            const bool bead = scenario.sensors[std::size_t(r.sensor)].kind == "thermocouple";
            const std::size_t at = bead && k + 6 < windows.size() ? k + 5 : k;
            late[at].push_back(r);
        }
    const Bits plain = bits_of(scenario, windows), other = bits_of(scenario, late);
    double difference = 0.0;
    for (std::size_t n = 0; n < 24; n += 2)  // the twelve unknowns
        difference = std::max(difference, std::abs(plain.numbers[n] - other.numbers[n]) / std::max(plain.numbers[n + 1], 1e-9));
    EXPECT_LT(difference, 0.2);  // standard deviations
}

TEST(TwinFilterTest, EachBadReadingHasItsVerdict) {
    const Scenario scenario = at_rest();
    const auto backend = make_backend("cpu");
    FilterOptions options;
    options.members = 4;
    TwinFilter filter(*backend, scenario, options);
    for (int k = 1; k <= 10; ++k) filter.advance(0.1 * k, still(scenario, 0.1 * (k - 1), 0.1 * k, 0.01 * k));
    const double before = filter.state().parameters[0].posterior.value;
    const double T = scenario.bed.initial_temperature;
    std::vector<Sample> bad{{1, 1.01, std::nan(""), 0.5, 100},
                            {1, 1.02, 9000.0, 0.5, 101},
                            {1, 1.03, T + 60.0, 0.5, 102},
                            {1, 5.0, T, 0.5, 103},
                            {1, 1.0, T, 0.5, 10},
                            {0, 1.05, 900.0, 2.0, 104},
                            {3, 1.05, 0.1, 0.01, 105},
                            {77, 1.0, 1.0, 1.0, 1}};
    const TwinState state = filter.advance(1.1, bad);
    const auto& of = state.sensors[1].counters;
    EXPECT_EQ(of.at(verdict::kGarbage), 1u);
    EXPECT_EQ(of.at(verdict::kAbsurd), 1u);
    EXPECT_EQ(of.at(verdict::kGated), 1u);
    EXPECT_EQ(of.at(verdict::kFuture), 1u);
    EXPECT_EQ(state.sensors[0].counters.at(verdict::kBelowFloor), 1u);
    EXPECT_EQ(state.sensors[3].counters.at(verdict::kNoCurrent), 1u);
    EXPECT_EQ(state.parameters[0].posterior.value, before);
    // the same value again and again is no measurement
    TwinState stuck;
    for (int k = 12; k <= 40; ++k) {
        const Sample same{1, 0.1 * k, T + 0.1, 0.5, std::uint64_t(200 + k)};
        stuck = filter.advance(0.1 * k, std::span(&same, 1));
    }
    EXPECT_GT(stuck.sensors[1].counters.at(verdict::kStuck), 10u);
    EXPECT_EQ(stuck.sensors[1].verdict, verdict::kStuck);
}

TEST(TwinFilterTest, WithoutReadingsBandsDoNotShrinkAndQualitySaysSo) {
    const Scenario scenario = small_r1();
    const Windows& windows = recorded().windows;
    const auto backend = make_backend("cpu");
    TwinFilter filter(*backend, scenario, with_table());
    for (std::size_t k = 0; k < windows.size(); ++k) filter.advance(0.1 * double(k + 1), windows[k]);
    EXPECT_EQ(filter.state().quality, Quality::good);
    const double sd = filter.state().scalars.at("T_mean_K").sd;
    TwinState lost;
    for (int k = 31; k <= 60; ++k) lost = filter.advance(0.1 * k, {});
    EXPECT_EQ(lost.quality, Quality::predicted);
    EXPECT_GT(lost.scalars.at("T_mean_K").sd, sd);
    EXPECT_FALSE(lost.message.empty());
}

// What the live program may do to a filter: every number stays a number, and what is claimed is true or said to be uncertain.
void expect_finite(const TwinState& state) {
    for (const auto& [name, e] : state.scalars)
        EXPECT_TRUE(std::isfinite(e.value) && std::isfinite(e.sd) && e.low <= e.value && e.value <= e.high) << name;
    for (const ParameterState& p : state.parameters)
        EXPECT_TRUE(std::isfinite(p.posterior.value) && std::isfinite(p.posterior.sd)) << p.name;
}

TEST(TwinFilterTest, AllSensorsLostForLongWidensTheBandsAndComesBack) {
    const Scenario scenario = small_r1();
    const Windows& windows = recorded().windows;
    const auto one = make_backend("cpu"), two = make_backend("cpu"), three = make_backend("cpu");
    TwinFilter filter(*one, scenario, with_table()), whole(*two, scenario, with_table()), never(*three, scenario, with_table());
    TwinState back, straight, lost;
    for (std::size_t k = 0; k < windows.size(); ++k) {
        const double t = 0.1 * double(k + 1);
        straight = whole.advance(t, windows[k]);
        back = filter.advance(t, k >= 12 && k < 22 ? std::vector<Sample>{} : windows[k]);
        lost = never.advance(t, k >= 12 ? std::vector<Sample>{} : windows[k]);
    }
    expect_finite(back);
    EXPECT_NE(back.quality, Quality::predicted);
    EXPECT_EQ(lost.quality, Quality::predicted);
    EXPECT_LT(back.scalars.at("T_mean_K").sd, 0.85 * lost.scalars.at("T_mean_K").sd) << back.message;
    const Estimate &a = back.scalars.at("T_mean_K"), &b = straight.scalars.at("T_mean_K");
    EXPECT_LT(std::abs(a.value - b.value), 3.0 * std::hypot(a.sd, b.sd));
    // half a minute in silence, in one call
    const TwinState dark = filter.advance(33.0, {});
    expect_finite(dark);
    EXPECT_EQ(dark.quality, Quality::predicted);
    EXPECT_GT(dark.scalars.at("T_mean_K").sd, 2.0 * b.sd);  // than who hears everything
    EXPECT_FALSE(filter.forecast(5.0).points.empty());
}

TEST(TwinFilterTest, ASensorThatReturnsCountsAgain) {
    const Scenario scenario = small_r1();
    const Windows& windows = recorded().windows;
    const auto backend = make_backend("cpu");
    TwinFilter filter(*backend, scenario, with_table());
    TwinState state;
    for (std::size_t k = 0; k < windows.size(); ++k) {
        auto readings = windows[k];
        if (k >= 8 && k < 24) std::erase_if(readings, [](const Sample& r) { return r.sensor == 1; });
        state = filter.advance(0.1 * double(k + 1), readings);
        if (k == 23) {
            EXPECT_GT(state.sensors[1].age_s, 1.4);
        }
    }
    EXPECT_EQ(state.sensors[1].verdict, verdict::kAccepted);
    EXPECT_LT(state.sensors[1].age_s, 0.3);
    EXPECT_EQ(state.quality, Quality::good) << state.message;
}

TEST(TwinFilterTest, AbsurdReadingsOfAllSensorsChangeNothing) {
    const Scenario scenario = small_r1();
    const auto backend = make_backend("cpu"), other = make_backend("cpu");
    TwinFilter filter(*backend, scenario, with_table()), silent(*other, scenario, with_table());
    const double bad[] = {std::nan(""), INFINITY, -INFINITY, 1e300, -1e300, 1e6, -5.0};
    std::uint64_t seq = 0;
    for (int k = 1; k <= 20; ++k) {
        std::vector<Sample> readings;
        for (const int sensor : {0, 1, 2, 3, 4})
            for (const double value : bad)
                if (sensor != 4 || !(std::abs(value) < 100.0))  // -5 A may be an offset
                    readings.push_back({sensor, 0.1 * k - 0.01 * double(seq % 7), value, seq % 3 ? 0.5 : -1.0, seq}), ++seq;
        filter.advance(0.1 * k, readings), silent.advance(0.1 * k, {});
    }
    expect_finite(filter.state());
    EXPECT_TRUE(filter.twin().heat().temperature_K() == silent.twin().heat().temperature_K());
    EXPECT_EQ(filter.state().quality, Quality::predicted);
}

TEST(TwinFilterTest, BeforeTheStartACurrentOfNothingClaimsNothing) {
    const Scenario scenario = at_rest("");
    const auto backend = make_backend("cpu");
    TwinFilter filter(*backend, scenario, with_table());
    SplitMix64 noise(11);
    const double T = scenario.bed.initial_temperature;
    std::uint64_t seq = 0;
    for (int k = 1; k <= 50; ++k) {
        std::vector<Sample> readings;
        for (int n = 0; n < 10; ++n) {
            const double t = 0.1 * (k - 1) + 0.01 * (n + 1);
            readings.push_back({4, t, 0.03 * student_t(noise, 5), 0.03, ++seq});
            readings.push_back({3, t, 0.01 * student_t(noise, 5), 0.01, ++seq});
        }
        for (const int bead : {1, 2}) readings.push_back({bead, 0.1 * k, T + 0.5 * student_t(noise, 5), 0.5, ++seq});
        filter.advance(0.1 * k, readings);
    }
    expect_finite(filter.state());
    EXPECT_EQ(filter.state().quality, Quality::good) << filter.state().message;
    EXPECT_NEAR(filter.state().scalars.at("T_mean_K").value, T, 2.0);
    for (const ParameterState& p : filter.state().parameters)
        if (p.name.find('.') == std::string::npos) {
            EXPECT_FALSE(p.identified) << p.name;
        }
}

TEST(TwinFilterTest, LongerWindowsOfADegradedTwinAgreeWithinTheBands) {
    const Scenario scenario = small_r1();
    const Windows& windows = recorded().windows;
    const auto backend = make_backend("cpu"), other = make_backend("cpu");
    FilterOptions slow = with_table();
    slow.window_s = 0.5;
    TwinFilter filter(*backend, scenario, with_table()), coarse(*other, scenario, slow);
    std::vector<Sample> kept;
    for (std::size_t k = 0; k < windows.size(); ++k) {
        filter.advance(0.1 * double(k + 1), windows[k]);
        kept.insert(kept.end(), windows[k].begin(), windows[k].end());
        if (k % 5 == 4) coarse.advance(0.1 * double(k + 1), kept), kept.clear();
    }
    expect_finite(coarse.state());
    const Estimate a = coarse.state().scalars.at("T_mean_K"), b = filter.state().scalars.at("T_mean_K");
    EXPECT_LT(std::abs(a.value - b.value), 3.0 * std::hypot(a.sd, b.sd));
}

TEST(TwinFilterTest, AStartInTheMiddleOfARunIsTrueOrSaysThatItIsNot) {
    const Scenario scenario = small_r1();
    const Windows& windows = recorded().windows;
    const auto backend = make_backend("cpu"), other = make_backend("cpu");
    TwinFilter filter(*backend, scenario, with_table()), whole(*other, scenario, with_table());
    filter.advance(2.0, {});
    for (std::size_t k = 0; k < windows.size(); ++k) {
        whole.advance(0.1 * double(k + 1), windows[k]);
        if (k >= 20) filter.advance(0.1 * double(k + 1), windows[k]);
    }
    expect_finite(filter.state());
    const Estimate a = filter.state().scalars.at("T_mean_K"), b = whole.state().scalars.at("T_mean_K");
    EXPECT_TRUE(filter.state().quality != Quality::good || std::abs(a.value - b.value) < 4.0 * std::hypot(a.sd, b.sd))
        << a.value << " +- " << a.sd << " against " << b.value;
}

TEST(TwinFilterTest, AHeldProgramGoesOnForAsLongAsItIsHeld) {
    const Scenario scenario = small_r1();
    const Windows& windows = recorded().windows;
    const auto backend = make_backend("cpu");
    TwinFilter filter(*backend, scenario, with_table());
    for (std::size_t k = 0; k < windows.size(); ++k) filter.advance(0.1 * double(k + 1), windows[k]);
    const double T = filter.state().scalars.at("T_mean_K").value;
    filter.follow({{0.0, 3.0}, {T, T}});
    const Forecast held = filter.forecast(10.0);
    ASSERT_EQ(held.points.size(), 21u);
    for (const auto& [name, b] : held.points.back().bands) EXPECT_TRUE(std::isfinite(b[0]) && std::isfinite(b[2])) << name;
    filter.advance(100.0, {});  // far beyond the end of the scenario's program
    EXPECT_FALSE(filter.forecast(10.0).points.empty());
    expect_finite(filter.state());
}

TEST(TwinFilterTest, ForecastsAreOrderedBandsThatReachTheHorizon) {
    const Scenario scenario = small_r1();
    const Windows windows(recorded().windows.begin(), recorded().windows.begin() + 20);
    const auto backend = make_backend("cpu");
    TwinFilter filter(*backend, scenario, with_table());
    for (std::size_t k = 0; k < windows.size(); ++k) filter.advance(0.1 * double(k + 1), windows[k]);
    const Forecast forecast = filter.forecast(2.0);
    ASSERT_EQ(forecast.points.size(), 5u);
    EXPECT_NEAR(forecast.points.back().run_s, 4.0, 1e-9);
    for (const ForecastPoint& point : forecast.points)
        for (const auto& [name, b] : point.bands) EXPECT_TRUE(b[0] <= b[1] && b[1] <= b[2]) << name;
    EXPECT_NEAR(forecast.points.front().bands.at("T_mean_K")[1], filter.state().scalars.at("T_mean_K").value, 1e-6);
    // the program rises by 97.5 K/s
    EXPECT_GT(forecast.points.back().bands.at("T_mean_K")[1], forecast.points.front().bands.at("T_mean_K")[1] + 100.0);
    ASSERT_FALSE(forecast.limits.empty());
    EXPECT_LT(forecast.limits.front().probability, 1e-3);
    EXPECT_TRUE(forecast.end_of_run.contains("id_ig"));
}

}  // namespace
}  // namespace jt
