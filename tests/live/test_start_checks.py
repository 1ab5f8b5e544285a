"""What keeps `live` from its first order: every refusal has its exit code, one clear line, and no order behind it."""

import datetime
import unittest
import zoneinfo

from startup_support import DAY, KEYS, WRONG, Exchange, LiveTest, run


class Connection(LiveTest):
    needs_certificates = True

    def test_a_good_certificate_trades(self):
        exchange = self.exchange(tls=self.certificates.good)
        self.assertTrue(exchange.url.startswith("https://"))
        self.expect_traded(self.live("--ca-file", self.certificates.ca, exchange=exchange), exchange)
        self.expect_decisions_of_mock()

    def refused_certificate(self, flags, authority, text):
        exchange = self.exchange(tls=flags)
        trust = ["--ca-file", authority] if authority else []
        line = self.expect_refused(self.live(*trust, *self.alert_command(), exchange=exchange), 4, text, "--ca-file",
                                   exchange=exchange)
        self.assertIn(text, self.alerts())
        self.assertTrue(line.startswith("sentio_cli: error: %s: certificate " % exchange.url), line)

    def test_an_expired_certificate(self):
        self.refused_certificate(self.certificates.expired, self.certificates.ca, "has expired")

    def test_a_certificate_for_another_host(self):
        self.refused_certificate(self.certificates.other_host, self.certificates.ca, "is not for 127.0.0.1")

    def test_an_authority_that_nobody_named(self):
        self.refused_certificate(self.certificates.good, None, "authority that is not trusted here")

    def test_an_authority_that_is_another(self):
        self.refused_certificate(self.certificates.good, self.certificates.stranger, "authority that is not trusted here")

    def test_a_server_without_tls(self):
        exchange = self.exchange()
        self.expect_refused(self.live(exchange=exchange.url.replace("http:", "https:")), 4, exchange.url[7:], "TLS handshake",
                            exchange=exchange)

    def test_nobody_listens(self):
        exchange = self.exchange()
        exchange.process.terminate()
        exchange.process.wait(20)
        self.expect_refused(self.live(exchange=exchange), 4, exchange.url, "refuses", "is an exchange-sim running there?")

    def test_an_authority_file_that_is_none(self):
        exchange = self.exchange(tls=self.certificates.good)
        self.expect_refused(self.live("--ca-file", self.certificates.folder / "good.key", exchange=exchange), 2,
                            "good.key: cannot be read as PEM certificates", exchange=exchange)


class Broker(LiveTest):
    def refused(self, fault, code, *texts):
        """With an alert: nobody may learn of it the next morning."""
        exchange = self.exchange(faults=[fault])
        line = self.expect_refused(self.live(*self.alert_command(), exchange=exchange), code, *texts, exchange=exchange)
        self.assertEqual(self.alerts().count("\n"), 1)
        self.assertIn(line.replace("sentio_cli: error: ", ""), self.alerts())

    def test_wrong_keys(self):
        exchange = self.exchange()
        for name in KEYS:
            with self.subTest(name):
                outcome = self.live(*self.alert_command(), exchange=exchange, keys={**KEYS, name: WRONG})
                self.expect_refused(outcome, 4, "refused the API keys", "check them", "paper or real", exchange=exchange)
                self.assertIn("refused the API keys", self.alerts())

    def test_a_blocked_account(self):
        self.refused("account blocked", 4, "account_blocked is set", "ask the broker why")

    def test_a_clock_that_is_off(self):
        self.refused("clock skew 3s", 4, "clock is 3.0 s behind the broker's, at most 2 are allowed", "timedatectl")
        self.heard.unlink()
        self.refused("clock skew -30s", 4, "clock is 30.0 s ahead of the broker's", "timedatectl")

    def test_a_calendar_that_disagrees(self):
        self.refused("calendar disagree", 3, DAY, "09:30-13:00", "09:30-16:00", "do not trade that day")

    def test_a_broker_that_fails(self):
        self.refused("500 rest x100", 4, "/v2/account: 500", "status page")

    def test_a_foreign_position(self):
        self.refused("foreign position TQQQ 100", 5, "TQQQ: the broker holds 100 shares", "sell them", "--adopt")

    def test_a_position_that_nobody_can_adopt(self):
        for shares, texts in (("-10", ("-10 shares", "short", "buy them back")), ("10.5", ("10.5 shares", "whole", "sell them"))):
            for adopt in ([], ["--adopt"]):
                with self.subTest(shares=shares, adopt=adopt):
                    exchange = self.exchange(faults=["foreign position TQQQ " + shares])
                    self.expect_refused(self.live(*adopt, exchange=exchange), 5, "TQQQ", *texts, exchange=exchange)


