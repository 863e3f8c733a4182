// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/bed_renderer_gl.hpp"

#include <epoxy/gl.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "kernels/error.hpp"
#include "viz/screen/gl/bed_shaders.hpp"
#include "viz/screen/gl/gl_program.hpp"
#include "viz/screen/gl/resolution_control.hpp"
#include "viz/screen/gl/texture_painter.hpp"
#include "viz/screen/gl/volume_texture.hpp"
#include "viz/screen/panels/bed_geometry.hpp"
#include "viz/screen/panels/bed_renderer_cpu.hpp"

namespace jt {

namespace {

constexpr double kDepthReach = 2.0;  // of the depth buffer about the bed's centre [box units]
constexpr float kLeast = 1e-7f;      // a direction component in place of none

double clock_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What other users of the context rely on, put back at the end.
class KeptState {
public:
    KeptState() {
        glGetIntegerv(GL_DRAW_FRAMEBUFFER_BINDING, &draw_), glGetIntegerv(GL_READ_FRAMEBUFFER_BINDING, &read_);
        glGetIntegerv(GL_VIEWPORT, viewport_);
        glGetIntegerv(GL_CURRENT_PROGRAM, &program_), glGetIntegerv(GL_VERTEX_ARRAY_BINDING, &array_);
        glGetIntegerv(GL_ARRAY_BUFFER_BINDING, &buffer_);
        glGetIntegerv(GL_ACTIVE_TEXTURE, &unit_);
        for (int n = 0; n < kUnits; ++n) {
            glActiveTexture(GLenum(GL_TEXTURE0 + n));
            glGetIntegerv(GL_TEXTURE_BINDING_2D, &flat_[n]), glGetIntegerv(GL_TEXTURE_BINDING_3D, &solid_[n]);
            glGetIntegerv(GL_SAMPLER_BINDING, &sampler_[n]);
            glBindSampler(GLuint(n), 0);
        }
        glGetIntegerv(GL_UNPACK_ALIGNMENT, &unpack_), glGetIntegerv(GL_PACK_ALIGNMENT, &pack_);
        glGetIntegerv(GL_BLEND_SRC_RGB, &blend_[0]), glGetIntegerv(GL_BLEND_DST_RGB, &blend_[1]);
        glGetIntegerv(GL_BLEND_SRC_ALPHA, &blend_[2]), glGetIntegerv(GL_BLEND_DST_ALPHA, &blend_[3]);
        glGetFloatv(GL_COLOR_CLEAR_VALUE, clear_);
        glGetIntegerv(GL_DEPTH_FUNC, &depth_func_);
        glGetBooleanv(GL_DEPTH_WRITEMASK, &depth_mask_);
        for (int n = 0; n < 4; ++n) on_[n] = glIsEnabled(kSwitches[n]);
        glDisable(GL_SCISSOR_TEST), glDisable(GL_CULL_FACE);
        glPixelStorei(GL_PACK_ALIGNMENT, 1);
    }
    ~KeptState() {
        glBindFramebuffer(GL_DRAW_FRAMEBUFFER, GLuint(draw_)), glBindFramebuffer(GL_READ_FRAMEBUFFER, GLuint(read_));
        glViewport(viewport_[0], viewport_[1], viewport_[2], viewport_[3]);
        glUseProgram(GLuint(program_)), glBindVertexArray(GLuint(array_)), glBindBuffer(GL_ARRAY_BUFFER, GLuint(buffer_));
        for (int n = 0; n < kUnits; ++n) {
            glActiveTexture(GLenum(GL_TEXTURE0 + n));
            glBindTexture(GL_TEXTURE_2D, GLuint(flat_[n])), glBindTexture(GL_TEXTURE_3D, GLuint(solid_[n]));
            glBindSampler(GLuint(n), GLuint(sampler_[n]));
        }
        glActiveTexture(GLenum(unit_));
        glPixelStorei(GL_UNPACK_ALIGNMENT, unpack_), glPixelStorei(GL_PACK_ALIGNMENT, pack_);
        glBlendFuncSeparate(GLenum(blend_[0]), GLenum(blend_[1]), GLenum(blend_[2]), GLenum(blend_[3]));
        glClearColor(clear_[0], clear_[1], clear_[2], clear_[3]);
        glDepthFunc(GLenum(depth_func_)), glDepthMask(depth_mask_);
        for (int n = 0; n < 4; ++n) (on_[n] ? glEnable : glDisable)(kSwitches[n]);
    }
    KeptState(const KeptState&) = delete;
    KeptState& operator=(const KeptState&) = delete;

private:
    static constexpr int kUnits = 3;
    static constexpr GLenum kSwitches[4] = {GL_BLEND, GL_DEPTH_TEST, GL_SCISSOR_TEST, GL_CULL_FACE};
    int draw_ = 0, read_ = 0, viewport_[4] = {}, program_ = 0, array_ = 0, buffer_ = 0, unit_ = 0, flat_[kUnits] = {},
        solid_[kUnits] = {}, sampler_[kUnits] = {}, unpack_ = 0, pack_ = 0, blend_[4] = {}, depth_func_ = 0;
    float clear_[4] = {};
    GLboolean depth_mask_ = 0, on_[4] = {};
};

// Pictures drawn into: what rays see (colour; depth and normal) and the finished one, with one depth buffer.
struct DrawTarget {
    unsigned cast = 0, finished = 0, seen = 0, shapes = 0, picture = 0, depth = 0;
    int width = 0, height = 0;

