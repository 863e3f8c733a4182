// SPDX-License-Identifier: Apache-2.0
#include "twin/verify/verify.hpp"

#include <gtest/gtest.h>

namespace jt {
namespace {

TEST(Verify, EveryCaseIsInsideItsTolerance) {
    const auto backend = make_backend("cpu");
    for (const VerifyRow& row : verify(*backend, {}))
        EXPECT_TRUE(row.pass) << row.case_name << " " << row.quantity << ": expected " << row.expected << ", got " << row.got;
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
