/// The charts' numbers for the page's script.

#include <cmath>

#include "markup.h"
#include "sentio/core/text/json_line.h"
#include "sentio/page/html_page.h"

namespace sentio {

std::size_t PageAxis::points() const {
  std::size_t sum = 0;
  for (const PageSession& session : sessions) sum += static_cast<std::size_t>(points_of(session, step));
  return sum;
}

namespace page_detail {

namespace {

/// Writes arrays and objects with commas where they belong; text never holds markup.
class ScriptJson {
 public:
  ScriptJson& open(char bracket) {
    separate();
    out_.push_back(bracket);
    first_ = true;
    return *this;
  }
  ScriptJson& close(char bracket) {
    out_.push_back(bracket);
    first_ = false;
    return *this;
  }
  ScriptJson& key(std::string_view name) {
    separate();
    append_script_string(out_, name);
    out_.push_back(':');
    first_ = true;
    return *this;
  }
  ScriptJson& text(std::string_view value) {
    separate();
    append_script_string(out_, value);
    return *this;
  }
  ScriptJson& number(double value, int decimals) {
    separate();
    append_number(out_, value, decimals);
    return *this;
  }
  std::string take() { return std::move(out_); }

 private:
  void separate() {
    if (!first_) out_.push_back(',');
    first_ = false;
  }
  std::string out_;
  bool first_ = true;
};

// Prices of a minute differ by cents from the last: differences are a third of the digits.
void append_series(ScriptJson& json, const PageSeries& series) {
  const double scale = std::pow(10.0, series.decimals);
  json.open('{').key("n").text(series.name).key("d").number(series.decimals, 0).key("v").open('[');
  double last = 0;
  for (const double value : series.values) {
    const double scaled = std::round(value * scale);
    const bool there = std::abs(scaled) < 1e15;
    json.number(there ? scaled - last : NAN, 0);
    if (there) last = scaled;
  }
  json.close(']').close('}');
}

const char* name_of(PageUnit unit) {
  switch (unit) {
    case PageUnit::usd:
      return "usd";
    case PageUnit::price:
      return "price";
    case PageUnit::percent:
      return "percent";
    case PageUnit::ratio:
      return "ratio";
  }
  return "";
}

void append_chart(ScriptJson& json, const PageChart& chart) {
  json.open('{').key("title").text(chart.title).key("unit").text(name_of(chart.unit));
  json.key("filled").number(chart.filled ? 1 : 0, 0);
  if (chart.reference) json.key("ref").number(*chart.reference, 6).key("refName").text(chart.reference_name);
  json.key("series").open('[');
  for (const PageSeries& series : chart.series) append_series(json, series);
  json.close(']').close('}');
}

void append_marker(ScriptJson& json, const PageMarker& m) {
  json.open('[').number(m.session, 0).number(m.minute, 2).number(m.entry ? 1 : 0, 0).number(m.price, 4);
  json.number(m.qty, 4).text(m.reason).number(m.pnl.value_or(NAN), 2).close(']');
}

void append_instrument(ScriptJson& json, const PageInstrument& instrument) {
  json.open('{').key("n").text(instrument.name).key("note").text(instrument.note);
  json.key("price");
  append_series(json, instrument.price);
  json.key("confidence");
  append_series(json, instrument.confidence);
  json.key("strength");
  append_series(json, instrument.strength);
  json.key("markers").open('[');
  for (const PageMarker& marker : instrument.markers) append_marker(json, marker);
  json.close(']').close('}');
}

void append_axis(ScriptJson& json, const PageAxis& axis) {
  json.key("step").number(axis.step, 0).key("sessions").open('[');
  for (const PageSession& session : axis.sessions) {
    json.open('[').text(format_date(session.date)).number(session.open_minute, 0);
    json.number(session.minutes, 0).close(']');
  }
  json.close(']');
}

}  // namespace
}  // namespace page_detail

std::string page_data_json(const Page& page) {
  using namespace page_detail;
  ScriptJson json;
  json.open('{');
  append_axis(json, page.axis);
  json.key("charts").open('[');
  for (const PageSection& section : page.sections) {
    const auto* charts = std::get_if<PageCharts>(&section.content);
    if (charts == nullptr) continue;
    for (const PageChart& chart : charts->charts) append_chart(json, chart);
  }
  json.close(']').key("instruments").open('[');
  double no_skill = 0.5;
  for (const PageSection& section : page.sections) {
    const auto* shown = std::get_if<PageInstruments>(&section.content);
    if (shown == nullptr) continue;
    no_skill = shown->confidence_no_skill;
    for (const PageInstrument& instrument : shown->instruments) append_instrument(json, instrument);
  }
  json.close(']').key("noSkill").number(no_skill, 4).close('}');
  return json.take();
}

}  // namespace sentio
