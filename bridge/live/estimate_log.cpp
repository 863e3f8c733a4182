// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/estimate_log.hpp"

#include <charconv>
#include <cmath>

#include "bridge/wire/payload.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

std::string cell(double value) {
    if (!std::isfinite(value)) return "";
    char text[32];
    return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
}
std::string cell(const std::optional<double>& value) {
    return value ? cell(*value) : "";
}

}  // namespace

EstimateLog::EstimateLog(const std::filesystem::path& file) : path_(file), file_(file, std::ios::binary | std::ios::trunc) {
    if (!file_) throw DiskError(path_.string() + ": cannot be written");
}

EstimateLog::EstimateLog(const std::filesystem::path& file, std::size_t keep) : path_(file) {
    std::ifstream before(file, std::ios::binary);
    std::uintmax_t end = 0;
    std::string line;
    for (std::size_t row = 0; row <= keep; ++row) {  // with the header
        if (!std::getline(before, line) || before.eof())
            throw InputError(file.string() + ": has " + std::to_string(row == 0 ? 0 : row - 1) +
                             " rows; the run's state is after " + std::to_string(keep));
        if (row == 0)
            for (std::size_t at = 0; at < line.size();) {
                const std::size_t comma = std::min(line.find(',', at), line.size());
                const std::string name = line.substr(at, comma - at);
                if (name.size() > 3 && name.ends_with("_sd") && !name.starts_with("estimate_"))
                    scalars_.push_back(name.substr(0, name.size() - 3));
                at = comma + 1;
            }
        end += line.size() + 1;
    }
    before.close();
    std::filesystem::resize_file(file, end);
    file_.open(file, std::ios::binary | std::ios::app);
    if (!file_) throw DiskError(path_.string() + ": cannot be written");
    rows_ = keep;
}

void EstimateLog::append(const TwinState& s) {
    std::string line;
    if (rows_ == 0) {
        line = "time_s,quality,misfit,members,degradation";
        for (const auto& [name, e] : s.scalars) {
            scalars_.push_back(name);
            line += "," + name + "," + name + "_sd," + name + "_p05," + name + "_p95";
        }
        line += ",nis,nis_low,nis_high";
        for (const SensorState& one : s.sensors)
            for (const char* what : {"reading_", "predicted_", "innovation_", "sigma_", "verdict_"})
                line += "," + (what + one.name);
        for (const ParameterState& p : s.parameters)
            for (const char* what : {"", "_sd", "_p05", "_p95", "_identified"}) line += ",estimate_" + p.name + what;
        line += "\n";
    }
    line += cell(s.run_s) + "," + std::string(name(s.quality)) + "," + (s.misfit ? "1" : "0") + "," +
            std::to_string(s.members) + "," + std::to_string(s.degradation);
    for (const std::string& name : scalars_) {
        const auto found = s.scalars.find(name);
        if (found == s.scalars.end())
            line += ",,,,";
        else
            line += "," + cell(found->second.value) + "," + cell(found->second.sd) + "," + cell(found->second.low) + "," +
                    cell(found->second.high);
    }
    line += "," + cell(s.nis) + "," + cell(s.nis_low) + "," + cell(s.nis_high);
    for (const SensorState& one : s.sensors)
        line += "," + cell(one.reading) + "," + cell(one.predicted) + "," + cell(one.innovation) + "," + cell(one.sigma) + "," +
                one.verdict;
    for (const ParameterState& p : s.parameters)
        line += "," + cell(p.posterior.value) + "," + cell(p.posterior.sd) + "," + cell(p.posterior.low) + "," +
                cell(p.posterior.high) + "," + (p.identified ? "1" : "0");
    line += "\n";
    file_ << line;
    if (!file_) throw DiskError(path_.string() + ": cannot be written");
    ++rows_;
}

void EstimateLog::flush() {
    file_.flush();
    if (!file_) throw DiskError(path_.string() + ": cannot be written");
}

}  // namespace jt
