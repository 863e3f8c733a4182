// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/data/derived_fields.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "bed_run.hpp"
#include "kernels/observables.hpp"

namespace jt {
namespace {

TEST(DerivedFields, DeviationIsFromTheMeanOfTheProductAlone) {
    BedRun run;
    for (std::size_t c = 0; c < run.facts.extents.count(); ++c)
        run.facts.in_product[c] = run.frame->fields["T_K"][c] < 1002.5f;  // 1000, 1001, 1002
    DerivedFields fields;
    const auto shown = fields.get(run.facts, run.frame, "T_minus_mean_K", false, &run.names);
    ASSERT_TRUE(shown.field) << shown.reason;
    EXPECT_DOUBLE_EQ(shown.field->mean, 1001.0);
    EXPECT_FLOAT_EQ(shown.field->values[run.facts.extents.index(9, 0, 0)], 8.0f);
    EXPECT_EQ(shown.field->scale.range.low, -25.0);
    EXPECT_EQ(shown.field->title, "T \u2212 T mean, \u00b125 K");
}

TEST(DerivedFields, DeviationsThatAreLargerWidenTheirRangeInSteps) {
    for (const auto& [factor, half] : {std::pair{5.0f, 25.0}, {9.0f, 50.0}, {20.0f, 100.0}, {40.0f, 200.0}, {90.0f, 500.0}}) {
        BedRun run;
        for (float& v : run.frame->fields["T_K"]) v = 1000.0f + (v - 1000.0f) * factor;
        DerivedFields fields;
        const auto shown = fields.get(run.facts, run.frame, "T_minus_mean_K", false, &run.names);
        EXPECT_EQ(shown.field->scale.range.high, half) << factor;
        EXPECT_NE(shown.field->title.find("\u00b1" + std::to_string(int(half)) + " K"), std::string::npos);
    }
}

TEST(DerivedFields, TemperaturesAreInTheUnitOfTheScreenFromStartToLimit) {
    BedRun run;
    run.facts.scenario.heater = Heater{Heater::Mode::temperature, {{0, 10}, {298.15, 1273.15}}, "", 1673.15, {}};
    DerivedFields fields;
    const auto celsius = fields.get(run.facts, run.frame, "T_K", false, &run.names).field;
    EXPECT_EQ(celsius->title, "Temperature, \u00b0C");
    EXPECT_NEAR(celsius->values[0], 1000 - 273.15, 1e-3);
    EXPECT_NEAR(celsius->scale.range.low, 25.0, 0.02);
    EXPECT_NEAR(celsius->scale.range.high, 1400.0, 1e-9);
    EXPECT_TRUE(celsius->fixed);
    const auto kelvin = fields.get(run.facts, run.frame, "T_K", true, &run.names).field;
    EXPECT_EQ(kelvin->unit, "K");
    EXPECT_NEAR(kelvin->scale.range.high, 1673.15, 1e-9);
    EXPECT_NE(kelvin->version, celsius->version);
    // A limit far above all that the program asks for would leave the run one colour.
    run.facts.scenario.heater->limit_temperature = 3500.0;
    DerivedFields again;
    EXPECT_LT(again.get(run.facts, run.frame, "T_K", false, &run.names).field->scale.range.high, 2000.0);
}

TEST(DerivedFields, CellsThatAreNotHeatedYetAreInside) {
    BedRun run;
    for (float& v : run.frame->fields["T_K"]) v = 298.15f;
    DerivedFields fields;
    EXPECT_EQ(fields.get(run.facts, run.frame, "T_K", false, &run.names).field->histogram.below, 0);
}

TEST(DerivedFields, ObservablesHaveTheRangeThatTheirMapsGive) {
    const std::pair<const char*, Observable> maps[] = {
        {"Th_K", Observable::Th},           {"id_ig", Observable::id_ig},
        {"d002_nm", Observable::d002},      {"d_hrtem_nm", Observable::hrtem},
        {"fringe_nm", Observable::fringe},  {"La_nm", Observable::La},
        {"Lc_nm", Observable::Lc},          {"plateau_mAh_g", Observable::plateau},
        {"slope_mAh_g", Observable::slope}, {"capacity_mAh_g", Observable::capacity},
        {"ice_percent", Observable::ice}};
    for (const auto& [name, which] : maps) {
        const auto range = fixed_range(quantity(name), {});
        ASSERT_TRUE(range) << name;
        double low = 1e300, high = -1e300;
        for (double Th = 744.0; Th <= 1350.0; Th += 1.0) {
            const double v = cpu::observable(which, Th, 0.5, 0.0, 0.0);
            low = std::min(low, v), high = std::max(high, v);
        }
        EXPECT_LE(range->low, low + 1e-9) << name;
        EXPECT_GE(range->high, high - 1e-9) << name;
        EXPECT_GT(high - low, 0.6 * (range->high - range->low)) << name << ": the range is much wider than what there is";
    }
}

TEST(DerivedFields, WhatIsAbsentSaysWhy) {
    BedRun run;
    const auto reason = [&](const char* name) {
        DerivedFields fields;
        const auto shown = fields.get(run.facts, run.frame, name, false, &run.names);
        EXPECT_EQ(shown.field, nullptr) << name;
        return shown.reason;
    };
    EXPECT_EQ(reason("capacity_mAh_g"), "not recorded in this run");
    run.names.push_back("capacity_mAh_g");
    EXPECT_EQ(reason("capacity_mAh_g"), "being read");
    for (auto& material : run.facts.scenario.materials) material.kinetics.reset();
    EXPECT_EQ(reason("capacity_mAh_g"), "this bed has no char");
    for (float& v : run.frame->fields["J_over_J0"]) v = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(reason("J_over_J0"), "no current flows");
    run.frame->fields["T_K"].pop_back();
    EXPECT_EQ(reason("T_K"), "this field is damaged");
    EXPECT_NE(reason("nonsense").find("nonsense"), std::string::npos);
    EXPECT_EQ(DerivedFields().get(run.facts, nullptr, "T_K", false, &run.names).field, nullptr);
}

TEST(DerivedFields, EveryFieldOfTheTableCanBeShown) {
    for (const Quantity& q : quantities()) {
        BedRun run;
        const std::string name(q.name);
        auto& values = run.frame->fields[name];
        if (values.empty())
            for (std::size_t c = 0; c < run.facts.extents.count(); ++c) values.push_back(float(c));
        DerivedFields fields;
        const auto shown = fields.get(run.facts, run.frame, name, false, nullptr);
        ASSERT_TRUE(shown.field) << name << ": " << shown.reason;
        EXPECT_EQ(shown.field->values.size(), run.facts.extents.count());
        EXPECT_LT(shown.field->scale.range.low, shown.field->scale.range.high) << name;
    }
}

TEST(DerivedFields, AFieldIsFormedOnceAFrame) {
    BedRun run;
    DerivedFields fields;
    const auto one = fields.get(run.facts, run.frame, "T_K", false, &run.names).field;
    EXPECT_EQ(fields.get(run.facts, run.frame, "T_K", false, &run.names).field, one);
    EXPECT_EQ(fields.streamlines(run.facts, run.frame), fields.streamlines(run.facts, run.frame));
    EXPECT_FALSE(fields.streamlines(run.facts, run.frame)->empty());
    const auto next = std::make_shared<FieldFrame>(*run.frame);
    EXPECT_NE(fields.get(run.facts, next, "T_K", false, &run.names).field->version, one->version);
}

TEST(DerivedFields, ABedWhoseCurrentGoesAroundItsProductIsToldApart) {
    BedRun run;
    for (float& v : run.frame->fields["J_over_J0"]) v = 0.01f;
    DerivedFields fields;
    const auto shown = fields.get(run.facts, run.frame, "J_over_J0", false, &run.names).field;
    EXPECT_EQ(shown->scale.range.low, 1.0 / 128);
    EXPECT_EQ(shown->scale.range.high, 128.0);
    EXPECT_FALSE(shown->fixed);
}

}  // namespace
}  // namespace jt
