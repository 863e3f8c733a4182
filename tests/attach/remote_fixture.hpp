// SPDX-License-Identifier: Apache-2.0
// A small bed with a heater and two sensors, and messages of its twin.
#pragma once
#include <string>

#include "bridge/wire/message.hpp"

namespace jt {

inline std::string attach_scenario(const std::string& voxel = "\"1 mm\"") {
    return "title = 'attach'\n[bed]\nsize = ['8 mm', '6 mm', '4 mm']\nvoxel = " + voxel +
           "\nmaterial = 'coconut_char_600'\ninitial_temperature = '25 degC'\n[[terminal]]\nname = 'left'\nface = "
           "'xmin'\n[[terminal]]\nname = 'right'\nface = 'xmax'\n[heater]\nmode = 'temperature'\nprogram = [ { to = '1000 "
           "degC', in = '10 s' }, { hold = '30 s' } ]\nfeedback = 'pyrometer'\nlimits = { temperature = '1400 degC' }\nsupply "
           "= "
           "{ current = '60 A', voltage = '20 V' }\n[[sensor]]\nname = 'pyrometer'\nkind = 'ratio_pyrometer'\nface = "
           "'zmax'\nspot = { center = ['4 mm', '3 mm'], diameter = '2 mm' }\nfloor = '570 degC'\n[[sensor]]\nname = "
           "'side'\nkind = 'thermocouple'\nat = ['2 mm', '2 mm', '2 mm']\n[run]\nduration = '60 s'\noutput_every = '0.5 s'\n";
}

inline TwinState attach_state(std::uint64_t run, double run_s) {
    TwinState s;
    s.run = run, s.run_s = run_s, s.members = 16, s.latency_s = 0.04, s.realtime_factor = 1.0;
    s.scalars["T_mean_K"] = {900.0 + run_s, 3.0, 895.0 + run_s, 905.0 + run_s};
    s.scalars["T_max_K"] = {920.0 + run_s, 4.0, 912.0 + run_s, 928.0 + run_s};
    s.scalars["current_A"] = {20.0, 0.1, 19.8, 20.2};
    SensorState pyrometer;
    pyrometer.name = "pyrometer", pyrometer.kind = "ratio_pyrometer", pyrometer.unit = "K";
    pyrometer.reading = 903.0, pyrometer.predicted = 900.0, pyrometer.innovation = 3.0, pyrometer.sigma = 2.0;
    pyrometer.verdict = "accepted", pyrometer.age_s = 0.02, pyrometer.counters = {{"accepted", 10}};
    SensorState side = pyrometer;
    side.name = "side", side.kind = "thermocouple";
    s.sensors = {pyrometer, side};
    s.parameters = {{"contact.end", "", 1.0, 0.5, {0.7, 0.05, 0.62, 0.79}, true, ""}};
    s.nis = 1.1, s.nis_low = 0.7, s.nis_high = 1.4;
    return s;
}

inline Forecast attach_forecast(std::uint64_t run, double from_s) {
    Forecast f;
    f.run = run, f.from_s = from_s, f.to_s = from_s + 10.0;
    for (double s = 0.0; s <= 10.0; s += 1.0)
        f.points.push_back({from_s + s, {{"T_mean_K", {890.0 - s, 900.0, 910.0 + s}}, {"T_max_K", {905.0, 920.0, 935.0}}}});
    f.limits = {{"T_max_K", "limit of the heater", 1673.15, 0.0, std::nullopt}};
    return f;
}

inline FieldMessage attach_field(std::uint64_t run, double run_s, const std::string& quantity, float value) {
    FieldMessage f;
    f.quantity = quantity, f.run = run, f.run_s = run_s;
    f.cells = {8, 6, 4}, f.voxel = {1e-3, 1e-3, 1e-3};
    f.values.assign(8 * 6 * 4, value);
    return f;
}

}  // namespace jt
