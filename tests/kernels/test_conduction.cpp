// SPDX-License-Identifier: Apache-2.0
#include "kernels/conduction.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <vector>

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

// Alone in a bed a char is evaluated in a loop of its own, beside another one cell by cell; neither reaches into other cells.
TEST_P(Conduction, CharsEvaluateAloneAndSideBySide) {
    const Grid g{19, 3, 2};
    PropertyLaw metal, first;
    metal.kind = LawKind::constant, metal.count = 1, metal.c[0] = 7.0;
    first.kind = LawKind::char_bed, first.count = 8, first.valid_min = 250.0, first.valid_max = 1600.0;
    const double c[] = {-8.0, 14.0, 820.0, 1.0 / 45.0, 1400.0, 900.0, 1.0 / (kGasConstant * 33.3), 29.9};
    std::copy(std::begin(c), std::end(c), first.c);
    PropertyLaw second = first;
    second.c[0] = -9.0, second.c[4] = 1000.0;
    const auto table = Buffer<double>::from(*backend, std::vector<double>{0.0});
    std::vector<double> T, T_from, front;
    std::vector<float> factor;
    for (Index n = 0; n < g.cells(); ++n) {
        T.push_back(300.0 + 12.0 * double(n)), T_from.push_back(T.back() - 20.0);
        front.push_back(240e3 + 900.0 * double(n)), factor.push_back(n % 7 == 0 ? 2.0f : 1.0f);
    }
    const auto T_field = upload_field(*backend, g, T), from_field = upload_field(*backend, g, T_from),
               front_field = upload_field(*backend, g, front);
    const auto factor_field = upload_field(*backend, g, factor);
    for (const int chars : {1, 2})
        for (const int state : {0, 1, 2}) {  // one temperature, at rest, within a step
            const std::vector<PropertyLaw> laws{metal, first, second};
            const auto on_device = Buffer<PropertyLaw>::from(*backend, laws);
            std::vector<std::uint8_t> material;
            for (Index n = 0; n < g.cells(); ++n)
                material.push_back(std::uint8_t(n % 5 == 4 ? 0 : n % 5 == 3 ? 1 | kPinned : n % 2 == 0 ? 1 : chars));
            const auto material_field = upload_field(*backend, g, material);
            auto out = Buffer<double>::field(*backend, g);
            Buffer<double> outside(*backend, 1);
            PropertyView view{g, material_field.get(), on_device.get(), table.get(), table.get()};
            view.host_laws = std::span(laws).first(std::size_t(chars) + 1);
            view.T = state > 0 ? T_field.get() : nullptr;
            view.uniform_T = 700.0;
            view.factor = factor_field.get();
            view.char_state = {front_field.get(), state == 2 ? from_field.get() : nullptr, -3.0};
            backend->evaluate_property(view, out.get(), outside.get());
            const auto s = out.download();
            double beyond = 0.0;
            for (Index n = 0; n < g.cells(); ++n) {
                const auto at = std::size_t(n);
                const PropertyLaw& law = laws[material[at] & ~kPinned];
                const double here = state > 0 ? T[at] : 700.0;
                double expected = 7.0;
                if (law.kind == LawKind::char_bed) {
                    const double now =
                        state == 2 ? cpu::front_after(front[at], 0.5 * (T_from[at] + here), law.c[7] - 3.0, 0.0) : front[at];
                    const double Th = now * law.c[6] - 273.15;
                    expected = material[at] & kPinned ? 0.0 : cpu::char_conductivity(law, here, Th);
                    beyond += here < law.valid_min || here > law.valid_max || Th < kCharLeast || Th > kCharMost;
                }
                expected *= double(factor[at]);
                const int i = int(n % g.nx), j = int(n / g.nx % g.ny), k = int(n / g.nx / g.ny);
                EXPECT_NEAR(s[std::size_t(g.index(i, j, k))], expected, 1e-13 * expected) << chars << " " << state << " " << n;
            }
            EXPECT_EQ(outside.download()[0], beyond);
            EXPECT_GT(beyond, 0.0);

            // the char by itself is kept, and serves other axes as it is
            auto kept = Buffer<double>::field(*backend, g), again = Buffer<double>::field(*backend, g);
            view.char_value = kept.get();
            backend->evaluate_property(view, again.get(), outside.get());
            EXPECT_EQ(again.download(), s);
            if (chars > 1) continue;  // of two nothing is kept
            std::vector<double> other = kept.download();
            for (double& value : other) value *= 3.0;
            backend->upload(kept.get(), other.data(), kept.bytes());
            view.char_known = true;
            backend->evaluate_property(view, again.get(), outside.get());
            EXPECT_EQ(outside.download()[0], beyond);
            const auto thrice = again.download();
            for (Index n = 0; n < g.cells(); ++n) {
                const int i = int(n % g.nx), j = int(n / g.nx % g.ny), k = int(n / g.nx / g.ny);
                const auto at = std::size_t(g.index(i, j, k));
                const double factor_3 = material[std::size_t(n)] == 1 ? 3.0 : 1.0;
                EXPECT_NEAR(thrice[at], factor_3 * s[at], 1e-13 * thrice[at]);
            }
        }
}

JT_ON_EVERY_DEVICE(Conduction);

}  // namespace
}  // namespace jt
