// SPDX-License-Identifier: Apache-2.0
// LiveRecorder: the run folder of a twin beside its heater: all that a run leaves, with bands and estimates as columns of their
// own, estimates.csv and forecasts.csv. Writes on a thread of its own, so that no disk holds up the twin; a disk that fails is
// told, and the twin goes on.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "bridge/live/live_twin.hpp"
#include "twin/recording/run_file.hpp"

namespace jt {

class LiveRecorder {
public:
    // The folder is made and an earlier run's files go. The twin is asked for its bed and left alone afterwards. Throws
    // DiskError, InputError.
    LiveRecorder(const std::filesystem::path& folder, const std::string& scenario_toml, const Backend& backend, LiveTwin& twin);
    // Goes on with the run in this folder after its checkpoint: rows and outputs beyond it are cut, they come again.
    struct Resume {};
    LiveRecorder(Resume, const std::filesystem::path& folder, const Backend& backend, LiveTwin& twin);
    ~LiveRecorder();

    // What a window has come to. From one thread. Never waits; what a disk leaves
    // waiting for a minute is left out, and trouble() says so.
    void put(LiveResult result);
    // What the checkpoint of a resumed run holds; empty: it came to none.
    const ArchiveMap& kept() const;
    // What is not written any more, and why; empty: all is well. From any thread.
    std::string trouble() const;
    // Writes what is left; nothing is put any more. interrupted: the heater goes on. wall_s: of the run.
    void drain(bool interrupted, double wall_s);
    // After drain(): ends the files and writes summary.json, figures and all.
    void finish(const std::map<std::string, double>& figures);
    // All that has been recorded, after drain().
    const CoupledRun& run() const;
    const RunFile* fields() const;
    const std::filesystem::path& folder() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
