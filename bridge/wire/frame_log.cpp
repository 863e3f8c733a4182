// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/frame_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "bridge/wire/bytes.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

constexpr std::string_view kFileMark = "JTFRAMES", kRecordMark = "JTRC";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kFileHead = 16, kRecordHead = 12, kBodyHead = 12;
constexpr std::size_t kMostBody = (std::size_t(256) << 20) + (std::size_t(1) << 16);  // bytes: the largest field
constexpr std::size_t kMostParts = 4096;
constexpr std::size_t kBuffer = std::size_t(1) << 16;  // bytes that are written at once

// CRC-32 as in IEEE 802.3: reflected polynomial 0xEDB88320.
std::uint32_t crc32(std::string_view bytes) {
    static const auto kTable = [] {
        std::array<std::uint32_t, 256> table{};
        for (std::uint32_t n = 0; n < 256; ++n) {
            std::uint32_t c = n;
            for (int bit = 0; bit < 8; ++bit) c = (c & 1) ? 0xEDB88320u ^ (c >> 1) : c >> 1;
            table[n] = c;
        }
        return table;
    }();
    std::uint32_t crc = 0xFFFFFFFFu;
    for (const char c : bytes) crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFFu] ^ (crc >> 8);
    return ~crc;
}

std::string file_head() {
    std::string head(kFileMark);
    append_le(head, kVersion);
    append_le(head, std::uint32_t(0));
    return head;
}

// False: the body is none.
bool take_body(std::string_view body, FrameRecord& record) {
    if (body.size() < kBodyHead) return false;
    record.t_receive_ns = load_le<std::int64_t>(body.data());
    const auto parts = load_le<std::uint32_t>(body.data() + 8);
    if (parts > kMostParts) return false;
    record.parts.clear();
    body.remove_prefix(kBodyHead);
    for (std::uint32_t n = 0; n < parts; ++n) {
        if (body.size() < 4) return false;
        const auto length = load_le<std::uint32_t>(body.data());
        if (length > body.size() - 4) return false;
        record.parts.emplace_back(body.substr(4, length));
        body.remove_prefix(4 + std::size_t(length));
    }
    return body.empty();
}

}  // namespace

struct FrameLog::Impl {
    std::filesystem::path file;
    int fd = -1;
    std::string buffer;
    std::uint64_t records = 0, cut_off = 0;

    ~Impl() {
        if (fd >= 0) ::close(fd);
    }
    void write_out() {
        for (std::size_t at = 0; at < buffer.size();) {
            const ssize_t n = ::write(fd, buffer.data() + at, buffer.size() - at);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) {
                const int error = n < 0 ? errno : ENOSPC;
                ::close(fd);
                fd = -1;
                buffer.clear();
                throw DiskError(file.string() + ": cannot be written: " + std::strerror(error) +
                                "; frames are not recorded any more");
            }
            at += std::size_t(n);
        }
        buffer.clear();
    }
};

FrameLog::FrameLog(const std::filesystem::path& file) : impl_(std::make_unique<Impl>()) {
    impl_->file = file;
    std::error_code error;
    const bool is_there = std::filesystem::exists(file, error) && std::filesystem::file_size(file, error) > 0 && !error;
    std::uint64_t good = 0, size = 0;
    if (is_there) {
        size = std::filesystem::file_size(file);
        // A crash in the very first write leaves a piece of the head.
        std::string head(std::min<std::size_t>(std::size_t(size), kFileHead), '\0');
        std::ifstream(file, std::ios::binary).read(head.data(), std::streamsize(head.size()));
        if (head.size() < kFileHead && file_head().starts_with(head)) {
            good = 0;
        } else {
            FrameLogReader reader(file);
            while (reader.next()) {
            }
            // Only an end without a whole record is cut off: damage in the middle stays where it is and is skipped.
            good = reader.good_bytes();
        }
    }
    impl_->fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (impl_->fd < 0) throw DiskError(file.string() + ": cannot be written: " + std::strerror(errno));
    if (good < size) {
        if (::ftruncate(impl_->fd, off_t(good)) != 0)
            throw DiskError(file.string() + ": its unfinished end cannot be cut off: " + std::strerror(errno));
        impl_->cut_off = size - good;
    }
    if (good == 0) {
        impl_->buffer = file_head();
        impl_->write_out();
    }
}

FrameLog::~FrameLog() {
    if (impl_->fd < 0) return;
    try {
        impl_->write_out();
    } catch (const DiskError&) {
        // Nobody is left to be told; the file ends with its last whole record.
    }
}

