// SPDX-License-Identifier: Apache-2.0
// The shaders of bed_renderer_gl.cpp. Lengths are in box units (the bed's longest edge is 1); pictures have their row 0 at the
// top. The cast is compiled once for each mode, with MODE 0 cutaway, 1 slices, 2 iso, 3 volume and SMOOTH 0 or 1 defined. It
// says in a fragment what BedCaster (panels/bed_geometry.cpp) says in C++; tests compare the two.
#pragma once

namespace jt {

inline constexpr const char* kWholePicture = R"(#version 330 core
void main() {
    vec2 at = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    gl_Position = vec4(at, 0.0, 1.0);
}
)";

inline constexpr const char* kCast = R"(
uniform sampler3D colours, positions, near_iso;
uniform ivec3 cells, cell;
uniform vec3 spacing, clip_low, clip_high, right, up, toward, centre;
uniform vec2 middle;         // px
uniform float unit_per_px;
uniform float depth_reach;   // box units
uniform vec3 stops[10];
uniform int last_stop;
uniform ivec2 tick;          // period, width [px]
uniform int normal;
uniform float iso;
uniform vec3 tone;
uniform float iso_alpha;
uniform vec3 extinction;     // thinnest, densest, 1 / size of the bed
uniform int diverging;
layout(location = 0) out vec4 colour;
#if MODE == 0
layout(location = 1) out vec2 shape;  // depth [px], normal
#endif

vec3 origin, direction;
float enter, leave;
int axis;

bool look() {
    vec2 at = (gl_FragCoord.xy - middle) * unit_per_px;
    origin = centre + at.x * right - at.y * up;
    direction = -toward;
    vec3 t0 = (clip_low - origin) / direction, t1 = (clip_high - origin) / direction;
    vec3 first = min(t0, t1), last = max(t0, t1);
    axis = first.x > first.y ? (first.x > first.z ? 0 : 2) : (first.y > first.z ? 1 : 2);
    enter = max(first.x, max(first.y, first.z));
    leave = min(last.x, min(last.y, last.z));
    return enter < leave;
}

float depth_value(float t) { return 0.5 + 0.5 * t / depth_reach; }

vec3 along_map(float p) {
    float s = clamp(p, 0.0, 1.0) * float(last_stop);
    int n = min(int(s), last_stop - 1);
    return mix(stops[n], stops[n + 1], s - float(n));
}

bool ticked(bool above) {
    ivec2 px = ivec2(gl_FragCoord.xy);
    int along = above ? px.x + px.y : px.x - px.y + 16384 * tick.x;
    return along % tick.x < tick.y;
}

// Interpolated between the cells around that are not void; 1e30 inside void.
float position_at(vec3 at) {
    vec3 g = at / spacing;
    ivec3 own = clamp(ivec3(floor(g)), ivec3(0), cells - 1);
    if (texelFetch(positions, own, 0).r > 1e29) return 1e30;
    g -= 0.5;
    vec3 base = floor(g), f = g - base;
    ivec3 low = clamp(ivec3(base), ivec3(0), cells - 1), high = clamp(ivec3(base) + 1, ivec3(0), cells - 1);
    float sum = 0.0, weight = 0.0;
    for (int n = 0; n < 8; ++n) {
        bvec3 bit = bvec3((n & 1) != 0, (n & 2) != 0, (n & 4) != 0);
        float v = texelFetch(positions, ivec3(bit.x ? high.x : low.x, bit.y ? high.y : low.y, bit.z ? high.z : low.z), 0).r;
        float w = (bit.x ? f.x : 1.0 - f.x) * (bit.y ? f.y : 1.0 - f.y) * (bit.z ? f.z : 1.0 - f.z);
        if (v < 1e29) sum += w * v, weight += w;
    }
    return weight > 0.0 ? sum / weight : 1e30;
}

// Colour of a cell that is seen at t along the ray.
vec3 colour_of(ivec3 c, float t) {
#if SMOOTH
    float p = position_at(origin + (t + 1e-6) * direction);
    if (p < -1e-6 || p > 1.000001) if (ticked(p > 0.5)) return vec3(1.0);
    return along_map(p);
#else
    vec4 texel = texelFetch(colours, c, 0);
    if (texel.a < 0.5 || texel.a > 0.8) if (ticked(texel.a > 0.8)) return vec3(1.0);
    return texel.rgb;
#endif
}

ivec3 at_cell, way;
vec3 next, delta;
float from;

