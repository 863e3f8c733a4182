// SPDX-License-Identifier: Apache-2.0
// FrameLog: every frame as it came, with the time of reception, in one file that is only ever appended to.
// File: "JTFRAMES" | u32 version 1 | u32 0. Record: u32 mark "JTRC" | u32 bytes of the body | u32 CRC-32 of the body | body;
// body: i64 t_receive_ns | u32 parts | for each part u32 length, bytes. Little endian.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jt {

struct FrameRecord {
    std::int64_t t_receive_ns = 0;
    std::vector<std::string> parts;
};

class FrameLog {
public:
    // Creates the file or goes on with it; what a crash has left unfinished at its end is cut off. Throws DiskError, or
    // InputError where the file is something else.
    explicit FrameLog(const std::filesystem::path& file);
    ~FrameLog();
    // Throws DiskError, after which the log is closed and further calls do nothing: a live twin goes on without.
    void append(std::int64_t t_receive_ns, std::span<const std::string_view> parts);
    void flush();
    std::uint64_t records() const;        // appended by this object
    std::uint64_t bytes_cut_off() const;  // of the unfinished end

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

class FrameLogReader {
public:
    // Throws InputError: not there, not a frame log, of another version.
    explicit FrameLogReader(const std::filesystem::path& file);
    ~FrameLogReader();
    // The next whole record; nothing at the end. Damaged ones are skipped and counted.
    std::optional<FrameRecord> next();
    std::uint64_t damaged() const;     // stretches that were skipped
    bool unfinished() const;           // the file ends within a record
    std::uint64_t good_bytes() const;  // up to the end of the last whole record

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
