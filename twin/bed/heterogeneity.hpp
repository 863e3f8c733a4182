// SPDX-License-Identifier: Apache-2.0
// A lognormal conductivity map of unit median: exp(s g(x)), g Gaussian with mean 0, variance 1 and covariance exp(-(r/L)^2).
// g is white noise, a function of seed and cell number, filtered by exp(-2 (x/L)^2) along each axis; weights are normalised
// cell by cell, so that the variance is 1 up to the walls.
#pragma once
#include "twin/bed/bed.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

// Multiplies bed.sigma_factor in the product. The same seed gives the same field everywhere, whatever the number of threads.
void add_heterogeneity(Bed& bed, const Heterogeneity& heterogeneity);

// g alone, packed, x fastest.
std::vector<float> gaussian_field(const Extents& extents, double correlation, std::uint64_t seed);

}  // namespace jt
