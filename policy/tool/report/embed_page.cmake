# Makes C++ of page.css and page.js: cmake -D SOURCE_DIR=... -D OUTPUT=... -P embed_page.cmake
#
# Each file becomes a raw string literal, and the script's SHA-256 is written in base64, as a Content-Security-Policy
# needs it.

file(READ "${SOURCE_DIR}/page.css" style)
file(READ "${SOURCE_DIR}/page.js" script)
file(SHA256 "${SOURCE_DIR}/page.js" digest)

# Three hexadecimal digits are two digits of base64. 64 digits leave one, which is padded to a digit and "=".
set(BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
set(base64 "")
foreach(position RANGE 0 60 3)
  string(SUBSTRING "${digest}" ${position} 3 three)
  math(EXPR high "0x${three} >> 6")
  math(EXPR low "0x${three} & 63")
  foreach(value IN ITEMS ${high} ${low})
    string(SUBSTRING "${BASE64}" ${value} 1 character)
    string(APPEND base64 "${character}")
  endforeach()
endforeach()
string(SUBSTRING "${digest}" 63 1 one)
math(EXPR value "0x${one} << 2")
string(SUBSTRING "${BASE64}" ${value} 1 character)
string(APPEND base64 "${character}=")

file(WRITE "${OUTPUT}" "// Made of page.css and page.js by embed_page.cmake.

#include <tool/report/page_assets.h>

namespace clone_guard {

const char* const PAGE_STYLE = R\"PAGE(${style})PAGE\";

const char* const PAGE_SCRIPT = R\"PAGE(${script})PAGE\";

const char* const PAGE_SCRIPT_SHA256 = \"${base64}\";

}  // namespace clone_guard
")
