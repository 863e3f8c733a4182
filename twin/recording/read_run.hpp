// SPDX-License-Identifier: Apache-2.0
// RunData: a run folder read back: scenario, summary, time series, fields. Nothing in the folder is changed. Works on a run
// that is complete, was interrupted or killed, or still goes on; of the latter it is the state at the moment of reading.
#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/recording/field_reader.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

class RunData {
public:
    enum class Kind { transient, steady, current };  // current: run.solve = "current", the electric field alone
    // unfinished: there is no summary, the run was killed or still goes on.
    enum class State { complete, interrupted, failed, unfinished };

    // Throws InputError with every problem found, each naming the file (and line): the folder is missing or is no run folder, a
    // file is damaged.
    static RunData read(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return folder_; }
    std::string name() const;  // of the folder, for people
    const Scenario& scenario() const { return scenario_; }
    const std::string& scenario_text() const { return scenario_text_; }
    Kind kind() const;
    State state() const;
    // When the run last wrote: the newest of its files. UTC, "2026-03-01 14:07".
    std::string date() const;

    // summary.json; null where the run has written none yet.
    const nlohmann::json& summary() const { return summary_; }
    // A number of it: number("energy", "electrical_J"). Absent or null: none. Throws InputError naming the key when it is
    // something else, as text() does.
    std::optional<double> number(std::string_view key) const;
    std::optional<double> number(std::string_view group, std::string_view key) const;
    std::optional<std::string> text(std::string_view key) const;
    // events of a run in time with their times, findings without.
    struct Event {
        std::optional<double> time_s;
        std::string text;
    };
    std::vector<Event> events() const;
    // summary.json's "microstructure"; null where the run has none.
    const nlohmann::json& microstructure() const;
    // The distribution of a quantity over the mass of the product, in its stored unit.
    struct Distribution {
        double p05 = 0.0, p50 = 0.0, p95 = 0.0;
        std::vector<double> edges, share;  // share: one less than edges, sum 1
    };
    std::optional<Distribution> distribution(std::string_view quantity) const;

    // Rows of timeseries.csv; a last line that was cut by a kill does not count. Empty: there is none (yet).
    const std::vector<double>& times() const { return times_; }  // [s], ascending
    const std::vector<std::string>& columns() const { return columns_; }
    // One value per time, NaN where there is none; empty: no such column.
    std::span<const double> column(std::string_view name) const;
    // Value of a column at the row nearest to t; absent: no column, no row or no value there.
    std::optional<double> at(std::string_view column, double t) const;

    // Fields of run.h5; null where there is none (yet).
    const FieldReader* fields() const { return fields_ ? &*fields_ : nullptr; }
    // Index of the output nearest to t. Call only when there are outputs.
    std::size_t output_near(double t) const;
    // Whether a cell is of the product; empty: no fields.
    const std::vector<bool>& in_product() const { return product_; }

private:
    std::filesystem::path folder_;
    Scenario scenario_;
    std::string scenario_text_;
    nlohmann::json summary_;
    std::vector<double> times_;
    std::vector<std::string> columns_;
    std::vector<std::vector<double>> values_;  // by column
    std::optional<FieldReader> fields_;
    std::vector<bool> product_;

    void read_series();
    void read_summary();
    void read_fields();
    std::filesystem::path summary_file() const { return folder_ / "summary.json"; }
};

}  // namespace jt
