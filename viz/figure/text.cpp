// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/text.hpp"

#include <algorithm>
#include <cstdint>

namespace jt {

namespace {

constexpr std::string_view kEllipsis = "\u2026";

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// Bytes of the valid character at the front, 0 when it is none. Overlong forms, surrogates and > U+10FFFF are invalid.
std::size_t character(std::string_view text) {
    const auto byte = [&](std::size_t n) { return std::uint32_t(static_cast<unsigned char>(text[n])); };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
    std::uint32_t code = lead & (0x7Fu >> size);
    for (std::size_t n = 1; n < size; ++n) {
        if (!continues(text[n])) return 0;
        code = code << 6 | (byte(n) & 0x3F);
    }
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    return code < smallest[size] || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF ? 0 : size;
}

// Longest front of clean text, on a character boundary, for which fits(front) holds; fits is monotone.
template <class Fits>
std::size_t longest_front(std::string_view text, Fits fits) {
    std::size_t good = 0, bad = text.size() + 1;
    while (good + 1 < bad) {
        std::size_t middle = good + (bad - good) / 2;
        while (middle > good && middle < text.size() && continues(text[middle])) --middle;
        if (middle == good) {  // next boundary upwards
            middle = good + 1;
            while (middle < text.size() && continues(text[middle])) ++middle;
            if (middle >= bad) break;
        }
        (fits(text.substr(0, middle)) ? good : bad) = middle;
    }
    return good;
}

// Longer texts cannot be shown in any picture; the bound keeps measuring cheap.
constexpr std::size_t kLongestText = 4096;

}  // namespace

char32_t next_character(std::string_view& text) {
    const std::size_t size = character(text);
    const auto byte = [&](std::size_t n) { return char32_t(static_cast<unsigned char>(text[n])); };
    char32_t code = U'?';
    if (size == 1)
        code = byte(0) < 0x20 || byte(0) == 0x7F ? U' ' : byte(0);
    else if (size > 1)
        code = byte(0) & (0x7Fu >> size);
    for (std::size_t n = 1; n < size; ++n) code = code << 6 | (byte(n) & 0x3F);
    text.remove_prefix(std::max<std::size_t>(size, 1));
    return code;
}

std::string clean_text(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        const std::size_t size = character(text);
        if (size == 0)
            clean += '?';
        else if (size == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7F))
            clean += ' ';
        else
            clean += text.substr(0, size);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return clean;
}

std::string shorten(Painter& painter, std::string_view raw, const TextStyle& style, double width) {
    std::string text = clean_text(raw.substr(0, kLongestText));
    if (raw.size() <= kLongestText && painter.measure(text, style).width <= width) return text;
    if (painter.measure(kEllipsis, style).width > width) return {};
    const std::size_t front = longest_front(text, [&](std::string_view part) {
        return painter.measure(std::string(part) + std::string(kEllipsis), style).width <= width;
    });
    text.resize(front);
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text + std::string(kEllipsis);
}

std::vector<std::string> wrap(Painter& painter, std::string_view raw, const TextStyle& style, double width, std::size_t lines) {
    std::vector<std::string> result;
    const std::string clean = clean_text(raw.substr(0, kLongestText));
    std::string_view rest = clean;
    while (lines > 0) {
        while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
        if (rest.empty()) break;
        if (result.size() + 1 == lines || painter.measure(rest, style).width <= width) {
            // A cut at kLongestText must show, too.
            result.push_back(shorten(
                painter,
                raw.size() > kLongestText ? std::string(rest) + std::string(raw.substr(kLongestText)) : std::string(rest),
                style, width));
            break;
        }
        std::size_t end =
            longest_front(rest, [&](std::string_view part) { return painter.measure(part, style).width <= width; });
        if (end < rest.size() && rest[end] != ' ') {
            const std::size_t space = rest.substr(0, end).rfind(' ');
            if (space != std::string_view::npos && space > 0) end = space;
        }
        if (end == 0) break;  // not even one character fits
        std::string line(rest.substr(0, end));
        while (!line.empty() && line.back() == ' ') line.pop_back();
        result.push_back(std::move(line));
        rest.remove_prefix(end);
    }
    return result;
}

Rect Scribe::write(std::string id, std::string_view text, Point top, const TextStyle& style, Align align) {
    const TextMetrics m = painter_.measure(text, style);
    const double x = align == Align::left ? top.x : align == Align::right ? top.x - m.width : top.x - m.width / 2;
    const Rect rect{x, top.y, m.width, m.ascent + m.descent};
    if (text.empty()) return rect;
    painter_.text({x, top.y + m.ascent}, text, style);
    items_.push_back(
        {std::move(id), clean_text(text), rect, panel_, style.px, style.colour, background_, {}, {}, {}, style.weight});
    return rect;
}

Rect Scribe::write_in(std::string id, std::string_view text, Point top, double width, const TextStyle& style, Align align) {
    return write(std::move(id), shorten(painter_, text, style, width), top, style, align);
}

void Scribe::erase_within(const Rect& area) {
    std::erase_if(items_, [&](const FigureItem& item) { return item.rect.overlaps(area); });
}

void Scribe::note(std::string state, std::optional<double> value, std::optional<double> age_s) {
    if (items_.empty()) return;
    FigureItem& last = items_.back();
    last.state = std::move(state), last.value = value, last.age_s = age_s;
}

double Scribe::line_height(const TextStyle& style) {
    const TextMetrics m = painter_.measure("x", style);
    return m.ascent + m.descent;
}

}  // namespace jt
