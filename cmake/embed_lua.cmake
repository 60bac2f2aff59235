# Makes lib/FOLDER/NAME.lua available to C++ as the redis::Script lua::FOLDER_NAME: a generated header
# "lua/FOLDER_NAME.hpp" with one constant.
function(archaeo_embed_lua target)
  foreach(file IN LISTS ARGN)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR}/lib ${file})
    string(REGEX REPLACE "\\.lua$" "" script ${path})
    string(REGEX REPLACE "[^A-Za-z0-9]" "_" name ${script})
    file(READ ${file} content)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/lua/${name}.hpp @ONLY NEWLINE_STYLE UNIX
      CONTENT "// Made from lib/${path}.\n#pragma once\n#include \"redis/client.hpp\"\nnamespace archaeologist::lua {\ninline constexpr redis::Script ${name}{\"${script}\", R\"ARCHAEO(@content@)ARCHAEO\"};\n}\n")
    target_sources(${target} PRIVATE ${file})
  endforeach()
endfunction()