    void resize(int w, int h) {
        if (w == width && h == height) return;
        release();
        int most = 0;
        glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
        if (w > most || h > most)
            throw Error("OpenGL has no room for a picture of " + std::to_string(w) + " x " + std::to_string(h));
        const auto texture = [&](GLint internal, GLenum format, GLenum type, GLint filter) {
            unsigned id = 0;
            glGenTextures(1, &id);
            glActiveTexture(GL_TEXTURE0);
            glBindTexture(GL_TEXTURE_2D, id);
            glTexImage2D(GL_TEXTURE_2D, 0, internal, w, h, 0, format, type, nullptr);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, filter),
                glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, filter);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
            return id;
        };
        seen = texture(GL_RGBA8, GL_RGBA, GL_UNSIGNED_BYTE, GL_NEAREST);
        shapes = texture(GL_RG32F, GL_RG, GL_FLOAT, GL_NEAREST);
        picture = texture(GL_RGBA8, GL_RGBA, GL_UNSIGNED_BYTE, GL_LINEAR);
        glGenRenderbuffers(1, &depth);
        glBindRenderbuffer(GL_RENDERBUFFER, depth);
        glRenderbufferStorage(GL_RENDERBUFFER, GL_DEPTH_COMPONENT32F, w, h);
        const auto frame = [&](unsigned first, unsigned second) {
            unsigned id = 0;
            glGenFramebuffers(1, &id);
            glBindFramebuffer(GL_FRAMEBUFFER, id);
            glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, first, 0);
            if (second) glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT1, GL_TEXTURE_2D, second, 0);
            glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, depth);
            const GLenum both[] = {GL_COLOR_ATTACHMENT0, GL_COLOR_ATTACHMENT1};
            glDrawBuffers(second ? 2 : 1, both);
            if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
                throw Error("OpenGL cannot draw into a texture of " + std::to_string(w) + " x " + std::to_string(h));
            return id;
        };
        cast = frame(seen, shapes), finished = frame(picture, 0);
        width = w, height = h;
    }
    void release() {
        for (const unsigned id : {cast, finished})
            if (id) glDeleteFramebuffers(1, &id);
        for (const unsigned id : {seen, shapes, picture})
            if (id) glDeleteTextures(1, &id);
        if (depth) glDeleteRenderbuffers(1, &depth);
        *this = {};
    }
};

