// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/font.hpp"

#include <fontconfig/fontconfig.h>

#include <memory>

namespace jt {

namespace {

using Pattern = std::unique_ptr<FcPattern, decltype(&FcPatternDestroy)>;

const FcChar8* fc(const char* text) {
    return reinterpret_cast<const FcChar8*>(text);
}

std::optional<FontFile> find_family(const char* family, Weight weight) {
    const Pattern wanted(FcPatternCreate(), &FcPatternDestroy);
    if (!wanted) return std::nullopt;
    FcPatternAddString(wanted.get(), FC_FAMILY, fc(family));
    FcPatternAddInteger(wanted.get(), FC_WEIGHT, weight == Weight::medium ? FC_WEIGHT_MEDIUM : FC_WEIGHT_REGULAR);
    FcPatternAddInteger(wanted.get(), FC_SLANT, FC_SLANT_ROMAN);
    FcPatternAddInteger(wanted.get(), FC_WIDTH, FC_WIDTH_NORMAL);
    FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
    FcDefaultSubstitute(wanted.get());
    FcResult result = FcResultMatch;
    const Pattern found(FcFontMatch(nullptr, wanted.get(), &result), &FcPatternDestroy);
    if (!found) return std::nullopt;
    FcChar8 *path = nullptr, *name = nullptr;
    int index = 0;
    if (FcPatternGetString(found.get(), FC_FILE, 0, &path) != FcResultMatch) return std::nullopt;
    FcPatternGetInteger(found.get(), FC_INDEX, 0, &index);
    // fontconfig always answers with something; only the family itself counts.
    for (int n = 0; FcPatternGetString(found.get(), FC_FAMILY, n, &name) == FcResultMatch; ++n)
        if (FcStrCmpIgnoreCase(name, fc(family)) == 0) return FontFile{reinterpret_cast<const char*>(path), family, index};
    return std::nullopt;
}

constexpr const char* kFamilies[] = {"Roboto", "DejaVu Sans"};

}  // namespace

std::optional<FontFile> find_font(std::span<const char* const> families, Weight weight) {
    for (const char* family : families)
        if (auto file = find_family(family, weight)) return file;
    return std::nullopt;
}

const std::optional<FontFile>& figure_font(Weight weight) {
    static const std::optional<FontFile> regular = find_font(kFamilies, Weight::regular);
    static const std::optional<FontFile> medium = find_font(kFamilies, Weight::medium);
    return weight == Weight::medium ? medium : regular;
}

}  // namespace jt
