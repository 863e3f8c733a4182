// SPDX-License-Identifier: Apache-2.0
#include "twin/verify/verify.hpp"

#include <gmock/gmock.h>

#include <set>

#include "kernels/error.hpp"

namespace jt {
namespace {

std::vector<VerifyRow> rows_of(const std::string& name) {
    const auto backend = make_backend("cpu");
    return verify(*backend, {name});
}

// The value of a row of a case; NaN when there is none.
double got(const std::vector<VerifyRow>& rows, const std::string& quantity) {
    for (const VerifyRow& row : rows)
        if (row.quantity == quantity) return row.got;
    return std::nan("");
}

class VerifyCaseOf : public testing::TestWithParam<std::string> {};

TEST_P(VerifyCaseOf, IsInsideItsToleranceInEveryRow) {
    const auto rows = rows_of(GetParam());
    ASSERT_FALSE(rows.empty());
    for (const VerifyRow& row : rows) {
        EXPECT_TRUE(row.pass) << row.case_name << " " << row.quantity << ": expected " << row.expected << ", got " << row.got
                              << ", error " << row.error << " allowed " << row.tolerance;
        EXPECT_FALSE(row.source.empty()) << row.quantity;
    }
}

std::vector<std::string> case_names() {
    std::vector<std::string> names;
    for (const VerifyCase& c : verify_cases()) names.push_back(c.name);
    return names;
}
INSTANTIATE_TEST_SUITE_P(All, VerifyCaseOf, testing::ValuesIn(case_names()),
                         [](const testing::TestParamInfo<std::string>& info) { return info.param; });

TEST(Verify, HasTheCasesThatItsPhysicsCovers) {
    EXPECT_THAT(case_names(),
                testing::ElementsAre("V01a", "V01b", "V01c", "V01d", "V02", "V03", "V04", "V05", "V07", "V08", "V09", "V10",
                                     "V11", "V15", "V18", "V19", "V21", "V23", "V24", "V25", "V26", "paper"));
}

TEST(Verify, TheNameOfAGroupSelectsItsCasesAndNothingElse) {
    std::set<std::string> seen;
    for (const VerifyRow& row : rows_of("V01")) seen.insert(row.case_name);
    EXPECT_THAT(seen, testing::ElementsAre("V01a", "V01b", "V01c", "V01d"));
    const auto backend = make_backend("cpu");
    for (const char* bad : {"V0", "V1", "V01e", "", "V"}) EXPECT_THROW(verify(*backend, {bad}), InputError) << bad;
}

TEST(Verify, EveryRunInTimeHasARowForItsEnergy) {
    for (const char* name : {"V02", "V03", "V08", "V10", "V19", "V21", "V25"}) {
        int rows = 0;
        for (const VerifyRow& row : rows_of(name))
            if (row.quantity.starts_with("energy residual")) {
                ++rows;
                EXPECT_LE(row.tolerance, 1e-8) << name;
            }
        EXPECT_GE(rows, 1) << name;
    }
}

TEST(Verify, ManufacturedSolutionReportsItsOrders) {
    const auto rows = rows_of("V08");
    for (const char* order :
         {"order space, T, N 16 to 32", "order space, phi, N 16 to 32", "order time, T", "order time, current"})
        EXPECT_NEAR(got(rows, order), 2.0, 0.1) << order;
}

TEST(Verify, ARowOutsideItsToleranceOrNotANumberFails) {
    const auto backend = make_backend("cpu");
    VerifyContext context(*backend, {}, "V00");
    context.relative("near", 10.0, 10.4, 0.05, "");
    context.relative("far", 10.0, 10.6, 0.05, "");
    context.absolute("far", 0.0, -0.2, 0.1, "");
    context.absolute("nan", 0.0, 0.0 / 0.0, 0.1, "");
    ASSERT_EQ(context.rows().size(), 4u);
    EXPECT_TRUE(context.rows()[0].pass);
    for (int n = 1; n < 4; ++n) EXPECT_FALSE(context.rows()[std::size_t(n)].pass) << n;
}

}  // namespace
}  // namespace jt
