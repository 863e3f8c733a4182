// SPDX-License-Identifier: Apache-2.0
// The Python client joins late, sees gaps and restarts, reads fields as arrays and refuses garbage; with keys and without.
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <limits>

#include "bridge/wire/publisher.hpp"
#include "bridge/wire/server.hpp"
#include "tests/paths.hpp"
#include "tests/support/program.hpp"

namespace jt {
namespace {

using namespace std::chrono_literals;

constexpr auto kLimit = 60s;  // that only a defect reaches
const std::string kClient = JT_SOURCE_DIR "/bridge/python", kScript = JT_SOURCE_DIR "/tests/support/python_client.py";

// A Python with pyzmq and numpy; empty: there is none.
const std::string& python() {
    static const std::string found = [] {
        for (const std::string one : {"python3", "/usr/bin/python3"})
            if (std::system((one + " -c 'import zmq, numpy' >/dev/null 2>&1").c_str()) == 0) return one;
        return std::string();
    }();
    return found;
}

// The script with its standard output.
class Script {
public:
    Script(const std::string& interpreter, const std::vector<std::string>& arguments) {
        int ends[2];
        if (pipe(ends) != 0) throw std::runtime_error("no pipe");
        std::vector<const char*> argv{interpreter.c_str()};
        for (const auto& one : arguments) argv.push_back(one.c_str());
        argv.push_back(nullptr);
        child_ = fork();
        if (child_ == 0) {
            dup2(ends[1], 1);
            dup2(ends[1], 2);
            close(ends[0]);
            execvp(argv[0], const_cast<char* const*>(argv.data()));
            _exit(127);
        }
        close(ends[1]);
        out_ = ends[0];
    }
    ~Script() {
        if (child_ > 0) {
            kill(child_, SIGKILL);
            waitpid(child_, nullptr, 0);
        }
        close(out_);
    }
    // A line, if a whole one has come.
    std::optional<std::string> line() {
        pollfd ready{out_, POLLIN, 0};
        char bytes[4096];
        while (!over_ && ::poll(&ready, 1, 0) > 0) {
            const ssize_t n = read(out_, bytes, sizeof bytes);
            over_ = n <= 0;
            if (n > 0) text_.append(bytes, std::size_t(n)), all.append(bytes, std::size_t(n));
        }
        const auto end = text_.find('\n');
        if (end == std::string::npos) return std::nullopt;
        std::string first = text_.substr(0, end);
        text_.erase(0, end + 1);
        return first;
    }
    bool over() const { return over_ && text_.find('\n') == std::string::npos; }
    std::string all;

private:
    pid_t child_ = -1;
    int out_ = -1;
    bool over_ = false;
    std::string text_;
};

TwinState state(double run_s) {
    TwinState s;
    s.run = 1;
    s.run_s = run_s;
    s.valid_until_ns = unix_ns() + 3'600'000'000'000;
    s.scalars["T_mean_K"] = {1273.15, 2.0, 1270.0, 1276.0, Quality::good};
    return s;
}

// A twin that says what a twin says.
class SmallTwin {
public:
    explicit SmallTwin(WireContext& context) : context_(context), server_(context, "tcp://127.0.0.1:*", hello(1)) {
        begin(1);
        server_.on_snapshot([this] { return publisher_->snapshot(); });
        server_.on_text("scenario", [](const std::string&) { return "title = \"x\"\n"; });
        server_.on_text("history", [](const std::string&) { return "{\"time_s\": [0, 1]}"; });
        server_.on_command([](const Command&) { return CommandResult{"", "", false, "not today", 0}; });
        for (const double t : {1.0, 2.0, 3.0}) publisher_->publish(kTopicState, state(t));
        for (const char* id : {"hot", "cold"})
            publisher_->publish(kTopicAlarm, AlarmMessage{id, "It is " + std::string(id), "", 2, true, 1.0});
        FieldMessage field{"T_K", 1, 1.0, {2, 3, 4}, {0.001, 0.002, 0.003}, std::vector<float>(24)};
        for (std::size_t n = 0; n < 24; ++n) field.values[n] = float(n);
        field.values.back() = std::numeric_limits<float>::quiet_NaN();
        publisher_->publish("field/T_K", field, {.valid_until_ns = 1});
        beat();
    }

