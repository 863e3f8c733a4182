// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/filter_options.hpp"

#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt::cli {
namespace {

constexpr double kUsualRadius = 0.01, kMostRadius = 1e3;  // [m]

}  // namespace

double FilterArguments::radius_m() const {
    if (filter == "etkf") {
        if (!radius.empty()) throw InputError("--radius: belongs to --filter letkf; found --filter etkf");
        return 0.0;
    }
    if (radius.empty()) return kUsualRadius;
    try {
        const double m = parse_quantity(radius, Dimension::length);
        if (m > 0.0 && m <= kMostRadius) return m;
    } catch (const InputError& error) {
        throw InputError(std::string("--radius: ") + error.what());
    }
    throw InputError("--radius: found " + radius + "; allowed: more than 0, at most " +
                     format_for_people(kMostRadius, Dimension::length));
}

void add_filter_options(CLI::App& command, FilterArguments& o, const std::string& where) {
    command
        .add_option("--filter", o.filter,
                    where +
                        "etkf: all readings correct everything; letkf: temperatures and maps are corrected by readings near "
                        "them")
        ->check(CLI::IsMember({"etkf", "letkf"}))
        ->capture_default_str();
    command.add_option("--radius", o.radius, where + "of letkf: about how far a reading reaches, e.g. \"10 mm\" (default)");
}

}  // namespace jt::cli
