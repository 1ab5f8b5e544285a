#include "sentio/core/health.h"

namespace sentio {

std::string_view to_string(HealthLimit limit) {
  switch (limit) {
    case HealthLimit::none:
      return "none";
    case HealthLimit::non_finite:
      return "non_finite";
    case HealthLimit::factorization_failures:
      return "factorization_failures";
    case HealthLimit::condition:
      return "condition";
    case HealthLimit::effective_window:
      return "effective_window";
    case HealthLimit::weight_drift:
      return "weight_drift";
    case HealthLimit::error_ratio:
      return "rmse_ratio";
    case HealthLimit::prediction_variance:
      return "prediction_variance_ratio";
  }
  return "unknown";
}

}  // namespace sentio
