# Build helpers: the option target, one library per module, one executable per test group.

# Modules in dependency order.
set(SENTIO_MODULES core log config market data features learning strategy execution session store ports
    net broker feeds exchange analysis page reports dashboard run mock live rehearse cli)

add_library(sentio_options INTERFACE)
target_compile_options(sentio_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wconversion -Wno-sign-conversion -Werror
  # Designated initialisers leave fields at their defaults on purpose.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Misfires in g++ 12's std::string (GCC bug 105651).
  target_compile_options(sentio_options INTERFACE -Wno-restrict)
  # Which of its own inlined temporaries g++ 12 takes for uninitialised or out of bounds depends on the
  # optimisation level (tl::unexpected<Error>, std::variant); no level may fail to compile for it.
  target_compile_options(sentio_options INTERFACE -Wno-error=maybe-uninitialized -Wno-error=array-bounds)
endif()
if(SENTIO_NATIVE)
  # g++ 12 takes the AVX-512 intrinsics' own undefined operands for a mistake of the caller (GCC bug 105593).
  target_compile_options(sentio_options INTERFACE -march=native -Wno-maybe-uninitialized -Wno-uninitialized)
else()
  target_compile_options(sentio_options INTERFACE -march=x86-64-v2)
endif()
if(SENTIO_SANITIZE)
  target_compile_options(sentio_options INTERFACE -fsanitize=${SENTIO_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(sentio_options INTERFACE -fsanitize=${SENTIO_SANITIZE})
endif()
if(SENTIO_COVERAGE)
  target_compile_options(sentio_options INTERFACE --coverage -O1)
  target_link_options(sentio_options INTERFACE --coverage)
endif()

# What every user of Boost.Asio compiles with, so that all of them see the same Asio.
add_library(sentio_asio INTERFACE)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # Boost 1.74 looks for the coroutines of clang's drafts; the standard's are there.
  target_compile_definitions(sentio_asio INTERFACE BOOST_ASIO_HAS_CO_AWAIT=1 BOOST_ASIO_HAS_STD_COROUTINE=1)
endif()

# sentio_cold(TARGET): code in which no second of a run is spent. Its cost is compiling it, and -O1 compiles the
# same behaviour in a third of the time (docs/performance.md, "Building").
function(sentio_cold target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# sentio_unity(TARGET APART a.cpp b.cpp): compiles all files as one unit, those of APART alone.
function(sentio_unity target)
  cmake_parse_arguments(U "" "" "APART" ${ARGN})
  if(SENTIO_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
    if(U_APART)
      set_source_files_properties(${U_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endif()
endfunction()

# sentio_module(NAME learning DEPENDS core config SOURCES ewrls.cpp LIBS Eigen3::Eigen)
#
# Each module's public headers are linked into a folder of their own, so that including a
# header of a module that is not in DEPENDS does not compile. LIBS are public (their types
# appear in headers), PRIVATE_LIBS are not. A module without SOURCES is header-only.
# COLD: see sentio_cold. APART: files that are not compiled together with the others.
function(sentio_module)
  cmake_parse_arguments(M "COLD" "NAME" "DEPENDS;LIBS;PRIVATE_LIBS;SOURCES;APART" ${ARGN})
  set(root ${CMAKE_BINARY_DIR}/headers/${M_NAME})
  file(MAKE_DIRECTORY ${root}/sentio)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/include/sentio/${M_NAME} ${root}/sentio/${M_NAME} SYMBOLIC)
  list(TRANSFORM M_DEPENDS PREPEND sentio::)
  if(M_SOURCES)
    add_library(sentio_${M_NAME} STATIC ${M_SOURCES})
    # Private headers are named from the module's folder on: "journal/live_files.h".
    target_include_directories(sentio_${M_NAME} PUBLIC ${root} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(sentio_${M_NAME} PUBLIC ${M_DEPENDS} ${M_LIBS} PRIVATE ${M_PRIVATE_LIBS} sentio_options)
    sentio_unity(sentio_${M_NAME} APART ${M_APART})
    if(M_COLD)
      sentio_cold(sentio_${M_NAME})
    endif()
  else()
    add_library(sentio_${M_NAME} INTERFACE)
    target_include_directories(sentio_${M_NAME} INTERFACE ${root})
    target_link_libraries(sentio_${M_NAME} INTERFACE ${M_DEPENDS} ${M_LIBS})
  endif()
  add_library(sentio::${M_NAME} ALIAS sentio_${M_NAME})
endfunction()

# sentio_test(execution EXCEPT tool.cpp DEPENDS execution LIBS rapidcheck_gtest)
#
# One program, test_<name>, of every .cpp in the folder: a new file needs no line anywhere. All programs share one
# precompiled GoogleTest header. Every TEST is a ctest entry of its own.
function(sentio_test name)
  cmake_parse_arguments(T "" "" "DEPENDS;LIBS;EXCEPT" ${ARGN})
  set(target test_${name})
  file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.cpp)
  if(T_EXCEPT)
    list(REMOVE_ITEM sources ${T_EXCEPT})
  endif()
  list(TRANSFORM T_DEPENDS PREPEND sentio::)
  add_executable(${target} ${sources})
  target_link_libraries(${target} PRIVATE ${T_DEPENDS} ${T_LIBS} sentio_test_base)
  target_precompile_headers(${target} REUSE_FROM sentio_test_headers)
  sentio_cold(${target})
  gtest_discover_tests(${target} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600)
endfunction()