struct Vertex {
    float x, y, z;
    Colour tint;
};

// Each pixel the mean of four.
Image halved(const Image& fine) {
    Image image(fine.width / 2, fine.height / 2);
    for (int row = 0; row < image.height; ++row)
        for (int column = 0; column < image.width; ++column) {
            int r = 0, g = 0, b = 0;
            for (const auto& [dx, dy] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}}) {
                const Colour c = fine.at(2 * column + dx, 2 * row + dy);
                r += c.r, g += c.g, b += c.b;
            }
            image.at(column, row) = {std::uint8_t((r + 2) / 4), std::uint8_t((g + 2) / 4), std::uint8_t((b + 2) / 4)};
        }
    return image;
}

// Of which values a texture is made.
struct FieldKey {
    const void *frame = nullptr, *values = nullptr;
    std::uint64_t version = 0;
    ColourMapId map{};
    Scale scale{};
    double low = 0, high = 0, position = 0;
    bool weights = false;
    friend bool operator==(const FieldKey&, const FieldKey&) = default;
};

// Of what a picture is made, but for its resolution and what is in the key of its field.
struct SceneKey {
    FieldKey field;
    BedMode mode{};
    Camera camera;
    std::array<int, 3> cell{};
    double iso = 0;
    bool smooth = false, probe = false;
    std::array<double, 6> clip{};
    std::vector<std::vector<Vec3>> lines;
    std::vector<std::pair<Face, bool>> electrodes;
    const Theme* theme = nullptr;
    int normal = 0;
    double w = 0, h = 0, scale = 0;
    friend bool operator==(const SceneKey&, const SceneKey&) = default;
};

// Of a picture in motion [s]: so that the whole screen comes 20 times a second with slices and 10 times with the volume, on two
// cores without a GPU and a run on both of them.
double motion_budget(BedMode mode) {
    return mode == BedMode::cutaway || mode == BedMode::slices ? 0.02 : ResolutionControl::kBudget_s;
}

}  // namespace

struct BedRendererGl::Impl {
    std::map<std::pair<int, bool>, std::unique_ptr<GlProgram>> casts;
    GlProgram compose{kWholePicture, kCompose}, lines{kLineVertex, kLineFragment};
    VolumeTexture colours, positions, near;
    FieldKey colours_of, positions_of, near_of;
    std::vector<float> position_values;
    DrawTarget target;
    unsigned empty_array = 0, line_array = 0, line_buffer = 0;
    std::vector<Vertex> vertices;
    ResolutionControl control;
    std::optional<SceneKey> drawn;
    double drawn_factor = 0.0, seconds = 0.0;
    bool finest = false;
    int most_cells = 0;
    BedRendererCpu processor;

    Impl() : most_cells(VolumeTexture::most_cells()) {
        glGenVertexArrays(1, &empty_array), glGenVertexArrays(1, &line_array), glGenBuffers(1, &line_buffer);
        int array = 0, buffer = 0;
        glGetIntegerv(GL_VERTEX_ARRAY_BINDING, &array), glGetIntegerv(GL_ARRAY_BUFFER_BINDING, &buffer);
        glBindVertexArray(line_array), glBindBuffer(GL_ARRAY_BUFFER, line_buffer);
        glEnableVertexAttribArray(0), glEnableVertexAttribArray(1);
        glVertexAttribPointer(0, 3, GL_FLOAT, GL_FALSE, sizeof(Vertex), nullptr);
        glVertexAttribPointer(1, 4, GL_UNSIGNED_BYTE, GL_TRUE, sizeof(Vertex),
                              reinterpret_cast<const void*>(3 * sizeof(float)));
        glBindVertexArray(GLuint(array)), glBindBuffer(GL_ARRAY_BUFFER, GLuint(buffer));
    }
    ~Impl() {
        target.release();
        glDeleteVertexArrays(1, &empty_array), glDeleteVertexArrays(1, &line_array), glDeleteBuffers(1, &line_buffer);
    }

