// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/run_folder.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "kernels/error.hpp"
#include "twin/recording/checkpoint.hpp"
#include "twin/recording/coupled_summary.hpp"
#include "twin/recording/write_file.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

constexpr double kCheckpointEvery = 2.0;  // [s] of wall time: what a kill costs at most
const char* const kFiles[] = {"summary.json",         "timeseries.csv",       "run.h5",     "run.xdmf",
                              "checkpoint.h5",        "checkpoint_before.h5", "trends.png", "slices_T_K.png",
                              "slices_J_over_J0.png", "slices_id_ig.png"};
// Of the product at every output; the other observables are maps of these (kernels/observables.hpp).
const char* const kMicrostructureFields[] = {"Th_K", "id_ig", "d002_nm", "capacity_mAh_g"};

Scenario scenario_in(const std::filesystem::path& folder) {
    return read_scenario((folder / "scenario.toml").string());
}

std::size_t most_outputs(const Scenario& scenario) {
    if (scenario.run.steady) return 1;
    return std::size_t(std::floor(scenario.run.duration / scenario.run.output_every + 1e-9)) + 2;  // start, and an odd end
}

std::string identity(const Backend& backend) {
    return std::string(JT_VERSION) + " " + backend.name() + " " + backend.instruction_set();
}

}  // namespace

RunFolder RunFolder::create(const std::filesystem::path& folder, const std::string& scenario_toml, const Backend& backend) {
    // The run takes what it writes: then a resumed one has the same numbers to the last bit.
    const std::string file = (folder / "scenario.toml").string();
    RunFolder made(folder, read_scenario_text(scenario_toml, file, std::filesystem::absolute(folder)));
    made.device_ = identity(backend);
    made.toml_ = scenario_toml;
    return made;
}

void RunFolder::starting(Coupled&) {
    if (toml_.empty()) return;  // resumed
    make_folder(folder_);
    std::error_code failed;
    for (const char* file : kFiles) {
        std::filesystem::remove(folder_ / file, failed);
        if (failed) throw DiskError((folder_ / file).string() + ": cannot be removed: " + failed.message());
    }
    write_file(folder_ / "scenario.toml", toml_);
}

RunFolder RunFolder::resume(const std::filesystem::path& folder, const Backend& backend) {
    if (!std::filesystem::exists(folder / "scenario.toml"))
        throw InputError(folder.string() + ": holds no scenario.toml; allowed: the folder of an earlier run");
    RunFolder made(folder, scenario_in(folder));
    made.device_ = identity(backend);
    if (made.scenario_.run.solve != RunSpec::Solve::coupled)
        throw InputError(folder.string() + ": is not the folder of a coupled run; only those are resumed");
    if (!std::filesystem::exists(folder / "checkpoint.h5") && !std::filesystem::exists(folder / "checkpoint_before.h5")) {
        made.notes_.push_back("the run came to no checkpoint; it starts anew");
        return made;
    }
    StoredCheckpoint stored = read_checkpoint(folder);
    if (!stored.note.empty()) made.notes_.push_back(stored.note);
    const std::string before = stored.checkpoint.texts["device"];
    if (before != made.device_)
        made.notes_.push_back("the run was made by " + before + " and goes on with " + made.device_ +
                              ": it will not be the same to the last bit");
    made.state_ = std::move(stored.checkpoint.fields);
    return made;
}

void RunFolder::open_files(const CoupledRun& run, RunFields& fields) {
    TimeSeriesColumns columns = time_series_columns(scenario_);
    columns.extra = extra_columns_;
    if (state_) {
        const std::size_t keep = run.records.size() - 1;  // the record at hand comes after those of the checkpoint
        time_series_ = TimeSeries::open(folder_ / "timeseries.csv", columns, keep);
        run_file_ = RunFile::open(folder_ / "run.h5", keep);
        return;
    }
    std::vector<std::string> names{"T_K"};
    if (fields.twin().has_electric())
        for (const char* name : {"phi_V", "J_A_per_m2", "J_over_J0", "sigma_S_per_m", "q_W_per_m3"}) names.push_back(name);
    if (!columns.microstructure.empty())
        for (const char* name : kMicrostructureFields) names.push_back(name);
    std::vector<std::string> materials;
    for (const Material& material : run.bed.materials) materials.push_back(material.name);
    time_series_ = TimeSeries::create(folder_ / "timeseries.csv", columns);
    run_file_ = RunFile::create(folder_ / "run.h5", run.bed.extents, names, most_outputs_factor_ * most_outputs(scenario_),
                                run.bed.material, materials);
}

bool RunFolder::recorded(const CoupledRun& run, const RunRecord& record, RunFields& fields) {
    if (!run_file_) open_files(run, fields);
    time_series_->append(record);
    last_ = scenario_.run.steady || record.time_s >= scenario_.run.duration - 1e-9;
    if (run_file_->full()) return true;
    std::map<std::string, std::span<const float>> views;
    const auto there = fields.available();
    for (const std::string& name : run_file_->fields()) {
        if (std::find(there.begin(), there.end(), name) != there.end()) views[name] = fields.field(name);
    }
    run_file_->append(record.time_s, views);
    return true;
}

bool RunFolder::wants_state() {
    const auto since = std::chrono::steady_clock::now() - checkpoint_;
    return first_ || last_ || since >= std::chrono::duration<double>(kCheckpointEvery);
}

void RunFolder::keep_state(const ArchiveMap& state) {
    write_checkpoint(folder_, {state, {{"device", device_}}});
    first_ = false;
    checkpoint_ = std::chrono::steady_clock::now();
}

void RunFolder::extend(std::vector<std::string> columns, std::size_t most_outputs_factor) {
    extra_columns_ = std::move(columns);
    most_outputs_factor_ = most_outputs_factor;
}

void RunFolder::add_to_summary(const std::string& name, const nlohmann::ordered_json& value) {
    extra_summary_[name] = value;
}

std::string RunFolder::finish(const CoupledRun& run, const Backend& backend) {
    if (!run_file_ && state_) run_file_ = RunFile::open(folder_ / "run.h5", run.records.size());
    auto summary = coupled_summary(run, scenario_, backend, JT_VERSION, fields());
    for (const auto& [name, value] : extra_summary_.items()) summary[name] = value;
    const std::string text = summary.dump(2) + "\n";
    if (run_file_ && !run.interrupted) run_file_->close();
    write_file(folder_ / "summary.json", text);
    return text;
}

}  // namespace jt
