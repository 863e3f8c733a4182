// SPDX-License-Identifier: Apache-2.0
// Frames and payloads: bytes as documented, every message there and back, every defect with its name.
#include "bridge/wire/frame.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "bridge/wire/payload.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

std::string header_bytes(const Header& header) {
    const auto bytes = encode_header(header);
    return {bytes.data(), bytes.size()};
}

Reading tc1() {
    return {"tc1", 1123.15, "K", 0.5, Quality::good, 1'700'000'000'000'000'000, 5, 7};
}

TEST(WireFrame, TheHeaderIsTheseBytes) {
    Header h;
    h.type = MessageType::state;
    h.seq = 0x0102030405060708, h.epoch = 0x1112131415161718;
    h.t_source_ns = 0x2122232425262728, h.t_send_ns = 0x3132333435363738;
    h.quality = Quality::predicted;
    const std::string golden(
        "JTWP"
        "\x00\x01"
        "\x03\x00"
        "\x08\x07\x06\x05\x04\x03\x02\x01"
        "\x18\x17\x16\x15\x14\x13\x12\x11"
        "\x28\x27\x26\x25\x24\x23\x22\x21"
        "\x38\x37\x36\x35\x34\x33\x32\x31"
        "\x02\x00\x00\x00",
        44);
    EXPECT_EQ(header_bytes(h), golden);
    Header back;
    std::string detail;
    ASSERT_EQ(decode_header(golden, back, detail), Rejection::none);
    EXPECT_EQ(header_bytes(back), golden);
}

TEST(WireFrame, PayloadsAreTheseBytes) {
    EXPECT_EQ(
        encode_payload(tc1()),
        R"({"sensor":"tc1","value":1123.15,"unit":"K","sigma":0.5,"quality":"good","t_source":1700000000000000000,"seq":5,"epoch":7})");
    EXPECT_EQ(encode_payload(Command{"a\"\n", 3, 9, "hold", ""}),
              R"({"id":"a\"\u000a","epoch":3,"deadline":9,"verb":"hold","payload":""})");
    EXPECT_EQ(encode_payload(Heartbeat{1.5, "twin", "live"}, 12),
              R"({"uptime_s":1.5,"role":"twin","state":"live","valid_until":12})");
    const FieldMessage field{"T_K", 1, 2.5, {2, 1, 1}, {0.5, 0.25, 1}, {1.0f, -2.0f}};
    const std::string json = R"({"quantity":"T_K","run":1,"run_s":2.5,"cells":[2,1,1],"voxel":[0.5,0.25,1],"valid_until":0})";
    EXPECT_EQ(encode_payload(field), std::string(1, char(json.size())) + std::string(3, '\0') + json +
                                         std::string("\x00\x00\x80\x3f\x00\x00\x00\xc0", 8));
}

template <class T>
void goes_there_and_back(const T& message) {
    const std::string payload = encode_payload(message, 77);
    const Decoded decoded = decode_payload(type_of(message), payload);
    ASSERT_EQ(decoded.rejection, Rejection::none) << decoded.detail;
    ASSERT_TRUE(std::holds_alternative<T>(decoded.message));
    EXPECT_EQ(encode_payload(decoded.message, 77), payload);
}

