// SPDX-License-Identifier: Apache-2.0
// Stands in for backend_cuda.cu where there is no nvcc, so that the program links without asking.
#include "kernels/backend.hpp"
#include "kernels/error.hpp"

namespace jt::cuda {

bool built() {
    return false;
}
std::string why_unavailable() {
    return "built without CUDA";
}
std::unique_ptr<Backend> make() {
    throw DeviceError("device cuda: " + why_unavailable());
}

}  // namespace jt::cuda
