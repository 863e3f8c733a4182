// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "viz/screen/gl/bed_renderer_gl.hpp"

namespace jt {

// The renderer of the 3-D view, for the OpenGL context that is current. finest: every draw is as fine as it gets, for pictures.
// Throws Error when there is no OpenGL 3.3.
inline std::unique_ptr<BedRenderer> make_bed_renderer(bool finest) {
    auto renderer = std::make_unique<BedRendererGl>();
    renderer->set_finest(finest);
    return renderer;
}

}  // namespace jt
