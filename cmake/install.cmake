# What `cmake --install` lays down: both libraries, the headers, a package config with the find modules it needs, two
# pkg-config files, and the programs that were built.
include(CMakePackageConfigHelpers)
set(archaeo_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/archaeologist)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/archaeologist DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")

# The Go binding is source: programs compile it, with what pkg-config says.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/capi/go/ DESTINATION ${CMAKE_INSTALL_DATADIR}/gocode/src/archaeologist
  FILES_MATCHING PATTERN "*.go" PATTERN "*.c" PATTERN "*.h" PATTERN "go.mod" PATTERN "*_test.go" EXCLUDE PATTERN internal EXCLUDE)

# Two export sets: a C program that asks for the component capi needs none of the static library's dependencies.
install(TARGETS archaeologist_cxx EXPORT archaeologist-cxx ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS archaeologist_capi EXPORT archaeologist-capi LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(component IN ITEMS cxx capi)
  install(EXPORT archaeologist-${component} NAMESPACE archaeologist:: DESTINATION ${archaeo_package_dir}
    FILE archaeologist-${component}-targets.cmake)
endforeach()
configure_package_config_file(cmake/archaeologist-config.cmake.in ${PROJECT_BINARY_DIR}/archaeologist-config.cmake
  INSTALL_DESTINATION ${archaeo_package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/archaeologist-config-version.cmake COMPATIBILITY SameMinorVersion)
file(GLOB archaeo_find_modules CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/Find*.cmake)
install(FILES ${PROJECT_BINARY_DIR}/archaeologist-config.cmake ${PROJECT_BINARY_DIR}/archaeologist-config-version.cmake
  ${archaeo_find_modules} DESTINATION ${archaeo_package_dir})

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
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

if(TARGET archaeologist-cli)
  install(TARGETS archaeologist-cli archaeologist-httpd archaeologist-worker RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

  # The units name the folders that are installed to, which are known for sure only then (cmake --install --prefix).
  set(archaeo_etc_dir ${CMAKE_INSTALL_SYSCONFDIR})
  if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
    set(archaeo_etc_dir /etc)
  endif()
  install(CODE "
    cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_PREFIX NORMALIZE OUTPUT_VARIABLE archaeo_prefix)
    cmake_path(APPEND archaeo_prefix ${CMAKE_INSTALL_BINDIR} OUTPUT_VARIABLE archaeo_bin_dir)
    cmake_path(APPEND archaeo_prefix ${archaeo_etc_dir} OUTPUT_VARIABLE archaeo_etc_dir)")
  foreach(daemon IN ITEMS httpd worker)
    set(archaeo_unit ${PROJECT_BINARY_DIR}/systemd/archaeologist-${daemon}.service)
    install(CODE "configure_file(${PROJECT_SOURCE_DIR}/daemons/systemd/archaeologist-${daemon}.service.in ${archaeo_unit} @ONLY)")
    install(FILES ${archaeo_unit} DESTINATION lib/systemd/system)
    install(FILES ${PROJECT_SOURCE_DIR}/daemons/etc/${daemon}.conf DESTINATION ${archaeo_etc_dir}/archaeologist)
  endforeach()
endif()
