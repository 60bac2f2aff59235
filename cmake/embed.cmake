# Makes a file's text available to C++: a generated header "KIND/NAME.hpp" with the constant archaeologist::KIND::NAME, NAME being
# the path below ROOT with _ for what no identifier may have. The suffixes .sql and .lua are left out of it; numbered migrations keep
# their numbers.
#   sql, asset   a constant array of characters
#   lua          a redis::Script
function(archaeo_embed target kind root)
  foreach(file IN LISTS ARGN)
    file(RELATIVE_PATH path ${root} ${file})
    string(REGEX REPLACE "\\.(sql|lua)$" "" stem ${path})
    string(REGEX REPLACE "[^A-Za-z0-9]" "_" name ${stem})
    file(READ ${file} content)
    set(include "")
    set(declaration "char ${name}[] = ")
    set(end "")
    if(kind STREQUAL lua)
      set(include "#include \"redis/client.hpp\"\n")
      set(declaration "redis::Script ${name}{\"${stem}\", ")
      set(end "}")
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/${kind}/${name}.hpp @ONLY NEWLINE_STYLE UNIX
      CONTENT "// Made from ${path}.\n#pragma once\n${include}namespace archaeologist::${kind} {\ninline constexpr ${declaration}R\"ARCHAEO(@content@)ARCHAEO\"${end};\n}\n")
    target_sources(${target} PRIVATE ${file})
  endforeach()
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/generated)
endfunction()
