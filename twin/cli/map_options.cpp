// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/map_options.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "kernels/error.hpp"
#include "twin/scenario/check.hpp"
#include "twin/text.hpp"
#include "twin/units.hpp"

namespace jt::cli {
namespace {

std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> parts;
    for (std::size_t end; (end = text.find(',')) != std::string_view::npos; text.remove_prefix(end + 1))
        parts.push_back(trim(text.substr(0, end)));
    parts.push_back(trim(text));
    return parts;
}

std::optional<int> whole(std::string_view text) {
    int value = 0;
    text = trim(text);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) return {};
    return value;
}

std::array<double, 3> parse_voxel(const std::string& text) {
    constexpr double kLeast = 1e-9, kMost = 1.0;  // [m]
    const auto parts = split_list(text);
    if (parts.size() != 1 && parts.size() != 3)
        throw InputError("--voxel: found " + quote(text) +
                         "; allowed: one length or three, e.g. \"1.3 um\" or \"1.3 um,1.3 um,2 um\"");
    std::array<double, 3> voxel{};
    for (std::size_t a = 0; a < 3; ++a) {
        try {
            voxel[a] = parse_quantity(parts[parts.size() == 1 ? 0 : a], Dimension::length);
        } catch (const InputError& error) {
            throw InputError(std::string("--voxel: ") + error.what());
        }
        if (!(voxel[a] >= kLeast && voxel[a] <= kMost))
            throw InputError("--voxel: found " + quote(text) + "; allowed: 1 nm to 1 m");
    }
    return voxel;
}

std::array<int, 6> parse_crop(const std::string& text) {
    const auto parts = split_list(text);
    std::array<int, 6> crop{};
    bool good = parts.size() == 6;
    for (std::size_t n = 0; good && n < 6; ++n) {
        const auto value = whole(parts[n]);
        good = value.has_value() && (n % 2 == 0 || *value > crop[n - 1]);
        if (good) crop[n] = *value;
    }
    if (!good)
        throw InputError("--crop: found " + quote(text) +
                         "; allowed: x0,x1,y0,y1,z0,z1 in voxels, upper ends excluded, x0 < x1");
    return crop;
}

// A conductivity, or a resistivity to invert, as in a material file.
double parse_sigma_value(std::string_view text) {
    constexpr double kMost = 1e9;  // [S/m], as the schema's material.NAME.sigma
    double sigma = -1.0;
    try {
        sigma = 1.0 / parse_quantity(text, Dimension::resistivity);
    } catch (const InputError&) {  // then it is a conductivity, or wrong as one
        sigma = parse_quantity(text, Dimension::conductivity);
    }
    if (!(sigma >= 0.0 && sigma <= kMost))
        throw InputError("found " + quote(text) + "; allowed: 0 to 1e9 S/m, or a resistivity from 1e-9 ohm m");
    return sigma;
}

GreySigma parse_sigma(const std::string& text, std::size_t number) {
    const std::string where = "--sigma " + quote(text) + ": ";
    const std::string allowed = "allowed: LOW-HIGH=VALUE or GREY=VALUE, e.g. \"90-255=8e5 S/m\"";
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) throw InputError(where + "there is no '='; " + allowed);
    const std::string_view greys = std::string_view(text).substr(0, equals);
    const std::size_t dash = greys.find('-');
    const auto low = whole(greys.substr(0, dash));
    const auto high = dash == std::string_view::npos ? low : whole(greys.substr(dash + 1));
    if (!low || !high || *low > *high || *high > 65535)
        throw InputError(where + "found " + quote(greys) + " as grey values; " + allowed + ", 0 <= LOW <= HIGH <= 65535");
    GreySigma out;
    out.value = std::string(trim(std::string_view(text).substr(equals + 1)));
    try {
        out.sigma = parse_sigma_value(out.value);
    } catch (const InputError& error) {
        throw InputError(where + error.what());
    }
    out.range.low = *low;
    out.range.high = *high;
    out.range.name = "grey_" + std::to_string(*low);
    if (high != low) out.range.name.append("_").append(std::to_string(*high));
    out.range.material = std::uint8_t(number + 1);
    return out;
}

}  // namespace

void MapOptions::check() {
    std::vector<std::string> problems;
    const auto collect = [&](auto&& work) {
        try {
            work();
        } catch (const InputError& error) {
            problems.insert(problems.end(), error.problems.begin(), error.problems.end());
        }
    };
    if (!voxel_text.empty()) collect([&] { voxel = parse_voxel(voxel_text); });
    if (!crop_text.empty()) collect([&] { crop = parse_crop(crop_text); });
    if (sigma_texts.size() >= kMostMaterials)
        throw InputError("--sigma: " + std::to_string(sigma_texts.size()) + " given; allowed: at most " +
                         std::to_string(kMostMaterials - 1));
    for (std::size_t n = 0; n < sigma_texts.size(); ++n)
        collect([&] {
            GreySigma next = parse_sigma(sigma_texts[n], n);
            for (const GreySigma& other : sigmas)
                if (next.range.low <= other.range.high && other.range.low <= next.range.high)
                    throw InputError("--sigma " + quote(sigma_texts[n]) + ": overlaps grey values " +
                                     std::to_string(other.range.low) + "-" + std::to_string(other.range.high) +
                                     "; allowed: ranges apart");
            sigmas.push_back(std::move(next));
        });
    if (!problems.empty()) throw InputError(problems);
}

Bed bed_of(const Stack& stack, const MapOptions& o) {
    std::vector<GreyRange> ranges;
    Bed bed;
    bed.sheets = {Sheet{}};
    Material nothing;
    nothing.name = "void";
    nothing.is_void = true;
    bed.materials = {nothing};
    for (const GreySigma& s : o.sigmas) {
        ranges.push_back(s.range);
        Material material;
        material.name = s.range.name;
        material.sigma = DirectionalLaw{Law::make_constant(s.sigma), {}, 2};
        bed.materials.push_back(material);
    }
    Segmented map = segment(stack, ranges, o.crop, o.coarsen, o.file);
    const auto& h = *o.voxel;
    bed.extents = {map.nx, map.ny, map.nz, h[0] * o.coarsen, h[1] * o.coarsen, h[2] * o.coarsen};
    bed.material = std::move(map.material);
    if (std::none_of(bed.material.begin(), bed.material.end(),
                     [&](std::uint8_t m) { return m > 0 && o.sigmas[std::size_t(m - 1)].sigma > 0.0; }))
        throw InputError(o.file + ": no voxel conducts; allowed: at least one --sigma > 0 S/m whose grey values occur");
    return bed;
}

}  // namespace jt::cli
