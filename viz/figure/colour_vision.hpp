// SPDX-License-Identifier: Apache-2.0
// What people with a colour vision deficiency see of a picture: to check that nothing is told by colour alone.
// G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, A Physiologically-based Model for Simulation of Color Vision Deficiency,
// IEEE Trans. Vis. Comput. Graph. 15 (2009) 1291-1298, matrices of severity 1.0, applied to linear RGB.
#pragma once
#include "viz/figure/painter.hpp"

namespace jt {

enum class ColourVision { normal, protan, deutan, tritan };

Colour seen_with(ColourVision, Colour);  // alpha stays
void apply_vision(ColourVision, Image&);

}  // namespace jt
