# Where everything is installed, and the Debian packages that cpack makes.
#
#   cmake --install build/package       installs into this system: the library into the hooks directory of the Kea that
#                                       it was built for, the rest below CMAKE_INSTALL_PREFIX
#   cmake --build --preset package      makes the two packages, in build/package:
#     kea-clone-guard_VERSION+keaRELEASE_ARCHITECTURE.deb     the library, for this release of Kea alone; documents
#     clone-guard_VERSION_ARCHITECTURE.deb                    the command, which needs no Kea
#
# A build without the library (CLONE_GUARD_HOOK=OFF) installs and packages the command alone.

include(GNUInstallDirs)
set(CLONE_GUARD_MAINTAINER "clone guard maintainers <maintainers@clone-guard.invalid>" CACHE STRING
    "The maintainer that the packages name")
# The date of this version, in seconds since 1970 (2026-11-22 12:00 UTC): of the packages' change log and of all files in
# the packages, so that each build of the same sources gives the same bytes.
set(CLONE_GUARD_SOURCE_DATE 1795348800)
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  set(CLONE_GUARD_SOURCE_DATE "$ENV{SOURCE_DATE_EPOCH}")
endif()

# --- what is made for the installation -----------------------------------------------------------------------------

set(compressed_dir "${PROJECT_BINARY_DIR}/compressed")
set(compressed "")
# Compresses a file, as Debian's policy wants manual pages and change logs.
function(clone_guard_compress source name)
  add_custom_command(OUTPUT "${compressed_dir}/${name}.gz"
    COMMAND ${CMAKE_COMMAND} -E make_directory "${compressed_dir}"
    COMMAND gzip -9nc "${source}" > "${compressed_dir}/${name}.gz"
    DEPENDS "${source}" VERBATIM)
  list(APPEND compressed "${compressed_dir}/${name}.gz")
  set(compressed "${compressed}" PARENT_SCOPE)
endfunction()

# The manual page has the version in it, and that of the library the directory of the hook libraries.
function(clone_guard_manual_page page)
  configure_file("${PROJECT_SOURCE_DIR}/docs/${page}" "${compressed_dir}/${page}" @ONLY)
  clone_guard_compress("${compressed_dir}/${page}" "${page}")
  set(compressed "${compressed}" PARENT_SCOPE)
endfunction()

