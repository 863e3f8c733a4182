// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/message.hpp"
