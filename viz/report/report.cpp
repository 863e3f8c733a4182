// SPDX-License-Identifier: Apache-2.0
#include "viz/report/report.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <ctime>

#include "twin/quantity/quantity.hpp"
#include "twin/recording/write_file.hpp"
#include "twin/units.hpp"
#include "viz/report/report_writer.hpp"

namespace jt {
namespace {

using Kind = RunData::Kind;
using Json = nlohmann::ordered_json;

std::string words(Kind kind) {
    return kind == Kind::transient ? "a run in time" : kind == Kind::steady ? "a steady state" : "a run of the current alone";
}

// Everything that would make the report impossible, before anything is written.
void check(const std::vector<RunData>& runs, const ReportOptions& options) {
    std::vector<std::string> problems;
    if (options.at.size() > kMostSliceTimes)
        problems.push_back("--at: " + std::to_string(options.at.size()) + " times; allowed: 1 to " +
                           std::to_string(kMostSliceTimes));
    for (std::size_t n = 0; n < runs.size(); ++n) {
        const std::string name = runs[n].folder().string();
        std::error_code code;
        for (std::size_t m = 0; m < n; ++m)
            if (std::filesystem::equivalent(runs[n].folder(), runs[m].folder(), code))
                problems.push_back(name + ": is given twice");
        if (runs[n].kind() != runs[0].kind())
            problems.push_back(name + ": is " + words(runs[n].kind()) + ", " + runs[0].folder().string() + " is " +
                               words(runs[0].kind()) + ": they have no quantity in common over which to compare them");
        if (options.at.empty()) continue;
        const FieldReader* fields = runs[n].fields();
        if (runs[n].kind() != Kind::transient || !fields || fields->times().empty()) {
            problems.push_back(name + ": --at: has no fields over time");
            continue;
        }
        for (const double t : options.at)
            if (t < fields->times().front() - 1e-9 || t > fields->times().back() + 1e-9)
                problems.push_back(name + ": --at " + format_for_people(t, Dimension::time) + ": the run has outputs from " +
                                   format_for_people(fields->times().front(), Dimension::time) + " to " +
                                   format_for_people(fields->times().back(), Dimension::time));
    }
    if (!problems.empty()) throw InputError(problems);
}

std::string now_utc() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    char text[32] = "";
    if (gmtime_r(&now, &utc)) std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &utc);
    return text;
}

// A piece of a file name.
std::string plain(const std::string& name) {
    std::string out;
    for (const char c : name.substr(0, 40))
        out += std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' ? c : '_';
    return out;
}

std::string title_of(const std::vector<ReportFacts>& runs) {
    if (runs.size() > 1) return std::to_string(runs.size()) + " runs compared";
    const RunData& run = *runs[0].data;
    return run.scenario().title.empty() ? run.name() : run.scenario().title;
}

// What several runs say together, in one sentence.
std::string lead_of(const std::vector<ReportFacts>& runs) {
    if (runs.size() == 1) return runs[0].sentence;
    const auto range = [&](const char* key, const std::string& before) {
        const Fact *low = nullptr, *high = nullptr;
        for (const ReportFacts& f : runs)
            if (const Fact* fact = f.find(key)) {
                if (!low || fact->value < low->value) low = fact;
                if (!high || fact->value > high->value) high = fact;
            }
        if (!low || low == high) return std::string();
        const std::string pm = uncertainty_text(*low);
        return before + value_text(*low) + " to " + value_text(*high) + (pm.empty() ? "" : " (± " + pm + ")") +
               (low->unit.empty() ? "" : " " + low->unit);
    };
    std::string text;
    for (const auto& piece :
         {range("set_point_K", "set points "), range("T_spread_dwell_K", "spread of T at the end of the dwell "),
          range("electrical_J", "electrical energy "), range("capacity_mAh_g", "predicted capacity ")})
        if (!piece.empty()) text += (text.empty() ? "" : "; ") + piece;
    std::size_t rows = 0, passed = 0;
    for (const ReportFacts& f : runs)
        for (const auto& c : f.paper) ++rows, passed += c.verdict() == PaperComparison::Verdict::within_tolerance;
    if (rows > 0)
        text += (text.empty() ? "" : "; ") + std::to_string(passed) + " of " + std::to_string(rows) +
                " numbers of the paper met within their tolerance";
    if (text.empty()) return "Their numbers stand beside one another below.";
    text[0] = char(std::toupper(static_cast<unsigned char>(text[0])));
    return text + ".";
}

