# Run by cpack before it makes a package: the packages and their files get the date of the version.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  set(ENV{SOURCE_DATE_EPOCH} @CLONE_GUARD_SOURCE_DATE@)
endif()
