# Compiler options: warnings and sanitizers for each target, through clone_guard_compiler; hardening for what is
# installed, through clone_guard_harden().

add_library(clone_guard_compiler INTERFACE)
target_compile_options(clone_guard_compiler INTERFACE -Wall -Wextra -Wpedantic $<$<BOOL:${CLONE_GUARD_WERROR}>:-Werror>)

if(CLONE_GUARD_SANITIZE)
  target_compile_options(clone_guard_compiler INTERFACE
    -fsanitize=${CLONE_GUARD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(clone_guard_compiler INTERFACE -fsanitize=${CLONE_GUARD_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(clone_guard_compiler INTERFACE
      "-fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/tests/sanitizers/ignored.types")
    # A server without instrumentation loads the library. The library, the tests and the fuzzers have to share one
    # runtime, which clang links only if the linker is asked for the shared one.
    execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-runtime-dir
                    OUTPUT_VARIABLE _runtime OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    target_link_options(clone_guard_compiler INTERFACE -shared-libsan "-Wl,-rpath,${_runtime}")
  endif()
endif()

# What libFuzzer follows in the library, the core and the command.
if(CLONE_GUARD_FUZZ AND NOT CLONE_GUARD_COVERAGE)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "CLONE_GUARD_FUZZ needs clang: use the preset fuzz")
  endif()
  target_compile_options(clone_guard_compiler INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CLONE_GUARD_COVERAGE)
  target_compile_options(clone_guard_compiler INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(clone_guard_compiler INTERFACE -fprofile-instr-generate)
endif()

# Hardens the targets of the current folder and of the folders below it as Debian hardens its own packages
# (dpkg-buildflags), whatever the environment asks for. tests/checks/hardening looks at the outcome.
include(CheckCXXCompilerFlag)
macro(clone_guard_harden)
  add_compile_options(-fstack-protector-strong -Wformat -Werror=format-security)
  foreach(_flag stack-clash-protection cf-protection)
    # Not each architecture has them.
    string(MAKE_C_IDENTIFIER "CLONE_GUARD_${_flag}" _supported)
    check_cxx_compiler_flag("-Werror -f${_flag}" ${_supported})
    if(${_supported})
      add_compile_options(-f${_flag})
    endif()
  endforeach()
  # Needs optimisation. Sanitizers replace what it checks.
  if(NOT CLONE_GUARD_SANITIZE)
    add_compile_options($<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
  endif()
  add_link_options(-Wl,-z,relro -Wl,-z,now $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)
  # Exceptions and debug information name source files: without the folder in which they were built, so that each
  # build of the same sources gives the same bytes.
  add_compile_options("-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=" "-ffile-prefix-map=${PROJECT_BINARY_DIR}=build")
endmacro()