std::string paper_section(ReportWriter& writer, const std::vector<ReportFacts>& runs) {
    const std::string rows = paper_table(writer, runs, "");
    std::string out = element("h2", "Against the paper");
    if (rows.empty()) {
        std::string why = "No row of the paper applies: ";
        const bool like = std::any_of(runs.begin(), runs.end(), [](const ReportFacts& f) { return f.sample; });
        if (like)
            why +=
                "the run is like a sample of the paper but has no number of its microstructure that the paper states for it.";
        else if (std::any_of(runs.begin(), runs.end(), [](const ReportFacts& f) { return f.treatment && !f.dwell_done; }))
            why += "the run did not come to the end of its dwell.";
        else
            why +=
                "its treatment is like none of the paper's samples (route, set temperature within 15 K, dwell within a tenth).";
        out += element("p", escape_html(why), "class=\"quiet\"");
    } else {
        std::size_t tests = 0, tests_passed = 0, anchors = 0, anchors_passed = 0;
        for (const ReportFacts& f : runs)
            for (const auto& c : f.paper) {
                const bool passed = c.verdict() == PaperComparison::Verdict::within_tolerance;
                (c.anchor() ? anchors : tests) += 1;
                (c.anchor() ? anchors_passed : tests_passed) += passed;
            }
        const auto of = [](std::size_t some, std::size_t all) { return std::to_string(some) + " of " + std::to_string(all); };
        out += element("p", "Met within the tolerance: " + of(tests_passed + anchors_passed, tests + anchors) + " numbers; " +
                                of(anchors_passed, anchors) + " anchors, " + of(tests_passed, tests) + " tests.") +
               rows;
    }
    out +=
        element(
            "p",
            "What this proves. The maps from the equivalent temperature to each quantity were fitted at the numbers called "
            "anchors: there agreement is built in, and between them the maps interpolate. Twelve numbers were fitted to "
            "fourteen of the paper's, so that only two degrees of freedom are true tests: the pair of HRTEM spacings with one "
            "offset, and the pair of first-cycle efficiencies with one irreversible capacity.") +
        element(
            "p",
            "The anchors hold for a bed that follows its program exactly. The model's number is the mean over the mass of this "
            "bed, hot and cold places together: an error at an anchor shows how far the bed was from its set point. The "
            "tolerance is half the last digit that the paper states, and what the fit leaves.",
            "class=\"quiet\"");
    return out;
}

Json json_of(const ReportFacts& f) {
    Json run;
    run["folder"] = f.data->folder().string();
    run["title"] = f.data->scenario().title;
    const char* const states[] = {"complete", "interrupted", "failed", "unfinished"};
    run["state"] = states[int(f.data->state())];
    run["sample"] = f.sample ? Json(std::string(f.sample->name)) : Json(nullptr);
    if (f.treatment) run["route"] = f.treatment->route == PaperSample::Route::furnace ? "furnace" : "joule";
    run["sentence"] = f.sentence;
    run["numbers"] = Json::object();
    run["uncertainty"] = Json::object();
    for (const Fact& fact : f.facts) {
        run["numbers"][fact.key] = fact.value;
        if (fact.uncertainty > 0.0) run["uncertainty"][fact.key] = fact.uncertainty;
    }
    run["paper"] = Json::array();
    const char* const verdicts[] = {"within tolerance", "within uncertainty", "outside"};
    for (const auto& c : f.paper)
        run["paper"].push_back({{"quantity", std::string(c.row.quantity)},
                                {"paper", c.row.value},
                                {"model", c.model},
                                {"error", c.error()},
                                {"tolerance", c.row.tolerance},
                                {"verdict", verdicts[int(c.verdict())]},
                                {"anchor", c.anchor()}});
    run["missing"] = f.missing;
    return run;
}

