#include "http/http_failure.h"

#include "http/tls_trouble.h"

namespace sentio::net {
namespace {

bool is_certificate_refusal(const FailedTransfer& t) {
  return t.code == CURLE_PEER_FAILED_VERIFICATION;
}

std::string text(const FailedTransfer& t, bool is_sent) {
  if (t.is_cancelled) return "cancelled by the program";
  if (t.was_sent_before) return t.host + " closed the connection without a reply";
  if (t.is_reply_too_long) return "reply of " + t.host + " is longer than allowed";
  switch (t.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the name " + t.host + " does not resolve";
    case CURLE_COULDNT_CONNECT:
      return t.host + " cannot be reached or refuses the connection";
    case CURLE_OPERATION_TIMEDOUT:
      return is_sent ? "no complete reply from " + t.host + " within " +
                           std::to_string(t.total_timeout.count()) + " ms"
                     : "no connection to " + t.host + " within " +
                           std::to_string(std::min(t.connect_timeout, t.total_timeout).count()) + " ms";
    case CURLE_PEER_FAILED_VERIFICATION:
      return certificate_trouble(t.verify_result, t.host);
    case CURLE_SSL_CONNECT_ERROR:
      return "TLS handshake with " + t.host + " failed";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return is_sent ? t.host + " closed the connection without a complete reply"
                     : t.host + " closed the connection before the request was sent";
    case CURLE_PARTIAL_FILE:
      return "reply of " + t.host + " is cut short";
    default:
      // Not CURLOPT_ERRORBUFFER: its texts may quote what was sent.
      return "request to " + t.host + " failed: " + curl_easy_strerror(t.code);
  }
}

}  // namespace

HttpOutcome failed_outcome(const FailedTransfer& t) {
  const bool is_sent = t.was_sent_before || t.bytes_sent > 0 ||
                       (t.is_long && (t.code == CURLE_SEND_ERROR || t.code == CURLE_OPERATION_TIMEDOUT ||
                                      t.code == CURLE_ABORTED_BY_CALLBACK));
  HttpOutcome outcome;
  outcome.kind = is_sent ? HttpOutcome::Kind::ambiguous : HttpOutcome::Kind::not_sent;
  outcome.certificate_refused = is_certificate_refusal(t);
  const Errc code = t.code == CURLE_OPERATION_TIMEDOUT ? Errc::timed_out : Errc::network;
  outcome.error = Error{code, t.where, text(t, is_sent)};
  return outcome;
}

}  // namespace sentio::net
