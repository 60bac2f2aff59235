# Debian packages: `cpack --config build/release/CPackConfig.cmake`, or tools/package. A package is what its component of
# cmake/install.cmake lays down, and what only Debian wants (cmake/debian).
#   libarchaeologist0      library       the C ABI's shared library
#   libarchaeologist-dev   development   headers, the static C++ library, CMake and pkg-config files
#   archaeologist          programs      command line, daemons, units, configuration, manual, completions
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME archaeologist)
set(CPACK_PACKAGE_VENDOR archaeologist)
set(CPACK_PACKAGE_CONTACT "The archaeologist maintainers <maintainers@archaeologist.example>")
# The packages' descriptions have summaries of their own, which CPack believes only when this one is its default.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_NAME} built using CMake")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
# The C ABI only grows within a soname.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_LIBARCHAEOLOGIST0_PACKAGE_NAME libarchaeologist0)
set(CPACK_DEBIAN_LIBARCHAEOLOGIST0_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBARCHAEOLOGIST0_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_LIBARCHAEOLOGIST0_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/cmake/debian/triggers)
set(CPACK_DEBIAN_LIBARCHAEOLOGIST0_DESCRIPTION "files in, searchable knowledge out: the C library
Takes in files, stores them at once in a content-addressed lake and processes
them in the background into something that can be searched, on SQLite alone
or across many hosts.

This package contains the shared library with the C ABI.")

# The static library's dependencies are those of archaeologist_cxx.pc.
set(CPACK_DEBIAN_LIBARCHAEOLOGIST-DEV_PACKAGE_NAME libarchaeologist-dev)
set(CPACK_DEBIAN_LIBARCHAEOLOGIST-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBARCHAEOLOGIST-DEV_PACKAGE_DEPENDS "libarchaeologist0 (= ${PROJECT_VERSION}), libsqlite3-dev (>= 3.35), libssl-dev, libsimdjson-dev, libzstd-dev, libxxhash-dev, libutf8proc-dev, libuchardet-dev, libmagic-dev, libstemmer-dev, libre2-dev, libhiredis-dev (>= 0.14), libcurl4-openssl-dev (>= 7.87)")
set(CPACK_DEBIAN_LIBARCHAEOLOGIST-DEV_DESCRIPTION "files in, searchable knowledge out: headers
Takes in files, stores them at once in a content-addressed lake and processes
them in the background into something that can be searched, on SQLite alone
or across many hosts.

This package contains the headers of the C and C++ libraries, the static C++
library, and the files by which CMake and pkg-config find them.")

set(CPACK_DEBIAN_ARCHAEOLOGIST_PACKAGE_NAME archaeologist)
set(CPACK_DEBIAN_ARCHAEOLOGIST_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_ARCHAEOLOGIST_PACKAGE_SHLIBDEPS ON)
# Makes the user of the units; systemd-standalone-sysusers is for machines without systemd.
set(CPACK_DEBIAN_ARCHAEOLOGIST_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_ARCHAEOLOGIST_PACKAGE_SUGGESTS "redis-server (>= 5:6.2)")
set(CPACK_DEBIAN_ARCHAEOLOGIST_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/cmake/debian/conffiles ${PROJECT_SOURCE_DIR}/cmake/debian/postinst
  ${PROJECT_SOURCE_DIR}/cmake/debian/prerm ${PROJECT_SOURCE_DIR}/cmake/debian/postrm)
set(CPACK_DEBIAN_ARCHAEOLOGIST_DESCRIPTION "files in, searchable knowledge out: programs
Takes in files, stores them at once in a content-addressed lake and processes
them in the background into something that can be searched, on SQLite alone
or across many hosts.

This package contains the command line, the HTTP front-end and the worker.
Neither daemon starts before it is asked to (systemctl enable --now).")

# Only in packages: EXCLUDE_FROM_ALL keeps it out of a plain `cmake --install`.
set(archaeo_debian ${PROJECT_SOURCE_DIR}/cmake/debian)
set(archaeo_packages library libarchaeologist0 development libarchaeologist-dev)
if(TARGET archaeologist-cli)
  list(APPEND archaeo_packages programs archaeologist)
  install(FILES ${archaeo_debian}/archaeologist.conf DESTINATION lib/sysusers.d COMPONENT programs-debian EXCLUDE_FROM_ALL)
  foreach(daemon IN ITEMS httpd worker)
    install(FILES ${archaeo_debian}/user.conf DESTINATION lib/systemd/system/archaeologist-${daemon}.service.d
      COMPONENT programs-debian EXCLUDE_FROM_ALL)
  endforeach()
  install(FILES README.md DESTINATION share/doc/archaeologist COMPONENT programs-debian EXCLUDE_FROM_ALL)
  install(DIRECTORY examples/systemd examples/compose DESTINATION share/doc/archaeologist/examples
    COMPONENT programs-debian EXCLUDE_FROM_ALL)
endif()
set(archaeo_changelog ${PROJECT_BINARY_DIR}/changelog.gz)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${archaeo_debian}/changelog)
execute_process(COMMAND gzip -9cn INPUT_FILE ${archaeo_debian}/changelog OUTPUT_FILE ${archaeo_changelog} COMMAND_ERROR_IS_FATAL ANY)
set(archaeo_groups ${archaeo_packages})
set(CPACK_COMPONENTS_ALL "")
while(archaeo_groups)
  list(POP_FRONT archaeo_groups component package)
  install(FILES ${archaeo_debian}/copyright ${archaeo_changelog} DESTINATION share/doc/${package} COMPONENT ${component}-debian EXCLUDE_FROM_ALL)
  list(APPEND CPACK_COMPONENTS_ALL ${component} ${component}-debian)
endwhile()
install(CODE "
  if(CMAKE_INSTALL_DO_STRIP)
    execute_process(COMMAND ${CMAKE_STRIP} --strip-debug --enable-deterministic-archives
      \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/libarchaeologist_cxx.a\" COMMAND_ERROR_IS_FATAL ANY)
  endif()" COMPONENT development-debian EXCLUDE_FROM_ALL)

include(CPack)
while(archaeo_packages)
  list(POP_FRONT archaeo_packages component package)
  cpack_add_component_group(${package})
  cpack_add_component(${component} GROUP ${package})
  cpack_add_component(${component}-debian GROUP ${package})
endwhile()
