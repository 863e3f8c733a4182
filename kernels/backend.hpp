// SPDX-License-Identifier: Apache-2.0
// Backend: one compute device with its memory and the whole-grid operations the twin needs. One virtual call per launch, never
// per cell. Pointers are device memory unless a name says host. Operations are queued in order; they have certainly run only
// after synchronise() or download(). Fields have the layout of Grid (ghost layer); packed arrays have none.
//
// Devices: cpu (OpenMP), mirror and mirror-reversed (the CPU kernels on a separate heap filled with NaN, queued and run only at
// a synchronise, the second one with cells in reverse order), cuda.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/components.hpp"
#include "kernels/conduction.hpp"
#include "kernels/heat.hpp"
#include "kernels/krylov_ops.hpp"
#include "kernels/multigrid_ops.hpp"
#include "kernels/observables.hpp"

namespace jt {

// One multigrid level as the operations see it.
struct LevelView {
    Grid grid;
    MutableFaces<float> faces;
    float* inverse = nullptr;  // 1 / diagonal
    float* half = nullptr;     // scratch of the transfers, on the grid {nx, coarse ny, coarse nz}; only where x is halved
};

inline constexpr Index kJouleHeatSums = 3;  // values that joule_heat returns

// What one axis' property is made of.
struct PropertyView {
    Grid grid;
    const std::uint8_t* material = nullptr;
    const PropertyLaw* laws = nullptr;
    const double *table_T = nullptr, *table_value = nullptr;
    const double* T = nullptr;  // null: uniform_T
    double uniform_T = 0.0;
    const float* factor = nullptr;
    const std::uint8_t* sheet = nullptr;
    const double* sheet_factor = nullptr;
    CharView char_state = {};
    std::span<const PropertyLaw> host_laws = {};  // laws, on the host; may be empty where none is of a char
    double* char_value = nullptr;                 // field that keeps what EvaluateChar makes; null: `out` serves
    bool char_known = false;                      // it is there already, of the same laws and state
};

// What turns temperature into enthalpy, cell by cell.
struct HeatCapacityView {
    EnthalpyTable table;
    const std::int32_t* first = nullptr;  // by cell: where its material begins in the table
    const std::uint8_t* sheet = nullptr;  // null: none
    const double* mass_factor = nullptr;  // by sheet
    const double* factor = nullptr;       // by cell, with that of its sheet; null: none
};

// Char of the bed, cell by cell, as the kinetics see it.
struct KineticsView {
    Grid grid;
    const std::uint8_t* material = nullptr;
    const KineticsLaw* laws = nullptr;  // by material
    double *front = nullptr, *peak = nullptr;
    double* released = nullptr;  // null: nothing is released
    double* order = nullptr;     // null: no platelets
    const std::uint8_t* sheet = nullptr;
    const double* mass_factor = nullptr;
    double volume = 0.0;  // of a cell [m3]
    // On the host: the law of the only char, where its front is above 0 and that of everything else is 0; else null.
    const KineticsLaw* only = nullptr;
};

class Backend {
public:
    virtual ~Backend() = default;

    virtual std::string name() const = 0;             // cpu | mirror | mirror-reversed | cuda
    virtual std::string description() const = 0;      // for people: processor, threads, instruction set
    virtual std::string instruction_set() const = 0;  // of the kernels

    // Memory. Throws DeviceError when there is none left. Contents are undefined (NaN on the mirror).
    virtual void* allocate(std::size_t bytes) = 0;
    virtual void release(void* memory) noexcept = 0;
    std::size_t allocated_bytes() const { return allocated_; }
    std::size_t peak_bytes() const { return peak_; }
    virtual void zero(void* memory, std::size_t bytes) = 0;
    // The host memory must stay unchanged until the next synchronise().
    virtual void upload(void* device, const void* host, std::size_t bytes) = 0;
    virtual void download(void* host, const void* device, std::size_t bytes) = 0;  // synchronises
    virtual void synchronise() = 0;