    bool fits(const Extents& e) const { return std::max({e.nx, e.ny, e.nz}) <= most_cells; }

    GlProgram& cast_of(BedMode mode, bool smooth) {
        auto& program = casts[{int(mode), smooth}];
        if (!program)
            program =
                std::make_unique<GlProgram>(kWholePicture, "#version 330 core\n#define MODE " + std::to_string(int(mode)) +
                                                               "\n#define SMOOTH " + (smooth ? "1" : "0") + "\n" + kCast);
        return *program;
    }

    FieldKey key_of(const BedScene& s) const {
        return {s.frame.get(),     s.field.values.data(), s.version, s.scale.map, s.scale.range.scale,
                s.scale.range.low, s.scale.range.high,    0.0,       false};
    }

    void upload(const BedScene& s) {
        const Extents& e = s.field.extents;
        FieldKey key = key_of(s);
        const FieldKey plain = key;
        key.weights = s.mode == BedMode::volume;
        glActiveTexture(GL_TEXTURE0);
        if (!(colours_of == key)) {
            const auto texels = cell_colours(s.field, s.scale, key.weights);
            colours.upload(VolumeTexture::Kind::rgba8, e, texels.data());
            colours_of = key;
        }
        if (!s.smooth && s.mode != BedMode::iso) return;
        if (!(positions_of == plain)) {
            position_values = cell_positions(s.field, s.scale.range);
            positions.upload(VolumeTexture::Kind::r32f, e, position_values.data());
            positions_of = plain;
        }
        if (s.mode != BedMode::iso) return;
        FieldKey at = plain;
        at.position = s.scale.range.position(s.iso_value);
        if (!(near_of == at)) {
            const auto texels = cells_near(e, position_values, at.position);
            near.upload(VolumeTexture::Kind::r8, e, texels.data());
            near_of = at;
        }
    }

    // Of lines and plates: in px of the target, depth as the shaders have it.
    void add_stroke(const BedStroke& stroke, const Projection& p, double px, double unit) {
        const double half = std::max(0.5 * stroke.width * px, 0.5);
        const auto place = [&](const Vec3& at) {
            const Point q = p(at);
            return std::array<double, 3>{q.x, q.y,
                                         -(depth_of(p, at) * unit + stroke.lift / p.px_per_m * px * unit) / kDepthReach};
        };
        const auto vertex = [&](double x, double y, double z) {
            vertices.push_back(
                {float(2.0 * x / target.width - 1.0), float(2.0 * y / target.height - 1.0), float(z), stroke.colour});
        };
        for (std::size_t n = 0; n + 1 < stroke.points.size(); ++n) {
            const auto a = place(stroke.points[n]), b = place(stroke.points[n + 1]);
            const double dx = b[0] - a[0], dy = b[1] - a[1], length = std::hypot(dx, dy);
            if (length < 1e-6) continue;
            const double nx = -dy / length * half, ny = dx / length * half;
            vertex(a[0] + nx, a[1] + ny, a[2]), vertex(a[0] - nx, a[1] - ny, a[2]), vertex(b[0] + nx, b[1] + ny, b[2]);
            vertex(b[0] + nx, b[1] + ny, b[2]), vertex(a[0] - nx, a[1] - ny, a[2]), vertex(b[0] - nx, b[1] - ny, b[2]);
        }
    }
    void add_plate(const BedPlate& plate, const Projection& p) {
        for (const std::size_t n : {0, 1, 2, 0, 2, 3}) {
            const Point q = p(plate.corners[n]);
            vertices.push_back(
                {float(2.0 * q.x / target.width - 1.0), float(2.0 * q.y / target.height - 1.0), 0.0f, plate.fill});
        }
    }
    void draw_vertices() {
        if (vertices.empty()) return;
        glUseProgram(lines.id());
        glBindVertexArray(line_array), glBindBuffer(GL_ARRAY_BUFFER, line_buffer);
        glBufferData(GL_ARRAY_BUFFER, GLsizeiptr(vertices.size() * sizeof(Vertex)), vertices.data(), GL_STREAM_DRAW);
        glDrawArrays(GL_TRIANGLES, 0, GLsizei(vertices.size()));
        vertices.clear();
    }