    // Lives until the script ends. What the script asks for is done at once.
    void serve(Script& script) {
        const auto end = std::chrono::steady_clock::now() + kLimit;
        while (std::chrono::steady_clock::now() < end) {
            server_.poll(20ms);
            beat();
            while (const auto line = script.line()) {
                passed = passed || *line == "passed";
                if (line->starts_with("do ")) act(line->substr(3));
            }
            if (script.over()) return;
        }
    }
    bool passed = false;
    const std::string& endpoint() const { return server_.endpoint(); }

private:
    static Hello hello(std::uint64_t epoch) {
        Hello h;
        h.epoch = epoch;
        h.role = "twin";
        return h;
    }
    void begin(std::uint64_t epoch) {
        publisher_.reset();  // its port is free before it is bound again
        publisher_ = std::make_unique<Publisher>(context_, "tcp://127.0.0.1:*", epoch);
        server_.hello().epoch = epoch;
        server_.hello().endpoints["predictions"] = publisher_->endpoint();
    }
    void beat() { publisher_->publish(kTopicHeartbeat, Heartbeat{++beats_, "twin", "live"}); }

    std::vector<std::string> raw(std::uint64_t seq, const std::string& payload, MessageType type = MessageType::state) {
        Header header;
        header.type = type;
        header.seq = seq;
        header.epoch = 1;
        const auto bytes = encode_header(header);
        return {"state", std::string(bytes.begin(), bytes.end()), payload};
    }
    void act(const std::string& what) {
        if (what == "state") publisher_->publish(kTopicState, state(4.0));  // number 4
        if (what == "gap") publisher_->send_raw(raw(7, encode_payload(state(7.0))));
        if (what == "garbage") {
            auto other_version = raw(8, "{}");
            other_version[1][5] = 2;
            publisher_->send_raw(raw(7, encode_payload(state(7.0))));
            publisher_->send_raw(raw(8, "{\"run\": NaN}"));
            publisher_->send_raw(raw(8, std::string(100000, '[')));
            publisher_->send_raw(other_version);
            publisher_->send_raw({"state", "JTWP", "{}"});
            publisher_->send_raw({"state", "{}"});
            publisher_->send_raw(raw(8, std::string("\xff\xff\xff\xff{}", 6), MessageType::field));
            publisher_->send_raw(raw(8, encode_payload(state(99.0))));
        }
        if (what == "restart") {
            begin(2);
            publisher_->publish(kTopicState, state(1.0));
        }
    }

    WireContext& context_;
    Server server_;
    std::unique_ptr<Publisher> publisher_;
    double beats_ = 0.0;
};

#define WITH_PYTHON(interpreter)              \
    const std::string interpreter = python(); \
    if (interpreter.empty()) GTEST_SKIP() << "data: no Python with pyzmq and numpy (python3-zmq, python3-numpy)"

TEST(PythonClient, JoinsLateAndMissesNothing) {
    WITH_PYTHON(interpreter);
    WireContext context;
    SmallTwin twin(context);
    Script script(interpreter, {kScript, kClient, twin.endpoint()});
    twin.serve(script);
    EXPECT_TRUE(twin.passed) << script.all;
}

TEST(PythonClient, NeedsAKeyWhereTheTwinHasAList) {
    WITH_PYTHON(interpreter);
    const test::Folder folder;
    const KeyPair server = make_key_pair(), client = make_key_pair();
    write_key_pair(folder.path(), "twin", server);
    write_key_pair(folder.path(), "client", client);
    Keys keys;
    keys.own = server;
    keys.allow = {client.public_key};
    keys.has_allow = true;
    WireContext context(keys);
    SmallTwin twin(context);
    Script script(interpreter, {kScript, kClient, twin.endpoint(), folder / "client.key", folder / "twin.pub"});
    twin.serve(script);
    EXPECT_TRUE(twin.passed) << script.all;
}

TEST(PythonClient, ItsExampleShowsStateAlarmsAndField) {
    WITH_PYTHON(interpreter);
    const test::Folder folder;
    WireContext context;
    SmallTwin twin(context);
    Script script(interpreter,
                  {"-B", kClient + "/example.py", twin.endpoint(), "--seconds", "0.5", "--picture", folder / "f.png"});
    twin.serve(script);
    using testing::HasSubstr;
    EXPECT_THAT(script.all, AllOf(HasSubstr("T_mean_K         1273.2 +- 2.0 (good)"), HasSubstr("ALARM: It is hot"),
                                  HasSubstr("field T_K of 2x3x4 cells at 1.0 s, STALE: 0 to 22")));
    const bool picture = std::filesystem::exists(folder / "f.png");
    EXPECT_NE(picture, script.all.find("matplotlib is not here") != std::string::npos) << script.all;
}

}  // namespace
}  // namespace jt
