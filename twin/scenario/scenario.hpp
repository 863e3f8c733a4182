// SPDX-License-Identifier: Apache-2.0
// Scenario: everything a run needs, validated, in SI units (K, m, s, A, V, W). Read from TOML by reader.hpp; immutable after.
// Nothing here refers to files any more except stack and table paths, which are absolute.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "twin/material/material.hpp"

namespace jt {

enum class Face { xmin, xmax, ymin, ymax, zmin, zmax };
inline int axis_of(Face face) {
    return static_cast<int>(face) / 2;
}
inline bool is_upper(Face face) {
    return static_cast<int>(face) % 2 == 1;
}
const char* name_of(Face face);  // "xmin" ...

// A quantity that follows a program in time: piecewise linear through (time [s], value) points, times never decreasing; two
// points at one time are a step; constant before the first and after the last. A value alone is one point at t = 0.
struct Program {
    // `{to, rate}` from an unknown start is resolved against the start value when the scenario is read.
    std::vector<double> time, value;
    double at(double t) const;  // left-continuous: at a step the value before it
    double end_time() const { return time.empty() ? 0.0 : time.back(); }
    std::vector<double> corners() const { return time; }
};

// Primitive shapes of a bed region, in the bed's coordinates [m] (origin at the corner xmin, ymin, zmin).
struct Box {
    std::array<double, 3> from, to;
};
struct Sphere {
    std::array<double, 3> center;
    double radius;
};
struct Cylinder {
    std::array<double, 3> from, to;
    double radius;
};  // axis from `from` to `to`, flat ends
struct Ellipsoid {
    std::array<double, 3> center, semi_axes;
};  // semi-axes along x, y, z
using Shape = std::variant<Box, Sphere, Cylinder, Ellipsoid>;

struct Region {
    Shape shape;
    std::string material;                   // empty: keep the material, apply sigma_factor only
    std::optional<double> sigma_factor;     // multiplies the electrical conductivity of what is there (a defect)
    std::optional<double> sheet_thickness;  // [m] real thickness; conductance and mass of it are kept along the thin axis
};

struct Defects {  // random spheres, drawn until volume_fraction of the non-void bed is covered
    double volume_fraction;
    std::array<double, 2> radius;      // [m] uniform between the two
    std::vector<double> sigma_factor;  // taken in turn: sphere n uses n mod size
    std::uint64_t seed = 1;
};

struct Heterogeneity {   // sigma times a lognormal random field of unit median
    double log_sd;       // standard deviation of ln(factor)
    double correlation;  // [m] correlation length (Gaussian covariance)
    std::uint64_t seed = 1;
};

struct Label {
    int low, high;
};  // inclusive grey range

struct BedMap {                              // a CT stack
    std::string file;                        // absolute path: multi-page TIFF, first of a numbered series, or raw with sidecar
    std::array<double, 3> voxel;             // [m]
    std::map<std::string, Label> labels;     // material name (or "void") -> grey range
    std::optional<std::array<int, 6>> crop;  // x0, x1, y0, y1, z0, z1 in voxels, upper exclusive
    int coarsen = 1;                         // edge of the block merged to one voxel (majority label)
};

struct BedSpec {
    enum class Outline { box, cylinder };
    Outline outline = Outline::box;       // cylinder: inscribed in the box along current_axis (z if absent); the rest is void
    std::array<double, 3> size{};         // [m]
    std::array<double, 3> voxel{};        // [m]
    std::array<int, 3> cells{};           // size / voxel, checked to be whole
    std::string material;                 // of the bed before regions; empty with a map
    std::optional<int> current_axis;      // 0 x, 1 y, 2 z
    double initial_temperature = 298.15;  // [K]
    std::optional<std::string> initial_history;  // "600 degC for 2 h at 5 K/min", see twin/material/history.hpp
    std::vector<std::string> product;            // materials that are *the bed* in every mean and spread; default {material}
    std::optional<BedMap> map;
    std::vector<Region> regions;
    std::optional<Defects> defects;
    std::optional<Heterogeneity> heterogeneity;
};

struct Terminal {
    std::string name;
    Face face;
    std::string material;                       // only where this material touches the face; empty: the whole face
    double contact_resistivity = 0.0;           // [ohm m2]; 0 = perfect
    std::optional<double> contact_conductance;  // [W/(m2 K)] thermal; absent = perfect, 0 = insulated
    std::optional<Program> temperature;         // [K]
};

struct Interface {
    std::array<std::string, 2> between;
    std::optional<double> electrical;  // [S/m2]; absent = perfect
    std::optional<double> thermal;     // [W/(m2 K)]; absent = perfect
    double heat_split = 0.5;           // share of the contact heat released on the surface of between[0]
};

struct Surface {  // outer boundary condition
    std::optional<double> emissivity;
    std::optional<double> convection;    // [W/(m2 K)]
    std::optional<Program> ambient;      // [K]
    std::optional<Program> temperature;  // [K] fixed wall temperature
    std::optional<Program> heat_flux;    // [W/m2] into the bed
    bool insulated = false;
};

struct Supply {
    std::optional<double> current, voltage;  // limits [A], [V]
    std::optional<double> slew;              // [A/s]
    double update = 10.0;                    // [Hz]
    double delay = 0.0;                      // [s]
};

struct Heater {
    enum class Mode { temperature, current, voltage, power, imposed };
    Mode mode;
    Program program;                          // [K], [A], [V] or [W] after mode
    std::string feedback;                     // name of a sensor (mode temperature)
    std::optional<double> limit_temperature;  // [K]
    Supply supply;
};

struct Furnace {
    Program wall;
    double emissivity;
    double convection;
};

struct Sensor {
    std::string name, kind;  // kinds: physics of sensors, see schema
    std::string type;        // of a thermocouple: "K", "K_sheath", "C"
    std::optional<Face> face;
    std::optional<std::array<double, 2>> spot_center;  // [m] in the face's plane
    std::optional<double> spot_diameter;               // [m]
    std::optional<std::array<double, 3>> at;           // [m]
    std::optional<double> floor;                       // [K]
    std::map<std::string, double> parameters;          // lag, noise, bias, rate ... SI
};

struct Probe {
    std::string name;
    std::array<double, 3> at;
    std::string quantity;
};

// An unknown that sensors are to find while a twin runs beside its heater.
struct EstimateSpec {
    enum class Kind {
        end_contact,  // factor on the resistance at terminals, electrical and thermal
        emissivity,   // factor on every emissivity
        k,            // factor on the conductivity of heat of a material
        sigma,        // factor on its electrical conductivity
        sigma_map,    // the same, for each zone of it along the current
        bias,         // of a sensor: its offset, of current and voltage its gain too
        lag           // factor on the time constant of a thermocouple
    };
    Kind kind = Kind::end_contact;
    std::string material;      // k, sigma, sigma_map; empty: the materials of the product
    std::string terminal;      // end_contact; empty: all of them alike
    std::string sensor;        // bias, lag; empty: each sensor that has one
    double prior = 1.0;        // factor; offset of a bias
    std::optional<double> sd;  // of ln factor; of a bias in the sensor's unit; empty: what is usual (of a sensor: its kind's)
    int zones = 10;            // sigma_map: of equal length along the current, in each connected piece
};
const char* name_of(EstimateSpec::Kind kind);

struct RunSpec {
    enum class Solve { coupled, current };  // current: the electric field alone, at the initial temperature
    Solve solve = Solve::coupled;
    double duration = 0.0;      // [s]
    double output_every = 0.0;  // [s]
    bool steady = false;
};

// What the run is for: the material aimed at, in means over the product at the end. A screen holds the prediction against it;
// the run does not depend on it.
struct Target {
    std::optional<double> capacity_mAh_g, id_ig;
};

struct Scenario {
    std::string title;
    std::string source;  // path it came from, for messages
    BedSpec bed;
    std::vector<Material> materials;  // every material named, [0] is always "void"
    std::vector<Terminal> terminals;
    std::vector<Interface> interfaces;
    Surface surface;
    std::map<Face, Surface> faces;
    std::optional<Heater> heater;
    std::optional<Furnace> furnace;
    std::optional<double> source_power_density;  // [W/m3]
    std::vector<Sensor> sensors;
    std::vector<Probe> probes;
    Target target;
    std::vector<EstimateSpec> estimates;
    RunSpec run;

    int material_index(const std::string& name) const;  // -1 if absent
};

}  // namespace jt
