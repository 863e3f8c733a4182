// SPDX-License-Identifier: Apache-2.0
// What sockets and logs do to files: nothing of a user's is taken away, and damage does not make a long log unreadable. And
// where a server is that listens on every interface.
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "bridge/wire/endpoint.hpp"
#include "bridge/wire/frame_log.hpp"
#include "bridge/wire/publisher.hpp"
#include "kernels/error.hpp"
#include "tests/support/program.hpp"

namespace jt {
namespace {

using test::Folder;

TEST(WireFiles, ASocketTakesNoFilesPlace) {
    const Folder folder;
    folder.write("notes.txt", "precious");
    WireContext context;
    EXPECT_THROW(Publisher(context, "ipc://" + (folder / "notes.txt"), 1), InputError);
    EXPECT_EQ(folder.read("notes.txt"), "precious");
}

TEST(WireFiles, ASocketThatIsListenedToIsInUse) {
    const Folder folder;
    WireContext context;
    const std::string address = "ipc://" + (folder / "s");
    const Publisher first(context, address, 1);
    EXPECT_THROW(Publisher(context, address, 2), NetworkError);
}

TEST(WireFiles, WhatAKilledProgramHasLeftIsTakenOver) {
    const Folder folder;
    const std::string path = folder / "s";
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, path.c_str(), sizeof name.sun_path - 1);
    const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::bind(left, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
    ::close(left);
    WireContext context;
    EXPECT_NO_THROW(Publisher(context, "ipc://" + path, 1));
}

// A damaged length makes the reader look at all that follows; each record behind it is read as fast as any other. (When the
// window was moved for each of them, this took half a minute.)
TEST(WireFiles, ADamagedLengthCostsOneRecord) {
    const Folder folder;
    const std::string file = folder / "frames.log";
    constexpr std::size_t kRecords = 100'000;
    {
        FrameLog log(file);
        const std::string body(200, 'x');
        const std::string_view parts[] = {"reading/tc1", body, body};
        for (std::size_t n = 0; n < kRecords; ++n) log.append(std::int64_t(n), parts);
    }
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(16 + 4 + 3).put(1);  // 16 MiB more
    FrameLogReader reader(file);
    std::int64_t next = 1;
    while (const auto record = reader.next()) ASSERT_EQ(record->t_receive_ns, next++);
    EXPECT_EQ(next, std::int64_t(kRecords));
    EXPECT_EQ(reader.damaged(), 1u);
    EXPECT_FALSE(reader.unfinished());
}

TEST(WireEndpoints, AServerOnEveryInterfaceIsWhereItWasReached) {
    EXPECT_EQ(as_seen_from("tcp://0.0.0.0:5702", "tcp://lab3:5703"), "tcp://lab3:5702");
    EXPECT_EQ(as_seen_from("tcp://[::]:5702", "tcp://[fe80::1]:5703"), "tcp://[fe80::1]:5702");
    // Any other address is meant as it is told.
    EXPECT_EQ(as_seen_from("tcp://10.0.0.7:5702", "tcp://lab3:5703"), "tcp://10.0.0.7:5702");
    EXPECT_EQ(as_seen_from("ipc:///run/twin", "tcp://lab3:5703"), "ipc:///run/twin");
    EXPECT_EQ(as_seen_from("tcp://0.0.0.0:5702", "ipc:///run/twin"), "tcp://0.0.0.0:5702");
}

}  // namespace
}  // namespace jt
