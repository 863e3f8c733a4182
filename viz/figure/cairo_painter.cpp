// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/cairo_painter.hpp"

#include <cairo-ft.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string>

#include "twin/quantity/quantity.hpp"
#include "viz/figure/text.hpp"

namespace jt {

namespace {

using FontFace = std::unique_ptr<cairo_font_face_t, decltype(&cairo_font_face_destroy)>;

FontFace load_face(const std::optional<FontFile>& file, Weight weight) {
    const auto fallback = [&] {
        return FontFace(
            cairo_toy_font_face_create("sans-serif", CAIRO_FONT_SLANT_NORMAL,
                                       weight == Weight::medium ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL),
            &cairo_font_face_destroy);
    };
    if (!file) return fallback();
    FcPattern* pattern = FcPatternCreate();
    FcPatternAddString(pattern, FC_FILE, reinterpret_cast<const FcChar8*>(file->path.c_str()));
    FcPatternAddInteger(pattern, FC_INDEX, file->index);
    FontFace face(cairo_ft_font_face_create_for_pattern(pattern), &cairo_font_face_destroy);
    FcPatternDestroy(pattern);
    return cairo_font_face_status(face.get()) == CAIRO_STATUS_SUCCESS ? std::move(face) : fallback();
}

void check(cairo_status_t status) {
    if (status != CAIRO_STATUS_SUCCESS) throw Error(std::string("picture: ") + cairo_status_to_string(status));
}

// A file being written: removed again unless kept.
class Sink {
public:
    Sink(std::string path, int flags) : path_(std::move(path)), descriptor_(::open(path_.c_str(), flags | O_CLOEXEC, 0666)) {
        if (descriptor_ < 0) error_ = errno;
    }
    ~Sink() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    bool put(const unsigned char* data, std::size_t size) {
        while (size > 0 && error_ == 0) {
            const ssize_t written = ::write(descriptor_, data, size);
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) error_ = errno;
            if (written == 0) error_ = ENOSPC;
            if (written <= 0) break;
            data += written;
            size -= std::size_t(written);
        }
        return error_ == 0;
    }
    bool close() {
        if (descriptor_ >= 0 && ::close(descriptor_) != 0 && error_ == 0) error_ = errno;
        descriptor_ = -1;
        return error_ == 0;
    }
    bool open() const { return descriptor_ >= 0; }
    int error() const { return error_; }

private:
    std::string path_;
    int descriptor_, error_ = 0;
};

}  // namespace

struct CairoPainter::Impl {
    cairo_surface_t* surface;
    cairo_t* cairo;
    double scale;
    FontFace regular, medium;
    std::string svg;  // written by the surface of a drawing

    void set(Colour c) { cairo_set_source_rgba(cairo, c.r / 255.0, c.g / 255.0, c.b / 255.0, c.a / 255.0); }
    void set(const TextStyle& style) {
        cairo_set_font_face(cairo, style.weight == Weight::medium ? medium.get() : regular.get());
        cairo_set_font_size(cairo, style.px);
    }
    void set(const Stroke& stroke) {
        set(stroke.colour);
        cairo_set_line_width(cairo, stroke.width);
        cairo_set_dash(cairo, &stroke.dash, stroke.dash > 0.0 ? 1 : 0, 0.0);
    }
    ~Impl() {
        cairo_destroy(cairo);
        cairo_surface_destroy(surface);
    }
};

namespace {

void prepare(cairo_t* cairo, double scale) {
    cairo_scale(cairo, scale, scale);
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_set_font_options(cairo, options);
    cairo_font_options_destroy(options);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
}

}  // namespace

CairoPainter::CairoPainter(int width, int height, double scale)
    : CairoPainter(width, height, scale, figure_font(Weight::regular), figure_font(Weight::medium)) {}

CairoPainter::CairoPainter(int width, int height, double scale, std::optional<FontFile> regular,
                           std::optional<FontFile> medium) {
    const double w = std::round(width * scale), h = std::round(height * scale);
    if (!(w >= 1 && h >= 1 && w <= 32767 && h <= 32767))
        throw InputError("picture size " + std::to_string(width) + " x " + std::to_string(height) + " at scale " +
                         std::to_string(scale) + ": 1 to 32767 pixels either way are possible");
    cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, int(w), int(h));
    impl_ = std::unique_ptr<Impl>(new Impl{
        surface, cairo_create(surface), scale, load_face(regular, Weight::regular), load_face(medium, Weight::medium), {}});
    check(cairo_surface_status(surface));
    prepare(impl_->cairo, scale);
}

