// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/imgui_renderer.hpp"

#include <backends/imgui_impl_opengl3.h>
#include <epoxy/gl.h>
#include <imgui.h>

#include "kernels/error.hpp"

namespace jt {

struct ImGuiRenderer::Impl {
    ImGuiContext* context;
    bool backend = false;
    Fonts fonts;
    TextureCache textures;
    std::optional<ImGuiPainter> painter;

    Impl() : context(ImGui::CreateContext()) { ImGui::SetCurrentContext(context); }
    ~Impl() {
        ImGui::SetCurrentContext(context);
        if (backend) ImGui_ImplOpenGL3_Shutdown();
        ImGui::DestroyContext(context);
    }
};

ImGuiRenderer::ImGuiRenderer() : impl_(std::make_unique<Impl>()) {
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;
    impl_->backend = ImGui_ImplOpenGL3_Init("#version 330 core");
    if (!impl_->backend) throw DeviceError("Dear ImGui finds no OpenGL (Debian, Ubuntu: libgl1 libopengl0)");
}

ImGuiRenderer::~ImGuiRenderer() = default;

ImGuiPainter& ImGuiRenderer::begin(int width, int height, double scale) {
    ImGui::SetCurrentContext(impl_->context);
    ImGuiIO& io = ImGui::GetIO();
    if (impl_->fonts.scale() != scale) {
        impl_->fonts.bake(*io.Fonts, scale);
        ImGui_ImplOpenGL3_DestroyFontsTexture();
        ImGui_ImplOpenGL3_CreateFontsTexture();
        io.Fonts->ClearTexData();  // the graphics card has it
    }
    impl_->textures.begin_frame();
    io.DisplaySize = {float(width), float(height)};
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    return impl_->painter.emplace(*ImGui::GetBackgroundDrawList(), impl_->fonts, impl_->textures, scale);
}

void ImGuiRenderer::end(unsigned framebuffer) {
    impl_->painter.reset();
    ImGui::Render();
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    const ImGuiIO& io = ImGui::GetIO();
    glViewport(0, 0, GLsizei(io.DisplaySize.x), GLsizei(io.DisplaySize.y));
    glDisable(GL_SCISSOR_TEST);
    glClearColor(0.0f, 0.0f, 0.0f, 1.0f);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

const TextureCache& ImGuiRenderer::textures() const {
    return impl_->textures;
}

}  // namespace jt
