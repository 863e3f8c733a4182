// SPDX-License-Identifier: Apache-2.0
// Buffer: owns an array in the memory of one backend. Copies are verbs: upload, download, zero.
#pragma once
#include <utility>
#include <vector>

#include "kernels/backend.hpp"

namespace jt {

template <class T>
class Buffer {
public:
    Buffer() = default;
    Buffer(Backend& backend, Index count) : backend_(&backend), count_(count) {
        data_ = static_cast<T*>(backend.allocate(bytes()));
    }
    // A field of the grid, ghosts and all set to zero.
    static Buffer field(Backend& backend, const Grid& grid) {
        Buffer b(backend, grid.allocation());
        b.zero();
        return b;
    }
    static Buffer from(Backend& backend, const std::vector<T>& host) {
        Buffer b(backend, Index(host.size()));
        backend.upload(b.data_, host.data(), b.bytes());
        backend.synchronise();
        return b;
    }
    Buffer(Buffer&& other) noexcept { swap(other); }
    Buffer& operator=(Buffer&& other) noexcept {
        swap(other);
        return *this;
    }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() {
        if (data_) backend_->release(data_);
    }

    T* get() const { return data_; }
    Index count() const { return count_; }
    std::size_t bytes() const { return std::size_t(count_) * sizeof(T); }
    explicit operator bool() const { return data_ != nullptr; }
    void zero() { backend_->zero(data_, bytes()); }
    std::vector<T> download() const {
        std::vector<T> host(static_cast<std::size_t>(count_));
        backend_->download(host.data(), data_, bytes());
        return host;
    }
    void swap(Buffer& other) noexcept {
        std::swap(backend_, other.backend_);
        std::swap(data_, other.data_);
        std::swap(count_, other.count_);
    }

private:
    Backend* backend_ = nullptr;
    T* data_ = nullptr;
    Index count_ = 0;
};

// A field filled from packed host values, x fastest.
template <class T>
Buffer<T> upload_field(Backend& backend, const Grid& grid, const std::vector<T>& packed) {
    auto field = Buffer<T>::field(backend, grid);
    auto staging = Buffer<T>::from(backend, packed);
    backend.scatter(grid, staging.get(), field.get());
    backend.synchronise();
    return field;
}

// Packed host values of a field, x fastest.
template <class T>
std::vector<T> download_field(Backend& backend, const Grid& grid, const Buffer<double>& field) {
    Buffer<T> staging(backend, grid.cells());
    backend.gather(grid, field.get(), staging.get());
    return staging.download();
}

}  // namespace jt
