// SPDX-License-Identifier: Apache-2.0
// Coarse operator against plain loops over the aggregates.
#include <cmath>
#include <vector>

#include "kernels/buffer.hpp"
#include "tests/support/devices.hpp"
#include "tests/support/oracle.hpp"

namespace jt {
namespace {

class MultigridOps : public test::OnEveryDevice {};

TEST_P(MultigridOps, CoarseFacesAreAggregateSumsOverTheCentreDistanceAndSinksAreSums) {
    for (const Grid fine : {Grid{8, 6, 4}, Grid{37, 5, 7}, Grid{2, 3, 1}})
        for (int choice = 1; choice < 8; ++choice) {
            const Coarsening how{{(choice & 1) != 0, (choice & 2) != 0, (choice & 4) != 0}};
            const Grid coarse = how.coarse(fine);
            test::Random random{std::uint64_t(choice)};
            std::vector<float> host[4];
            Buffer<float> from[4], to[4];
            for (int f = 0; f < 4; ++f) {
                host[f].assign(std::size_t(fine.allocation()), 0.0f);
                for (int k = f == 2 ? -1 : 0; k < fine.nz; ++k)
                    for (int j = f == 1 ? -1 : 0; j < fine.ny; ++j)
                        for (int i = f == 0 ? -1 : 0; i < fine.nx; ++i)
                            host[f][std::size_t(fine.index(i, j, k))] = float(random.unit());
                from[f] = Buffer<float>::from(*backend, host[f]);
                to[f] = Buffer<float>::field(*backend, coarse);
            }
            backend->coarsen_faces({fine, {from[0].get(), from[1].get(), from[2].get(), from[3].get()}},
                                   {coarse, {to[0].get(), to[1].get(), to[2].get(), to[3].get()}}, how);

            // Sum over the fine cells lo..hi of every axis.
            auto sum = [&](int f, const int lo[3], const int hi[3]) {
                double s = 0.0;
                for (int k = lo[2]; k <= hi[2]; ++k)
                    for (int j = lo[1]; j <= hi[1]; ++j)
                        for (int i = lo[0]; i <= hi[0]; ++i) s += double(host[f][std::size_t(fine.index(i, j, k))]);
                return s;
            };
            auto first = [&](int a, int c) { return how.axis[a] ? 2 * c : c; };
            auto last = [&](int a, int c) { return how.axis[a] ? std::min(2 * c + 1, fine.extent(a) - 1) : c; };
            for (int f = 0; f < 4; ++f) {
                const auto got = to[f].download();
                for (int k = f == 2 ? -1 : 0; k < coarse.nz; ++k)
                    for (int j = f == 1 ? -1 : 0; j < coarse.ny; ++j)
                        for (int i = f == 0 ? -1 : 0; i < coarse.nx; ++i) {
                            const int at[3] = {i, j, k};
                            int lo[3], hi[3];
                            for (int a = 0; a < 3; ++a) lo[a] = first(a, at[a]), hi[a] = last(a, at[a]);
                            double distance = 1.0;
                            if (f < 3) {
                                // centres of the two aggregates in fine cells; an outer face lies half a distance away
                                const int n = at[f], end = coarse.extent(f) - 1;
                                auto size = [&](int c) { return double(last(f, c) - first(f, c) + 1); };
                                if (how.axis[f])
                                    distance = n < 0 ? size(0) : n == end ? size(end) : 0.5 * (size(n) + size(n + 1));
                                lo[f] = hi[f] = n < 0 ? -1 : last(f, n);
                            }
                            EXPECT_NEAR(double(got[std::size_t(coarse.index(i, j, k))]), sum(f, lo, hi) / distance, 1e-5)
                                << "field " << f << " coarse cell " << i << " " << j << " " << k << " choice " << choice;
                        }
            }
        }
}

JT_ON_EVERY_DEVICE(MultigridOps);

}  // namespace
}  // namespace jt
