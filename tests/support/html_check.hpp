// SPDX-License-Identifier: Apache-2.0
// Is a page well formed, and does it need nothing from outside? For pages as the report writes them: every tag closed in order,
// attributes quoted.
#pragma once
#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace jt::test {

// The first thing that is wrong; empty: nothing.
inline std::string wrong_with_html(const std::string& page) {
    if (!page.starts_with("<!DOCTYPE html>")) return "no doctype";
    std::vector<std::string> open;
    const std::vector<std::string> alone{"meta", "img", "br"};
    std::size_t at = 15;
    while (at < page.size()) {
        const char c = page[at];
        if (c == '>') return "a bare > after " + page.substr(at > 40 ? at - 40 : 0, 40);
        if (c == '&') {
            const std::size_t end = page.find(';', at);
            if (end == std::string::npos || end - at > 8) return "a bare & at " + page.substr(at, 40);
        }
        if (c != '<') {
            ++at;
            continue;
        }
        const bool closing = page[at + 1] == '/';
        std::size_t n = at + 1 + (closing ? 1 : 0);
        std::string name;
        while (n < page.size() && std::isalnum(static_cast<unsigned char>(page[n]))) name += page[n++];
        if (name.empty()) return "a bare < at " + page.substr(at, 40);
        while (n < page.size() && page[n] != '>') {  // attributes: name="value"
            if (page[n] == '<') return "< inside a tag: " + page.substr(at, 40);
            if (page[n] == '"') {
                n = page.find('"', n + 1);
                if (n == std::string::npos) return "an attribute is not closed: " + page.substr(at, 40);
            }
            ++n;
        }
        if (n >= page.size()) return "a tag is not closed: " + page.substr(at, 40);
        at = n + 1;
        if (closing) {
            if (open.empty() || open.back() != name)
                return "</" + name + "> closes " + (open.empty() ? "nothing" : open.back());
            open.pop_back();
        } else if (std::find(alone.begin(), alone.end(), name) == alone.end()) {
            open.push_back(name);
            if (name == "style") {  // its text is no markup
                at = page.find("</style>", at);
                if (at == std::string::npos) return "style is not closed";
            }
        }
    }
    return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

// What the page would fetch; empty: nothing. The scenario's own text may name addresses.
inline std::string fetched_by_html(const std::string& page) {
    for (const char* attribute : {"src=\"", "href=\"", "url(", "@import", "<script", "<link", "<iframe", "<object", "srcset="})
        for (std::size_t at = page.find(attribute); at != std::string::npos; at = page.find(attribute, at + 1))
            if (page.compare(at, 10, "src=\"data:") != 0) return page.substr(at, 60);
    return "";
}

inline std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

}  // namespace jt::test
