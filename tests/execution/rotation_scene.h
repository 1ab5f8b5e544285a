#pragma once
/// One set of the rotation rules, arranged by hand: symbols A … F, what happened to them before, one
/// question.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "sentio/execution/rotation_position_manager.h"

namespace sentio::testing {

inline constexpr SymbolId A = 0, B = 1, C = 2, D = 3, E = 4, F = 5;
inline constexpr std::size_t kSymbols = 6;

/// Handbook defaults; at 10:40 on a full day; nobody is held or ranked, all have fresh bars and signals.
struct Scene {
  RotationConfig config;
  SetView set;
  std::array<SymbolView, kSymbols> views;

  Scene() {
    set.minutes_after_open = 70;
    for (SymbolView& view : views) {
      view.last_close = 100;
      view.real_bar = true;
      view.stale = false;
      view.has_signal = true;
      view.strength = 0.5;
      view.move_bps = 10;
      view.cost_bps = 2;
    }
  }
  SymbolView& operator[](SymbolId symbol) { return views[symbol]; }

  /// Held for `sets` sets in the set asked about; the close stands `since_entry` above the average entry.
  Scene& hold(SymbolId symbol, int sets = 50, double since_entry = 0) {
    views[symbol].qty = 100;
    views[symbol].avg_entry = 100;
    views[symbol].last_close = 100 * (1 + since_entry);
    entered_.push_back({symbol, sets});
    return *this;
  }
  /// Sold `sets` sets before the set asked about.
  Scene& sold(SymbolId symbol, int sets) {
    exited_.push_back({symbol, sets});
    return *this;
  }
  Scene& rank(SymbolId symbol, int rank, double strength = 0.5) {
    views[symbol].rank = rank;
    views[symbol].strength = strength;
    return *this;
  }
  Scene& buying(SymbolId symbol) {
    views[symbol].buy_working = true;
    return *this;
  }
  Scene& selling(SymbolId symbol) {
    views[symbol].sell_working = true;
    return *this;
  }

  /// The manager after the arranged past, one decide() before the set asked about.
  [[nodiscard]] RotationPositionManager manager() const {
    RotationPositionManager rules(config, kSymbols);
    rules.on_session_open();
    int longest = 0;
    for (const auto* events : {&entered_, &exited_}) {
      for (const Past& past : *events) longest = std::max(longest, past.sets);
    }
    for (int before = longest; before >= 1; --before) {
      for (const Past& past : entered_) {
        if (past.sets == before) rules.on_entry_fill(past.symbol);
      }
      for (const Past& past : exited_) {
        if (past.sets == before) rules.on_flat(past.symbol);
      }
      if (before > 1) (void)rules.decide({.skipped = true}, std::array<SymbolView, kSymbols>{});
    }
    return rules;
  }
  [[nodiscard]] std::vector<RuleOutcome> outcomes() const {
    RotationPositionManager rules = manager();
    const auto span = rules.decide(set, views);
    return {span.begin(), span.end()};
  }

 private:
  struct Past {
    SymbolId symbol;
    int sets;
  };
  std::vector<Past> entered_, exited_;
};

/// "exit A eod, enter B, blocked C cooling_down"
inline std::string text(const std::vector<RuleOutcome>& outcomes) {
  std::string all;
  for (const RuleOutcome& outcome : outcomes) {
    if (!all.empty()) all += ", ";
    switch (outcome.kind) {
      case RuleOutcome::Kind::exit:
        all += "exit ";
        break;
      case RuleOutcome::Kind::enter:
        all += "enter ";
        break;
      case RuleOutcome::Kind::blocked:
        all += "blocked ";
        break;
    }
    all += static_cast<char>('A' + outcome.symbol);
    if (outcome.kind == RuleOutcome::Kind::enter) continue;
    all += ' ';
    all += to_string(outcome.reason);
  }
  return all;
}

}  // namespace sentio::testing
