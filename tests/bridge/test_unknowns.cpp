// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "bridge/assimilation/coarse_bed.hpp"
#include "bridge/assimilation/unknowns.hpp"
#include "kernels/error.hpp"
#include "tests/support/small_r1.hpp"
#include "twin/scenario/resolved.hpp"

namespace jt {
namespace {

using test::bed_of;
using test::kScenarios;
using test::small_r1;

TEST(Unknowns, MapsCoverTheMaterialAlikeOnEveryGrid) {
    const Scenario scenario =
        small_r1("estimate=[{name=\"sigma_map\", material=\"carbon_paper_tgp_h_090\", zones=5}]", "1.25 mm");
    const Bed fine = bed_of(scenario);
    const CoarseBed coarse = coarsened(scenario, fine, 2);
    const Unknowns unknowns(scenario, fine, {}, 1273.0);
    ASSERT_EQ(unknowns.size(), 10u);  // two strips
    for (const Bed* bed : {&fine, &coarse.bed}) {
        std::vector<double> length(10, 0.0);
        for (const ZoneShare& s : unknowns.zones(*bed).shares)
            length[std::size_t(s.unknown)] += s.weight * bed->extents.voxel_volume();
        for (const double v : length) EXPECT_NEAR(v, 4e-3 * 10e-3 * 0.25e-3, 1e-15);
    }
}

TEST(Estimates, AreValidatedAndWrittenBack) {
    const Scenario scenario = small_r1("estimate=[{name=\"k\", sd=0.2}, {name=\"bias\", sensor=\"voltage\", sd=\"10 mV\"}]");
    ASSERT_EQ(scenario.estimates.size(), 2u);
    EXPECT_EQ(scenario.estimates[0].sd, 0.2);
    EXPECT_EQ(scenario.estimates[1].sd, 0.01);
    const Scenario again = read_scenario_text(resolved_toml(scenario), "again.toml", kScenarios);
    ASSERT_EQ(again.estimates.size(), 2u);
    EXPECT_EQ(again.estimates[1].sd, 0.01);
    const auto problems = [](const std::string& list) {
        try {
            small_r1("estimate=[" + list + "]");
        } catch (const InputError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_NE(problems("{name=\"kk\"}").find("estimate[0].name"), std::string::npos);
    EXPECT_NE(problems("{name=\"lag\", sensor=\"pyrometer\"}").find("tc_centre"), std::string::npos);
    EXPECT_NE(problems("{name=\"k\", terminal=\"left\"}").find("end_contact"), std::string::npos);
    EXPECT_NE(problems("{name=\"bias\", sd=\"1 K\"}").find("sensor"), std::string::npos);
    EXPECT_NE(problems("{name=\"k\"}, {name=\"k\"}").find("once"), std::string::npos);
    EXPECT_NE(problems("{name=\"k\", sd=-1}").find("sd"), std::string::npos);
}

}  // namespace
}  // namespace jt
