# Finds the headers and libraries of ISC Kea and the release they belong to.
#
#   Kea_ROOT        look in another prefix than the system's
#   Kea_VERSION     the release, as in 2.2.0
#   Kea_HOOKS_DIR   where that server looks for hook libraries
#   Kea::dhcp4      all that a hook library of the DHCPv4 server uses
#
# With hook/kea_compat.h this is the only place that knows what differs between releases.

find_path(Kea_INCLUDE_DIR NAMES hooks/hooks.h PATH_SUFFIXES kea)
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

# The libraries were renamed when the C++ binding dropped its "++".
set(_kea_wanted exceptions hooks log util cc stats asiolink dhcpsrv)
if(Kea_VERSION AND Kea_VERSION VERSION_GREATER_EQUAL 3.0.0)
  list(APPEND _kea_wanted dhcp dns config)
else()
  list(APPEND _kea_wanted dhcp++ dns++ cfgclient)
endif()
set(Kea_LIBRARIES "")
set(_kea_missing "")
foreach(_kea_name IN LISTS _kea_wanted)
  string(MAKE_C_IDENTIFIER "Kea_${_kea_name}_LIBRARY" _kea_variable)
  find_library(${_kea_variable} NAMES "kea-${_kea_name}")
  mark_as_advanced(${_kea_variable})
  if(${_kea_variable})
    list(APPEND Kea_LIBRARIES "${${_kea_variable}}")
    get_filename_component(_kea_libdir "${${_kea_variable}}" DIRECTORY)
  else()
    list(APPEND _kea_missing "_kea-${_kea_name}")
  endif()
endforeach()
set(Kea_HOOKS_DIR "${_kea_libdir}/kea/hooks" CACHE PATH "Where kea-dhcp4 looks for hook libraries")
find_library(Kea_log4cplus_LIBRARY NAMES log4cplus)
find_program(Kea_DHCP4 NAMES kea-dhcp4 PATHS /usr/sbin PATH_SUFFIXES sbin)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Kea
  REQUIRED_VARS Kea_INCLUDE_DIR Kea_LIBRARIES Kea_log4cplus_LIBRARY
  VERSION_VAR Kea_VERSION)
mark_as_advanced(Kea_INCLUDE_DIR Kea_log4cplus_LIBRARY Kea_DHCP4)

if(Kea_FOUND)
  if(_kea_missing)
    message(FATAL_ERROR "Kea ${Kea_VERSION}: missing ${_kea_missing}; install the packages kea-dev and kea-common")
  endif()
  set(_kea_known 2.2.0 2.6.3 3.0.3)
  if(NOT Kea_VERSION IN_LIST _kea_known)
    message(WARNING "Kea ${Kea_VERSION} is not among the releases the clone guard is tested with (${_kea_known})")
  endif()
  if(NOT TARGET Kea::dhcp4)
    add_library(Kea::dhcp4 INTERFACE IMPORTED)
    target_include_directories(Kea::dhcp4 SYSTEM INTERFACE "${Kea_INCLUDE_DIR}")
    target_link_libraries(Kea::dhcp4 INTERFACE ${Kea_LIBRARIES} "${Kea_log4cplus_LIBRARY}")
    if(NOT EXISTS "${Kea_INCLUDE_DIR}/dhcpsrv/cfg_globals.h")
      # An upstream slip: the header is used by installed headers, but was not installed itself.
      target_include_directories(Kea::dhcp4 SYSTEM INTERFACE "${CMAKE_CURRENT_LIST_DIR}/kea-${Kea_VERSION}")
    endif()
  endif()
endif()
