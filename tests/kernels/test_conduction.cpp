// SPDX-License-Identifier: Apache-2.0
#include "kernels/conduction.hpp"

#include <gtest/gtest.h>

#include "kernels/buffer.hpp"
#include "tests/support/devices.hpp"

namespace jt {
namespace {

class Conduction : public test::OnEveryDevice {};

// Two cells of 2 x 3 x 4 mm along x, 10 and 40 S/m, a contact of 1e-5 ohm m2 between them.
TEST_P(Conduction, FaceBetweenTwoCellsIsTheSeriesOfHalvesAndContact) {
    const Grid g{2, 1, 1};
    const auto s = upload_field(*backend, g, std::vector<double>{10.0, 40.0});
    const auto material = upload_field(*backend, g, std::vector<std::uint8_t>{1, 2});
    const auto table = Buffer<double>::from(*backend, std::vector<double>{0, 0, 0, 0, 0, 1e-5, 0, 1e-5, 0});
    auto face = Buffer<double>::field(*backend, g), rhs = Buffer<double>::field(*backend, g);
    Terminals terminals;
    terminals.count = 2;
    terminals.list[0] = {0, false, -1, 0.0, 5.0};
    terminals.list[1] = {0, true, 2, 2e-5, -5.0};
    backend->face_conductance({g, 0, 12e-6, 1e-3}, s.get(), material.get(), {table.get(), 3}, terminals, face.get(), rhs.get());
    const auto faces = face.download(), right = rhs.download();
    const double inner = 12e-6 / (1e-3 / 10 + 1e-5 + 1e-3 / 40);
    const double left = 12e-6 / (1e-3 / 10), outer = 12e-6 / (1e-3 / 40 + 2e-5);
    EXPECT_DOUBLE_EQ(faces[g.index(0, 0, 0)], inner);
    EXPECT_DOUBLE_EQ(faces[g.index(0, 0, 0) - 1], left);
    EXPECT_DOUBLE_EQ(faces[g.index(1, 0, 0)], outer);
    EXPECT_DOUBLE_EQ(right[g.index(0, 0, 0)], 5.0 * left);
    EXPECT_DOUBLE_EQ(right[g.index(1, 0, 0)], -5.0 * outer);
}

TEST_P(Conduction, TerminalOfAnotherMaterialDoesNotTouchTheCell) {
    const Grid g{1, 1, 2};
    const auto s = upload_field(*backend, g, std::vector<double>{10.0, 10.0});
    const auto material = upload_field(*backend, g, std::vector<std::uint8_t>{1, 2});
    auto face = Buffer<double>::field(*backend, g), rhs = Buffer<double>::field(*backend, g);
    Terminals terminals;
    terminals.count = 1;
    terminals.list[0] = {0, true, 2, 0.0, 1.0};
    backend->face_conductance({g, 0, 1.0, 0.5}, s.get(), material.get(), {}, terminals, face.get(), rhs.get());
    const auto faces = face.download();
    EXPECT_EQ(faces[g.index(0, 0, 0)], 0.0);
    EXPECT_DOUBLE_EQ(faces[g.index(0, 0, 1)], 20.0);
}

TEST_P(Conduction, LawsEvaluateAndClipAndCount) {
    const Grid g{4, 1, 1};
    PropertyLaw zero, linear, inverse, arrhenius;
    linear.kind = LawKind::linear, linear.count = 3, linear.c[0] = 100, linear.c[1] = 1e-3, linear.c[2] = 300;
    linear.valid_min = 250, linear.valid_max = 400;
    inverse.kind = LawKind::inverse, inverse.count = 2, inverse.c[0] = 1e-3, inverse.c[1] = 1e-6;
    arrhenius.kind = LawKind::arrhenius, arrhenius.count = 3, arrhenius.c[0] = 2, arrhenius.c[1] = 1000, arrhenius.c[2] = 300;
    const auto laws = Buffer<PropertyLaw>::from(*backend, std::vector<PropertyLaw>{zero, linear, inverse, arrhenius});
    const auto table = Buffer<double>::from(*backend, std::vector<double>{0.0});
    const auto material = upload_field(*backend, g, std::vector<std::uint8_t>{0, 1, 2, 3 | kPinned});
    const auto factor = upload_field(*backend, g, std::vector<float>{1, 2, 1, 1});
    auto out = Buffer<double>::field(*backend, g);
    Buffer<double> outside(*backend, 1);
    PropertyView view{g, material.get(), laws.get(), table.get(), table.get()};
    view.uniform_T = 500.0;
    view.factor = factor.get();
    backend->evaluate_property(view, out.get(), outside.get());
    const auto s = out.download();
    EXPECT_EQ(s[g.index(0, 0, 0)], 0.0);
    EXPECT_NEAR(s[g.index(1, 0, 0)], 2 * 100 * (1 + 1e-3 * 100), 1e-10);  // clipped to 400 K
    EXPECT_NEAR(s[g.index(2, 0, 0)], 1 / (1e-3 + 1e-6 * 500), 1e-9);
    EXPECT_EQ(s[g.index(3, 0, 0)], 0.0);  // pinned
    EXPECT_EQ(outside.download()[0], 1.0);
}

JT_ON_EVERY_DEVICE(Conduction);

}  // namespace
}  // namespace jt
