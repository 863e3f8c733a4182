// SPDX-License-Identifier: Apache-2.0
// The one body of every device: whole-grid operations as launches of the functors. Compiled by g++ into jt::cpu and by nvcc
// into jt::cuda; the including file has set JT_NS and included the launcher, which provides Stream, sweep, for_each_cell,
// sum_cells, largest_of.
#include <unordered_map>

#include "kernels/backend.hpp"
#include "kernels/label_ops.inl"

namespace jt::JT_NS {

template <class From, class To>
struct Scatter {
    Grid grid;
    const From* packed;
    To* field;
    JT_HD void operator()(Cell c) const { field[c.n] = To(packed[grid.packed(c)]); }
};

template <class From, class To>
struct Gather {
    Grid grid;
    const From* field;
    To* packed;
    JT_HD void operator()(Cell c) const { packed[grid.packed(c)] = To(field[c.n]); }
};

struct GatherPlaces {
    const double* field;
    const Index* places;
    double* out;
    JT_HD void operator()(Cell entry) const { out[entry.i] = field[places[entry.i]]; }
};

struct Fill {
    double value;
    double* field;
    JT_HD void operator()(Cell c) const { field[c.n] = value; }
};

struct Scale {
    double factor;
    double* field;
    JT_HD void operator()(Cell c) const { field[c.n] *= factor; }
};

struct SquareRoot {
    double* field;
    JT_HD void operator()(Cell c) const { field[c.n] = sqrt(field[c.n]); }
};

struct Value {
    const double* field;
    JT_HD double operator()(Cell c) const { return field[c.n]; }
};

class DeviceBackend : public Backend {
public:
    explicit DeviceBackend(Stream stream) : stream_(std::move(stream)) {}

    void* allocate(std::size_t bytes) override {
        void* memory = stream_.allocate(bytes);
        sizes_[memory] = bytes;
        allocated_ += bytes;
        peak_ = allocated_ > peak_ ? allocated_ : peak_;
        return memory;
    }
    void release(void* memory) noexcept override {
        const auto at = sizes_.find(memory);
        if (at == sizes_.end()) return;
        allocated_ -= at->second;
        sizes_.erase(at);
        stream_.release(memory);
    }
    void zero(void* memory, std::size_t bytes) override { stream_.zero(memory, bytes); }
    void upload(void* device, const void* host, std::size_t bytes) override { stream_.upload(device, host, bytes); }
    void download(void* host, const void* device, std::size_t bytes) override { stream_.download(host, device, bytes); }
    void synchronise() override { stream_.synchronise(); }

    void scatter(const Grid& g, const std::uint8_t* packed, std::uint8_t* field) override {
        for_each_cell(stream_, g, Scatter<std::uint8_t, std::uint8_t>{g, packed, field});
    }
    void scatter(const Grid& g, const std::int32_t* packed, std::int32_t* field) override {
        for_each_cell(stream_, g, Scatter<std::int32_t, std::int32_t>{g, packed, field});
    }
    void scatter(const Grid& g, const float* packed, float* field) override {
        for_each_cell(stream_, g, Scatter<float, float>{g, packed, field});
    }
    void scatter(const Grid& g, const double* packed, double* field) override {
        for_each_cell(stream_, g, Scatter<double, double>{g, packed, field});
    }
    void gather(const Grid& g, const double* field, double* packed) override {
        for_each_cell(stream_, g, Gather<double, double>{g, field, packed});
    }
    void gather(const Grid& g, const double* field, float* packed) override {
        for_each_cell(stream_, g, Gather<double, float>{g, field, packed});
    }
    void gather_places(const double* field, const Index* places, Index count, double* out) override {
        for_each_cell(stream_, Grid{int(count), 1, 1}, GatherPlaces{field, places, out});
    }
    void fill(const Grid& g, double value, double* field) override { for_each_cell(stream_, g, Fill{value, field}); }
    void square_root(const Grid& g, double* field) override { for_each_cell(stream_, g, SquareRoot{field}); }
    void scale(const Grid& g, double factor, double* field) override { for_each_cell(stream_, g, Scale{factor, field}); }
    void sum(const Grid& g, const double* field, double* result) override { sum_cells(stream_, g, result, Value{field}); }
    void sum_of_squares(const Grid& g, const double* field, double* result) override {
        sum_cells(stream_, g, result, Square{field});
    }