TEST(WireFrame, EveryMessageGoesThereAndBackToTheBit) {
    goes_there_and_back(tc1());
    Reading none = tc1();
    none.value.reset();
    goes_there_and_back(none);
    const HeaterStatus heater{HeaterPhase::holding,
                              3,
                              17,
                              1.0 / 3.0,
                              0.1,
                              900.5,
                              "[{ hold = '5 s' }]",
                              CommandResult{"a", "hold", true, "", 5},
                              "\xc3\xa4",
                              true,
                              {{"accepted", 2}}};
    goes_there_and_back(heater);
    TwinState state;
    state.run = 3, state.run_s = 1e-300, state.valid_until_ns = 77;
    state.scalars["T_mean_K"] = {1, 2, 3, 4, Quality::uncertain};
    SensorState sensor;
    sensor.name = "tc1", sensor.reading = 4.0, sensor.counters["accepted"] = 1;
    state.sensors = {sensor, sensor};
    state.parameters = {{"k", "", 1, 0.3, {}, true, "note"}};
    state.members = 16;
    goes_there_and_back(state);
    Forecast forecast;
    forecast.points = {{1.0, {{"T_max_K", {1, 2, 3}}}}};
    forecast.limits = {{"T_max_K", "limit", 1500, 0.25, 3.5}, {"T_max_K", "limit", 1500, 0.0, {}}};
    forecast.skill["T_max_K"] = 0.5;
    goes_there_and_back(forecast);
    goes_there_and_back(FieldMessage{"T_K", 1, 2.5, {2, 1, 1}, {0.5, 0.25, 1}, {1.0f, NAN}});
    goes_there_and_back(AlarmMessage{"a", "b", "c", 1, false, 2.0});
    goes_there_and_back(TwinStatus{heater, true, 0.5, {{"x", std::numeric_limits<std::uint64_t>::max()}}, "1", "cpu", "R1"});
    goes_there_and_back(Heartbeat{1, "twin", "live"});
    goes_there_and_back(Command{"a", 1, 2, "start", "x"});
    goes_there_and_back(CommandResult{"a", "start", false, "why", 5});
    Hello hello;
    hello.endpoints["requests"] = "tcp://x", hello.fields = {"T_K"};
    goes_there_and_back(hello);
    goes_there_and_back(TimeReply{1, 2, 3});
}

Rejection rejection(const std::string& payload, MessageType type = MessageType::reading) {
    const Decoded d = decode_payload(type, payload);
    EXPECT_EQ(d.rejection == Rejection::none, d.detail.empty()) << payload;
    EXPECT_EQ(d.rejection == Rejection::none, d.message.index() != 0);
    return d.rejection;
}
// The reading with one piece of its text replaced.
std::string with(const std::string& piece, const std::string& other) {
    std::string text = encode_payload(tc1());
    return text.replace(text.find(piece), piece.size(), other);
}

TEST(WireFrame, UnknownNamesAreIgnoredAndEveryDefectHasAName) {
    using enum Rejection;
    EXPECT_EQ(rejection(with("{", R"({"colour":[1,{"a":null}],)")), none);
    EXPECT_EQ(rejection(with("\"good\"", "1")), none);
    EXPECT_EQ(rejection(with("\"value\":1123.15,", "")), none);
    EXPECT_EQ(rejection(with("1123.15", "null")), none);
    EXPECT_EQ(rejection(with("\"sigma\":0.5,", "")), missing_field);
    EXPECT_EQ(rejection(with("1123.15", "\"hot\"")), wrong_type);
    EXPECT_EQ(rejection(with("\"seq\":5", "\"seq\":5.5")), wrong_type);
    EXPECT_EQ(rejection(with("\"seq\":5", "\"seq\":-5")), out_of_range);
    EXPECT_EQ(rejection(with("1700000000000000000", "9300000000000000000")), out_of_range);
    EXPECT_EQ(rejection(with("\"good\"", "\"splendid\"")), out_of_range);
    EXPECT_EQ(rejection(with("\"good\"", "5")), out_of_range);
    EXPECT_EQ(rejection(with("0.5", "-0.5")), out_of_range);
    EXPECT_EQ(rejection(with("1123.15", "NaN")), not_finite);
    EXPECT_EQ(rejection(with("1123.15", "-Infinity")), not_finite);
    EXPECT_EQ(rejection(with("1123.15", "1e999")), not_finite);
    EXPECT_EQ(rejection(with("0.5", "null")), not_finite);
    EXPECT_EQ(rejection("[]"), wrong_type);
    EXPECT_EQ(rejection(""), not_json);
    EXPECT_EQ(rejection("{\"sensor\":\"\xff\"}"), not_json);
    EXPECT_EQ(rejection(with("1123.15", std::string(1000, '[') + std::string(1000, ']'))), not_json);
    EXPECT_EQ(rejection(with("tc1", std::string(5000, 'x'))), payload_size);
    EXPECT_EQ(rejection(R"({"id":")" + std::string(300'000, 'x') + R"(","epoch":1,"deadline":0,"verb":"hold"})",
                        MessageType::command),
              out_of_range);
    EXPECT_THAT(decode_payload(MessageType::reading, with("1123.15", "\"hot\"")).detail,
                HasSubstr("reading.value: is the text \"hot\"; allowed: a number"));
}

