// SPDX-License-Identifier: Apache-2.0
// GlProgram: a vertex and a fragment shader, linked.
#pragma once
#include <string>

namespace jt {

class GlProgram {
public:
    // Throws Error with the compiler's words.
    GlProgram(const std::string& vertex, const std::string& fragment);
    ~GlProgram();
    GlProgram(const GlProgram&) = delete;
    GlProgram& operator=(const GlProgram&) = delete;

    unsigned id() const { return id_; }
    int at(const char* uniform) const;  // -1 where the shaders do not use it; setting that does nothing

private:
    unsigned id_ = 0;
};

}  // namespace jt
