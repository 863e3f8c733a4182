// SPDX-License-Identifier: Apache-2.0
#ifdef JT_BRIDGE
#include "twin/cli/security_options.hpp"

namespace jt::cli {

void add_security_options(CLI::App& command, Security& security, const SecurityUse& use) {
    const char* const group = "Security";
    command.add_option("--key", security.key, "this program's secret key, NAME.key of jouletwin keygen")->group(group);
    if (use.connects)
        command.add_option("--server-key", security.server_key, "public key of the program connected to, its NAME.pub")
            ->group(group);
    if (!use.binds) return;
    command.add_option("--allow", security.allow, "file of the public keys of who may connect, one a line; others get nothing")
        ->group(group);
    command
        .add_flag("--insecure", security.insecure, "listen beyond this machine without keys: anyone there may read and command")
        ->group(group);
}

}  // namespace jt::cli
#endif
