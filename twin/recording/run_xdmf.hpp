// SPDX-License-Identifier: Apache-2.0
// run.xdmf: XDMF that refers to the data sets of run.h5.
#pragma once
#include <string>
#include <vector>

#include "kernels/extents.hpp"

namespace jt {

// h5_name: name of the run file in the same folder. room: length of its data sets along time; times [s] of the outputs in it.
std::string run_xdmf(const std::string& h5_name, const Extents& extents, const std::vector<std::string>& fields,
                     std::size_t room, const std::vector<double>& times);

}  // namespace jt
