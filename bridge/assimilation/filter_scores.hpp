// SPDX-License-Identifier: Apache-2.0
// What innovations say of a filter over a time that lies in the last 40 s: NIS per reading, lag-1 autocorrelations.
#pragma once
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "twin/archive.hpp"

namespace jt {

class QualityControl;
struct InstrumentModel;

struct FilterScores {
    long readings = 0;
    double nis = 0.0;                               // per reading, with the noise's variance alone beside the spread
    std::map<std::string, double> autocorrelation;  // of each sensor's innovations, lag 1
    std::map<std::string, double> nis_of;           // of each sensor, its readings taken one by one
};

// The normalised innovation squared of each window.
class NisHistory {
public:
    void add(double time_s, double value, int readings) { windows_.push_back({time_s, value, readings}); }
    void forget(double before) {
        while (!windows_.empty() && windows_.front().time < before) windows_.pop_front();
    }
    // Sum over windows in (from, to], per reading; 0 where there are none.
    double mean(double from, double to, long& readings) const;
    void state(Archive& a);

private:
    struct Window {
        double time, value;
        int count;
    };
    std::deque<Window> windows_;
};

// settled: of a sensor only innovations whose noise is larger than the spread, and only where they span most of the time.
FilterScores filter_scores(const NisHistory& nis, const std::vector<QualityControl>& sensors,
                           const std::vector<InstrumentModel>& models, double from, double to, bool settled = false);

}  // namespace jt
