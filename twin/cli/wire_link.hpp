// SPDX-License-Identifier: Apache-2.0
// WireLink: the link of a screen to a twin over ZeroMQ: requests to its server, predictions from its publisher.
#pragma once
#include <memory>
#include <string>

#include "twin/cli/remote_source.hpp"

namespace jt {
class WireContext;
}

namespace jt::cli {

class WireLink final : public TwinLink {
public:
    // requests: the endpoint of the twin's server. The context outlives the link. Throws InputError.
    WireLink(WireContext& context, const std::string& requests);
    ~WireLink() override;

    std::optional<TwinHello> hello(Milliseconds timeout) override;
    std::optional<std::vector<FromTwin>> snapshot(Milliseconds timeout) override;
    std::vector<PastState> history(Milliseconds timeout) override;
    void subscribe(const std::vector<std::string>& fields) override;
    std::optional<FromTwin> receive(Milliseconds timeout) override;
    void send(const Command& command) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt::cli
