// SPDX-License-Identifier: Apache-2.0
// The events of a run by their texts: who forms a text and who reads it take the same words from here.
#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace jt {

enum class RunEventKind { limit_temperature, supply_limit, outside_laws, outside_calibration, inaccurate_step, filamentation };

// What a text begins with, or, where a count stands first, contains.
namespace event_text {
inline constexpr std::string_view kLimitTemperature = "temperature limit of ", kSupplyLimit = "supply at its limit of ",
                                  kOutsideLaws = " cells are outside the temperature range of a law",
                                  kOutsideCalibration = " cells are outside the range that the microstructure is fitted for",
                                  kInaccurateStep = "the shortest step is taken although its error is ",
                                  kFilamentation = "filamentation: ";
}  // namespace event_text

// Which event a text tells of; absent: one without a name here.
inline std::optional<RunEventKind> event_kind(std::string_view text) {
    using namespace event_text;
    constexpr std::array<std::pair<std::string_view, RunEventKind>, 4> begins{
        {{kLimitTemperature, RunEventKind::limit_temperature},
         {kSupplyLimit, RunEventKind::supply_limit},
         {kInaccurateStep, RunEventKind::inaccurate_step},
         {kFilamentation, RunEventKind::filamentation}}};
    for (const auto& [words, event] : begins)
        if (text.starts_with(words)) return event;
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    if (text.substr(digits).starts_with(kOutsideLaws)) return RunEventKind::outside_laws;
    if (text.substr(digits).starts_with(kOutsideCalibration)) return RunEventKind::outside_calibration;
    return std::nullopt;
}

}  // namespace jt
