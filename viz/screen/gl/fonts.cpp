// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/fonts.hpp"

#include <imgui.h>
#include <stb/stb_truetype.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "kernels/error.hpp"
#include "viz/figure/font.hpp"

namespace jt {

namespace {

struct Size {
    double px;
    Weight weight;
};
// Ascending. Primary and secondary values, panel titles, body, labels, the smallest.
constexpr Size kSizes[] = {{14, Weight::regular}, {15, Weight::regular}, {15, Weight::medium}, {16, Weight::regular},
                           {16, Weight::medium},  {18, Weight::regular}, {18, Weight::medium}, {28, Weight::regular},
                           {28, Weight::medium},  {48, Weight::medium}};

// Latin, Greek, punctuation, super- and subscripts, signs of mathematics. The atlas keeps a pointer to them.
constexpr ImWchar kRanges[] = {0x20,   0xFF,   0x370,  0x3FF,  0x2010, 0x2030, 0x2070, 0x209F, 0x2206,
                               0x2206, 0x2212, 0x2212, 0x221A, 0x221E, 0x2248, 0x2265, 0};
// Of values, in large type: less room in the atlas.
constexpr ImWchar kValueRanges[] = {0x20,   0x7E,   0xB0,   0xB9,   0xD7,   0xD7,   0x3A3, 0x3A9,
                                    0x2010, 0x2030, 0x2070, 0x209F, 0x2212, 0x2212, 0};
constexpr double kValuePx = 40.0;

std::vector<char> read_font(const FontFile& file) {
    std::ifstream in(file.path, std::ios::binary);
    std::vector<char> bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (bytes.empty()) throw DeviceError(file.path + ": the font cannot be read");
    return bytes;
}

struct Metrics {
    double ascent, descent, line_per_em;  // of an em; what stb scales by per em
};

Metrics metrics_of(const std::vector<char>& bytes, const FontFile& file) {
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    stbtt_fontinfo info;
    const int offset = stbtt_GetFontOffsetForIndex(data, file.index);
    if (offset < 0 || !stbtt_InitFont(&info, data, offset)) throw DeviceError(file.path + ": the font cannot be used");
    int ascent = 0, descent = 0, gap = 0;
    stbtt_GetFontVMetrics(&info, &ascent, &descent, &gap);
    const double em = stbtt_ScaleForMappingEmToPixels(&info, 1.0f);
    return {ascent * em, -descent * em, (ascent - descent) * em};
}

}  // namespace

void Fonts::bake(ImFontAtlas& atlas, double scale) {
    atlas.Clear();
    baked_.clear();
    scale_ = 0.0;
    for (const Weight weight : {Weight::regular, Weight::medium}) {
        const auto& file = figure_font(weight);
        if (!file)
            throw DeviceError(
                "no font for the screen: install Roboto (fonts-roboto-unhinted) or DejaVu Sans (fonts-dejavu-core)");
        const auto bytes = read_font(*file);
        const Metrics metrics = metrics_of(bytes, *file);
        (weight == Weight::medium ? medium_ : regular_) = {metrics.ascent, metrics.descent};
        void* shared = nullptr;  // one copy for all sizes, owned by the first
        for (const Size& size : kSizes) {
            if (size.weight != weight) continue;
            ImFontConfig config;
            config.OversampleH = config.OversampleV = 2;
            config.FontNo = file->index;
            config.SizePixels = float(size.px * scale * metrics.line_per_em);
            config.GlyphRanges = size.px >= kValuePx ? kValueRanges : kRanges;
            config.FontDataSize = int(bytes.size());
            config.FontDataOwnedByAtlas = shared == nullptr;
            if (!shared) {
                shared = ImGui::MemAlloc(bytes.size());
                std::memcpy(shared, bytes.data(), bytes.size());
            }
            config.FontData = shared;
            baked_.push_back({size.px, weight, atlas.AddFont(&config)});
        }
    }
    std::stable_sort(baked_.begin(), baked_.end(), [](const Baked& a, const Baked& b) { return a.px < b.px; });
    if (!atlas.Build()) throw DeviceError("the screen's fonts cannot be prepared");
    scale_ = scale;
}

Fonts::Match Fonts::match(const TextStyle& style) const {
    const Baked* best = nullptr;
    for (const Baked& one : baked_) {
        if (one.weight != style.weight) continue;
        best = &one;
        if (one.px >= style.px - 1e-6) break;
    }
    const Proportions& of = style.weight == Weight::medium ? medium_ : regular_;
    return {best->font, style.px / best->px, of.ascent * style.px, of.descent * style.px,
            std::floor(best->font->Ascent + 0.5f)};
}

}  // namespace jt
