// SPDX-License-Identifier: Apache-2.0
#include "twin/electric/electric_field.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/error.hpp"
#include "twin/bed/like_axes.hpp"
#include "twin/bed/pair_table.hpp"
#include "twin/material/history.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kFarthestAhead = 4.0;  // of the potential's extrapolation, in distances of the two solutions it goes on from

Terminals terminals_of(const std::vector<Terminal>& specs, const std::vector<Material>& materials) {
    if (specs.size() < 2)
        throw InputError("terminal: " + std::to_string(specs.size()) + " given; the current needs two or more");
    if (specs.size() > kMaxTerminals)
        throw InputError("terminal: " + std::to_string(specs.size()) + " given; at most " + std::to_string(kMaxTerminals) +
                         " are allowed");
    Terminals terminals;
    for (const Terminal& spec : specs) {
        FaceTerminal t;
        t.axis = axis_of(spec.face);
        t.upper = is_upper(spec.face);
        t.resistivity = spec.contact_resistivity;
        t.value = terminals.count == 0 ? 0.5 : -0.5;  // of one volt
        if (!spec.temperature)
            t.thermal_resistivity = std::numeric_limits<double>::infinity();
        else
            t.thermal_resistivity = contact_resistance(spec.contact_conductance);
        if (!spec.material.empty()) {
            const auto at =
                std::find_if(materials.begin(), materials.end(), [&](const Material& m) { return m.name == spec.material; });
            if (at == materials.end())
                throw InputError("terminal \"" + spec.name + "\": material \"" + spec.material + "\" is not in the bed");
            t.material = int(at - materials.begin());
        }
        terminals.list[terminals.count++] = t;
    }
    return terminals;
}

}  // namespace

ElectricField::ElectricField(Backend& backend, const Bed& bed, const std::vector<Terminal>& terminals,
                             const std::vector<Interface>& interfaces)
    : backend_(backend),
      bed_{bed.extents, bed.materials, {}, {}, bed.sheets, {}, bed.product, bed.temperature, bed.outline_share},
      grid_(grid_of(bed.extents)),
      terminal_specs_(terminals),
      terminals_(terminals_of(terminals, bed.materials)),
      sigma_laws_(backend, bed.materials, &Material::sigma),
      solver_(backend) {
    if (grid_.cells() > std::numeric_limits<CellLabel>::max())
        throw InputError("bed: " + std::to_string(grid_.cells()) + " voxels; at most 2147483647 are allowed");
    material_ = upload_field(backend, grid_, bed.material);
    if (!bed.sigma_factor.empty()) factor_ = upload_field(backend, grid_, bed.sigma_factor);
    own_factor_ = bed.sigma_factor;
    if (!bed.sheet.empty()) {
        sheet_ = upload_field(backend, grid_, bed.sheet);
        for (int axis = 0; axis < 3; ++axis) {
            std::vector<double> factors;
            for (const Sheet& sheet : bed.sheets) factors.push_back(sheet.factor(axis));
            sheet_factor_[std::size_t(axis)] = Buffer<double>::from(backend, factors);
        }
    }
    if (std::any_of(interfaces.begin(), interfaces.end(), [](const Interface& i) { return i.electrical.has_value(); }))
        contact_table_ = Buffer<double>::from(backend, pair_table(bed.materials, interfaces, 0.0, [](const Interface& i, bool) {
                                                  return contact_resistance(i.electrical);
                                              }));
    scalar_ = Buffer<double>(backend, 1);
    contact_heat_ = Buffer<double>(backend, kJouleHeatSums);
    like_ = like_axes(sigma_laws_, bed);
    for (const int axis : like_)
        if (Buffer<double>& along = sigma_[std::size_t(axis)]; !along) along = Buffer<double>::field(backend, grid_);
    if (like_ != std::array{0, 0, 0} && sigma_laws_.char_alike()) char_sigma_ = Buffer<double>::field(backend, grid_);
    for (auto& face : faces_) face = Buffer<double>::field(backend, grid_);
    rhs_ = Buffer<double>::field(backend, grid_);
    phi_ = Buffer<double>::field(backend, grid_);
    phi_before_ = Buffer<double>::field(backend, grid_);
    if (std::any_of(bed.materials.begin(), bed.materials.end(), [](const Material& m) { return m.kinetics.has_value(); })) {
        std::vector<double> by_material, packed;
        for (const Material& m : bed.materials)
            by_material.push_back(m.kinetics ? front_after_history(parse_history(m.kinetics->history), m.kinetics->attempt)
                                             : 0.0);
        for (const std::uint8_t m : bed.material) packed.push_back(by_material[m]);
        initial_front_ = upload_field(backend, grid_, packed);
        char_.front = initial_front_.get();
    }
    assemble();
    find_percolation();
}

