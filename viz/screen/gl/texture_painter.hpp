// SPDX-License-Identifier: Apache-2.0
// TexturePainter: what a painter on an OpenGL window can do beside the others: show a texture where it is.
#pragma once
#include "viz/figure/painter.hpp"

namespace jt {

struct TexturePainter {
    virtual ~TexturePainter() = default;
    // A 2-D RGBA texture, opaque, filling the rectangle; its row 0 is the top of the picture. The texture stays its owner's and
    // lives until the frame has been drawn.
    virtual void texture(const Rect&, unsigned gl_texture) = 0;
};

}  // namespace jt
