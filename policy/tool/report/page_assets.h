// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_REPORT_PAGE_ASSETS_H
#define CLONE_GUARD_TOOL_REPORT_PAGE_ASSETS_H

namespace clone_guard {

/// @brief Style sheet of the page: page.css, which embed_page.cmake makes a string literal of.
extern const char* const PAGE_STYLE;

/// @brief Script of the page: page.js. The script only adds buttons; the page is complete without it.
extern const char* const PAGE_SCRIPT;

/// @brief SHA-256 of PAGE_SCRIPT in base64. The page's Content-Security-Policy permits this script alone.
extern const char* const PAGE_SCRIPT_SHA256;

}  // namespace clone_guard

#endif