AxisGeometry ElectricField::geometry(int axis) const {
    return {grid_, axis, bed_.extents.face_area(axis), 0.5 * bed_.extents.spacing()[std::size_t(axis)]};
}

// The conductivity along an axis, evaluated where it is not known yet.
const Buffer<double>& ElectricField::evaluate_sigma(int axis) {
    const auto a = std::size_t(like_[std::size_t(axis)]);
    Buffer<double>& out = sigma_[a];
    if (sigma_known_[a]) return out;
    PropertyView view{grid_, material_.get(), sigma_laws_.along(axis), sigma_laws_.table_T(), sigma_laws_.table_value()};
    view.host_laws = sigma_laws_.on_host(axis);
    view.T = T_;
    view.uniform_T = bed_.temperature;
    view.factor = factor_.get();
    view.sheet = sheet_.get();
    view.sheet_factor = sheet_factor_[std::size_t(axis)].get();
    view.char_state = char_;
    view.char_value = char_sigma_.get();
    view.char_known = char_known_;
    backend_.evaluate_property(view, out.get(), scalar_.get());
    outside_laws_ = std::int64_t(number(scalar_));
    sigma_known_[a] = true, char_known_ = bool(char_sigma_);
    return out;
}

// Along one axis or another: where it is 0 nothing conducts.
const Buffer<double>& ElectricField::any_sigma() const {
    for (const std::size_t a : {2, 1})
        if (sigma_known_[a]) return sigma_[a];
    return sigma_[0];
}

// Face conductances of the three axes and the terminals' right-hand side for 1 V.
void ElectricField::assemble() {
    rhs_.zero();
    if (current_source_) backend_.combine(grid_, 1.0, current_source_.get(), 0.0, current_source_.get(), rhs_.get());
    sigma_known_ = {}, char_known_ = false;
    for (int axis = 0; axis < 3; ++axis)
        backend_.face_conductance(geometry(axis), evaluate_sigma(axis).get(), material_.get(),
                                  {contact_table_.get(), int(bed_.materials.size())}, terminals_, face(axis), rhs_.get());
}

