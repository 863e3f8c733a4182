// SPDX-License-Identifier: Apache-2.0
#include "kernels/backend.hpp"

#include "kernels/error.hpp"

namespace jt {

std::unique_ptr<Backend> make_backend(std::string_view device) {
    if (device == "auto") return cuda::why_unavailable().empty() ? cuda::make() : cpu::make_cpu();
    if (device == "cpu") return cpu::make_cpu();
    if (device == "mirror") return cpu::make_mirror(false);
    if (device == "mirror-reversed") return cpu::make_mirror(true);
    if (device == "cuda") {
        if (const std::string reason = cuda::why_unavailable(); !reason.empty()) throw DeviceError("device cuda: " + reason);
        return cuda::make();
    }
    throw InputError("--device: \"" + std::string(device) + "\" is unknown; allowed: auto, cpu, mirror, mirror-reversed, cuda");
}

std::string explain_auto_device() {
    const std::string reason = cuda::why_unavailable();
    return reason.empty() ? "device auto: cuda" : "device auto: cpu (" + reason + ")";
}

}  // namespace jt
