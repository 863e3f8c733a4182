// SPDX-License-Identifier: Apache-2.0
// Multigrid: symmetric preconditioner z = M r for the finite-volume operator of kernels/stencil.hpp, all in float.
//
// Aggregation with Galerkin face sums, piecewise-constant transfer and an over-correction of 1/(centre distance), W-cycle, two
// red-black Gauss-Seidel sweeps before (red, black, red, black) and two after (black, red, black, red) each coarse correction;
// dense solve at the end. Two sweeps follow each other through the cache, so that they move the bytes of one; they halve the
// number of iterations.
// Per level only those axes are halved whose mean relative face strength is within a factor 3 of the strongest, so that
// flat voxels and layers keep the number of iterations.
#pragma once
#include <vector>

#include "kernels/buffer.hpp"

namespace jt {

class Multigrid {
public:
    // Allocates nothing yet; setup does, and keeps the memory while the grid and the coarsening stay the same.
    explicit Multigrid(Backend& backend) : backend_(backend) {}

    // Builds the hierarchy of `faces` (conductances in any unit; divided by `reference` before they are rounded to float).
    void setup(const Grid& grid, Faces<double> faces, double reference);
    // The operator has changed little since setup, on the same grid: the finest level takes it, those below stay as they are.
    // It is a preconditioner all the same, of the new operator.
    void refresh(Faces<double> faces, double reference);

    int levels() const { return int(levels_.size()); }
    const Grid& grid(int level) const { return levels_[std::size_t(level)].grid; }
    LevelView finest() const { return levels_.front().view(); }
    float* residual() const { return levels_.front().r.get(); }  // r of M r
    float* result() const { return levels_.front().z.get(); }    // z = M r
    float* scratch() const { return levels_.front().w.get(); }   // free between two applications

    // z = M r on the finest level, r z to *rz. smoothed: z already holds the first smoothing of r (reduce_and_smooth).
    void apply(bool smoothed, double* rz);

private:
    struct Level {
        Grid grid;
        Buffer<float> x, y, z_face, sink, inverse;  // operator
        Buffer<float> r, z, w;                      // right-hand side, solution, scratch
        Coarsening coarsening;                      // towards the next level
        Buffer<float> half;                         // scratch of the transfers
        LevelView view() const {
            return {grid, {x.get(), y.get(), z_face.get(), sink ? sink.get() : nullptr}, inverse.get(), half.get()};
        }
    };

    Level make_level(const Grid& grid, bool sink) const;
    Coarsening choose_coarsening(const Level& level);
    void setup_dense(const Level& level);
    void correct_from_below(std::size_t l, double* rz);
    void cycle(std::size_t l, bool zero_guess);

    Backend& backend_;
    std::vector<Level> levels_;
    Buffer<float> dense_;
    Buffer<double> scalar_;
};

}  // namespace jt
