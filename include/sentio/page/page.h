#pragma once
/// What a page shows, as plain values: a headline with its evidence, then sections in any order. Reports, a
/// live dashboard and studies fill it; html_page.h makes it one file.
///
/// Text     any bytes from outside; they are escaped where they are written.
/// Numbers  shown as text are formatted by whoever fills the page; series are numbers, NaN where there is
/// none. Units    minutes count from a session's open; `step` minutes lie between two points of a series.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sentio/core/time.h"

namespace sentio {

/// How a figure is painted. `bad` is never green, and nothing is: gains are blue, losses vermillion.
enum class PageTone : std::uint8_t { plain, good, bad, uncertain };

/// One line of a list of figures.
struct PageFact {
  std::string name, value, note;
  PageTone tone = PageTone::plain;
};

/// Drawn beside the headline with zero (and the target, if any) on the same scale; all in one unit.
struct PageInterval {
  double low = 0, centre = 0, high = 0;
  std::optional<double> target;
  std::string target_name;  ///< "target 0.5%"
};

/// The figure everything is about, never without what it is worth.
struct PageHeadline {
  std::string name;                       ///< "MRD, mean return per day"
  std::string value;                      ///< "−0.42%"
  std::string word;                       ///< "LOSING"
  PageTone tone = PageTone::plain;        ///< of the word and its interval
  PageTone value_tone = PageTone::plain;  ///< of the figure: a loss looks like one before it is proven
  std::string interval_text;              ///< "95% interval −0.81% … −0.03%", or why there is none
  std::optional<PageInterval> interval;
  std::vector<std::string> sentences;
};

/// One session on the time axis.
struct PageSession {
  Date date{};
  int open_minute = 570;  ///< New York minutes since midnight
  int minutes = 390;
};

/// Time as sessions side by side. Point k of a session stands for its minute min((k + 1)·step, minutes), the
/// end of the bars it covers.
struct PageAxis {
  std::vector<PageSession> sessions;
  int step = 1;
  [[nodiscard]] static int points_of(const PageSession& session, int step) {
    return (session.minutes + step - 1) / step;
  }
  [[nodiscard]] std::size_t points() const;
};

/// One value per point of the page's axis; written with `decimals` places.
struct PageSeries {
  std::string name;
  std::vector<double> values;
  int decimals = 2;
};

enum class PageUnit : std::uint8_t { usd, price, percent, ratio };  ///< percent: values are fractions

struct PageChart {
  std::string title;
  PageUnit unit = PageUnit::usd;
  std::vector<PageSeries> series;
  std::optional<double> reference;  ///< a dashed line
  std::string reference_name;
  bool filled = false;  ///< down or up to zero
};

/// An execution on the price chart.
struct PageMarker {
  int session = 0;    ///< index into the axis
  double minute = 0;  ///< since that session's open
  bool entry = true;
  double price = 0, qty = 0;
  std::string reason;
  std::optional<double> pnl;  ///< USD, sales only
};

struct PageInstrument {
  std::string name, note;  ///< note: where the prices come from
  std::string figure;      ///< beside the name: its P&L
  PageTone tone = PageTone::plain;
  PageSeries price, confidence, strength;
  std::vector<PageMarker> markers;
};

/// ---- sections -------------------------------------------------------------------------------------

struct PageFacts {
  std::vector<PageFact> facts;
  bool tiles = false;  ///< few and important: large
};
struct PageCharts {
  std::vector<PageChart> charts;
};
struct PageInstruments {
  std::vector<PageInstrument> instruments;
  double confidence_no_skill = 0.5;
};
/// A table whose first column is drawn as bars from a common zero.
struct PageBars {
  struct Column {
    std::string name;
    bool wide = false;  ///< left out on phones
  };
  struct Row {
    std::string name;
    double value = 0;
    std::vector<std::string> cells;  ///< one per column
  };
  std::string name_heading;
  std::vector<Column> columns;
  std::vector<Row> rows;
  bool signed_values = true;  ///< gains and losses; false: amounts without good or bad
};
struct PageHeatMap {
  struct Day {
    Date date{};
    std::optional<double> value;  ///< a fraction; empty = a session without a figure
  };
  std::vector<Day> days;  ///< ascending
};
struct PageNotes {
  std::vector<std::string> lines;
};

struct PageSection {
  std::string id;  ///< letters, digits and '-'; the anchor
  std::string title, note;
  std::variant<PageFacts, PageCharts, PageInstruments, PageBars, PageHeatMap, PageNotes> content;
};

struct Page {
  std::string title, subtitle;
  std::vector<std::string> warnings;  ///< "SYNTHETIC: …": a banner each, in this order
  PageHeadline headline;
  PageAxis axis;
  std::vector<PageSection> sections;
};

}  // namespace sentio
