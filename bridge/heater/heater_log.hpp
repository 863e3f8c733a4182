// SPDX-License-Identifier: Apache-2.0
// Logs of the virtual heater: what it sends, and the truth that nobody else sees. CSV, a line at a time, SI.
#pragma once
#include <filesystem>
#include <fstream>
#include <string>

#include "bridge/heater/virtual_heater.hpp"

namespace jt {

// A file that is written line by line. Throws DiskError naming the file.
class CsvFile {
public:
    CsvFile(const std::filesystem::path& path, const std::string& head);
    void line(const std::string& text);
    void flush();

private:
    void check();
    std::filesystem::path path_;
    std::ofstream file_;
};

// Readings as they are sent: sensor,value,unit,sigma,quality,t_source_ns,seq,epoch; no value: empty.
class ReadingLog {
public:
    explicit ReadingLog(const std::filesystem::path& path);
    void write(const Reading& reading);
    void flush() { file_.flush(); }

private:
    CsvFile file_;
};

// The true parameters as comments, then rows of run, phase, T mean, T max, current ... every kTruthEvery seconds of a run.
class TruthLog {
public:
    static constexpr double kTruthEvery = 0.1;  // [s]
    TruthLog(const std::filesystem::path& path, const std::string& true_parameters);
    // A row where one is due.
    void watch(VirtualHeater& heater);
    void flush() { file_.flush(); }

private:
    CsvFile file_;
    std::uint64_t run_ = 0;
    double next_s_ = 0.0;
};

}  // namespace jt