class Book(LiveTest):
    @staticmethod
    def order_by_hand(exchange: Exchange) -> str:
        return exchange.ask("/v2/orders", {"symbol": "TQQQ", "qty": "10", "side": "buy", "type": "limit", "limit_price": "1",
                                           "time_in_force": "day"})["id"]

    def test_a_foreign_open_order(self):
        exchange = self.exchange()
        order = self.order_by_hand(exchange)
        line = self.expect_refused(self.live(*self.alert_command(), exchange=exchange), 5, "TQQQ: an open order that is not ours",
                                   "buy 10", order, "cancel it", "--adopt")
        self.assertIn(line.replace("sentio_cli: error: ", ""), self.alerts())
        self.assertEqual([o["id"] for o in exchange.orders()], [order], "nothing but that one")
        self.assertNotIn(exchange.orders()[0]["status"], ("canceled", "pending_cancel"), "left alone")

        self.expect_traded(self.live("--adopt", exchange=exchange), exchange)
        self.assertEqual(exchange.ask("/v2/orders/" + order)["status"], "canceled")

    def test_adopt_takes_a_position_over_and_ends_flat(self):
        exchange = self.exchange(faults=["foreign position TQQQ 100"], to=None)
        entry = float(exchange.ask("/v2/positions/TQQQ")["avg_entry_price"])
        outcome = self.live("--adopt", exchange=exchange)
        self.expect_traded(outcome, exchange)
        self.assertIn("TQQQ: the broker holds 100 shares, our orders explain 0; taken over", outcome.err)
        self.assertEqual(exchange.positions(), {})

        first, last = self.lines("positions")[0], self.lines("positions")[-1]
        held = {p["symbol"]: (p["qty"], p["avg_entry"]) for p in first["positions"]}
        self.assertEqual(held, {"TQQQ": (100, entry)})
        self.assertAlmostEqual(first["equity"], first["cash"] + 100 * first["positions"][0]["mark"], places=2)
        trades = self.lines("trades")
        sale = next(t for t in trades if t["symbol"] == "TQQQ")
        self.assertEqual((sale["side"], sale["qty"]), ("sell", 100), "sold before it is bought")
        self.assertAlmostEqual(sale["pnl"], 100 * (sale["price"] - entry) - sale["fees"], places=4)
        capital = self.journal_header()["capital"]
        self.assertEqual(capital, 100_000 + 100 * entry, "the shares are part of what the day began with")
        earned = sum(t["pnl"] if t["side"] == "sell" else -t["fees"] for t in trades)
        self.assertAlmostEqual(last["cash"], capital + earned, places=2)
        sales = len({t["order_id"] for t in trades if t["side"] == "sell"})
        summary = self.summary()
        self.assertEqual(summary["performance"]["round_trips"], sales)

    def test_another_symbol_is_left_alone_and_reported(self):
        exchange = self.exchange(faults=["foreign position SPXL 50"])
        outcome = self.live("--symbols", "TQQQ,SQQQ", exchange=exchange)
        self.expect_traded(outcome, exchange)
        self.assertIn("SPXL: 50 shares, not one of our instruments; left alone", outcome.err)
        self.assertEqual(exchange.positions()["SPXL"], 50)
        self.assertEqual({o["symbol"] for o in exchange.orders()} - {"TQQQ", "SQQQ"}, set())


class Unreadable(LiveTest):
    """A file that cannot be looked at is not absent: a day begun before must not be begun again over it."""

    def refused(self, name):
        exchange = self.exchange()
        self.live_logs.mkdir(parents=True, exist_ok=True)
        file = self.live_logs / (name % DAY)
        file.symlink_to(file.name)  # leads back to itself
        outcome = self.live(*self.alert_command(), exchange=exchange)
        self.assertEqual(outcome.code, 2, outcome.err)
        self.assertEqual(len(outcome.problems), 1, outcome.err)
        self.assertIn(file.name + ": cannot be looked at: ", outcome.problems[0])
        self.assertEqual(exchange.orders(), [])
        self.assertTrue(file.is_symlink())
        file.unlink()

    def test_a_journal(self):
        self.refused("journal_%s.jsonl")

    def test_the_latch_of_the_breaker(self):
        self.refused("breaker_%s.json")


class ClosedDay(LiveTest):
    def test_a_closed_day_is_exit_8_before_anybody_is_asked(self):
        today = datetime.datetime.now(zoneinfo.ZoneInfo("America/New_York")).date().isoformat()
        if run("mock", "--date", today, "--log-dir", self.folder / "other").code != 8:
            self.skipTest("the market is open today: this would ask the broker itself")
        self.expect_refused(self.live(*self.alert_command()), 8, today + ": no session: ")
        self.assertEqual(self.alerts(), "", "a holiday is no trouble")


if __name__ == "__main__":
    unittest.main()
