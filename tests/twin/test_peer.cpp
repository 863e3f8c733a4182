// SPDX-License-Identifier: Apache-2.0
#include "twin/bench/peer.hpp"

#include <gtest/gtest.h>

namespace jt {
namespace {

const std::string kP1 =
    "hypre pfmg P1 N=64 ranks=2 tol=1e-08 it=15 rel=4.31e-09 fill=0.017 setup=0.011 solve=0.040 setup+solve min=0.051 "
    "med=0.052 "
    "s => 0.195 s/Mcell rss=75 MB check=65871.8121\n";
const std::string kP3 =
    "hypre pfmg P3 N=64 ranks=2 tol=1e-06 total=6.00 s (fill+setup 2.50, solve 2.80) its phi=544 T=800 Tmean=5719.79 "
    "Tmax=9226.7 rss=75 MB/rank\n";

TEST(Peer, AnswersOfAllProblemsAreRead) {
    const auto p1 = read_peer(1, kP1);
    ASSERT_TRUE(p1);
    EXPECT_DOUBLE_EQ(p1->total_s, 0.051);
    EXPECT_EQ(p1->iterations, 15);
    EXPECT_DOUBLE_EQ(p1->current_over_h, 65871.8121);
    const auto p2 = read_peer(2, kP1);
    ASSERT_TRUE(p2);
    EXPECT_DOUBLE_EQ(p2->mean_T_K, 65871.8121);
    const auto p3 = read_peer(3, kP3);
    ASSERT_TRUE(p3);
    EXPECT_DOUBLE_EQ(p3->total_s, 6.0);
    EXPECT_EQ(p3->iterations, 544);
    EXPECT_EQ(p3->heat_iterations, 800);
    EXPECT_DOUBLE_EQ(p3->mean_T_K, 5719.79);
    EXPECT_DOUBLE_EQ(p3->max_T_K, 9226.7);
}

TEST(Peer, AnAnswerThatIsNotCompleteIsNone) {
    EXPECT_FALSE(read_peer(1, ""));
    EXPECT_FALSE(read_peer(1, kP3));
    EXPECT_FALSE(read_peer(3, kP1));
    EXPECT_FALSE(read_peer(1, "mpirun: not found\n"));
    EXPECT_FALSE(read_peer(1, "it=3 setup+solve min=0.0 check=1\n"));
    EXPECT_FALSE(read_peer(3, kP3.substr(0, kP3.find("Tmax="))));
}

}  // namespace
}  // namespace jt
