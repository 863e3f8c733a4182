// SPDX-License-Identifier: Apache-2.0
// Files of hidden truths and texts of faults: what they do, and every mistake named.
#include "bridge/heater/hidden.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "bridge/heater/faults.hpp"
#include "kernels/error.hpp"
#include "tests/paths.hpp"
#include "twin/bed/random.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Scenario live_r1() {
    return read_scenario(JT_SOURCE_DIR "/data/scenarios/live_r1.toml");
}

std::string problems_of(const std::string& text, const Scenario& s = live_r1()) {
    try {
        read_hidden_text(text, "h.toml", s);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(Hidden, FactorsActOnEveryLawAtEveryTemperature) {
    const Scenario s = live_r1();
    const Hidden h = read_hidden_text(
        "voxel=['1 mm','0.5 mm','0.125 mm']\n[factor]\nend_contact=1.4\nemissivity=0.8\nbed_sigma=0.7\n"
        "thermal_conductivity=1.5\n[material.carbon_paper_tgp_h_090]\nsigma=1.1\nheat_capacity=0.9\n",
        "h.toml", s);
    EXPECT_FALSE(h.same_physics());
    EXPECT_TRUE(Hidden{}.same_physics());
    const Scenario t = hidden_scenario(s, h);
    EXPECT_EQ(t.bed.cells, (std::array<int, 3>{20, 20, 12}));
    EXPECT_DOUBLE_EQ(*t.terminals[0].contact_conductance, 2625.0 / 1.4);
    EXPECT_DOUBLE_EQ(*t.surface.emissivity, 0.9 * 0.8);
    for (std::size_t m = 1; m < s.materials.size(); ++m) {
        const Material &a = s.materials[m], &b = t.materials[m];
        const bool paper = a.name == "carbon_paper_tgp_h_090";
        for (const double T : {300.0, 700.0, 1200.0})
            for (int axis = 0; axis < 3; ++axis) {
                EXPECT_NEAR(b.sigma->along(axis).at(T) / a.sigma->along(axis).at(T), paper ? 1.1 : 0.7, 1e-12);
                EXPECT_NEAR(b.conductivity->along(axis).at(T) / a.conductivity->along(axis).at(T), 1.5, 1e-12);
                EXPECT_NEAR(b.heat_capacity->at(T) / a.heat_capacity->at(T), paper ? 0.9 : 1.0, 1e-12);
            }
    }
}

TEST(Hidden, EveryKindOfLawScales) {
    using Kind = Law::Kind;
    const auto law = [](Kind kind, std::vector<double> c) {
        Law l;
        l.kind = kind;
        l.coefficients = std::move(c);
        return l;
    };
    Law powers = law(Kind::powers, {2.0, 3.0});
    powers.exponents = {0.0, -1.0};
    Law table = law(Kind::table, {});
    table.table_T = {300.0, 900.0}, table.table_value = {1.0, 5.0};
    Law bed = law(Kind::zbs, {0.45, 1e-3, 300.0, 0.5, 50e-6, 0.9, 0.0077});
    bed.option = "argon";
    for (const Law& l :
         {law(Kind::constant, {3.0}), law(Kind::linear, {3.0, 1e-3, 300.0}), law(Kind::polynomial, {1.0, 2e-3}), powers,
          law(Kind::exponential, {3.0, 1e-3, 300.0}), law(Kind::inverse, {1.0, 2e-3}), table,
          law(Kind::arrhenius, {3.0, 1000.0, 300.0}), bed, law(Kind::char_bed, {0.1, -2.0, 4.0, 690.0, 30.0, 0.01, 0.2})})
        for (const double T : {350.0, 800.0, 1100.0}) EXPECT_NEAR(scaled(l, 1.7).at(T) / l.at(T), 1.7, 1e-12);
    EXPECT_NEAR(scaled(scaled(bed, 2.0), 3.0).at(800.0) / bed.at(800.0), 6.0, 1e-12);
}

TEST(Hidden, ADefectScalesTheConductivityOfItsPlace) {
    const Scenario s = live_r1();
    const Hidden h = read_hidden_text(
        "[[defect]]\nshape='box'\nfrom=['8 mm','0 mm','1.25 mm']\nto=['11 mm','10 mm','1.5 mm']\nsigma_factor=0.7\n", "h.toml",
        s);
    std::vector<std::string> findings;
    const Bed bed = voxelise(hidden_scenario(s, h), findings);
    ASSERT_FALSE(bed.sigma_factor.empty());
    std::size_t changed = 0;
    for (std::size_t c = 0; c < bed.sigma_factor.size(); ++c) {
        const bool in_strip = bed.materials[bed.material[c]].name == "carbon_paper_tgp_h_090";
        if (bed.sigma_factor[c] == 1.0f) continue;
        ++changed;
        EXPECT_FLOAT_EQ(bed.sigma_factor[c], 0.7f);
        EXPECT_TRUE(in_strip);
    }
    EXPECT_EQ(changed, 3u * 24u * 2u);  // centres at 8.75, 9.58 and 10.42 mm
}

TEST(Hidden, BiasesAreDrawnFromTheirKindsAndGivenOnesStand) {
    const Scenario s = live_r1();
    std::map<std::string, std::vector<double>> drawn, gains;
    for (int seed = 1; seed <= 400; ++seed) {
        Hidden h;
        h.draw_seed = std::uint64_t(seed);
        for (const Sensor& sensor : s.sensors) {
            const HiddenError e = hidden_error(instrument_model(sensor, s), h, 1273.15);
            drawn[sensor.name].push_back(e.bias);
            gains[sensor.name].push_back(e.gain);
        }
    }
    const auto sd = [](const std::vector<double>& v, double mean) {
        double sum = 0.0;
        for (const double x : v) sum += (x - mean) * (x - mean);
        return std::sqrt(sum / double(v.size()));
    };
    EXPECT_NEAR(sd(drawn["pyrometer"], 0.0), 6.37, 0.7);
    EXPECT_NEAR(sd(drawn["tc_centre"], 0.0), 3.75, 0.45);
    EXPECT_NEAR(sd(drawn["current"], 0.0), 0.06, 0.007);
    EXPECT_NEAR(sd(gains["current"], 1.0), 0.005, 0.0006);
    EXPECT_NEAR(sd(gains["voltage"], 1.0), 0.002, 0.0003);
    EXPECT_NE(drawn["tc_centre"], drawn["tc_end"]);

    const Hidden h = read_hidden_text(
        "[draw]\nseed=3\nlead_conduction=true\n[sensor.pyrometer]\nbias='4 K'\nemissivity_ratio=1.01\n"
        "[sensor.current]\ngain=1.01\nbias='-0.1 A'\n[sensor.tc_end]\nlag_factor=1.2\n",
        "h.toml", s);
    Hidden plain;
    plain.draw_seed = 3;
    EXPECT_EQ(hidden_error(instrument_model(s.sensors[0], s), h, 1273.15).bias, 4.0);
    EXPECT_EQ(hidden_error(instrument_model(s.sensors[0], s), h, 1273.15).emissivity_ratio, 1.01);
    const HiddenError tc = hidden_error(instrument_model(s.sensors[2], s), h, 1273.15);
    EXPECT_EQ(tc.lag_factor, 1.2);
    const double lead = tc.bias - hidden_error(instrument_model(s.sensors[2], s), plain, 1273.15).bias;
    EXPECT_LE(lead, -5.0);
    EXPECT_GE(lead, -20.0);
    EXPECT_EQ(hidden_error(instrument_model(s.sensors[4], s), h, 1273.15).gain, 1.01);
    EXPECT_EQ(hidden_error(instrument_model(s.sensors[4], s), h, 1273.15).bias, -0.1);
}

TEST(Hidden, EveryMistakeIsNamedAtOnce) {
    EXPECT_EQ(problems_of("[factor]\nend_contact=1.4\n"), "");
    EXPECT_THAT(
        problems_of(
            "[factor]\nend_contac=1.4\nemissivity='x'\nsigma=-1\n[material.coconut_char]\nsigma=2\n"
            "[sensor.pyromter]\nbias='3 K'\n[sensor.current]\nbias='3 K'\nemissivity_ratio=1.1\n[[defect]]\nshape='box'\n"
            "sigma_factor=0.5\n[delivery]\nlate=0.1\n[nothing]\n"),
        AllOf(HasSubstr("h.toml:2: factor.end_contac: unknown key \"end_contac\"; did you mean end_contact?"),
              HasSubstr("h.toml:3: factor.emissivity"), HasSubstr("h.toml:4: factor.sigma: found the number -1"),
              HasSubstr("material \"coconut_char\" is not in the scenario; did you mean coconut_char_600?"),
              HasSubstr("sensor \"pyromter\" is not in the scenario; did you mean pyrometer?"),
              HasSubstr("sensor.current.bias"), HasSubstr("emissivity_ratio: belongs to a ratio_pyrometer"),
              HasSubstr("defect[0].from: missing"), HasSubstr("delivery.late_by: missing"),
              HasSubstr("unknown key \"nothing\"")));
    EXPECT_THAT(problems_of("voxel='0.7 mm'\n"), HasSubstr("does not divide the size 20 mm along x"));
    EXPECT_THAT(problems_of("voxel='1e-9 m'\n"), HasSubstr("of memory"));
    EXPECT_THAT(problems_of("[factor]\nemissivity=1.2\n"),
                AllOf(HasSubstr("h.toml: factor.emissivity"), HasSubstr("at most 1.11")));
    EXPECT_THAT(problems_of("[factor\n"), HasSubstr("not TOML"));
    Scenario perfect = live_r1();
    for (Terminal& t : perfect.terminals) t.contact_conductance.reset();
    EXPECT_THAT(problems_of("[factor]\nend_contact=1.4\n", perfect), HasSubstr("every contact at the terminals is perfect"));
}

TEST(Hidden, DamagedFilesAreRefusedWithAMessage) {
    const Scenario s = live_r1();
    const std::string good =
        "voxel='0.5 mm'\n[factor]\nend_contact=1.4\nbed_sigma=0.7\n[[defect]]\nshape='sphere'\ncenter=['1 mm','1 mm','1 mm']\n"
        "radius='1 mm'\nsigma_factor=0.7\n[sensor.current]\nbias='1 A'\n[delivery]\nlate=0.1\nlate_by='1 s'\n";
    SplitMix64 random(9);
    for (int n = 0; n < 1500; ++n) {
        std::string text = good, fault = "bias:current=3 A@20 s/3 s";
        for (std::string* one : {&text, &fault})
            for (int k = 0; k < 3; ++k) {
                const std::size_t at = random.next() % one->size();
                if (random.unit() < 0.5)
                    (*one)[at] = char(random.next());
                else
                    one->erase(at, 1);
            }
        try {
            read_hidden_text(text, "h.toml", s);
        } catch (const InputError& error) {
            EXPECT_FALSE(error.problems.empty());
        }
        try {
            parse_faults({fault}, s);
        } catch (const InputError& error) {
            EXPECT_FALSE(error.problems.empty());
        }
    }
}

TEST(Faults, TextsAreReadWithTheirUnits) {
    const Scenario s = live_r1();
    const auto f = parse_faults({"stuck:pyrometer@20s", "bias:tc_end=-15 K@5 s/3s", "contact:left@10 s", "clock=-2 s@500ms",
                                 "garbage@0 s/1 min", "bias:voltage=20 mV@1s"},
                                s);
    EXPECT_EQ(f[0].kind, Fault::Kind::stuck);
    EXPECT_EQ(f[0].target, 0);
    EXPECT_EQ(f[0].from_s, 20.0);
    EXPECT_FALSE(f[0].acts(19.9));
    EXPECT_TRUE(f[0].acts(20.0));
    EXPECT_TRUE(f[0].acts(1e6));
    EXPECT_EQ(f[1].size, -15.0);
    EXPECT_FALSE(f[1].acts(8.0));
    EXPECT_EQ(f[2].size, 10.0);
    EXPECT_EQ(f[3].size, -2.0);
    EXPECT_EQ(f[3].from_s, 0.5);
    EXPECT_EQ(f[4].duration_s, 60.0);
    EXPECT_DOUBLE_EQ(f[5].size, 0.02);
}

TEST(Faults, EveryMistakeIsNamed) {
    const Scenario s = live_r1();
    const std::pair<const char*, const char*> wrong[] = {
        {"stuck:pyrometer", "no @TIME"},
        {"stuk:pyrometer@3s", "unknown kind \"stuk\"; did you mean stuck?"},
        {"stuck@3s", "needs a sensor"},
        {"stuck:pyromter@3s", "no sensor \"pyromter\"; did you mean pyrometer?"},
        {"stuck:pyrometer=3 K@3s", "has no size"},
        {"bias:pyrometer@3s", "needs a size"},
        {"bias:pyrometer=3 V@3s", "size:"},
        {"bias:voltage=3 K@3s", "size:"},
        {"contact:middle@3s", "no terminal \"middle\""},
        {"contact:left=0.5@3s", "a factor from 1"},
        {"silence:left@3s", "has no target"},
        {"clock=3 K@3s", "size:"},
        {"silence@3", "time:"},
        {"silence@-3 s", "time: found \"-3 s\""},
        {"silence@3 s/0 s", "duration: found \"0 s\""},
        {"@", "time:"},
        {"", "no @TIME"}};
    std::vector<std::string> all;
    for (const auto& [text, what] : wrong) {
        all.emplace_back(text);
        try {
            parse_faults({text}, s);
            ADD_FAILURE() << text;
        } catch (const InputError& error) {
            EXPECT_THAT(error.what(), HasSubstr(what)) << text;
        }
    }
    try {
        parse_faults(all, s);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_EQ(error.problems.size(), all.size());
    }
}

}  // namespace
}  // namespace jt