    // Into target.picture. at: rectangle at scale 1; px: pixels of the target per px.
    void render(const BedScene& s, double w, double h, int width, int height, double px) {
        const Extents& e = s.field.extents;
        const Theme& theme = s.theme ? *s.theme : grey_theme();
        target.resize(width, height);
        const auto size = e.size();
        const double unit = 1.0 / std::max({size[0], size[1], size[2]});
        // The projection at scale 1, then in px of the target.
        Projection p = bed_projection(s.camera, e, {0, 0, w, h});
        const BedLines lines_of = bed_lines(s, p);
        const double fx = width / w, fy = height / h;
        p.middle = {p.middle.x * fx, p.middle.y * fy};
        p.px_per_m *= fx;
        const bool whole = s.field.values.size() == e.count() && e.count() > 0;

        glViewport(0, 0, width, height);
        glBindFramebuffer(GL_FRAMEBUFFER, target.finished);
        glDisable(GL_DEPTH_TEST), glEnable(GL_BLEND);
        glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
        const Colour back = theme.backdrop;
        glClearColor(float(back.r) / 255.0f, float(back.g) / 255.0f, float(back.b) / 255.0f, 1.0f);
        glClear(GL_COLOR_BUFFER_BIT);
        for (const BedPlate& plate : lines_of.plates) add_plate(plate, p);
        for (const BedStroke& stroke : lines_of.strokes)
            if (stroke.behind) add_stroke(stroke, p, px, unit);
        draw_vertices();

        const bool cutaway = s.mode == BedMode::cutaway;
        if (whole) upload(s);
        glBindFramebuffer(GL_FRAMEBUFFER, cutaway ? target.cast : target.finished);
        glEnable(GL_DEPTH_TEST), glDepthMask(GL_TRUE), glDepthFunc(GL_ALWAYS);
        glClear(GL_DEPTH_BUFFER_BIT);
        if (cutaway) {
            glDisable(GL_BLEND);
            const float nothing[4] = {0, 0, 0, 0}, no_shape[4] = {0, -1, 0, 0};
            glClearBufferfv(GL_COLOR, 0, nothing), glClearBufferfv(GL_COLOR, 1, no_shape);
        }
        if (whole) {
            const GlProgram& cast = cast_of(s.mode, s.smooth);
            glUseProgram(cast.id());
            set_cast(cast, s, p, unit, px);
            glBindVertexArray(empty_array);
            glDrawArrays(GL_TRIANGLES, 0, 3);
        }
        glDepthMask(GL_FALSE);
        glBindFramebuffer(GL_FRAMEBUFFER, target.finished);
        if (cutaway && whole) {
            glDisable(GL_DEPTH_TEST);
            glUseProgram(compose.id());
            set_compose(s, p, unit);
            glBindVertexArray(empty_array);
            glDrawArrays(GL_TRIANGLES, 0, 3);
        }
        glEnable(GL_BLEND), glEnable(GL_DEPTH_TEST);
        glDepthFunc(GL_LEQUAL);
        // In their order; those that nothing hides in runs of their own.
        bool hidden = true;
        for (const BedStroke& stroke : lines_of.strokes) {
            if (stroke.behind) continue;
            if (stroke.hidden != hidden) {
                draw_vertices();
                hidden = stroke.hidden;
                (hidden ? glEnable : glDisable)(GL_DEPTH_TEST);
            }
            add_stroke(stroke, p, px, unit);
        }
        draw_vertices();
    }

    static void vec3(const GlProgram& program, const char* name, const Vec3& v, double by = 1.0) {
        glUniform3f(program.at(name), float(v[0] * by), float(v[1] * by), float(v[2] * by));
    }

