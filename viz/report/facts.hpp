// SPDX-License-Identifier: Apache-2.0
// What a report says of one run: its treatment, its numbers, the rows of the paper it can be compared with, and what is
// missing.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/microstructure/treatment.hpp"
#include "twin/recording/read_run.hpp"

namespace jt {

struct Fact {
    std::string key;           // of tables and --json: "T_dwell_K"
    std::string label, unit;   // for people
    double value = 0.0;        // in the unit of the key
    int digits = 3;            // shown, where no uncertainty is stated
    double offset = 0.0;       // added to show it in `unit`
    double uncertainty = 0.0;  // 0: none is stated
    double shown() const { return value + offset; }
};

struct PaperComparison {
    enum class Verdict { within_tolerance, within_uncertainty, outside };
    PaperRow row;
    double model = 0.0, uncertainty = 0.0;  // in the unit of the quantity
    double error() const { return model - row.value; }
    Verdict verdict() const;
    bool anchor() const;  // the model's map was fitted to this number
};

struct ReportFacts {
    const RunData* data = nullptr;
    std::optional<Treatment> treatment;
    const PaperSample* sample = nullptr;  // what the run is like; null: nothing, or it did not come to its dwell's end
    bool dwell_done = false;
    std::string label;     // short, for lines and tables: "1000 °C, 30 s"
    std::string moment;    // when "typical" values were taken: "in the dwell", "at the end", "steady"
    std::string sentence;  // the result
    std::vector<Fact> facts;
    std::vector<PaperComparison> paper;
    std::vector<std::string> missing;  // sentences

    const Fact* find(std::string_view key) const;
};

// Throws InputError naming the file when the summary holds something else than it should.
ReportFacts facts_of(const RunData& data);

// The microstructure quantities in the order of reports.
const std::vector<std::string>& microstructure_quantities();

// For people.
std::string fixed(double value, int decimals);   // true minus
int decimals_for(double uncertainty);            // so that it has one digit, two when it begins with 1 or 2
std::string value_text(const Fact& fact);        // without unit; "304 ± 25" has two parts:
std::string uncertainty_text(const Fact& fact);  // "25", empty when there is none
std::string duration_text(double seconds);       // "30 s", "2 h"

}  // namespace jt
