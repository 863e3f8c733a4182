// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/checkpoint.hpp"

#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "kernels/error.hpp"
#include "tests/support/killed.hpp"
#include "tests/support/program.hpp"

namespace jt {
namespace {

using test::Folder;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

Checkpoint state(double of) {
    Checkpoint c;
    c.fields["T_K"] = {300.0 + of, 1.0 / 3.0, -0.0, std::numeric_limits<double>::denorm_min()};
    c.fields["phi_V"] = {std::bit_cast<double>(0x7ff4dead0000beefull), std::numeric_limits<double>::infinity()};
    c.fields["nothing"] = {};
    c.texts["events"] = std::string("a\0b\n\xff", 5);
    c.texts["empty"] = "";
    return c;
}

std::vector<std::uint64_t> bits(const std::vector<double>& values) {
    std::vector<std::uint64_t> out;
    for (const double v : values) out.push_back(std::bit_cast<std::uint64_t>(v));
    return out;
}

void expect_state(const Checkpoint& found, double of) {
    const Checkpoint expected = state(of);
    ASSERT_EQ(found.fields.size(), expected.fields.size());
    for (const auto& [name, values] : expected.fields) EXPECT_EQ(bits(found.fields.at(name)), bits(values)) << name;
    EXPECT_EQ(found.texts, expected.texts);
}

TEST(Checkpoint, KeepsEveryBit) {
    const Folder folder;
    write_checkpoint(folder.path(), state(0));
    const StoredCheckpoint stored = read_checkpoint(folder.path());
    expect_state(stored.checkpoint, 0);
    EXPECT_EQ(stored.file, folder.path() / "checkpoint.h5");
    EXPECT_EQ(stored.note, "");
}

TEST(Checkpoint, SameStateGivesTheSameBytes) {
    const Folder one, two;
    write_checkpoint(one.path(), state(0));
    write_checkpoint(two.path(), state(0));
    EXPECT_EQ(one.read("checkpoint.h5"), two.read("checkpoint.h5"));
}

TEST(Checkpoint, TwoAreKept) {
    const Folder folder;
    for (const double of : {1.0, 2.0, 3.0}) write_checkpoint(folder.path(), state(of));
    expect_state(read_checkpoint(folder.path()).checkpoint, 3);
    std::filesystem::rename(folder / "checkpoint_before.h5", folder / "checkpoint.h5");
    expect_state(read_checkpoint(folder.path()).checkpoint, 2);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(Checkpoint, AnyBitFlippedIsSeenAndTheOneBeforeIsRead) {
    const Folder folder;
    write_checkpoint(folder.path(), state(1));
    write_checkpoint(folder.path(), state(2));
    const std::string whole = folder.read("checkpoint.h5");
    for (std::size_t at = 0; at < whole.size(); at += at < 600 ? 1 : 13) {
        std::string flipped = whole;
        flipped[at] = char(flipped[at] ^ (1 << (at / 3 % 8)));
        folder.write("checkpoint.h5", flipped);
        const StoredCheckpoint stored = read_checkpoint(folder.path());
        ASSERT_EQ(stored.checkpoint.fields.at("T_K")[0], 301.0) << "byte " << at;
        ASSERT_THAT(stored.note, AllOf(HasSubstr("checkpoint.h5: "), HasSubstr("damaged"), HasSubstr("going on from"),
                                       HasSubstr("checkpoint_before.h5")));
        ASSERT_EQ(stored.file, folder.path() / "checkpoint_before.h5");
    }
}

TEST(Checkpoint, DamagedOneDoesNotTakeThePlaceOfAWholeOne) {
    const Folder folder;
    write_checkpoint(folder.path(), state(1));
    write_checkpoint(folder.path(), state(2));
    folder.write("checkpoint.h5", "damaged");
    write_checkpoint(folder.path(), state(3));
    expect_state(read_checkpoint(folder.path()).checkpoint, 3);
    std::filesystem::remove(folder / "checkpoint.h5");
    expect_state(read_checkpoint(folder.path()).checkpoint, 1);
}

TEST(Checkpoint, AnyTruncationIsSeen) {
    const Folder folder;
    write_checkpoint(folder.path(), state(1));
    const std::string whole = folder.read("checkpoint.h5");
    write_checkpoint(folder.path(), state(2));
    for (std::size_t length = 0; length < whole.size(); length += length < 600 ? 1 : 37) {
        folder.write("checkpoint.h5", whole.substr(0, length));
        ASSERT_THAT(read_checkpoint(folder.path()).note, HasSubstr("is cut short")) << length;
    }
    folder.write("checkpoint.h5", whole + "x");
    EXPECT_THAT(read_checkpoint(folder.path()).note, HasSubstr("bytes instead of " + std::to_string(whole.size())));
}

TEST(Checkpoint, NoWholeOneIsAnErrorThatNamesBoth) {
    const Folder folder;
    EXPECT_THAT(
        [&] { read_checkpoint(folder.path()); },
        ThrowsMessage<InputError>(AllOf(HasSubstr("checkpoint.h5: No such file"), HasSubstr("checkpoint_before.h5: No"))));
    folder.write("checkpoint.h5", std::string(2000, 'x'));
    std::filesystem::create_directory(folder / "checkpoint_before.h5");
    EXPECT_THAT([&] { read_checkpoint(folder.path()); },
                ThrowsMessage<InputError>(AllOf(HasSubstr("is no checkpoint"), HasSubstr("is not a file"))));
}

TEST(Checkpoint, KilledAtAnySystemCallLeavesOneToGoOnFrom) {
    const Folder folder;
    write_checkpoint(folder.path(), state(1));
    int calls = 1, seen_new = 0;
    for (;; ++calls) {
        const bool killed = test::killed_at_call(calls, [&] { write_checkpoint(folder.path(), state(2)); });
        const double T = read_checkpoint(folder.path()).checkpoint.fields.at("T_K")[0];
        ASSERT_TRUE(T == 301.0 || T == 302.0) << "killed at call " << calls << ": " << T;
        seen_new += T == 302.0;
        if (!killed) break;
        write_checkpoint(folder.path(), state(1));
    }
    EXPECT_GT(calls, 10);
    EXPECT_GT(seen_new, 1);
}

TEST(Checkpoint, FullDiskIsADiskErrorAndTheOldOneStays) {
    const Folder folder;
    write_checkpoint(folder.path(), state(1));
    for (const rlim_t bytes : {rlim_t(0), rlim_t(600), rlim_t(2000)})
        EXPECT_EQ(test::exit_code_of([&] {
                      test::limit_file_size(bytes);
                      try {
                          write_checkpoint(folder.path(), state(2));
                          return 1;
                      } catch (const DiskError& e) {
                          return std::string(e.what()).find("checkpoint.h5: cannot be written: File too large") ==
                                         std::string::npos
                                     ? 2
                                     : 5;
                      }
                  }),
                  5)
            << bytes;
    expect_state(read_checkpoint(folder.path()).checkpoint, 1);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
    EXPECT_THAT([] { write_checkpoint("/proc/no", state(1)); },
                ThrowsMessage<DiskError>(HasSubstr("/proc/no/checkpoint.h5: cannot be written")));
}

TEST(Checkpoint, AnyNameIsKept) {
    const Folder folder;
    Checkpoint c;
    for (const char* name : {"a/b", ".", "50 % / 2", "%2F", "%", "line\nend", "\u00b0C", "control.pi.integral"}) {
        c.fields[name] = {1.0};
        c.texts[name] = name;
    }
    write_checkpoint(folder.path(), c);
    const Checkpoint found = read_checkpoint(folder.path()).checkpoint;
    EXPECT_EQ(found.fields, c.fields);
    EXPECT_EQ(found.texts, c.texts);
    c.texts[""] = "";
    EXPECT_THAT([&] { write_checkpoint(folder.path(), c); }, ThrowsMessage<Error>(HasSubstr("without a name")));
    EXPECT_EQ(read_checkpoint(folder.path()).checkpoint.texts.size(), 8u);
}

}  // namespace
}  // namespace jt
