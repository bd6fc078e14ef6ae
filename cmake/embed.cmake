# Writes the parts of the report page as constants of a C++ file:
# cmake -DOUTPUT=FILE -DFOLDER=FOLDER -P embed.cmake
set(code "#include \"report_template.h\"\n\nnamespace xalign::cli {\n\n")
foreach(part IN ITEMS Html Css Js)
  string(TOLOWER ${part} extension)
  file(READ "${FOLDER}/report.${extension}" text)
  string(APPEND code "const std::string_view kReport${part} = R\"embedded(${text})embedded\";\n\n")
endforeach()
string(APPEND code "}  // namespace xalign::cli\n")
file(WRITE "${OUTPUT}" "${code}")
