// SPDX-License-Identifier: Apache-2.0
// What charts over the time of a run share: the window they show, what the mouse does in them, the row of title and readings,
// lines from the history, and the marks of cursor, mouse, events and bookmarks.
#pragma once
#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "viz/figure/chart.hpp"
#include "viz/screen/panels/panels.hpp"

namespace jt {

struct TimeWindow {
    double start = 0.0, end = 1.0;  // [s]
    double width() const { return end - start; }
};
TimeWindow whole_run(const ScreenModel&);
TimeWindow time_window(const ScreenModel&, const ViewState&);  // what charts show

// The window wider (factor above 1) or closer about t, never beyond the run, never closer than a thousandth of it.
void zoom_time_about(ViewState&, const ScreenModel&, double t, double factor);
// The window begins at `start`, as far as the run allows.
void pan_time_to(ViewState&, const ScreenModel&, double start);

// A moment for people, with the digits that the length of the run deserves: "25.3 s", "12.45 min".
std::string time_text(double t, const ScreenModel&);

// What the user does with a plot whose x axis is the window: press or drag sets the cursor, the wheel zooms about the mouse,
// the right button pans, a double click shows the whole run. Returns the time under the mouse while it is over the plot.
std::optional<double> time_mouse(Ui&, const Rect& plot, const std::string& id, const ScreenModel&, ViewState&);

// A reading for the row beside a title.
struct ChartReading {
    std::string id, text;  // "reading 1000 °C"
    std::optional<double> value = std::nullopt, age_s = std::nullopt;
    std::string state = {};
    std::optional<Colour> colour = std::nullopt;
    std::string shorter = {};  // where `text` does not fit; empty: it is left out
};
// " ±0.10", " ±25": what the model may be off by, with the digits that values of it are shown with; empty: none is stated.
std::string off_by_text(const Quantity&);

// "T mean 937 ±3 °C" of a column at a time; what is missing then but was known is stale, with its age; else an em dash.
ChartReading reading_of(const ScreenModel&, const History&, const std::string& column, const std::string& label,
                        const Quantity&, double t, bool kelvin);

class TimeChart {
public:
    // `id` of the panel and its texts. Looks where the mouse was over the plot in the frame before.
    TimeChart(Ui&, const std::string& id, const ScreenModel&, ViewState&);

    // An empty chart of the window with now, cursor and events.
    Chart chart(const std::string& id) const;
    // A column of a history as a line, shifted by `offset` and multiplied first. `live`: what is missing now is marked.
    void add(Chart&, const History&, const std::string& column, const std::string& label, SeriesStyle, double offset,
             bool live = false);
    // Points of the caller's.
    void add(Chart&, History::Points, const std::string& label, SeriesStyle);
    // The band value ± half about the line added last to the chart.
    void add_band(Chart&, double half);
    // The band that the history has of a column, or between two of its columns.
    void add_band(Chart&, const History&, const std::string& column, double offset);
    void add_band(Chart&, const History&, const std::string& low, const std::string& high, double offset);
    // The fan of a forecast: 5-95 % and the median, each less what `less` says of its time. An expired one is paler and violet.
    void add_fan(Chart&, const TwinForecast&, const std::string& quantity, const std::string& label,
                 const std::function<double(double)>& less);
    // Hatches the time of a forecast that is not valid any more.
    void mark_expired(const Rect& plot, const TwinForecast&);

    // The time that readings are of: under the mouse, else the cursor.
    double shown_s() const { return hover_.value_or(model_.cursor_s); }
    bool hovering() const { return hover_.has_value(); }
    // Title and as many of the readings as fit, the first ones first; the event under the mouse in their place.
    void title(const Rect& row, const std::string& title, const std::vector<ChartReading>&);
    // The same without the time: of a second plot.
    void subtitle(const Rect& row, const std::string& title, const std::vector<ChartReading>&);

    // Draws the chart into the plot, lets the mouse work in it, and marks what is under the mouse. Returns the value axis.
    AxisTicks draw(const Rect& panel, const Rect& plot, const Chart&);

    const TimeWindow& window() const { return window_; }

private:
    void readings(const std::string& id, double x, double right, double y, const std::vector<ChartReading>&);

    Ui& ui_;
    std::string id_;
    const ScreenModel& model_;
    ViewState& view_;
    TimeWindow window_;
    std::optional<double> hover_;
    std::deque<History::Points> points_;
    std::deque<std::vector<double>> bounds_;
    bool drawn_ = false;  // a plot, above which bookmarks stand
};

// The steady range of all that a chart shows within its window; `extra` is held, too.
std::array<double, 2> range_of(const Chart&, std::span<const double> extra = {});

// The program as it is followed, between the ends of the window: corners and steps.
History::Points program_points(const Program&, const TimeWindow&, double offset);

}  // namespace jt
