// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "bridge/wire/payload.hpp"

namespace jt {

std::string_view name(Quality quality) {
    return kQualityNames[std::size_t(quality)];
}
std::string_view name(HeaterPhase phase) {
    return kPhaseNames[std::size_t(phase)];
}
std::optional<Quality> quality_of(std::string_view text) {
    const auto at = std::find(std::begin(kQualityNames), std::end(kQualityNames), text);
    if (at == std::end(kQualityNames)) return {};
    return Quality(at - std::begin(kQualityNames));
}

}  // namespace jt
