# Warnings and sanitizers, for every target of this project through clone_guard_compiler.

add_library(clone_guard_compiler INTERFACE)
target_compile_options(clone_guard_compiler INTERFACE -Wall -Wextra -Wpedantic -Werror)

if(CLONE_GUARD_SANITIZE)
  target_compile_options(clone_guard_compiler INTERFACE
    -fsanitize=${CLONE_GUARD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(clone_guard_compiler INTERFACE -fsanitize=${CLONE_GUARD_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # A server that is not instrumented loads the library: both need one runtime, as gcc links it by itself.
    execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-runtime-dir
                    OUTPUT_VARIABLE _runtime OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    target_compile_options(clone_guard_compiler INTERFACE
      "-fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/tests/sanitizers/ignored.types")
    target_link_options(clone_guard_compiler INTERFACE -shared-libsan "-Wl,-rpath,${_runtime}")
  endif()
endif()
