"""Another tape than the learners know: told, and avoided by learning from the feed that is traded on."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

from day import DAY, trade  # noqa: E402
from support import CliTest  # noqa: E402

THIN = ["thin 0.02 drop 0.1"]
SAID = "in the first half hour the feed's volumes were"


class OneExchangesTape(CliTest):
    def day(self, faults, *flags):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        return trade(self.bars, folder, ("09:30", "10:02"), faults, date=DAY, warmup_days=2, live_args=list(flags))

    def test_with_files_of_all_exchanges_it_is_told_once(self):
        day = self.day(THIN)
        self.assertEqual(day.alerts.count(SAID), 1, day.alerts)
        self.assertIn("--warmup-from feed", day.alerts)

    def test_learned_from_the_feed_it_is_the_same_tape(self):
        day = self.day(THIN, "--warmup-from", "feed")
        self.assertNotIn(SAID, day.alerts)
        self.assertTrue(any("fetched over REST" in line for line in day.err.splitlines()), day.err)

    def test_the_same_tape_is_not_told(self):
        self.assertNotIn(SAID, self.day([]).alerts)


if __name__ == "__main__":
    unittest.main()
