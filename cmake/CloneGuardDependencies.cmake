# Run by cpack when the files of a package are laid out: finds the packages of the libraries that the files need, and
# sets the permissions of folders.
#
# Kea's own libraries are left out. Debian's package of them asks for the very same Debian revision, which would hold
# back security updates of Kea. CPACK_DEBIAN_PACKAGE_DEPENDS already names the release of Kea.

find_program(CLONE_GUARD_SHLIBDEPS dpkg-shlibdeps)
if(NOT CLONE_GUARD_SHLIBDEPS)
  message(FATAL_ERROR "dpkg-shlibdeps is missing: install the package dpkg-dev")
endif()
file(GLOB_RECURSE files LIST_DIRECTORIES false "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*")
list(FILTER files INCLUDE REGEX "/(bin/clone-guard|libdhcp_clone_guard\\.so)$")
set(work "${CPACK_TOPLEVEL_DIRECTORY}/dependencies")
file(MAKE_DIRECTORY "${work}/debian")
file(WRITE "${work}/debian/control" "Source: clone-guard\n\nPackage: ${CPACK_PACKAGE_NAME}\nArchitecture: any\n")
execute_process(
  COMMAND "${CLONE_GUARD_SHLIBDEPS}" -O -xkea-common -xisc-kea-common ${files}
  WORKING_DIRECTORY "${work}"
  OUTPUT_VARIABLE found ERROR_VARIABLE said RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT status EQUAL 0 OR NOT found MATCHES "shlibs:Depends=(.+)")
  message(FATAL_ERROR "dpkg-shlibdeps failed for '${files}': ${said}${found}")
endif()
list(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS "${CMAKE_MATCH_1}")
list(JOIN CPACK_DEBIAN_PACKAGE_DEPENDS ", " CPACK_DEBIAN_PACKAGE_DEPENDS)

# Folders get the permissions that Debian's policy wants, whatever the umask of the build: a package with /usr at 0700
# would lock each user out of its system.
file(CHMOD_RECURSE "${CPACK_TEMPORARY_INSTALL_DIRECTORY}" DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
