// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/command.hpp"

#ifdef JT_BRIDGE
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "bridge/wire/security.hpp"
#include "kernels/error.hpp"
#endif

namespace jt::cli {

#ifdef JT_BRIDGE
namespace {

struct KeygenArguments {
    std::string name, folder;
};

void make_keys(const KeygenArguments& o) {
    std::filesystem::path folder = o.folder;
    if (folder.empty()) {
        const char* home = std::getenv("HOME");
        if (!home || !*home) throw InputError("keygen: HOME is not set; allowed: -o DIR");
        folder = std::filesystem::path(home) / ".config" / "jouletwin" / "keys";
    }
    const auto files = write_key_pair(folder, o.name, make_key_pair());
    std::printf(
        "%s   secret: --key of the program that is %s\n%s   public: --server-key of those that connect to it, a line of "
        "--allow of those that it connects to\n",
        files[0].c_str(), o.name.c_str(), files[1].c_str());
}

}  // namespace

void add_keygen(CLI::App& app, Outcome&) {
    auto* command = app.add_subcommand("keygen", "Make a pair of keys, for links beyond this machine");
    auto o = std::make_shared<KeygenArguments>();
    command->add_option("NAME", o->name, "of the files NAME.key (secret) and NAME.pub (to hand out)")->required();
    command->add_option("-o,--output", o->folder, "folder; default ~/.config/jouletwin/keys");
    command->callback([o] { make_keys(*o); });
}
#else
void add_keygen(CLI::App&, Outcome&) {}
#endif

}  // namespace jt::cli
