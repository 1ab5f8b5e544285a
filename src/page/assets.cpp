#include "assets.h"

// .incbin instead of arrays in C++: the assembler copies 150 kB in no time, the compiler would chew on them for
// seconds. SENTIO_ASSET_… are the files' paths, CMake names them (and rebuilds this file when one changes).
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

SENTIO_ASSET(library_script, SENTIO_ASSET_LIBRARY_SCRIPT)
SENTIO_ASSET(library_style, SENTIO_ASSET_LIBRARY_STYLE)
SENTIO_ASSET(library_licence, SENTIO_ASSET_LIBRARY_LICENCE)
SENTIO_ASSET(page_script, SENTIO_ASSET_PAGE_SCRIPT)
SENTIO_ASSET(page_style, SENTIO_ASSET_PAGE_STYLE)

namespace sentio::page_detail {

// Both end with a link to a source map, which a browser's developer tools would try to load.
std::string_view chart_library_script() {
  const std::string_view all = asset_library_script();
  return all.substr(0, all.rfind("//# sourceMappingURL"));
}
std::string_view chart_library_style() {
  const std::string_view all = asset_library_style();
  return all.substr(0, all.rfind("/*# sourceMappingURL"));
}
std::string_view chart_library_licence() { return asset_library_licence(); }
std::string_view page_script() { return asset_page_script(); }
std::string_view page_style() { return asset_page_style(); }

}  // namespace sentio::page_detail
