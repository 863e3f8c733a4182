// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "viz/screen/panels/bed_renderer.hpp"

namespace jt {

// The renderer of the 3-D view, for the OpenGL context that is current; null: this build has none.
inline std::unique_ptr<BedRenderer> make_bed_renderer() {
    return nullptr;
}

}  // namespace jt
