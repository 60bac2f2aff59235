# What `cmake --install` lays down: both libraries, the headers, a package config with the find modules it needs, two
# pkg-config files, and the programs that were built. The components are what cmake/packaging.cmake makes packages of.
include(CMakePackageConfigHelpers)
set(archaeo_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/archaeologist)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/archaeologist DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")

# The Go binding is source: programs compile it, with what pkg-config says.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/capi/go/ DESTINATION ${CMAKE_INSTALL_DATADIR}/gocode/src/archaeologist
  FILES_MATCHING PATTERN "*.go" PATTERN "*.c" PATTERN "*.h" PATTERN "go.mod" PATTERN "*_test.go" EXCLUDE PATTERN internal EXCLUDE)

# Two export sets: a C program that asks for the component capi needs none of the static library's dependencies.
install(TARGETS archaeologist_cxx EXPORT archaeologist-cxx ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(TARGETS archaeologist_capi EXPORT archaeologist-capi LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  COMPONENT library NAMELINK_COMPONENT development)
foreach(component IN ITEMS cxx capi)
  install(EXPORT archaeologist-${component} NAMESPACE archaeologist:: DESTINATION ${archaeo_package_dir}
    FILE archaeologist-${component}-targets.cmake COMPONENT development)
endforeach()
configure_package_config_file(cmake/archaeologist-config.cmake.in ${PROJECT_BINARY_DIR}/archaeologist-config.cmake
  INSTALL_DESTINATION ${archaeo_package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/archaeologist-config-version.cmake COMPATIBILITY SameMinorVersion)
file(GLOB archaeo_find_modules CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/Find*.cmake)
install(FILES ${PROJECT_BINARY_DIR}/archaeologist-config.cmake ${PROJECT_BINARY_DIR}/archaeologist-config-version.cmake
  ${archaeo_find_modules} DESTINATION ${archaeo_package_dir} COMPONENT development)

# The .pc files find their folders from where they lie, so an installed tree can be moved (cmake --install --prefix).
set(archaeo_pc_prefix ${CMAKE_INSTALL_PREFIX})
if(NOT IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
  file(RELATIVE_PATH archaeo_pc_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
  string(REGEX REPLACE "/$" "" archaeo_pc_prefix ${archaeo_pc_prefix})
  set(archaeo_pc_prefix "\${pcfiledir}/${archaeo_pc_prefix}")
endif()
foreach(folder IN ITEMS LIBDIR INCLUDEDIR)
  set(archaeo_pc_${folder} "\${prefix}/${CMAKE_INSTALL_${folder}}")
  if(IS_ABSOLUTE ${CMAKE_INSTALL_${folder}})
    set(archaeo_pc_${folder} ${CMAKE_INSTALL_${folder}})
  endif()
endforeach()
foreach(name IN ITEMS archaeologist archaeologist_cxx)
  configure_file(cmake/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
endforeach()

if(TARGET archaeologist-cli)
  set(archaeo_described "")
  if(TARGET archaeologist-descriptions)
    set(archaeo_described ${PROJECT_BINARY_DIR}/described)
  endif()
  install(TARGETS archaeologist-cli archaeologist-httpd archaeologist-worker
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)
  install(CODE "
    set(archaeo_daemons ${PROJECT_SOURCE_DIR}/daemons)
    set(archaeo_bin_dir ${CMAKE_INSTALL_BINDIR})
    set(archaeo_etc_dir ${CMAKE_INSTALL_SYSCONFDIR})
    set(archaeo_described ${archaeo_described})" COMPONENT programs)
  if(archaeo_described)
    install(DIRECTORY ${archaeo_described}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT programs FILES_MATCHING PATTERN "*.gz")
    install(DIRECTORY ${archaeo_described}/bash/ DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT programs)
    install(DIRECTORY ${archaeo_described}/fish/ DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT programs)
  endif()
  install(SCRIPT ${PROJECT_SOURCE_DIR}/cmake/install_programs.cmake COMPONENT programs)
endif()
