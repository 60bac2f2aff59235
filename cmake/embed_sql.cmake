# Makes lib/FOLDER/NAME.sql available to C++ as sql::FOLDER_NAME (numbered migrations keep their numbers):
# a generated header "sql/FOLDER_NAME.hpp" with one constant.
function(archaeo_embed_sql target)
  foreach(file IN LISTS ARGN)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR}/lib ${file})
    string(REGEX REPLACE "\\.sql$" "" name ${path})
    string(REGEX REPLACE "[^A-Za-z0-9]" "_" name ${name})
    file(READ ${file} content)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/sql/${name}.hpp @ONLY NEWLINE_STYLE UNIX
      CONTENT "// Made from lib/${path}.\n#pragma once\nnamespace archaeologist::sql {\ninline constexpr char ${name}[] = R\"ARCHAEO(@content@)ARCHAEO\";\n}\n")
  endforeach()
  target_sources(${target} PRIVATE ${ARGN})
endfunction()
