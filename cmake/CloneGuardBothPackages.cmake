# Run by cpack after it has made the package of the library: makes the package of the command in the same folder. The
# second cpack gets a working folder of its own, because it empties that folder first.
set(work "${CPACK_PACKAGE_DIRECTORY}/_CPack_Command")
execute_process(
  COMMAND "${CPACK_CLONE_GUARD_CPACK}" -G DEB --config "${CPACK_CLONE_GUARD_BUILD}/CPackCommandConfig.cmake" -B "${work}"
  COMMAND_ERROR_IS_FATAL ANY)
file(GLOB package "${work}/*.deb")
file(COPY ${package} DESTINATION "${CPACK_PACKAGE_DIRECTORY}")
file(REMOVE_RECURSE "${work}")
