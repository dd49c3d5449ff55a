# Where everything is installed, and the Debian package that cpack makes: one for each release of Kea, because Kea
# loads only what was built for the very same release.
#
#   cmake --install build/default       into this system; the library goes to the hooks directory of the Kea that it
#                                       was built for, the rest below CMAKE_INSTALL_PREFIX
#   (cd build/default && cpack)         kea-clone-guard_VERSION+keaRELEASE_ARCHITECTURE.deb

set(CLONE_GUARD_PACKAGE kea-clone-guard)
set(CMAKE_INSTALL_DOCDIR "share/doc/${CLONE_GUARD_PACKAGE}" CACHE PATH "Where the documents are installed")
include(GNUInstallDirs)
set(CLONE_GUARD_MAINTAINER "clone guard maintainers <maintainers@clone-guard.invalid>" CACHE STRING
    "Whom the package names as its maintainer")

# What has to be compressed in a Debian package.
set(compressed_dir "${PROJECT_BINARY_DIR}/compressed")
set(compressed "")
function(clone_guard_compress source name)
  add_custom_command(OUTPUT "${compressed_dir}/${name}.gz"
    COMMAND ${CMAKE_COMMAND} -E make_directory "${compressed_dir}"
    COMMAND gzip -9nc "${source}" > "${compressed_dir}/${name}.gz"
    DEPENDS "${source}" VERBATIM)
  list(APPEND compressed "${compressed_dir}/${name}.gz")
  set(compressed "${compressed}" PARENT_SCOPE)
endfunction()
# The pages name the version and the directory of the hook libraries.
foreach(page clone-guard.1 libdhcp_clone_guard.8)
  configure_file("${PROJECT_SOURCE_DIR}/docs/${page}" "${compressed_dir}/${page}" @ONLY)
  clone_guard_compress("${compressed_dir}/${page}" "${page}")
endforeach()
configure_file("${PROJECT_SOURCE_DIR}/cmake/debian/changelog" "${compressed_dir}/changelog.debian" @ONLY)
clone_guard_compress("${compressed_dir}/changelog.debian" changelog)
add_custom_target(clone_guard_pages ALL DEPENDS ${compressed})

# Exceptions name source files: without the path on the machine that built them.
foreach(target clone_guard_hook dhcp_clone_guard)
  target_compile_options(${target} PRIVATE "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")
endforeach()

install(TARGETS dhcp_clone_guard LIBRARY DESTINATION "${Kea_HOOKS_DIR}"
  PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
install(TARGETS clone-guard RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(FILES "${compressed_dir}/clone-guard.1.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${compressed_dir}/libdhcp_clone_guard.8.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man8")
file(GLOB documents CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/*.md" "${PROJECT_SOURCE_DIR}/docs/*.json"
  "${PROJECT_SOURCE_DIR}/docs/*.png")
file(GLOB development CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/development/*.md")
install(FILES ${documents} DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs")
install(FILES ${development} DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs/development")
install(FILES "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/CHANGELOG.md"
  "${PROJECT_SOURCE_DIR}/CONTRIBUTING.md" "${PROJECT_SOURCE_DIR}/SECURITY.md" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
file(GLOB examples CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/kea-config/examples/*.json"
  "${PROJECT_SOURCE_DIR}/kea-config/examples/*.conf")
# Under the name that the documents give it.
install(FILES ${examples} DESTINATION "${CMAKE_INSTALL_DOCDIR}/kea-config")
install(FILES "${PROJECT_SOURCE_DIR}/cmake/debian/copyright" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES "${compressed_dir}/changelog.gz" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

find_program(CLONE_GUARD_DPKG dpkg)
mark_as_advanced(CLONE_GUARD_DPKG)
if(NOT CLONE_GUARD_DPKG)
  return()
endif()
execute_process(COMMAND "${CLONE_GUARD_DPKG}" --print-architecture
  OUTPUT_VARIABLE architecture OUTPUT_STRIP_TRAILING_WHITESPACE)

# Any Debian revision of the release will do, so that a security update is not held back; no other release will.
string(REGEX REPLACE "^([0-9]+\\.[0-9]+)\\.([0-9]+)$" "\\1" series "${Kea_VERSION}")
string(REGEX REPLACE "^([0-9]+\\.[0-9]+)\\.([0-9]+)$" "\\2" patch "${Kea_VERSION}")
math(EXPR next_patch "${patch} + 1")
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "kea-dhcp4-server (>= ${Kea_VERSION}~), kea-dhcp4-server (<< ${series}.${next_patch}~)")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ${CLONE_GUARD_PACKAGE})
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}+kea${Kea_VERSION}")
set(CPACK_PACKAGE_CONTACT "${CLONE_GUARD_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "keeps cloned virtual machines apart in Kea's DHCPv4 server")
set(CPACK_PACKAGE_DESCRIPTION
"Virtual machines that were cloned from a template which was never cleaned
all send the same DHCP client identifier, and Kea's DHCPv4 server gives all
of them one address. This hook library for kea-dhcp4 notices it, keeps the
first machine on its address, gives every other one an address of its own
(or only reports it, or refuses it), and says in the log which machines they
are and how to cure the template.

This package fits Kea ${Kea_VERSION} alone. It changes nothing until the library is
named in /etc/kea/kea-dhcp4.conf.")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE "${architecture}")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "jq")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${PROJECT_SOURCE_DIR}/cmake/debian/prerm;${PROJECT_SOURCE_DIR}/cmake/debian/postinst")
# And the packages of the libraries that it needs, which are known once it is built.
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/CloneGuardDependencies.cmake")
include(CPack)