    // Packed (no ghosts) to field and back.
    virtual void scatter(const Grid&, const std::uint8_t* packed, std::uint8_t* field) = 0;
    virtual void scatter(const Grid&, const std::int32_t* packed, std::int32_t* field) = 0;
    virtual void scatter(const Grid&, const float* packed, float* field) = 0;
    virtual void scatter(const Grid&, const double* packed, double* field) = 0;
    virtual void gather(const Grid&, const double* field, double* packed) = 0;
    virtual void gather(const Grid&, const double* field, float* packed) = 0;
    virtual void fill(const Grid&, double value, double* field) = 0;
    // out[n] = field[places[n]]
    virtual void gather_places(const double* field, const Index* places, Index count, double* out) = 0;

    // Multigrid (kernels/multigrid_ops.hpp).
    virtual void round_faces(const Grid&, Faces<double>, MutableFaces<float>, double inverse_reference) = 0;
    virtual void inverse_diagonal(const LevelView&) = 0;
    virtual void relative_strength(const LevelView&, int axis, double* result) = 0;
    virtual void coarsen_faces(const LevelView& fine, const LevelView& coarse, Coarsening) = 0;
    // z = red, black, red, black from zero; w is scratch.
    virtual void smooth_from_zero(const LevelView&, const float* r, float* z, float* w) = 0;
    // out = black, red, black from z, which becomes scratch.
    virtual void smooth_black_red_black(const LevelView&, const float* r, float* z, float* out) = 0;
    virtual void restrict_residual(const LevelView& fine, const Grid& coarse, Coarsening, const float* r, const float* z,
                                   float* coarse_r) = 0;
    // z += coarse correction, then black, red, black, red; w is scratch; r z of the result to *rz when given.
    virtual void correct_and_smooth(const LevelView&, const Grid& coarse, Coarsening, const float* e, const float* r, float* z,
                                    float* w, double* rz) = 0;
    virtual void dense_solve(const Grid&, const float* matrix, const float* r, float* z, double* rz) = 0;

    // Conjugate gradients (kernels/krylov_ops.hpp). scalars: kScalarSlots doubles.
    virtual void residual(const Grid&, Faces<double>, const double* b, const double* x, float* r, double scale,
                          double* squared) = 0;
    virtual void round_right_hand_side(const Grid&, const double* b, float* r, double scale, double* squared) = 0;
    virtual void residual_sum(const Grid&, Faces<double>, const double* b, const double* x, double reference, bool power,
                              double* result) = 0;
    virtual void correct(const Grid&, double* x, float* e, double inverse_scale) = 0;
    virtual void keep_rz(double* scalars) = 0;
    virtual void next_direction(const LevelView&, double* scalars, float* e, float* p, const float* z, float* q, bool take_step,
                                bool conjugate) = 0;
    // r -= alpha q, then smooth_from_zero of the new r into z; q becomes scratch.
    virtual void reduce_and_smooth(const LevelView&, double* scalars, float* r, float* q, float* z) = 0;
    virtual void finish_step(const Grid&, double* scalars, float* e, const float* p) = 0;
    virtual void diagonal_sum(const Grid&, Faces<double>, double* result) = 0;

