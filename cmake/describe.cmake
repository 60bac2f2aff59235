# Manual pages and the shells' completions of the programs, which say what to write. Not where running them is not to be
# expected of the build: cross-compiled, or under a sanitizer.
set(archaeo_described ${PROJECT_BINARY_DIR}/described)
set(archaeo_descriptions "")
foreach(name IN ITEMS archaeologist.1 archaeologist-httpd.8 archaeologist-worker.8)
  string(REGEX REPLACE "\\.(.)$" "" program ${name})
  string(REGEX REPLACE ".*\\." "" section ${name})
  set(target ${program})
  if(program STREQUAL "archaeologist")
    set(target archaeologist-cli)
  endif()
  set(page ${archaeo_described}/man/man${section}/${name}.gz)
  add_custom_command(OUTPUT ${page} DEPENDS ${target} man/${name}.in ${PROJECT_SOURCE_DIR}/cmake/manual_page.cmake
    COMMAND ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:${target}> -D FORM=${CMAKE_CURRENT_SOURCE_DIR}/man/${name}.in
      -D OUTPUT=${page} -D PROJECT_VERSION=${PROJECT_VERSION} -P ${PROJECT_SOURCE_DIR}/cmake/manual_page.cmake
    VERBATIM)
  list(APPEND archaeo_descriptions ${page})
  foreach(file IN ITEMS bash/${program} zsh/_${program} fish/${program}.fish)
    cmake_path(GET file PARENT_PATH shell)
    add_custom_command(OUTPUT ${archaeo_described}/${file} DEPENDS ${target}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${archaeo_described}/${shell}
      COMMAND ${target} --describe ${shell} > ${archaeo_described}/${file} VERBATIM)
    list(APPEND archaeo_descriptions ${archaeo_described}/${file})
  endforeach()
endforeach()
add_custom_target(archaeologist-descriptions ALL DEPENDS ${archaeo_descriptions})
