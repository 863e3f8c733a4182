// SPDX-License-Identifier: Apache-2.0
// WirePort: the virtual heater on the network: publishes readings ("reading/SENSOR"), status ("heater") and heartbeat, takes
// commands and the twin's heartbeat, answers hello, snapshot, time and the scenario. Belongs to one thread.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "bridge/heater/heater_service.hpp"

namespace jt {

class WireContext;

struct WirePortOptions {
    std::string publish, commands;  // endpoints to bind, checked
    std::uint64_t epoch = 1;        // of this life of the heater
    std::string title, scenario_toml;
};

class WirePort final : public HeaterPort {
public:
    // Binds. Throws InputError, NetworkError.
    WirePort(WireContext& context, const WirePortOptions& options);
    ~WirePort() override;

    void send(const Reading& reading) override;
    void send(const HeaterStatus& status) override;
    void send(const Heartbeat& heartbeat) override;
    // One damaged message, another kind each time.
    static constexpr int kKindsOfGarbage = 9;
    void send_garbage() override;
    void silence(bool on) override;
    void receive(double seconds, const std::function<std::optional<CommandResult>(const Command&)>& command,
                 const std::function<void(const Heartbeat&)>& heartbeat) override;

    const std::string& readings_endpoint() const;
    const std::string& commands_endpoint() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
