// SPDX-License-Identifier: Apache-2.0
#include "twin/microstructure/microstructure.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/error.hpp"
#include "twin/material/history.hpp"
#include "twin/microstructure/orientation.hpp"

namespace jt {
namespace {

constexpr double kPart = 20.0;  // [K] of change that one part of a step follows; kernels/kinetics.hpp
constexpr int kMostParts = 200;
constexpr int kBins = 40;  // of a distribution

struct Named {
    const char* name;
    Observable which;
};
constexpr Named kObservables[] = {{"Th_K", Observable::Th},           {"id_ig", Observable::id_ig},
                                  {"d002_nm", Observable::d002},      {"d_hrtem_nm", Observable::hrtem},
                                  {"fringe_nm", Observable::fringe},  {"La_nm", Observable::La},
                                  {"Lc_nm", Observable::Lc},          {"pdf_G1", Observable::peak_G1},
                                  {"pdf_r1_A", Observable::peak_r1},  {"plateau_mAh_g", Observable::plateau},
                                  {"slope_mAh_g", Observable::slope}, {"capacity_mAh_g", Observable::capacity},
                                  {"ice_percent", Observable::ice},   {"alignment", Observable::alignment},
                                  {"released", Observable::released}};

Observable observable_of(const std::string& name) {
    for (const Named& one : kObservables)
        if (name == one.name) return one.which;
    throw Error("no observable " + name);
}

// Smallest value that `rank` of the mass does not exceed; pairs of value and weight, sorted.
double percentile(const std::vector<std::pair<double, double>>& sorted, double total, double rank) {
    double sum = 0.0;
    for (const auto& [value, weight] : sorted) {
        sum += weight;
        if (sum >= rank * total) return value;
    }
    return sorted.back().first;
}

}  // namespace

std::vector<std::string> observable_names(const Observed& what) {
    std::vector<std::string> names;
    for (const Named& one : kObservables)
        if ((one.which != Observable::released || what.releases) && (one.which != Observable::alignment || what.orients))
            names.emplace_back(one.name);
    return names;
}

Observed observed_of(const Kinetics& k) {
    return {k.volatiles > 0.0, k.platelet_radius > 0.0};
}

bool Microstructure::wanted(const Bed& bed) {
    std::vector<std::uint8_t> used(bed.materials.size(), 0);
    for (const std::uint8_t m : bed.material) used[m] = 1;
    for (std::size_t m = 0; m < used.size(); ++m)
        if (used[m] && bed.materials[m].kinetics) return true;
    return false;
}

Microstructure::Microstructure(Backend& backend, const Bed& bed)
    : backend_(backend), grid_(grid_of(bed.extents)), volume_(bed.extents.voxel_volume()), materials_(bed.material) {
    std::vector<KineticsLaw> laws;
    bool releases = false, reacts = false, orients = false, changes_heat = false;
    std::vector<std::uint8_t> is_product(bed.materials.size(), bed.product.empty() ? 1 : 0);
    for (std::size_t c = 0; c < bed.product.size(); ++c)
        if (bed.product[c]) is_product[bed.material[c]] = 1;
    for (std::size_t m = 0; m < bed.materials.size(); ++m) {
        KineticsLaw law;
        initial_front_.push_back(0.0);
        if (const auto& k = bed.materials[m].kinetics) {
            if (!bed.materials[m].density) throw InputError("material." + bed.materials[m].name + ": kinetics need density");
            law.attempt = k->attempt;
            law.log_attempt = std::log(k->attempt);
            law.peak_rate = k->peak_rate;
            law.peak_energy = k->peak_energy;
            law.field_gain = k->field_gain;
            law.conversion = k->conversion;
            law.volatiles = k->volatiles;
            law.volatile_heat = k->volatile_heat;
            law.density = bed.materials[m].density->at(bed.temperature);
            law.product = is_product[m];
            initial_front_.back() = front_after_history(parse_history(k->history), k->attempt);
            // alpha = 16/3 e0 a^3 of a metallic disc, u = alpha E^2 / (2 kB T)
            law.platelet_gain = 8.0 / 3.0 * kVacuumPermittivity * std::pow(k->platelet_radius, 3) / kBoltzmann;
            orients = orients || k->platelet_radius > 0.0;
            uses_field_ = uses_field_ || k->field_gain != 0.0 || k->platelet_radius > 0.0;
            changes_heat = changes_heat || k->conversion != 0.0 || k->volatiles != 0.0;
            releases = releases || k->volatiles != 0.0;
            reacts = reacts || k->volatile_heat != 0.0;
        }
        laws.push_back(law);
    }
    const auto has_kinetics = [](const KineticsLaw& law) { return law.attempt != 0.0; };
    if (const auto at = std::find_if(laws.begin(), laws.end(), has_kinetics);
        std::count_if(laws.begin(), laws.end(), has_kinetics) == 1 && initial_front_[std::size_t(at - laws.begin())] > 0.0)
        only_ = *at;
    laws_ = Buffer<KineticsLaw>::from(backend, laws);
    material_ = upload_field(backend, grid_, bed.material);
    if (!bed.sheet.empty()) {
        sheet_ = upload_field(backend, grid_, bed.sheet);
        std::vector<double> ratio;
        for (const Sheet& s : bed.sheets) ratio.push_back(s.ratio);
        mass_factor_ = Buffer<double>::from(backend, ratio);
    }
    weight_.resize(bed.material.size(), 0.0f);
    for (std::size_t c = 0; c < bed.material.size(); ++c) {
        const KineticsLaw& law = laws[bed.material[c]];
        if (law.attempt == 0.0 || !law.product) continue;
        weight_[c] = float(law.density * (bed.sheet.empty() ? 1.0 : bed.sheets[bed.sheet[c]].ratio));
        ++product_cells_;
    }
    front_ = Buffer<double>::field(backend, grid_);
    peak_ = Buffer<double>::field(backend, grid_);
    if (changes_heat) factor_ = Buffer<double>::field(backend, grid_);
    if (releases) released_ = Buffer<double>::field(backend, grid_);
    if (orients) order_ = Buffer<double>::field(backend, grid_);
    if (reacts) reaction_ = Buffer<double>::field(backend, grid_);
    scalar_ = Buffer<double>(backend, 1);
    reset();
    product_mass_ = sum_of(int(Observable::mass)) + (releases ? sum_of(int(Observable::released)) : 0.0);
}

KineticsView Microstructure::view() const {
    return {grid_,
            material_.get(),
            laws_.get(),
            front_.get(),
            peak_.get(),
            released_.get(),
            order_.get(),
            sheet_.get(),
            mass_factor_.get(),
            volume_,
            only_ ? &*only_ : nullptr};
}

double Microstructure::sum_of(int which, double* out) {
    backend_.observe(view(), Observable(which), out, scalar_.get());
    double sum = 0.0;
    backend_.download(&sum, scalar_.get(), sizeof sum);
    return sum;
}

void Microstructure::form() {
    if (factor_) backend_.form_char(view(), factor_.get(), reaction_.get());
}

void Microstructure::reset() {
    std::vector<double> packed(materials_.size());
    for (std::size_t c = 0; c < packed.size(); ++c) packed[c] = initial_front_[materials_[c]];
    const auto staging = Buffer<double>::from(backend_, packed);
    backend_.scatter(grid_, staging.get(), front_.get());
    backend_.synchronise();
    peak_.zero();
    if (order_) order_.zero();
    form();
    if (reaction_) reaction_.zero();
}

void Microstructure::hold(const double* T) {
    backend_.hold_front(view(), T);
    form();
}

void Microstructure::advance(const double* T_from, const double* T_to, double dt, const double* field) {
    if (!(dt > 0.0)) return;
    const double change = backend_.largest_change(grid_, T_from, T_to, 1.0, 0.0, 0.0);  // [K]
    const int parts = std::isfinite(change) ? std::clamp(int(std::ceil(change / kPart)), 1, kMostParts) : 1;
    backend_.advance_kinetics(view(), T_from, T_to, dt, parts, uses_field_ ? field : nullptr);
    if (order_) backend_.advance_orientation(view(), T_from, T_to, dt, field);
    form();
}

double Microstructure::reaction_sum_J() {
    if (!reaction_) return 0.0;
    backend_.sum(grid_, reaction_.get(), scalar_.get());
    double sum = 0.0;
    backend_.download(&sum, scalar_.get(), sizeof sum);
    return sum;
}

std::map<std::string, double> Microstructure::means() {
    std::map<std::string, double> out;
    const double mass = released_ ? sum_of(int(Observable::mass)) : product_mass_;
    if (!(mass > 0.0)) return out;
    const auto mean = [&](Observable which) { return sum_of(int(which)) / mass; };
    const double Th = mean(Observable::Th), g = mean(Observable::peak), d002 = mean(Observable::d002);
    const double plateau = mean(Observable::plateau), slope = mean(Observable::slope);
    out["Th_K"] = Th;
    out["id_ig"] = mean(Observable::id_ig);
    out["d002_nm"] = d002;
    out["d_hrtem_nm"] = d002 + kHrtemOffset;
    out["fringe_nm"] = mean(Observable::fringe);
    // linear in Th and in g: their means are the maps of the means
    out["La_nm"] = cpu::observable(Observable::La, Th - 273.15, 0.0, 0.0, 0.0);
    out["Lc_nm"] = cpu::observable(Observable::Lc, Th - 273.15, 0.0, 0.0, 0.0);
    out["pdf_G1"] = cpu::observable(Observable::peak_G1, 0.0, g, 0.0, 0.0);
    out["pdf_r1_A"] = cpu::observable(Observable::peak_r1, 0.0, g, 0.0, 0.0);
    out["plateau_mAh_g"] = plateau;
    out["slope_mAh_g"] = slope;
    out["capacity_mAh_g"] = plateau + slope;
    out["ice_percent"] = 100.0 * (plateau + slope) / (plateau + slope + kIrreversible);
    if (order_) out["alignment"] = mean(Observable::alignment);
    if (released_) out["released"] = released_kg() / product_mass_;
    return out;
}

double Microstructure::released_kg() {
    return released_ ? sum_of(int(Observable::released)) : 0.0;
}

std::vector<double> Microstructure::field(const std::string& quantity) {
    const auto values = Buffer<double>::field(backend_, grid_);
    sum_of(int(observable_of(quantity)), values.get());
    return download_field<double>(backend_, grid_, values);
}

std::int64_t Microstructure::cells_outside_calibration() {
    backend_.outside_calibration(view(), scalar_.get());
    double count = 0.0;
    backend_.download(&count, scalar_.get(), sizeof count);
    return std::int64_t(count);
}

std::map<std::string, Distribution> Microstructure::distributions() {
    std::map<std::string, Distribution> out;
    if (product_cells_ == 0) return out;
    const std::vector<double> left = released_ ? field("released") : std::vector<double>();
    for (const std::string& name : observable_names(observed())) {
        const auto values = field(name);
        std::vector<std::pair<double, double>> sorted;
        sorted.reserve(std::size_t(product_cells_));
        double total = 0.0;
        for (std::size_t c = 0; c < values.size(); ++c) {
            if (!(weight_[c] > 0.0f)) continue;
            const double mass = double(weight_[c]) * (left.empty() ? 1.0 : 1.0 - left[c]);
            sorted.emplace_back(values[c], mass);
            total += mass;
        }
        std::sort(sorted.begin(), sorted.end());
        Distribution d{
            percentile(sorted, total, 0.05), percentile(sorted, total, 0.50), percentile(sorted, total, 0.95), {}, {}};
        const double low = sorted.front().first, high = sorted.back().first;
        // bins no narrower than what doubles can tell apart
        const double width = std::max((high - low) / kBins, 1e-9 * std::max(std::abs(high), 1e-3));
        for (int n = 0; n <= kBins; ++n) d.edges.push_back(low + n * width);
        d.share.assign(kBins, 0.0);
        for (const auto& [value, weight] : sorted)
            d.share[std::size_t(std::clamp(int((value - low) / width), 0, kBins - 1))] += weight / total;
        out[name] = std::move(d);
    }
    return out;
}

}  // namespace jt
