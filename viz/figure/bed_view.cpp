// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/bed_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace jt {

namespace {

constexpr double kAzimuth = 35.0 * std::numbers::pi / 180.0;    // of the eye, from -y towards +x
constexpr double kElevation = 28.0 * std::numbers::pi / 180.0;  // of the eye, above the xy plane
constexpr int kSamplesPerPixel = 2;                             // along each axis of the picture

double dot(const Vec3& a, const Vec3& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Vec3 corner(const Extents& e, int n) {  // bit 0: x, bit 1: y, bit 2: z
    const auto size = e.size();
    return {n & 1 ? size[0] : 0.0, n & 2 ? size[1] : 0.0, n & 4 ? size[2] : 0.0};
}

Colour mix(Colour a, Colour b, double f) {
    const auto channel = [f](std::uint8_t p, std::uint8_t q) { return std::uint8_t(p + f * (double(q) - p) + 0.5); };
    return {channel(a.r, b.r), channel(a.g, b.g), channel(a.b, b.b), channel(a.a, b.a)};
}

// How dark the line on each sample is, 0 .. 1. A neighbour in the same plane gives none. A step in depth gives a silhouette. A
// change of face gives a crease: strong where both faces run on for more than a voxel, faint on the stairs of a voxelised
// curve, where lines would turn into a texture.
std::vector<float> edge_strength(const Hits& hits, const Projection& p, double per_px, const Extents& e) {
    constexpr double silhouette = 0.8, crease = 0.45, stair = 0.10;
    std::vector<float> strength(hits.cell.size(), 0.0f);
    const double sample_m = 1.0 / (p.px_per_m * per_px);
    const double smallest = std::min({e.hx, e.hy, e.hz}), largest = std::max({e.hx, e.hy, e.hz});
    const int run = std::clamp(int(std::ceil(1.5 * largest / sample_m)), 3, 32);
    const double step = std::max(1.5 * smallest, 3.0 * sample_m);
    // d(depth) per sample to the right and down on a face with this normal.
    double slope[3][2];
    for (std::size_t a = 0; a < 3; ++a) {
        slope[a][0] = sample_m * p.right[a] / p.toward[a];
        slope[a][1] = -sample_m * p.up[a] / p.toward[a];
    }
    const auto index = [&](int column, int row) { return std::size_t(row) * std::size_t(hits.width) + std::size_t(column); };
    // Whether the samples from here on, in this direction, show faces of one normal.
    const auto runs_on = [&](int column, int row, int dx, int dy) {
        const int axis = hits.axis[index(column, row)];
        for (int n = 1; n < run; ++n) {
            column += dx, row += dy;
            if (column < 0 || row < 0 || column >= hits.width || row >= hits.height) return true;
            if (hits.cell[index(column, row)] < 0) return true;
            if (hits.axis[index(column, row)] != axis) return false;
        }
        return true;
    };
#pragma omp parallel for schedule(static)
    for (int row = 0; row < hits.height; ++row)
        for (int column = 0; column < hits.width; ++column) {
            const std::size_t here = index(column, row);
            if (hits.cell[here] < 0) continue;
            double most = 0.0;
            for (int way = 0; way < 4; ++way) {
                const int dx = way == 0 ? 1 : way == 1 ? -1 : 0, dy = way == 2 ? 1 : way == 3 ? -1 : 0;
                const int c = column + dx, r = row + dy;
                if (c < 0 || r < 0 || c >= hits.width || r >= hits.height) continue;
                const std::size_t there = index(c, r);
                if (hits.cell[there] < 0) {
                    most = silhouette;
                    continue;
                }
                const int axis = hits.axis[here];
                // > 0: the neighbour lies behind the plane seen here.
                const double jump = hits.depth[there] - (hits.depth[here] + dx * slope[axis][0] + dy * slope[axis][1]);
                if (std::abs(jump) > step)
                    most = silhouette;  // on both sides, so that it is a whole pixel wide
                else if (hits.axis[there] != axis && (dx > 0 || dy > 0))
                    most = std::max(most, runs_on(column, row, -dx, -dy) && runs_on(c, r, dx, dy) ? crease : stair);
            }
            strength[here] = float(most);
        }
    return strength;
}

Image shade(const Hits& hits, const VoxelField& field, const ColourScale& colours, const std::vector<float>& edges, Colour ink,
            double scale) {
    Image image(hits.width / kSamplesPerPixel, hits.height / kSamplesPerPixel);
#pragma omp parallel for schedule(static)
    for (int row = 0; row < image.height; ++row)
        for (int column = 0; column < image.width; ++column) {
            int r = 0, g = 0, b = 0, seen = 0;
            for (int sy = 0; sy < kSamplesPerPixel; ++sy)
                for (int sx = 0; sx < kSamplesPerPixel; ++sx) {
                    const std::size_t at = std::size_t(row * kSamplesPerPixel + sy) * std::size_t(hits.width) +
                                           std::size_t(column * kSamplesPerPixel + sx);
                    if (hits.cell[at] < 0) continue;
                    const Shade value = colours(double(field.values[std::size_t(hits.cell[at])]));
                    Colour c = on_tick(value.datum, column, row, scale) ? hex(0xFFFFFF) : value.colour;
                    c = mix(c, ink, double(edges[at]));
                    r += c.r, g += c.g, b += c.b, ++seen;
                }
            if (seen == 0) continue;
            constexpr int all = kSamplesPerPixel * kSamplesPerPixel;
            const auto mean = [seen](int sum) { return std::uint8_t((sum + seen / 2) / seen); };
            image.at(column, row) = {mean(r), mean(g), mean(b), std::uint8_t((255 * seen + all / 2) / all)};
        }
    return image;
}

// One ray through the boxes first .. last of a grid, in the order it meets them.
using Index = std::array<std::int64_t, 3>;
constexpr std::int64_t kBrick = 8;  // voxels along the edge of the coarse grid that skips empty space

struct March {
    Index at, first, last;
    Vec3 next, delta;
    std::array<int, 3> way;
    double depth;      // along the ray, where it entered the box `at`
    std::size_t axis;  // normal of the face by which it entered
    bool inside = true;

    March(const Vec3& origin, const Vec3& direction, const Vec3& h, const Index& from, const Index& to, double enter,
          std::size_t enter_axis)
        : first(from), last(to), depth(enter), axis(enter_axis) {
        for (std::size_t a = 0; a < 3; ++a) {
            way[a] = direction[a] > 0 ? 1 : -1;
            // The position along the entry axis is on a face: known exactly, whatever the rounding.
            const double index = std::floor((origin[a] + enter * direction[a]) / h[a]);
            at[a] = a == axis ? (way[a] > 0 ? first[a] : last[a] - 1)
                              : std::int64_t(std::clamp(index, double(first[a]), double(last[a] - 1)));
            next[a] = (double(at[a] + (way[a] > 0 ? 1 : 0)) * h[a] - origin[a]) / direction[a];
            delta[a] = h[a] / std::abs(direction[a]);
        }
    }
    void step() {
        const std::size_t a = next[0] < next[1] ? (next[0] < next[2] ? 0 : 2) : (next[1] < next[2] ? 1 : 2);
        at[a] += way[a];
        inside = at[a] >= first[a] && at[a] < last[a];
        depth = next[a], axis = a;
        next[a] += delta[a];
    }
};

// The plate of a face: its four corners, moved off the bed by `gap` [m].
std::array<Vec3, 4> plate(const Extents& e, Face face, double gap) {
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

bool faces_eye(const Projection& p, Face face) {
    return (p.toward[std::size_t(axis_of(face))] > 0) == is_upper(face);
}

// Whether a disc stays clear of the box and of its plates as drawn.
bool clear_of(const std::vector<Point>& hull, Point at, double radius) {
    // Signed distance to a convex polygon: outside when beyond any edge by the radius.
    double cross_sum = 0.0;
    for (std::size_t n = 0; n < hull.size(); ++n) {
        const Point a = hull[n], b = hull[(n + 1) % hull.size()];
        cross_sum += a.x * b.y - a.y * b.x;
    }
    const double sign = cross_sum > 0 ? 1.0 : -1.0;
    for (std::size_t n = 0; n < hull.size(); ++n) {
        const Point a = hull[n], b = hull[(n + 1) % hull.size()];
        const double length = std::hypot(b.x - a.x, b.y - a.y);
        if (length < 1e-9) continue;
        const double outside = -sign * ((b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x)) / length;
        if (outside > radius) return true;
    }
    return false;
}

std::vector<Point> convex_hull(std::vector<Point> points) {
    std::sort(points.begin(), points.end(), [](Point a, Point b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    std::vector<Point> hull;
    const auto turn = [](Point o, Point a, Point b) { return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x); };
    for (int pass = 0; pass < 2; ++pass) {
        const std::size_t start = hull.size();
        for (const Point& p : points) {
            while (hull.size() >= start + 2 && turn(hull[hull.size() - 2], hull.back(), p) <= 0) hull.pop_back();
            hull.push_back(p);
        }
        hull.pop_back();
        std::reverse(points.begin(), points.end());
    }
    return hull;
}

}  // namespace

Point Projection::operator()(const Vec3& p) const {
    const Vec3 d{p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]};
    return {middle.x + px_per_m * dot(d, right), middle.y - px_per_m * dot(d, up)};
}

Projection Projection::fit(const Extents& e, const Rect& rect) {
    const double ca = std::cos(kAzimuth), sa = std::sin(kAzimuth), ce = std::cos(kElevation), se = std::sin(kElevation);
    Projection p;
    p.right = {ca, sa, 0.0};
    p.up = {-sa * se, ca * se, ce};
    p.toward = {sa * ce, -ca * ce, se};
    const auto size = e.size();
    p.centre = {size[0] / 2, size[1] / 2, size[2] / 2};
    double half_w = 0.0, half_h = 0.0;
    for (std::size_t a = 0; a < 3; ++a) half_w += std::abs(p.right[a]) * size[a] / 2, half_h += std::abs(p.up[a]) * size[a] / 2;
    p.px_per_m = std::min(rect.w / (2 * half_w), rect.h / (2 * half_h));
    p.middle = rect.centre();
    return p;
}

bool in_cut(const Extents& e, int i, int j, int k) {
    return i >= (e.nx + 1) / 2 && j < e.ny / 2 && k >= (e.nz + 1) / 2;
}

Hits cast_rays(const VoxelField& field, const Projection& p, int width, int height, double per_px, bool cut) {
    const Extents& e = field.extents;
    const Vec3 direction{-p.toward[0], -p.toward[1], -p.toward[2]};
    const Vec3 h = e.spacing(), brick_h{kBrick * h[0], kBrick * h[1], kBrick * h[2]};
    const Index n{e.nx, e.ny, e.nz},
        bricks{(n[0] + kBrick - 1) / kBrick, (n[1] + kBrick - 1) / kBrick, (n[2] + kBrick - 1) / kBrick};
    std::vector<std::uint8_t> solid(e.count()), filled(std::size_t(bricks[0] * bricks[1] * bricks[2]));
#pragma omp parallel for schedule(static)
    for (std::int64_t bk = 0; bk < bricks[2]; ++bk)
        for (int k = int(bk * kBrick); k < std::min(e.nz, int((bk + 1) * kBrick)); ++k)
            for (int j = 0; j < e.ny; ++j)
                for (int i = 0; i < e.nx; ++i) {
                    const std::size_t c = e.index(i, j, k);
                    solid[c] = !std::isnan(field.values[c]) && !(cut && in_cut(e, i, j, k));
                    if (solid[c]) filled[std::size_t((bk * bricks[1] + j / kBrick) * bricks[0] + i / kBrick)] = 1;
                }
    Hits hits;
    hits.width = width, hits.height = height;
    const std::size_t samples = std::size_t(width) * std::size_t(height);
    hits.cell.assign(samples, -1);
    hits.axis.assign(samples, 0);
    hits.depth.assign(samples, 0.0f);
#pragma omp parallel for schedule(dynamic, 16)
    for (int row = 0; row < height; ++row)
        for (int column = 0; column < width; ++column) {
            const double s = ((column + 0.5) / per_px - p.middle.x) / p.px_per_m;
            const double t = -((row + 0.5) / per_px - p.middle.y) / p.px_per_m;
            Vec3 origin;
            double enter = -std::numeric_limits<double>::infinity(), leave = -enter;
            std::size_t axis = 0;
            for (std::size_t a = 0; a < 3; ++a) {
                origin[a] = p.centre[a] + s * p.right[a] + t * p.up[a];
                const double t0 = -origin[a] / direction[a], t1 = (double(n[a]) * h[a] - origin[a]) / direction[a];
                if (std::min(t0, t1) > enter) enter = std::min(t0, t1), axis = a;
                leave = std::min(leave, std::max(t0, t1));
            }
            if (!(enter < leave)) continue;
            // Empty bricks are crossed in one step. The last ones reach beyond the bed, hence `leave`.
            for (March outer(origin, direction, brick_h, {0, 0, 0}, bricks, enter, axis); outer.inside && outer.depth < leave;
                 outer.step()) {
                if (!filled[std::size_t((outer.at[2] * bricks[1] + outer.at[1]) * bricks[0] + outer.at[0])]) continue;
                Index first, last;
                for (std::size_t a = 0; a < 3; ++a) {
                    first[a] = outer.at[a] * kBrick;
                    last[a] = std::min(n[a], first[a] + kBrick);
                }
                March inner(origin, direction, h, first, last, outer.depth, outer.axis);
                std::size_t cell = 0;
                for (; inner.inside; inner.step()) {
                    cell = std::size_t((inner.at[2] * n[1] + inner.at[1]) * n[0] + inner.at[0]);
                    if (solid[cell]) break;
                }
                if (!inner.inside) continue;
                const std::size_t sample = std::size_t(row) * std::size_t(width) + std::size_t(column);
                hits.cell[sample] = std::int64_t(cell);
                hits.axis[sample] = std::int8_t(inner.axis);
                hits.depth[sample] = float(inner.depth);
                break;
            }
        }
    return hits;
}

LengthUnit unit_of(double largest_m) {
    if (largest_m >= 1.0) return {"m", 1.0};
    if (largest_m >= 1e-3) return {"mm", 1e-3};
    if (largest_m >= 1e-6) return {"\u00b5m", 1e-6};
    return {"nm", 1e-9};
}

std::string trimmed(std::string text) {
    if (text.find('.') == std::string::npos || text.back() != '0' || text.find("\u00d7") != std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string length_text(double metres, const LengthUnit& unit, bool with_unit) {
    // Lengths of a grid are exact: 20 mm, not 20.0 mm.
    return trimmed(format_number(metres / unit.metres, 3)) + (with_unit ? std::string(" ") + unit.name : "");
}

double round_length(double about) {
    const double decade = std::pow(10.0, std::floor(std::log10(about)));
    for (const double m : {5.0, 2.0})
        if (m * decade <= about) return m * decade;
    return decade;
}

bool on_tick(Datum datum, int column, int row, double scale) {
    if (datum != Datum::below && datum != Datum::above) return false;
    const int period = std::max(4, int(std::lround(9.0 * scale))), thick = std::max(1, int(std::lround(scale)));
    const int along = datum == Datum::above ? column + row : column - row;
    return ((along % period) + period) % period < thick;
}

void draw_bed_view(Scribe& scribe, const Rect& panel, const VoxelField& field, const ColourScale& colours,
                   std::span<const Electrode> electrodes, const Theme& theme) {
    Painter& painter = scribe.painter();
    const Extents& e = field.extents;
    scribe.enter(panel, theme.backdrop);
    painter.push_clip(panel);

    const double margin = 64.0;  // room for plates, their signs and the triad
    const Projection p = Projection::fit(e, {panel.x + margin, panel.y + margin, panel.w - 2 * margin, panel.h - 2 * margin});
    const double gap = 12.0 / p.px_per_m;
    const Stroke thin{with_alpha(theme.backdrop_edge, 0.55), 1.0, 0.0};
    const auto box_edges = [&](bool at_eye) {
        // Corner 5 = (xmax, ymin, zmax) is nearest to the eye, 2 the farthest; an edge is in front when it ends in a visible
        // face.
        for (int a = 0; a < 8; ++a)
            for (const int bit : {1, 2, 4}) {
                const int b = a | bit;
                if (b == a) continue;
                const bool hidden = a == 2 || b == 2;
                if (hidden == at_eye) continue;
                // The three edges that meet at the near corner stand in the air where the octant is cut away.
                painter.line(p(corner(e, a)), p(corner(e, b)), thin);
            }
    };
    const auto draw_plate = [&](const Electrode& electrode) {
        const auto corners = plate(e, electrode.face, gap);
        std::array<Point, 4> outline;
        for (std::size_t n = 0; n < 4; ++n) outline[n] = p(corners[n]);
        // A plate between eye and bed is an outline only: a tint over the field would change what its colours say.
        if (!faces_eye(p, electrode.face)) painter.polygon(outline, with_alpha(theme.backdrop_edge, 0.45));
        painter.polyline(outline, {theme.backdrop_muted, 1.5, 0.0}, true);
    };

    for (const auto& electrode : electrodes)
        if (!faces_eye(p, electrode.face)) draw_plate(electrode);
    box_edges(false);

    const double per_px = painter.scale() * kSamplesPerPixel;
    const int columns = int(std::lround(panel.w * painter.scale())), rows = int(std::lround(panel.h * painter.scale()));
    Projection local = p;
    local.middle = {p.middle.x - panel.x, p.middle.y - panel.y};
    const bool any = std::any_of(field.values.begin(), field.values.end(), [](float v) { return !std::isnan(v); });
    if (any) {
        const Hits hits = cast_rays(field, local, columns * kSamplesPerPixel, rows * kSamplesPerPixel, per_px, true);
        const auto edges = edge_strength(hits, p, per_px, e);
        painter.image({panel.x, panel.y, columns / painter.scale(), rows / painter.scale()},
                      shade(hits, field, colours, edges, hex(0x14171A), painter.scale()));
    }
    box_edges(true);
    for (const auto& electrode : electrodes)
        if (faces_eye(p, electrode.face)) draw_plate(electrode);

    const TextStyle sign{kTitlePx, Weight::medium, theme.backdrop_text};
    const double height = scribe.line_height(sign);
    const auto places = sign_places(p, e, electrodes, gap);
    for (std::size_t n = 0; n < electrodes.size(); ++n) {
        const Point at{std::clamp(places[n].x, panel.x + 20, panel.right() - 20),
                       std::clamp(places[n].y, panel.y + 36 + height / 2, panel.bottom() - height / 2 - 4)};
        scribe.write(std::string("electrode.") + name_of(electrodes[n].face), electrodes[n].positive ? "+" : "\u2212",
                     {at.x, at.y - height / 2}, sign, Align::centre);
    }

    draw_scale_bar(scribe, "bed_view.scale", {panel.right() - 16, panel.bottom() - 14}, p.px_per_m, 140.0, theme);
    draw_triad(scribe, "bed_view", {panel.x + 34, panel.bottom() - 40}, p, theme);
    painter.pop_clip();
}

std::vector<Point> sign_places(const Projection& p, const Extents& e, std::span<const Electrode> electrodes, double gap) {
    // From the middle of the plate outwards until clear of bed and plates.
    std::vector<Point> drawn, places;
    for (int n = 0; n < 8; ++n) drawn.push_back(p(corner(e, n)));
    for (const auto& electrode : electrodes)
        for (const auto& c : plate(e, electrode.face, gap)) drawn.push_back(p(c));
    const auto hull = convex_hull(drawn);
    for (const auto& electrode : electrodes) {
        const auto corners = plate(e, electrode.face, gap);
        const Point a = p(corners[0]), c = p(corners[2]);
        Point at{(a.x + c.x) / 2, (a.y + c.y) / 2};
        const std::size_t axis = std::size_t(axis_of(electrode.face));
        const double out = is_upper(electrode.face) ? 1.0 : -1.0;
        const double length = std::hypot(p.right[axis], p.up[axis]);
        // A face that looks at the eye, or away from it, has no outwards in the picture.
        const Point step = length > 1e-3 ? Point{out * p.right[axis] / length, -out * p.up[axis] / length} : Point{0.0, -out};
        for (int n = 0; n < 4000 && !clear_of(hull, at, 16.0); ++n) at.x += step.x, at.y += step.y;
        places.push_back(at);
    }
    return places;
}

void draw_scale_bar(Scribe& scribe, const std::string& id, Point end, double px_per_m, double about_px, const Theme& theme) {
    // Along the projected x axis it would be foreshortened; lengths in the picture plane are not.
    const TextStyle label{kLabelPx, Weight::regular, theme.backdrop_text};
    const double length = round_length(about_px / px_per_m), px = length * px_per_m, x = end.x - px, y = end.y;
    scribe.painter().line({x, y}, {end.x, y}, {theme.backdrop_text, 2.0, 0.0});
    for (const double tick : {x, end.x}) scribe.painter().line({tick, y - 4}, {tick, y + 4}, {theme.backdrop_text, 2.0, 0.0});
    scribe.write(id, length_text(length, unit_of(length * 1.0000001), true), {x + px / 2, y - 6 - scribe.line_height(label)},
                 label, Align::centre);
}

void draw_triad(Scribe& scribe, const std::string& id, Point origin, const Projection& p, const Theme& theme, double reach) {
    Painter& painter = scribe.painter();
    const TextStyle label{kLabelPx, Weight::regular, theme.backdrop_text};
    const double line = scribe.line_height(label);
    const char* const names[] = {"x", "y", "z"};
    std::vector<Rect> written;
    for (std::size_t a = 0; a < 3; ++a) {
        const Point tip{origin.x + reach * p.right[a], origin.y - reach * p.up[a]};
        const double length = std::hypot(tip.x - origin.x, tip.y - origin.y);
        if (length < 0.12 * reach) continue;  // along the line of sight
        painter.line(origin, tip, {theme.backdrop_text, 1.5, 0.0});
        const Point d{(tip.x - origin.x) / length, (tip.y - origin.y) / length};
        const Point head[] = {{tip.x + 5 * d.x, tip.y + 5 * d.y},
                              {tip.x - 3 * d.x - 3.5 * d.y, tip.y - 3 * d.y + 3.5 * d.x},
                              {tip.x - 3 * d.x + 3.5 * d.y, tip.y - 3 * d.y - 3.5 * d.x}};
        painter.polygon(head, theme.backdrop_text);
        const double w = scribe.width(names[a], label);
        Rect at{tip.x + 14 * d.x - w / 2, tip.y + 14 * d.y - line / 2, w, line};
        // Two axes that run the same way in the picture: their letters stand beside each other.
        for (const Rect& other : written)
            if (at.overlaps(other)) at.x = other.right() + 3;
        written.push_back(at);
        scribe.write(id + "." + names[a], names[a], {at.x, at.y}, label);
    }
}

}  // namespace jt
