// SPDX-License-Identifier: Apache-2.0
// BedRendererGl: the bed by OpenGL 3.3: one shader marches a ray a pixel through the field in a 3-D texture; lines are drawn
// with depth. It draws into a texture of its own, at its own resolution (resolution_control.hpp), which painters show that are
// a TexturePainter, too; others get the picture. A scene that has not changed is not drawn again.
#pragma once
#include <memory>

#include "viz/screen/panels/bed_renderer.hpp"

namespace jt {

class BedRendererGl final : public BedRenderer {
public:
    // An OpenGL context of 3.3 or later must be current, here and whenever it is used. Throws Error when there is none.
    BedRendererGl();
    ~BedRendererGl() override;
    BedRendererGl(const BedRendererGl&) = delete;
    BedRendererGl& operator=(const BedRendererGl&) = delete;

    // Throws Error when the device fails; beds that do not fit into its textures are drawn by BedRendererCpu.
    std::optional<double> draw(Painter&, const Rect& at, const BedScene&) override;

    // The scene in width x height pixels, as draw() shows it in a rectangle of that size at scale 1.
    Image render_image(const BedScene&, int width, int height);
    // For pictures: every draw is as fine as it gets.
    void set_finest(bool on);
    // What the last picture took [s], and its size [px].
    double last_seconds() const;
    std::array<int, 2> last_size() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
