# websocketpp 0.8.2 spells constructors and destructors of two classes with their template arguments,
# basic<concurrency,names>(…), which C++20 no longer allows. Copies of the two headers without them are written into the
# build tree and found before the installed ones. So the file that uses websocketpp is C++20 like every other, and what
# is shared with the others (Boost.Asio, the standard library) has one definition and one layout.

# sentio_repaired_header(FROM TO COUNT CLASS ARGUMENTS): CLASS<ARGUMENTS>( at the begin of a line of FROM becomes CLASS(
# in TO. It must stand there COUNT times, or never (a version that is repaired already passes as it is): anything else
# is a header that nobody has read yet, and ends the configuration.
function(sentio_repaired_header from to count class arguments)
  file(READ ${from} text)
  set(spelled "(\n +~?${class})<${arguments}>\\(")
  string(REGEX MATCHALL "${spelled}" found "${text}")
  list(LENGTH found times)
  if(times AND NOT times EQUAL count)
    message(FATAL_ERROR "${from}: ${class}<${arguments}>( stands there ${times} times, in websocketpp 0.8.2 ${count} "
      "times; read that version before it is repaired (cmake/websocketpp.cmake)")
  endif()
  string(REGEX REPLACE "${spelled}" "\\1(" text "${text}")
  set(old "")
  if(EXISTS ${to})
    file(READ ${to} old)
  endif()
  if(NOT old STREQUAL text)
    file(WRITE ${to} "${text}")
  endif()
endfunction()

# sentio_repaired_websocketpp(INSTALLED REPAIRED): both folders hold websocketpp/.
function(sentio_repaired_websocketpp installed repaired)
  set(logger websocketpp/logger/basic.hpp)
  set(endpoint websocketpp/endpoint.hpp)
  sentio_repaired_header(${installed}/${logger} ${repaired}/${logger} 7 basic concurrency,names)
  sentio_repaired_header(${installed}/${endpoint} ${repaired}/${endpoint} 1 endpoint connection,config)
endfunction()

# cmake -DINSTALLED=… -DREPAIRED=… -P websocketpp.cmake repairs only.
if(CMAKE_SCRIPT_MODE_FILE)
  sentio_repaired_websocketpp(${INSTALLED} ${REPAIRED})
  return()
endif()

find_package(websocketpp 0.8.2 REQUIRED)
find_path(SENTIO_WEBSOCKETPP websocketpp/endpoint.hpp HINTS ${WEBSOCKETPP_INCLUDE_DIR} REQUIRED)
sentio_repaired_websocketpp(${SENTIO_WEBSOCKETPP} ${CMAKE_BINARY_DIR}/headers/websocketpp)
# An upgrade of the package configures again.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${SENTIO_WEBSOCKETPP}/websocketpp/logger/basic.hpp ${SENTIO_WEBSOCKETPP}/websocketpp/endpoint.hpp)

add_library(sentio_websocketpp INTERFACE)
target_include_directories(sentio_websocketpp SYSTEM INTERFACE
  ${CMAKE_BINARY_DIR}/headers/websocketpp ${SENTIO_WEBSOCKETPP})
