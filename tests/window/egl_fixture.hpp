// SPDX-License-Identifier: Apache-2.0
// An OpenGL context without a window, for tests that draw.
#pragma once
#include <epoxy/egl.h>
#include <gtest/gtest.h>

namespace jt {

class EglFixture : public testing::Test {
protected:
    void SetUp() override {
        display_ = eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
        ASSERT_NE(display_, EGL_NO_DISPLAY) << "EGL has no surfaceless platform";
        ASSERT_TRUE(eglInitialize(display_, nullptr, nullptr)) << "EGL does not start: install Mesa's drivers";
        ASSERT_TRUE(eglBindAPI(EGL_OPENGL_API));
        const EGLint wanted[] = {EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_NONE};
        EGLConfig config = nullptr;
        EGLint count = 0;
        if (!eglChooseConfig(display_, wanted, &config, 1, &count) || count == 0) config = nullptr;
        const EGLint attributes[] = {
            EGL_CONTEXT_MAJOR_VERSION,           3,       EGL_CONTEXT_MINOR_VERSION, 3, EGL_CONTEXT_OPENGL_PROFILE_MASK,
            EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
        context_ = eglCreateContext(display_, config, EGL_NO_CONTEXT, attributes);
        ASSERT_NE(context_, EGL_NO_CONTEXT) << "no OpenGL 3.3";
        ASSERT_TRUE(eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_));
    }
    void TearDown() override {
        if (context_ == EGL_NO_CONTEXT) return;
        eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        eglDestroyContext(display_, context_);
    }

private:
    EGLDisplay display_ = EGL_NO_DISPLAY;
    EGLContext context_ = EGL_NO_CONTEXT;
};

}  // namespace jt
