// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/polygon.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace jt {

namespace {

using Triangles = std::vector<std::array<unsigned, 3>>;

double turn(Point a, Point b, Point c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

double signed_area(std::span<const Point> points) {
    double sum = 0.0;
    for (std::size_t n = 0; n < points.size(); ++n) {
        const Point a = points[n], b = points[(n + 1) % points.size()];
        sum += a.x * b.y - b.x * a.y;
    }
    return sum / 2;
}

// The two chains from the leftmost point to the rightmost one; absent where one of them goes back.
struct Chains {
    std::vector<unsigned> one, other;  // both from left to right, ends included in both
};
std::optional<Chains> chains_of(std::span<const Point> points) {
    const std::size_t count = points.size();
    const auto less = [](const Point& a, const Point& b) { return a.x < b.x || (a.x == b.x && a.y < b.y); };
    const auto left = std::size_t(std::min_element(points.begin(), points.end(), less) - points.begin());
    const auto right = std::size_t(std::max_element(points.begin(), points.end(), less) - points.begin());
    Chains chains;
    const auto walk = [&](std::vector<unsigned>& chain, std::size_t step) {
        for (std::size_t n = left;; n = (n + step) % count) {
            if (!chain.empty() && points[n].x < points[chain.back()].x) return false;
            chain.push_back(unsigned(n));
            if (n == right) return true;
        }
    };
    if (left == right || !walk(chains.one, 1) || !walk(chains.other, count - 1)) return std::nullopt;
    return chains;
}

// Both chains are followed from left to right; a stack holds the reflex chain that is not yet covered.
Triangles of_band(std::span<const Point> points, const Chains& chains) {
    struct Vertex {
        unsigned index;
        bool first_chain;
    };
    std::vector<Vertex> order;
    order.reserve(points.size());
    std::size_t a = 0, b = 1;  // the left end is in both
    while (a < chains.one.size() || b + 1 < chains.other.size()) {
        const bool take_one =
            b + 1 >= chains.other.size() || (a < chains.one.size() && points[chains.one[a]].x <= points[chains.other[b]].x);
        order.push_back(take_one ? Vertex{chains.one[a++], true} : Vertex{chains.other[b++], false});
    }
    Triangles triangles;
    triangles.reserve(points.size());
    std::vector<Vertex> stack{order[0], order[1]};
    const double sense = signed_area(points) > 0 ? 1.0 : -1.0;
    for (std::size_t n = 2; n < order.size(); ++n) {
        const Vertex now = order[n];
        if (now.first_chain != stack.back().first_chain || n + 1 == order.size()) {
            for (std::size_t k = 0; k + 1 < stack.size(); ++k)
                triangles.push_back({now.index, stack[k].index, stack[k + 1].index});
            stack = {stack.back(), now};
            continue;
        }
        while (stack.size() >= 2) {
            const Vertex middle = stack.back(), before = stack[stack.size() - 2];
            const double side = turn(points[before.index], points[middle.index], points[now.index]) * sense;
            if (now.first_chain ? side < 0.0 : side > 0.0) break;  // a reflex corner waits
            triangles.push_back({before.index, middle.index, now.index});
            stack.pop_back();
        }
        stack.push_back(now);
    }
    return triangles;
}

Triangles of_any(std::span<const Point> points) {
    std::vector<unsigned> rest(points.size());
    std::iota(rest.begin(), rest.end(), 0u);
    if (signed_area(points) < 0) std::reverse(rest.begin(), rest.end());
    const auto at = [&](std::size_t n) { return points[rest[n % rest.size()]]; };
    const auto is_ear = [&](std::size_t n) {
        const Point a = at(n + rest.size() - 1), b = at(n), c = at(n + 1);
        if (turn(a, b, c) < 0.0) return false;
        for (std::size_t k = n + 2; k < n + rest.size() - 1; ++k) {
            const Point p = at(k);
            if (turn(a, b, p) > 0.0 && turn(b, c, p) > 0.0 && turn(c, a, p) > 0.0) return false;
        }
        return true;
    };
    Triangles triangles;
    triangles.reserve(points.size());
    for (std::size_t n = 0, tried = 0; rest.size() > 3;) {
        n %= rest.size();
        // Where the polygon crosses itself there may be no ear: then any corner goes.
        if (tried < rest.size() && !is_ear(n)) {
            ++n, ++tried;
            continue;
        }
        const std::size_t count = rest.size();
        triangles.push_back({rest[(n + count - 1) % count], rest[n], rest[(n + 1) % count]});
        rest.erase(rest.begin() + std::ptrdiff_t(n));
        tried = 0;
    }
    triangles.push_back({rest[0], rest[1], rest[2]});
    return triangles;
}

}  // namespace

std::vector<std::array<unsigned, 3>> triangles_of(std::span<const Point> points) {
    if (points.size() < 3) return {};
    if (const auto chains = chains_of(points)) return of_band(points, *chains);
    return of_any(points);
}

}  // namespace jt
