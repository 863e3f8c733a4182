// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/ensemble.hpp"

#include <string>

#include "kernels/error.hpp"

namespace jt {

void EnsembleUpdate::apply(Eigen::Ref<Matrix> E) const {
    if (E.cols() != transform.rows())
        throw InputError("ensemble update: made from " + std::to_string(transform.rows()) + " members, applied to " +
                         std::to_string(E.cols()));
    const Vector mean = ensemble_mean(E);
    // G = w 1' + T
    const Matrix G = transform.colwise() + weights;
    // E <- mean 1' + (E - mean 1') G
    E = ((E.colwise() - mean) * G).colwise() + mean;
}

void check_observations(const char* who, const Matrix& Y, const Vector& d, const Vector& variance) {
    const std::string name = who;
    if (Y.cols() < 2) throw InputError(name + ": " + std::to_string(Y.cols()) + " members, at least 2");
    if (d.size() != Y.rows() || variance.size() != Y.rows())
        throw InputError(name + ": " + std::to_string(Y.rows()) + " predicted observations, " + std::to_string(d.size()) +
                         " innovations, " + std::to_string(variance.size()) + " variances: must be as many of each");
    for (Eigen::Index i = 0; i < d.size(); ++i) {
        if (!std::isfinite(d[i]) || !Y.row(i).allFinite())
            throw InputError(name + ": observation " + std::to_string(i) + ": innovation or prediction is not finite");
        if (!(variance[i] > 0.0) || !std::isfinite(variance[i]))
            throw InputError(name + ": observation " + std::to_string(i) + ": variance " + std::to_string(variance[i]) +
                             " must be positive");
    }
}

}  // namespace jt
