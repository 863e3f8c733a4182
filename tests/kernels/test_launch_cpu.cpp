// SPDX-License-Identifier: Apache-2.0
#include <omp.h>

#include "kernels/backend.hpp"
#include "kernels/buffer.hpp"
#include "kernels/launch_cpu.hpp"

#include <gtest/gtest.h>

#include "tests/support/oracle.hpp"

namespace jt {
namespace {

using cpu::Stream;

// Stage by stage what the pipelined sweep must give: b = a of the six neighbours plus own, c = the same of b.
struct SumAround {
    Grid grid;
    const double* from;
    double* to;
    void operator()(Cell c) const {
        double s = from[c.n];
        for (int axis = 0; axis < 3; ++axis) s += from[c.n - grid.stride(axis)] + from[c.n + grid.stride(axis)];
        to[c.n] = s;
    }
};

TEST(LaunchCpu, StagesOfASweepSeeTheFinishedStageBeforeWhateverTheThreads) {
    for (const Grid g : {Grid{40, 31, 37}, Grid{200, 200, 1}, Grid{3, 1, 9000}}) {
        std::vector<double> a(g.allocation(), 0.0), b = a, c = a, d = a, b1 = a, c1 = a, d1 = a;
        test::Random random{7};
        for (int k = 0; k < g.nz; ++k)
            for (int j = 0; j < g.ny; ++j)
                for (int i = 0; i < g.nx; ++i) a[g.index(i, j, k)] = random.unit();
        const int before = omp_get_max_threads();
        for (const int threads : {1, 2, 3, 5}) {
            omp_set_num_threads(threads);
            Stream stream;
            cpu::sweep(stream, g, nullptr, SumAround{g, a.data(), b.data()}, SumAround{g, b.data(), c.data()},
                       SumAround{g, c.data(), d.data()});
            cpu::for_each_cell(stream, g, SumAround{g, a.data(), b1.data()});
            cpu::for_each_cell(stream, g, SumAround{g, b1.data(), c1.data()});
            cpu::for_each_cell(stream, g, SumAround{g, c1.data(), d1.data()});
            EXPECT_EQ(d, d1) << threads << " threads, grid " << g.nx << "x" << g.ny << "x" << g.nz;
        }
        omp_set_num_threads(before);
    }
}

struct ValueOf {
    const double* field;
    double operator()(Cell c) const { return field[c.n]; }
};

TEST(LaunchCpu, SumsHaveTheSameBitsForEveryNumberOfThreadsAndOrder) {
    for (const Grid& g : {Grid{61, 53, 47}, Grid{16, 32, 40}}) {  // rows of 16 have a loop of their own
        std::vector<double> a(g.allocation(), 0.0);
        test::Random random{3};
        for (double& v : a) v = random.unit() - 0.5;
        double plain = 0.0;
        for (int k = 0; k < g.nz; ++k)
            for (int j = 0; j < g.ny; ++j)
                for (int i = 0; i < g.nx; ++i) plain += a[std::size_t(g.index(i, j, k))];
        std::vector<double> sums;
        const int before = omp_get_max_threads();
        for (const int threads : {1, 2, 3, 4}) {
            omp_set_num_threads(threads);
            Stream stream;
            double sum = 0.0;
            cpu::sum_cells(stream, g, &sum, ValueOf{a.data()});
            sums.push_back(sum);
        }
        omp_set_num_threads(before);
        Stream reversed(true, Stream::Order::reverse);
        double sum = -1.0;
        cpu::sum_cells(reversed, g, &sum, ValueOf{a.data()});
        EXPECT_EQ(sum, -1.0) << "the mirror runs nothing before it is synchronised";
        reversed.synchronise();
        sums.push_back(sum);
        for (const double s : sums) EXPECT_EQ(s, sums.front());
        EXPECT_NEAR(sums.front(), plain, 1e-9);
    }
}

TEST(LaunchCpu, MirrorMemoryIsNaNUntilWritten) {
    const auto backend = make_backend("mirror");
    Buffer<double> buffer(*backend, 8);
    for (const double v : buffer.download()) EXPECT_TRUE(std::isnan(v));
}

TEST(LaunchCpu, UnknownDeviceIsRefusedWithTheAllowedOnes) {
    try {
        make_backend("tpu");
        FAIL();
    } catch (const InputError& e) {
        EXPECT_NE(std::string(e.what()).find("\"tpu\""), std::string::npos);
        EXPECT_NE(std::string(e.what()).find("cpu, mirror, mirror-reversed, cuda"), std::string::npos);
    }
}

}  // namespace
}  // namespace jt