TEST(WireFrame, FieldsWhoseBytesDoNotFitTheirShapeAreRefused) {
    const FieldMessage field{"T_K", 1, 2.5, {2, 2, 1}, {1, 1, 1}, {1, 2, 3, 4}};
    const std::string good = encode_payload(field);
    const auto is = [](const std::string& payload) { return rejection(payload, MessageType::field); };
    EXPECT_EQ(is(good), Rejection::none);
    EXPECT_EQ(is(good.substr(0, good.size() - 1)), Rejection::shape);
    EXPECT_EQ(is(good + "x"), Rejection::shape);
    EXPECT_EQ(is("\xff\xff\xff\xff{}"), Rejection::shape);
    EXPECT_EQ(is("ab"), Rejection::shape);
    std::string other = good;
    EXPECT_EQ(is(other.replace(other.find("[2,2,1]"), 7, "[2,2,0]")), Rejection::shape);
}

TEST(WireFrame, FramesThatAreNoneAreRefused) {
    Header h;
    h.type = MessageType::reading;
    h.seq = 1, h.epoch = 7;
    const std::string good = header_bytes(h), payload = encode_payload(tc1());
    const auto decode = [&](const std::vector<std::string>& given) {
        const std::vector<std::string_view> views(given.begin(), given.end());
        Frame frame;
        std::string detail;
        return decode_frame(views, frame, detail);
    };
    const auto changed = [&](std::size_t at, char c) {
        std::string bytes = good;
        bytes[at] = c;
        return bytes;
    };
    using enum Rejection;
    EXPECT_EQ(decode({"reading/tc1", good, payload}), none);
    EXPECT_EQ(decode({"reading/tc1", changed(4, 9), payload}), none);  // a newer minor version
    EXPECT_EQ(decode({"reading/tc1", changed(5, 2), payload}), version);
    EXPECT_EQ(decode({"reading/tc1", changed(0, 'X'), payload}), header);
    EXPECT_EQ(decode({"reading/tc1", changed(6, 99), payload}), type);
    EXPECT_EQ(decode({"reading/tc1", changed(40, 5), payload}), header);
    EXPECT_EQ(decode({"reading/tc1", changed(31, char(0x80)), payload}), header);
    EXPECT_EQ(decode({"reading/tc1", good.substr(1), payload}), header);
    EXPECT_EQ(decode({"reading/tc1", good}), parts);
    EXPECT_EQ(decode({}), parts);
    EXPECT_EQ(decode({"", good, payload}), topic);
    EXPECT_EQ(decode({std::string(129, 'a'), good, payload}), topic);
    EXPECT_EQ(decode({"a b", good, payload}), topic);
    EXPECT_EQ(decode_message({"reading/tc2", h, payload}).rejection, topic_mismatch);
    EXPECT_EQ(decode_message({"reading/tc1", h, payload}).rejection, none);
}

TEST(WireFrame, NumbersThatAreNotFiniteAreFoundBeforeTheyAreSent) {
    TwinState state;
    EXPECT_TRUE(finite(state));
    state.scalars["T_mean_K"].sd = NAN;
    EXPECT_FALSE(finite(state));
    EXPECT_EQ(rejection(encode_payload(state), MessageType::state), Rejection::not_finite);
}

}  // namespace
}  // namespace jt
