// SPDX-License-Identifier: Apache-2.0
// HandoverQueue: hands all of something from one thread to another, in order, nothing lost. One writer, one reader; neither
// ever waits. Grows while the reader is slow.
#pragma once
#include <atomic>
#include <optional>
#include <utility>

namespace jt {

template <class T>
class HandoverQueue {
public:
    HandoverQueue() : first_(new Node), last_(first_) {}
    ~HandoverQueue() {
        while (first_) delete std::exchange(first_, first_->next.load(std::memory_order_relaxed));
    }
    HandoverQueue(const HandoverQueue&) = delete;
    HandoverQueue& operator=(const HandoverQueue&) = delete;

    // By the writer.
    void put(T value) {
        Node* const node = new Node;
        node->value = std::move(value);
        last_->next.store(node, std::memory_order_release);
        last_ = node;
    }
    // By the reader: the oldest that has not been taken.
    std::optional<T> take() {
        Node* const next = first_->next.load(std::memory_order_acquire);
        if (!next) return std::nullopt;
        std::optional<T> value(std::move(next->value));
        delete std::exchange(first_, next);  // what was taken stays as the place before the oldest
        return value;
    }

private:
    struct Node {
        T value{};
        std::atomic<Node*> next{nullptr};
    };
    Node* first_;  // the reader's: before the oldest
    Node* last_;   // the writer's
};

}  // namespace jt
