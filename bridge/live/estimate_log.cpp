// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/estimate_log.hpp"

#include <sstream>

#include "bridge/wire/payload.hpp"

namespace jt {
namespace {

const std::string kSd = "_sd";

std::string cell(double value) {
    return RowFile::cell(value);
}
std::string cell(const std::optional<double>& value) {
    return RowFile::cell(value);
}

}  // namespace

EstimateLog::EstimateLog(const std::filesystem::path& file, std::size_t keep) : file_(file, keep) {
    std::istringstream names(file_.old_header());
    for (std::string name; std::getline(names, name, ',');)
        if (name.size() > kSd.size() && name.ends_with(kSd) && !name.starts_with("estimate_"))
            scalars_.push_back(name.substr(0, name.size() - kSd.size()));
}

void EstimateLog::append(const TwinState& s) {
    std::string line;
    if (file_.rows() == 0) {
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
        file_.header(line);
    }
    line = cell(s.run_s) + "," + std::string(name(s.quality)) + "," + (s.misfit ? "1" : "0") + "," + std::to_string(s.members) +
           "," + std::to_string(s.degradation);
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
    file_.row(line);
}

}  // namespace jt
