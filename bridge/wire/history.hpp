// SPDX-License-Identifier: Apache-2.0
// History: states of before, as the reply to "history" carries them: JSON, a list of numbers for each quantity, null where a
// state had none:
//     {"run_s": [...], "scalars": {"T_mean_K": {"value": [...], "sd": [...], "low": [...], "high": [...]}, ...}}
// Beside the scalars of a state stand "nis" with its 95 % band, and for each sensor "reading.NAME" (sd 0) and "innovation.NAME"
// with its standard deviation, where it had an accepted reading.
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/wire/message.hpp"

namespace jt {

struct PastRow {
    double run_s = 0.0;
    std::map<std::string, Estimate> scalars;
};

inline constexpr std::string_view kPastNis = "nis", kPastReading = "reading.", kPastInnovation = "innovation.";

PastRow past_row(const TwinState& state);

// Quality is not carried. Rows keep their order; rows and estimates with numbers that are not finite are left out.
std::string encode_history(std::span<const PastRow> rows);
// Throws InputError: what is wrong where; more than kMostPastRows rows or kMostPastNames quantities.
inline constexpr std::size_t kMostPastRows = 1'000'000, kMostPastNames = 1000;
std::vector<PastRow> decode_history(std::string_view text);

}  // namespace jt
