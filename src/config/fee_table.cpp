#include "sentio/config/fee_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "binder.h"
#include "sentio/config/strategy_config.h"
#include "sentio/core/check.h"
#include "tables.h"

namespace sentio {
namespace config_detail {
namespace {

Codec<Date> date() {
  Codec<Date> codec;
  codec.range = "a date like 2025-05-14";
  codec.read = [](const nlohmann::json& found, Date& value) {
    const auto parsed = parse_date(found.is_string() ? found.get<std::string>() : std::string());
    if (!parsed) return expected("a date like \"2025-05-14\"", found);
    value = *parsed;
    return std::string();
  };
  codec.check = [](const Date& value) { return value.ok() ? std::string() : std::string("must be a date"); };
  codec.write = [](const Date& value) { return nlohmann::ordered_json(format_date(value)); };
  return codec;
}

}  // namespace

const std::vector<Key<FeeRates>>& fee_keys() {
  using F = FeeRates;
  static const std::vector<Key<F>> keys = [] {
    std::vector<Key<F>> all;
    all.push_back(bind<F, Member<&F::from>>({"", "from"}, date(),
                                            "First day of the row; it holds until the next row."));
    all.push_back(bind<F, Member<&F::sec_rate>>({"", "sec_rate"}, number(0, 0.01),
                                                "SEC Section 31, USD per USD of sales."));
    all.push_back(bind<F, Member<&F::taf_per_share>>({"", "taf_per_share"}, number(0, 0.1),
                                                     "FINRA TAF, USD per share sold."));
    all.push_back(
        bind<F, Member<&F::taf_cap>>({"", "taf_cap"}, number(0, 1000), "Largest TAF of one trade, USD."));
    for (Key<F>& key : all) key.required = true;
    all.push_back(bind<F, Member<&F::cat_per_share>>({"", "cat_per_share"}, number(0, 0.1),
                                                     "FINRA CAT, USD per share bought or sold."));
    all.push_back(bind<F, Member<&F::commission>>({"", "commission"}, number(0, 100), "USD per order."));
    return all;
  }();
  return keys;
}

namespace {

struct FeeFile {
  nlohmann::json rows;
};

const std::vector<Key<FeeFile>>& fee_file_keys() {
  static const std::vector<Key<FeeFile>> keys = [] {
    std::vector<Key<FeeFile>> all;
    all.push_back(accept<FeeFile>(
        {"", "fees"}, "", "",
        [](const nlohmann::json& found, FeeFile& file) {
          if (!found.is_array() || found.empty()) return expected("a list of dated rates", found);
          file.rows = found;
          return std::string();
        },
        not_written()));
    all.back().required = true;
    return all;
  }();
  return keys;
}

FeeRates read_row(const nlohmann::json& found, const Scope& scope, std::vector<std::string>& problems) {
  FeeRates rates;
  if (!found.is_object()) {
    problems.push_back(scope.file + ": " + scope.path + " " + expected("an object", found));
    return rates;
  }
  apply(collect(found, index_of(fee_keys()), scope, problems), fee_keys(), scope, rates, problems);
  return rates;
}

}  // namespace
}  // namespace config_detail

const FeeRates& FeeTable::on(Date date) const {
  SENTIO_CHECK(!rows_.empty());
  const auto after = std::ranges::upper_bound(rows_, date, {}, &FeeRates::from);
  return after == rows_.begin() ? *after : *(after - 1);
}

Result<FeeTable> parse_fees(const ConfigSource& source) {
  using namespace config_detail;
  std::vector<std::string> problems;
  const Scope scope{source.name, ""};
  FeeFile file;
  const nlohmann::json root = parse_document(source, problems);
  apply(collect(root, index_of(fee_file_keys()), scope, problems), fee_file_keys(), scope, file, problems);
  std::vector<FeeRates> rows;
  const auto row_scope = [&](std::size_t row) {
    return Scope{source.name, "fees[" + std::to_string(row) + "]"};
  };
  for (std::size_t i = 0; i < file.rows.size(); ++i)
    rows.push_back(read_row(file.rows[i], row_scope(i), problems));
  const bool dated = problems.empty();  // otherwise a row may lack its date
  for (std::size_t i = 1; dated && i < rows.size(); ++i)
    if (rows[i].from <= rows[i - 1].from)
      problems.push_back(row_scope(i).at("from") + " must be later than that of the row before (" +
                         format_date(rows[i - 1].from) + "), was " + format_date(rows[i].from));
  if (!problems.empty()) return refused(problems);
  return FeeTable(std::move(rows));
}

}  // namespace sentio
