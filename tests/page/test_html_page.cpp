/// The page as bytes: nothing from outside becomes markup, nothing is loaded, numbers survive, and it stays
/// small.

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "markup.h"
#include "sentio/page/html_page.h"

namespace sentio {
namespace {

constexpr const char* kAttack =
    "</script><script>alert(1)</script><img src=x onerror='alert(2)'>\"&\xE2\x80\xA8";

Date date(unsigned day) {
  return std::chrono::year(2025) / std::chrono::month(8) / std::chrono::day(day);
}

PageAxis axis_of(int sessions, int step) {
  PageAxis axis{.sessions = {}, .step = step};
  for (int i = 0; i < sessions; ++i) axis.sessions.push_back({.date = date(1 + static_cast<unsigned>(i))});
  return axis;
}

PageSeries walk(std::size_t points, double start, int decimals) {
  PageSeries series{"s", {}, decimals};
  for (std::size_t i = 0; i < points; ++i)
    series.values.push_back(start + 0.01 * static_cast<double>((i * 7919) % 101));
  return series;
}

/// One section of each kind; `text` stands wherever text can.
Page full_page(const std::string& text, int sessions = 2, int instruments = 2, int step = 5) {
  Page page{
      .title = text, .subtitle = text, .warnings = {text}, .axis = axis_of(sessions, step), .sections = {}};
  page.headline = {.name = text,
                   .value = text,
                   .word = text,
                   .tone = PageTone::bad,
                   .interval_text = text,
                   .interval = PageInterval{-0.02, -0.01, 0.005, 0.005, text},
                   .sentences = {text}};
  const std::size_t points = page.axis.points();
  PageChart chart{
      .title = text, .series = {walk(points, 100'000, 0)}, .reference = 1.0, .reference_name = text};
  chart.series[0].name = text;
  PageInstruments shown;
  for (int i = 0; i < instruments; ++i)
    shown.instruments.push_back(
        {.name = text,
         .note = text,
         .figure = text,
         .price = walk(points, 50, 2),
         .confidence = walk(points, 0.4, 3),
         .strength = walk(points, 0.3, 3),
         .markers = {{.session = 0, .minute = 3, .price = 50, .qty = 10, .reason = text},
                     {.session = 0,
                      .minute = 9,
                      .entry = false,
                      .price = 51,
                      .qty = 10,
                      .reason = text,
                      .pnl = 9.5}}});
  const PageFacts facts{.facts = {{text, text, text, PageTone::bad}}};
  PageBars bars{.name_heading = text,
                .columns = {{text}, {text, true}},
                .rows = {{text, -3, {text, text}}, {text, 1, {text, text}}}};
  page.sections = {
      {text, text, text, facts},
      {"charts", text, text, PageCharts{{chart}}},
      {"instruments", text, text, shown},
      {"bars", text, text, bars},
      {"heat", text, text, PageHeatMap{{{date(1), 0.01}, {date(4), std::nullopt}, {date(5), -0.02}}}},
      {"notes", text, text, PageNotes{{text}}}};
  return page;
}

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++n;
  return n;
}

TEST(HtmlPage, TextFromOutsideIsNeverMarkup) {
  const std::string harmless = html_page(full_page("Plain9text")), attacked = html_page(full_page(kAttack));
  for (const char* markup : {"<script", "</script", "<img", "<"})
    EXPECT_EQ(count_of(attacked, markup), count_of(harmless, markup)) << markup;
  EXPECT_EQ(attacked.substr(0, attacked.find("<script")).find("onerror='"), std::string::npos)
      << "quotes, too";
  // Every place that shows text shows this one; the two anchors made of a section's id hold letters only.
  EXPECT_EQ(count_of(attacked, "alert(1)"), count_of(harmless, "Plain9text") - 2);
}

TEST(HtmlPage, EscapesWhatHtmlWouldRead) {
  EXPECT_EQ(page_detail::html("a<b>&\"'\x01\x7f\n"), "a&lt;b&gt;&amp;&quot;&#39;  \n");
  EXPECT_EQ(page_detail::identifier("a b\"<é-9"), "a-b-----9");
  std::string script;
  page_detail::append_script_string(script, kAttack);
  EXPECT_EQ(script.find_first_of("<>&"), std::string::npos);
  EXPECT_EQ(script.find("\xE2\x80\xA8"), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(script), kAttack);
}

TEST(HtmlPage, LoadsNothing) {
  const std::string page = html_page(full_page("x"));
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(page.find("sourceMappingURL"), std::string::npos);
  for (const char* reference : {" src=", "<link", "@import", "url(", "fetch(", "XMLHttpRequest(\"http"})
    EXPECT_EQ(page.find(reference), std::string::npos) << reference;
  EXPECT_NE(page.find("Permission is hereby granted"), std::string::npos) << "the library's licence";
}

TEST(HtmlPage, SaysTheEvidenceWithoutJavaScript) {
  Page page = full_page("x");
  page.headline.word = "LOSING";
  page.headline.value = "−2.01%";
  page.warnings = {"SYNTHETIC: made-up bars."};
  const std::string html = html_page(page);
  const std::string before_data = html.substr(0, html.find("<script"));
  for (const char* said :
       {"<span class=\"word bad\">LOSING</span>", "−2.01%", "SYNTHETIC: made-up bars.", "<noscript>"})
    EXPECT_NE(before_data.find(said), std::string::npos) << said;
}

TEST(HtmlPage, SeriesAreDifferencesThatReadBackAndGapsAreNull) {
  Page page{.title = "x", .axis = axis_of(1, 390), .sections = {}};
  PageSeries series{"s", {NAN, 10.014, INFINITY, -9.986, 0}, 2};
  page.sections = {{"c", "c", "", PageCharts{{{.title = "t", .series = {series}}}}}};
  const auto json = nlohmann::json::parse(page_data_json(page));
  EXPECT_EQ(json.at("charts").at(0).at("series").at(0).at("v").dump(), "[null,1001,null,-2000,999]");
  EXPECT_EQ(json.at("sessions").dump(), R"([["2025-08-01",570,390]])");
}

TEST(HtmlPage, AxisCountsPartsOfASession) {
  PageAxis axis{.sessions = {{.date = date(1)}, {.date = date(4), .minutes = 211}}, .step = 5};
  EXPECT_EQ(axis.points(), 78U + 43U);
}

TEST(HtmlPage, BarsShareTheirZero) {
  const std::string html = html_page(full_page("x"));  // rows −3 and 1: zero stands at three quarters
  EXPECT_NE(html.find("class=\"bad\" style=\"left:0%;width:75%\""), std::string::npos);
  EXPECT_NE(html.find("class=\"good\" style=\"left:75%;width:25%\""), std::string::npos);
}

TEST(HtmlPage, NumbersThatAreNoneLeaveNoTrace) {
  Page page = full_page("x");
  page.headline.interval = PageInterval{NAN, NAN, NAN, {}, ""};
  std::get<PageBars>(page.sections[3].content).rows[0].value = NAN;
  std::get<PageHeatMap>(page.sections[4].content).days[0].value = INFINITY;
  const std::string html = html_page(page);
  const std::string body = html.substr(html.find("<body"), html.find("<script") - html.find("<body"));
  for (const char* wrong : {"nan", "inf%", "null%"}) EXPECT_EQ(body.find(wrong), std::string::npos) << wrong;
}

TEST(HtmlPage, SamePageSameBytes) {
  EXPECT_EQ(html_page(full_page("x")), html_page(full_page("x")));
}

TEST(HtmlPage, AMonthOfTwelveWithoutThinningStaysBelowTwoMegabytes) {
  Page page = full_page("TQQQ", 21, 12, 1);
  for (PageInstrument& one : std::get<PageInstruments>(page.sections[2].content).instruments)
    one.markers.resize(900, one.markers[1]);
  const auto bytes = html_page(page).size();
  EXPECT_LT(bytes, 2'000'000U);
  EXPECT_GT(bytes, 500'000U) << "the numbers are in it";
}

}  // namespace
}  // namespace sentio
