# Finds the headers and libraries of ISC Kea and the release they belong to.
#
#   Kea_ROOT        look in another prefix than the system's
#   Kea_VERSION     the release, as in 2.2.0
#   Kea_HOOKS_DIR   where that server looks for hook libraries
#   Kea_ISC_SERVER_PACKAGE  what ISC calls its package of the server in this release
#   Kea_CONTROL_SOCKETS     whether the server accepts "control-sockets"
#   Kea::dhcp4      all that a hook library of the DHCPv4 server uses
#
# This file, hook/kea_compat.h and hook/version.cc are the only ones that know differences between releases.

# Headers and libraries of a Kea in another prefix both come from there: headers of one Kea with libraries of another
# would build, and crash.
set(_kea_where "")
if(Kea_ROOT)
  set(_kea_where NO_DEFAULT_PATH)
endif()
find_path(Kea_INCLUDE_DIR NAMES hooks/hooks.h PATHS ${Kea_ROOT} PATH_SUFFIXES include/kea kea ${_kea_where})
if(Kea_INCLUDE_DIR AND EXISTS "${Kea_INCLUDE_DIR}/kea_version.h")
  file(STRINGS "${Kea_INCLUDE_DIR}/hooks/hooks.h" _kea_hooks_line REGEX "KEA_HOOKS_VERSION = [0-9]+")
  string(REGEX REPLACE ".*KEA_HOOKS_VERSION = ([0-9]+).*" "\\1" _kea_number "${_kea_hooks_line}")
  math(EXPR _kea_major "${_kea_number} / 10000")
  math(EXPR _kea_minor "${_kea_number} / 100 % 100")
  math(EXPR _kea_patch "${_kea_number} % 100")
  set(Kea_VERSION "${_kea_major}.${_kea_minor}.${_kea_patch}")
endif()

if(Kea_VERSION AND Kea_VERSION VERSION_LESS 2.2.0)
  message(FATAL_ERROR "Kea ${Kea_VERSION} in ${Kea_INCLUDE_DIR} is too old: the clone guard needs 2.2.0 or later")
endif()

set(Kea_ISC_SERVER_PACKAGE isc-kea-dhcp4)
if(Kea_VERSION AND Kea_VERSION VERSION_LESS 2.4.0)
  set(Kea_ISC_SERVER_PACKAGE isc-kea-dhcp4-server)
endif()

# 2.6 accepts "control-socket" only, 3.0 also "control-sockets", a list, and 3.3.1 only the list.
set(Kea_CONTROL_SOCKETS ON)
if(Kea_VERSION AND Kea_VERSION VERSION_LESS 3.0.0)
  set(Kea_CONTROL_SOCKETS OFF)
endif()

# Later releases call libkea-dhcp++ libkea-dhcp, libkea-dns++ libkea-dns, and libkea-cfgclient libkea-config.
set(_kea_wanted exceptions hooks log util cc stats asiolink dhcpsrv dhcp dns config)
set(_kea_earlier_dhcp "kea-dhcp++")
set(_kea_earlier_dns "kea-dns++")
set(_kea_earlier_config "kea-cfgclient")
set(Kea_LIBRARIES "")
set(_kea_missing "")
foreach(_kea_name IN LISTS _kea_wanted)
  string(MAKE_C_IDENTIFIER "Kea_${_kea_name}_LIBRARY" _kea_variable)
  find_library(${_kea_variable} NAMES "kea-${_kea_name}" ${_kea_earlier_${_kea_name}} PATHS ${Kea_ROOT}
    PATH_SUFFIXES lib "lib/${CMAKE_LIBRARY_ARCHITECTURE}" ${_kea_where})
  mark_as_advanced(${_kea_variable})
  if(${_kea_variable})
    list(APPEND Kea_LIBRARIES "${${_kea_variable}}")
    get_filename_component(_kea_libdir "${${_kea_variable}}" DIRECTORY)
  else()
    list(APPEND _kea_missing "kea-${_kea_name}")
  endif()
endforeach()
set(Kea_HOOKS_DIR "${_kea_libdir}/kea/hooks" CACHE PATH "The folder of the hook libraries of kea-dhcp4")
find_library(Kea_log4cplus_LIBRARY NAMES log4cplus)
find_program(Kea_DHCP4 NAMES kea-dhcp4 PATHS ${Kea_ROOT} /usr/sbin PATH_SUFFIXES sbin ${_kea_where})

if(Kea_VERSION AND _kea_missing)
  message(FATAL_ERROR "Kea ${Kea_VERSION} in ${Kea_INCLUDE_DIR}: the libraries ${_kea_missing} are missing; on Debian "
    "they are in the packages kea-dev and kea-common")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Kea
  REQUIRED_VARS Kea_INCLUDE_DIR Kea_LIBRARIES Kea_log4cplus_LIBRARY
  VERSION_VAR Kea_VERSION)
mark_as_advanced(Kea_INCLUDE_DIR Kea_log4cplus_LIBRARY Kea_DHCP4)

if(Kea_FOUND)
  set(_kea_known 2.2.0 2.6.3 3.0.3 3.0.4)
  if(NOT Kea_VERSION IN_LIST _kea_known)
    message(WARNING "Kea ${Kea_VERSION} is not among the releases the clone guard is tested with (${_kea_known})")
  endif()
  if(NOT TARGET Kea::dhcp4)
    add_library(Kea::dhcp4 INTERFACE IMPORTED)
    target_include_directories(Kea::dhcp4 SYSTEM INTERFACE "${Kea_INCLUDE_DIR}")
    target_link_libraries(Kea::dhcp4 INTERFACE ${Kea_LIBRARIES} "${Kea_log4cplus_LIBRARY}")
    set(_kea_mended "${CMAKE_CURRENT_LIST_DIR}/kea-${Kea_VERSION}")
    if(NOT EXISTS "${Kea_INCLUDE_DIR}/dhcpsrv/cfg_globals.h" AND EXISTS "${_kea_mended}")
      # Kea installs headers that include this one, but does not install it.
      target_include_directories(Kea::dhcp4 SYSTEM INTERFACE "${_kea_mended}")
    endif()
  endif()
endif()
