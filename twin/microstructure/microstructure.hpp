// SPDX-License-Identifier: Apache-2.0
// Microstructure: the state of the char cell by cell (ordering front, peak of G(r), volatiles released), how it follows the
// temperature, and what can be observed of it (kernels/kinetics.hpp, observables.hpp). Lives on the device; the coupled model
// advances it after each step and asks it for the ordering in the middle of one.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kernels/buffer.hpp"
#include "kernels/kinetics.hpp"
#include "twin/bed/bed.hpp"

namespace jt {

// Spread of an observable over the product, by mass.
struct Distribution {
    double p05 = 0.0, p50 = 0.0, p95 = 0.0;
    std::vector<double> edges, share;  // n + 1 edges, n shares that sum to 1
};

// What is switched on beside the ordering.
struct Observed {
    bool releases = false, orients = false;  // volatiles, platelets
};
Observed observed_of(const Kinetics& kinetics);
// Names of twin/quantity that a product has, in reporting order; what is not switched on is not among them.
std::vector<std::string> observable_names(const Observed& what);

class Microstructure {
public:
    // Whether a material of the bed has kinetics.
    static bool wanted(const Bed& bed);
    // The char after its history. Throws InputError for a char without density.
    Microstructure(Backend& backend, const Bed& bed);

    // A step of dt [s] in which T went linearly from T_from to T_to; field: |E| [V/m], null for none.
    void advance(const double* T_from, const double* T_to, double dt, const double* field);
    // Whether the field term or the release of volatiles is switched on.
    bool uses_field() const { return uses_field_; }
    bool releases() const { return bool(released_); }
    Observed observed() const { return {bool(released_), bool(order_)}; }
    // Heat of the last step's release, to be added to the sources of the next one [W at dt]; empty where there is none.
    const Buffer<double>& reaction_J() const { return reaction_; }
    double reaction_sum_J();

    const double* front() const { return front_.get(); }
    // Factor of heat capacity and mass, per cell; null: 1 everywhere and always.
    const double* factor() const { return factor_.get(); }

    // The char as if each cell had been held for 30 s where it is hot now, until reset(): what a heater's table of the plant
    // takes for its state at each temperature.
    void hold(const double* T);
    void reset();

    bool has_product() const { return product_mass_ > 0.0; }
    // Means over the mass of the product; ice_percent from the summed capacities.
    std::map<std::string, double> means();
    // Of the product, packed, x fastest; NaN elsewhere.
    std::vector<double> field(const std::string& quantity);
    std::map<std::string, Distribution> distributions();
    std::int64_t cells_outside_calibration();
    std::int64_t product_cells() const { return product_cells_; }
    double product_mass_kg() const { return product_mass_; }  // before any release
    double released_kg();

    // Everything a checkpoint needs.
    template <class Archive>
    void state(Archive& a) {
        a("front", backend_, front_), a("peak", backend_, peak_);
        if (released_) a("released", backend_, released_);
        if (order_) a("order", backend_, order_);
        if (factor_) a("factor", backend_, factor_);
        if (reaction_) a("reaction", backend_, reaction_);
    }

private:
    KineticsView view() const;
    double sum_of(int which, double* out = nullptr);
    void form();

    Backend& backend_;
    Grid grid_;
    double volume_;
    std::vector<double> initial_front_;    // by material
    std::optional<KineticsLaw> only_;      // KineticsView::only
    std::vector<std::uint8_t> materials_;  // packed, on the host
    std::vector<float> weight_;            // packed: mass factor of the product, 0 elsewhere
    Buffer<std::uint8_t> material_, sheet_;
    Buffer<double> mass_factor_;
    Buffer<KineticsLaw> laws_;
    Buffer<double> front_, peak_, released_, order_, factor_, reaction_, scalar_;
    double product_mass_ = 0.0;
    std::int64_t product_cells_ = 0;
    bool uses_field_ = false;
};

}  // namespace jt
