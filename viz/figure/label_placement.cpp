// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/label_placement.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace jt {

namespace {

constexpr double kAway = 6.0;   // between a point and its label
constexpr double kClear = 2.0;  // between a label and what it must not touch

}  // namespace

std::vector<double> spread_labels(std::span<const double> wanted, double height, double low, double high) {
    const std::size_t n = wanted.size();
    std::vector<double> centre(n);
    if (n == 0) return centre;
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
    const double first = low + height / 2, room = high - low - height, needed = height * double(n - 1);
    if (needed > room) {
        for (std::size_t i = 0; i < n; ++i)
            centre[order[i]] = n == 1 ? (low + high) / 2 : first + std::max(room, 0.0) * double(i) / double(n - 1);
        return centre;
    }
    // Less i heights each the order is all that is asked for: least squares by pooling neighbours that are out of order.
    struct Pool {
        double sum;
        std::size_t count;
        double mean() const { return sum / double(count); }
    };
    std::vector<Pool> pools;
    for (std::size_t i = 0; i < n; ++i) {
        pools.push_back({std::clamp(wanted[order[i]], low, high) - height * double(i), 1});
        while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
            pools[pools.size() - 2].sum += pools.back().sum;
            pools[pools.size() - 2].count += pools.back().count;
            pools.pop_back();
        }
    }
    std::size_t i = 0;
    for (const auto& pool : pools)
        for (std::size_t k = 0; k < pool.count; ++k, ++i)
            centre[order[i]] = std::clamp(pool.mean(), first, first + room - needed) + height * double(i);
    return centre;
}

bool touches(const Rect& r, std::span<const Point> line) {
    const auto inside = [&](Point p) { return p.x >= r.x && p.x <= r.right() && p.y >= r.y && p.y <= r.bottom(); };
    if (line.size() == 1) return inside(line[0]);
    for (std::size_t n = 1; n < line.size(); ++n) {
        // Liang and Barsky: the part of the segment inside all four sides.
        const Point a = line[n - 1], d{line[n].x - a.x, line[n].y - a.y};
        double from = 0.0, to = 1.0;
        const auto clip = [&](double along, double distance) {  // along * t <= distance
            if (along == 0.0) {
                if (distance < 0.0) to = -1.0;
            } else if (along > 0.0) {
                to = std::min(to, distance / along);
            } else {
                from = std::max(from, distance / along);
            }
        };
        clip(-d.x, a.x - r.x), clip(d.x, r.right() - a.x), clip(-d.y, a.y - r.y), clip(d.y, r.bottom() - a.y);
        if (from <= to) return true;
    }
    return false;
}

std::optional<Rect> place_near(Point p, double w, double h, const Rect& within, std::span<const Rect> obstacles,
                               std::span<const std::vector<Point>> lines) {
    for (int ring = 0; ring <= 20; ++ring)
        for (const int side : {-1, 1}) {
            if (ring == 0 && side == 1) continue;
            const double y = p.y - h / 2 + side * ring * h / 2;
            for (const double x : {p.x + kAway, p.x - w / 2, p.x - w - kAway}) {
                const Rect place{x, y, w, h};
                const Rect clear = place.shrunk(-kClear);
                if (!within.contains(place)) continue;
                if (std::any_of(obstacles.begin(), obstacles.end(), [&](const Rect& o) { return o.overlaps(clear); })) continue;
                if (std::any_of(lines.begin(), lines.end(), [&](const auto& line) { return touches(clear, line); })) continue;
                return place;
            }
        }
    return std::nullopt;
}

}  // namespace jt
