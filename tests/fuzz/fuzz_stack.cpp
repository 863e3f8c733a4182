// SPDX-License-Identifier: Apache-2.0
// Throws damaged stacks at the reader: fuzz_stack SECONDS SEED. Every file must be read or refused with an InputError; anything
// else (crash, other exception, output of libtiff) is a defect. The same seed gives the same files. Build with the sanitizers.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>

#include "kernels/error.hpp"
#include "tests/support/tiff_maker.hpp"
#include "twin/bed/random.hpp"
#include "twin/stack/read_stack.hpp"

namespace jt {
namespace {

struct Seeds {
    std::vector<std::string> tiff, sidecar;
};

Seeds make_seeds(const std::filesystem::path& folder) {
    Seeds seeds;
    const auto file = folder / "seed.tif";
    for (const int bits : {8, 16})
        for (const auto compression : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS})
            for (const int tile : {0, 16})
                for (const char* mode : {"wl", "wb", "wl8"}) {
                    test::make_tiff(file, 19, 11, 3, test::counted(19, 11, 3),
                                    {.mode = mode,
                                     .bits = bits,
                                     .tile = tile,
                                     .rows_per_strip = tile ? 0 : 4,
                                     .compression = std::uint16_t(compression)});
                    seeds.tiff.push_back(test::bytes_of(file));
                }
    seeds.sidecar = {"size = [3, 2, 1]\ntype = \"uint8\"\n",
                     "size = [1, 1, 2]\ntype = \"uint16\"\nbyte_order = \"big\"\noffset = 2\n"};
    return seeds;
}

// One to eight changes: a byte, a word of extreme value, a piece moved, the end cut off.
void damage(std::string& bytes, SplitMix64& random) {
    static constexpr std::uint32_t kExtreme[] = {0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff};
    for (std::uint64_t changes = 1 + random.next() % 8; changes > 0 && !bytes.empty(); --changes) {
        const std::size_t at = random.next() % bytes.size();
        switch (random.next() % 6) {
            case 0:
                bytes.resize(at);
                break;
            case 1:
            case 2:
                bytes[at] = char(random.next());
                break;
            case 3:
                bytes[at] = char(bytes[at] ^ 1 << random.next() % 8);
                break;
            case 4: {
                const std::uint32_t word = kExtreme[random.next() % std::size(kExtreme)];
                for (std::size_t n = 0; n < 4 && at + n < bytes.size(); ++n) bytes[at + n] = char(word >> (8 * n));
                break;
            }
            default: {
                const std::size_t from = random.next() % bytes.size(), length = random.next() % 24;
                bytes.replace(at, length, bytes.substr(from, length));
            }
        }
    }
}

int fuzz(double seconds, std::uint64_t seed) {
    const auto folder = std::filesystem::temp_directory_path() / ("jouletwin_fuzz_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const Seeds seeds = make_seeds(folder);
    SplitMix64 random(seed);
    test::put_bytes(folder / "f.raw", "123456");
    const auto start = std::chrono::steady_clock::now();
    long long files = 0, read = 0;
    double slowest = 0.0;
    for (double elapsed = 0.0; elapsed < seconds; ++files) {
        const bool raw = random.next() % 16 == 0;
        const auto& from = raw ? seeds.sidecar : seeds.tiff;
        std::string bytes = from[random.next() % from.size()];
        damage(bytes, random);
        test::put_bytes(folder / (raw ? "f.raw.toml" : "f.tif"), bytes);
        try {
            read += read_stack(folder / (raw ? "f.raw" : "f.tif")).grey.empty() ? 0 : 1;
        } catch (const InputError&) {
        } catch (const std::exception& error) {
            std::fprintf(stderr, "file %lld of seed %llu: %s\nkept as %s\n", files, static_cast<unsigned long long>(seed),
                         error.what(), folder.c_str());
            return 1;
        }
        const double now = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        slowest = std::max(slowest, now - elapsed);
        elapsed = now;
    }
    std::filesystem::remove_all(folder);
    std::printf("stack: %lld files, %lld read, the rest refused; slowest %.3f s\n", files, read, slowest);
    return 0;
}

}  // namespace
}  // namespace jt

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: fuzz_stack SECONDS SEED\n");
        return 2;
    }
    return jt::fuzz(std::atof(argv[1]), std::strtoull(argv[2], nullptr, 10));
}