    // Multigrid
    void round_faces(const Grid& g, Faces<double> from, MutableFaces<float> to, double inverse_reference) override {
        for_each_cell(stream_, g, RoundFaces{from, to, inverse_reference, g});
    }
    void inverse_diagonal(const LevelView& l) override {
        for_each_cell(stream_, l.grid, InverseDiagonal{{l.faces, l.grid}, l.inverse});
    }
    void relative_strength(const LevelView& l, int axis, double* result) override {
        const float* face = axis == 0 ? l.faces.x : axis == 1 ? l.faces.y : l.faces.z;
        sum_cells(stream_, l.grid, result, RelativeStrength{face, l.inverse});
    }
    void coarsen_faces(const LevelView& fine, const LevelView& coarse, Coarsening how) override {
        const Grid& c = coarse.grid;
        auto launch = [&]<bool kX, bool kY, bool kZ>() {
            for_each_cell(stream_, c, CoarsenFaces<kX, kY, kZ>{fine.grid, c, fine.faces, coarse.faces});
        };
        auto with_z = [&]<bool kX, bool kY>() {
            how.axis[2] ? launch.template operator()<kX, kY, true>() : launch.template operator()<kX, kY, false>();
        };
        auto with_y = [&]<bool kX>() {
            how.axis[1] ? with_z.template operator()<kX, true>() : with_z.template operator()<kX, false>();
        };
        how.axis[0] ? with_y.template operator()<true>() : with_y.template operator()<false>();
        for_each_cell(stream_, Grid{1, c.ny, c.nz}, CoarsenOuterFaces<0>{fine.grid, c, how, fine.faces.x, coarse.faces.x});
        for_each_cell(stream_, Grid{c.nx, 1, c.nz}, CoarsenOuterFaces<1>{fine.grid, c, how, fine.faces.y, coarse.faces.y});
        for_each_cell(stream_, Grid{c.nx, c.ny, 1}, CoarsenOuterFaces<2>{fine.grid, c, how, fine.faces.z, coarse.faces.z});
    }
    void smooth_from_zero(const LevelView& l, const float* r, float* z, float* w) override {
        const SmoothColour red{{l.faces, l.grid}, l.inverse, r, z, w, 1.0f};
        const SmoothColour black{{l.faces, l.grid}, l.inverse, r, w, z, 0.0f};
        sweep(stream_, l.grid, nullptr, SmoothFromZero{{l.faces, l.grid}, l.inverse, r, z}, red, black);
    }
    void smooth_black_red_black(const LevelView& l, const float* r, float* z, float* out) override {
        const SmoothColour black{{l.faces, l.grid}, l.inverse, r, z, out, 0.0f};
        const SmoothColour red{{l.faces, l.grid}, l.inverse, r, out, z, 1.0f};
        sweep(stream_, l.grid, nullptr, black, red, black);
    }
    void restrict_residual(const LevelView& l, const Grid& coarse, Coarsening how, const float* r, const float* z,
                           float* coarse_r) override {
        const Grid half{l.grid.nx, coarse.ny, coarse.nz};
        float* to = how.axis[0] ? l.half : coarse_r;
        auto launch = [&]<bool kY, bool kZ, bool kSink>() {
            for_each_cell(stream_, half, RestrictRows<kY, kZ, kSink>{l.grid, {l.faces, l.grid}, r, z, to});
        };
        auto with_sink = [&]<bool kY, bool kZ>() {
            l.faces.sink ? launch.template operator()<kY, kZ, true>() : launch.template operator()<kY, kZ, false>();
        };
        if (how.axis[1])
            how.axis[2] ? with_sink.template operator()<true, true>() : with_sink.template operator()<true, false>();
        else
            how.axis[2] ? with_sink.template operator()<false, true>() : with_sink.template operator()<false, false>();
        if (how.axis[0]) for_each_cell(stream_, coarse, PairColumns{half, l.half, coarse_r});
    }
    void correct_and_smooth(const LevelView& l, const Grid& coarse, Coarsening how, const float* e, const float* r, float* z,
                            float* w, double* rz) override {
        const Grid half{l.grid.nx, coarse.ny, coarse.nz};
        if (how.axis[0]) for_each_cell(stream_, coarse, SpreadColumns{half, e, l.half});
        const ProlongRows prolong{half, how.axis[1], how.axis[2], how.axis[0] ? l.half : e, z};
        const SmoothColour black{{l.faces, l.grid}, l.inverse, r, z, w, 0.0f};
        const SmoothColour red{{l.faces, l.grid}, l.inverse, r, w, z, 1.0f};
        if (rz)
            sweep(stream_, l.grid, rz, prolong, black, red, black, SmoothColourDot{red});
        else
            sweep(stream_, l.grid, nullptr, prolong, black, red, black, red);
    }
    void dense_solve(const Grid& g, const float* matrix, const float* r, float* z, double* rz) override {
        for_each_cell(stream_, g, DenseSolve{g, matrix, r, z});
        if (rz) sum_cells(stream_, g, rz, DotProduct{r, z});
    }

