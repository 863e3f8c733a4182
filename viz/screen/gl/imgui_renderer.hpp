// SPDX-License-Identifier: Apache-2.0
// ImGuiRenderer: Dear ImGui's context with its OpenGL backend, fonts and textures: a painter for a frame, and the frame drawn.
// Needs a current OpenGL 3.3 context, as does its destructor. One at a time in a thread's ImGui.
#pragma once
#include <memory>
#include <optional>

#include "viz/screen/gl/imgui_painter.hpp"

namespace jt {

class ImGuiRenderer {
public:
    ImGuiRenderer();  // throws DeviceError
    ~ImGuiRenderer();
    ImGuiRenderer(const ImGuiRenderer&) = delete;
    ImGuiRenderer& operator=(const ImGuiRenderer&) = delete;

    // A frame of width x height device pixels. The painter is valid until end(). A new scale bakes the fonts again. Throws
    // DeviceError.
    ImGuiPainter& begin(int width, int height, double scale);
    // Draws what was painted into the framebuffer (0: the window).
    void end(unsigned framebuffer);

    const TextureCache& textures() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