void ElectricField::find_percolation() {
    Buffer<CellLabel> label(backend_, grid_.cells());
    Buffer<std::uint8_t> first(backend_, grid_.cells()), any(backend_, grid_.cells());
    const Faces<double> faces{face(0), face(1), face(2), nullptr};
    Percolation& p = percolation_;
    p.components = backend_.label_components(grid_, faces, label.get());
    backend_.mark_fed(grid_, faces, material_.get(), terminals_, 0, label.get(), first.get());
    p.axis = terminals_.list[0].axis;
    p.planes = grid_.extent(p.axis);
    const bool upper = terminals_.list[0].upper;
    p.reach = backend_.fed_reach(grid_, p.axis, upper, label.get(), first.get());
    for (int t = 1; t < terminals_.count; ++t) {
        backend_.mark_fed(grid_, faces, material_.get(), terminals_, t, label.get(), any.get());
        p.percolates = p.percolates || backend_.components_fed_by_both(grid_, label.get(), first.get(), any.get()) > 0;
    }
    static const char* const kAxis[3] = {"x", "y", "z"};
    const std::string from = "terminal \"" + terminal_specs_[0].name + "\" (" + name_of(terminal_specs_[0].face) + ")";
    if (p.percolates)
        p.finding = "current can pass from " + from + " along " + kAxis[p.axis];
    else if (p.reach == 0)
        p.finding = from + " touches nothing that conducts";
    else if (p.reach == p.planes)
        p.finding = "no path for the current: what " + from + " feeds spans all " + std::to_string(p.planes) +
                    " planes along " + kAxis[p.axis] + " but meets no other terminal";
    else {
        const int plane = upper ? p.planes - 1 - p.reach : p.reach;
        p.finding = "no path for the current along " + std::string(kAxis[p.axis]) + ": what " + from +
                    " feeds ends before plane " + std::to_string(plane) + " of 0.." + std::to_string(p.planes - 1) + " (" +
                    format_for_people(bed_.extents.spacing()[std::size_t(p.axis)] * plane, Dimension::length) + ")";
    }
    if (!p.percolates) return;
    backend_.mark_fed(grid_, faces, material_.get(), terminals_, -1, label.get(), any.get());
    backend_.pin_islands(grid_, label.get(), any.get(), material_.get(), scalar_.get());
    p.pinned_cells = std::int64_t(number(scalar_));
    if (p.pinned_cells > 0) assemble();
}

LinearSystem ElectricField::system() const {
    return {grid_, {face(0), face(1), face(2), nullptr}, rhs_.get(), phi_.get(), 0.0};
}

void ElectricField::solve_unit(double balance, double relative_residual, bool goes_on) {
    if (!percolation_.percolates) throw InputError("bed: " + percolation_.finding);
    auto current_at_unit = [&] {
        const AxisGeometry g = geometry(terminals_.list[0].axis);
        backend_.terminal_current(g, face(g.axis), phi_.get(), material_.get(), terminals_, 0, scalar_.get());
        return number(scalar_);
    };
    const LinearSystem unit = system();
    SolveTolerance tolerance;
    tolerance.relative_residual = relative_residual;
    if (balance > 0.0)
        tolerance.accept = [&](const Balance& open) {
            const double current = std::abs(current_at_unit());  // also the power at 1 V
            return std::abs(open.sum) <= balance * current && open.power <= balance * current;
        };
    if (goes_on)
        solver_.refresh(unit);
    else
        solver_.setup(unit);
    solve_ = solver_.solve(unit, tolerance);
    if (!solve_.converged)
        throw SolveError("potential: not converged after " + std::to_string(solve_.iterations) +
                         " iterations, relative residual " + format_for_people(solve_.relative_residual, Dimension::number));
    conductance_ = current_at_unit();
}

ElectricReport ElectricField::solve_voltage(double voltage, double balance, double relative_residual) {
    solve_unit(balance, relative_residual);
    return report(voltage);
}

ElectricReport ElectricField::solve_current(double current, double balance, double relative_residual) {
    solve_unit(balance, relative_residual);
    return report(current / conductance_);
}

void ElectricField::set_contact_factor(std::size_t terminal, double factor) {
    const Terminal& spec = terminal_specs_[terminal];
    FaceTerminal& t = terminals_.list[terminal];
    t.resistivity = factor * spec.contact_resistivity;
    if (spec.temperature) t.thermal_resistivity = factor * contact_resistance(spec.contact_conductance);
}

void ElectricField::set_cell_factor(const std::vector<float>& packed) {
    if (!factor_) factor_ = Buffer<float>::field(backend_, grid_);
    if (!factor_staging_) factor_staging_ = Buffer<float>(backend_, grid_.cells());
    cell_factor_ = packed;
    if (!own_factor_.empty())
        for (std::size_t c = 0; c < cell_factor_.size(); ++c) cell_factor_[c] *= own_factor_[c];
    backend_.upload(factor_staging_.get(), cell_factor_.data(), factor_staging_.bytes());
    backend_.scatter(grid_, factor_staging_.get(), factor_.get());
    backend_.synchronise();
}

