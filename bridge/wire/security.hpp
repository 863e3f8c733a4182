// SPDX-License-Identifier: Apache-2.0
// Security: CURVE keys in files, who may connect, and what is refused without. Key files are TOML-like text of two or three
// lines; the secret one has mode 0600. A socket that binds uses CURVE where --allow is given, one that connects where
// --server-key is given; both need --key.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace jt {

// As the options say.
struct Security {
    std::string key;         // file with this program's secret key
    std::string server_key;  // file with the public key of the program that is connected to
    std::string allow;       // file with the public keys of who may connect, one a line
    bool insecure = false;   // bind beyond loopback without keys
};

struct KeyPair {
    std::string public_key, secret_key;  // Z85, 40 characters
};

KeyPair make_key_pair();

// DIR/NAME.key (secret, 0600) and DIR/NAME.pub (to hand out). The folder is made with mode 0700. Never overwrites. Throws
// InputError (name, files that exist) or DiskError. Returns the two paths.
std::vector<std::filesystem::path> write_key_pair(const std::filesystem::path& folder, const std::string& name,
                                                  const KeyPair& pair);

// Throw InputError with file, line and what is allowed. A secret file that others than its owner can read is refused.
KeyPair read_secret_key(const std::filesystem::path& file);
std::string read_public_key(const std::filesystem::path& file);
std::vector<std::string> read_allow_list(const std::filesystem::path& file);

// What the files hold. Read once, before any socket is made.
struct Keys {
    KeyPair own;             // empty: none
    std::string server_key;  // empty: connects without CURVE
    std::vector<std::string> allow;
    bool has_allow = false;  // binds with CURVE
    bool insecure = false;
};
// Checks that the options fit together. Throws InputError.
Keys read_keys(const Security& security);

}  // namespace jt
