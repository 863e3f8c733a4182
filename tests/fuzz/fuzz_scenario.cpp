// SPDX-License-Identifier: Apache-2.0
// Throws damaged scenarios at the reader: fuzz_scenario SECONDS SEED. Every text must be read or refused with an InputError
// within 10 s; anything else is a defect, and the text that did it is left in fuzz_scenario.toml. The same seed gives the same
// texts.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "kernels/error.hpp"
#include "tests/paths.hpp"
#include "twin/scenario/reader.hpp"

namespace {
namespace fs = std::filesystem;

constexpr unsigned kSlowest = 10;  // [s]

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// One to eight changes: a bit, a byte, a piece dropped, repeated or taken from another seed, the end cut off.
std::string damaged(const std::vector<std::string>& seeds, std::mt19937_64& random) {
    const auto below = [&](std::size_t n) { return n ? std::size_t(random() % n) : 0; };
    std::string text = seeds[below(seeds.size())];
    for (std::size_t change = 1 + below(8); change > 0 && !text.empty(); --change) {
        const std::size_t at = below(text.size()), length = std::min<std::size_t>(1 + below(24), text.size() - at);
        const std::string& other = seeds[below(seeds.size())];
        switch (below(6)) {
            case 0:
                text[at] = char(text[at] ^ (1 << below(8)));
                break;
            case 1:
                text[at] = char(below(256));
                break;
            case 2:
                text.erase(at, length);
                break;
            case 3:
                text.insert(at, text.substr(at, length));
                break;
            case 4:
                text.replace(at, length, other.substr(below(other.size()), length));
                break;
            case 5:
                if (below(4) == 0) text.resize(at);
                break;
        }
    }
    return text;
}

std::vector<std::string> scenario_seeds() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(JT_SOURCE_DIR "/data/scenarios"))
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<std::string> seeds;
    for (const fs::path& file : files) seeds.push_back(bytes_of(file));
    return seeds;
}

}  // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::atof(argv[1]) : 10.0;
    unsigned long long seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const fs::path file = "fuzz_scenario.toml";
    const auto seeds = scenario_seeds();
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    unsigned long long accepted = 0, refused = 0;
    for (; std::chrono::steady_clock::now() < end; ++seed) {
        std::mt19937_64 random(seed);
        std::ofstream(file, std::ios::binary) << damaged(seeds, random);
        alarm(kSlowest);  // ends the program: a hang is a failure
        try {
            jt::read_scenario(file);
            ++accepted;
        } catch (const jt::InputError&) {
            ++refused;
        } catch (const std::exception& error) {
            std::fprintf(stderr, "seed %llu: not an InputError: %s\n", seed, error.what());
            return 1;
        }
        alarm(0);
    }
    fs::remove(file);
    std::printf("%llu texts accepted, %llu refused, up to seed %llu\n", accepted, refused, seed - 1);
    return accepted > 0 && refused > 0 ? 0 : 1;
}
