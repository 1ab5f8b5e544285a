#include "sections.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "markup.h"

namespace sentio::page_detail {

namespace {

std::string paragraph(const char* css_class, const std::string& text) {
  return text.empty() ? "" : "<p class=\"" + std::string(css_class) + "\">" + html(text) + "</p>\n";
}

// ---- the headline ---------------------------------------------------------------------------------

/// Maps the interval's unit onto 0 … 100 % of the picture, zero and target inside, a little air at the ends.
class Scale {
 public:
  explicit Scale(const PageInterval& i) {
    low_ = std::min({i.low, 0.0, i.target.value_or(0)});
    high_ = std::max({i.high, 0.0, i.target.value_or(0)});
    if (!(high_ > low_)) high_ = low_ + 1;
    const double air = 0.08 * (high_ - low_);
    low_ -= air;
    high_ += air;
  }
  [[nodiscard]] double place(double value) const { return 100 * (value - low_) / (high_ - low_); }
  [[nodiscard]] std::string percent(double value) const { return plain_number(place(value), 2) + "%"; }

 private:
  double low_ = 0, high_ = 0;
};

std::string tick(const Scale& scale, double value, const char* css_class, const std::string& name) {
  const double at = scale.place(value);
  const char* side = at > 60 ? " left" : "";  // the name on the side where there is room
  return "<span class=\"tick " + std::string(css_class) + side + "\" style=\"left:" + scale.percent(value) +
         "\"><span>" + html(name) + "</span></span>";
}

std::string whisker(const PageInterval& i, PageTone tone) {
  if (!std::isfinite(i.low) || !std::isfinite(i.high) || !std::isfinite(i.centre)) return "";
  const Scale scale(i);
  const std::string width = plain_number(scale.place(i.high) - scale.place(i.low), 2) + "%";
  std::string out = "<div class=\"whisker " + std::string(class_of(tone)) + "\" aria-hidden=\"true\">";
  out += tick(scale, 0, "zero", "0");
  if (i.target) out += tick(scale, *i.target, "target", i.target_name);
  out += "<span class=\"range\" style=\"left:" + scale.percent(i.low) + ";width:" + width + "\"></span>";
  return out + "<span class=\"dot\" style=\"left:" + scale.percent(i.centre) + "\"></span></div>\n";
}

// ---- sections -------------------------------------------------------------------------------------

std::string fact_html(const PageFact& fact) {
  std::string out = "<div class=\"fact " + std::string(class_of(fact.tone)) + "\"><dt>" + html(fact.name) +
                    "</dt><dd><b>" + html(fact.value) + "</b>";
  if (!fact.note.empty()) out += " <small>" + html(fact.note) + "</small>";
  return out + "</dd></div>\n";
}

std::string facts_html(const PageFacts& facts) {
  std::string out = "<dl class=\"" + std::string(facts.tiles ? "tiles" : "facts") + "\">\n";
  for (const PageFact& fact : facts.facts) out += fact_html(fact);
  return out + "</dl>\n";
}

std::string chart_box(const std::string& id, const std::string& title, const char* height) {
  return "<figure><figcaption><span class=\"name\">" + html(title) +
         "</span><span class=\"legend\" id=\"legend-" + id + "\"></span></figcaption><div class=\"chart " +
         height + "\" id=\"chart-" + id + "\" tabindex=\"0\" role=\"img\" aria-label=\"" + html(title) +
         "\"></div></figure>\n";
}

constexpr const char* kNoScript =
    "<noscript><p class=\"note\">The charts need JavaScript; every figure and table of this page is "
    "there without.</p></noscript>\n";

constexpr const char* kHint =
    "<p class=\"note hint\"><span class=\"mouse\">Drag to zoom all charts, shift and drag to move, "
    "double-click or Escape "
    "for everything; arrow keys read values, + and − zoom.</span><span class=\"finger\">Tap a chart to read "
    "its "
    "values.</span></p>\n";

std::string charts_html(const PageCharts& charts, int& next) {
  std::string out = std::string(kNoScript) + kHint;
  bool first = true;
  for (const PageChart& chart : charts.charts) {
    out += chart_box(std::to_string(next++), chart.title, first ? "tall" : "low");
    first = false;
  }
  return out;
}

std::string instruments_html(const PageInstruments& shown) {
  std::string out = kNoScript;
  out += "<div class=\"choice\" role=\"group\" aria-label=\"Instrument\">\n";
  for (std::size_t i = 0; i < shown.instruments.size(); ++i) {
    const PageInstrument& instrument = shown.instruments[i];
    out += "<button type=\"button\" data-instrument=\"" + std::to_string(i) +
           "\" aria-pressed=\"false\"><b>" + html(instrument.name) + "</b> <span class=\"" +
           class_of(instrument.tone) + "\">" + html(instrument.figure) + "</span></button>\n";
  }
  out += "</div>\n<p class=\"note\" id=\"instrument-note\"></p>\n";
  out += chart_box("price", "Price", "tall");
  out +=
      "<p class=\"key\"><span class=\"mark entry\">△</span> bought <span class=\"mark good\">▼</span> sold "
      "at a "
      "profit <span class=\"mark bad\">▼</span> sold at a loss</p>\n";
  out += chart_box("confidence", "Confidence", "low");
  return out + chart_box("strength", "Strength", "low");
}

std::string bar_cell(double value, double lowest, double highest, bool signed_values) {
  const double span = highest - lowest;
  const double from = span > 0 ? 100 * (std::min(value, 0.0) - lowest) / span : 0;
  const double width = span > 0 ? 100 * std::abs(value) / span : 0;
  const char* tone = !signed_values ? "amount" : value < 0 ? "bad" : "good";
  return "<td class=\"bar\" aria-hidden=\"true\"><span class=\"" + std::string(tone) +
         "\" style=\"left:" + plain_number(from, 2) + "%;width:" + plain_number(width, 2) +
         "%\"></span></td>";
}

std::string bars_html(const PageBars& bars) {
  double lowest = 0, highest = 0;
  for (const auto& row : bars.rows) {
    if (!std::isfinite(row.value)) continue;
    lowest = std::min(lowest, row.value);
    highest = std::max(highest, row.value);
  }
  const auto css = [&](std::size_t column) {
    return column < bars.columns.size() && bars.columns[column].wide ? " class=\"wide\"" : "";
  };
  std::string out = "<table class=\"bars\"><thead><tr><th scope=\"col\">" + html(bars.name_heading) +
                    "</th><th aria-hidden=\"true\"></th>";
  for (std::size_t c = 0; c < bars.columns.size(); ++c)
    out += std::string("<th scope=\"col\"") + css(c) + ">" + html(bars.columns[c].name) + "</th>";
  out += "</tr></thead><tbody>\n";
  for (const auto& row : bars.rows) {
    out += "<tr><th scope=\"row\">" + html(row.name) + "</th>";
    out += bar_cell(std::isfinite(row.value) ? row.value : 0, lowest, highest, bars.signed_values);
    for (std::size_t c = 0; c < row.cells.size(); ++c)
      out += std::string("<td") + css(c) + ">" + html(row.cells[c]) + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody></table>\n";
}

constexpr std::array<const char*, 12> kMonths{"January",   "February", "March",    "April",
                                              "May",       "June",     "July",     "August",
                                              "September", "October",  "November", "December"};

std::string percent_text(double fraction) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f%%", std::min(std::abs(fraction) * 100, 1e9));
  return (fraction < 0 ? "−" : "+") + std::string(text.data());
}

/// Where the month's grid begins: Monday is column 1. Weekends have no cell.
int weekday_column(Date date) {
  return static_cast<int>(std::chrono::weekday(std::chrono::sys_days(date)).iso_encoding());
}

std::string heat_cell(const PageHeatMap::Day& day, double largest) {
  const auto number = std::to_string(static_cast<unsigned>(day.date.day()));
  const bool known = day.value && std::isfinite(*day.value);
  // More colour, and text would drown in it.
  const double heat = known && largest > 0 ? 60 * std::abs(*day.value) / largest : 0;
  const char* tone = !known ? "plain" : *day.value < 0 ? "bad" : "good";
  // A button for the page's script; without it, a figure.
  return "<button type=\"button\" disabled class=\"cell " + std::string(tone) + "\" data-date=\"" +
         format_date(day.date) + "\" style=\"grid-column:" + std::to_string(weekday_column(day.date)) +
         ";--heat:" + plain_number(heat, 1) + "%\"><i>" + number + "</i><b>" +
         (known ? percent_text(*day.value) : "–") + "</b></button>";
}

std::string heat_map_html(const PageHeatMap& map) {
  double largest = 0;
  for (const auto& day : map.days)
    if (day.value && std::isfinite(*day.value)) largest = std::max(largest, std::abs(*day.value));
  std::string out;
  std::optional<std::chrono::year_month> month;
  for (const auto& day : map.days) {
    const auto own = day.date.year() / day.date.month();
    if (month != own) {
      out += month ? "</div>\n" : "";
      month = own;
      out += "<h3>" + std::string(kMonths[(static_cast<unsigned>(own.month()) - 1) % 12]) + " " +
             std::to_string(static_cast<int>(own.year())) + "</h3>\n<div class=\"heat\">";
      for (const char* name : {"Mon", "Tue", "Wed", "Thu", "Fri"})
        out += std::string("<div class=\"head\">") + name + "</div>";
    }
    out += heat_cell(day, largest);
  }
  return out + (month ? "</div>\n" : "");
}

std::string notes_html(const PageNotes& notes) {
  std::string out = "<ul class=\"notes\">\n";
  for (const std::string& line : notes.lines) out += "<li>" + html(line) + "</li>\n";
  return out + "</ul>\n";
}

struct SectionWriter {
  int& next_chart;
  std::string operator()(const PageFacts& c) const { return facts_html(c); }
  std::string operator()(const PageCharts& c) const { return charts_html(c, next_chart); }
  std::string operator()(const PageInstruments& c) const { return instruments_html(c); }
  std::string operator()(const PageBars& c) const { return bars_html(c); }
  std::string operator()(const PageHeatMap& c) const { return heat_map_html(c); }
  std::string operator()(const PageNotes& c) const { return notes_html(c); }
};

}  // namespace

const char* class_of(PageTone tone) {
  switch (tone) {
    case PageTone::plain:
      return "plain";
    case PageTone::good:
      return "good";
    case PageTone::bad:
      return "bad";
    case PageTone::uncertain:
      return "uncertain";
  }
  return "plain";
}

std::string headline_html(const PageHeadline& h) {
  const std::string tone = class_of(h.tone);
  std::string out =
      "<section id=\"evidence\" class=\"headline\">\n<div class=\"figure\"><span class=\"name\">" +
      html(h.name) + "</span><span class=\"value " + class_of(h.value_tone) + "\">" + html(h.value) +
      "</span></div>\n";
  out += "<div class=\"worth\"><span class=\"word " + tone + "\">" + html(h.word) + "</span>" +
         paragraph("interval", h.interval_text);
  if (h.interval) out += whisker(*h.interval, h.tone);
  out += "</div>\n<div class=\"said\">";
  for (const std::string& sentence : h.sentences) out += paragraph("sentence", sentence);
  return out + "</div>\n</section>\n";
}

std::string section_html(const PageSection& section, int& chart) {
  return "<section id=\"" + identifier(section.id) + "\">\n<h2>" + html(section.title) + "</h2>\n" +
         paragraph("note", section.note) + std::visit(SectionWriter{chart}, section.content) + "</section>\n";
}

}  // namespace sentio::page_detail
