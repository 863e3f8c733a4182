// SPDX-License-Identifier: Apache-2.0
// Throws damaged sensor logs at the reader and what it reads at the calibration: fuzz_log SECONDS SEED. Every log must be read
// or refused with an InputError or SolveError; anything else is a defect. Build with the sanitizers.
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "kernels/error.hpp"
#include "twin/bed/random.hpp"
#include "twin/lumped/lumped_twin.hpp"

namespace jt {
namespace {

std::string table() {
    std::string text = "time_s,T (degC),U_V,I_A\n";
    for (int n = 0; n < 60; ++n) {
        char row[96];
        std::snprintf(row, sizeof row, "%d,%.1f,%.1f,%d\n", n, 400.0 + 5.0 * n + std::sin(n), 0.9 + 0.005 * n, 500 + 2 * n);
        text += row;
    }
    return text;
}

std::string logger() {
    std::string text =
        "#BeginHeader,62\r\n#FormatType,NR-500\\NORMAL\r\nNo. of Data,60\r\nWaveform "
        "Name,,\"VOLTAGE\",\"CURRENT\",\"TEMP.\"\r\n"
        "Unit,,\"V\",\"A\",\"\xEF\xBE\x9F\x43\"\r\n#EndHeader,Date/Time,CH01,CH02,CH03\r\n";
    for (int n = 0; n < 60; ++n) {
        char row[96];
        std::snprintf(row, sizeof row, "04/21/2021 11:56:%02d,500000,%.1f,%d,%.1f\r\n", n, 0.9 + 0.005 * n, 500 + 2 * n,
                      400.0 + 5.0 * n);
        text += row;
    }
    return text + "#BeginMark,3\r\nCH Name,Comment\r\n#EndMark";
}

void damage(std::string& text, SplitMix64& random) {
    static const char* const kPieces[] = {"1e308",      "-1e308", "nan", "\"", ",,,", "\r\n", "1e-300",
                                          "#BeginMark", ";",      "\t",  "0",  "-",   "00"};
    for (std::uint64_t changes = 1 + random.next() % 4; changes > 0 && !text.empty(); --changes) {
        const std::size_t at = random.next() % text.size();
        switch (random.next() % 8) {
            case 0:
                text.resize(at);
                break;
            case 1:
                text[at] = char(random.next());
                break;
            case 2:
                text.replace(at, random.next() % 30, text.substr(random.next() % text.size(), random.next() % 60));
                break;
            case 3:
                text.replace(at, random.next() % 4, kPieces[random.next() % std::size(kPieces)]);
                break;
            default:  // another digit: still a log, with other physics
                if (text[at] >= '0' && text[at] <= '9') text[at] = char('0' + random.next() % 10);
        }
    }
}

int fuzz(double seconds, std::uint64_t seed) {
    const auto folder = std::filesystem::temp_directory_path() / ("jouletwin_fuzz_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const auto file = folder / "log.csv";
    const std::string seeds[2] = {table(), logger()};
    SplitMix64 random(seed);
    const auto start = std::chrono::steady_clock::now();
    long long files = 0, read = 0, fitted = 0;
    double slowest = 0.0;
    for (double elapsed = 0.0; elapsed < seconds; ++files) {
        std::string text = seeds[random.next() % 2];
        damage(text, random);
        std::ofstream(file, std::ios::binary) << text;
        try {
            const SensorLog log = read_sensor_log(file);
            ++read;
            const LumpedFit fit = fit_lumped(log, {.from_s = log.time_s.front(), .to_s = log.time_s[log.rows() * 3 / 4]});
            (void)predict_lumped(log, fit, {fit.to_s, log.time_s.back()}, {}, fit.ramp_K + 50.0);
            ++fitted;
        } catch (const InputError&) {
        } catch (const SolveError&) {
        } catch (const std::exception& error) {
            std::fprintf(stderr, "file %lld of seed %llu: %s\nkept as %s\n", files, static_cast<unsigned long long>(seed),
                         error.what(), file.c_str());
            return 1;
        }
        const double now = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        slowest = std::max(slowest, now - elapsed);
        elapsed = now;
    }
    std::filesystem::remove_all(folder);
    std::printf("log: %lld files, %lld read, %lld calibrated, the rest refused; slowest %.3f s\n", files, read, fitted,
                slowest);
    return 0;
}

}  // namespace
}  // namespace jt

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: fuzz_log SECONDS SEED\n");
        return 2;
    }
    return jt::fuzz(std::atof(argv[1]), std::strtoull(argv[2], nullptr, 10));
}