    // Conjugate gradients
    void residual(const Grid& g, Faces<double> a, const double* b, const double* x, float* r, double scale,
                  double* squared) override {
        if (a.sink)
            sum_cells(stream_, g, squared, Residual<true>{{a, g}, b, x, r, scale});
        else
            sum_cells(stream_, g, squared, Residual<false>{{a, g}, b, x, r, scale});
    }
    void round_right_hand_side(const Grid& g, const double* b, float* r, double scale, double* squared) override {
        sum_cells(stream_, g, squared, RoundRightHandSide{b, r, scale});
    }
    void residual_sum(const Grid& g, Faces<double> a, const double* b, const double* x, double reference, bool power,
                      double* result) override {
        auto launch = [&]<bool kSink, bool kPower>() {
            sum_cells(stream_, g, result, ResidualSum<kSink, kPower>{{a, g}, b, x, reference});
        };
        if (a.sink)
            power ? launch.template operator()<true, true>() : launch.template operator()<true, false>();
        else
            power ? launch.template operator()<false, true>() : launch.template operator()<false, false>();
    }
    void correct(const Grid& g, double* x, float* e, double inverse_scale) override {
        for_each_cell(stream_, g, Correct{x, e, inverse_scale});
    }
    void keep_rz(double* scalars) override { for_each_cell(stream_, Grid{1, 1, 1}, KeepRz{scalars}); }
    void next_direction(const LevelView& l, double* scalars, float* e, float* p, const float* z, float* q, bool take_step,
                        bool conjugate) override {
        const NextDirection next{scalars, e, p, z, take_step, conjugate};
        if (l.faces.sink)
            sweep(stream_, l.grid, scalars + kPq, next, ApplyDirection<true>{{l.faces, l.grid}, p, q});
        else
            sweep(stream_, l.grid, scalars + kPq, next, ApplyDirection<false>{{l.faces, l.grid}, p, q});
    }
    void reduce_and_smooth(const LevelView& l, double* scalars, float* r, float* q, float* z) override {
        const SmoothColour red{{l.faces, l.grid}, l.inverse, r, z, q, 1.0f};
        const SmoothColour black{{l.faces, l.grid}, l.inverse, r, q, z, 0.0f};
        sweep(stream_, l.grid, scalars + kRr, ReduceResidual{scalars, r, q}, SmoothFromZero{{l.faces, l.grid}, l.inverse, r, z},
              red, black);
    }
    void finish_step(const Grid& g, double* scalars, float* e, const float* p) override {
        for_each_cell(stream_, g, FinishStep{scalars, e, p});
    }
    void diagonal_sum(const Grid& g, Faces<double> a, double* result) override {
        if (a.sink)
            sum_cells(stream_, g, result, Diagonal<true>{{a, g}});
        else
            sum_cells(stream_, g, result, Diagonal<false>{{a, g}});
    }

