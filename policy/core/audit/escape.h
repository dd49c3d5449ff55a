// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_AUDIT_ESCAPE_H
#define CLONE_GUARD_CORE_AUDIT_ESCAPE_H

#include <core/identity/escape.h>

#endif