CairoPainter::CairoPainter(Svg size) {
    if (size.width < 1 || size.height < 1 || size.width > 32767 || size.height > 32767)
        throw InputError("drawing of " + std::to_string(size.width) + " x " + std::to_string(size.height) +
                         ": 1 to 32767 px either way are possible");
    impl_ = std::unique_ptr<Impl>(new Impl{nullptr,
                                           nullptr,
                                           1.0,
                                           load_face(figure_font(Weight::regular), Weight::regular),
                                           load_face(figure_font(Weight::medium), Weight::medium),
                                           {}});
    const auto write = [](void* to, const unsigned char* data, unsigned length) {
        static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
        return CAIRO_STATUS_SUCCESS;
    };
    impl_->surface = cairo_svg_surface_create_for_stream(write, &impl_->svg, size.width, size.height);
    cairo_svg_surface_set_document_unit(impl_->surface, CAIRO_SVG_UNIT_PX);
    impl_->cairo = cairo_create(impl_->surface);
    check(cairo_surface_status(impl_->surface));
    prepare(impl_->cairo, 1.0);
}

CairoPainter::~CairoPainter() = default;

double CairoPainter::scale() const {
    return impl_->scale;
}

void CairoPainter::line(Point from, Point to, const Stroke& stroke) {
    const Point ends[] = {from, to};
    polyline(ends, stroke);
}

void CairoPainter::polyline(std::span<const Point> points, const Stroke& stroke, bool closed) {
    if (points.size() < 2) return;
    impl_->set(stroke);
    for (const auto& p : points) cairo_line_to(impl_->cairo, p.x, p.y);
    if (closed) cairo_close_path(impl_->cairo);
    cairo_stroke(impl_->cairo);
}

void CairoPainter::polygon(std::span<const Point> points, Colour fill) {
    if (points.size() < 3) return;
    impl_->set(fill);
    for (const auto& p : points) cairo_line_to(impl_->cairo, p.x, p.y);
    cairo_close_path(impl_->cairo);
    cairo_fill(impl_->cairo);
}

void CairoPainter::rectangle(const Rect& r, Colour fill) {
    impl_->set(fill);
    cairo_rectangle(impl_->cairo, r.x, r.y, r.w, r.h);
    cairo_fill(impl_->cairo);
}

void CairoPainter::frame(const Rect& r, const Stroke& stroke) {
    impl_->set(stroke);
    const double half = stroke.width / 2;
    cairo_rectangle(impl_->cairo, r.x + half, r.y + half, r.w - stroke.width, r.h - stroke.width);
    cairo_stroke(impl_->cairo);
}

void CairoPainter::image(const Rect& r, const Image& image) {
    if (image.width <= 0 || image.height <= 0 || r.w <= 0 || r.h <= 0) return;
    cairo_surface_t* source = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, image.width, image.height);
    check(cairo_surface_status(source));
    cairo_surface_flush(source);
    unsigned char* data = cairo_image_surface_get_data(source);
    const int stride = cairo_image_surface_get_stride(source);
    for (int row = 0; row < image.height; ++row) {
        auto* line = reinterpret_cast<std::uint32_t*>(data + std::ptrdiff_t(row) * stride);
        for (int column = 0; column < image.width; ++column) {
            const Colour c = image.at(column, row);
            const auto premultiplied = [&](std::uint8_t v) { return std::uint32_t((v * c.a + 127) / 255); };
            line[column] = std::uint32_t(c.a) << 24 | premultiplied(c.r) << 16 | premultiplied(c.g) << 8 | premultiplied(c.b);
        }
    }
    cairo_surface_mark_dirty(source);
    cairo_save(impl_->cairo);
    cairo_rectangle(impl_->cairo, r.x, r.y, r.w, r.h);
    cairo_clip(impl_->cairo);
    cairo_translate(impl_->cairo, r.x, r.y);
    cairo_scale(impl_->cairo, r.w / image.width, r.h / image.height);
    cairo_set_source_surface(impl_->cairo, source, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(impl_->cairo), CAIRO_FILTER_NEAREST);
    cairo_paint(impl_->cairo);
    cairo_restore(impl_->cairo);
    cairo_surface_destroy(source);
}

