// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/forecast_log.hpp"

#include <sstream>

namespace jt {
namespace {

const std::string kMiddle = "_p50";

}  // namespace

ForecastLog::ForecastLog(const std::filesystem::path& file, std::size_t keep) : file_(file, keep) {
    std::istringstream names(file_.old_header());
    for (std::string name; std::getline(names, name, ',');)
        if (name.ends_with(kMiddle)) quantities_.push_back(name.substr(0, name.size() - kMiddle.size()));
}

void ForecastLog::append(const Forecast& made) {
    if (made.points.empty()) return;
    if (file_.rows() == 0) {
        std::string line = "made_s,time_s";
        for (const auto& [name, band] : made.points.front().bands) {
            quantities_.push_back(name);
            line += "," + name + "_p05," + name + kMiddle + "," + name + "_p95";
        }
        file_.header(line);
    }
    for (const ForecastPoint& point : made.points) {
        std::string line = RowFile::cell(made.from_s) + "," + RowFile::cell(point.run_s);
        for (const std::string& name : quantities_) {
            const auto found = point.bands.find(name);
            for (int k = 0; k < 3; ++k)
                line += "," + (found == point.bands.end() ? "" : RowFile::cell(found->second[std::size_t(k)]));
        }
        file_.row(line);
    }
}

}  // namespace jt
