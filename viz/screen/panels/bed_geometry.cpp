// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/bed_geometry.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jt {

namespace {

constexpr double kMargin = 44.0;                         // px around the box at zoom 1, for plates, signs and pins
constexpr std::array<double, 2> kZoomBounds{0.2, 20.0};  // as those of the keys
constexpr double kParallel = 1e-9;                       // a direction component as good as none
constexpr int kIsoSteps = 4, kIsoHalvings = 12;
constexpr double kOpaque = 0.995;

double dot(const Vec3& a, const Vec3& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
Vec3 along(const Vec3& origin, const Vec3& direction, double t) {
    return {origin[0] + t * direction[0], origin[1] + t * direction[1], origin[2] + t * direction[2]};
}
Vec3 corner(const Extents& e, int n) {  // bit 0: x, bit 1: y, bit 2: z
    const auto size = e.size();
    return {n & 1 ? size[0] : 0.0, n & 2 ? size[1] : 0.0, n & 4 ? size[2] : 0.0};
}
bool faces_eye(const Projection& p, Face face) {
    const double t = p.toward[std::size_t(axis_of(face))];
    return is_upper(face) ? t > 1e-6 : t < -1e-6;
}

}  // namespace

double volume_weight(ColourMapId map, double position) {
    const double p = std::clamp(position, 0.0, 1.0);
    return map == ColourMapId::diverging ? std::abs(2.0 * p - 1.0) : p;
}

Projection bed_projection(const Camera& camera, const Extents& e, const Rect& at) {
    const double cy = std::cos(camera.yaw), sy = std::sin(camera.yaw), cp = std::cos(camera.pitch), sp = std::sin(camera.pitch);
    Projection p;
    p.right = {cy, sy, 0.0};
    p.up = {-sy * sp, cy * sp, cp};
    p.toward = {sy * cp, -cy * cp, sp};
    const auto size = e.size();
    p.centre = {size[0] / 2, size[1] / 2, size[2] / 2};
    double half_w = 0.0, half_h = 0.0;
    for (std::size_t a = 0; a < 3; ++a) half_w += std::abs(p.right[a]) * size[a] / 2, half_h += std::abs(p.up[a]) * size[a] / 2;
    const double margin = std::min(kMargin, 0.15 * std::min(at.w, at.h));
    const double w = std::max(at.w - 2 * margin, 1.0), h = std::max(at.h - 2 * margin, 1.0);
    p.px_per_m = camera.zoom * std::min(w / (2 * half_w), h / (2 * half_h));
    p.middle = {at.centre().x + camera.pan_x * at.w, at.centre().y + camera.pan_y * at.h};
    return p;
}

void zoom_about(Camera& camera, const Rect& at, Point mouse, double factor) {
    const double zoom = std::clamp(camera.zoom * factor, kZoomBounds[0], kZoomBounds[1]);
    const double f = zoom / camera.zoom;
    const Point middle{at.centre().x + camera.pan_x * at.w, at.centre().y + camera.pan_y * at.h};
    camera.zoom = zoom;
    camera.pan_x = (mouse.x - (mouse.x - middle.x) * f - at.centre().x) / at.w;
    camera.pan_y = (mouse.y - (mouse.y - middle.y) * f - at.centre().y) / at.h;
}

bool in_near_octant(const Extents& e, const Vec3& toward, int i, int j, int k) {
    const std::array<int, 3> at{i, j, k}, n = e.cells();
    for (std::size_t a = 0; a < 3; ++a)
        if (toward[a] > 0 ? at[a] < (n[a] + 1) / 2 : at[a] >= n[a] / 2) return false;
    return true;
}

double depth_of(const Projection& p, const Vec3& at) {
    return dot({at[0] - p.centre[0], at[1] - p.centre[1], at[2] - p.centre[2]}, p.toward);
}

BedCaster::BedCaster(const BedScene& scene, const Projection& p) : scene_(scene), p_(p), e_(scene.field.extents) {
    const auto size = e_.size();
    for (std::size_t a = 0; a < 3; ++a) {
        low_[a] = scene.clip[2 * a] * size[a];
        high_[a] = scene.clip[2 * a + 1] * size[a];
    }
    size_ = std::min({size[0], size[1], size[2]});
    iso_position_ = scene.scale.range.position(scene.iso_value);
}

bool BedCaster::solid(int i, int j, int k) const {
    return !std::isnan(scene_.field.values[e_.index(i, j, k)]) &&
           !(scene_.mode == BedMode::cutaway && in_near_octant(e_, p_.toward, i, j, k));
}

std::optional<BedCaster::Ray> BedCaster::ray(Point at) const {
    Ray r;
    const double s = (at.x - p_.middle.x) / p_.px_per_m, t = -(at.y - p_.middle.y) / p_.px_per_m;
    r.enter = -std::numeric_limits<double>::infinity(), r.leave = -r.enter, r.axis = 0;
    for (std::size_t a = 0; a < 3; ++a) {
        r.origin[a] = p_.centre[a] + s * p_.right[a] + t * p_.up[a];
        r.direction[a] = -p_.toward[a];
        if (std::abs(r.direction[a]) < kParallel) {
            if (r.origin[a] < low_[a] || r.origin[a] >= high_[a]) return std::nullopt;
            continue;
        }
        const double t0 = (low_[a] - r.origin[a]) / r.direction[a], t1 = (high_[a] - r.origin[a]) / r.direction[a];
        if (std::min(t0, t1) > r.enter) r.enter = std::min(t0, t1), r.axis = int(a);
        r.leave = std::min(r.leave, std::max(t0, t1));
    }
    if (!(r.enter < r.leave)) return std::nullopt;
    return r;
}

template <class Visit>
void BedCaster::march(const Ray& r, Visit visit) const {
    const auto n = e_.cells();
    const auto h = e_.spacing();
    std::array<int, 3> cell{}, way{};
    Vec3 next{}, delta{};
    for (std::size_t a = 0; a < 3; ++a) {
        const double at = (r.origin[a] + r.enter * r.direction[a]) / h[a];
        way[a] = std::abs(r.direction[a]) < kParallel ? 0 : r.direction[a] > 0 ? 1 : -1;
        // On the face it enters by the position is known; rounding must not put it outside.
        const double inward = int(a) == r.axis ? 1e-6 * way[a] : 0.0;
        cell[a] = std::clamp(int(std::floor(at + inward)), 0, n[a] - 1);
        next[a] = way[a] == 0 ? std::numeric_limits<double>::infinity()
                              : ((cell[a] + (way[a] > 0 ? 1 : 0)) * h[a] - r.origin[a]) / r.direction[a];
        delta[a] = way[a] == 0 ? 0.0 : h[a] / std::abs(r.direction[a]);
    }
    double from = r.enter;
    int axis = r.axis;
    while (from < r.leave) {
        const std::size_t a = next[0] < next[1] ? (next[0] < next[2] ? 0 : 2) : (next[1] < next[2] ? 1 : 2);
        if (!visit(cell, from, std::min(next[a], r.leave), axis)) return;
        from = next[a], axis = int(a);
        cell[a] += way[a];
        next[a] += delta[a];
        if (cell[a] < 0 || cell[a] >= n[a]) return;
    }
}

std::optional<BedHit> BedCaster::first_cell(const Ray& r) const {
    std::optional<BedHit> hit;
    march(r, [&](const std::array<int, 3>& c, double from, double, int axis) {
        if (!solid(c[0], c[1], c[2])) return true;
        hit = BedHit{c, -from, axis};
        return false;
    });
    return hit;
}

std::optional<BedHit> BedCaster::plane_hit(const Ray& r, int normal) const {
    const std::size_t a = std::size_t(normal);
    if (std::abs(r.direction[a]) < 1e-6) return std::nullopt;
    const auto h = e_.spacing();
    const double plane = (scene_.cell[a] + 0.5) * h[a];
    const double t = (plane - r.origin[a]) / r.direction[a];
    if (t < r.enter || t > r.leave) return std::nullopt;
    BedHit hit;
    const Vec3 at = along(r.origin, r.direction, t);
    for (std::size_t b = 0; b < 3; ++b) hit.cell[b] = std::clamp(int(std::floor(at[b] / h[b])), 0, e_.cells()[b] - 1);
    hit.cell[a] = scene_.cell[a];
    if (!solid(hit.cell[0], hit.cell[1], hit.cell[2])) return std::nullopt;
    hit.depth = -t, hit.axis = normal;
    return hit;
}

double BedCaster::position_at(const Vec3& at) const {
    const auto n = e_.cells();
    const auto h = e_.spacing();
    std::array<int, 3> own{}, base{};
    Vec3 f{};
    for (std::size_t a = 0; a < 3; ++a) {
        const double g = at[a] / h[a];
        own[a] = std::clamp(int(std::floor(g)), 0, n[a] - 1);
        base[a] = int(std::floor(g - 0.5));
        f[a] = g - 0.5 - base[a];
    }
    if (std::isnan(scene_.field.values[e_.index(own[0], own[1], own[2])])) return std::nan("");
    double sum = 0.0, weight = 0.0;
    for (int m = 0; m < 8; ++m) {
        std::array<int, 3> c{};
        double w = 1.0;
        for (std::size_t a = 0; a < 3; ++a) {
            const int bit = m >> a & 1;
            c[a] = std::clamp(base[a] + bit, 0, n[a] - 1);
            w *= bit ? f[a] : 1.0 - f[a];
        }
        const float v = scene_.field.values[e_.index(c[0], c[1], c[2])];
        if (std::isnan(v)) continue;
        sum += w * std::clamp(scene_.scale.range.position(double(v)), -8.0, 9.0), weight += w;
    }
    return weight > 0.0 ? sum / weight : std::nan("");
}

std::vector<BedHit> BedCaster::iso_hits(const Ray& r, double until, std::vector<Vec3>& normals) const {
    std::vector<BedHit> hits;
    double before = std::nan(""), before_t = 0.0;
    const double reach = 0.5 * std::min({e_.hx, e_.hy, e_.hz});
    march(r, [&](const std::array<int, 3>& c, double from, double to, int) {
        if (from > until) return false;
        if (!solid(c[0], c[1], c[2])) {
            before = std::nan("");
            return true;
        }
        for (int s = 0; s <= kIsoSteps; ++s) {
            const double t = from + (to - from) * (s == 0 ? 1e-3 : s == kIsoSteps ? 1 - 1e-3 : double(s) / kIsoSteps);
            const double now = position_at(along(r.origin, r.direction, t)) - iso_position_;
            if (!std::isnan(before) && (before < 0) != (now < 0)) {
                double a = before_t, b = t, fa = before;
                for (int n = 0; n < kIsoHalvings; ++n) {
                    const double middle = 0.5 * (a + b);
                    const double fm = position_at(along(r.origin, r.direction, middle)) - iso_position_;
                    if (std::isnan(fm)) break;
                    ((fm < 0) == (fa < 0) ? a : b) = middle;
                }
                const double root = 0.5 * (a + b);
                if (root > until) return false;
                const Vec3 at = along(r.origin, r.direction, root);
                Vec3 gradient{};
                for (std::size_t d = 0; d < 3; ++d) {
                    Vec3 up = at, down = at;
                    up[d] += reach, down[d] -= reach;
                    const double u = position_at(up), v = position_at(down), w = position_at(at);
                    gradient[d] = (std::isnan(u) ? w : u) - (std::isnan(v) ? w : v);
                }
                BedHit hit{c, -root, 3};
                hits.push_back(hit), normals.push_back(gradient);
                if (hits.size() >= 12) return false;
            }
            before = now, before_t = t;
        }
        return true;
    });
    return hits;
}

BedCaster::Pixel BedCaster::volume(const Ray& r) const {
    Pixel pixel;
    double most = 0.0;
    march(r, [&](const std::array<int, 3>& c, double from, double to, int) {
        if (!solid(c[0], c[1], c[2])) return true;
        const double position = scene_.smooth
                                    ? position_at(along(r.origin, r.direction, 0.5 * (from + to)))
                                    : scene_.scale.range.position(double(scene_.field.values[e_.index(c[0], c[1], c[2])]));
        const double mu = extinction_of(volume_weight(scene_.scale.map, position)) / size_;
        const double alpha = (1.0 - pixel.a) * -std::expm1(-mu * (to - from));
        const Colour colour = colour_at(scene_.scale.map, position);
        pixel.r += alpha * colour.r / 255.0, pixel.g += alpha * colour.g / 255.0, pixel.b += alpha * colour.b / 255.0;
        if (alpha > most) most = alpha, pixel.hit = BedHit{c, -0.5 * (from + to), 4};
        pixel.a += alpha;
        return pixel.a < kOpaque;
    });
    return pixel;
}

Colour BedCaster::colour_at_hit(const Ray& r, const BedHit& hit, int column, int row, double scale) const {
    const Range& range = scene_.scale.range;
    Shade shade;
    if (scene_.smooth) {
        const double position = position_at(along(r.origin, r.direction, -hit.depth + 1e-6 * e_.hx));
        shade.colour = colour_at(scene_.scale.map, position);
        shade.datum = position < -1e-6 ? Datum::below : position > 1 + 1e-6 ? Datum::above : Datum::inside;
    } else {
        shade = scene_.scale(double(scene_.field.values[e_.index(hit.cell[0], hit.cell[1], hit.cell[2])]));
    }
    (void)range;
    return on_tick(shade.datum, column, row, scale) ? hex(0xFFFFFF) : shade.colour;
}

std::optional<BedHit> BedCaster::pick(Point at) const {
    const auto r = ray(at);
    if (!r) return std::nullopt;
    if (scene_.mode == BedMode::cutaway) return first_cell(*r);
    if (scene_.mode == BedMode::volume) return volume(*r).hit;
    std::optional<BedHit> nearest;
    for (int normal = 0; normal < 3; ++normal) {
        if (scene_.mode == BedMode::iso && normal != scene_.normal) continue;
        const auto hit = plane_hit(*r, normal);
        if (hit && (!nearest || hit->depth > nearest->depth)) nearest = hit;
    }
    if (scene_.mode == BedMode::iso) {
        std::vector<Vec3> normals;
        const auto hits = iso_hits(*r, nearest ? -nearest->depth : r->leave, normals);
        if (!hits.empty()) return hits.front();
    }
    return nearest;
}

BedCaster::Pixel BedCaster::shade(Point at, int column, int row, double scale) const {
    Pixel pixel;
    const auto r = ray(at);
    if (!r) return pixel;
    if (scene_.mode == BedMode::volume) return volume(*r);
    std::optional<BedHit> hit;
    if (scene_.mode == BedMode::cutaway) {
        hit = first_cell(*r);
    } else {
        for (int normal = 0; normal < 3; ++normal) {
            if (scene_.mode == BedMode::iso && normal != scene_.normal) continue;
            const auto one = plane_hit(*r, normal);
            if (one && (!hit || one->depth > hit->depth)) hit = one;
        }
    }
    if (scene_.mode == BedMode::iso) {
        const Colour tone = scene_.theme ? scene_.theme->backdrop_text : hex(0xE6E9EB);
        std::vector<Vec3> normals;
        const auto hits = iso_hits(*r, hit ? -hit->depth : r->leave, normals);
        for (std::size_t n = 0; n < hits.size(); ++n) {
            const double length = std::sqrt(dot(normals[n], normals[n]));
            const double light = length > 0 ? 0.35 + 0.65 * std::abs(dot(normals[n], p_.toward)) / length : 1.0;
            const double a = (1.0 - pixel.a) * kIsoAlpha;
            pixel.r += a * light * tone.r / 255.0, pixel.g += a * light * tone.g / 255.0, pixel.b += a * light * tone.b / 255.0;
            pixel.a += a;
        }
        if (!hits.empty()) pixel.hit = hits.front();
    }
    if (hit) {
        const Colour c = colour_at_hit(*r, *hit, column, row, scale);
        const double a = 1.0 - pixel.a;
        pixel.r += a * c.r / 255.0, pixel.g += a * c.g / 255.0, pixel.b += a * c.b / 255.0;
        pixel.a = 1.0;
        if (!pixel.hit) pixel.hit = hit;
    }
    return pixel;
}

std::array<Vec3, 4> electrode_plate(const Extents& e, Face face, double gap) {
    const std::size_t a = std::size_t(axis_of(face)), u = (a + 1) % 3, v = (a + 2) % 3;
    const auto size = e.size();
    std::array<Vec3, 4> corners{};
    for (std::size_t n = 0; n < 4; ++n) {
        corners[n][a] = is_upper(face) ? size[a] + gap : -gap;
        corners[n][u] = n == 1 || n == 2 ? size[u] : 0.0;
        corners[n][v] = n >= 2 ? size[v] : 0.0;
    }
    return corners;
}

BedLines bed_lines(const BedScene& scene, const Projection& p) {
    BedLines out;
    const Extents& e = scene.field.extents;
    const Theme& theme = scene.theme ? *scene.theme : grey_theme();
    const auto size = e.size();
    const Colour edge = theme.backdrop_edge, dark = hex(0x14171A);
    // Box: edges that end in the farthest corner lie behind all.
    int farthest = 0;
    for (int a = 0; a < 3; ++a)
        if (p.toward[std::size_t(a)] < 0) farthest |= 1 << a;
    for (int a = 0; a < 8; ++a)
        for (const int bit : {1, 2, 4}) {
            const int b = a | bit;
            if (b == a) continue;
            const bool behind = a == farthest || b == farthest;
            out.strokes.push_back({{corner(e, a), corner(e, b)}, edge, 1.0, 1.0, !behind, behind});
        }
    // Box of the clip, where it cuts.
    bool clipped = false;
    Vec3 low{}, high{};
    for (std::size_t a = 0; a < 3; ++a) {
        low[a] = scene.clip[2 * a] * size[a], high[a] = scene.clip[2 * a + 1] * size[a];
        clipped = clipped || scene.clip[2 * a] > 0 || scene.clip[2 * a + 1] < 1;
    }
    const auto inner_corner = [&](int n) {
        return Vec3{n & 1 ? high[0] : low[0], n & 2 ? high[1] : low[1], n & 4 ? high[2] : low[2]};
    };
    if (clipped)
        for (int a = 0; a < 8; ++a)
            for (const int bit : {1, 2, 4})
                if ((a | bit) != a)
                    out.strokes.push_back(
                        {{inner_corner(a), inner_corner(a | bit)}, theme.backdrop_muted, 1.0, 1.0, true, false});
    // Outlines of the planes.
    if (scene.mode == BedMode::slices || scene.mode == BedMode::iso)
        for (int normal = 0; normal < 3; ++normal) {
            if (scene.mode == BedMode::iso && normal != scene.normal) continue;
            const std::size_t a = std::size_t(normal), u = (a + 1) % 3, v = (a + 2) % 3;
            std::vector<Vec3> outline(5);
            const double plane = (scene.cell[a] + 0.5) * e.spacing()[a];
            if (plane < low[a] || plane > high[a]) continue;
            for (std::size_t n = 0; n < 5; ++n) {
                outline[n][a] = plane;
                outline[n][u] = n % 4 == 1 || n % 4 == 2 ? high[u] : low[u];
                outline[n][v] = n % 4 >= 2 ? high[v] : low[v];
            }
            out.strokes.push_back({outline, edge, 1.0, 1.0, true, false});
        }
    // Electrodes: a plate between eye and bed is an outline only: a tint over the field would change what its colours say.
    for (const Electrode& electrode : scene.electrodes) {
        const auto corners = electrode_plate(e, electrode.face, kPlateGap / p.px_per_m);
        std::vector<Vec3> outline(corners.begin(), corners.end());
        outline.push_back(corners[0]);
        const bool front = faces_eye(p, electrode.face);
        if (!front) out.plates.push_back({corners, with_alpha(edge, 0.45)});
        out.strokes.push_back({outline, theme.backdrop_muted, 1.5, 0.0, front, !front});
    }
    for (const auto& line : scene.streamlines) {
        if (line.size() < 2) continue;
        out.strokes.push_back({line, with_alpha(dark, 0.45), 2.5, 1.0, true, false});
        out.strokes.push_back({line, with_alpha(theme.backdrop_text, 0.75), 1.0, 1.5, true, false});
    }
    // The probe's cell: its edges, and hairs along the axes; where it is hidden, faintly.
    if (scene.probe) {
        const auto h = e.spacing();
        Vec3 from{}, to{};
        for (std::size_t a = 0; a < 3; ++a) from[a] = scene.cell[a] * h[a], to[a] = from[a] + h[a];
        const auto cell_corner = [&](int n) {
            return Vec3{n & 1 ? to[0] : from[0], n & 2 ? to[1] : from[1], n & 4 ? to[2] : from[2]};
        };
        std::vector<std::vector<Vec3>> lines;
        // A cell of few px would be a blot.
        if (std::max({h[0], h[1], h[2]}) * p.px_per_m > 10.0)
            for (int a = 0; a < 8; ++a)
                for (const int bit : {1, 2, 4})
                    if ((a | bit) != a) lines.push_back({cell_corner(a), cell_corner(a | bit)});
        const double near = 4.0 / p.px_per_m, far = 16.0 / p.px_per_m;
        const Vec3 centre{(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2};
        for (std::size_t a = 0; a < 3; ++a)
            for (const double way : {-1.0, 1.0}) {
                Vec3 one = centre, two = centre;
                one[a] += way * (h[a] / 2 + near), two[a] += way * (h[a] / 2 + far);
                lines.push_back({one, two});
            }
        for (const auto& line : lines) {
            out.strokes.push_back({line, with_alpha(theme.backdrop_text, 0.30), 1.0, 0.0, false, false});
            out.strokes.push_back({line, dark, 3.0, 2.0, true, false});
        }
        for (const auto& line : lines) out.strokes.push_back({line, hex(0xFFFFFF), 1.5, 2.5, true, false});
    }
    return out;
}

}  // namespace jt
