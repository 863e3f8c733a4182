// SPDX-License-Identifier: Apache-2.0
#include "twin/stack/segment.hpp"

#include <algorithm>

#include "kernels/error.hpp"

namespace jt {
namespace {

constexpr std::uint8_t kNoRange = 255;

std::string title(const GreyRange& r) {
    return "label " + r.name + " [" + std::to_string(r.low) + ", " + std::to_string(r.high) + "]";
}

std::array<int, 6> checked_crop(const Stack& s, const std::optional<std::array<int, 6>>& crop, const std::string& file) {
    const int cells[3] = {s.nx, s.ny, s.nz};
    if (!crop) return {0, s.nx, 0, s.ny, 0, s.nz};
    std::vector<std::string> problems;
    for (std::size_t a = 0; a < 3; ++a) {
        const int low = (*crop)[2 * a], high = (*crop)[2 * a + 1];
        if (low < 0 || high > cells[a] || low >= high)
            problems.push_back("crop: " + std::to_string(low) + " to " + std::to_string(high) + " along " + "xyz"[a] +
                               "; allowed: part of 0 to " + std::to_string(cells[a]) + ", the size of " + file);
    }
    if (!problems.empty()) throw InputError(problems);
    return *crop;
}

// Number of the range of each grey value, kNoRange where there is none.
std::vector<std::uint8_t> range_table(const Stack& s, const std::vector<GreyRange>& ranges, const std::string& file) {
    const int most = s.bits == 8 ? 255 : 65535;
    std::vector<std::string> problems;
    if (ranges.empty() || ranges.size() >= kNoRange)
        throw InputError("labels: " + std::to_string(ranges.size()) + " grey ranges; allowed: 1 to " +
                         std::to_string(kNoRange - 1));
    std::vector<std::uint8_t> table(std::size_t(most) + 1, kNoRange);
    for (std::size_t n = 0; n < ranges.size(); ++n) {
        const GreyRange& r = ranges[n];
        if (r.low < 0 || r.low > r.high || r.high > most) {
            problems.push_back(title(r) + ": allowed: low <= high, from 0 to " + std::to_string(most) + ", as " + file +
                               " has " + std::to_string(s.bits) + " bit");
            continue;
        }
        for (std::size_t m = 0; m < n; ++m)
            if (r.low <= ranges[m].high && ranges[m].low <= r.high)
                problems.push_back(title(r) + " overlaps " + title(ranges[m]) + "; allowed: ranges apart");
        std::fill(table.begin() + r.low, table.begin() + r.high + 1, std::uint8_t(n));
    }
    if (!problems.empty()) throw InputError(problems);
    return table;
}

std::uint8_t majority(const std::array<int, 256>& counts) {
    return std::uint8_t(std::max_element(counts.begin(), counts.end()) - counts.begin());  // the first of the largest
}

}  // namespace

Segmented segment(const Stack& stack, const std::vector<GreyRange>& ranges, const std::optional<std::array<int, 6>>& crop,
                  int coarsen, const std::string& file) {
    if (coarsen < 1 || coarsen > 64) throw InputError("coarsen: found " + std::to_string(coarsen) + "; allowed: 1 to 64");
    const auto part = checked_crop(stack, crop, file);
    const auto range_of = range_table(stack, ranges, file);

    Segmented out;
    out.voxels.assign(ranges.size(), 0);
    out.nx = (part[1] - part[0] - 1) / coarsen + 1;
    out.ny = (part[3] - part[2] - 1) / coarsen + 1;
    out.nz = (part[5] - part[4] - 1) / coarsen + 1;
    out.material.reserve(std::size_t(out.nx) * std::size_t(out.ny) * std::size_t(out.nz));
    int least = 65535, most = 0;
    for (int z = part[4]; z < part[5]; z += coarsen)
        for (int y = part[2]; y < part[3]; y += coarsen)
            for (int x = part[0]; x < part[1]; x += coarsen) {
                std::array<int, 256> counts{};
                for (int k = z; k < std::min(z + coarsen, part[5]); ++k)
                    for (int j = y; j < std::min(y + coarsen, part[3]); ++j)
                        for (int i = x; i < std::min(x + coarsen, part[1]); ++i) {
                            const int grey =
                                stack.grey[(std::size_t(k) * std::size_t(stack.ny) + std::size_t(j)) * std::size_t(stack.nx) +
                                           std::size_t(i)];
                            least = std::min(least, grey);
                            most = std::max(most, grey);
                            const std::uint8_t range = range_of[std::size_t(grey)];
                            if (range != kNoRange) ++out.voxels[range];
                            ++counts[range == kNoRange ? 0 : ranges[range].material];
                        }
                out.material.push_back(majority(counts));
            }

    std::vector<std::string> problems;
    for (std::size_t n = 0; n < ranges.size(); ++n) {
        // Void may vanish when voxels are merged; a material that does is most likely not meant to.
        if (out.voxels[n] == 0)
            problems.push_back(title(ranges[n]) + ": no voxel of " + file + (crop ? " inside the crop" : "") +
                               " has these grey values; found " + std::to_string(least) + ".." + std::to_string(most));
        else if (coarsen > 1 && ranges[n].material != 0 &&
                 std::find(out.material.begin(), out.material.end(), ranges[n].material) == out.material.end())
            problems.push_back(title(ranges[n]) + ": no voxel is left of it in " + file + " coarsened by " +
                               std::to_string(coarsen) + ", as no block has it as its most frequent material");
    }
    if (!problems.empty()) throw InputError(problems);
    return out;
}

}  // namespace jt
