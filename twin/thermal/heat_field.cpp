// SPDX-License-Identifier: Apache-2.0
#include "twin/thermal/heat_field.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/error.hpp"
#include "twin/bed/like_axes.hpp"
#include "twin/bed/pair_table.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr int kMostNewton = 40;
constexpr double kStageBalance = 1e-9;  // of the stage's heat; times the factor of the stage
// Relative residual of a Newton step: what it takes to close the balance, but no tighter than what is left of the curvature.
constexpr double kTightest = 1e-4, kLoosest = 1e-2;
constexpr int kReuses = 3;  // Newton passes after the first that keep its hierarchy

void check_materials(const Bed& bed) {
    std::vector<std::uint8_t> used(bed.materials.size(), 0);
    for (const std::uint8_t m : bed.material) used[m] = 1;
    std::vector<std::string> problems;
    for (std::size_t m = 0; m < bed.materials.size(); ++m) {
        const Material& material = bed.materials[m];
        if (!used[m] || material.is_void) continue;
        std::string missing;
        if (!material.conductivity) missing += " thermal_conductivity";
        if (!material.density) missing += " density";
        if (!material.heat_capacity) missing += " heat_capacity";
        if (!missing.empty()) problems.push_back("material." + material.name + ": heat needs" + missing);
    }
    if (!problems.empty()) throw InputError(problems);
}

const Bed& checked(const Bed& bed) {
    check_materials(bed);
    return bed;
}

}  // namespace

HeatField::HeatField(Backend& backend, const Bed& bed, const Scenario& scenario)
    : backend_(backend),
      bed_extents_(checked(bed).extents),
      grid_(grid_of(bed.extents)),
      surfaces_(bed, scenario),
      k_laws_(backend, bed.materials, &Material::conductivity),
      material_(upload_field(backend, grid_, bed.material)),
      sheet_(bed.sheet.empty() ? Buffer<std::uint8_t>() : upload_field(backend, grid_, bed.sheet)),
      materials_(int(bed.materials.size())),
      capacity_(backend, bed, sheet_ ? sheet_.get() : nullptr),
      like_(like_axes(k_laws_, bed)),
      solver_(backend) {
    if (sheet_)
        for (int axis = 0; axis < 3; ++axis) {
            std::vector<double> factors;
            for (const Sheet& sheet : bed.sheets) factors.push_back(sheet.factor(axis));
            sheet_factor_[std::size_t(axis)] = Buffer<double>::from(backend, factors);
        }
    const bool thermal = std::any_of(scenario.interfaces.begin(), scenario.interfaces.end(),
                                     [](const Interface& i) { return i.thermal.has_value(); });
    if (thermal)
        contact_table_ =
            Buffer<double>::from(backend, pair_table(bed.materials, scenario.interfaces, 0.0,
                                                     [](const Interface& i, bool) { return contact_resistance(i.thermal); }));
    if (!scenario.interfaces.empty())
        split_table_ = Buffer<double>::from(
            backend, pair_table(bed.materials, scenario.interfaces, 0.5,
                                [](const Interface& i, bool first) { return first ? i.heat_split : 1.0 - i.heat_split; }));
    for (int axis = 0; axis < 3; ++axis) {
        const auto& list = surfaces_.along(axis);
        if (!list.empty()) {
            lists_[std::size_t(axis)] = Buffer<SurfaceCell>::from(backend, list);
            surface_T_[std::size_t(axis)] = Buffer<double>(backend, 2 * Index(list.size()));
            surface_conductance_[std::size_t(axis)] = Buffer<double>(backend, Index(list.size()));
        }
        faces_[std::size_t(axis)] = Buffer<double>::field(backend, grid_);
    }
    for (Buffer<double>* field : {&T_, &k_, &sink_, &rhs_}) *field = Buffer<double>::field(backend, grid_);
    scalar_ = Buffer<double>(backend, 1);
    surface_sums_ = Buffer<double>(backend, 3);
    const auto longest =
        std::max({surfaces_.along(0).size(), surfaces_.along(1).size(), surfaces_.along(2).size(), std::size_t(1)});
    surface_heat_ = Buffer<double>(backend, Index(longest));
    backend.fill(grid_, bed.temperature, T_.get());
    for (const std::uint8_t m : bed.material) solid_.push_back(!bed.materials[m].is_void);
}

// Faces of k and heat on contacts at the temperature there is; in a step they stay for the stage.
void HeatField::assemble(const HeatStage& stage, HeatReport& report) {
    q_ = stage.q;
    if (stage.contacts && stage.contacts->any) {
        if (!heated_) heated_ = Buffer<double>::field(backend_, grid_);
        backend_.combine(grid_, 1.0, stage.q, 0.0, stage.q, heated_.get());
        q_ = heated_.get();
    }
    report.contact_W = 0.0;
    report.outside_laws = 0;
    for (int axis = 0; axis < 3; ++axis) {
        const auto a = std::size_t(axis);
        const AxisGeometry geometry{grid_, axis, bed_extents_.face_area(axis), 0.5 * bed_extents_.spacing()[a]};
        if (axis == 0 || like_[a] != like_[a - 1]) {
            PropertyView view{grid_, material_.get(), k_laws_.along(axis), k_laws_.table_T(), k_laws_.table_value()};
            view.T = T_.get();
            view.sheet = sheet_ ? sheet_.get() : nullptr;
            view.sheet_factor = sheet_factor_[a] ? sheet_factor_[a].get() : nullptr;
            backend_.evaluate_property(view, k_.get(), scalar_.get());
            report.outside_laws = std::max(report.outside_laws, std::int64_t(number()));
        }
        const Contacts thermal{contact_table_ ? contact_table_.get() : nullptr, materials_};
        backend_.face_conductance(geometry, k_.get(), material_.get(), thermal, {}, faces_[a].get(), nullptr);
        if (lists_[a])
            backend_.surface_conductance(geometry, lists_[a].get(), lists_[a].count(), k_.get(), surface_conductance_[a].get());
        if (const ContactCurrents* c = stage.contacts; c && c->any) {
            backend_.contact_heat(geometry, c->face[a], c->phi, c->material, c->terminals, c->electric, thermal,
                                  split_table_ ? split_table_.get() : nullptr, k_.get(), c->voltage_squared, heated_.get(),
                                  scalar_.get());
            report.contact_W += number();
        }
    }
}