    void set_cast(const GlProgram& cast, const BedScene& s, const Projection& p, double unit, double px) {
        const Extents& e = s.field.extents;
        const auto size = e.size();
        glActiveTexture(GL_TEXTURE0), glBindTexture(GL_TEXTURE_3D, colours.id());
        glActiveTexture(GL_TEXTURE1), glBindTexture(GL_TEXTURE_3D, positions.id());
        glActiveTexture(GL_TEXTURE2), glBindTexture(GL_TEXTURE_3D, near.id());
        glUniform1i(cast.at("colours"), 0), glUniform1i(cast.at("positions"), 1), glUniform1i(cast.at("near_iso"), 2);
        glUniform3i(cast.at("cells"), e.nx, e.ny, e.nz);
        glUniform3i(cast.at("cell"), s.cell[0], s.cell[1], s.cell[2]);
        vec3(cast, "spacing", e.spacing(), unit);
        Vec3 low{}, high{}, toward = p.toward;
        for (std::size_t a = 0; a < 3; ++a) {
            low[a] = s.clip[2 * a] * size[a], high[a] = s.clip[2 * a + 1] * size[a];
            if (std::abs(toward[a]) < double(kLeast)) toward[a] = std::copysign(double(kLeast), toward[a]);
        }
        vec3(cast, "clip_low", low, unit), vec3(cast, "clip_high", high, unit);
        vec3(cast, "right", p.right), vec3(cast, "up", p.up), vec3(cast, "toward", toward);
        vec3(cast, "centre", p.centre, unit);
        glUniform2f(cast.at("middle"), float(p.middle.x), float(p.middle.y));
        glUniform1f(cast.at("unit_per_px"), float(unit / p.px_per_m));
        glUniform1f(cast.at("depth_reach"), float(kDepthReach));
        const auto stops = colour_stops(s.scale.map);
        float rgb[30] = {};
        for (std::size_t n = 0; n < std::min<std::size_t>(stops.size(), 10); ++n)
            rgb[3 * n] = float(stops[n].r) / 255.0f, rgb[3 * n + 1] = float(stops[n].g) / 255.0f,
                    rgb[3 * n + 2] = float(stops[n].b) / 255.0f;
        glUniform3fv(cast.at("stops"), 10, rgb);
        glUniform1i(cast.at("last_stop"), int(stops.size()) - 1);
        glUniform2i(cast.at("tick"), std::max(4, int(std::lround(9.0 * px))), std::max(1, int(std::lround(px))));
        glUniform1i(cast.at("normal"), s.normal);
        glUniform1f(cast.at("iso"), float(s.scale.range.position(s.iso_value)));
        const Colour tone = (s.theme ? *s.theme : grey_theme()).backdrop_text;
        vec3(cast, "tone", {double(tone.r), double(tone.g), double(tone.b)}, 1.0 / 255.0);
        glUniform1f(cast.at("iso_alpha"), float(kIsoAlpha));
        glUniform3f(cast.at("extinction"), float(kThinnest), float(kDensest),
                    float(1.0 / (std::min({size[0], size[1], size[2]}) * unit)));
        glUniform1i(cast.at("diverging"), s.scale.map == ColourMapId::diverging ? 1 : 0);
        const auto n = e.cells();
        int from[3], to[3];
        for (std::size_t a = 0; a < 3; ++a)
            from[a] = p.toward[a] > 0 ? (n[a] + 1) / 2 : 0, to[a] = p.toward[a] > 0 ? n[a] : n[a] / 2;
        glUniform3i(cast.at("cut_from"), from[0], from[1], from[2]), glUniform3i(cast.at("cut_to"), to[0], to[1], to[2]);
    }

