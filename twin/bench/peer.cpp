// SPDX-License-Identifier: Apache-2.0
#include "twin/bench/peer.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace jt {
namespace {

// The number that follows `key`, if there is one.
bool number_after(const std::string& text, const char* key, double& value) {
    const auto at = text.find(key);
    if (at == std::string::npos) return false;
    const char* start = text.c_str() + at + std::string(key).size();
    char* end = nullptr;
    value = std::strtod(start, &end);
    return end != start;
}

}  // namespace

std::optional<PeerResult> read_peer(int number, const std::string& text) {
    PeerResult r;
    double iterations = 0.0, heat = 0.0;
    bool complete = false;
    if (number == 3)
        complete = number_after(text, " total=", r.total_s) && number_after(text, " its phi=", iterations) &&
                   number_after(text, " T=", heat) && number_after(text, " Tmean=", r.mean_T_K) &&
                   number_after(text, " Tmax=", r.max_T_K);
    else
        complete = number_after(text, "setup+solve min=", r.total_s) && number_after(text, " it=", iterations) &&
                   number_after(text, "check=", number == 1 ? r.current_over_h : r.mean_T_K);
    if (!complete || !(r.total_s > 0.0)) return {};
    r.iterations = long(iterations);
    r.heat_iterations = long(heat);
    return r;
}

std::optional<PeerResult> run_hypre_peer(const PeerProblem& p) {
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
                      "--oversubscribe -n 2 '%s' pfmg P%d %d %.3g %d 2>/dev/null",
                      static_cast<unsigned long long>(p.map.seed), p.map.conductive, p.map.insulating, p.aspect, peer.c_str(),
                      p.number, p.map.cells, p.tolerance, std::min(p.repeat, 50));  // it keeps 50 times
    if (length < 0 || length >= int(sizeof command)) return {};
    FILE* pipe = popen(command, "r");
    if (!pipe) return {};
    std::string text;
    char buffer[512];
    while (std::fgets(buffer, sizeof buffer, pipe)) text += buffer;
    if (pclose(pipe) != 0) return {};
    return read_peer(p.number, text);
}

}  // namespace jt
