// SPDX-License-Identifier: Apache-2.0
// The CPU device and its mirror: backend.inl by g++, Thrust on OpenMP.
#define JT_NS cpu
#include <thrust/system/omp/execution_policy.h>
#include <thrust/system/omp/vector.h>

#include <fstream>

#include "kernels/launch_cpu.hpp"

namespace jt::cpu {
inline auto thrust_policy(Stream&) {
    return thrust::omp::par;
}
template <class T>
using DeviceVector = thrust::omp::vector<T>;
}  // namespace jt::cpu

#include "kernels/backend.inl"

namespace jt::cpu {
namespace {

std::string processor() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos) return line.substr(line.find(": ") + 2);
    return "unknown processor";
}

class CpuBackend final : public DeviceBackend {
public:
    CpuBackend(std::string name, Stream stream) : DeviceBackend(std::move(stream)), name_(std::move(name)) {}
    std::string name() const override { return name_; }
    std::string description() const override {
        return processor() + ", " + std::to_string(omp_get_max_threads()) + " threads, " + instruction_set();
    }
    std::string instruction_set() const override {
#if defined(__AVX512F__)
        return "x86-64 AVX-512";
#elif defined(__AVX2__)
        return "x86-64 AVX2";
#elif defined(__x86_64__)
        return "x86-64";
#elif defined(__aarch64__)
        return "aarch64";
#else
        return "generic";
#endif
    }

private:
    std::string name_;
};

}  // namespace

std::unique_ptr<Backend> make_cpu() {
    return std::make_unique<CpuBackend>("cpu", Stream());
}

std::unique_ptr<Backend> make_mirror(bool reversed) {
    return std::make_unique<CpuBackend>(reversed ? "mirror-reversed" : "mirror",
                                        Stream(true, reversed ? Stream::Order::reverse : Stream::Order::forward));
}

}  // namespace jt::cpu