void ElectricField::set_temperature(const double* T, const CharView& char_state) {
    T_ = T;
    if (char_state.front) set_char(char_state);
    assemble();
}

void ElectricField::field_strength(double voltage, Buffer<double>& field) {
    field.zero();
    for (int axis = 0; axis < 3; ++axis)
        backend_.current_density_squared(geometry(axis), face(axis), phi_.get(), material_.get(), terminals_, field.get());
    backend_.field_strength(grid_, evaluate_sigma(axis_of(terminal_specs_[0].face)).get(), std::abs(voltage), field.get());
}

double ElectricField::solve_conductance(double balance, double relative_residual, std::optional<double> time, bool goes_on) {
    const auto last = solved_at_, before = solved_before_;
    const double ahead = time && last ? *time - *last : 0.0, apart = last && before ? *last - *before : 0.0;
    if (ahead > 0.0 && apart > 0.0 && ahead <= kFarthestAhead * apart) {
        const double share = ahead / apart;
        backend_.combine(grid_, 1.0 + share, phi_.get(), -share, phi_before_.get(), phi_before_.get());
        phi_.swap(phi_before_);
    } else if (time) {
        backend_.combine(grid_, 1.0, phi_.get(), 0.0, phi_.get(), phi_before_.get());
    }
    solved_before_ = ahead > 0.0 ? last : std::nullopt;
    solved_at_ = time;
    solve_unit(balance, relative_residual, goes_on);
    return conductance_;
}

void ElectricField::joule_heat(double voltage, Buffer<double>& q) {
    voltage_ = voltage;
    contact_W_ = unit_joule_heat(q) * voltage * voltage;
    backend_.scale(grid_, voltage * voltage, q.get());
}

ContactCurrents ElectricField::contact_currents(double voltage) const {
    ContactCurrents c;
    c.face = {face(0), face(1), face(2)};
    c.phi = phi_.get();
    c.material = material_.get();
    c.terminals = terminals_;
    c.electric = {contact_table_.get(), int(bed_.materials.size())};
    c.voltage_squared = voltage * voltage;
    c.any = bool(contact_table_);
    for (int t = 0; t < terminals_.count; ++t) c.any = c.any || terminals_.list[t].resistivity > 0.0;
    return c;
}

ElectricReport ElectricField::report(double voltage) {
    voltage_ = voltage;
    ElectricReport r;
    r.solve = solve_;
    r.voltage = voltage;
    r.cells_outside_laws = outside_laws_;
    double sum = 0.0, unit_power = 0.0;
    for (int t = 0; t < terminals_.count; ++t) {
        const AxisGeometry g = geometry(terminals_.list[t].axis);
        backend_.terminal_current(g, face(g.axis), phi_.get(), material_.get(), terminals_, t, scalar_.get());
        const double unit = number(scalar_);
        r.terminal_currents.push_back(unit * voltage);
        sum += unit;
        unit_power += unit * terminals_.list[t].value;
    }
    r.current = r.terminal_currents.front();
    r.power = unit_power * voltage * voltage;
    r.resistance = 1.0 / conductance_;
    r.current_balance_relative = std::abs(sum) / std::abs(conductance_);

    Buffer<double> q = Buffer<double>::field(backend_, grid_);
    const double unit_contact = unit_joule_heat(q);
    backend_.sum(grid_, q.get(), scalar_.get());
    const double unit_joule = number(scalar_);
    r.joule_W = unit_joule * voltage * voltage;
    r.contact_W = unit_contact * voltage * voltage;
    r.closure_relative = std::abs(unit_joule + unit_contact - unit_power) / std::abs(unit_power);

    r.J0_A_per_m2 = std::abs(r.current) / bed_.section(terminals_.list[0].axis);
    std::vector<float> density = current_density_A_per_m2();
    for (std::size_t c = 0; c < density.size(); ++c)
        if (!(density[c] >= 0.0f) || (!bed_.product.empty() && !bed_.product[c])) density[c] = -1.0f;
    double total = 0.0;
    std::size_t count = 0;
    for (const float J : density)
        if (J >= 0.0f) total += double(J), ++count;
    const auto device_density = Buffer<float>::from(backend_, density);
    const auto ranks = backend_.percentiles(device_density.get(), device_density.count(), {0.99, 1.0});
    if (!ranks.empty() && r.J0_A_per_m2 > 0.0) {
        r.crowding = ranks[0] / r.J0_A_per_m2;
        r.crowding_max = ranks[1] / r.J0_A_per_m2;
        r.mean_J_A_per_m2 = total / double(count);
    }
    return r;
}

