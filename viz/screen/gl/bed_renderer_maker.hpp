// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "viz/screen/panels/bed_renderer.hpp"

namespace jt {

// The renderer of the 3-D view, for the OpenGL context that is current; null: this build has none. finest: every draw is as
// fine as it gets, for pictures.
inline std::unique_ptr<BedRenderer> make_bed_renderer([[maybe_unused]] bool finest) {
    return nullptr;
}

}  // namespace jt
