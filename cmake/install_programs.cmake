# Run by `cmake --install`: what depends on the prefix, which is known for sure only then (--prefix, packages).
# archaeo_daemons  the sources' folder daemons/
# archaeo_bin_dir, archaeo_etc_dir  below the prefix, or absolute
# archaeo_described  where the completions are, or nothing
cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_PREFIX NORMALIZE OUTPUT_VARIABLE archaeo_prefix)
cmake_path(APPEND archaeo_prefix ${archaeo_bin_dir} OUTPUT_VARIABLE archaeo_bin_dir)
if(archaeo_prefix STREQUAL "/usr" AND NOT IS_ABSOLUTE ${archaeo_etc_dir})
  set(archaeo_etc_dir /etc)
endif()
cmake_path(APPEND archaeo_prefix ${archaeo_etc_dir} OUTPUT_VARIABLE archaeo_etc_dir)

foreach(daemon IN ITEMS httpd worker)
  file(INSTALL ${archaeo_daemons}/etc/${daemon}.conf DESTINATION ${archaeo_etc_dir}/archaeologist)
  # The units name the folders that are installed to. Written in place: several installs may run at once.
  set(archaeo_unit ${archaeo_prefix}/lib/systemd/system/archaeologist-${daemon}.service)
  configure_file(${archaeo_daemons}/systemd/archaeologist-${daemon}.service.in $ENV{DESTDIR}${archaeo_unit} @ONLY)
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES ${archaeo_unit})
endforeach()

# Debian's zsh looks for its packages' completions elsewhere than others do.
if(archaeo_described)
  set(archaeo_zsh_folder site-functions)
  if(archaeo_prefix STREQUAL "/usr" AND EXISTS /etc/debian_version)
    set(archaeo_zsh_folder vendor-completions)
  endif()
  file(GLOB archaeo_zsh_files ${archaeo_described}/zsh/_*)
  file(INSTALL ${archaeo_zsh_files} DESTINATION ${archaeo_prefix}/share/zsh/${archaeo_zsh_folder})
endif()
