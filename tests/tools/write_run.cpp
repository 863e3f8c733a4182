// SPDX-License-Identifier: Apache-2.0
// write_run FOLDER: run files of known numbers in FOLDER/closed and FOLDER/killed, for read_run.py --pattern to find again.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <filesystem>

#include "twin/recording/run_file.hpp"
#include "twin/recording/timeseries.hpp"
#include "twin/recording/write_file.hpp"

namespace {

constexpr jt::Extents kBox{7, 5, 3, 1e-3, 2e-3, 4e-3};

// A float that says where it stands: field f, output n, cell c.
float number(int f, int n, std::size_t c) {
    return float(65536 * f + 1024 * n) + float(c);
}

jt::RunFile write(const std::filesystem::path& folder) {
    jt::make_folder(folder);
    std::vector<std::uint8_t> material(kBox.count());
    for (std::size_t c = 0; c < material.size(); ++c) material[c] = std::uint8_t(c % 3);
    jt::RunFile file =
        jt::RunFile::create(folder / "run.h5", kBox, {"T_K", "J_A_per_m2"}, 9, material, {"void", "char", "steel"});
    jt::TimeSeries series = jt::TimeSeries::create(folder / "timeseries.csv", {});
    for (int n = 0; n < 4; ++n) {
        std::vector<float> T(kBox.count()), J(kBox.count());
        for (std::size_t c = 0; c < T.size(); ++c) T[c] = number(0, n, c), J[c] = number(1, n, c);
        jt::RunRecord record;
        record.time_s = 0.3 * n;
        record.T_max_K = double(T.back());
        series.append(record);
        if (n == 0)
            file.append(record.time_s, {{"T_K", T}});  // no current yet
        else
            file.append(record.time_s, {{"T_K", T}, {"J_A_per_m2", J}});
    }
    return file;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count != 2) return 2;
        const std::filesystem::path folder = arguments[1];
        write(folder / "closed").close();
        const jt::RunFile killed = write(folder / "killed");
        _exit(0);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