void write_key_numbers(ReportWriter& writer, const ReportFacts& f, const std::string& prefix) {
    std::vector<std::vector<std::string>> rows;
    for (const Fact& fact : f.facts)
        rows.push_back(
            {fact.key, format_number(fact.value), fact.uncertainty > 0.0 ? format_number(fact.uncertainty) : "", fact.label});
    writer.table(prefix + "numbers", {"key", "value", "uncertainty", "label"}, rows);
}

}  // namespace

Json write_report(const std::vector<RunData>& runs, const ReportOptions& options) {
    if (runs.empty()) throw InputError("report: no run; allowed: one or more run folders");
    check(runs, options);
    std::vector<ReportFacts> facts;
    std::vector<std::string> problems;
    for (const RunData& run : runs) {
        try {
            facts.push_back(facts_of(run));
            for (const auto& name : microstructure_quantities()) static_cast<void>(run.distribution(name));
            static_cast<void>(run.events());
        } catch (const InputError& error) {
            problems.insert(problems.end(), error.problems.begin(), error.problems.end());
        }
    }
    if (!problems.empty()) throw InputError(problems);

    make_folder(options.html.parent_path());
    make_folder(options.beside);
    ReportWriter writer(options.beside);
    const bool several = runs.size() > 1;
    const std::string title = title_of(facts);
    std::string meta = "made " + now_utc() + " UTC by jouletwin " + options.version;
    if (!several) meta += " · run of " + runs[0].date() + " UTC";
    std::string body = element(
        "header",
        element("p", several ? "Comparison of runs" : "Run report · " + escape_html(runs[0].name()), "class=\"kicker\"") +
            element("h1", escape_html(title)) + element("p", escape_html(lead_of(facts)), "class=\"lead\"") +
            element("p", escape_html(meta), "class=\"meta\""));
    if (several) {
        body += comparison_sections(writer, facts);
        if (runs[0].kind() == Kind::transient) body += paper_section(writer, facts);
        for (std::size_t n = 0; n < facts.size(); ++n) {
            const std::string prefix = std::to_string(n + 1) + "_" + plain(runs[n].name()) + "_";
            body += run_sections(writer, facts[n], options.at, true, prefix);
            write_key_numbers(writer, facts[n], prefix);
        }
    } else {
        std::string sections = run_sections(writer, facts[0], options.at, false, "");
        // The paper's numbers belong behind the run's own, before its events.
        const std::string paper = runs[0].kind() == Kind::transient ? paper_section(writer, facts) : "";
        const auto before = sections.find("<h2>Events</h2>");
        const auto at = before != std::string::npos ? before : sections.find("<h3>Scenario</h3>");
        sections.insert(std::min(at, sections.size()), paper);
        body += sections;
        write_key_numbers(writer, facts[0], "");
    }
    body += paper_statements_section();
    body +=
        element("footer",
                "A prediction of a model, advisory: it is no safety system and no measurement. Pictures and tables lie beside "
                "this page in " +
                    escape_html(options.beside.filename().string()) + "/.");
    write_file(options.html, html_page(title, body));

    Json out;
    out["html"] = options.html.string();
    out["beside"] = options.beside.string();
    out["files"] = writer.files();
    out["runs"] = Json::array();
    for (const ReportFacts& f : facts) out["runs"].push_back(json_of(f));
    return out;
}

}  // namespace jt
