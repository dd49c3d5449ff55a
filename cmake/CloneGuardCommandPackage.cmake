# The Debian package of the command. A build without the library includes this when it is configured. Otherwise cpack
# reads it after the configuration of the library's package, because CMake gives both packages of one configuration the
# same version.
set(CPACK_PACKAGE_NAME clone-guard)
set(CPACK_PACKAGE_VERSION "${CPACK_CLONE_GUARD_VERSION}")
set(CPACK_PACKAGE_FILE_NAME "${CPACK_PACKAGE_NAME}-${CPACK_PACKAGE_VERSION}")
set(CPACK_INSTALL_CMAKE_PROJECTS "${CPACK_CLONE_GUARD_BUILD};clone-guard;command;/")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "find cloned virtual machines in the leases of Kea")
set(CPACK_PACKAGE_DESCRIPTION
"Virtual machines cloned from an unsealed template all send the same DHCP
client identifier, and Kea's DHCPv4 server gives all of them one address.
This command finds such machines in the lease file of a server and explains
any client identifier. It also shows what the hook library of the package
kea-clone-guard reports: the conflicts of a running server, its audit log,
and a page for the owner of the templates.

The command works on machines without Kea.")
set(CPACK_DEBIAN_PACKAGE_DEPENDS "")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "")
set(CPACK_DEBIAN_PACKAGE_ENHANCES kea-dhcp4-server)
# Up to 0.1.0 the command was in the package of the library.
set(CPACK_DEBIAN_PACKAGE_BREAKS "kea-clone-guard (<< 0.1.1~)")
set(CPACK_DEBIAN_PACKAGE_REPLACES "kea-clone-guard (<< 0.1.1~)")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "")
set(CPACK_POST_BUILD_SCRIPTS "")
