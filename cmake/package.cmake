# What is installed, and the Debian package made of it (scripts/package.sh builds and packs).
#
# <prefix>/bin/sentio_cli finds its files in <prefix>/share/sentio, wherever <prefix> is (installation_home()). Pages
# that are made from the program, units with installed paths, copyright and changelog come from
# scripts/package/make_files.sh, which leaves them as a tree in ${SENTIO_PACKAGE_FILES}.
set(SENTIO_PACKAGE_FILES ${CMAKE_BINARY_DIR}/package/files)
file(MAKE_DIRECTORY ${SENTIO_PACKAGE_FILES})
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

# sentio_install_glob(FOLDER PATTERN...): plain files, matched when CMake configures.
function(sentio_install_glob folder)
  list(TRANSFORM ARGN PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE patterns)
  file(GLOB files CONFIGURE_DEPENDS ${patterns})
  install(FILES ${files} DESTINATION ${folder})
endfunction()

install(TARGETS sentio_cli RUNTIME DESTINATION bin)
sentio_install_glob(share/sentio/config config/*.json)
sentio_install_glob(share/sentio/tools/synthetic tools/synthetic/*.py)
install(PROGRAMS tools/generate_multi_symbol_data.py DESTINATION share/sentio/tools)
install(PROGRAMS scripts/operator_job.sh scripts/weekly_maintenance.sh DESTINATION share/sentio/scripts)
install(FILES README.md DESTINATION share/doc/sentio)
install(FILES config.env.example DESTINATION share/doc/sentio/examples)
sentio_install_glob(share/doc/sentio/docs docs/*.md)
sentio_install_glob(share/doc/sentio/docs/images docs/images/*)
install(DIRECTORY ${SENTIO_PACKAGE_FILES}/ DESTINATION .)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sentio)
set(CPACK_PACKAGE_VENDOR sentio)
set(CPACK_PACKAGE_CONTACT "The sentio authors <authors@sentio.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "intraday rotation on leveraged ETFs, replayed and traded by the same code")
set(CPACK_PACKAGE_DESCRIPTION
"One program replays an intraday rotation strategy on leveraged ETFs over
recorded minute bars, with fills after the decision and real fees, and trades
it on Alpaca with the same code. Beside every mean return per day it says what
that figure proves. The package holds the program, the shipped configurations,
a generator of synthetic bars, systemd user units (not enabled) and the
documents.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# Python for the generator and weekly maintenance, certificates for the broker, zones for the timers and the jobs.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "python3 (>= 3.9), ca-certificates, tzdata")
include(CPack)
