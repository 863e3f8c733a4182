// SPDX-License-Identifier: Apache-2.0
#include "twin/bench/reference_bed.hpp"

namespace jt {

ReferenceProperty::ReferenceProperty(Backend& backend, const std::array<double, 3>& value, double slope) {
    std::vector<PropertyLaw> laws(3);
    for (std::size_t kind = 0; kind < 3; ++kind) {
        PropertyLaw& law = laws[kind];
        law.kind = slope != 0.0 ? LawKind::linear : LawKind::constant;
        law.count = slope != 0.0 ? 3 : 1;
        law.c[0] = value[kind], law.c[1] = slope, law.c[2] = kReferenceTemperature;
    }
    laws_ = Buffer<PropertyLaw>::from(backend, laws);
}

ReferenceBed::ReferenceBed(Backend& backend, const ReferenceMap& map, double aspect)
    : backend_(backend),
      grid_{map.cells, map.cells, map.cells},
      spacing_{kReferenceSpacing, kReferenceSpacing, kReferenceSpacing * aspect},
      material_(upload_field(backend, grid_, reference_map(map))),
      scalar_(backend, kJouleHeatSums) {}

double ReferenceBed::volume() const {
    return spacing_[0] * spacing_[1] * spacing_[2];
}

AxisGeometry ReferenceBed::geometry(int axis) const {
    const double edge = spacing_[std::size_t(axis)];
    return {grid_, axis, volume() / edge, 0.5 * edge};
}

Terminals ReferenceBed::electrodes(double low, double high) {
    Terminals terminals;
    terminals.count = 2;
    terminals.list[0] = {2, false, -1, 0.0, low};
    terminals.list[1] = {2, true, -1, 0.0, high};
    return terminals;
}

ReferenceOperator ReferenceBed::make_operator() const {
    ReferenceOperator op;
    for (auto& face : op.face) face = Buffer<double>::field(backend_, grid_);
    op.rhs = Buffer<double>::field(backend_, grid_);
    return op;
}

void ReferenceBed::assemble(const ReferenceProperty& property, const double* T, const Terminals& electrodes, double* s,
                            ReferenceOperator& op) {
    PropertyView view{grid_, material_.get(), property.laws()};
    view.T = T;
    view.uniform_T = kReferenceTemperature;
    backend_.evaluate_property(view, s, scalar_.get());
    op.rhs.zero();
    for (int axis = 0; axis < 3; ++axis)
        backend_.face_conductance(geometry(axis), s, material_.get(), {}, electrodes, op.face[std::size_t(axis)].get(),
                                  op.rhs.get());
}

void ReferenceBed::add_joule_heat(const ReferenceOperator& op, const double* phi, const double* s, const Terminals& electrodes,
                                  double* q) {
    for (int axis = 0; axis < 3; ++axis)
        backend_.joule_heat(geometry(axis), op.face[std::size_t(axis)].get(), phi, material_.get(), electrodes, s, {}, q,
                            scalar_.get());
}

double ReferenceBed::current_at_low_end(const ReferenceOperator& op, const double* phi, const Terminals& electrodes) {
    backend_.terminal_current(geometry(2), op.face[2].get(), phi, material_.get(), electrodes, 0, scalar_.get());
    return scalar_.download().front();
}

}  // namespace jt