    // Conduction
    void evaluate_property(const PropertyView& v, double* out, double* outside) override {
        const PropertyLaw* only = nullptr;  // of two chars the cells are told apart one by one
        int chars = 0;
        for (const PropertyLaw& law : v.host_laws)
            if (law.kind == LawKind::char_bed) only = &law, ++chars;
        double* const made = chars != 1 ? nullptr : v.char_value ? v.char_value : out;
        if (made && !(v.char_value && v.char_known)) evaluate_char(v, *only, made);
        sum_cells(stream_, v.grid, outside,
                  EvaluateProperty{v.material, v.laws, v.table_T, v.table_value, v.T, v.uniform_T, v.factor, v.sheet,
                                   v.sheet_factor, v.char_state, made, out});
    }
    void evaluate_char(const PropertyView& v, const PropertyLaw& law, double* out) {
        const auto run = [&]<CharState kState>() {
            for_each_cell(stream_, v.grid, EvaluateChar<kState>{law, v.T, v.uniform_T, v.char_state, out});
        };
        if (!v.T)
            run.template operator()<CharState::uniform>();
        else if (!v.char_state.T_from)
            run.template operator()<CharState::at_rest>();
        else
            run.template operator()<CharState::in_step>();
    }
    void face_conductance(const AxisGeometry& g, const double* s, const std::uint8_t* material, Contacts contacts,
                          const Terminals& terminals, double* face, double* rhs) override {
        if (contacts.resistivity)
            for_each_cell(stream_, g.grid, FaceConductance<true>{g, s, material, contacts, face});
        else
            for_each_cell(stream_, g.grid, FaceConductance<false>{g, s, material, contacts, face});
        if (terminals.count == 0) return;
        on_axis(g.axis, [&]<int kAxis>() {
            for_each_cell(stream_, plane(g), TerminalConductance<kAxis>{g, s, material, terminals, face, rhs});
        });
    }
    void terminal_current(const AxisGeometry& g, const double* face, const double* phi, const std::uint8_t* material,
                          const Terminals& terminals, int which, double* result) override {
        on_axis(g.axis, [&]<int kAxis>() {
            sum_cells(stream_, plane(g), result, TerminalCurrent<kAxis>{{g, face, phi, material, terminals}, which});
        });
    }
    void joule_heat(const AxisGeometry& g, const double* face, const double* phi, const std::uint8_t* material,
                    const Terminals& terminals, const double* s, Contacts contacts, double* q, double* contact_heat) override {
        on_axis(g.axis, [&]<int kAxis>() {
            if (contacts.resistivity)
                sum_cells(stream_, g.grid, contact_heat, JouleHeat<kAxis, true>{g, face, phi, material, s, contacts, q});
            else
                sum_cells(stream_, g.grid, contact_heat, JouleHeat<kAxis, false>{g, face, phi, material, s, contacts, q});
            for (const bool upper : {false, true})
                sum_cells(stream_, plane(g), contact_heat + 1 + int(upper),
                          TerminalHeat<kAxis>{{g, face, phi, material, terminals}, s, q, upper});
        });
    }
    void current_density_squared(const AxisGeometry& g, const double* face, const double* phi, const std::uint8_t* material,
                                 const Terminals& terminals, double* out) override {
        for_each_cell(stream_, g.grid, CurrentDensitySquared{{g, face, phi, material, terminals}, out});
    }

