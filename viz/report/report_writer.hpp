// SPDX-License-Identifier: Apache-2.0
// ReportWriter: pictures and tables of a report, each put on the disk and given back as HTML. Sections: run_sections.cpp (one
// run), comparison.cpp (several).
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "viz/figure/slices_figure.hpp"
#include "viz/report/facts.hpp"
#include "viz/report/html.hpp"
#include "viz/report/plots.hpp"

namespace jt {

class ReportWriter {
public:
    explicit ReportWriter(std::filesystem::path beside) : beside_(std::move(beside)) {}

    // Writes NAME.png and returns the figure with its caption (HTML). Throws DiskError.
    std::string plots(const std::string& name, const Plots& plots, const std::string& alt, const std::string& caption);
    std::string slices(const std::string& name, const SlicesFigure& figure, const std::string& caption);
    // Writes NAME.csv: a head and rows, as they are. Throws DiskError.
    void table(const std::string& name, const std::vector<std::string>& head,
               const std::vector<std::vector<std::string>>& rows);

    const std::vector<std::string>& files() const { return files_; }

private:
    std::filesystem::path beside_;
    std::vector<std::string> files_;
};

// Sections of one run. brief: beside others, without what the comparison says already. `prefix` of its files. at: see
// ReportOptions.
std::string run_sections(ReportWriter& writer, const ReportFacts& facts, const std::vector<double>& at, bool brief,
                         const std::string& prefix);
// The end of the page for all runs.
std::string paper_statements_section();

// Several runs beside one another.
std::string comparison_sections(ReportWriter& writer, const std::vector<ReportFacts>& runs);

// Pieces that both use.
std::string label_html(std::string_view label);  // I_D/I_G with subscripts
std::string fact_html(const Fact& fact);         // value ± uncertainty unit
std::string tiles(const std::vector<const Fact*>& facts);
std::string paper_table(ReportWriter& writer, const std::vector<ReportFacts>& runs, const std::string& prefix);
std::string chart_label(std::string_view label);      // I_D/I_G without what print sets lower: ID/IG
std::string signed_text(double value, int decimals);  // "+0.3", "−0.3", "0.0"
TimePlot time_plot(const RunData& run, const std::string& title, const std::string& unit);
std::vector<double> shifted(std::span<const double> values, double by);

}  // namespace jt
