// SPDX-License-Identifier: Apache-2.0
#include "twin/material/property_laws.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/error.hpp"
#include "kernels/kinetics.hpp"

namespace jt {
namespace {

LawKind kind_of(Law::Kind kind) {
    switch (kind) {
        case Law::Kind::constant:
            return LawKind::constant;
        case Law::Kind::linear:
            return LawKind::linear;
        case Law::Kind::polynomial:
            return LawKind::polynomial;
        case Law::Kind::powers:
            return LawKind::powers;
        case Law::Kind::exponential:
            return LawKind::exponential;
        case Law::Kind::inverse:
            return LawKind::inverse;
        case Law::Kind::table:
            return LawKind::table;
        case Law::Kind::arrhenius:
            return LawKind::arrhenius;
        case Law::Kind::zbs:
            return LawKind::uniform;
        case Law::Kind::char_bed:
            return LawKind::char_bed;
    }
    throw Error("law of a kind the kernels do not know");
}

constexpr double kUniformStep = 4.0;  // [K] linear between: within 4e-6 of a packed bed's conductivity

PropertyLaw flatten(const Law& law, const Material& material, std::vector<double>& table_T, std::vector<double>& table_value) {
    PropertyLaw flat;
    flat.kind = kind_of(law.kind);
    flat.valid_min = law.valid_min;
    flat.valid_max = law.valid_max;
    if (law.kind == Law::Kind::table) {
        flat.table = int(table_T.size());
        flat.count = int(law.table_T.size());
        table_T.insert(table_T.end(), law.table_T.begin(), law.table_T.end());
        table_value.insert(table_value.end(), law.table_value.begin(), law.table_value.end());
        return flat;
    }
    if (law.kind == Law::Kind::zbs) {
        flat.table = int(table_value.size());
        flat.count = std::max(2, int(std::ceil((law.valid_max - law.valid_min) / kUniformStep)) + 1);
        flat.c[0] = law.valid_min;
        flat.c[1] = (law.valid_max - law.valid_min) / (flat.count - 1);
        for (int n = 0; n < flat.count; ++n) {
            table_value.push_back(law.at(law.valid_min + n * flat.c[1]));
            table_T.push_back(0.0);
        }
        return flat;
    }
    if (law.kind == Law::Kind::char_bed) {
        if (!material.kinetics) throw InputError("material." + material.name + ".sigma: kind \"char\" needs [kinetics]");
        const auto& c = law.coefficients;
        const double log_attempt = std::log(material.kinetics->attempt), ten = std::log(10.0);
        flat.count = 8;
        flat.c[0] = flat.p[0] = std::log(c[0]) + c[1] * ten;  // p[0]: without a factor
        flat.c[1] = (c[2] - c[1]) * ten;
        flat.c[2] = c[3];
        flat.c[3] = 1.0 / c[4];
        flat.c[4] = c[5] * kElectronVoltOverBoltzmann;
        flat.c[5] = c[6] * kElectronVoltOverBoltzmann;
        flat.c[6] = 1.0 / (kGasConstant * (log_attempt + kLogHoldOfTh));
        flat.c[7] = log_attempt;
        return flat;
    }
    if (law.coefficients.size() > kLawCoefficients)
        throw InputError("a law has " + std::to_string(law.coefficients.size()) + " coefficients; at most " +
                         std::to_string(kLawCoefficients) + " are allowed");
    flat.count = int(law.coefficients.size());
    std::copy(law.coefficients.begin(), law.coefficients.end(), flat.c);
    std::copy(law.exponents.begin(), law.exponents.begin() + std::min(law.exponents.size(), law.coefficients.size()), flat.p);
    return flat;
}

}  // namespace

PropertyLaws::PropertyLaws(Backend& backend, const std::vector<Material>& materials,
                           std::optional<DirectionalLaw> Material::*member)
    : backend_(backend), factor_(materials.size(), 1.0) {
    std::vector<double> table_T{0.0}, table_value{0.0};  // never empty: a buffer of nothing has no address
    for (const Material& material : materials) {
        const auto& property = material.*member;
        normal_.push_back(property && !material.is_void && !property->isotropic() ? property->normal : -1);
    }
    for (int axis = 0; axis < 3; ++axis) {
        std::vector<PropertyLaw> laws;
        for (const Material& material : materials) {
            const auto& property = material.*member;
            if (property && !material.is_void) {
                laws.push_back(flatten(property->along(axis), material, table_T, table_value));
            } else {
                laws.emplace_back();
            }
        }
        laws_[std::size_t(axis)] = Buffer<PropertyLaw>::from(backend, laws);
        host_[std::size_t(axis)] = std::move(laws);
    }
    table_T_ = Buffer<double>::from(backend, table_T);
    table_value_ = Buffer<double>::from(backend, table_value);
}

bool PropertyLaws::alike(int a, int b) const {
    return a == b || std::all_of(normal_.begin(), normal_.end(), [&](int normal) { return a != normal && b != normal; });
}

bool PropertyLaws::char_alike() const {
    int chars = 0;
    for (std::size_t m = 0; m < normal_.size(); ++m)
        for (const auto& laws : host_) {
            if (laws[m].kind != LawKind::char_bed) continue;
            if (normal_[m] >= 0) return false;
            ++chars;
        }
    return chars == 3;
}

void PropertyLaws::set_factor(int material, double factor) {
    const auto m = std::size_t(material);
    if (factor == factor_[m]) return;
    for (std::size_t a = 0; a < 3; ++a) {
        PropertyLaw& law = host_[a][m];
        if (law.kind == LawKind::char_bed)
            law.c[0] = law.p[0] + std::log(factor);  // of the law as it was made: no trace of factors before
        else
            law.scale = factor;
        backend_.upload(laws_[a].get(), host_[a].data(), laws_[a].bytes());
    }
    backend_.synchronise();
    factor_[m] = factor;
}

}  // namespace jt