void start() {
    way = ivec3(sign(direction));
    vec3 at = (origin + enter * direction) / spacing;
    vec3 inward = vec3(axis == 0, axis == 1, axis == 2) * vec3(way) * 1e-4;
    at_cell = clamp(ivec3(floor(at + inward)), ivec3(0), cells - 1);
    next = ((vec3(at_cell) + max(vec3(way), vec3(0.0))) * spacing - origin) / direction;
    delta = spacing / abs(direction);
    from = enter;
}
float to() { return min(min(next.x, min(next.y, next.z)), leave); }
// False: outside.
bool onward() {
    axis = next.x < next.y ? (next.x < next.z ? 0 : 2) : (next.y < next.z ? 1 : 2);
    from = min(next.x, min(next.y, next.z));
    vec3 mask = vec3(axis == 0, axis == 1, axis == 2);
    at_cell += ivec3(mask) * way;
    next += mask * delta;
    return from < leave && all(greaterThanEqual(at_cell, ivec3(0))) && all(lessThan(at_cell, cells));
}

#if MODE == 0
uniform ivec3 cut_from, cut_to;
void main() {
    if (!look()) discard;
    start();
    int limit = cells.x + cells.y + cells.z;
    for (int n = 0; n < limit; ++n) {
        bool cut = all(greaterThanEqual(at_cell, cut_from)) && all(lessThan(at_cell, cut_to));
        if (!cut && texelFetch(colours, at_cell, 0).a > 0.1) {
            colour = vec4(colour_of(at_cell, from), 1.0);
            shape = vec2(-from / unit_per_px, float(axis));
            gl_FragDepth = depth_value(from);
            return;
        }
        if (!onward()) break;
    }
    discard;
}
#endif

#if MODE == 1 || MODE == 2
// Where the plane across an axis is met, and its cell; leave + 1: nowhere.
float plane(int a, out ivec3 c) {
    float t = (((float(cell[a]) + 0.5) * spacing[a]) - origin[a]) / direction[a];
    c = clamp(ivec3(floor((origin + t * direction) / spacing)), ivec3(0), cells - 1);
    c[a] = cell[a];
    if (abs(direction[a]) < 1e-6 || t < enter || t > leave || texelFetch(colours, c, 0).a < 0.1) return leave + 1.0;
    return t;
}
#endif

#if MODE == 1
void main() {
    if (!look()) discard;
    ivec3 c, one;
    float t = leave + 1.0;
    for (int a = 0; a < 3; ++a) {
        float s = plane(a, one);
        if (s < t) t = s, c = one;
    }
    if (t > leave) discard;
    colour = vec4(colour_of(c, t), 1.0);
    gl_FragDepth = depth_value(t);
}
#endif

#if MODE == 2
float off(float t) {
    float p = position_at(origin + t * direction);
    return p > 1e29 ? p : p - iso;
}
float light_at(float t) {
    vec3 at = origin + t * direction, gradient;
    float reach = min(spacing.x, min(spacing.y, spacing.z)), middle_value = position_at(at);
    for (int a = 0; a < 3; ++a) {
        vec3 d = vec3(0.0);
        d[a] = reach;
        float u = position_at(at + d), v = position_at(at - d);
        gradient[a] = (u > 1e29 ? middle_value : u) - (v > 1e29 ? middle_value : v);
    }
    float size = length(gradient);
    return size > 0.0 ? 0.35 + 0.65 * abs(dot(gradient, toward)) / size : 1.0;
}
void main() {
    if (!look()) discard;
    ivec3 plane_cell;
    float plane_t = plane(normal, plane_cell);
    float end = min(leave, plane_t), a = 0.0;
    vec3 sum = vec3(0.0);
    start();
    int limit = cells.x + cells.y + cells.z;
    float before = 1e30, before_t = 0.0;
    for (int n = 0; n < limit; ++n) {
        if (from > end) break;
        if (texelFetch(near_iso, at_cell, 0).r > 0.75) {
            float last = to();
            for (int s = before > 1e29 ? 0 : 1; s <= 3; ++s) {
                float t = mix(from, last, s == 0 ? 1e-3 : s == 3 ? 0.999 : float(s) / 3.0);
                float now = off(t);
                if (before < 1e29 && now < 1e29 && (before < 0.0) != (now < 0.0)) {
                    float p = before_t, q = t, fp = before, fq = now;
                    for (int m = 0; m < 4; ++m) {
                        float r = 0.5 * (p + q), fr = off(r);
                        if ((fr < 0.0) == (fp < 0.0)) p = r, fp = fr; else q = r, fq = fr;
                    }
                    float root = p + (q - p) * fp / (fp - fq);
                    if (root <= end && a < 0.97) {
                        float share = (1.0 - a) * iso_alpha;
                        sum += share * light_at(root) * tone;
                        a += share;
                    }
                }
                before = now, before_t = t;
            }
        } else {
            before = 1e30;
        }
        if (!onward()) break;
    }
    gl_FragDepth = 1.0;
    if (plane_t <= leave) {
        sum += (1.0 - a) * colour_of(plane_cell, plane_t);
        a = 1.0;
        gl_FragDepth = depth_value(plane_t);
    }
    if (a <= 0.0) discard;
    colour = vec4(sum, a);
}
#endif

