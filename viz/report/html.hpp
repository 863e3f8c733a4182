// SPDX-License-Identifier: Apache-2.0
// Pieces of an HTML page. Whatever comes from files goes through escape_html; pictures lie in the page as base64.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace jt {

// Valid UTF-8 with & < > " ' as entities and without control characters but line ends and tabs.
std::string escape_html(std::string_view text);
std::string base64(std::string_view bytes);

// <tag attributes>content</tag>; content is HTML already.
std::string element(std::string_view tag, std::string_view content, std::string_view attributes = "");

// A table with a head; cells are HTML already. Columns whose head begins with '#' hold numbers and stand right.
std::string html_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows,
                       std::string_view kind = "");

// A picture with a sentence below; alt is text, caption HTML.
enum class PictureType { svg, png };
std::string html_figure(std::string_view bytes, PictureType type, std::string_view alt, std::string_view caption);

// The whole page: title is text, body HTML; the style (colours, A4, print) lies in it.
std::string html_page(std::string_view title, std::string_view body);

}  // namespace jt
