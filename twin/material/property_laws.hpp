// SPDX-License-Identifier: Apache-2.0
// PropertyLaws: one property (electrical or thermal conductivity) of a list of materials, in the form the kernels evaluate.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "kernels/buffer.hpp"
#include "twin/material/material.hpp"

namespace jt {

class PropertyLaws {
public:
    // `member`: &Material::sigma or &Material::conductivity. A material without the property gets the law `zero`.
    PropertyLaws(Backend& backend, const std::vector<Material>& materials, std::optional<DirectionalLaw> Material::*member);

    // The value of a material is `factor` (> 0) times its law from now on: the law of twin/material/law.hpp scaled by it.
    void set_factor(int material, double factor);

    bool alike(int a, int b) const;  // the laws of every material are the same along both axes
    bool char_alike() const;         // one law is of a char, the same along all axes
    const PropertyLaw* along(int axis) const { return laws_[std::size_t(axis)].get(); }
    std::span<const PropertyLaw> on_host(int axis) const { return host_[std::size_t(axis)]; }
    const double* table_T() const { return table_T_.get(); }
    const double* table_value() const { return table_value_.get(); }

private:
    Backend& backend_;
    std::array<std::vector<PropertyLaw>, 3> host_;  // by material, as the device has them
    std::array<Buffer<PropertyLaw>, 3> laws_;
    std::vector<double> factor_;  // by material
    Buffer<double> table_T_, table_value_;
    std::vector<int> normal_;  // by material: the axis along which its law is another; -1: none
};

}  // namespace jt
