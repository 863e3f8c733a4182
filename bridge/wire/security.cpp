// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/security.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr std::size_t kKeyLength = 40;      // characters of Z85
constexpr std::size_t kMostFile = 1 << 20;  // bytes
constexpr std::string_view kZ85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

struct KeyDescriptor {
    int fd;
    ~KeyDescriptor() {
        if (fd >= 0) close(fd);
    }
};

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r"), last = text.find_last_not_of(" \t\r");
    return first == text.npos ? std::string() : text.substr(first, last - first + 1);
}

bool is_key(const std::string& text) {
    std::uint8_t bytes[32];
    return text.size() == kKeyLength &&
           std::all_of(text.begin(), text.end(), [](char c) { return kZ85.find(c) != kZ85.npos; }) &&
           zmq_z85_decode(bytes, text.c_str()) != nullptr;
}

// Lines of a file of keys. Read through one descriptor whose mode is the one that is judged.
std::vector<std::string> lines_of(const std::filesystem::path& file, bool secret) {
    const KeyDescriptor opened{open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (opened.fd < 0) throw InputError(file.string() + ": cannot be read: " + std::strerror(errno));
    struct stat info {};
    if (fstat(opened.fd, &info) != 0 || !S_ISREG(info.st_mode)) throw InputError(file.string() + ": is no file");
    if (secret && (info.st_mode & 077) != 0)
        throw InputError(file.string() + ": others than its owner may read this secret; allowed: mode 0600 (chmod 600 " +
                         file.string() + ", and a new key if it was readable for long)");
    if (info.st_size > off_t(kMostFile))
        throw InputError(file.string() + ": has " + std::to_string(info.st_size) + " bytes; allowed: up to " +
                         std::to_string(kMostFile));
    std::string text(std::size_t(info.st_size), '\0');
    std::size_t got = 0;
    while (got < text.size()) {
        const ssize_t n = ::read(opened.fd, text.data() + got, text.size() - got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw InputError(file.string() + ": cannot be read: " + std::strerror(errno));
        if (n == 0) break;
        got += std::size_t(n);
    }
    text.resize(got);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

// `name = "KEY"` in any line; nothing where no line has the name.
std::string named_key(const std::vector<std::string>& lines, std::string_view key, const std::filesystem::path& file) {
    for (std::size_t n = 0; n < lines.size(); ++n) {
        const std::string line = trimmed(lines[n]);
        const std::size_t equals = line.find('=');
        if (line.empty() || line[0] == '#' || equals == line.npos || trimmed(line.substr(0, equals)) != key) continue;
        std::string value = trimmed(line.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        // Not shown: a secret belongs into no log.
        if (!is_key(value))
            throw InputError(file.string() + " line " + std::to_string(n + 1) + ": " + std::string(key) +
                             " is no key; allowed: 40 characters in quotes, as jouletwin keygen writes");
        return value;
    }
    return {};
}

// Not over one that is there; synchronised.
void write_new(const std::filesystem::path& file, const std::string& text, mode_t mode) {
    const KeyDescriptor made{open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)};
    if (made.fd < 0) {
        if (errno == EEXIST) throw InputError(file.string() + ": is there already and is not overwritten");
        throw DiskError(file.string() + ": cannot be written: " + std::strerror(errno));
    }
    // Whatever the umask says.
    bool good = fchmod(made.fd, mode) == 0;
    for (std::size_t at = 0; good && at < text.size();) {
        const ssize_t n = write(made.fd, text.data() + at, text.size() - at);
        if (n < 0 && errno == EINTR) continue;
        good = n > 0;
        if (good) at += std::size_t(n);
    }
    if (good && fsync(made.fd) == 0) return;
    const int error = errno;
    unlink(file.c_str());
    throw DiskError(file.string() + ": cannot be written: " + std::strerror(error));
}

}  // namespace

KeyPair make_key_pair() {
    char public_key[kKeyLength + 1], secret_key[kKeyLength + 1];
    if (zmq_curve_keypair(public_key, secret_key) != 0)
        throw NetworkError(std::string("no keys: this ZeroMQ is built without CURVE (") + zmq_strerror(zmq_errno()) + ")");
    return {public_key, secret_key};
}

std::vector<std::filesystem::path> write_key_pair(const std::filesystem::path& folder, const std::string& name,
                                                  const KeyPair& pair) {
    const bool plain = !name.empty() && name.size() <= 64 && name[0] != '-' && name[0] != '.' &&
                       std::all_of(name.begin(), name.end(), [](unsigned char c) {
                           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                                  c == '_' || c == '.';
                       });
    if (!plain)
        throw InputError("name of a key " + quote(name) +
                         ": allowed: up to 64 letters, digits, \"-\", \"_\" and \".\", with a letter, digit or \"_\" first");
    const auto secret = folder / (name + ".key"), open_one = folder / (name + ".pub");
    std::vector<std::string> there;
    for (const auto& file : {secret, open_one}) {
        std::error_code ignored;  // what cannot be seen cannot be made either, and that is told
        if (std::filesystem::symlink_status(file, ignored).type() != std::filesystem::file_type::not_found &&
            std::filesystem::exists(std::filesystem::symlink_status(file, ignored)))
            there.push_back(file.string() + ": is there already and is not overwritten");
    }
    if (!there.empty()) throw InputError(there);
    if (!folder.empty() && !std::filesystem::is_directory(folder)) {
        std::error_code error;
        if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), error);
        if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
            throw DiskError(folder.string() + ": cannot be made: " + std::strerror(errno));
    }
    write_new(secret,
              "# Secret key of " + name + ", of a program of jouletwin (CURVE, Z85). Belongs to its owner alone.\nsecret = \"" +
                  pair.secret_key + "\"\npublic = \"" + pair.public_key + "\"\n",
              0600);
    write_new(open_one, "# Public key of " + name + " (CURVE, Z85). To be handed out.\npublic = \"" + pair.public_key + "\"\n",
              0644);
    return {secret, open_one};
}

