// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/egl_context.hpp"

// epoxy's headers stand in for EGL's and OpenGL's own.
#include <epoxy/egl.h>
#include <epoxy/gl.h>

#include "kernels/error.hpp"

namespace jt {

struct EglContext::Impl {
    EGLDisplay display = EGL_NO_DISPLAY;
    EGLContext context = EGL_NO_CONTEXT;
    ~Impl() {
        // The display is the process's, shared by all contexts: not terminated.
        if (context == EGL_NO_CONTEXT) return;
        if (eglGetCurrentContext() == context) eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        eglDestroyContext(display, context);
    }
};

namespace {

[[noreturn]] void fail(const std::string& what) {
    throw DeviceError("no OpenGL without a display: " + what +
                      ". Install Mesa's EGL and its software renderer (Debian, Ubuntu: libegl-mesa0 libgl1-mesa-dri)");
}

}  // namespace

EglContext::EglContext() : impl_(std::make_unique<Impl>()) {
    if (!epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_MESA_platform_surfaceless") ||
        !epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_EXT_platform_base"))
        fail("EGL has no surfaceless platform here");
    impl_->display = eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
    EGLint major = 0, minor = 0;
    if (impl_->display == EGL_NO_DISPLAY || !eglInitialize(impl_->display, &major, &minor)) fail("EGL does not start");
    if (!eglBindAPI(EGL_OPENGL_API)) fail("EGL offers OpenGL ES only");
    const EGLint attributes[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
    EGLConfig config{};
    EGLint count = 0;
    if (!eglChooseConfig(impl_->display, attributes, &config, 1, &count) || count < 1) fail("EGL has no fitting format");
    const EGLint wanted[] = {
        EGL_CONTEXT_MAJOR_VERSION,           3,       EGL_CONTEXT_MINOR_VERSION, 3, EGL_CONTEXT_OPENGL_PROFILE_MASK,
        EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
    impl_->context = eglCreateContext(impl_->display, config, EGL_NO_CONTEXT, wanted);
    if (impl_->context == EGL_NO_CONTEXT) fail("there is no OpenGL 3.3");
    make_current();
}

EglContext::~EglContext() = default;

void EglContext::make_current() {
    if (!eglMakeCurrent(impl_->display, EGL_NO_SURFACE, EGL_NO_SURFACE, impl_->context)) fail("its context cannot be used");
}

std::string EglContext::renderer() const {
    const auto* name = glGetString(GL_RENDERER);
    return name ? reinterpret_cast<const char*>(name) : "";
}

}  // namespace jt
