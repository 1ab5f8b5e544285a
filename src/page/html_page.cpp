#include "sentio/page/html_page.h"

#include "markup.h"
#include "sections.h"
#include "sentio/page/page_assets.h"

namespace sentio {

namespace page_detail {

namespace {

// Nothing may be loaded or sent, whatever a symbol's name or a note tries. 'unsafe-inline' because everything
// is inline; what comes from files never reaches a script or an attribute that runs.
constexpr std::string_view kHead =
    "<!doctype html>\n<html lang=\"en\" data-errors=\"0\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n";

std::string navigation(const Page& page) {
  std::string out = "<nav aria-label=\"Sections\"><a href=\"#evidence\">Verdict</a>";
  for (const PageSection& s : page.sections)
    out += "<a href=\"#" + identifier(s.id) + "\">" + html(s.title) + "</a>";
  return out + "</nav>\n";
}

std::string top(const Page& page) {
  std::string out = "<header>\n<h1>" + html(page.title) + "</h1>\n<p class=\"subtitle\">" +
                    html(page.subtitle) + "</p>\n</header>\n";
  for (const std::string& warning : page.warnings)
    out += "<p class=\"warning\" role=\"note\">" + html(warning) + "</p>\n";
  return out;
}

void append_script(std::string& out, std::string_view script) {
  out += "<script>\n";
  out += script;
  out += "\n</script>\n";
}

}  // namespace
}  // namespace page_detail

std::string html_page(const Page& page) {
  using namespace page_detail;
  const std::string data = page_data_json(page);
  std::string out;
  out.reserve(data.size() + chart_library_script().size() + (std::size_t{1} << 17U));
  out += kHead;
  out += "<title>" + html(page.title) + "</title>\n<style>\n";
  out += chart_library_style();
  out += "\n";
  out += page_style();
  out += "</style>\n</head>\n<body>\n<main>\n" + top(page) + navigation(page) + headline_html(page.headline);
  int chart = 0;
  for (const PageSection& section : page.sections) out += section_html(section, chart);
  out +=
      "</main>\n<button type=\"button\" id=\"zoom-out\" hidden>Show everything</button>\n<footer>\n<p>One "
      "file, nothing loaded from anywhere. Times are New York's.</p>\n"
      "<details><summary>Charts by dygraphs (MIT licence)</summary><pre>";
  out += html(chart_library_licence()) + "</pre></details>\n</footer>\n";
  out += "<script type=\"application/json\" id=\"page-data\">" + data + "</script>\n";
  append_script(out, chart_library_script());
  append_script(out, page_script());
  return out + "</body>\n</html>\n";
}

}  // namespace sentio
