// SPDX-License-Identifier: Apache-2.0
#include "kernels/heat.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "kernels/buffer.hpp"
#include "tests/support/devices.hpp"

namespace jt {
namespace {

class HeatKernels : public test::OnEveryDevice {};

// The change of one cell among many, in units of 0.5 K + 1 % of what it lies above 300 K, wherever the cell is.
TEST_P(HeatKernels, TheLargestChangeIsFoundInEveryCorner) {
    for (const Grid& g : {Grid{5, 3, 7}, Grid{16, 16, 16}, Grid{40, 31, 37}}) {
        const std::size_t cells = std::size_t(g.cells());
        const std::vector<double> before(cells, 400.0);
        for (const std::size_t at : {std::size_t(0), cells / 2, cells - 1}) {
            std::vector<double> after(cells, 400.75);
            after[at] = 200.0;
            const auto x = upload_field(*backend, g, before), y = upload_field(*backend, g, after);
            EXPECT_DOUBLE_EQ(backend->largest_change(g, x.get(), y.get(), 0.5, 0.01, 300.0), 200.0 / 1.5) << at;
        }
    }
}

JT_ON_EVERY_DEVICE(HeatKernels);

}  // namespace
}  // namespace jt
