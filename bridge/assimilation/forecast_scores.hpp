// SPDX-License-Identifier: Apache-2.0
// ForecastScores: forecasts held against what came, 5 s after they were made: error beside that of persistence (it stays as it
// is), and how often the truth lay inside the band.
#pragma once
#include <array>
#include <deque>
#include <map>
#include <string>

#include "bridge/wire/message.hpp"
#include "twin/archive.hpp"

namespace jt {

class ForecastScores {
public:
    // Kept until its time comes; too late for that: it is not.
    void issue(const Forecast& made, double now_s);
    // Scores what was foretold for a time that has come.
    void score(const TwinState& now);
    // Root mean square error over that of persistence, and share inside the band, by quantity.
    void tell(std::map<std::string, double>& skill, std::map<std::string, double>& coverage) const;
    void state(Archive& a);

private:
    struct Issued {
        double time = 0.0;
        std::string name;
        std::array<double, 3> band{};
        double before = 0.0;
    };
    struct Score {
        double error = 0.0, persistence = 0.0;
        int covered = 0, count = 0;
    };
    std::deque<Issued> issued_;
    std::map<std::string, Score> scores_;
};

}  // namespace jt