void FrameLog::append(std::int64_t t_receive_ns, std::span<const std::string_view> parts) {
    if (impl_->fd < 0) return;
    std::size_t size = kBodyHead;
    for (const auto part : parts) size += 4 + part.size();
    if (parts.size() > kMostParts || size > kMostBody) return;  // no receiver takes such a one
    std::string& buffer = impl_->buffer;
    const std::size_t begin = buffer.size();
    buffer += kRecordMark;
    append_le(buffer, std::uint32_t(size));
    append_le(buffer, std::uint32_t(0));
    append_le(buffer, t_receive_ns);
    append_le(buffer, std::uint32_t(parts.size()));
    for (const auto part : parts) {
        append_le(buffer, std::uint32_t(part.size()));
        buffer += part;
    }
    store_le(buffer.data() + begin + 8, crc32(std::string_view(buffer).substr(begin + kRecordHead)));
    ++impl_->records;
    if (buffer.size() >= kBuffer) impl_->write_out();
}

void FrameLog::flush() {
    if (impl_->fd >= 0) impl_->write_out();
}
std::uint64_t FrameLog::records() const {
    return impl_->records;
}
std::uint64_t FrameLog::bytes_cut_off() const {
    return impl_->cut_off;
}

struct FrameLogReader::Impl {
    std::ifstream stream;
    std::string window;     // of the file; what lies before `begin` is done
    std::size_t begin = 0;  // taken off the window only now and then: a long window is not moved for each record
    std::uint64_t at = 0;   // of the file's bytes: those before are done
    std::uint64_t good = 0, damaged = 0;
    bool ended = false, unfinished = false, skipping = false;

    // At least `size` bytes in the window; false: the file has not so many.
    bool have(std::size_t size) {
        while (window.size() - begin < size && !ended) {
            if (begin > window.size() / 2) {
                window.erase(0, begin);
                begin = 0;
            }
            const std::size_t before = window.size();
            const std::size_t more = std::max(kBuffer, begin + size - before);
            window.resize(before + more);
            stream.read(window.data() + before, std::streamsize(more));
            window.resize(before + std::size_t(stream.gcount()));
            ended = !stream;
        }
        return window.size() - begin >= size;
    }
    std::string_view rest() const { return std::string_view(window).substr(begin); }
    void drop(std::size_t size) {
        begin += size;
        at += size;
    }
    void damage() {
        if (!skipping) ++damaged;
        skipping = true;
    }
};

FrameLogReader::FrameLogReader(const std::filesystem::path& file) : impl_(std::make_unique<Impl>()) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) throw InputError(file.string() + ": is no file");
    impl_->stream.open(file, std::ios::binary);
    if (!impl_->stream) throw InputError(file.string() + ": cannot be read");
    if (!impl_->have(kFileHead) || !impl_->rest().starts_with(kFileMark))
        throw InputError(file.string() + ": is no log of frames; those begin with " + std::string(kFileMark));
    const auto version = load_le<std::uint32_t>(impl_->rest().data() + kFileMark.size());
    if (version != kVersion)
        throw InputError(file.string() + ": log of frames of version " + std::to_string(version) +
                         "; allowed: " + std::to_string(kVersion));
    impl_->drop(kFileHead);
    impl_->good = kFileHead;
}
FrameLogReader::~FrameLogReader() = default;

std::optional<FrameRecord> FrameLogReader::next() {
    Impl& i = *impl_;
    for (;;) {
        if (!i.have(kRecordHead)) {
            if (!i.rest().empty() && !i.skipping) i.unfinished = true;
            return {};
        }
        if (i.rest().starts_with(kRecordMark)) {
            const auto size = load_le<std::uint32_t>(i.rest().data() + 4);
            if (size >= kBodyHead && size <= kMostBody) {
                if (i.have(kRecordHead + size)) {
                    const std::string_view body = i.rest().substr(kRecordHead, size);
                    FrameRecord record;
                    if (crc32(body) == load_le<std::uint32_t>(i.rest().data() + 8) && take_body(body, record)) {
                        i.drop(kRecordHead + size);
                        i.good = i.at;
                        i.skipping = false;
                        return record;
                    }
                } else {
                    // The end is torn, or this length is damage: what follows is searched for whole records.
                    i.unfinished = true;
                }
            }
        }
        if (!i.unfinished) i.damage();
        const std::size_t found = i.rest().find(kRecordMark, 1);
        i.drop(found != std::string_view::npos ? found : i.rest().size() - std::min<std::size_t>(3, i.rest().size() - 1));
        if (i.unfinished && found != std::string_view::npos) {
            i.unfinished = false;
            i.damage();
        }
    }
}

std::uint64_t FrameLogReader::damaged() const {
    return impl_->damaged;
}
bool FrameLogReader::unfinished() const {
    return impl_->unfinished;
}
std::uint64_t FrameLogReader::good_bytes() const {
    return impl_->good;
}

}  // namespace jt