    // Heat
    void stored_energy(const Grid& g, const HeatCapacityView& v, const double* T, double volume, double* h,
                       double* energy) override {
        with_sheets(v, [&](auto enthalpy) { sum_cells(stream_, g, energy, StoredEnergy{enthalpy, T, h, volume}); });
    }
    void heat_balance(const Grid& g, Faces<double> a, const HeatCapacityView& v, const double* T, const double* target,
                      const double* q, double weight, double* sink, double* rhs, double* residual) override {
        with_sheets(v, [&](auto enthalpy) {
            sum_cells(stream_, g, residual, HeatBalance{Stencil<double>{a, g}, enthalpy, T, target, q, weight, sink, rhs});
        });
    }
    void stored_rate(const Grid& g, const HeatCapacityView& v, const double* T, const double* target, double weight,
                     double* rate) override {
        with_sheets(v, [&](auto enthalpy) { sum_cells(stream_, g, rate, StoredRate{enthalpy, T, target, weight}); });
    }
    void add_step(const Grid& g, double* T, const float* step, double scale) override {
        for_each_cell(stream_, g, AddStep{T, step, scale});
    }
    void surface_conductance(const AxisGeometry& g, const SurfaceCell* list, Index count, const double* k,
                             double* conductance) override {
        for_each_cell(stream_, Grid{int(count), 1, 1}, SurfaceConductance{list, k, g.half, conductance});
    }
    void surface_exchange(const SurfaceCell* list, Index count, const SurfaceCondition* conditions, const double* conductance,
                          const double* T, double* balance, double* sink, double* heat, double* T_surface,
                          double* sums) override {
        const Grid entries{int(count), 1, 1};
        sum_cells(stream_, entries, sums, SurfaceExchange{list, conditions, conductance, T, balance, sink, heat, T_surface});
        sum_cells(stream_, entries, sums + 1, SurfaceLoss{heat});
        sum_cells(stream_, entries, sums + 2, SurfaceThroughput{heat});
    }
    void contact_heat(const AxisGeometry& g, const double* face, const double* phi, const std::uint8_t* material,
                      const Terminals& terminals, Contacts electric, Contacts thermal, const double* split, const double* k,
                      double scale, double* q, double* heat) override {
        const ContactHeat contact{{g, face, phi, material, terminals}, electric, thermal, split, k, scale, q};
        if (electric.resistivity)
            sum_cells(stream_, g.grid, heat, contact);
        else
            on_axis(g.axis, [&]<int kAxis>() { sum_cells(stream_, plane(g), heat, TerminalContactHeat<kAxis>{contact}); });
    }
    // Kinetics
    void advance_kinetics(const KineticsView& v, const double* T_from, const double* T_to, double dt, int parts,
                          const double* field) override {
        for (int n = 0; n < parts; ++n) {
            const StepPart part{double(n) / parts, double(n + 1) / parts, dt / parts, std::log(0.5 * dt / parts)};
            if (v.only && !field)
                for_each_cell(stream_, v.grid, AdvanceOnlyChar{*v.only, T_from, T_to, part, v.front, v.peak});
            else
                for_each_cell(stream_, v.grid, AdvanceKinetics{v.material, v.laws, T_from, T_to, part, field, v.front, v.peak});
        }
    }
    void advance_orientation(const KineticsView& v, const double* T_from, const double* T_to, double dt,
                             const double* field) override {
        for_each_cell(stream_, v.grid, AdvanceOrientation{v.material, v.laws, T_from, T_to, dt, field, v.order});
    }
    void form_char(const KineticsView& v, double* factor, double* reaction) override {
        for_each_cell(stream_, v.grid,
                      FormChar{v.material, v.laws, v.front, v.sheet, v.mass_factor, v.volume, factor, v.released, reaction});
    }
    void hold_front(const KineticsView& v, const double* T) override {
        for_each_cell(stream_, v.grid, HoldFront{v.material, v.laws, T, v.front});
    }
    void observe(const KineticsView& v, Observable which, double* out, double* sum) override {
        sum_cells(stream_, v.grid, sum,
                  EvaluateObservable{which, v.material, v.laws, v.front, v.peak, v.released, v.order, v.sheet, v.mass_factor,
                                     v.volume, out});
    }
    void outside_calibration(const KineticsView& v, double* count) override {
        sum_cells(stream_, v.grid, count, OutsideCalibration{v.material, v.laws, v.front});
    }
    void field_strength(const Grid& g, const double* sigma, double voltage, double* field) override {
        for_each_cell(stream_, g, FieldStrength{sigma, voltage, field});
    }
    void combine(const Grid& g, double a, const double* x, double b, const double* y, double* out) override {
        for_each_cell(stream_, g, Combine{a, b, x, y, out});
    }
    double largest_change(const Grid& g, const double* x, const double* y, double absolute, double relative,
                          double from) override {
        return largest_of(stream_, g, WeightedChange{x, y, absolute, relative, from});
    }

