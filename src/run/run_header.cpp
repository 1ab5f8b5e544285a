#include "sentio/run/run_header.h"

#include <nlohmann/json.hpp>

#include "sentio/core/unwrap.h"

namespace sentio {

namespace {

using Json = nlohmann::ordered_json;

Json fees_json(const FeeTable& fees) {
  Json rows = Json::array();
  for (const FeeRates& r : fees.rows()) {
    rows.push_back({{"from", format_date(r.from)},
                    {"sec_rate", r.sec_rate},
                    {"taf_per_share", r.taf_per_share},
                    {"taf_cap", r.taf_cap},
                    {"cat_per_share", r.cat_per_share},
                    {"commission", r.commission}});
  }
  return {{"fees", rows}};
}

Json symbols_json(const Universe& universe) {
  SymbolsConfig config;
  config.active_symbols = universe.as_listed();
  for (const SymbolInfo& s : universe) config.metadata[s.name] = s;
  return to_json(config);
}

Json order_style_json(const OrderStyle& style) {
  Json j = {{"type", to_string(style.kind)}};
  if (style.kind == OrderStyle::Kind::marketable_limit) j["limit_offset_bps"] = style.limit_offset.v;
  return j;
}

OrderStyle order_style_of(const Json& j) {
  const auto type = j.at("type").get<std::string>();
  if (type == to_string(OrderStyle::Kind::market)) return {};
  if (type != to_string(OrderStyle::Kind::marketable_limit)) throw std::invalid_argument("unknown entries \"" + type + "\"");
  return {OrderStyle::Kind::marketable_limit, Bps{j.at("limit_offset_bps").get<double>()}};
}

}  // namespace

std::string encode_run_header(const RunHeader& header) {
  const auto& o = header.options;
  const Json j = {{"journal", 1},
                  {"date", format_date(header.date)},
                  {"mode", header.mode},
                  {"capital", o.capital.v},
                  {"entries", order_style_json(o.order_style)},
                  {"state_file", header.state_file},
                  {"config_name", header.config_name},
                  {"override_preflight", header.override_preflight},
                  {"symbols", symbols_json(o.universe)},
                  {"fees", fees_json(o.fees)},
                  {"config", to_json(o.config)}};
  return j.dump() + "\n";
}

Result<RunHeader> parse_run_header(std::string_view line, std::string_view where) {
  try {
    const Json j = Json::parse(line);
    if (j.at("journal") != 1) return fail(Errc::mismatch, std::string(where), "is a journal of another version");
    const std::string name(where);
    RunHeader header{.date = unwrap(parse_date(j.at("date").get<std::string>())),
                     .mode = j.at("mode").get<std::string>(),
                     .state_file = j.at("state_file").get<std::string>(),
                     .config_name = j.at("config_name").get<std::string>(),
                     .override_preflight = j.at("override_preflight").get<std::string>()};
    auto& o = header.options;
    o.capital = Usd{j.at("capital").get<double>()};
    // Absent in older journals, whose decisions knew of no limit.
    if (const auto entries = j.find("entries"); entries != j.end()) o.order_style = order_style_of(*entries);
    if (!is_capital(o.capital)) return fail(Errc::malformed, name, "journal header: no such capital");
    o.config = unwrap(parse_strategy({{name, j.at("config").dump()}}));
    const SymbolsConfig symbols = unwrap(parse_symbols({name, j.at("symbols").dump()}));
    o.universe = unwrap(make_universe(o.config, symbols, symbols.active_symbols));
    o.fees = unwrap(parse_fees({name, j.at("fees").dump()}));
    return header;
  } catch (const std::exception& e) {
    return fail(Errc::malformed, std::string(where), std::string("journal header: ") + e.what());
  }
}

}  // namespace sentio
