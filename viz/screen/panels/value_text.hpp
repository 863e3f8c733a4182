// SPDX-License-Identifier: Apache-2.0
// How values are written on the screen: the number in the unit people see, the unit after a thin space, an em dash and the
// reason where there is none, a hatch and the age where it is old.
#pragma once
#include <string>
#include <string_view>

#include "viz/screen/panels/ui.hpp"
#include "viz/screen/state/screen_model.hpp"

namespace jt {

inline constexpr const char* kNoValue = "\u2014";

struct ValueText {
    std::string number, unit;
};
// Of a column of the history or a quantity of the table, stored in its unit.
ValueText value_text(std::string_view column, double value, bool kelvin);
// With the digits that its band deserves.
ValueText value_text(std::string_view column, const Interval&, bool kelvin);
std::string uncertainty_text(const Quantity&);  // "±25"; empty: none is stated

std::string age_text(double seconds);        // "0.04 s", "4.2 s", "17 s", "12 min", "3 h"
std::string time_span_text(double seconds);  // whole: "17 s", "4 min", "2 h"
std::string moment_text(double seconds);     // of the run: "23.0 s"

// The source still says it is live, but nothing has come for too long, or what came is no longer valid; or it is lost.
bool source_stale(const ScreenModel&);
// Age of the fields shown where they are not of now any more, of a run that goes on; absent: they are.
std::optional<double> stale_fields(const ScreenModel&);
double source_age(const ScreenModel&);  // of what is shown as newest [s]
// A column at the cursor, as a panel should show it: stale with its source, and with a reason where a value cannot be.
Shown shown_now(const ScreenModel&, const std::string& column);

// Largest type of `px` down to the smallest one in which the text fits the width.
TextStyle fitted(Ui&, std::string_view text, TextStyle, double width);

// Number, unit (label type, muted, on the number's baseline) and what follows it ("±6") from `top`, in `width`; or the em dash
// and the reason, wrapped beside it. Notes state, value and age of the number as `id`. Returns what it took.
struct ValueStyle {
    double px = kPrimaryPx;
    Align align = Align::left;
    std::string after = {};
};
Rect write_value(Ui&, const std::string& id, const Shown&, const ValueText&, Point top, double width, const ValueStyle&);

}  // namespace jt
