// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/data/streamlines.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "viz/figure/slice_view.hpp"

namespace jt {

namespace {

// Position along a cumulative sum: index and place within it, 0 .. 1, where `share` of the whole is reached.
double quantile(const std::vector<double>& weight, double share) {
    double all = 0.0;
    for (const double w : weight) all += w;
    double left = share * all;
    for (std::size_t n = 0; n < weight.size(); ++n) {
        if (left <= weight[n] && weight[n] > 0.0) return double(n) + left / weight[n];
        left -= weight[n];
    }
    return double(weight.size()) - 0.5;
}

}  // namespace

CurrentField::CurrentField(const Extents& extents, std::span<const float> phi, std::span<const float> sigma,
                           std::span<const std::uint8_t> material, std::vector<CurrentPort> ports)
    : e_(extents), phi_(phi), sigma_(sigma), material_(material), ports_(std::move(ports)) {
    const bool named = std::any_of(ports_.begin(), ports_.end(), [](const CurrentPort& p) { return p.material >= 0; });
    if (phi.size() != e_.count() || sigma.size() != e_.count() || (named && material.size() != e_.count()))
        throw InputError("current lines: the fields do not fill the bed of " + std::to_string(e_.count()) + " cells");
}

bool CurrentField::conducts(std::size_t c) const {
    return std::isfinite(phi_[c]) && std::isfinite(sigma_[c]) && sigma_[c] > 0.0f;
}

double CurrentField::between(std::size_t a, std::size_t b, double h) const {
    if (!conducts(a) || !conducts(b)) return 0.0;
    const double sa = double(sigma_[a]), sb = double(sigma_[b]);
    return -2.0 * sa * sb / (sa + sb) * (double(phi_[b]) - double(phi_[a])) / h;
}

bool CurrentField::open(int axis, int side, std::size_t c) const {
    const Face face = Face(2 * axis + side);
    return std::any_of(ports_.begin(), ports_.end(), [&](const CurrentPort& p) {
        return p.face == face && (p.material < 0 || p.material == int(material_[c]));
    });
}

double CurrentField::through(int axis, int side, const std::array<int, 3>& cell) const {
    const auto n = e_.cells();
    const std::size_t a = std::size_t(axis), c = e_.index(cell[0], cell[1], cell[2]);
    std::array<int, 3> other = cell;
    other[a] += side == 1 ? 1 : -1;
    if (other[a] >= 0 && other[a] < n[a]) {
        const std::size_t o = e_.index(other[0], other[1], other[2]);
        return side == 1 ? between(c, o, e_.spacing()[a]) : between(o, c, e_.spacing()[a]);
    }
    if (!conducts(c) || !open(axis, side, c)) return 0.0;
    // A port takes what comes from the cell's other side; across a bed of one cell all goes straight through.
    std::array<int, 3> inner = cell;
    inner[a] += side == 1 ? -1 : 1;
    if (inner[a] < 0 || inner[a] >= n[a]) return 0.0;
    return through(axis, 1 - side, cell);
}

std::optional<int> CurrentField::main_axis() const {
    std::array<double, 3> sum{};
    const auto n = e_.cells();
    for (int k = 0; k < n[2]; ++k)
        for (int j = 0; j < n[1]; ++j)
            for (int i = 0; i < n[0]; ++i)
                for (int a = 0; a < 3; ++a) sum[std::size_t(a)] += std::abs(through(a, 1, {i, j, k}));
    for (std::size_t a = 0; a < 3; ++a) sum[a] /= std::max(1, n[a] - 1);
    for (std::size_t a = 0; a < 3; ++a) sum[a] *= e_.face_area(int(a));
    const auto most = std::max_element(sum.begin(), sum.end());
    if (!(*most > 0.0)) return std::nullopt;
    return int(most - sum.begin());
}

int CurrentField::busiest_section(int axis) const {
    const auto n = e_.cells();
    const std::size_t a = std::size_t(axis);
    std::vector<double> up(std::size_t(n[a])), down(up);
    for (int k = 0; k < n[2]; ++k)
        for (int j = 0; j < n[1]; ++j)
            for (int i = 0; i < n[0]; ++i) {
                const std::array<int, 3> cell{i, j, k};
                const double J = through(axis, 1, cell);
                (J > 0 ? up : down)[std::size_t(cell[a])] += std::abs(J);
            }
    double most = 0.0;
    for (std::size_t s = 0; s < up.size(); ++s) up[s] = std::max(up[s], down[s]), most = std::max(most, up[s]);
    int best = 0, nearest = std::numeric_limits<int>::max();
    for (int s = 0; s < n[a]; ++s) {
        const int off = std::abs(2 * s + 2 - n[a]);  // of the upper face from the middle, in half cells
        if (up[std::size_t(s)] >= 0.99 * most && off < nearest) best = s, nearest = off;
    }
    return best;
}

void CurrentField::follow(std::array<int, 3> cell, Vec3 at, int way, std::vector<Vec3>& path) const {
    const auto n = e_.cells();
    const Vec3 h = e_.spacing();
    const int most = 4 * (n[0] + n[1] + n[2]) + 64;
    for (int steps = 0; steps < most; ++steps) {
        // Time until each face is reached, were the others not there.
        double soonest = std::numeric_limits<double>::infinity();
        std::size_t exit = 0;
        int exit_side = 0;
        Vec3 low{}, high{}, speed{}, slope{};
        for (std::size_t a = 0; a < 3; ++a) {
            low[a] = way * through(int(a), 0, cell), high[a] = way * through(int(a), 1, cell);
            slope[a] = (high[a] - low[a]) / h[a];
            const double from = at[a] - cell[a] * h[a];
            speed[a] = low[a] + slope[a] * from;
            const double scale = std::max(std::abs(low[a]), std::abs(high[a]));
            for (const int side : {0, 1}) {
                const double end = side == 1 ? high[a] : low[a];
                if (side == 1 ? !(end > 0.0) || !(speed[a] > 0.0) : !(end < 0.0) || !(speed[a] < 0.0)) continue;
                const double distance = side == 1 ? h[a] - from : -from;
                const double time =
                    std::abs(high[a] - low[a]) > 1e-9 * scale ? std::log(end / speed[a]) / slope[a] : distance / speed[a];
                if (std::max(time, 0.0) < soonest) soonest = std::max(time, 0.0), exit = a, exit_side = side;
            }
        }
        if (!std::isfinite(soonest)) return;  // the current ends here
        for (std::size_t a = 0; a < 3; ++a) {
            const double scale = std::max(std::abs(low[a]), std::abs(high[a]));
            const double moved = std::abs(high[a] - low[a]) > 1e-9 * scale
                                     ? speed[a] * std::expm1(slope[a] * soonest) / slope[a]
                                     : speed[a] * soonest;
            at[a] = std::clamp(at[a] + moved, cell[a] * h[a], (cell[a] + 1) * h[a]);
        }
        cell[exit] += exit_side == 1 ? 1 : -1;
        at[exit] = (exit_side == 1 ? cell[exit] : cell[exit] + 1) * h[exit];  // on the face, exactly
        path.push_back(at);
        if (cell[exit] < 0 || cell[exit] >= n[exit]) return;  // out through a port
    }
}

std::vector<Vec3> CurrentField::line_through(const Vec3& point) const {
    std::array<int, 3> cell{};
    for (std::size_t a = 0; a < 3; ++a) cell[a] = std::clamp(int(std::floor(point[a] / e_.spacing()[a])), 0, e_.cells()[a] - 1);
    if (!conducts(e_.index(cell[0], cell[1], cell[2]))) return {};
    std::vector<Vec3> back, line;
    follow(cell, point, -1, back);
    line.assign(back.rbegin(), back.rend());
    line.push_back(point);
    follow(cell, point, +1, line);
    return line;
}

std::vector<std::vector<Vec3>> CurrentField::streamlines(int count) const {
    std::vector<std::vector<Vec3>> lines;
    const auto axis = main_axis();
    if (!axis || count < 1) return lines;
    const auto n = e_.cells();
    const Vec3 h = e_.spacing(), size = e_.size();
    const int section = busiest_section(*axis);
    const auto [across, up] = slice_axes(*axis);
    const std::size_t a = std::size_t(*axis), u = std::size_t(across), v = std::size_t(up);
    std::vector<double> J(std::size_t(n[u]) * std::size_t(n[v]));
    double forward = 0.0, backward = 0.0;
    for (int q = 0; q < n[v]; ++q)
        for (int p = 0; p < n[u]; ++p) {
            std::array<int, 3> cell{};
            cell[a] = section, cell[u] = p, cell[v] = q;
            const double one = through(*axis, 1, cell);
            J[std::size_t(q * n[u] + p)] = one;
            (one > 0 ? forward : backward) += std::abs(one);
        }
    const double sign = forward >= backward ? 1.0 : -1.0;
    for (double& one : J) one = std::max(0.0, sign * one);

    // Strips of equal current along u, parts of equal current within each along v.
    const int strips = std::clamp(int(std::lround(std::sqrt(count * size[u] / size[v]))), 1, std::min(count, n[u]));
    const int parts = std::clamp(count / strips, 1, count);
    std::vector<double> along_u(std::size_t(n[u]), 0.0), along_v(std::size_t(n[v]));
    for (int q = 0; q < n[v]; ++q)
        for (int p = 0; p < n[u]; ++p) along_u[std::size_t(p)] += J[std::size_t(q * n[u] + p)];
    for (int s = 0; s < strips; ++s) {
        const double from = quantile(along_u, double(s) / strips), to = quantile(along_u, double(s + 1) / strips);
        // What of each column lies in the strip.
        std::vector<double> share(std::size_t(n[u]));
        for (int p = 0; p < n[u]; ++p)
            share[std::size_t(p)] = std::max(0.0, std::min(to, double(p + 1)) - std::max(from, double(p)));
        for (int q = 0; q < n[v]; ++q) {
            along_v[std::size_t(q)] = 0.0;
            for (int p = 0; p < n[u]; ++p) along_v[std::size_t(q)] += share[std::size_t(p)] * J[std::size_t(q * n[u] + p)];
        }
        for (int m = 0; m < parts; ++m) {
            const double at_v = quantile(along_v, (m + 0.5) / parts);
            const int row = std::clamp(int(at_v), 0, n[v] - 1);
            std::vector<double> in_row(std::size_t(n[u]));
            for (int p = 0; p < n[u]; ++p) in_row[std::size_t(p)] = share[std::size_t(p)] * J[std::size_t(row * n[u] + p)];
            const double at_u = quantile(in_row, 0.5);
            const int column = std::clamp(int(at_u), 0, n[u] - 1);
            if (!(J[std::size_t(row * n[u] + column)] > 0.0)) continue;
            Vec3 seed{};
            seed[a] = (section + 0.5) * h[a], seed[u] = at_u * h[u], seed[v] = at_v * h[v];
            auto line = line_through(seed);
            if (line.size() >= 2) lines.push_back(std::move(line));
        }
    }
    return lines;
}

}  // namespace jt
