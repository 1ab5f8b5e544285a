#include "json_fields.h"

namespace sentio::dashboard_detail {

Json parse_object(const std::string& text) {
  Json j = Json::parse(text, nullptr, false);
  return j.is_object() ? j : Json(nullptr);
}

namespace {

const Json* member_of(const Json& j, const char* key) {
  if (!j.is_object()) return nullptr;
  const auto found = j.find(key);
  return found == j.end() ? nullptr : &*found;
}

}  // namespace

std::string text_of(const Json& j, const char* key) {
  const Json* value = member_of(j, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

double number_of(const Json& j, const char* key) {
  const Json* value = member_of(j, key);
  return value != nullptr && value->is_number() ? value->get<double>() : NAN;
}

bool flag_of(const Json& j, const char* key) {
  const Json* value = member_of(j, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

Json plain_of(const Json& j, const char* key) {
  const Json* value = member_of(j, key);
  return value != nullptr && value->is_primitive() ? *value : Json(nullptr);
}

Json part_of(const Json& j, const char* key) {
  const Json* value = member_of(j, key);
  return value != nullptr && value->is_structured() ? *value : Json(nullptr);
}

}  // namespace sentio::dashboard_detail
