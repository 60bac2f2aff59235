# uchardet, guesses the charset of a text; its header lies in a folder of its own. Debian ships no CMake config for it. Makes uchardet::uchardet.
find_path(uchardet_INCLUDE_DIR uchardet.h PATH_SUFFIXES uchardet)
find_library(uchardet_LIBRARY uchardet)
mark_as_advanced(uchardet_INCLUDE_DIR uchardet_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(uchardet REQUIRED_VARS uchardet_LIBRARY uchardet_INCLUDE_DIR)
if(uchardet_FOUND AND NOT TARGET uchardet::uchardet)
  add_library(uchardet::uchardet UNKNOWN IMPORTED)
  set_target_properties(uchardet::uchardet PROPERTIES IMPORTED_LOCATION ${uchardet_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${uchardet_INCLUDE_DIR})
endif()