// Heat through surfaces at the temperature there is, into the balance and the sink.
void HeatField::exchange(HeatReport& report) {
    report.lost_W = report.crossing_W = 0.0;
    for (std::size_t a = 0; a < 3; ++a) {
        if (!lists_[a]) continue;
        backend_.surface_exchange(lists_[a].get(), lists_[a].count(), conditions_.get(), surface_conductance_[a].get(),
                                  T_.get(), rhs_.get(), sink_.get(), surface_heat_.get(), surface_T_[a].get(),
                                  surface_sums_.get());
        double sums[3];
        backend_.download(sums, surface_sums_.get(), sizeof sums);
        report.missing_W += sums[0];
        report.lost_W += sums[1];
        report.crossing_W += sums[2];
    }
}

HeatReport HeatField::solve(const HeatStage& stage) {
    HeatReport report;
    load_conditions(stage.time);
    set_up_ = set_up_ && stage.goes_on;
    const double weight = stage.tau > 0.0 ? volume() / stage.tau : 0.0;
    const LinearSystem system{
        grid_, {faces_[0].get(), faces_[1].get(), faces_[2].get(), sink_.get()}, rhs_.get(), nullptr, 0.0};
    double last = std::numeric_limits<double>::infinity();
    const double balance = kStageBalance * stage.balance_factor;
    for (;; ++report.newton) {
        if (report.newton == 0 || stage.tau == 0.0) assemble(stage, report);
        backend_.heat_balance(grid_, system.faces, capacity_.view(), T_.get(), stage.target ? stage.target : T_.get(), q_,
                              weight, sink_.get(), rhs_.get(), scalar_.get());
        report.missing_W = number();
        exchange(report);
        double scale = std::max(stage.heat_scale, report.crossing_W);
        if (weight > 0.0 && report.missing_W > balance * scale) {
            backend_.stored_rate(grid_, capacity_.view(), T_.get(), stage.target, weight, scalar_.get());
            scale = std::max(scale, number());
        }
        if (!std::isfinite(report.missing_W)) return report;
        report.converged = report.missing_W <= balance * scale;
        // rounding of h, k and T sets a floor: stop there too, the caller sees what is missing
        const bool stalled = report.newton > 3 && report.missing_W <= 1e-7 * scale && report.missing_W > 0.5 * last;
        if (report.converged || stalled || report.newton == kMostNewton) {
            report.converged = report.converged || stalled;
            return report;
        }
        last = report.missing_W;
        // The operator changes little within a stage: its hierarchy serves again, unless that does not get on.
        if (report.newton == 0 && set_up_)
            solver_.refresh(system);
        else if (report.newton == 0 || stage.tau == 0.0 || report.newton > kReuses)
            solver_.setup(system), set_up_ = true;
        const double relative = std::clamp(0.1 * balance * scale / report.missing_W, kTightest, kLoosest);
        const SolveReport linear = solver_.solve_step(system, relative, report.missing_W);
        report.iterations += linear.iterations;
        if (!linear.converged) return report;
        backend_.add_step(grid_, T_.get(), solver_.step(), solver_.step_scale());
    }
}

double HeatField::stored(const double* T, double* h) {
    backend_.stored_energy(grid_, capacity_.view(), T, volume(), h, scalar_.get());
    return number();
}

std::vector<double> HeatField::surface_temperature_K(int axis) const {
    return surface_T_[std::size_t(axis)] ? surface_T_[std::size_t(axis)].download() : std::vector<double>();
}

// What stands outside at time t, to the device; its number never changes.
void HeatField::load_conditions(double t) {
    const auto conditions = surfaces_.conditions(t);
    if (conditions.empty()) return;
    if (!conditions_) conditions_ = Buffer<SurfaceCondition>(backend_, Index(conditions.size()));
    backend_.upload(conditions_.get(), conditions.data(), conditions_.bytes());
    backend_.synchronise();
}

void HeatField::refresh_surfaces(double t) {
    load_conditions(t);
    rhs_.zero();
    HeatStage stage;
    stage.q = rhs_.get();
    HeatReport unused;
    assemble(stage, unused);
    exchange(unused);
}

void HeatField::set_temperature_K(const std::vector<double>& packed) {
    const auto staging = Buffer<double>::from(backend_, packed);
    backend_.scatter(grid_, staging.get(), T_.get());
    backend_.synchronise();
}

std::vector<double> HeatField::temperature_K() const {
    auto T = download_field<double>(backend_, grid_, T_);
    for (std::size_t c = 0; c < T.size(); ++c)
        if (!solid_[c]) T[c] = std::nan("");
    return T;
}

}  // namespace jt
