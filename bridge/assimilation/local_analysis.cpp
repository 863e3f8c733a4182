// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/local_analysis.hpp"

#include <algorithm>
#include <cmath>

#include "bridge/filter/etkf.hpp"
#include "bridge/filter/letkf.hpp"

namespace jt {
namespace {

// Nodes in a radius; between two, the test finds weights off by less than a tenth of what they change over the bed.
constexpr double kNodesPerRadius = 2.0;
constexpr int kMostNodes = 33;  // along an axis: a radius smaller than a sixteenth of the bed is taken as that

}  // namespace

LocalAnalysis::LocalAnalysis(Observations observations, const Place& size, double radius)
    : of_(std::move(observations)), radius_(radius), all_(etkf(of_.Y, of_.d, of_.variance)) {
    if (!is_local()) return;
    for (std::size_t a = 0; a < 3; ++a) {
        // an axis shorter than a tenth of the radius is all in one place
        nodes_[a] = size[a] < 0.1 * radius_ ? 1 : std::min(int(std::ceil(kNodesPerRadius * size[a] / radius_)) + 1, kMostNodes);
        spacing_[a] = nodes_[a] > 1 ? size[a] / (nodes_[a] - 1) : size[a];
    }
    lattice_.resize(std::size_t(nodes_[0]) * std::size_t(nodes_[1]) * std::size_t(nodes_[2]));
#pragma omp parallel for schedule(static)
    for (std::size_t n = 0; n < lattice_.size(); ++n) {
        std::array<std::size_t, 3> i{n % std::size_t(nodes_[0]), n / std::size_t(nodes_[0]) % std::size_t(nodes_[1]),
                                     n / std::size_t(nodes_[0]) / std::size_t(nodes_[1])};
        Place place{};
        for (std::size_t a = 0; a < 3; ++a) place[a] = nodes_[a] > 1 ? double(i[a]) * spacing_[a] : 0.5 * size[a];
        lattice_[n] = at(place);
    }
}

EnsembleUpdate LocalAnalysis::at(const Place& place) const {
    if (!is_local()) return all_;
    Vector distance(of_.d.size());
    for (Eigen::Index i = 0; i < distance.size(); ++i) {
        const auto& where = of_.places[std::size_t(i)];
        distance[i] = where ? std::hypot((*where)[0] - place[0], (*where)[1] - place[1], (*where)[2] - place[2]) : 0.0;
    }
    return local_update(of_.Y, of_.d, of_.variance, distance, radius_);
}

void LocalAnalysis::near(const Place& place, EnsembleUpdate& out) const {
    if (!is_local()) {
        out = all_;
        return;
    }
    std::array<std::size_t, 3> low{};
    Place share{};
    for (std::size_t a = 0; a < 3; ++a) {
        if (nodes_[a] == 1) continue;
        const double x = std::clamp(place[a] / spacing_[a], 0.0, double(nodes_[a] - 1));
        low[a] = std::min(std::size_t(x), std::size_t(nodes_[a] - 2));
        share[a] = x - double(low[a]);
    }
    out.weights.setZero(all_.weights.size());
    out.transform.setZero(all_.transform.rows(), all_.transform.cols());
    for (int corner = 0; corner < 8; ++corner) {
        double weight = 1.0;
        std::array<std::size_t, 3> i = low;
        for (std::size_t a = 0; a < 3; ++a) {
            const bool up = corner >> a & 1;
            weight *= up ? share[a] : 1.0 - share[a];
            i[a] += up;
        }
        if (!(weight > 0.0)) continue;
        const EnsembleUpdate& node = lattice_[(i[2] * std::size_t(nodes_[1]) + i[1]) * std::size_t(nodes_[0]) + i[0]];
        out.weights += weight * node.weights;
        out.transform += weight * node.transform;
    }
}

}  // namespace jt
