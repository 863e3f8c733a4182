// SPDX-License-Identifier: Apache-2.0
// CellSamples: values of a few cells of a field, so that a sensor or a probe does not download all of it.
#pragma once
#include <vector>

#include "kernels/buffer.hpp"

namespace jt {

class CellSamples {
public:
    CellSamples() = default;
    CellSamples(Backend& backend, const std::vector<Index>& places)
        : backend_(&backend), places_(Buffer<Index>::from(backend, places)), values_(backend, Index(places.size())) {}

    // Values at the places, in their order; they stay valid until the next call. Synchronises.
    const std::vector<double>& read(const Buffer<double>& field) { return read(field.get()); }
    const std::vector<double>& read(const double* field) {
        host_.resize(std::size_t(places_.count()));
        if (host_.empty()) return host_;
        backend_->gather_places(field, places_.get(), places_.count(), values_.get());
        backend_->download(host_.data(), values_.get(), values_.bytes());
        return host_;
    }

private:
    Backend* backend_ = nullptr;
    Buffer<Index> places_;
    Buffer<double> values_;
    std::vector<double> host_;
};

}  // namespace jt
