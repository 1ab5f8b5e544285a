"""sentio.log of a live day at its most talkative: no key, webhook or query ever stands in it."""

import unittest

from startup_support import KEYS, WRONG
from test_alerts import AlertTest

POLYGON = "S3CR3T-polygon"


class Secrets(AlertTest):
    def log(self) -> str:
        return (self.logs / "sentio.log").read_text()

    def setUp(self):
        super().setUp()
        self.secrets.append(POLYGON)  # LiveTest looks for them in every byte that was printed or written

    def test_a_day_with_all_keys_set(self):
        exchange = self.exchange(to="09:40")
        outcome = self.live(*self.both(), "--log-level", "trace", "--feed", "alpaca", exchange=exchange,
                            keys={**KEYS, "POLYGON_API_KEY": POLYGON})
        self.assertEqual(outcome.problems, [], outcome.err)
        for event in ("alert_delivered", "order_answer", "http_answer", "socket_open", "thread_begins", "signals"):
            self.assertIn(event, self.log())

    def test_a_day_over_polygon_whose_history_takes_the_key(self):
        exchange = self.exchange(to="09:40", faults=["at 09:33 drop data"])
        self.live("--log-level", "trace", "--feed", "polygon", exchange=exchange,
                  keys={**KEYS, "POLYGON_API_KEY": KEYS["ALPACA_PAPER_API_KEY"]})
        self.assertIn("url=127.0.0.1/v2/aggs/ticker/", self.log())
        self.assertNotIn("?", self.log())

    def test_keys_that_are_refused_and_a_webhook_that_cannot_be_reached(self):
        exchange = self.exchange(to="09:33")
        self.inbox.stop()
        outcome = self.live("--alert-url", self.inbox.url, "--log-level", "trace", exchange=exchange,
                            keys={**KEYS, "ALPACA_PAPER_SECRET_KEY": WRONG})
        self.assertEqual(outcome.code, 4, outcome.err)
        self.assertIn("status=401", self.log())
        self.assertIn("alert_failed", self.log())


if __name__ == "__main__":
    unittest.main()
