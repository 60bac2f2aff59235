# cmake -D PROGRAM= -D FORM=.in-file -D OUTPUT=.gz -D PROJECT_VERSION= -P manual_page.cmake: a manual page, compressed.
# What PROGRAM knows of itself comes from it.
execute_process(COMMAND ${PROGRAM} --describe manual OUTPUT_VARIABLE archaeo_manual COMMAND_ERROR_IS_FATAL ANY)
string(STRIP "${archaeo_manual}" archaeo_manual)
string(APPEND archaeo_manual "\n")
# SOURCE_DATE_EPOCH decides where it is set.
string(TIMESTAMP archaeo_date %Y-%m-%d UTC)
configure_file(${FORM} ${OUTPUT}.roff @ONLY)
execute_process(COMMAND gzip -9cn INPUT_FILE ${OUTPUT}.roff OUTPUT_FILE ${OUTPUT} COMMAND_ERROR_IS_FATAL ANY)
