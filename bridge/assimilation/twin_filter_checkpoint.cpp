// SPDX-License-Identifier: Apache-2.0
// Of TwinFilter: everything that goes on from here.
#include "bridge/assimilation/archive_lists.hpp"
#include "bridge/assimilation/twin_filter_impl.hpp"
#include "twin/units.hpp"

namespace jt {

void TwinFilter::Impl::same(Archive& a, const std::string& what, const std::string& own) const {
    std::string kept = own;
    archive_text(a, what, kept);
    if (kept != own) throw InputError("checkpoint: " + what + ": found " + kept + "; allowed: " + own);
}

void TwinFilter::Impl::save_or_load(Archive& a) {
    std::string names, instruments;
    for (const Unknown& u : unknowns->list()) names += (names.empty() ? "" : ", ") + u.name;
    for (const InstrumentModel& m : models) instruments += (instruments.empty() ? "" : ", ") + m.name;
    const auto grid = [](const Bed& b) {
        return std::to_string(b.extents.nx) + " x " + std::to_string(b.extents.ny) + " x " + std::to_string(b.extents.nz);
    };
    same(a, "grid", grid(bed));
    same(a, "members", std::to_string(N) + (N > 0 ? " of " + grid(coarse.bed) : ""));
    same(a, "radius", format_number(options.radius_m));
    same(a, "unknowns", names);
    same(a, "sensors", instruments);

    a("time", time), a("window", window_s);
    archive_vector(a, "mean", mean);
    if (N > 0) archive_matrix(a, "anomalies", anomalies);
    if (!a.saving()) set_unknowns();
    for (int j = 0; j <= N; ++j)
        a.scope("member_" + std::to_string(j), [&](Archive& inner) {
            member(j).state(inner);
            inner("steps", member(j).steps), inner("rejected", member(j).rejected);
        });
    predictions.state(a, row(), N + 1);
    currents.state(a, current);
    for (std::size_t s = 0; s < models.size(); ++s)
        a.scope("sensor_" + std::to_string(s), [&](Archive& inner) {
            sensors[s].state(inner);
            SensorSkill& skill = skills[s];
            inner("ranks", skill.ranks), inner("skill_spread", skill.spread), inner("skill_error", skill.error);
            inner("skill_readings", skill.readings);
            archive_rows(
                inner, "recent", recent[s], 2,
                [](const auto& one, std::vector<double>& row) {
                    row.insert(row.end(), {one.first, one.second});
                },
                [&](const double* row) { recent[s][row[0]] = row[1]; });
        });
    nis.state(a);
    if (N > 0) check.state(a);
    a("drift", drift), a("offsets", offsets);
    if (drift.size() != (drift.empty() ? 0 : coarse.bed.material.size()) ||
        offsets.size() != (offsets.empty() ? 0 : models.size()))
        throw InputError("checkpoint: \"drift\" or \"offsets\" does not fit the members' grid or the sensors");
    a("misfit", misfit), a("reopened", reopened), archive_text(a, "misfit_text", misfit_text);

    forecast_scores.state(a);
    bool running = loop.has_value();
    a("loop", running);
    if (running) {
        a.scope("plant", [&](Archive& inner) {
            if (scenario.heater && scenario.heater->mode != Heater::Mode::temperature) return;
            PlantTable table = options.table.value_or(PlantTable{});
            inner("T", table.T), inner("loss_W", table.loss_W), inner("capacity_J_per_K", table.capacity_J_per_K);
            inner("resistance_ohm", table.resistance_ohm);
            options.table = table;
        });
        make_loop();
        if (!loop) throw InputError("checkpoint: it has a heater's loop; the scenario has none");
        a.scope("loop_", [&](Archive& inner) { loop->state(inner); });
        bool unheard = !own_loops.empty();
        a("unheard", unheard);
        if (!a.saving()) own_loops.assign(unheard ? std::size_t(N + 1) : 0, *loop);
        for (std::size_t j = 0; j < own_loops.size(); ++j)
            a.scope("loop_" + std::to_string(j), [&](Archive& inner) { own_loops[j].state(inner); });
    }
    if (!a.saving() && time > 0.0) report();
}

}  // namespace jt
