#pragma once
/// From a libcurl result to an HttpOutcome.

#include <curl/curl.h>

#include <string>

#include "sentio/net/http_client.h"

namespace sentio::net {

/// What is known about a transfer that ended without a complete reply.
struct FailedTransfer {
  CURLcode code = CURLE_OK;
  long verify_result = 0;        ///< X509_V_ERR_* of the handshake
  long bytes_sent = 0;           ///< of the request, counted when handed to the socket
  bool is_long = false;          ///< more than one TLS record: bytes_sent may lag behind
  bool was_sent_before = false;  ///< a second send was refused by us
  bool is_cancelled = false;
  bool is_reply_too_long = false;
  std::chrono::milliseconds connect_timeout{};
  std::chrono::milliseconds total_timeout{};
  std::string host;
  std::string where;
};

HttpOutcome failed_outcome(const FailedTransfer& transfer);

}  // namespace sentio::net
