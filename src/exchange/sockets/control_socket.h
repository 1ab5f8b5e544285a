#pragma once
/// /control: who drives simulated time, in JSON text frames, one object each.
///
/// Server → driver
///   {"type":"hello","now":"…Z","date":"2025-09-26","first":0,"last":389,"minute":-1,"lock_step":true,
///    "events":0,"items":0}
///       once, on connecting. `minute` = the last minute announced (first - 1 before the first). When that
///       announcement was not acknowledged yet, it follows again (`sent` then counts the newest data socket).
///   {"type":"minute","minute":M,"start":"…Z","sent":n,"now":"…Z","events":e,"items":k}
///       minute M is over. n = symbols whose bar of M was sent on the newest authenticated data socket, after
///       faults; e = trade_updates sent so far; k = data items sent so far (late, doubled and revised bars,
///       quotes and statuses included). All of them were written to their sockets before this line.
///   {"type":"time","now":"…Z","events":e,"items":k}     the answer to advance
///   {"type":"closed","now":"…Z","events":e,"items":k}   the session, or the --from/--to window, is over
///   {"type":"ok"} or {"type":"error","message":"…"}     the answer to fault; error also to anything wrong
/// Driver → server
///   {"type":"ack","minute":M}       done with M; time goes on to the next announcement. The first one
///                                   acknowledges hello's minute. Without lock step it is ignored.
///   {"type":"advance","to":"…Z"}    lock step only: time goes to `to`, at most to just before the next
///   minute's end
///   {"type":"fault","line":"drop data"}
///
/// What happens at an ack of M, in this order: the opens of minute M+1 are matched (executions are stamped
/// with its start) and told on /stream; faults and late data fall due as time passes; minute M+1's bars are
/// sent; minute M+1 is announced. After the last minute the session is closed and "closed" follows.

#include "book/exchange.h"

namespace sentio::exchange {

class ControlSocket final : public SocketSession, public TimeListener {
 public:
  ControlSocket(Exchange& exchange, Peer& peer) : exchange_(&exchange), peer_(&peer) {}
  ~ControlSocket() override { exchange_->remove(this); }
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  void opened() override;
  void received(std::string_view payload, bool binary) override;
  void announce(const std::string& line) override { peer_->send(line, false); }

 private:
  void report(const Result<>& result);

  Exchange* exchange_;
  Peer* peer_;
};

}  // namespace sentio::exchange