// Heat of each cell at 1 V [W] to q; returns the heat on contacts [W].
double ElectricField::unit_joule_heat(Buffer<double>& q) {
    double contact = 0.0;
    q.zero();
    for (int axis = 0; axis < 3; ++axis) {
        backend_.joule_heat(geometry(axis), face(axis), phi_.get(), material_.get(), terminals_, evaluate_sigma(axis).get(),
                            {contact_table_.get(), int(bed_.materials.size())}, q.get(), contact_heat_.get());
        double heat[kJouleHeatSums];
        backend_.download(heat, contact_heat_.get(), sizeof heat);
        for (const double one : heat) contact += one;
    }
    return contact;
}

std::vector<double> ElectricField::potential_V() const {
    auto phi = download_field<double>(backend_, grid_, phi_);
    const auto s = download_field<double>(backend_, grid_, any_sigma());
    for (std::size_t c = 0; c < phi.size(); ++c) phi[c] = s[c] > 0.0 ? phi[c] * voltage_ : std::nan("");
    return phi;
}

std::vector<double> ElectricField::conductivity_S_per_m(int axis) {
    return download_field<double>(backend_, grid_, evaluate_sigma(axis));
}

std::vector<float> ElectricField::current_density_A_per_m2(std::optional<int> along) const {
    Buffer<double> density = Buffer<double>::field(backend_, grid_);
    for (int axis = along.value_or(0); axis <= along.value_or(2); ++axis)
        backend_.current_density_squared(geometry(axis), face(axis), phi_.get(), material_.get(), terminals_, density.get());
    backend_.square_root(grid_, density.get());
    backend_.scale(grid_, std::abs(voltage_), density.get());
    auto J = download_field<float>(backend_, grid_, density);
    const auto s = download_field<float>(backend_, grid_, any_sigma());
    for (std::size_t c = 0; c < J.size(); ++c)
        if (!(s[c] > 0.0f)) J[c] = std::nanf("");
    return J;
}

std::vector<double> ElectricField::joule_heat_W_per_m3() {
    Buffer<double> q(Buffer<double>::field(backend_, grid_));
    unit_joule_heat(q);
    auto heat = download_field<double>(backend_, grid_, q);
    const auto s = download_field<double>(backend_, grid_, any_sigma());
    const double factor = voltage_ * voltage_ / bed_.extents.voxel_volume();
    for (std::size_t c = 0; c < heat.size(); ++c) heat[c] = s[c] > 0.0 ? heat[c] * factor : std::nan("");
    return heat;
}

void ElectricField::set_current_source(const std::vector<double>& packed) {
    current_source_ = upload_field(backend_, grid_, packed);
}

double ElectricField::unit_power() {
    double power = 0.0;
    for (int t = 0; t < terminals_.count; ++t) {
        const AxisGeometry g = geometry(terminals_.list[t].axis);
        backend_.terminal_current(g, face(g.axis), phi_.get(), material_.get(), terminals_, t, scalar_.get());
        power += number(scalar_) * terminals_.list[t].value;
    }
    if (!current_source_) return power;
    const auto phi = download_field<double>(backend_, grid_, phi_),
               source = download_field<double>(backend_, grid_, current_source_);
    for (std::size_t c = 0; c < phi.size(); ++c) power += phi[c] * source[c];
    return power;
}

}  // namespace jt
