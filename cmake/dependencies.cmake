# What the library links. archaeologist-config.cmake.in finds the same for those who link an installed one.
# SQLite 3.35: RETURNING.
find_package(Threads REQUIRED)
find_package(SQLite3 3.35 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(simdjson REQUIRED)
find_package(zstd REQUIRED CONFIG)
find_package(xxhash REQUIRED)
find_package(utf8proc REQUIRED)
find_package(uchardet REQUIRED)
find_package(libmagic REQUIRED)
find_package(libstemmer REQUIRED)
find_package(re2 REQUIRED)
find_package(hiredis 0.14 REQUIRED)
# CURL 7.87: CURLOPT_QUICK_EXIT.
find_package(CURL 7.87 REQUIRED)
