# Makes a text file of daemons/ available to C++ as asset::FOLDER_NAME_SUFFIX: a generated header "asset/….hpp" with one constant.
function(archaeo_embed_text target)
  foreach(file IN LISTS ARGN)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR}/daemons ${file})
    string(REGEX REPLACE "[^A-Za-z0-9]" "_" name ${path})
    file(READ ${file} content)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/asset/${name}.hpp @ONLY NEWLINE_STYLE UNIX
      CONTENT "// Made from daemons/${path}.\n#pragma once\nnamespace archaeologist::asset {\ninline constexpr char ${name}[] = R\"ARCHAEO(@content@)ARCHAEO\";\n}\n")
  endforeach()
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/generated)
endfunction()
