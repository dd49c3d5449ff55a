// SPDX-License-Identifier: MPL-2.0

#include <hook/report/clone_guard_log.h>

namespace clone_guard {

isc::log::Logger clone_guard_logger("clone-guard-hooks");

}  // namespace clone_guard
