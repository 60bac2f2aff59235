# How our own targets are compiled; consumers inherit none of it.
function(archaeo_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra
    $<$<COMPILE_LANGUAGE:CXX>:-Wconversion -Wshadow> $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)
  if(ARCHAEO_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

if(ARCHAEO_SANITIZE)
  add_compile_options(-fsanitize=${ARCHAEO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ARCHAEO_SANITIZE})
endif()
find_program(ARCHAEO_CCACHE ccache)
if(ARCHAEO_CCACHE AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_C_COMPILER_LAUNCHER ${ARCHAEO_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ARCHAEO_CCACHE})
endif()