    void set_compose(const BedScene& s, const Projection& p, double unit) {
        const Extents& e = s.field.extents;
        (void)unit;
        glActiveTexture(GL_TEXTURE0), glBindTexture(GL_TEXTURE_2D, target.seen);
        glActiveTexture(GL_TEXTURE1), glBindTexture(GL_TEXTURE_2D, target.shapes);
        glUniform1i(compose.at("seen"), 0), glUniform1i(compose.at("shapes"), 1);
        Vec3 x{}, y{};
        for (std::size_t a = 0; a < 3; ++a)
            if (std::abs(p.toward[a]) >= 1e-6) x[a] = -p.right[a] / p.toward[a], y[a] = p.up[a] / p.toward[a];
        vec3(compose, "slope_x", x), vec3(compose, "slope_y", y);
        glUniform1f(compose.at("jump"), float(std::max(1.5 * std::min({e.hx, e.hy, e.hz}) * p.px_per_m, 3.0)));
        glUniform1i(compose.at("run"), crease_run(e, p.px_per_m));
        vec3(compose, "ink", {double(kCreaseInk.r), double(kCreaseInk.g), double(kCreaseInk.b)}, 1.0 / 255.0);
        glUniform3f(compose.at("strengths"), float(kSilhouette), float(kCrease), float(kStair));
    }

    void read_picture(Image& image) {
        image = Image(target.width, target.height);
        glBindFramebuffer(GL_READ_FRAMEBUFFER, target.finished);
        glReadPixels(0, 0, target.width, target.height, GL_RGBA, GL_UNSIGNED_BYTE, image.pixels.data());
    }
};

BedRendererGl::BedRendererGl() {
    if (epoxy_gl_version() < 33) throw Error("the bed in three dimensions needs OpenGL 3.3 or later");
    impl_ = std::make_unique<Impl>();
}
BedRendererGl::~BedRendererGl() = default;

void BedRendererGl::set_finest(bool on) {
    impl_->finest = on;
}
double BedRendererGl::last_seconds() const {
    return impl_->seconds;
}
std::array<int, 2> BedRendererGl::last_size() const {
    return {impl_->target.width, impl_->target.height};
}

std::optional<double> BedRendererGl::draw(Painter& painter, const Rect& at, const BedScene& scene) {
    Impl& m = *impl_;
    if (!m.fits(scene.field.extents)) return m.processor.draw(painter, at, scene);
    SceneKey key{m.key_of(scene), scene.mode,   scene.camera, scene.cell, scene.iso_value,
                 scene.smooth,    scene.probe,  scene.clip,   {},         {},
                 scene.theme,     scene.normal, at.w,         at.h,       painter.scale()};
    key.lines = scene.streamlines;
    for (const Electrode& electrode : scene.electrodes) key.electrodes.emplace_back(electrode.face, electrode.positive);
    const bool changed = !m.drawn || !(*m.drawn == key);
    const double now = clock_s();
    const double factor = m.finest ? 2.0 : m.control.factor(scene.moving, changed, now, motion_budget(scene.mode));
    auto* textures = dynamic_cast<TexturePainter*>(&painter);
    const KeptState kept;
    if (changed || factor != m.drawn_factor) {
        const double px = painter.scale() * factor;
        const int w = std::max(1, int(std::lround(at.w * px))), h = std::max(1, int(std::lround(at.h * px)));
        m.drawn.reset();
        m.render(scene, at.w, at.h, w, h, px);
        glFinish();
        m.seconds = clock_s() - now;
        m.control.took(factor, m.seconds);
        m.drawn = std::move(key), m.drawn_factor = factor;
    }
    if (textures) {
        textures->texture(at, m.target.picture);
    } else {
        Image image;
        m.read_picture(image);
        painter.image(at, factor > 1.5 ? halved(image) : image);
    }
    return m.finest ? std::nullopt : m.control.finer_in(now);
}

Image BedRendererGl::render_image(const BedScene& scene, int width, int height) {
    Impl& m = *impl_;
    const KeptState kept;
    m.drawn.reset();
    const double start = clock_s();
    m.render(scene, width, height, width, height, 1.0);
    Image image;
    m.read_picture(image);
    m.seconds = clock_s() - start;
    return image;
}

}  // namespace jt