KeyPair read_secret_key(const std::filesystem::path& file) {
    const auto lines = lines_of(file, true);
    KeyPair pair{"", named_key(lines, "secret", file)};
    if (pair.secret_key.empty())
        throw InputError(file.string() + ": holds no secret key; allowed: NAME.key as jouletwin keygen writes");
    char derived[kKeyLength + 1];
    if (zmq_curve_public(derived, pair.secret_key.c_str()) != 0)
        throw NetworkError("no keys: this ZeroMQ is built without CURVE");
    pair.public_key = derived;
    if (const std::string said = named_key(lines, "public", file); !said.empty() && said != pair.public_key)
        throw InputError(file.string() + ": its public key is not the one of its secret key");
    return pair;
}

std::string read_public_key(const std::filesystem::path& file) {
    std::string key = named_key(lines_of(file, false), "public", file);
    if (key.empty()) throw InputError(file.string() + ": holds no public key; allowed: NAME.pub as jouletwin keygen writes");
    return key;
}

std::vector<std::string> read_allow_list(const std::filesystem::path& file) {
    std::vector<std::string> keys, problems;
    const auto lines = lines_of(file, false);
    for (std::size_t n = 0; n < lines.size(); ++n) {
        std::string line = trimmed(lines[n]);
        if (line.empty() || (line[0] == '#' && !is_key(line))) continue;
        // A line of NAME.pub will do: public = "KEY".
        if (!is_key(line)) {
            const std::size_t open_quote = line.find('"'), close_quote = line.rfind('"');
            if (line.starts_with("public") && open_quote != line.npos && close_quote > open_quote)
                line = line.substr(open_quote + 1, close_quote - open_quote - 1);
            else if (const std::size_t blank = line.find_first_of(" \t"); blank != line.npos)
                line = line.substr(0, blank);  // a name may follow
        }
        if (!is_key(line)) {
            problems.push_back(file.string() + " line " + std::to_string(n + 1) + ": " + quote(line) +
                               " is no public key; allowed: 40 characters, a name may follow");
            continue;
        }
        keys.push_back(line);
    }
    if (problems.size() > 20) problems.resize(20);
    if (!problems.empty()) throw InputError(problems);
    if (keys.empty()) throw InputError(file.string() + ": holds no key: nobody could connect");
    return keys;
}

Keys read_keys(const Security& security) {
    Keys keys;
    std::vector<std::string> problems;
    const auto collect = [&](auto&& read) {
        try {
            read();
        } catch (const InputError& error) {
            problems.insert(problems.end(), error.problems.begin(), error.problems.end());
        }
    };
    keys.insecure = security.insecure;
    if (!security.key.empty()) collect([&] { keys.own = read_secret_key(security.key); });
    if (!security.server_key.empty()) collect([&] { keys.server_key = read_public_key(security.server_key); });
    if (!security.allow.empty()) {
        collect([&] { keys.allow = read_allow_list(security.allow); });
        keys.has_allow = true;
    }
    if (security.key.empty() && !security.server_key.empty())
        problems.push_back("--server-key needs --key: this program's own");
    if (security.key.empty() && !security.allow.empty()) problems.push_back("--allow needs --key: this program's own");
    if (!security.key.empty() && security.server_key.empty() && security.allow.empty())
        problems.push_back("--key alone protects nothing: --allow is needed to be connected to, --server-key to connect");
    if (!problems.empty()) throw InputError(problems);
    return keys;
}

}  // namespace jt
