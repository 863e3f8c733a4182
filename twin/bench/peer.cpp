// SPDX-License-Identifier: Apache-2.0
#include "twin/bench/peer.hpp"

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>

namespace jt {

std::optional<PeerResult> run_hypre_peer(const PotentialBench& bench) {
    std::error_code none;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", none);
    if (none) return {};
    const auto peer = self.parent_path() / "peer_hypre";
    if (!std::filesystem::exists(peer, none) || peer.string().find('\'') != std::string::npos) return {};
    char command[1024];
    // Only numbers enter the command line.
    const int length =
        std::snprintf(command, sizeof command,
                      "SEED=%llu COND=%.17g INSUL=%.17g ASPECT=%.17g OMP_NUM_THREADS=1 mpirun --allow-run-as-root "
                      "--oversubscribe -n 2 '%s' pfmg P1 %d "
                      "%.3g %d 2>/dev/null",
                      static_cast<unsigned long long>(bench.map.seed), bench.map.conductive, bench.map.insulating, bench.aspect,
                      peer.c_str(), bench.map.cells, bench.tolerance, bench.repeat);
    if (length < 0 || length >= int(sizeof command)) return {};
    FILE* pipe = popen(command, "r");
    if (!pipe) return {};
    std::string text;
    char buffer[512];
    while (std::fgets(buffer, sizeof buffer, pipe)) text += buffer;
    const int status = pclose(pipe);
    PeerResult result;
    const char *total = std::strstr(text.c_str(), "setup+solve min="), *iterations = std::strstr(text.c_str(), " it="),
               *check = std::strstr(text.c_str(), "check=");
    if (status != 0 || !total || !iterations || !check) return {};
    if (std::sscanf(total, "setup+solve min=%lf", &result.total_s) != 1 ||
        std::sscanf(iterations, " it=%d", &result.iterations) != 1 ||
        std::sscanf(check, "check=%lf", &result.current_over_h) != 1 || !(result.total_s > 0.0))
        return {};
    return result;
}

}  // namespace jt
