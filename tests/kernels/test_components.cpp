// SPDX-License-Identifier: Apache-2.0
#include "kernels/components.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "kernels/buffer.hpp"
#include "tests/support/devices.hpp"
#include "tests/support/oracle.hpp"

namespace jt {
namespace {

class Components : public test::OnEveryDevice {
protected:
    std::vector<CellLabel> labels(const Extents& e, const std::vector<double>& conductivity, std::int64_t* count = nullptr) {
        const Grid g = grid_of(e);
        const auto s = upload_field(*backend, g, conductivity);
        const auto material = Buffer<std::uint8_t>::field(*backend, g);
        auto rhs = Buffer<double>::field(*backend, g);
        Buffer<double> face[3];
        for (int axis = 0; axis < 3; ++axis) {
            face[axis] = Buffer<double>::field(*backend, g);
            backend->face_conductance({g, axis, 1.0, 0.5}, s.get(), material.get(), {}, {}, face[axis].get(), rhs.get());
        }
        Buffer<CellLabel> label(*backend, g.cells());
        const auto found = backend->label_components(g, {face[0].get(), face[1].get(), face[2].get(), nullptr}, label.get());
        if (count) *count = found;
        return label.download();
    }
};

TEST_P(Components, RandomMapsMatchABreadthFirstSearch) {
    for (const double fill : {0.2, 0.31, 0.5, 0.9}) {
        const Extents e{23, 17, 19, 1, 1, 1};
        test::Random random{std::uint64_t(1000 * fill)};
        std::vector<double> s(e.count());
        for (double& v : s) v = random.unit() < fill ? 1.0 : 0.0;
        const auto expected = test::components_by_search(e, s);
        const auto found = labels(e, s);
        for (std::size_t c = 0; c < s.size(); ++c) ASSERT_EQ(found[c], expected[c]) << "fill " << fill << ", cell " << c;
    }
}

// A corridor that winds through the whole box is one component, whatever the order of the cells.
TEST_P(Components, WindingCorridorIsOneComponent) {
    const Extents e{31, 31, 3, 1, 1, 1};
    std::vector<double> s(e.count(), 0.0);
    for (int j = 0; j < e.ny; j += 2)
        for (int i = 0; i < e.nx; ++i) s[e.index(i, j, 0)] = 1.0;
    for (int j = 1; j < e.ny; j += 2) s[e.index(j / 2 % 2 ? 0 : e.nx - 1, j, 0)] = 1.0;
    std::int64_t count = 0;
    const auto found = labels(e, s, &count);
    EXPECT_EQ(count, 1);
    for (std::size_t c = 0; c < s.size(); ++c) EXPECT_EQ(found[c], s[c] > 0 ? 0 : kUnlabelled);
}

// Neighbours in a row that a contact insulates from each other belong together only if there is a way round.
TEST_P(Components, InsulatingContactSeparatesNeighboursOfOneRow) {
    const Grid g{4, 2, 1};
    const auto s = upload_field(*backend, g, std::vector<double>{1, 1, 1, 1, 1, 1, 0, 1});
    const auto material = upload_field(*backend, g, std::vector<std::uint8_t>{1, 1, 2, 2, 1, 1, 1, 2});
    const double none = std::numeric_limits<double>::infinity();
    const auto table = Buffer<double>::from(*backend, std::vector<double>{0, 0, 0, 0, 0, none, 0, none, 0});
    auto rhs = Buffer<double>::field(*backend, g);
    Buffer<double> face[3];
    for (int axis = 0; axis < 3; ++axis) {
        face[axis] = Buffer<double>::field(*backend, g);
        backend->face_conductance({g, axis, 1.0, 0.5}, s.get(), material.get(), {table.get(), 3}, {}, face[axis].get(),
                                  rhs.get());
    }
    Buffer<CellLabel> label(*backend, g.cells());
    EXPECT_EQ(backend->label_components(g, {face[0].get(), face[1].get(), face[2].get(), nullptr}, label.get()), 2);
    EXPECT_EQ(label.download(), (std::vector<CellLabel>{0, 0, 2, 2, 0, 0, kUnlabelled, 2}));
}

TEST_P(Components, PercentilesIgnoreNegativesAndNaN) {
    std::vector<float> values;
    for (int v = 99; v >= 0; --v) values.push_back(float(v));
    values.push_back(-1.0f);
    values.push_back(NAN);
    const auto device = Buffer<float>::from(*backend, values);
    const auto found = backend->percentiles(device.get(), device.count(), {0.0, 0.5, 0.99, 1.0});
    ASSERT_EQ(found.size(), 4u);
    EXPECT_EQ(found[0], 0.0);
    EXPECT_EQ(found[1], 50.0);
    EXPECT_EQ(found[2], 99.0);
    EXPECT_EQ(found[3], 99.0);
}

JT_ON_EVERY_DEVICE(Components);

}  // namespace
}  // namespace jt