TextMetrics CairoPainter::measure(std::string_view text, const TextStyle& style) {
    impl_->set(style);
    cairo_text_extents_t extents;
    cairo_font_extents_t font;
    cairo_text_extents(impl_->cairo, clean_text(text).c_str(), &extents);
    cairo_font_extents(impl_->cairo, &font);
    return {extents.x_advance, font.ascent, font.descent};
}

void CairoPainter::text(Point baseline, std::string_view text, const TextStyle& style) {
    impl_->set(style);
    impl_->set(style.colour);
    cairo_move_to(impl_->cairo, baseline.x, baseline.y);
    cairo_show_text(impl_->cairo, clean_text(text).c_str());
    cairo_new_path(impl_->cairo);
}

void CairoPainter::push_clip(const Rect& r) {
    cairo_save(impl_->cairo);
    cairo_rectangle(impl_->cairo, r.x, r.y, r.w, r.h);
    cairo_clip(impl_->cairo);
}

void CairoPainter::pop_clip() {
    cairo_restore(impl_->cairo);
}

Image CairoPainter::pixels() const {
    cairo_surface_flush(impl_->surface);
    Image image(cairo_image_surface_get_width(impl_->surface), cairo_image_surface_get_height(impl_->surface));
    const unsigned char* data = cairo_image_surface_get_data(impl_->surface);
    const int stride = cairo_image_surface_get_stride(impl_->surface);
    for (int row = 0; row < image.height; ++row) {
        const auto* line = reinterpret_cast<const std::uint32_t*>(data + std::ptrdiff_t(row) * stride);
        for (int column = 0; column < image.width; ++column) {
            const std::uint32_t v = line[column], a = v >> 24;
            const auto straight = [&](std::uint32_t c) { return std::uint8_t(a ? (c * 255 + a / 2) / a : 0); };
            image.at(column, row) = {straight(v >> 16 & 255), straight(v >> 8 & 255), straight(v & 255), std::uint8_t(a)};
        }
    }
    return image;
}

std::string CairoPainter::svg() {
    if (cairo_surface_get_type(impl_->surface) != CAIRO_SURFACE_TYPE_SVG) throw Error("picture: it is no drawing");
    check(cairo_status(impl_->cairo));
    cairo_surface_finish(impl_->surface);
    check(cairo_surface_status(impl_->surface));
    return impl_->svg;
}

void CairoPainter::write_png(const std::filesystem::path& path) const {
    check(cairo_status(impl_->cairo));
    const auto fail = [&](const std::string& reason) {
        return DiskError(path.string() + ": cannot write the picture: " + reason);
    };
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) throw fail("it is a folder");
    // A device or pipe is written as it is: renaming a file over it would replace it.
    const bool direct = std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored);
    // The target of a symbolic link is replaced, not the link.
    const auto target = std::filesystem::is_symlink(path, ignored) ? std::filesystem::weakly_canonical(path, ignored) : path;
    const std::string name = direct ? target.string() : target.string() + ".part" + std::to_string(::getpid());
    Sink sink(name, direct ? O_WRONLY : O_WRONLY | O_CREAT | O_TRUNC);
    if (!sink.open()) throw fail(std::strerror(sink.error()));
    const auto write = [](void* to, const unsigned char* data, unsigned size) {
        return static_cast<Sink*>(to)->put(data, size) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
    };
    const cairo_status_t status = cairo_surface_write_to_png_stream(impl_->surface, write, &sink);
    const bool closed = sink.close();
    int error = sink.error();
    if (status == CAIRO_STATUS_SUCCESS && closed && !direct && ::rename(name.c_str(), target.c_str()) != 0) error = errno;
    if (status == CAIRO_STATUS_SUCCESS && error == 0) return;
    if (!direct) ::unlink(name.c_str());
    throw fail(error != 0 ? std::strerror(error) : cairo_status_to_string(status));
}

}  // namespace jt
