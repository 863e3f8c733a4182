// SPDX-License-Identifier: Apache-2.0
#include "viz/report/html.hpp"

#include <cstdint>

#include "viz/figure/text.hpp"

namespace jt {
namespace {

// Colours and sizes as in viz/figure/theme.
const char* const kStyle = R"css(
:root { --text: #1c2126; --muted: #4a525a; --rule: #c3c7cb; --soft: #eef0f2; --desk: #d3d6d9; --blue: #2f5d8a; --urgent: #b3261e; }
* { box-sizing: border-box; }
html { background: var(--desk); -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0; color: var(--text); font: 15px/1.5 Roboto, "DejaVu Sans", "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; }
main { max-width: 1152px; margin: 24px auto; padding: 44px 56px 56px; background: #fff; border: 1px solid #a9afb5; }
header { border-bottom: 2px solid var(--text); padding-bottom: 18px; margin-bottom: 24px; }
.kicker { margin: 0 0 6px; font-size: 13px; font-weight: 500; letter-spacing: .04em; color: var(--muted); }
h1 { margin: 0 0 10px; font-size: 30px; line-height: 1.2; font-weight: 500; text-wrap: balance; overflow-wrap: anywhere; }
.lead { margin: 0; font-size: 18px; line-height: 1.45; max-width: 62em; }
.meta { margin: 12px 0 0; font-size: 13px; color: var(--muted); }
.state { margin: 14px 0 0; padding: 8px 12px; border-left: 4px solid var(--urgent); background: var(--soft); }
h2 { margin: 40px 0 12px; padding-top: 10px; border-top: 1px solid var(--rule); font-size: 21px; font-weight: 500; }
h2.run { margin-top: 56px; border-top: 2px solid var(--text); font-size: 25px; overflow-wrap: anywhere; }
h3 { margin: 26px 0 8px; font-size: 16px; font-weight: 500; color: var(--muted); }
p { margin: 8px 0; max-width: 62em; }
.quiet { color: var(--muted); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(196px, 1fr)); gap: 8px; margin: 16px 0; }
.tile { border: 1px solid var(--rule); padding: 10px 12px 9px; min-width: 0; }
.tile .label { display: block; font-size: 13px; line-height: 1.3; color: var(--muted); }
.tile .value { font-size: 26px; line-height: 1.25; font-weight: 500; white-space: nowrap; }
.tile .pm { font-size: 16px; font-weight: 400; color: var(--blue); white-space: nowrap; }
.tile .unit { font-size: 14px; color: var(--muted); }
figure { margin: 14px 0 20px; } figure + figure { margin-top: -12px; }
figure img { display: block; width: 100%; height: auto; }
figcaption { margin-top: 7px; font-size: 13px; line-height: 1.45; color: var(--muted); max-width: 75em; }
.scroll { overflow-x: auto; margin: 12px 0 18px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.4; }
th, td { padding: 6px 14px 6px 0; text-align: left; vertical-align: top; }
th { font-weight: 500; font-size: 13px; color: var(--muted); border-bottom: 1.5px solid var(--text); vertical-align: bottom; }
td { border-bottom: 1px solid var(--rule); overflow-wrap: break-word; }
.n { text-align: right; white-space: nowrap; }
th.n { white-space: normal; }
td:last-child, th:last-child { padding-right: 0; }
table.wide { font-size: 13px; }
table.wide th, table.wide td { padding-right: 10px; }
table.wide.compared td:first-child { width: 25%; }
table.statements td:first-child { width: 34%; }
table.narrow { width: auto; min-width: 50%; }
.nb { white-space: nowrap; }
.bad { color: var(--urgent); font-weight: 500; }
.pm { color: var(--blue); white-space: nowrap; }
details { margin: 10px 0; border: 1px solid var(--rule); }
summary { padding: 9px 12px; cursor: pointer; font-weight: 500; background: var(--soft); }
pre { margin: 0; padding: 12px; overflow-x: auto; font: 12px/1.45 "Roboto Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 44px; padding-top: 12px; border-top: 1px solid var(--rule); font-size: 13px; color: var(--muted); }
@media (max-width: 760px) { main { margin: 0; padding: 20px 16px; border: 0; } h1 { font-size: 24px; } }
@page { size: A4; margin: 14mm 15mm 15mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9px; } }
@media print {
  html { background: #fff; }
  body { font-size: 9.5pt; }
  main { max-width: none; margin: 0; padding: 0; border: 0; }
  h1 { font-size: 19pt; } .lead { font-size: 11.5pt; } h2 { font-size: 14pt; margin-top: 22pt; } h2.run { font-size: 16pt; }
  h3 { font-size: 11pt; }
  table { font-size: 8.5pt; } table.wide { font-size: 7.5pt; } th, figcaption, .meta, .kicker, footer { font-size: 8.5pt; }
  table.wide th { font-size: 7.5pt; } table.wide th, table.wide td { padding-right: 5pt; }
  .tiles { grid-template-columns: repeat(4, 1fr); gap: 5pt; } .tile { padding: 5pt 7pt; }
  .tile .label { font-size: 8pt; } .tile .value { font-size: 15pt; } .tile .pm { font-size: 10pt; } .tile .unit { font-size: 9pt; }
  h2, h3, .intro { break-after: avoid; }
  h2.run { break-before: page; }
  figure, .tile, tr, .state, .keep { break-inside: avoid; }
  thead { display: table-header-group; }
  p { orphans: 3; widows: 3; }
  .scroll { overflow: visible; }
}
)css";

}  // namespace

std::string escape_html(std::string_view text) {
    std::string out;
    // Line by line: clean_text makes line ends spaces.
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        std::string line;
        for (const char c : text.substr(from, end - from)) line += c == '\t' ? std::string("    ") : std::string(1, c);
        if (!line.empty() && line.back() == '\r') line.pop_back();
        for (const char c : clean_text(line)) {
            switch (c) {
                case '&':
                    out += "&amp;";
                    break;
                case '<':
                    out += "&lt;";
                    break;
                case '>':
                    out += "&gt;";
                    break;
                case '"':
                    out += "&quot;";
                    break;
                case '\'':
                    out += "&#39;";
                    break;
                default:
                    out += c;
            }
        }
        if (end < text.size()) out += '\n';
        from = end + 1;
    }
    return out;
}

std::string base64(std::string_view bytes) {
    static const char* const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t n = 0; n < bytes.size(); n += 3) {
        std::uint32_t group = 0;
        for (std::size_t b = 0; b < 3; ++b) group = group << 8 | (n + b < bytes.size() ? std::uint8_t(bytes[n + b]) : 0u);
        for (std::size_t d = 0; d < 4; ++d) out += n + d > bytes.size() ? '=' : digits[group >> (18 - 6 * d) & 63];
    }
    return out;
}

std::string element(std::string_view tag, std::string_view content, std::string_view attributes) {
    std::string out = "<" + std::string(tag);
    if (!attributes.empty()) out += " " + std::string(attributes);
    return out + ">" + std::string(content) + "</" + std::string(tag) + ">\n";
}

std::string html_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows,
                       std::string_view kind) {
    const auto number = [&](std::size_t c) { return c < head.size() && !head[c].empty() && head[c][0] == '#'; };
    std::string top, body;
    for (std::size_t c = 0; c < head.size(); ++c)
        top += element("th", number(c) ? head[c].substr(1) : head[c], number(c) ? "class=\"n\"" : "");
    for (const auto& row : rows) {
        std::string cells;
        for (std::size_t c = 0; c < row.size(); ++c) cells += element("td", row[c], number(c) ? "class=\"n\"" : "");
        body += element("tr", cells);
    }
    const std::string attributes = kind.empty() ? "" : "class=\"" + std::string(kind) + "\"";
    return element("div", element("table", element("thead", element("tr", top)) + element("tbody", body), attributes),
                   "class=\"scroll\"");
}

std::string html_figure(std::string_view bytes, PictureType type, std::string_view alt, std::string_view caption) {
    const std::string mime = type == PictureType::svg ? "image/svg+xml" : "image/png";
    return element("figure", "<img alt=\"" + escape_html(alt) + "\" src=\"data:" + mime + ";base64," + base64(bytes) + "\">" +
                                 (caption.empty() ? "" : element("figcaption", caption)));
}

std::string html_page(std::string_view title, std::string_view body) {
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
           element("title", escape_html(title)) + element("style", kStyle) + "</head>\n<body>\n" + element("main", body) +
           "</body>\n</html>\n";
}

}  // namespace jt
