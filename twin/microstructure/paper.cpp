// SPDX-License-Identifier: Apache-2.0
#include "twin/microstructure/paper.hpp"

#include <algorithm>
#include <cmath>

namespace jt {
namespace {

using Route = PaperSample::Route;

constexpr PaperSample kSamples[] = {
    {"JH-900-30", Route::joule, 1173.15, 30.0},   {"JH-1000-30", Route::joule, 1273.15, 30.0},
    {"JH-1100-30", Route::joule, 1373.15, 30.0},  {"JH-1200-30", Route::joule, 1473.15, 30.0},
    {"JH-1300-30", Route::joule, 1573.15, 30.0},  {"JH-1000-0", Route::joule, 1273.15, 0.0},
    {"JH-1000-15", Route::joule, 1273.15, 15.0},  {"JH-1000-60", Route::joule, 1273.15, 60.0},
    {"TF-1000", Route::furnace, 1273.15, 7200.0},
};

constexpr PaperRow kRows[] = {
    {"JH-900-30", "id_ig", 1.395, 0.005, "anchor of the map"},
    {"JH-900-30", "d002_nm", 0.383, 0.0005, "anchor of the map"},
    {"JH-900-30", "fringe_nm", 0.62, 0.005, "anchor of the map"},
    {"JH-1300-30", "id_ig", 0.702, 0.005, "anchor of the map"},
    {"JH-1300-30", "d002_nm", 0.358, 0.0005, "anchor of the map"},
    {"JH-1300-30", "fringe_nm", 0.67, 0.005, "anchor of the map"},
    {"JH-1000-30", "d_hrtem_nm", 0.39, 0.005, "one offset for this and TF-1000"},
    {"JH-1000-30", "plateau_mAh_g", 210.36, 0.5, "anchor of the map"},
    {"JH-1000-30", "capacity_mAh_g", 306.83, 0.5, "anchor of the map"},
    {"JH-1000-30", "ice_percent", 91.99, 0.1, "one irreversible capacity for this and TF-1000"},
    {"TF-1000", "d_hrtem_nm", 0.37, 0.005, "one offset for this and JH-1000-30"},
    {"TF-1000", "plateau_mAh_g", 171.4, 0.5, "anchor of the map"},
    {"TF-1000", "capacity_mAh_g", 262.9, 0.5, "306.83 / 1.167; read the other way it is 255.6"},
    {"TF-1000", "ice_percent", 90.9, 0.1, "one irreversible capacity for this and JH-1000-30"},
};

constexpr PaperStatement kStatements[] = {
    {"charge-transfer resistance falls by 35.7 %, JH 157 against TF 101 ohm",
     "(157 - 101)/157 is 35.7 %: the labels are swapped, JH 101 and TF 157 ohm"},
    {"interlayer spacing 0.39 nm of JH-1000",
     "it lies above the whole XRD range (0.383 nm at 900 to 0.358 nm at 1300 degC): HRTEM reads about 0.01 nm more than XRD; "
     "the "
     "two are kept apart here"},
    {"first peak of G(r) at 1.54 A, moving 0.15 A down",
     "1.54 A is the bond of diamond, 1.39 A lies below graphite's 1.42 A: the scale of places is doubtful, only the change is "
     "modelled"},
    {"the amplitude of G(r), 3.5 to 6.0, is a rise of the coordination number",
     "the amplitude of G(r) is not a coordination number (the peak's area is), and in situ it holds the temperature too; "
     "elsewhere the paper says that coordination falls"},
    {"charge density 2.4e13 A/m2",
     "a current density, and impossible here: J^2/sigma is 1e21 W/m3 at 1e5 S/m. Devices have 1e5 to 5e6 A/m2; only the ratio "
     "2.4 is used (a conducting inclusion, r = 8)"},
    {"100 K/s for 10 s, up to 1300 degC", "that reaches about 1000 degC; 1300 degC in 10 s needs 127.5 K/s"},
    {"no temperature gradients in the Joule heater, 800 degC of them in the furnace",
     "both are simulations of unstated size: 100 mg in a furnace have less than 1 K at 5 K/min and 10 K at 49 K/min (R = 3 "
     "mm); "
     "800 K need R = 40 mm, which is not the 100 mg sample (verify V26)"},
    {"30 s against 2 h: 240 times faster", "that compares dwells; whole cycles are 60 s against about 5 h"},
    {"16.7 % more capacity",
     "ambiguous: TF is 262.9 mAh/g if JH is 16.7 % higher, 255.6 if TF is 16.7 % lower; the first is used"},
    {"field strength 0.002 V/A for the density, 0.001 V/A for the barrier",
     "two fields for one effect; at 0.001 V/A a dipole of 1 D gains 20 J/mol against RT = 10.6 kJ/mol, so a reversed barrier "
     "is "
     "no dipole effect. The field term is off unless asked for"},
    {"graphene layers of JH are as long as those of TF, and shorter",
     "both stand in one paragraph; the model gives 0.633 and 0.659 nm, 4 % apart"},
    {"b-values below 0.5, and -0.67", "outside the usual range 0.5 to 1; not modelled"},
    {"labels TF-1000 and TB-1000", "mixed; read as the same sample"},
    {"I_D/I_G falls, so order rises",
     "for domains below 2 nm I_D/I_G rises with order (Ferrari and Robertson 2000), and the Tuinstra-Koenig length is 13.8 to "
     "27.4 "
     "nm against fringes of 0.62 to 0.67 nm: I_D/I_G is kept as an empirical label"},
    {"feed below 200 mesh", "its micrographs show grains of 2 to 6 um; 50 um is used for the bed's conductivity"},
    {"retention 79.45 and 68.53 % after 1000 cycles", "ageing is not modelled"},
};

}  // namespace

std::span<const PaperSample> paper_samples() {
    return kSamples;
}

std::span<const PaperRow> paper_rows() {
    return kRows;
}

std::span<const PaperStatement> paper_statements() {
    return kStatements;
}

const PaperSample* paper_sample_like(PaperSample::Route route, double T_K, double dwell_s) {
    for (const PaperSample& sample : kSamples)
        if (sample.route == route && std::abs(sample.T_K - T_K) <= 15.0 &&
            std::abs(sample.dwell_s - dwell_s) <= std::max(2.0, 0.1 * sample.dwell_s))
            return &sample;
    return nullptr;
}

std::vector<PaperRow> paper_rows_of(std::string_view sample) {
    std::vector<PaperRow> rows;
    for (const PaperRow& row : kRows)
        if (row.sample == sample) rows.push_back(row);
    return rows;
}

}  // namespace jt
