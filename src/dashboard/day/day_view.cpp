#include "sentio/dashboard/day_view.h"

#include <optional>

#include "day/sections.h"

namespace sentio {

using namespace dashboard_detail;

struct DayView::Impl {
  std::filesystem::path folder;
  DayChoice choice;
  std::optional<DayLines> lines;
  std::map<std::string, Json> sections;
  bool built = false;
  bool silent = false;

  void follow_day(TimePoint now);
  void build(TimePoint now);
};

DayView::DayView(std::filesystem::path folder) : impl_(std::make_unique<Impl>()) {
  impl_->folder = std::move(folder);
  impl_->build({});
}
DayView::~DayView() = default;

const std::map<std::string, Json>& DayView::sections() const { return impl_->sections; }

void DayView::Impl::follow_day(TimePoint now) {
  choice = choose_day(folder, now);
  if (!choice.day) return lines.reset();
  if (!lines || lines->hours().date != choice.day->date) lines.emplace(folder, *choice.day);
}

void DayView::Impl::build(TimePoint now) {
  sections["day"] = day_section(folder, choice, nullptr);
  for (const char* name : {"state", "alerts", "equity", "positions", "signals", "learners", "latency", "decisions", "trades"})
    sections[name] = nullptr;
  if (!lines) return;
  // Until the new process writes its own, there is still the status of the day before.
  const bool own = fields::text(choice.status.json, "date") == format_date(lines->hours().date);
  const StatusFile status = own ? choice.status : StatusFile{};
  const ShownDay day{*lines, status, now};
  sections["day"] = day_section(folder, choice, &day);
  sections["state"] = state_section(day);
  sections["alerts"] = alerts_section(day);
  sections["equity"] = equity_section(day);
  sections["positions"] = positions_section(day);
  sections["signals"] = signals_section(day);
  sections["learners"] = learners_section(day);
  sections["latency"] = latency_section(day);
  sections["decisions"] = decisions_section(day);
  sections["trades"] = trades_section(day);
}

void DayView::poll(TimePoint now) {
  Impl& impl = *impl_;
  const DayChoice before = impl.choice;
  impl.follow_day(now);
  const bool other = !impl.built || before.day != impl.choice.day || before.waiting != impl.choice.waiting ||
                     before.status != impl.choice.status || before.warnings != impl.choice.warnings;
  const bool grown = impl.lines && impl.lines->poll();
  // A process that says nothing is told by the clock alone.
  const bool silent = now - impl.choice.status.written > kStatusSilence;
  if (other || grown || silent || impl.silent) impl.build(now);
  impl.silent = silent;
  impl.built = true;
}

}  // namespace sentio