# Installs what each Debian package has: its change log and its copyright.
function(clone_guard_debian_documents component package version)
  set(_epoch "$ENV{SOURCE_DATE_EPOCH}")
  # TIMESTAMP takes the time from there.
  set(ENV{SOURCE_DATE_EPOCH} "${CLONE_GUARD_SOURCE_DATE}")
  string(TIMESTAMP CLONE_GUARD_CHANGE_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
  set(ENV{SOURCE_DATE_EPOCH} "${_epoch}")
  set(CLONE_GUARD_PACKAGE "${package}")
  set(CLONE_GUARD_PACKAGE_VERSION "${version}")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/debian/changelog" "${compressed_dir}/${package}/changelog" @ONLY)
  file(MAKE_DIRECTORY "${compressed_dir}/${package}")
  clone_guard_compress("${compressed_dir}/${package}/changelog" "${package}/changelog")
  set(compressed "${compressed}" PARENT_SCOPE)
  install(FILES "${PROJECT_SOURCE_DIR}/cmake/debian/copyright" "${compressed_dir}/${package}/changelog.gz"
    DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/${package}" COMPONENT ${component})
endfunction()

# --- the command ---------------------------------------------------------------------------------------------------

clone_guard_manual_page(clone-guard.1)
install(TARGETS clone-guard RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT command)
install(FILES "${PROJECT_BINARY_DIR}/policy/completion.bash" RENAME clone-guard
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" COMPONENT command)
install(FILES "${PROJECT_BINARY_DIR}/policy/completion.zsh" RENAME _clone-guard
  DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions" COMPONENT command)
install(FILES "${PROJECT_BINARY_DIR}/policy/completion.fish" RENAME clone-guard.fish
  DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" COMPONENT command)
install(FILES "${compressed_dir}/clone-guard.1.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT command)
# docs/without-kea.md has the command that installs it.
install(FILES "${PROJECT_SOURCE_DIR}/kea-config/systemd/clone-guard-listen.service"
  DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/clone-guard/examples" COMPONENT command)
clone_guard_debian_documents(command clone-guard "${PROJECT_VERSION}")

# --- the library ---------------------------------------------------------------------------------------------------

if(CLONE_GUARD_HOOK)
  set(library_version "${PROJECT_VERSION}+kea${Kea_VERSION}")
  set(library_docs "${CMAKE_INSTALL_DATAROOTDIR}/doc/kea-clone-guard")
  clone_guard_manual_page(libdhcp_clone_guard.8)
  install(TARGETS dhcp_clone_guard LIBRARY DESTINATION "${Kea_HOOKS_DIR}"
    PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ COMPONENT library)
  install(FILES "${compressed_dir}/libdhcp_clone_guard.8.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man8"
    COMPONENT library)
  clone_guard_debian_documents(library kea-clone-guard "${library_version}")
  file(GLOB documents CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/*.md" "${PROJECT_SOURCE_DIR}/docs/*.json"
    "${PROJECT_SOURCE_DIR}/docs/*.png")
  file(GLOB development CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/development/*.md")
  file(GLOB examples CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/kea-config/examples/*.json"
    "${PROJECT_SOURCE_DIR}/kea-config/examples/*.conf")
  install(FILES ${documents} DESTINATION "${library_docs}/docs" COMPONENT library)
  install(FILES ${development} DESTINATION "${library_docs}/docs/development" COMPONENT library)
  file(GLOB pages CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/*.md")
  install(FILES ${pages} DESTINATION "${library_docs}" COMPONENT library)
  # The documents refer to the examples by this path.
  install(FILES ${examples} DESTINATION "${library_docs}/kea-config/examples" COMPONENT library)
endif()
add_custom_target(clone_guard_pages ALL DEPENDS ${compressed})

# --- Debian packages -----------------------------------------------------------------------------------------------

find_program(CLONE_GUARD_DPKG dpkg)
mark_as_advanced(CLONE_GUARD_DPKG)
if(NOT CLONE_GUARD_DPKG)
  return()
endif()
execute_process(COMMAND "${CLONE_GUARD_DPKG}" --print-architecture
  OUTPUT_VARIABLE architecture OUTPUT_STRIP_TRAILING_WHITESPACE)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "${CLONE_GUARD_MAINTAINER}")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE "${architecture}")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# Adds the packages of the libraries that the files need, and sets the permissions of folders.
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/CloneGuardDependencies.cmake")
configure_file("${PROJECT_SOURCE_DIR}/cmake/CloneGuardDate.cmake" "${PROJECT_BINARY_DIR}/CloneGuardDate.cmake" @ONLY)
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_BINARY_DIR}/CloneGuardDate.cmake")

# For the files that cpack reads.
set(CPACK_CLONE_GUARD_VERSION "${PROJECT_VERSION}")
set(CPACK_CLONE_GUARD_BUILD "${PROJECT_BINARY_DIR}")
if(CLONE_GUARD_HOOK)
  # Any Debian revision of the release will do, so that apt installs security updates of Kea; no other release will.
  string(REGEX REPLACE "^([0-9]+\\.[0-9]+)\\.([0-9]+)$" "\\1" series "${Kea_VERSION}")
  string(REGEX REPLACE "^([0-9]+\\.[0-9]+)\\.([0-9]+)$" "\\2" patch "${Kea_VERSION}")
  math(EXPR next_patch "${patch} + 1")
  # The server is Debian's package or ISC's. dpkg wants one relation for each bound.
  set(isc_server "${Kea_ISC_SERVER_PACKAGE}")
  set(CPACK_DEBIAN_PACKAGE_DEPENDS
      "kea-dhcp4-server (>= ${Kea_VERSION}~) | ${isc_server} (>= ${Kea_VERSION}~), \
kea-dhcp4-server (<< ${series}.${next_patch}~) | ${isc_server} (<< ${series}.${next_patch}~)")
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS clone-guard)
  set(CPACK_DEBIAN_PACKAGE_SUGGESTS jq)
  set(CPACK_PACKAGE_NAME kea-clone-guard)
  set(CPACK_PACKAGE_VERSION "${library_version}")
  set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};${PROJECT_NAME};library;/")
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "hook library that keeps cloned virtual machines apart in Kea")
  set(CPACK_PACKAGE_DESCRIPTION
"Virtual machines cloned from an unsealed template all send the same DHCP
client identifier, and Kea's DHCPv4 server gives all of them one address.
This hook library for kea-dhcp4 keeps the first machine on its address and
gives each other machine an address of its own, or only reports or refuses
it. The log shows which machines they are and how to seal the template.

This package fits Kea ${Kea_VERSION} alone. It changes nothing until
/etc/kea/kea-dhcp4.conf names the library.")
  set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
      "${PROJECT_SOURCE_DIR}/cmake/debian/prerm;${PROJECT_SOURCE_DIR}/cmake/debian/postinst")
  # Runs cpack once more, for the package of the command.
  set(CPACK_POST_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/CloneGuardBothPackages.cmake")
  set(CPACK_CLONE_GUARD_CPACK "${CMAKE_CPACK_COMMAND}")
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/CPackCommandConfig.cmake" @ONLY CONTENT
"include(\"@PROJECT_BINARY_DIR@/CPackConfig.cmake\")
include(\"@PROJECT_SOURCE_DIR@/cmake/CloneGuardCommandPackage.cmake\")
")
else()
  include(CloneGuardCommandPackage)
endif()
include(CPack)
