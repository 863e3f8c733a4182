// SPDX-License-Identifier: Apache-2.0
// Tests that need OpenGL say so aloud where there is none.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "kernels/error.hpp"
#include "viz/screen/gl/egl_context.hpp"

namespace jt {

// Why there is no OpenGL without a display; empty: there is.
inline std::string why_no_gl() {
    try {
        EglContext probe;
        return {};
    } catch (const DeviceError& error) {
        return error.what();
    }
}

}  // namespace jt

#define WITH_GL() \
    if (const auto why = jt::why_no_gl(); !why.empty()) GTEST_SKIP() << "gpu: " << why
