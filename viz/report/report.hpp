// SPDX-License-Identifier: Apache-2.0
// A report of one or several runs: one HTML file that needs nothing else (style and pictures lie in it; A4 when printed), and
// beside it the same pictures as PNG and the numbers as CSV.
#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "twin/recording/read_run.hpp"

namespace jt {

struct ReportOptions {
    std::filesystem::path html, beside;  // the page; the folder of pictures and tables
    std::vector<double> at;              // times of the slices [s], 1 to 4; empty: end of ramp, end of dwell, end
    std::string version;                 // of the program that makes the report
};

// Returns what it has written and the numbers of every run, in the units of their keys. Several runs must be of one kind (in
// time, steady, current alone): others have nothing in common. Throws InputError naming the run before anything is written,
// DiskError.
nlohmann::ordered_json write_report(const std::vector<RunData>& runs, const ReportOptions& options);

}  // namespace jt
