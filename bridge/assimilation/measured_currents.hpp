// SPDX-License-Identifier: Apache-2.0
// MeasuredCurrents: the last readings of the current, which drive the twin and which voltages are held against.
#pragma once
#include <map>
#include <optional>

#include "bridge/assimilation/sample.hpp"
#include "twin/archive.hpp"

namespace jt {

// The current over a window as the instrument tells it: a straight line [A].
struct MeasuredCurrent {
    double from_s = 0.0, to_s = 0.0, from_A = 0.0, to_A = 0.0;
};

class MeasuredCurrents {
public:
    struct Value {
        double A = 0.0, variance = 0.0;  // of its noise
    };

    void add(const Sample& reading) { readings_.emplace(reading.time_s, reading); }
    void forget(double before) {
        while (!readings_.empty() && readings_.begin()->first < before) readings_.erase(readings_.begin());
    }

    // The line that heats as the readings of a window tell: with their slope by least squares and, noise taken off, the mean of
    // their squares; the last current where there are none. Its end becomes the last current.
    MeasuredCurrent over(double from, double to);
    // At a time between readings that are near; empty where there are none.
    std::optional<Value> at(double t) const;

    bool any_since(double t) const { return !readings_.empty() && readings_.rbegin()->first >= t; }
    double last_A() const { return last_A_; }
    void set_last(double amps) { last_A_ = amps; }
    double last_at_s() const { return last_at_; }  // of the newest reading

    // `sensor`: which one the readings are of.
    void state(Archive& a, int sensor);

private:
    std::map<double, Sample> readings_;  // by time
    double last_A_ = 0.0, last_at_ = 0.0;
};

}  // namespace jt
