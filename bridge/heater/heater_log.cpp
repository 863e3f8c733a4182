// SPDX-License-Identifier: Apache-2.0
#include "bridge/heater/heater_log.hpp"

#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {

CsvFile::CsvFile(const std::filesystem::path& path, const std::string& head) : path_(path), file_(path, std::ios::binary) {
    if (!file_) throw DiskError("cannot write " + quote(path.string()));
    line(head);
}

void CsvFile::line(const std::string& text) {
    file_ << text << '\n';
    check();
}

void CsvFile::flush() {
    file_.flush();
    check();
}

void CsvFile::check() {
    if (!file_) throw DiskError("cannot write " + quote(path_.string()) + ": the disk may be full");
}

ReadingLog::ReadingLog(const std::filesystem::path& path)
    : file_(path, "sensor,value,unit,sigma,quality,t_source_ns,seq,epoch") {}

void ReadingLog::write(const Reading& r) {
    static constexpr const char* kQualities[] = {"good", "uncertain", "predicted", "stale", "bad"};
    file_.line(r.sensor + "," + (r.value ? format_number(*r.value) : "") + "," + r.unit + "," + format_number(r.sigma) + "," +
               kQualities[static_cast<int>(r.quality)] + "," + std::to_string(r.t_source_ns) + "," + std::to_string(r.seq) +
               "," + std::to_string(r.epoch));
}

TruthLog::TruthLog(const std::filesystem::path& path, const std::string& true_parameters)
    : file_(path, true_parameters +
                      "run,run_s,program_s,phase,setpoint,T_mean_K,T_max_K,T_min_K,T_max_solid_K,current_A,voltage_V,"
                      "resistance_ohm") {}

void TruthLog::watch(VirtualHeater& heater) {
    Plant& plant = heater.plant();
    if (plant.run() == 0) return;
    if (plant.run() != run_) run_ = plant.run(), next_s_ = 0.0;
    const PlantTimes times = plant.times();
    if (times.run_s < next_s_ - 1e-9) return;
    while (next_s_ <= times.run_s + 1e-9) next_s_ += kTruthEvery;
    const PlantTruth t = plant.truth();
    std::string row = std::to_string(run_) + "," + format_number(times.run_s) + "," + format_number(times.program_s) + "," +
                      name_of(plant.phase()) + "," + (times.setpoint ? format_number(*times.setpoint) : "");
    for (const double value : {t.T_mean_K, t.T_max_K, t.T_min_K, t.T_max_solid_K, t.current_A, t.voltage_V}) {
        row += ",";
        row += format_number(value);
    }
    file_.line(row + "," + (t.current_A > 0.0 ? format_number(t.resistance_ohm) : ""));
}

}  // namespace jt
