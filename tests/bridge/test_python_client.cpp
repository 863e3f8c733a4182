// SPDX-License-Identifier: Apache-2.0
// The Python client against sockets of C++, where Python has what it needs (JT_PYTHON is set by tests/CMakeLists.txt).
#ifdef JT_PYTHON
#include <gmock/gmock.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "bridge/wire/publisher.hpp"
#include "bridge/wire/server.hpp"

namespace jt {
namespace {

TEST(PythonClient, ReadsStatesAndFieldsAsksAndCommands) {
    WireContext context;
    Publisher publisher(context, "tcp://127.0.0.1:*", 7);
    Hello hello;
    hello.epoch = 7, hello.program = "jouletwin test";
    hello.endpoints["predictions"] = publisher.endpoint();
    Server server(context, "tcp://127.0.0.1:*", hello);
    server.on_snapshot([&] { return publisher.snapshot(); });
    server.on_text("scenario", [](const std::string&) { return "title = 'R1'"; });
    server.on_command([](const Command& c) -> std::optional<CommandResult> {
        return CommandResult{"", "", c.verb == "hold", c.verb == "hold" ? "" : "not now", 0};
    });
    TwinState state;
    state.scalars["T_mean_K"] = {900, 3, 895, 905, Quality::uncertain};
    std::atomic<bool> end{false};
    std::thread serving([&] {
        for (double t = 0.0; !end; t += 1.0) {
            state.run_s = t;
            publisher.publish("state", state);
            publisher.publish("field/T_K", FieldMessage{"T_K", 1, t, {3, 2, 1}, {1, 1, 1}, {0, 1, 2, 3, 4, 5}});
            publisher.send_raw({"state", "garbage", "{}"});
            server.poll(std::chrono::milliseconds(5));
        }
    });
    const std::string script = R"(
import sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from jouletwin import Client, WireError
with Client(sys.argv[2], timeout_s=20) as twin:
    assert twin.hello()["program"] == "jouletwin test"
    assert twin.text("scenario") == "title = 'R1'"
    assert twin.command("hold")["accepted"] is True
    assert twin.command("abort")["reason"] == "not now"
    try:
        twin.text("weather")
        assert False
    except WireError as error:
        assert "allowed" in str(error)
    offset, error = twin.clock_offset()
    assert abs(offset) <= error
    seqs, fields = [], 0
    for message in twin.follow(["state", "field/T_K"], silence_s=20):
        if message.header.type == "state":
            seqs.append(message.header.seq)
            assert message.content["scalars"]["T_mean_K"]["quality"] == "uncertain"
        else:
            fields += 1
            assert message.content["values"].shape == (1, 2, 3) and message.content["values"][0, 1, 0] == 3
        if len(seqs) >= 20 and fields >= 5 and twin.rejected > 0:
            break
    assert seqs == sorted(set(seqs)), seqs
print("well")
)";
    const std::string file = testing::TempDir() + "jouletwin_client_" + std::to_string(std::uint64_t(new_epoch())) + ".py";
    std::ofstream(file) << script;
    const std::string command =
        std::string(JT_PYTHON) + " " + file + " " JT_SOURCE_DIR "/bridge/python " + server.endpoint() + " 2>&1";
    std::string output;
    FILE* pipe = popen(command.c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    char line[512];
    while (std::fgets(line, sizeof line, pipe)) output += line;
    const int status = pclose(pipe);
    end = true;
    serving.join();
    std::remove(file.c_str());
    EXPECT_EQ(status, 0) << output;
    EXPECT_EQ(output, "well\n");
}

}  // namespace
}  // namespace jt
#endif
