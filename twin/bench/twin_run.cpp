// SPDX-License-Identifier: Apache-2.0
#include "twin/bench/twin_run.hpp"

#include "twin/scenario/reader.hpp"
#include "twin/units.hpp"

namespace jt {

std::string twin_bench_scenario(const TwinBench& bench) {
    const auto length = [](double value) { return "\"" + format_number(value) + " mm\""; };
    const double section = 8.0, height = 3.2;  // [mm]
    return "title = \"char plug in closed loop\"\n[bed]\nsize = [" + length(section) + ", " + length(section) + ", " +
           length(height) + "]\nvoxel = [" + length(section / bench.cells) + ", " + length(section / bench.cells) + ", " +
           length(height / bench.cells) +
           "]\nmaterial = \"coconut_char_600\"\ncurrent_axis = \"z\"\n[bed.defects]\nvolume_fraction = 0.05\nradius = [\"0.4 "
           "mm\", \"0.8 mm\"]\nsigma_factor = [2.0, 0.5]\nseed = 1\n[electrodes]\ncontact_resistivity = \"1e-4 ohm "
           "m^2\"\n[surface]\nemissivity = 0.9\nambient = \"25 degC\"\n[face.zmin]\ninsulated = true\n[face.zmax]\ninsulated = "
           "true\n[[sensor]]\nname = \"pyrometer\"\nkind = \"ratio_pyrometer\"\nface = \"ymax\"\nspot = { center = [\"4 mm\", "
           "\"1.6 mm\"], diameter = \"2 mm\" }\nfloor = \"570 degC\"\n[heater]\nmode = \"temperature\"\nfeedback = "
           "\"pyrometer\"\nprogram = [ { to = \"1000 degC\", in = \"10 s\" }, { hold = \"30 s\" } ]\nsupply = { current = \"20 "
           "A\", voltage = \"120 V\", slew = \"50 A/s\", update = \"10 Hz\", delay = \"0.1 s\" }\n[run]\nduration = \"" +
           format_number(bench.duration) + " s\"\noutput_every = \"0.5 s\"\n";
}

TwinBenchResult bench_twin(Backend& backend, const TwinBench& bench) {
    TwinBenchResult result;
    RunHooks hooks;
    hooks.before = [](Coupled& twin) { twin.kinetics_wall_s = 0.0; };
    hooks.at_record = [&](Coupled& twin, const RunRecord&) { result.kinetics_wall_s = twin.kinetics_wall_s; };
    result.run = run_coupled(backend, read_scenario_text(twin_bench_scenario(bench), "bench twin"), {}, hooks);
    return result;
}

}  // namespace jt
