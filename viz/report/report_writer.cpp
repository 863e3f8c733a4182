// SPDX-License-Identifier: Apache-2.0
#include "viz/report/report_writer.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "twin/quantity/quantity.hpp"
#include "twin/recording/write_file.hpp"
#include "twin/units.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/figure/write_figure.hpp"

namespace jt {
namespace {

constexpr double kPngScale = 2.0;

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    if (!in) throw DiskError(file.string() + ": was written and cannot be read");
    return bytes.str();
}

std::string csv_cell(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

constexpr std::size_t kMostRows = 3;  // of plots in one figure

}  // namespace

std::string ReportWriter::plots(const std::string& name, const Plots& plots, const std::string& alt,
                                const std::string& caption) {
    const int height = plots_height(plots);
    files_.push_back(name + ".png");
    write_figure(beside_ / files_.back(), kPlotsWidth, height, kPngScale,
                 [&](Painter& painter) { return draw_plots(painter, plots); });
    // A figure is not broken over two pages of print: a tall one is several.
    std::string out;
    for (std::size_t from = 0; from < plots.rows.size(); from += kMostRows) {
        Plots piece;
        const std::size_t to = std::min(plots.rows.size(), from + kMostRows);
        piece.rows.assign(plots.rows.begin() + std::ptrdiff_t(from), plots.rows.begin() + std::ptrdiff_t(to));
        CairoPainter drawing(CairoPainter::Svg{kPlotsWidth, plots_height(piece)});
        draw_plots(drawing, piece);
        out += html_figure(drawing.svg(), PictureType::svg, alt, to == plots.rows.size() ? caption : "");
    }
    return out;
}

std::string ReportWriter::slices(const std::string& name, const SlicesFigure& figure, const std::string& caption) {
    files_.push_back(name + ".png");
    write_slices_figure(beside_ / files_.back(), figure, paper_theme(), kPngScale);
    return html_figure(bytes_of(beside_ / files_.back()), PictureType::png, figure.title + ": " + figure.subtitle, caption);
}

void ReportWriter::table(const std::string& name, const std::vector<std::string>& head,
                         const std::vector<std::vector<std::string>>& rows) {
    std::string text;
    const auto line = [&](const std::vector<std::string>& cells) {
        for (std::size_t n = 0; n < cells.size(); ++n) text += (n ? "," : "") + csv_cell(cells[n]);
        text += "\n";
    };
    line(head);
    for (const auto& row : rows) line(row);
    files_.push_back(name + ".csv");
    write_file(beside_ / files_.back(), text);
}

std::string label_html(std::string_view label) {
    const std::string text = escape_html(label);
    std::string out;
    for (std::size_t n = 0; n < text.size(); ++n) {
        if (text[n] == '_' && n + 1 < text.size() && std::isalnum(static_cast<unsigned char>(text[n + 1])))
            out += "<sub>" + std::string(1, text[++n]) + "</sub>";
        else
            out += text[n];
    }
    return out;
}

std::string chart_label(std::string_view label) {
    std::string out(label);
    std::erase(out, '_');
    return out;
}

std::string fact_html(const Fact& fact) {
    const std::string pm = uncertainty_text(fact);
    return escape_html(value_text(fact)) + (pm.empty() ? "" : " <span class=\"pm\">± " + pm + "</span>") +
           (fact.unit.empty() ? "" : " " + escape_html(fact.unit));
}

std::string tiles(const std::vector<const Fact*>& facts) {
    std::string out;
    for (const Fact* fact : facts) {
        if (!fact) continue;
        const std::string pm = uncertainty_text(*fact);
        std::string value = element("span", escape_html(value_text(*fact)), "class=\"value\"");
        if (!pm.empty()) value += element("span", "± " + pm, "class=\"pm\"");
        if (!fact->unit.empty()) value += element("span", escape_html(fact->unit), "class=\"unit\"");
        out += element("div", element("span", label_html(fact->label), "class=\"label\"") + value, "class=\"tile\"");
    }
    return out.empty() ? "" : element("div", out, "class=\"tiles\"");
}

std::string paper_table(ReportWriter& writer, const std::vector<ReportFacts>& runs, const std::string& prefix) {
    std::vector<std::vector<std::string>> rows, file;
    const bool several = runs.size() > 1;
    for (const ReportFacts& f : runs)
        for (const PaperComparison& c : f.paper) {
            const Quantity& q = quantity(c.row.quantity);
            const int decimals = decimals_for(c.row.tolerance);
            const std::string unit = q.unit.empty() ? "" : " " + escape_html(q.unit);
            const double times = c.row.tolerance > 0.0 ? std::abs(c.error()) / c.row.tolerance : 0.0;
            std::string verdict, words;
            switch (c.verdict()) {
                case PaperComparison::Verdict::within_tolerance:
                    words = "passes: within the tolerance";
                    verdict = "passes";
                    break;
                case PaperComparison::Verdict::within_uncertainty:
                    words = "fails: " + format_number(times, 2) + " times the tolerance, within what the model may be off by";
                    verdict = "fails, within the uncertainty";
                    break;
                case PaperComparison::Verdict::outside:
                    words = "fails: " + format_number(times, 2) + " times the tolerance";
                    verdict = "fails";
                    break;
            }
            if (c.verdict() != PaperComparison::Verdict::within_tolerance)
                words = "<span class=\"" + std::string(c.verdict() == PaperComparison::Verdict::outside ? "bad" : "strong") +
                        "\">" + words + "</span>";
            const std::string role = c.anchor() ? "anchor: the map was fitted to it, agreement is no test"
                                                : (c.row.remark.empty() ? "test" : "test; " + std::string(c.row.remark));
            const double shown = c.model + q.offset, paper = c.row.value + q.offset;
            std::vector<std::string> row;
            if (several) row.push_back(escape_html(f.data->name()));
            for (std::string cell :
                 {"<span class=\"nb\">" + escape_html(c.row.sample) + "</span>",
                  label_html(q.label) + (unit.empty() ? "" : "," + unit), fixed(paper, decimals),
                  fixed(shown, decimals) +
                      (c.uncertainty > 0.0
                           ? " <span class=\"pm\">± " + fixed(c.uncertainty, decimals_for(c.uncertainty)) + "</span>"
                           : ""),
                  signed_text(c.error(), decimals), "±" + fixed(c.row.tolerance, decimals), words, escape_html(role)})
                row.push_back(std::move(cell));
            rows.push_back(std::move(row));
            file.push_back({f.data->name(), std::string(c.row.sample), std::string(c.row.quantity), format_number(c.row.value),
                            format_number(c.model), format_number(c.error()), format_number(c.row.tolerance),
                            format_number(c.uncertainty), verdict, role});
        }
    if (rows.empty()) return "";
    writer.table(prefix + "paper",
                 {"run", "sample", "quantity", "paper", "model", "error", "tolerance", "uncertainty", "verdict", "role"}, file);
    std::vector<std::string> head{"sample", "quantity", "#paper", "#model", "#error", "#tolerance", "verdict", "what it tells"};
    if (several) head.insert(head.begin(), "run");
    return html_table(head, rows, "wide");
}

TimePlot time_plot(const RunData& run, const std::string& title, const std::string& unit) {
    TimePlot plot;
    plot.title = title, plot.unit = unit;
    plot.start = run.times().front(), plot.end = run.times().back();
    if (!(plot.end > plot.start)) plot.end = plot.start + 1.0;
    return plot;
}

std::vector<double> shifted(std::span<const double> values, double by) {
    std::vector<double> out(values.begin(), values.end());
    for (double& v : out) v += by;
    return out;
}

std::string signed_text(double value, int decimals) {
    const std::string text = fixed(value, decimals);
    return (value > 0.0 && text.find_first_not_of("0.") != std::string::npos ? "+" : "") + text;
}

std::string paper_statements_section() {
    const auto printed = [](std::string_view text) {
        std::string out = escape_html(text);
        for (auto at = out.find("degC"); at != std::string::npos; at = out.find("degC")) out.replace(at, 4, "°C");
        return out;
    };
    std::vector<std::vector<std::string>> rows;
    for (const PaperStatement& s : paper_statements()) rows.push_back({printed(s.statement), printed(s.finding)});
    return element("h2", "Published statements that the model does not support") +
           element("p",
                   "Huang et al., Adv. Mater. 2025, doi 10.1002/adma.202507521. Statements that contradict one another, are "
                   "impossible in the device, or lie outside what is modelled. They are kept apart here, not averaged away.") +
           html_table({"the paper says", "what speaks against it, and what is done here"}, rows, "statements");
}

}  // namespace jt
