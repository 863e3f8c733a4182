// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/gl_program.hpp"

#include <epoxy/gl.h>

#include "kernels/error.hpp"

namespace jt {

namespace {

struct Shader {
    unsigned id;
    Shader(unsigned kind, const std::string& text) : id(glCreateShader(kind)) {
        const char* source = text.c_str();
        glShaderSource(id, 1, &source, nullptr);
        glCompileShader(id);
        int ok = 0;
        glGetShaderiv(id, GL_COMPILE_STATUS, &ok);
        if (ok) return;
        char log[2048] = "";
        glGetShaderInfoLog(id, sizeof log, nullptr, log);
        glDeleteShader(id);
        throw Error(std::string("OpenGL does not compile the bed's shader: ") + log);
    }
    ~Shader() { glDeleteShader(id); }
    Shader(const Shader&) = delete;
    Shader& operator=(const Shader&) = delete;
};

}  // namespace

GlProgram::GlProgram(const std::string& vertex, const std::string& fragment) {
    const Shader v(GL_VERTEX_SHADER, vertex), f(GL_FRAGMENT_SHADER, fragment);
    id_ = glCreateProgram();
    glAttachShader(id_, v.id), glAttachShader(id_, f.id);
    glLinkProgram(id_);
    glDetachShader(id_, v.id), glDetachShader(id_, f.id);
    int ok = 0;
    glGetProgramiv(id_, GL_LINK_STATUS, &ok);
    if (ok) return;
    char log[2048] = "";
    glGetProgramInfoLog(id_, sizeof log, nullptr, log);
    glDeleteProgram(id_);
    throw Error(std::string("OpenGL does not link the bed's shader: ") + log);
}

GlProgram::~GlProgram() {
    glDeleteProgram(id_);
}

int GlProgram::at(const char* uniform) const {
    return glGetUniformLocation(id_, uniform);
}

}  // namespace jt
