# Warnings and sanitizers, for every target of this project through clone_guard_compiler.

add_library(clone_guard_compiler INTERFACE)
target_compile_options(clone_guard_compiler INTERFACE -Wall -Wextra -Wpedantic -Werror)

if(CLONE_GUARD_SANITIZE)
  target_compile_options(clone_guard_compiler INTERFACE
    -fsanitize=${CLONE_GUARD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(clone_guard_compiler INTERFACE -fsanitize=${CLONE_GUARD_SANITIZE})
endif()
