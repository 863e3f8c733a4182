// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/data/derived_fields.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cmath>
#include <limits>

#include "viz/screen/data/streamlines.hpp"

namespace jt {

namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

// What the maps of kernels/observables.hpp give over the Th they are fitted for, 744 to 1350 degC, rounded outwards. I_D/I_G
// and d002: between the asymptotes of their fits. A test compares them with the maps.
struct Calibrated {
    const char* name;
    double low, high;  // stored unit
};
constexpr Calibrated kCalibrated[] = {
    {"Th_K", 744.0 + 273.15, 1350.0 + 273.15},
    {"id_ig", 0.5, 1.6},
    {"d002_nm", 0.345, 0.395},
    {"d_hrtem_nm", 0.355, 0.405},
    {"fringe_nm", 0.59, 0.69},
    {"La_nm", 1.8, 4.4},
    {"Lc_nm", 0.8, 1.6},
    {"pdf_G1", 3.2, 6.0},
    {"pdf_r1_A", 1.39, 1.56},
    {"plateau_mAh_g", 0.0, 220.0},
    {"slope_mAh_g", 85.0, 105.0},
    {"capacity_mAh_g", 120.0, 310.0},
    {"ice_percent", 82.0, 93.0},
    {"alignment", 0.0, 1.0},
    {"released", 0.0, 1.0},
};

bool of_char(const std::string& name) {
    return std::any_of(std::begin(kCalibrated), std::end(kCalibrated), [&](const Calibrated& c) { return name == c.name; });
}

bool electric(const std::string& name) {
    for (const char* one : {"phi_V", "J_A_per_m2", "J_over_J0", "sigma_S_per_m", "q_W_per_m3"})
        if (name == one) return true;
    return false;
}

const Quantity* known_quantity(const std::string& name) {
    for (const Quantity& q : quantities())
        if (q.name == name) return &q;
    return nullptr;
}

std::string title_of(const Quantity& q, const std::string& unit) {
    std::string label(q.label);
    // Words begin with a capital letter, symbols stay as they are.
    if (label.size() > 2 && std::islower(static_cast<unsigned char>(label[0])) &&
        std::islower(static_cast<unsigned char>(label[1])))
        label[0] = char(std::toupper(static_cast<unsigned char>(label[0])));
    return unit.empty() ? label : label + ", " + unit;
}

// The smallest of these that at most 1 % of the deviations exceed [K].
double half_width_of(std::span<const float> deviations) {
    std::vector<float> size;
    for (const float d : deviations)
        if (std::isfinite(d)) size.push_back(std::abs(d));
    constexpr double widths[] = {25.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0};
    if (size.empty()) return widths[0];
    const auto at = size.begin() + std::ptrdiff_t(0.99 * double(size.size() - 1));
    std::nth_element(size.begin(), at, size.end());
    for (const double width : widths)
        if (double(*at) <= width) return width;
    return std::end(widths)[-1];
}

// By factors of two at both ends until half of the product (of all, where there is none) is not below: a bed whose current goes
// around its product is told apart, too.
void widen(Range& range, std::span<const float> values, const std::vector<bool>& in_product) {
    std::vector<float> counted;
    for (std::size_t c = 0; c < values.size(); ++c)
        if (values[c] > 0.0f && c < in_product.size() && in_product[c]) counted.push_back(values[c]);
    if (counted.empty())
        for (const float v : values)
            if (v > 0.0f) counted.push_back(v);
    if (counted.empty()) return;
    const auto middle = counted.begin() + std::ptrdiff_t(counted.size() / 2);
    std::nth_element(counted.begin(), middle, counted.end());
    for (int n = 0; n < 8 && double(*middle) < range.low; ++n) range.low /= 2.0, range.high *= 2.0;
}

// Round rise that holds the one there is, from 5 K on.
double round_rise(double rise) {
    for (double decade = 1.0; decade < 1e9; decade *= 10.0)
        for (const double m : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0})
            if (m * decade >= 5.0 && m * decade >= rise) return m * decade;
    return rise;
}

}  // namespace

