#pragma once
/// Files that are part of the program, as they were when it was built.

#include <string_view>

// .incbin instead of arrays in C++: the assembler copies 150 kB in no time, the compiler would chew on them for
// seconds. `path` is a macro that CMake defines (and CMake rebuilds the file that uses this when the asset changes).
// Defines asset_NAME(). At global scope, each name once in the program.
#define SENTIO_ASSET(name, path)                                                              \
  __asm__(".pushsection .rodata\n"                                                            \
          ".balign 16\n"                                                                      \
          "sentio_asset_" #name "_begin:\n"                                                   \
          ".incbin \"" path "\"\n"                                                            \
          "sentio_asset_" #name "_end:\n"                                                     \
          ".popsection\n");                                                                   \
  extern "C" const char sentio_asset_##name##_begin[], sentio_asset_##name##_end[];           \
  namespace {                                                                                 \
  std::string_view asset_##name() {                                                           \
    return {sentio_asset_##name##_begin,                                                      \
            static_cast<std::size_t>(sentio_asset_##name##_end - sentio_asset_##name##_begin)}; \
  }                                                                                           \
  }
