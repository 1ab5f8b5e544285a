# sentio_binary_version(FOLDER VERSION OUT): "1.0.0+dabb887b0e09" in a clone whose top is FOLDER, else "1.0.0".
#
# The commit's own name and nothing else: tags, the depth of a clone and local edits differ between builds of
# one commit.
function(sentio_binary_version folder version out)
  set(${out} ${version} PARENT_SCOPE)
  find_program(GIT_PROGRAM git)
  if(NOT GIT_PROGRAM)
    return()
  endif()
  execute_process(COMMAND ${GIT_PROGRAM} -C ${folder} rev-parse --show-toplevel
    OUTPUT_VARIABLE top ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  file(REAL_PATH ${folder} here)
  if(NOT top STREQUAL here)
    return()
  endif()
  execute_process(COMMAND ${GIT_PROGRAM} -C ${folder} rev-parse --verify HEAD
    OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  if(failed OR NOT commit MATCHES "^[0-9a-f]+$")
    return()
  endif()
  string(SUBSTRING ${commit} 0 12 commit)
  set(${out} ${version}+${commit} PARENT_SCOPE)
  # A commit configures again, so that the binary does not name an older one.
  if(NOT CMAKE_SCRIPT_MODE_FILE)
    execute_process(COMMAND ${GIT_PROGRAM} -C ${folder} rev-parse --git-path logs/HEAD
      OUTPUT_VARIABLE log OUTPUT_STRIP_TRAILING_WHITESPACE)
    cmake_path(ABSOLUTE_PATH log BASE_DIRECTORY ${folder})
    if(EXISTS ${log})
      set_property(DIRECTORY ${folder} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${log})
    endif()
  endif()
endfunction()

# cmake -DFOLDER=… -DVERSION=… -P binary_version.cmake prints it.
if(CMAKE_SCRIPT_MODE_FILE)
  sentio_binary_version(${FOLDER} ${VERSION} text)
  message(STATUS "${text}")
endif()