std::vector<Electrode> electrodes_of(const Scenario& scenario) {
    std::vector<Electrode> electrodes;
    for (std::size_t t = 0; t < scenario.terminals.size(); ++t) electrodes.push_back({scenario.terminals[t].face, t == 0});
    return electrodes;
}

std::optional<Range> fixed_range(const Quantity& q, const Scenario& scenario) {
    if (q.name == "T_K") {
        // Cells that are not heated yet are inside, whatever the rounding of a float.
        const double start = scenario.bed.initial_temperature - 0.01;
        double top = -std::numeric_limits<double>::infinity();
        const Program* program = nullptr;
        if (scenario.heater &&
            (scenario.heater->mode == Heater::Mode::temperature || scenario.heater->mode == Heater::Mode::imposed))
            program = &scenario.heater->program;
        else if (scenario.furnace)
            program = &scenario.furnace->wall;
        if (program)
            for (const double set_point : program->value) top = std::max(top, set_point);
        // The limit, unless it is so far off that the run would look all alike.
        const auto limit = scenario.heater ? scenario.heater->limit_temperature : std::nullopt;
        if (limit && *limit > start && (!std::isfinite(top) || *limit - start <= 2.0 * (top - start)))
            return make_range(Scale::linear, start, *limit);
        if (top > start + 1.0) return make_range(Scale::linear, start, start + round_rise(1.05 * (top - start)));
        return std::nullopt;
    }
    for (const Calibrated& c : kCalibrated)
        if (q.name == c.name) return make_range(Scale::linear, c.low, c.high);
    return std::nullopt;
}

