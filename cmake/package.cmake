# Installation, and the files that let find_package(xalign) find it.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/xalign)

install(TARGETS xalign EXPORT xalign-targets)
install(DIRECTORY include/xalign DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT xalign-targets NAMESPACE xalign:: DESTINATION ${package_dir})

configure_package_config_file(cmake/xalign-config.cmake.in xalign-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(xalign-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/xalign-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/xalign-config-version.cmake
              cmake/FindoneDNN.cmake DESTINATION ${package_dir})
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
