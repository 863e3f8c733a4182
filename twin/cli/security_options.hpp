// SPDX-License-Identifier: Apache-2.0
// --key, --server-key, --allow, --insecure: shared by all commands with sockets.
#pragma once
#include <CLI/CLI.hpp>

#include "bridge/wire/security.hpp"

namespace jt::cli {

struct SecurityUse {
    bool binds = true, connects = true;  // which of the options make sense
};
void add_security_options(CLI::App& command, Security& security, const SecurityUse& use = {});

}  // namespace jt::cli
