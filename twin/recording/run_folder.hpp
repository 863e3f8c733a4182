// SPDX-License-Identifier: Apache-2.0
// RunFolder: everything a coupled run leaves while it runs: scenario.toml, timeseries.csv, run.h5, run.xdmf, checkpoint.h5; at
// its end summary.json. Whatever kills the program, the folder can be read and resumed.
//
// A checkpoint is written after the first record, then after a record when 2 s of wall time have passed since, and after the
// last one. Rows and outputs beyond the checkpoint are cut when the run is resumed, and come again the same.
#pragma once
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "twin/recording/run_file.hpp"
#include "twin/recording/timeseries.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {

class RunFolder final : public RunObserver {
public:
    // A new run in `folder`. Nothing is written before the model has been built (starting): then the folder is made where it is
    // missing and the files of an earlier run go.
    static RunFolder create(const std::filesystem::path& folder, const std::string& scenario_toml, const Backend& backend);
    // An earlier run in `folder`, to be gone on with from its checkpoint, or from its start where it came to none. Throws
    // InputError where there is no run, DiskError.
    static RunFolder resume(const std::filesystem::path& folder, const Backend& backend);

    // What to run, and from where; what people should know about a resumed run.
    const Scenario& scenario() const { return scenario_; }
    ArchiveMap* state() { return state_ ? &*state_ : nullptr; }
    const std::vector<std::string>& notes() const { return notes_; }
    const std::filesystem::path& path() const { return folder_; }

    void starting(Coupled&) override;  // throws DiskError
    bool recorded(const CoupledRun&, const RunRecord&, RunFields&) override;
    bool wants_state() override;
    void keep_state(const ArchiveMap&) override;

    // Ends the files and writes summary.json; returns its text. Throws DiskError.
    std::string finish(const CoupledRun&, const Backend&);

    // Before the first record, for a twin beside its heater: columns of RunRecord::extra; how many times the outputs of the
    // scenario run.h5 has room for (a heater can hold; rows go on when it is full); what joins summary.json.
    void extend(std::vector<std::string> columns, std::size_t most_outputs_factor);
    void add_to_summary(const std::string& name, const nlohmann::ordered_json& value);

    // Outputs that run.h5 holds, and their fields.
    const RunFile* fields() const { return run_file_ ? &*run_file_ : nullptr; }

private:
    RunFolder(std::filesystem::path folder, Scenario scenario) : folder_(std::move(folder)), scenario_(std::move(scenario)) {}
    void open_files(const CoupledRun& run, RunFields& fields);

    std::filesystem::path folder_;
    Scenario scenario_;
    std::optional<ArchiveMap> state_;
    std::vector<std::string> notes_;
    std::string device_, toml_;
    std::vector<std::string> extra_columns_;
    std::size_t most_outputs_factor_ = 1;
    nlohmann::ordered_json extra_summary_;
    std::optional<RunFile> run_file_;
    std::optional<TimeSeries> time_series_;
    std::chrono::steady_clock::time_point checkpoint_;
    bool first_ = true, last_ = false;
};

}  // namespace jt
