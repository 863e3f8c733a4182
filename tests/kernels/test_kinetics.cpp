// SPDX-License-Identifier: Apache-2.0
#include "kernels/kinetics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/buffer.hpp"
#include "tests/support/devices.hpp"

namespace jt {
namespace {

class KineticsKernels : public test::OnEveryDevice {};
JT_ON_EVERY_DEVICE(KineticsKernels);

// The only char of a bed goes through a kernel of its own: the same order, and nothing elsewhere.
TEST_P(KineticsKernels, TheOnlyCharOrdersAsOneOfManyDoes) {
    const Grid g{19, 3, 2};
    KineticsLaw law;
    law.attempt = 1e13, law.log_attempt = std::log(1e13), law.peak_rate = 2.29e7, law.peak_energy = 200e3;
    const std::vector<KineticsLaw> laws{{}, law};
    std::vector<std::uint8_t> material;
    std::vector<double> from, to, front, peak;
    for (Index n = 0; n < g.cells(); ++n) {
        const bool is_char = n % 3 != 0;
        material.push_back(is_char ? 1 : 0);
        from.push_back(900.0 + 5.0 * double(n)), to.push_back(from.back() + (n % 5 == 0 ? 0.0 : 0.2 * double(n)));
        front.push_back(is_char ? 290e3 + 50.0 * double(n) : 0.0), peak.push_back(is_char ? 0.1 : 0.0);
    }
    const auto material_field = upload_field(*backend, g, material);
    const auto law_list = Buffer<KineticsLaw>::from(*backend, laws);
    const auto T_from = upload_field(*backend, g, from), T_to = upload_field(*backend, g, to);
    std::vector<double> fronts[2], peaks[2];
    for (const bool only : {false, true}) {
        const auto front_field = upload_field(*backend, g, front), peak_field = upload_field(*backend, g, peak);
        KineticsView view{g, material_field.get(), law_list.get(), front_field.get(), peak_field.get()};
        if (only) view.only = &laws[1];
        backend->advance_kinetics(view, T_from.get(), T_to.get(), 0.25, 2, nullptr);
        fronts[only] = download_field<double>(*backend, g, front_field);
        peaks[only] = download_field<double>(*backend, g, peak_field);
    }
    for (std::size_t n = 0; n < material.size(); ++n) {
        EXPECT_NEAR(fronts[1][n], fronts[0][n], 1e-14 * fronts[0][n]) << n;
        EXPECT_NEAR(peaks[1][n], peaks[0][n], 1e-14) << n;
        if (material[n] == 0) {
            EXPECT_EQ(fronts[1][n], 0.0);
            EXPECT_EQ(peaks[1][n], 0.0);
            continue;
        }
        EXPECT_GE(fronts[1][n], front[n]);
        if (from[n] != to[n]) continue;
        // exact where the temperature stands: E*' = R T ln( exp(E*/RT) + A dt )
        const double rt = kGasConstant * from[n], x = front[n] / rt, y = law.log_attempt + std::log(0.25);
        EXPECT_NEAR(fronts[1][n], rt * (std::max(x, y) + std::log1p(std::exp(-std::abs(x - y)))), 1e-12 * front[n]);
        EXPECT_NEAR(peaks[1][n], 1.0 - 0.9 * std::exp(-0.25 * law.peak_rate * std::exp(-law.peak_energy / rt)), 1e-13);
    }
}

}  // namespace
}  // namespace jt