std::vector<std::string> fields_needed(const std::string& bed_field, const std::string& micro_field, bool streamlines) {
    std::vector<std::string> names{"T_K", "J_over_J0"};
    const auto add = [&](const std::string& name) {
        if (name != "material" && name != "T_minus_mean_K" && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    };
    add(bed_field), add(micro_field);
    if (streamlines) add("phi_V"), add("sigma_S_per_m");
    return names;
}

void DerivedFields::enter(const RunFacts& facts, const FramePtr& frame) {
    if (facts_ == &facts && frame_ == frame) return;
    facts_ = &facts, frame_ = frame;
    shown_.clear();
    lines_.reset();
}

FieldOrReason DerivedFields::get(const RunFacts& facts, const FramePtr& frame, const std::string& name, bool kelvin,
                                 const std::vector<std::string>* known) {
    if (!frame) return {nullptr, "no fields of this moment yet"};
    enter(facts, frame);
    const std::string key = name + (kelvin ? " K" : "");
    const auto at = shown_.find(key);
    if (at != shown_.end()) return at->second;
    FieldOrReason formed = form(facts, *frame, name, kelvin, known);
    shown_.emplace(key, formed);
    return formed;
}

FieldOrReason DerivedFields::form(const RunFacts& facts, const FieldFrame& frame, const std::string& name, bool kelvin,
                                  const std::vector<std::string>* known) {
    const Quantity* q = known_quantity(name);
    if (!q) return {nullptr, "\"" + name + "\" is no quantity that is known here"};
    const std::size_t count = facts.extents.count();
    auto field = std::make_shared<ShownField>();
    field->quantity = q;
    static std::atomic<std::uint64_t> versions{0};
    field->version = ++versions;
    field->unit = kelvin && q->offset != 0.0 ? "K" : std::string(q->unit);
    field->title = title_of(*q, field->unit);
    const double offset = kelvin ? 0.0 : q->offset;

    if (name == "material") {
        if (facts.material.size() != count) return {nullptr, "the materials of this run are not known"};
        field->values.resize(count);
        for (std::size_t c = 0; c < count; ++c) field->values[c] = facts.material[c] == 0 ? kNone : float(facts.material[c]);
        const double last = double(std::max<std::size_t>(facts.material_names.size(), 2)) - 1.0;
        field->scale = {q->map, make_range(Scale::linear, std::min(1.0, last - 1.0), last)};
        field->fixed = true;
    } else {
        const bool deviation = name == "T_minus_mean_K";
        const std::vector<float>* source = frame.find(deviation ? "T_K" : name);
        if (!source || source->size() != count) {
            const std::string asked = deviation ? "T_K" : name;
            if (of_char(name)) {
                const auto& materials = facts.scenario.materials;
                if (std::none_of(materials.begin(), materials.end(), [](const Material& m) { return m.kinetics.has_value(); }))
                    return {nullptr, "this bed has no char"};
            }
            if (electric(name) && facts.scenario.terminals.empty()) return {nullptr, "no current flows: no electrodes"};
            if (known && std::find(known->begin(), known->end(), asked) == known->end())
                return {nullptr, "not recorded in this run"};
            return {nullptr, source ? "this field is damaged" : "being read"};
        }
        field->values = *source;
        for (float& v : field->values)
            if (!std::isfinite(v)) v = kNone;
        const bool any = std::any_of(field->values.begin(), field->values.end(), [](float v) { return !std::isnan(v); });
        if (!any) return {nullptr, electric(name) ? "no current flows" : "no cell has a value at this moment"};
        if (deviation) {
            double sum = 0.0, all = 0.0;
            std::size_t n = 0, n_all = 0;
            for (std::size_t c = 0; c < count; ++c) {
                const double v = double(field->values[c]);
                if (std::isnan(v)) continue;
                all += v, ++n_all;
                if (c < facts.in_product.size() && facts.in_product[c]) sum += v, ++n;
            }
            field->mean = n > 0 ? sum / double(n) : all / double(n_all);
            for (float& v : field->values) v = float(double(v) - field->mean);
            const double half = half_width_of(field->values);
            field->scale = {q->map, symmetric_range(0.0, half)};
            field->title = std::string(q->label) + ", \u00b1" + trimmed(format_number(half, 4)) + " K";
            field->fixed = true;
        } else {
            if (const auto fixed = fixed_range(*q, facts.scenario)) {
                field->scale = {q->map, make_range(fixed->scale, fixed->low + offset, fixed->high + offset)};
                field->fixed = true;
            } else if (name == "T_K") {
                // From the start to a round rise that holds the hottest: it changes seldom.
                const double start = facts.scenario.bed.initial_temperature - 0.01;
                double top = start;
                for (const float v : field->values)
                    if (!std::isnan(v)) top = std::max(top, double(v));
                field->scale = {q->map, make_range(Scale::linear, start + offset, start + round_rise(top - start) + offset)};
            } else {
                field->scale = {q->map, range_of(*q, field->values)};
                if (q->scale == Scale::log2) widen(field->scale.range, field->values, facts.in_product);
                field->fixed = q->range && field->scale.range.low == (*q->range)[0];
            }
            if (offset != 0.0)
                for (float& v : field->values) v = float(double(v) + offset);
        }
    }
    bool first = true;
    for (const float one : field->values) {
        const double v = double(one);
        if (std::isnan(v)) continue;
        field->least = first ? v : std::min(field->least, v), field->most = first ? v : std::max(field->most, v);
        first = false;
    }
    field->histogram = histogram_of(field->values, field->scale.range, kHistogramBins);
    return {field, {}};
}

std::shared_ptr<const std::vector<std::vector<Vec3>>> DerivedFields::streamlines(const RunFacts& facts, const FramePtr& frame) {
    static const auto none = std::make_shared<const std::vector<std::vector<Vec3>>>();
    if (!frame) return none;
    enter(facts, frame);
    if (lines_) return lines_;
    lines_ = none;
    const auto *phi = frame->find("phi_V"), *sigma = frame->find("sigma_S_per_m");
    const std::size_t count = facts.extents.count();
    if (!phi || !sigma || phi->size() != count || sigma->size() != count) return lines_;
    std::vector<CurrentPort> ports;
    for (const Terminal& terminal : facts.scenario.terminals) {
        int material = -1;
        if (!terminal.material.empty() && facts.material.size() == count) {
            const auto at = std::find(facts.material_names.begin(), facts.material_names.end(), terminal.material);
            if (at != facts.material_names.end()) material = int(at - facts.material_names.begin());
        }
        ports.push_back({terminal.face, material});
    }
    const CurrentField field(facts.extents, *phi, *sigma, facts.material, std::move(ports));
    lines_ = std::make_shared<const std::vector<std::vector<Vec3>>>(field.streamlines());
    return lines_;
}

}  // namespace jt
