// SPDX-License-Identifier: Apache-2.0
// Numbers of frames, clocks, keys in files, the log of frames and the inbox, each by itself.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "bridge/live/inbox.hpp"
#include "bridge/wire/clock_offset.hpp"
#include "bridge/wire/frame_log.hpp"
#include "bridge/wire/security.hpp"
#include "bridge/wire/sequence_check.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

class InFolder : public testing::Test {
protected:
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() /
        ("jouletwin_wire_" + std::to_string(getpid()) + "_" + testing::UnitTest::GetInstance()->current_test_info()->name());
    void SetUp() override {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
    std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) {
        std::ofstream(folder / name, std::ios::binary) << text;
        chmod((folder / name).c_str(), mode);
        return folder / name;
    }
};
class KeyFiles : public InFolder {};
class FrameLogs : public InFolder {};

template <class F>
std::string problem(F&& f) {
    try {
        f();
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(NumberStream, ASenderWhoseClockWasSetBackIsTakenAfterAWhileAndStrayFramesAreNot) {
    SequenceCheck check;
    EXPECT_EQ(check.check("t", 100, 1), Continuity::first);
    for (std::uint64_t n = 1; n < 40; ++n) {  // stray ones among live ones: never
        EXPECT_EQ(check.check("t", 50, n), Continuity::old_epoch);
        if (n % 10 == 0) {
            EXPECT_EQ(check.check("t", 100, 1 + n / 10), Continuity::next);
        }
    }
    EXPECT_EQ(check.check("t", 100, 5), Continuity::next);
    for (int n = 1; n < NumberStream::kFramesOfSmallerEpoch; ++n)
        EXPECT_EQ(check.check("t", 60, std::uint64_t(n)), Continuity::old_epoch);
    EXPECT_EQ(check.check("t", 60, 16), Continuity::new_epoch);
    EXPECT_EQ(check.check("t", 60, 17), Continuity::next);
    EXPECT_EQ(check.missing(), 15u);
    EXPECT_EQ(check.check("t", 60, std::uint64_t(-1)), Continuity::absurd);
    EXPECT_EQ(check.check("t", 60, 0), Continuity::absurd);
    EXPECT_EQ(check.check("t", 60, 18), Continuity::next);
}

TEST(SequenceCheck, ARestartCountsOnceWhicheverTopicComesFirst) {
    SequenceCheck check;
    check.check("a", 100, 1), check.check("b", 100, 1);
    EXPECT_EQ(check.check("new", 200, 1), Continuity::first);
    EXPECT_EQ(check.restarts(), 0u);  // may be another publisher
    EXPECT_EQ(check.check("a", 200, 1), Continuity::new_epoch);
    EXPECT_EQ(check.check("b", 200, 1), Continuity::new_epoch);
    EXPECT_EQ(check.restarts(), 1u);
    EXPECT_EQ(check.check("b", 300, 1), Continuity::new_epoch);
    EXPECT_EQ(check.restarts(), 2u);
}

TEST(ClockOffset, TheTruthLiesWithinOffsetAndItsError) {
    constexpr std::int64_t kTrue = 123'456'789;
    ClockOffset offset;
    std::int64_t t = 1'700'000'000'000'000'000;
    std::uint64_t state = 1;
    const auto random = [&] { return std::int64_t((state = state * 6364136223846793005u + 1442695040888963407u) >> 40); };
    for (int n = 0; n < 20; ++n) {
        const std::int64_t there = random(), back = random(), work = 1000;
        const FourStamps s{t, t + there + kTrue, t + there + work + kTrue, t + there + work + back};
        EXPECT_EQ(offset.add(s, t), ClockOffset::Outcome::taken);
        EXPECT_LE(std::abs(offset.offset_ns() - kTrue), offset.error_ns(t));
        t += 100'000'000;
    }
    // One without delay settles it.
    EXPECT_EQ(offset.add({t, t + kTrue, t + kTrue, t}, t), ClockOffset::Outcome::taken);
    EXPECT_EQ(offset.offset_ns(), kTrue);
    EXPECT_EQ(offset.error_ns(t), 0);
    EXPECT_EQ(offset.add({t, t, t, t - 1}, t), ClockOffset::Outcome::impossible);
    EXPECT_EQ(offset.add({t, t + 5, t + 1, t + 9}, t), ClockOffset::Outcome::impossible);
    EXPECT_EQ(offset.add({-1, 0, 0, 9}, t), ClockOffset::Outcome::impossible);
    // The other clock jumps by a second: believed when it is said three times.
    const std::int64_t jumped = kTrue + 1'000'000'000;
    EXPECT_EQ(offset.add({t, t + jumped, t + jumped, t}, t), ClockOffset::Outcome::suspicious);
    EXPECT_EQ(offset.add({t, t + jumped, t + jumped, t}, t), ClockOffset::Outcome::suspicious);
    EXPECT_EQ(offset.offset_ns(), kTrue);
    EXPECT_EQ(offset.add({t, t + jumped, t + jumped, t}, t), ClockOffset::Outcome::step);
    EXPECT_EQ(offset.offset_ns(), jumped);
    EXPECT_EQ(offset.steps(), 1u);
}

TEST(ClockOffset, AStepOfTheOwnClockIsSeen) {
    ClockWatch watch;
    EXPECT_EQ(watch.check(1000, 0), 0);
    EXPECT_EQ(watch.check(1'000'001'000, 1'000'000'000), 0);
    EXPECT_EQ(watch.check(5'000'001'000, 2'000'000'000), 3'000'000'000);
    EXPECT_EQ(watch.check(6'000'001'000, 3'000'000'000), 0);
    EXPECT_EQ(watch.steps(), 1u);
}

TEST_F(KeyFiles, AreWrittenForTheirOwnerAloneAndNeverOverwritten) {
    const auto pair = make_key_pair();
    const auto old = umask(0);
    const auto files = write_key_pair(folder / "keys", "twin", pair);
    umask(old);
    const auto mode = [](const std::filesystem::path& p) {
        struct stat info {};
        EXPECT_EQ(stat(p.c_str(), &info), 0);
        return info.st_mode & 0777;
    };
    EXPECT_EQ(mode(folder / "keys"), 0700u);
    EXPECT_EQ(mode(files[0]), 0600u);
    EXPECT_EQ(read_secret_key(files[0]).secret_key, pair.secret_key);
    EXPECT_EQ(read_secret_key(files[0]).public_key, pair.public_key);
    EXPECT_EQ(read_public_key(files[1]), pair.public_key);
    EXPECT_THAT(read_allow_list(files[1]), testing::ElementsAre(pair.public_key));
    EXPECT_THAT(problem([&] { write_key_pair(folder / "keys", "twin", make_key_pair()); }), HasSubstr("is not overwritten"));
    EXPECT_EQ(read_secret_key(files[0]).secret_key, pair.secret_key);
    for (const char* bad : {"", "../x", "a/b", "-x", ".x", "a b"})
        EXPECT_THAT(problem([&] { write_key_pair(folder, bad, pair); }), HasSubstr("allowed")) << bad;
    chmod(files[0].c_str(), 0640);
    EXPECT_THAT(problem([&] { read_secret_key(files[0]); }), HasSubstr("others than its owner may read"));
}

TEST_F(KeyFiles, DefectsAreNamedWithFileAndLineAndSecretsAreNotShown) {
    const auto pair = make_key_pair();
    EXPECT_THAT(problem([&] { read_secret_key(folder / "none"); }), HasSubstr("cannot be read"));
    EXPECT_THAT(problem([&] { read_secret_key(folder); }), HasSubstr("is no file"));
    EXPECT_THAT(problem([&] { read_secret_key(write("a", "\nsecret = \"ThisIsShort\"\n")); }),
                testing::AllOf(HasSubstr("a line 2: secret is no key"), testing::Not(HasSubstr("ThisIsShort"))));
    EXPECT_THAT(problem([&] { read_public_key(write("b", "")); }), HasSubstr("holds no public key"));
    EXPECT_THAT(problem([&] { read_allow_list(write("c", "# nobody\n")); }), HasSubstr("nobody could connect"));
    EXPECT_THAT(problem([&] { read_allow_list(write("d", pair.public_key + " screen\nnonsense\n")); }), HasSubstr("d line 2"));
    const std::string key = write_key_pair(folder, "x", pair)[0], allow = write("e", pair.public_key + "\n");
    EXPECT_THAT(problem([&] { read_keys({"", "", allow, false}); }), HasSubstr("--allow needs --key"));
    EXPECT_THAT(problem([&] { read_keys({key, "", "", false}); }), HasSubstr("--key alone"));
    EXPECT_TRUE(read_keys({key, "", allow, false}).has_allow);
}

FrameRecord record(std::int64_t t, std::vector<std::string> parts) {
    return {t, std::move(parts)};
}
void append(FrameLog& log, const FrameRecord& r) {
    const std::vector<std::string_view> views(r.parts.begin(), r.parts.end());
    log.append(r.t_receive_ns, views);
}
std::string content(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
std::vector<std::int64_t> times(FrameLogReader& reader) {
    std::vector<std::int64_t> all;
    while (const auto r = reader.next()) all.push_back(r->t_receive_ns);
    return all;
}

TEST_F(FrameLogs, RecordsAreTheseBytesAndReadBack) {
    const auto file = folder / "frames";
    {
        FrameLog log(file);
        append(log, record(0x0102030405060708, {"123456789", ""}));
    }
    const std::string golden(
        "JTFRAMES\x01\0\0\0\0\0\0\0"
        "JTRC\x1d\0\0\0\xe1\xc7\x8b\xf0"
        "\x08\x07\x06\x05\x04\x03\x02\x01\x02\0\0\0\x09\0\0\0"
        "123456789\0\0\0\0",
        57);
    const std::string bytes = content(file);
    EXPECT_EQ(bytes, golden);
    FrameLogReader reader(file);
    const auto r = reader.next();
    ASSERT_TRUE(r);
    EXPECT_THAT(r->parts, testing::ElementsAre("123456789", ""));
    EXPECT_FALSE(reader.next());
}

TEST_F(FrameLogs, WhateverByteIsCutOrChangedTheOthersAreRead) {
    const auto file = folder / "frames";
    {
        FrameLog log(file);
        for (int n = 1; n <= 4; ++n) append(log, record(n, {"topic", std::string(std::size_t(n), 'x')}));
    }
    const std::string good = content(file);
    for (std::size_t length = 16; length < good.size(); ++length) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << good.substr(0, length);
        FrameLogReader reader(file);
        const auto read = times(reader);
        EXPECT_EQ(reader.damaged(), 0u);
        EXPECT_EQ(reader.unfinished(), reader.good_bytes() < length);
        {
            FrameLog log(file);  // goes on after what is whole
            EXPECT_EQ(log.bytes_cut_off(), length - reader.good_bytes());
            append(log, record(9, {"more"}));
        }
        FrameLogReader again(file);
        auto expected = read;
        expected.push_back(9);
        EXPECT_EQ(times(again), expected);
        EXPECT_FALSE(again.unfinished());
    }
    for (std::size_t at = 16; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = char(bad[at] ^ 0x55);
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bad;
        FrameLogReader reader(file);
        const auto read = times(reader);
        EXPECT_EQ(read.size(), 3u) << at;
        EXPECT_EQ(reader.damaged() + (reader.unfinished() ? 1 : 0), 1u) << at;
    }
    EXPECT_THAT(problem([&] { FrameLog(write("text", "time,T\n0,1\n2,3\n4,5\n")); }), HasSubstr("is no log of frames"));
    EXPECT_THAT(problem([&] { FrameLogReader(folder / "none"); }), HasSubstr("is no file"));
}

constexpr std::int64_t kNow = 1'700'000'000'000'000'000, kSecond = 1'000'000'000;

TEST(InboxTest, EachReadingHasOneOutcomeAndItsCounter) {
    Inbox inbox({sensor_rule("tc1", "K"), sensor_rule("V", "V")}, {.capacity = 100, .future_s = 0.5, .late_s = 30.0});
    Reading good{"tc1", 900.0, "K", 0.5, Quality::good, kNow, 1, 7};
    const auto put = [&](auto change) {
        Reading r = good;
        r.seq = ++good.seq;
        change(r);
        return inbox.put(r, kNow);
    };
    using enum ReadingOutcome;
    EXPECT_EQ(put([](Reading&) {}), accepted);
    EXPECT_EQ(put([](Reading& r) { r.value.reset(); }), absent);
    EXPECT_EQ(put([](Reading& r) { r.sensor = "tc9"; }), unknown_sensor);
    EXPECT_EQ(put([](Reading& r) { r.unit = "degC"; }), wrong_unit);
    EXPECT_EQ(put([](Reading& r) { r.value = NAN; }), not_finite);
    EXPECT_EQ(put([](Reading& r) { r.sigma = INFINITY; }), not_finite);
    EXPECT_EQ(put([](Reading& r) { r.value = -1.0; }), absurd);
    EXPECT_EQ(put([](Reading& r) { r.value = 1e9; }), absurd);
    EXPECT_EQ(put([](Reading& r) { r.sigma = -1; }), absurd);
    EXPECT_EQ(put([](Reading& r) { r.quality = Quality::bad; }), declared_bad);
    EXPECT_EQ(put([](Reading& r) { r.seq = 2; }), repeated);
    EXPECT_EQ(put([](Reading& r) { r.epoch = 6; }), old_epoch);
    EXPECT_EQ(put([](Reading& r) { r.t_source_ns = kNow + kSecond * 6 / 10; }), from_the_future);
    EXPECT_EQ(put([](Reading& r) { r.t_source_ns = kNow + kSecond * 4 / 10; }), accepted);
    EXPECT_EQ(put([](Reading& r) { r.t_source_ns = kNow - 31 * kSecond; }), too_late);
    EXPECT_EQ(put([](Reading& r) { r.t_source_ns = std::numeric_limits<std::int64_t>::min(); }), too_late);
    EXPECT_EQ(put([](Reading& r) { r.t_source_ns = std::numeric_limits<std::int64_t>::max(); }), from_the_future);
    EXPECT_EQ(inbox.put(good, kNow, 0, kNow + 1), too_late);  // older than the twin can take in
    EXPECT_EQ(put([](Reading& r) { r.epoch = 8, r.seq = 1; }), accepted);
    const auto counts = inbox.counts();
    EXPECT_EQ(counts[std::size_t(accepted)], 3u);
    EXPECT_EQ(counts[std::size_t(absurd)], 3u);
    EXPECT_EQ(counts[std::size_t(too_late)], 3u);
    EXPECT_EQ(inbox.counts(0)[std::size_t(accepted)], 3u);
    EXPECT_EQ(inbox.counts(1)[std::size_t(accepted)], 0u);
    std::map<std::string, std::uint64_t> counters;
    inbox.add_to(counters);
    EXPECT_EQ(counters["reading.from the future"], 2u);
    const auto taken = inbox.take();
    ASSERT_EQ(taken.size(), 4u);
    EXPECT_FALSE(taken[1].reading.value);
    EXPECT_EQ(inbox.waiting(), 0u);
}

TEST(InboxTest, IsBoundedAndTheOldestMakesRoom) {
    Inbox inbox({sensor_rule("V", "V")}, {.capacity = 3});
    for (int round = 0; round < 3; ++round) {
        for (int n = 1; n <= 5; ++n)
            EXPECT_EQ(inbox.put({"V", double(n), "V", 0.1, Quality::good, kNow, std::uint64_t(10 * round + n), 7}, kNow),
                      ReadingOutcome::accepted);
        const auto taken = inbox.take();
        ASSERT_EQ(taken.size(), 3u);
        for (std::size_t n = 0; n < 3; ++n) EXPECT_EQ(*taken[n].reading.value, 3.0 + double(n));
    }
    EXPECT_EQ(inbox.counts()[std::size_t(ReadingOutcome::displaced)], 6u);
    EXPECT_EQ(inbox.most_waiting(), 3u);
    EXPECT_THROW(Inbox({sensor_rule("a", "K"), sensor_rule("a", "V")}), InputError);
    EXPECT_THROW(Inbox({}, {.capacity = 0}), InputError);
}

TEST(InboxTest, ReadingsOutOfOrderAreTakenOnceEach) {
    Inbox inbox({sensor_rule("V", "V")});
    for (const std::uint64_t seq : {10, 8, 9, 12, 11, 8, 12})
        inbox.put({"V", 1.0, "V", 0.1, Quality::good, kNow, seq, 7}, kNow);
    EXPECT_EQ(inbox.take().size(), 5u);
    EXPECT_EQ(inbox.counts()[std::size_t(ReadingOutcome::repeated)], 2u);
}

}  // namespace
}  // namespace jt
