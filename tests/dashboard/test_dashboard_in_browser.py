"""The dashboard in headless Chromium: follows a rehearsed day at speed 60, its end, a folder that goes away and the next day.

Skipped (77) where no Chromium runs. The bars are made up.
"""

import json
import shutil
import subprocess
import sys
import unittest

from served import Dashboard
from browser import Browser, working_browser
from support import CLI, DAY, HALF_DAY, ROOT, CliTest, environment, json_lines, run

PROGRAM = working_browser()
ATTACK = ("</script><script>document.documentElement.dataset.attacked='1'</script>"
          "<img src=x onerror=\"document.documentElement.dataset.attacked='2'\">'")
TEXT = "document.getElementById(%r).textContent"
ROWS = "document.getElementById(%r).tBodies.length && document.getElementById(%r).tBodies[0].rows.length"


class InBrowser(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser(PROGRAM)
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        super().setUp()
        self.live = self.logs / "live_trading"
        self.browser.shape(1000, 1400)
        self.browser.problems.clear()

    def dashboard(self, *more, **others):
        made = Dashboard(self.logs, *more, **others)
        self.addCleanup(lambda: made.process.poll() is None and made.stop())
        # Leaving the page first: a stream that ends would be an error on its console.
        self.addCleanup(self.browser.open, "about:blank")
        return made

    def rows(self, table):
        return self.browser.value(ROWS % (table, table))

    def wait_for_word(self, word):
        self.browser.wait("document.getElementById('word').textContent === %r" % word)

    def expect_no_problem(self):
        self.assertEqual(self.browser.problems, [])
        self.assertEqual(self.browser.value("document.documentElement.dataset.errors"), "0")

    def test_a_day_its_end_and_the_next(self):
        dashboard = self.dashboard()
        self.browser.open(dashboard.url)
        self.wait_for_word("WAITING FOR A DAY")
        rehearsal = subprocess.Popen(
            [CLI, "rehearse", "--date", DAY, "--speed", "60", "--from", "10:00", "--to", "10:10", "--warmup-days", "2", "--data-dir",
             str(self.bars), "--log-dir", str(self.logs), "-q"], cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(rehearsal.wait, 60)
        self.addCleanup(rehearsal.kill)
        self.wait_for_word("TRADING")
        self.browser.wait("document.getElementById('chart').dataset.points > 31")
        self.browser.wait("document.getElementById('positions-table').rows.length > 1")
        self.browser.wait("document.getElementById('decisions-table').rows.length > 1")
        self.assertEqual(self.rows("signals-table"), 6)
        self.assertEqual(self.rows("learners-table"), 6)
        self.assertIn("SYNTHETIC", self.browser.value(TEXT % "warnings"))
        self.assertIn("entries allowed", self.browser.value(TEXT % "lamps"))
        self.assertGreater(self.browser.value("document.querySelectorAll('#chart canvas')[0].width"), 300)
        self.wait_for_word("ENDED")
        book = json_lines(self.live / ("positions_%s.jsonl" % DAY))
        self.browser.wait("document.getElementById('chart').dataset.points === %r" % str(len(book)))
        self.assertIn("{:,.2f}".format(book[-1]["equity"]), self.browser.value(TEXT % "tiles"))
        self.assertEqual(self.rows("positions-table") or 0, len(book[-1]["positions"]))
        self.assertGreater(int(self.browser.value("document.documentElement.dataset.events")), 3, "sent once, not followed")
        self.assertEqual(self.browser.value("performance.getEntriesByType('navigation').length"), 1)
        rehearsal.wait(60)

        shutil.rmtree(self.live)
        self.wait_for_word("WAITING FOR A DAY")
        again = run("rehearse", "--date", HALF_DAY, "--warmup-days", 2, "--data-dir", self.bars, "--log-dir", self.logs, "-q")
        self.assertEqual(again.code, 0, again.err)
        self.wait_for_word("ENDED")
        self.browser.wait("document.getElementById('chart').dataset.points === '210'")
        self.assertIn(HALF_DAY, self.browser.value(TEXT % "title"))
        self.browser.wait(TEXT % "learners-note" + ".startsWith('As the day ended')")
        self.assertEqual(self.browser.value("performance.getEntriesByType('resource').filter(r => !r.name.startsWith(location.origin)).length"), 0)
        self.expect_no_problem()
        self.assertEqual(dashboard.stop(), 0)

    def test_a_phone_needs_no_sideways_scrolling(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        shown = json.loads(run("config", "show").out)
        (self.results / ("journal_%s.jsonl" % DAY)).write_text(json.dumps({"journal": 1, "mode": "rehearse", "config": shown}) + "\n")
        self.browser.open(self.dashboard("--mode", "mock").url)
        self.wait_for_word("RECORDED")
        self.assertIn(" < 0.500", self.browser.value(TEXT % "signals-table"))
        for width in (320, 390):
            for dark in (False, True):
                self.browser.shape(width, 844, 2, mobile=True, dark=dark)
                self.browser.wait("innerWidth === %d" % width)
                self.assertEqual(self.browser.value("document.documentElement.scrollWidth"), width)
                for table in ("signals-table", "decisions-table", "trades-table", "learners-table"):
                    inside = "document.getElementById('%s').scrollWidth <= document.getElementById('%s').parentElement.clientWidth"
                    self.assertTrue(self.browser.value(inside % (table, table)) or width < 390, table)
        self.expect_no_problem()

    def test_it_comes_back_when_the_dashboard_does(self):
        first = self.dashboard()
        self.browser.open(first.url)
        self.wait_for_word("WAITING FOR A DAY")
        self.assertTrue(self.browser.value("document.getElementById('lost').hidden"))
        first.stop()
        self.browser.wait("!document.getElementById('lost').hidden")
        self.live.mkdir(parents=True)
        (self.live / ("positions_%s.jsonl" % DAY)).write_text('{"ts":"%sT09:31:00-04:00","equity":5,"positions":[]}\n' % DAY)
        self.dashboard(port=first.port)
        self.browser.wait("document.getElementById('lost').hidden")
        self.wait_for_word("RECORDED")

    def test_what_files_hold_never_runs(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        for kind in ("decisions", "signals", "trades", "positions", "health"):
            file = self.results / ("%s_%s.jsonl" % (kind, DAY))
            lines = json_lines(file)
            for line in lines[-40:]:
                line.update(symbol=ATTACK, reason=ATTACK, action="exit", side=ATTACK, limit=ATTACK, healthy=False, gate=ATTACK,
                            positions=[{"symbol": ATTACK, "qty": 1, "avg_entry": 1, "mark": 1}])
            file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        with open(self.results / ("session_%s.log" % DAY), "a") as log:
            log.write("%sT16:00:00-04:00 %s\n" % (DAY, ATTACK))
        (self.results / ("journal_%s.jsonl" % DAY)).write_text(json.dumps({"journal": 1, "mode": ATTACK, "config": {"name": ATTACK}}) + "\n")
        (self.results / "status.json").write_text(json.dumps({"date": DAY, "state": ATTACK, "exit_note": ATTACK, "account": ATTACK}))
        self.browser.open(self.dashboard("--mode", "mock").url)
        self.browser.wait("document.getElementById('word').textContent.includes('ONERROR')")
        self.browser.wait("document.getElementById('positions-table').textContent.includes('onerror')")
        self.assertEqual(self.browser.value("[document.documentElement.dataset.attacked || 'no', document.images.length]"), ["no", 0])
        for box in ("messages-list", "signals-table", "decisions-table", "trades-table", "learners-table", "subtitle"):
            self.assertIn("onerror", self.browser.value(TEXT % box), box)
        self.expect_no_problem()

    def test_an_error_in_the_page_is_counted(self):
        """The other tests rest on data-errors and the console: they must be able to speak."""
        self.browser.open(self.dashboard().url)
        self.wait_for_word("WAITING FOR A DAY")
        self.browser.value("setTimeout(() => { throw new Error('on purpose'); }, 0)")
        self.browser.wait("document.documentElement.dataset.errors === '1'")
        self.assertTrue(any("on purpose" in problem for problem in self.browser.problems), self.browser.problems)


if __name__ == "__main__":
    if PROGRAM is None:
        print("skipped: no Chromium that runs (Debian: apt-get install chromium)")
        sys.exit(77)
    unittest.main()
