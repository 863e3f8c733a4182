// SPDX-License-Identifier: Apache-2.0
#include "twin/solver/multigrid.hpp"

#include <Eigen/Cholesky>
#include <algorithm>

namespace jt {
namespace {

constexpr Index kDenseCells = 64;        // 4 x 4 x 4: 4096 multiplications, less than one sweep over 8 x 8 x 8
constexpr double kStrengthFactor = 3.0;  // axes weaker than the strongest by more are not halved

}  // namespace

Multigrid::Level Multigrid::make_level(const Grid& grid, bool sink) const {
    auto field = [&] { return Buffer<float>::field(backend_, grid); };
    return {grid, field(), field(), field(), sink ? field() : Buffer<float>(), field(), field(), field(), field(), {}, {}};
}

Coarsening Multigrid::choose_coarsening(const Level& level) {
    double strength[3] = {0.0, 0.0, 0.0}, strongest = 0.0;
    for (int axis = 0; axis < 3; ++axis) {
        if (level.grid.extent(axis) < 2) continue;
        backend_.relative_strength(level.view(), axis, scalar_.get());
        strength[axis] = scalar_.download().front();
        strongest = std::max(strongest, strength[axis]);
    }
    Coarsening how;
    for (int axis = 0; axis < 3; ++axis)
        how.axis[axis] = level.grid.extent(axis) >= 2 && strength[axis] * kStrengthFactor >= strongest;
    return how;
}

void Multigrid::setup(const Grid& grid, Faces<double> faces, double reference) {
    if (!scalar_) scalar_ = Buffer<double>(backend_, 1);
    const bool sink = faces.sink != nullptr;
    const bool reuse = !levels_.empty() && levels_.front().grid.nx == grid.nx && levels_.front().grid.ny == grid.ny &&
                       levels_.front().grid.nz == grid.nz && bool(levels_.front().sink) == sink;
    if (!reuse) {
        levels_.clear();
        levels_.push_back(make_level(grid, sink));
    }
    backend_.round_faces(grid, faces, levels_.front().view().faces, 1.0 / reference);
    std::size_t l = 0;
    for (;; ++l) {
        backend_.inverse_diagonal(levels_[l].view());
        if (levels_[l].grid.cells() <= kDenseCells) break;
        const Coarsening how = choose_coarsening(levels_[l]);
        const Grid coarse = how.coarse(levels_[l].grid);
        const bool fits = l + 1 < levels_.size() && levels_[l + 1].grid.nx == coarse.nx &&
                          levels_[l + 1].grid.ny == coarse.ny && levels_[l + 1].grid.nz == coarse.nz;
        if (!fits) {
            levels_.resize(l + 1);
            levels_.push_back(make_level(coarse, sink));
        }
        levels_[l].coarsening = how;
        if (how.axis[0]) {
            const Grid half{levels_[l].grid.nx, coarse.ny, coarse.nz};
            if (levels_[l].half.count() != half.allocation()) levels_[l].half = Buffer<float>::field(backend_, half);
        }
        backend_.coarsen_faces(levels_[l].view(), levels_[l + 1].view(), how);
    }
    levels_.resize(l + 1);
    setup_dense(levels_.back());
}

void Multigrid::refresh(Faces<double> faces, double reference) {
    const LevelView finest = levels_.front().view();
    backend_.round_faces(finest.grid, faces, finest.faces, 1.0 / reference);
    backend_.inverse_diagonal(finest);
    if (levels_.size() == 1) setup_dense(levels_.front());
}

// Inverse of the coarsest operator, in double on the host: at most 64 cells.
void Multigrid::setup_dense(const Level& level) {
    const Grid& g = level.grid;
    const auto x = level.x.download(), y = level.y.download(), z = level.z_face.download();
    const auto sink = level.sink ? level.sink.download() : std::vector<float>();
    const auto cells = Eigen::Index(g.cells());
    Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(cells, cells);
    const std::vector<float>* faces[3] = {&x, &y, &z};
    for (int k = 0; k < g.nz; ++k)
        for (int j = 0; j < g.ny; ++j)
            for (int i = 0; i < g.nx; ++i) {
                const Cell c = g.cell(i, j, k);
                const auto row = Eigen::Index(g.packed(c));
                const int at[3] = {i, j, k};
                const Index step[3] = {1, g.nx, Index(g.nx) * g.ny};
                if (!sink.empty()) matrix(row, row) += double(sink[std::size_t(c.n)]);
                for (int axis = 0; axis < 3; ++axis) {
                    const double up = double((*faces[axis])[std::size_t(c.n)]);
                    const double down = double((*faces[axis])[std::size_t(c.n - g.stride(axis))]);
                    matrix(row, row) += up + down;
                    if (at[axis] + 1 < g.extent(axis)) matrix(row, row + step[axis]) = matrix(row + step[axis], row) = -up;
                }
            }
    // A cell that conducts nowhere keeps z = 0; a block that no terminal holds gets a sink too small to matter elsewhere.
    const double largest = matrix.diagonal().maxCoeff();
    std::vector<bool> empty(static_cast<std::size_t>(cells));
    for (Eigen::Index row = 0; row < cells; ++row) {
        empty[std::size_t(row)] = matrix(row, row) <= 0.0;
        matrix(row, row) = empty[std::size_t(row)] ? 1.0 : matrix(row, row) * (1.0 + 1e-12) + 1e-30 * largest;
    }
    const Eigen::MatrixXd inverse = matrix.llt().solve(Eigen::MatrixXd::Identity(cells, cells));
    std::vector<float> values(static_cast<std::size_t>(cells * cells));
    for (Eigen::Index row = 0; row < cells; ++row)
        for (Eigen::Index column = 0; column < cells; ++column)
            values[std::size_t(row * cells + column)] =
                empty[std::size_t(row)] || empty[std::size_t(column)] ? 0.0f : float(inverse(row, column));
    dense_ = Buffer<float>::from(backend_, values);
}

// Coarse correction of level l from its r and z (l is not the coarsest), then black, red, black, red.
void Multigrid::correct_from_below(std::size_t l, double* rz) {
    Level &fine = levels_[l], &coarse = levels_[l + 1];
    backend_.restrict_residual(fine.view(), coarse.grid, fine.coarsening, fine.r.get(), fine.z.get(), coarse.r.get());
    cycle(l + 1, true);
    if (l + 2 < levels_.size() && 3 * coarse.grid.cells() <= fine.grid.cells())
        cycle(l + 1, false);  // W: the second visit starts from the first one's result
    backend_.correct_and_smooth(fine.view(), coarse.grid, fine.coarsening, coarse.z.get(), fine.r.get(), fine.z.get(),
                                fine.w.get(), rz);
}

void Multigrid::cycle(std::size_t l, bool zero_guess) {
    Level& level = levels_[l];
    if (l + 1 == levels_.size()) {
        backend_.dense_solve(level.grid, dense_.get(), level.r.get(), level.z.get(), nullptr);
        return;
    }
    if (zero_guess) {
        backend_.smooth_from_zero(level.view(), level.r.get(), level.z.get(), level.w.get());
    } else {
        // red has just been relaxed by the cycle before: the first of red, black, red, black would change nothing
        backend_.smooth_black_red_black(level.view(), level.r.get(), level.z.get(), level.w.get());
        level.z.swap(level.w);
    }
    correct_from_below(l, nullptr);
}

void Multigrid::apply(bool smoothed, double* rz) {
    Level& finest = levels_.front();
    if (levels_.size() == 1) {
        backend_.dense_solve(finest.grid, dense_.get(), finest.r.get(), finest.z.get(), rz);
        return;
    }
    if (!smoothed) backend_.smooth_from_zero(finest.view(), finest.r.get(), finest.z.get(), finest.w.get());
    correct_from_below(0, rz);
}

}  // namespace jt
