// SPDX-License-Identifier: Apache-2.0
// The same case on every device: cpu, mirror, mirror-reversed, and cuda where there is a GPU (skipped aloud otherwise, unless
// JT_TEST_DEVICE=cuda asks for it: then its absence is a failure).
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "kernels/backend.hpp"

namespace jt::test {

class OnEveryDevice : public ::testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        if (GetParam() == "cuda" && !cuda::why_unavailable().empty()) {
            const char* asked = std::getenv("JT_TEST_DEVICE");
            if (asked && std::string(asked) == "cuda") FAIL() << "device cuda: " << cuda::why_unavailable();
            GTEST_SKIP() << "device cuda: " << cuda::why_unavailable();
        }
        backend = make_backend(GetParam());
    }
    std::unique_ptr<Backend> backend;
};

inline std::string device_test_name(const ::testing::TestParamInfo<std::string>& info) {
    if (info.param == "cuda") return "Gpu";
    return info.param == "mirror-reversed" ? "mirrorReversed" : info.param;
}

#define JT_ON_EVERY_DEVICE(suite)                                                                           \
    INSTANTIATE_TEST_SUITE_P(Devices, suite, ::testing::Values("cpu", "mirror", "mirror-reversed", "cuda"), \
                             jt::test::device_test_name)

}  // namespace jt::test
