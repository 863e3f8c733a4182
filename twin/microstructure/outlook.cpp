// SPDX-License-Identifier: Apache-2.0
#include "twin/microstructure/outlook.hpp"

namespace jt {

std::optional<Outlook> outlook(const Scenario&, std::span<const float>, std::span<const float>, const std::vector<bool>&,
                               double, const Program*) {
    return std::nullopt;
}

}  // namespace jt