    // Components
    std::int64_t label_components(const Grid& g, Faces<double> a, CellLabel* label) override {
        for_each_cell(stream_, Grid{1, g.ny, g.nz}, RunLabel{g, {a, g}, label});
        stream_.synchronise();
        return join_labels(stream_, g, a, label);
    }
    void mark_fed(const Grid& g, Faces<double> a, const std::uint8_t* material, const Terminals& terminals, int which,
                  const CellLabel* label, std::uint8_t* fed) override {
        stream_.zero(fed, std::size_t(g.cells()));
        for_each_cell(stream_, g, MarkFed{g, {a, g}, material, terminals, which, label, fed});
    }
    void pin_islands(const Grid& g, const CellLabel* label, const std::uint8_t* fed, std::uint8_t* material,
                     double* pinned) override {
        sum_cells(stream_, g, pinned, PinIslands{g, label, fed, material});
    }
    int fed_reach(const Grid& g, int axis, bool from_upper, const CellLabel* label, const std::uint8_t* fed) override {
        stream_.synchronise();
        return largest_reach(stream_, g, FedReach{g, axis, from_upper, label, fed});
    }
    std::int64_t components_fed_by_both(const Grid& g, const CellLabel* label, const std::uint8_t* a,
                                        const std::uint8_t* b) override {
        stream_.synchronise();
        return count_cells(stream_, g, BothFed{label, a, b});
    }
    std::vector<double> percentiles(const float* packed, std::int64_t count, const std::vector<double>& ranks) override {
        stream_.synchronise();
        return sorted_percentiles(stream_, packed, count, ranks);
    }

private:
    template <class Launch>
    static void on_axis(int axis, Launch launch) {
        axis == 0   ? launch.template operator()<0>()
        : axis == 1 ? launch.template operator()<1>()
                    : launch.template operator()<2>();
    }
    static Grid plane(const AxisGeometry& g) {
        return {g.axis == 0 ? 1 : g.grid.nx, g.axis == 1 ? 1 : g.grid.ny, g.axis == 2 ? 1 : g.grid.nz};
    }
    template <class Launch>
    static void with_sheets(const HeatCapacityView& v, Launch launch) {
        if (v.factor)
            launch(CellEnthalpy<CellMass::by_cell>{v.table, v.first, nullptr, v.factor});
        else if (v.sheet)
            launch(CellEnthalpy<CellMass::by_sheet>{v.table, v.first, v.sheet, v.mass_factor});
        else
            launch(CellEnthalpy<CellMass::one>{v.table, v.first, nullptr, nullptr});
    }
    Stream stream_;
    std::unordered_map<void*, std::size_t> sizes_;
};

}  // namespace jt::JT_NS
