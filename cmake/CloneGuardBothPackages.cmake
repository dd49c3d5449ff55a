# Run by cpack after it has made the package of the library: makes the package of the command in the same folder.
execute_process(
  COMMAND "${CPACK_CLONE_GUARD_CPACK}" -G DEB --config "${CPACK_CLONE_GUARD_BUILD}/CPackCommandConfig.cmake"
    -B "${CPACK_PACKAGE_DIRECTORY}"
  COMMAND_ERROR_IS_FATAL ANY)
