// SPDX-License-Identifier: Apache-2.0
// ModelError: how far the predictions of one sensor are off beyond its noise and the ensemble's spread, estimated while it
// runs.
//
// The error of a model is no noise: it stays for seconds. It is taken as a first-order autoregressive process of standard
// deviation s and time constant tau. What it leaves open after a mean over many windows is s^2 (1 + a)/(1 - a) of one window,
// a = exp(-window / tau), with which it enters the gain beside the noise. s is estimated from means of innovations over blocks
// of a second: s^2 = mean(d^2) - spread - noise / n, exponentially forgotten, and never taken below its prior: what parameters
// have absorbed does not show.
#pragma once
#include <algorithm>
#include <cmath>

namespace jt {

struct ModelErrorOptions {
    double tau_s = 2.0;     // of the error
    double block_s = 1.0;   // over which innovations are averaged
    double memory_s = 8.0;  // of the estimate
    double most = 9.0;      // s^2 in the gain, over its prior's
};

class ModelError {
public:
    explicit ModelError(const ModelErrorOptions& options = {}) : options_(options) {}

    // Takes a reading: innovation, variance of its noise and of the ensemble's spread there; s0: prior sd of the model error
    // now.
    void add(double t, double innovation, double noise, double spread, double s0) {
        if (count_ > 0 && t >= begin_ + options_.block_s) close();
        if (count_ == 0) begin_ = t;
        sum_ += innovation, noise_ += noise, spread_ += spread, prior_ += s0 * s0;
        ++count_;
    }
    // Standard deviation now, for a prior of s0. Bounded: a filter that believes in no reading any more cannot find back.
    double sd(double s0) const { return s0 * std::sqrt(std::clamp(ratio_, 1.0, options_.most)); }
    // s^2 over its prior's; about 1 or less where the model is what it is taken for.
    double ratio() const { return ratio_; }
    // Variance that enters the gain for the mean of a window [s].
    double variance(double s0, double window) const {
        const double a = std::exp(-window / options_.tau_s), s = sd(s0);
        return s * s * (1.0 + a) / (1.0 - a);
    }

    template <class Archive>
    void state(Archive& a) {
        a("sum", sum_), a("noise", noise_), a("spread", spread_), a("prior", prior_), a("begin", begin_), a("ratio", ratio_);
        a("count", count_);
    }

private:
    void close() {
        const double n = double(count_), mean = sum_ / n, s0 = prior_ / n;
        // not below 0: what the spread leaves room for must not hide what comes after
        const double excess = std::max(0.0, (mean * mean - spread_ / n - noise_ / (n * n)) / s0);
        ratio_ += options_.block_s / options_.memory_s * (excess - ratio_);
        sum_ = noise_ = spread_ = prior_ = 0.0;
        count_ = 0;
    }
    ModelErrorOptions options_;
    double sum_ = 0.0, noise_ = 0.0, spread_ = 0.0, prior_ = 0.0, begin_ = 0.0, ratio_ = 0.0;
    long count_ = 0;
};

}  // namespace jt
