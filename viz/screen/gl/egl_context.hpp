// SPDX-License-Identifier: Apache-2.0
// EglContext: OpenGL 3.3 core without a window or a display (EGL on Mesa's surfaceless platform). Draw into a Framebuffer.
#pragma once
#include <memory>
#include <string>

namespace jt {

class EglContext {
public:
    // Made current on this thread. Throws DeviceError saying what to install.
    EglContext();
    ~EglContext();
    EglContext(const EglContext&) = delete;
    EglContext& operator=(const EglContext&) = delete;

    void make_current();
    std::string renderer() const;  // "llvmpipe (LLVM 15.0.6, 256 bits)"

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
