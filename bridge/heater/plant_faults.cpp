// SPDX-License-Identifier: Apache-2.0
// Of Plant: what goes wrong.
#include "bridge/heater/plant_impl.hpp"
#include "twin/bed/contact_area.hpp"
#include "twin/units.hpp"

namespace jt {

void Plant::Impl::set_sensor_faults() {
    if (options.faults.empty()) return;
    const double t = run_s();
    for (std::size_t n = 0; n < instruments.size(); ++n) {
        Instrument::Fault now;
        for (const Fault& fault : options.faults) {
            if (run == 0 || fault.target != int(n) || !fault.acts(t)) continue;
            now.stuck = now.stuck || fault.kind == Fault::Kind::stuck;
            now.missing = now.missing || fault.kind == Fault::Kind::dropout;
            if (fault.kind == Fault::Kind::bias) now.bias += fault.size;
        }
        instruments[n].set_fault(now);
    }
}

void Plant::Impl::break_contacts() {
    std::set<std::size_t> now;
    for (std::size_t n = 0; n < options.faults.size(); ++n)
        if (options.faults[n].kind == Fault::Kind::contact && options.faults[n].acts(run_s())) now.insert(n);
    if (now == acting) return;
    if (!broken) whole_resistance = twin->resistance();
    scenario = intact;
    for (const std::size_t n : now) {
        const Fault& fault = options.faults[n];
        Terminal& terminal = scenario.terminals[std::size_t(fault.target)];
        terminal.contact_resistivity += (fault.size - 1.0) * whole_resistance * contact_area(bed, scenario, terminal);
        if (terminal.contact_conductance) *terminal.contact_conductance /= fault.size;
        if (!acting.contains(n)) event("contact of terminal " + quote(terminal.name) + " breaks");
    }
    acting = now;
    broken = !now.empty();
    ArchiveMap kept;
    Archive save(kept, true);
    twin->state(save);
    build();
    Archive load(kept, false);
    twin->state(load);
}

}  // namespace jt