#if MODE == 3
void main() {
    if (!look()) discard;
    start();
    int limit = cells.x + cells.y + cells.z;
    float clear = 1.0, half_t = -1.0;
    vec3 sum = vec3(0.0);
    float scale = -1.4426950408889634 * extinction.z;
    for (int n = 0; n < limit; ++n) {
        vec4 texel = texelFetch(colours, at_cell, 0);
        if (texel.a > 0.0) {
            float last = to();
#if SMOOTH
            float p = position_at(origin + 0.5 * (from + last) * direction);
            float q = clamp(p, 0.0, 1.0), w = diverging == 1 ? abs(2.0 * q - 1.0) : q;
            texel.rgb = along_map(p);
#else
            float w = (texel.a * 255.0 - 1.0) / 254.0;
#endif
            float left = clear * exp2((extinction.x + (extinction.y - extinction.x) * w * w) * scale * (last - from));
            sum += (clear - left) * texel.rgb;
            if (clear > 0.5 && left <= 0.5) half_t = from;
            clear = left;
            if (clear < 0.005) break;
        }
        if (!onward()) break;
    }
    if (clear >= 1.0) discard;
    colour = vec4(sum, 1.0 - clear);
    gl_FragDepth = clear <= 0.5 ? depth_value(half_t) : 1.0;
}
#endif
)";

// The cutaway with its lines: silhouettes where the depth jumps, creases where the normal changes (crease_strength).
inline constexpr const char* kCompose = R"(#version 330 core
uniform sampler2D seen, shapes;
uniform vec3 slope_x, slope_y;  // depth on a face with this normal, one px to the right, down [px]
uniform float jump;             // [px]
uniform int run;                // [px]
uniform vec3 ink;
uniform vec3 strengths;         // silhouette, crease, stair
out vec4 colour;

float normal_at(ivec2 at, ivec2 size) {
    if (any(lessThan(at, ivec2(0))) || any(greaterThanEqual(at, size))) return -1.0;
    return texelFetch(shapes, at, 0).g;
}
void main() {
    ivec2 here = ivec2(gl_FragCoord.xy), size = textureSize(shapes, 0);
    vec2 own = texelFetch(shapes, here, 0).rg;
    if (own.g < -0.5) discard;
    int a = int(own.g + 0.5);
    float most = 0.0;
    for (int w = 0; w < 4; ++w) {
        ivec2 d = w == 0 ? ivec2(1, 0) : w == 1 ? ivec2(-1, 0) : w == 2 ? ivec2(0, 1) : ivec2(0, -1);
        ivec2 there = here + d;
        if (any(lessThan(there, ivec2(0))) || any(greaterThanEqual(there, size))) continue;
        vec2 other = texelFetch(shapes, there, 0).rg;
        if (other.g < -0.5) {
            most = strengths.x;
            continue;
        }
        float off = other.r - own.r - float(d.x) * slope_x[a] - float(d.y) * slope_y[a];
        if (abs(off) > jump) {
            most = strengths.x;
        } else if (other.g != own.g && w % 2 == 0) {
            float back = normal_at(here - run * d, size), on = normal_at(here + run * d, size);
            bool plain = (back < -0.5 || back == own.g) && (on < -0.5 || on == other.g);
            most = max(most, plain ? strengths.y : strengths.z);
        }
    }
    colour = vec4(mix(texelFetch(seen, here, 0).rgb, ink, most), 1.0);
}
)";

inline constexpr const char* kLineVertex = R"(#version 330 core
layout(location = 0) in vec3 at;
layout(location = 1) in vec4 tint;
out vec4 tone;
void main() {
    gl_Position = vec4(at, 1.0);
    tone = vec4(tint.rgb * tint.a, tint.a);
}
)";
inline constexpr const char* kLineFragment = R"(#version 330 core
in vec4 tone;
out vec4 colour;
void main() { colour = tone; }
)";

}  // namespace jt