    // Conduction (kernels/conduction.hpp).
    virtual void evaluate_property(const PropertyView&, double* out, double* outside_range) = 0;
    virtual void face_conductance(const AxisGeometry&, const double* s, const std::uint8_t* material, Contacts,
                                  const Terminals&, double* face, double* rhs) = 0;
    virtual void terminal_current(const AxisGeometry&, const double* face, const double* phi, const std::uint8_t* material,
                                  const Terminals&, int which, double* result) = 0;
    // contact_heat: kJouleHeatSums values, on contacts between materials, at terminals of the lower and of the upper end [W].
    virtual void joule_heat(const AxisGeometry&, const double* face, const double* phi, const std::uint8_t* material,
                            const Terminals&, const double* s, Contacts, double* q, double* contact_heat) = 0;
    virtual void current_density_squared(const AxisGeometry&, const double* face, const double* phi,
                                         const std::uint8_t* material, const Terminals&, double* out) = 0;
    // Heat (kernels/heat.hpp).
    virtual void stored_energy(const Grid&, const HeatCapacityView&, const double* T, double volume, double* h,
                               double* energy) = 0;
    virtual void heat_balance(const Grid&, Faces<double>, const HeatCapacityView&, const double* T, const double* target,
                              const double* q, double weight, double* sink, double* rhs, double* residual) = 0;
    virtual void stored_rate(const Grid&, const HeatCapacityView&, const double* T, const double* target, double weight,
                             double* rate) = 0;
    virtual void add_step(const Grid&, double* T, const float* step, double scale) = 0;
    virtual void surface_conductance(const AxisGeometry&, const SurfaceCell* list, Index count, const double* k,
                                     double* conductance) = 0;
    // sums: change of the sum of |balance|, heat that leaves, heat that crosses either way [W].
    virtual void surface_exchange(const SurfaceCell* list, Index count, const SurfaceCondition* conditions,
                                  const double* conductance, const double* T, double* balance, double* sink, double* heat,
                                  double* T_surface, double* sums) = 0;
    virtual void contact_heat(const AxisGeometry&, const double* face, const double* phi, const std::uint8_t* material,
                              const Terminals&, Contacts electric, Contacts thermal, const double* split, const double* k,
                              double scale, double* q, double* heat) = 0;
    // Kinetics (kernels/kinetics.hpp, observables.hpp). A step of dt in `parts` equal parts; T linear in time; field may be
    // null.
    virtual void advance_kinetics(const KineticsView&, const double* T_from, const double* T_to, double dt, int parts,
                                  const double* field) = 0;
    virtual void advance_orientation(const KineticsView&, const double* T_from, const double* T_to, double dt,
                                     const double* field) = 0;
    virtual void form_char(const KineticsView&, double* factor, double* reaction) = 0;
    virtual void hold_front(const KineticsView&, const double* T) = 0;
    // sum: mass times observable [kg ...]; out: the values, null where not wanted.
    virtual void observe(const KineticsView&, Observable, double* out, double* sum) = 0;
    virtual void outside_calibration(const KineticsView&, double* count) = 0;
    // (|J| at 1 V)^2 in `field` to |E| at a voltage.
    virtual void field_strength(const Grid&, const double* sigma, double voltage, double* field) = 0;
    virtual void combine(const Grid&, double a, const double* x, double b, const double* y, double* out) = 0;  // a x + b y
    // Largest weighted change max |x - y| / (absolute + relative |y - from|). Synchronises.
    virtual double largest_change(const Grid&, const double* x, const double* y, double absolute, double relative,
                                  double from) = 0;
    virtual void square_root(const Grid&, double* field) = 0;
    virtual void scale(const Grid&, double factor, double* field) = 0;
    virtual void sum(const Grid&, const double* field, double* result) = 0;
    virtual void sum_of_squares(const Grid&, const double* field, double* result) = 0;

    // Components (kernels/components.hpp). Blocking. label: packed, grid.cells() values. Returns their number.
    virtual std::int64_t label_components(const Grid&, Faces<double>, CellLabel* label) = 0;
    virtual void mark_fed(const Grid&, Faces<double>, const std::uint8_t* material, const Terminals&, int which,
                          const CellLabel* label, std::uint8_t* fed) = 0;
    virtual void pin_islands(const Grid&, const CellLabel* label, const std::uint8_t* fed, std::uint8_t* material,
                             double* pinned) = 0;
    // Planes along the axis, counted from its lower or upper face, that fed components reach.
    virtual int fed_reach(const Grid&, int axis, bool from_upper, const CellLabel* label, const std::uint8_t* fed) = 0;
    virtual std::int64_t components_fed_by_both(const Grid&, const CellLabel* label, const std::uint8_t* a,
                                                const std::uint8_t* b) = 0;
    // Percentiles (0..1, nearest rank) of the values of a packed array that are >= 0; empty when there are none. Blocking.
    virtual std::vector<double> percentiles(const float* packed, std::int64_t count, const std::vector<double>& ranks) = 0;

protected:
    std::size_t allocated_ = 0, peak_ = 0;
};

// "auto" | "cpu" | "mirror" | "mirror-reversed" | "cuda". `auto` is cuda where there is a GPU, else cpu.
// Throws InputError for another name, DeviceError when cuda is asked for and is not built or finds no GPU.
std::unique_ptr<Backend> make_backend(std::string_view device);
// What `auto` chose and why, for the log: "cpu: built without CUDA".
std::string explain_auto_device();

namespace cpu {
std::unique_ptr<Backend> make_cpu();
std::unique_ptr<Backend> make_mirror(bool reversed);
}  // namespace cpu
namespace cuda {
bool built();
// "" when a GPU can be used, else the reason.
std::string why_unavailable();
std::unique_ptr<Backend> make();
}  // namespace cuda

}  // namespace jt
