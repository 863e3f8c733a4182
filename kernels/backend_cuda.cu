// SPDX-License-Identifier: Apache-2.0
// The CUDA device: backend.inl by nvcc, Thrust on CUDA.
#define JT_NS cuda
#include <thrust/device_vector.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system/cuda/execution_policy.h>
#include <thrust/transform_reduce.h>

#include "kernels/launch_cuda.cuh"

namespace jt::cuda {
inline auto thrust_policy(Stream& stream) {
    return thrust::cuda::par.on(stream.handle());
}
template <class T>
using DeviceVector = thrust::device_vector<T>;

struct MaxDouble {
    JT_HD double operator()(double a, double b) const { return a > b ? a : b; }
};
template <class F>
struct OfPackedCell {
    Grid grid;
    F f;
    JT_HD double operator()(std::int64_t n) const {
        return f(grid.cell(int(n % grid.nx), int(n / grid.nx % grid.ny), int(n / grid.nx / grid.ny)));
    }
};
// Largest value of a functor, none of whose values is negative; blocking.
template <class F>
double largest_of(Stream& stream, const Grid& grid, const F& f) {
    stream.synchronise();
    const auto cells = thrust::make_counting_iterator<std::int64_t>(0);
    return thrust::transform_reduce(thrust_policy(stream), cells, cells + grid.cells(), OfPackedCell<F>{grid, f}, 0.0,
                                    MaxDouble{});
}
}  // namespace jt::cuda

#include "kernels/backend.inl"

namespace jt::cuda {
namespace {

class CudaBackend final : public DeviceBackend {
public:
    CudaBackend() : DeviceBackend(Stream()) { check(cudaGetDeviceProperties(&properties_, 0), "cannot ask the GPU"); }
    std::string name() const override { return "cuda"; }
    std::string description() const override {
        int driver = 0;
        check(cudaDriverGetVersion(&driver), "cannot ask the driver");
        return std::string(properties_.name) + ", driver API " + std::to_string(driver / 1000) + "." +
               std::to_string(driver % 1000 / 10);
    }
    std::string instruction_set() const override {
        return "sm_" + std::to_string(properties_.major) + std::to_string(properties_.minor);
    }

private:
    cudaDeviceProp properties_{};
};

}  // namespace

bool built() {
    return true;
}

// Any error of cudaGetDeviceCount means that there is no GPU to use: no driver, no device, no permission.
std::string why_unavailable() {
    int count = 0;
    const cudaError_t code = cudaGetDeviceCount(&count);
    if (code != cudaSuccess) return std::string("no GPU: ") + cudaGetErrorString(code);
    return count > 0 ? "" : "no GPU";
}

std::unique_ptr<Backend> make() {
    return std::make_unique<CudaBackend>();
}

}  // namespace jt::cuda
