# Run by cpack when the files of the package are laid out: finds the packages of the libraries that they need.
#
# Kea's own libraries are left out. Debian's package of them asks for the very same Debian revision, and would hold
# Kea's security updates back; that the release of Kea fits CPACK_DEBIAN_PACKAGE_DEPENDS says already.

find_program(CLONE_GUARD_SHLIBDEPS dpkg-shlibdeps)
if(NOT CLONE_GUARD_SHLIBDEPS)
  message(FATAL_ERROR "dpkg-shlibdeps is missing: install the package dpkg-dev")
endif()
file(GLOB_RECURSE files LIST_DIRECTORIES false "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*")
list(FILTER files INCLUDE REGEX "/(clone-guard|libdhcp_clone_guard\\.so)$")
set(work "${CPACK_TOPLEVEL_DIRECTORY}/dependencies")
file(MAKE_DIRECTORY "${work}/debian")
file(WRITE "${work}/debian/control" "Source: kea-clone-guard\n\nPackage: kea-clone-guard\nArchitecture: any\n")
execute_process(
  COMMAND "${CLONE_GUARD_SHLIBDEPS}" -O -xkea-common ${files}
  WORKING_DIRECTORY "${work}"
  OUTPUT_VARIABLE found ERROR_VARIABLE said RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT status EQUAL 0 OR NOT found MATCHES "shlibs:Depends=(.+)")
  message(FATAL_ERROR "dpkg-shlibdeps failed for '${files}': ${said}${found}")
endif()
set(CPACK_DEBIAN_PACKAGE_DEPENDS "${CPACK_DEBIAN_PACKAGE_DEPENDS}, ${CMAKE_MATCH_1}")
