// SPDX-License-Identifier: Apache-2.0
// A run folder of known numbers, as a run in time leaves it: a bed 4 x 2 x 2 that follows its program, hotter along x.
#pragma once
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "twin/recording/run_file.hpp"

namespace jt::test {

struct MadeRun {
    std::string title = "A run";
    double T_C = 1000.0, dwell_s = 30.0;
    bool furnace = false, microstructure = true, fields = true, summary = true;
    double capacity = 304.25;  // mean [mAh/g]
    double d_hrtem = 0.3912;   // mean [nm]

    // Deviation of a cell from the mean of the bed [K]: -30, -10, 10, 30 along x.
    static double deviation(int i) { return -30.0 + 20.0 * i; }
    double ramp_s() const { return furnace ? 6000.0 : 10.0; }
    double end_s() const { return 2.0 * ramp_s() + dwell_s; }

    std::string scenario() const {
        std::ostringstream text;
        const std::string program = "[{to='" + std::to_string(T_C) + " degC', in='" + std::to_string(ramp_s()) +
                                    " s'}, {hold='" + std::to_string(dwell_s) + " s'}, {to='100 degC', in='" +
                                    std::to_string(ramp_s()) + " s'}]";
        text << "title = " << nlohmann::json(title).dump() << "\n"
             << "[bed]\nsize=['4 mm','2 mm','2 mm']\nvoxel='1 mm'\nmaterial='powder'\n"
                "[material.powder]\nsigma='50 S/m'\ndensity='500 kg/m^3'\nheat_capacity='1200 J/(kg K)'\n"
                "thermal_conductivity='0.2 W/(m K)'\n";
        if (furnace)
            text << "[furnace]\nwall=" << program << "\nemissivity=0.9\nconvection='20 W/(m^2 K)'\n";
        else
            text
                << "[[terminal]]\nname='l'\nface='xmin'\n[[terminal]]\nname='r'\nface='xmax'\n"
                   "[heater]\nmode='temperature'\nfeedback='p'\nprogram="
                << program
                << "\nlimits={temperature='1400 degC'}\nsupply={current='20 A', voltage='20 V', update='10 Hz'}\n"
                   "[[sensor]]\nname='p'\nkind='ratio_pyrometer'\nface='zmax'\nspot={center=['2 mm','1 mm'], diameter='1 mm'}\n"
                   "floor='570 degC'\n";
        text << "[run]\nduration='" << end_s() << " s'\noutput_every='" << end_s() / 20.0 << " s'\n";
        return text.str();
    }
    double T_K(double t) const {
        const double up = std::min(t / ramp_s(), 1.0), down = std::max(0.0, (t - ramp_s() - dwell_s) / ramp_s());
        return 298.15 + (T_C + 273.15 - 298.15) * (up - down);
    }
    nlohmann::json microstructure_json() const {
        return {{"capacity_mAh_g", capacity},
                {"plateau_mAh_g", 208.5},
                {"ice_percent", 91.98},
                {"id_ig", 1.2437},
                {"d_hrtem_nm", d_hrtem},
                {"Th_K", T_C + 273.15},
                {"uncertainty", {{"capacity_mAh_g", 25.0}, {"id_ig", 0.1}, {"d_hrtem_nm", 0.005}}},
                {"distribution",
                 {{"capacity_mAh_g",
                   {{"p05", 296.0}, {"p50", 305.0}, {"p95", 310.0}, {"edges", {290, 300, 310}}, {"share", {0.25, 0.75}}}}}},
                {"outside_calibrated_cells", 3},
                {"outside_calibrated_share", 0.1875},
                {"mass_kg", 8e-6}};
    }
    nlohmann::json summary_json() const {
        nlohmann::json s{{"version", "0.1.0"},
                         {"device", "cpu"},
                         {"instruction_set", "x86-64"},
                         {"cells", 16},
                         {"steps", 600},
                         {"simulated_s", end_s()},
                         {"wall_s", 2.5},
                         {"realtime_factor", 20.0},
                         {"interrupted", false},
                         {"energy",
                          {{"electrical_J", furnace ? 0.0 : 2841.5},
                           {"source_J", 0.0},
                           {"stored_J", 18.25},
                           {"lost_J", 2823.25},
                           {"residual_relative", 1.5e-11}}},
                         {"peak", {{"T_K", T_C + 303.15}}},
                         {"final", {{"T_mean_K", 373.15}}},
                         {"events", {{{"time_s", 1.25}, {"text", "current limit: 20 A"}}}}};
        if (microstructure) s["microstructure"] = microstructure_json();
        return s;
    }
    std::string series() const {
        std::ostringstream text;
        text.precision(17);
        text << "time_s,setpoint_K,T_mean_K,T_max_K,T_min_K,T_spread_K";
        if (!furnace) text << ",current_A,voltage_V,power_W,resistance_ohm";
        if (microstructure) text << ",id_ig,capacity_mAh_g";
        text << "\n";
        for (int n = 0; n <= 20; ++n) {
            const double t = end_s() * n / 20.0, T = T_K(t);
            text << t << "," << T << "," << T << "," << T + 30.0 << "," << T - 30.0 << ",60";
            if (!furnace) text << ",20,3.5,70,0.175";
            if (microstructure) text << "," << 1.5 - 0.25 * n / 20.0 << "," << capacity * n / 20.0;
            text << "\n";
        }
        return text.str();
    }

    void write(const std::filesystem::path& folder) const {
        std::filesystem::create_directories(folder);
        std::ofstream(folder / "scenario.toml") << scenario();
        std::ofstream(folder / "timeseries.csv") << series();
        if (summary) std::ofstream(folder / "summary.json") << summary_json().dump(2);
        if (!fields) return;
        const Extents e{4, 2, 2, 1e-3, 1e-3, 1e-3};
        const std::vector<std::uint8_t> material(e.count(), 1);
        std::vector<std::string> names{"T_K", "J_over_J0"};
        if (microstructure) names.push_back("capacity_mAh_g");
        RunFile file = RunFile::create(folder / "run.h5", e, names, 30, material, {"void", "powder"});
        std::vector<float> T(e.count()), J(e.count(), 1.0f), Q(e.count());
        for (int n = 0; n <= 20; ++n) {
            const double t = end_s() * n / 20.0;
            for (std::size_t c = 0; c < e.count(); ++c)
                T[c] = float(T_K(t) + deviation(int(c % 4))), Q[c] = float(290.0 + 5.0 * double(c % 4));
            std::map<std::string, std::span<const float>> values{{"T_K", T}, {"J_over_J0", J}};
            if (microstructure) values["capacity_mAh_g"] = Q;
            file.append(t, values);
        }
    }
};

}  // namespace jt::test
