"""`report --html` opened in headless Chromium: charts are drawn, nothing goes wrong, nothing is loaded, phones fit.

Skipped (77) where no Chromium runs. The bars are made up.
"""

import html.parser
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
from browser import working_browser  # noqa: E402
from support import CliTest, run  # noqa: E402

CHARTS = ("0", "1", "price", "confidence", "strength")
ATTACK = ("</script><script>document.documentElement.dataset.attacked='1'</script>"
          "<img src=x onerror=\"document.documentElement.dataset.attacked='2'\">'")
FLAGS = ("--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking --disable-sync"
         " --no-first-run --enable-logging=stderr --window-size=1000,1400 --virtual-time-budget=4000").split()


BROWSER = working_browser()


class Dom(html.parser.HTMLParser):
    """Attributes of <html>, of elements by id, and the canvases inside each."""

    def __init__(self, text):
        super().__init__()
        self.root, self.by_id, self.canvases, self.open_chart = {}, {}, {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag == "html":
            self.root = named
        if "id" in named:
            self.by_id[named["id"]] = named
        if named.get("id", "").startswith("chart-"):
            self.open_chart = named["id"]
        if tag == "canvas" and self.open_chart:
            self.canvases.setdefault(self.open_chart, []).append((int(named["width"]), int(named["height"])))


def open_page(page: pathlib.Path, *flags: str):
    """The page's DOM after its scripts ran, and what Chromium logged of its console."""
    with tempfile.TemporaryDirectory() as profile:
        command = [BROWSER, *FLAGS, "--user-data-dir=" + profile, *flags, "--dump-dom", page.as_uri()]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=240)
    console = [line for line in done.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line]
    return done.stdout.decode(), console


class Page(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(shared.cleanup)
        cls.run_logs = pathlib.Path(shared.name) / "logs"
        ran = run("mock", "--start-date", "2025-07-01", "--end-date", "2025-07-03", "--warmup-days", 1,
                  "--data-dir", cls.bars, "--log-dir", cls.run_logs, "-q")
        assert ran.code == 0, ran.err

    def page(self, *arguments, logs=None):
        made = self.folder / "page.html"
        self.expect_success(run("report", *arguments, "--html", made, "--log-dir", logs or self.run_logs,
                                "--data-dir", self.bars))
        return made

    def with_script(self, page, script):
        """A copy that does more once it is drawn, and leaves `result` in <html data-result>."""
        text = page.read_text()
        copy = page.with_name("driven.html")
        after_load = ("<script>addEventListener('load', () => { const result = {};\n%s\n"
                      "document.documentElement.dataset.result = JSON.stringify(result); });</script></body>")
        copy.write_text(text.replace("</body>", after_load % script))
        return copy

    def drive(self, page, script):
        text, console = open_page(self.with_script(page, script))
        dom = Dom(text)
        self.assertEqual((dom.root.get("data-errors"), console), ("0", []))
        return json.loads(dom.root["data-result"])

    def expect_drawn(self, page):
        text, console = open_page(page)
        self.assertEqual(console, [])
        dom = Dom(text)
        self.assertEqual(dom.root["data-errors"], "0")
        self.assertEqual(dom.root["data-charts"], str(len(CHARTS)))
        for chart in CHARTS:
            with self.subTest(chart):
                self.assertGreater(int(dom.by_id["chart-" + chart]["data-drawn"]), 100)
                self.assertTrue(dom.canvases["chart-" + chart])
                for width, height in dom.canvases["chart-" + chart]:
                    self.assertGreater(width, 300)
                    self.assertGreater(height, 50)
        return text

    def test_a_month_is_drawn(self):
        text = self.expect_drawn(self.page("--month", "2025-07"))
        self.assertIn("SYNTHETIC", text)
        self.assertEqual(text.count("data-date="), 22)  # 3 days, and 19 sessions that were not run

    def test_a_day_is_drawn(self):
        self.assertIn("No interval: one day is one day.", self.expect_drawn(self.page("--date", "2025-07-03")))

    def test_choosing_reading_and_zooming(self):
        got = self.drive(self.page("--month", "2025-07"), """
          const legend = id => document.getElementById("legend-" + id).textContent;
          const press = (id, key) =>
            document.getElementById("chart-" + id).dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
          const buttons = document.querySelectorAll("[data-instrument]");
          buttons[1].click();
          result.chosen = buttons[1].querySelector("b").textContent;
          result.pressed = [...buttons].map(b => b.getAttribute("aria-pressed"));
          result.price = legend("price");
          press("0", "ArrowRight");
          result.first = legend("0");
          result.together = legend("strength");
          press("0", "+");
          result.zoomed = !document.getElementById("zoom-out").hidden;
          press("0", "Escape");
          result.whole = document.getElementById("zoom-out").hidden;
          const cell = document.querySelector("[data-date='2025-07-02']");
          cell.click();
          result.dayZoomed = !document.getElementById("zoom-out").hidden;
          press("0", "ArrowRight");
          press("0", "ArrowLeft");
          document.getElementById("zoom-out").click();
          result.wholeAgain = document.getElementById("zoom-out").hidden;
          result.loaded = performance.getEntriesByType("resource").length;
        """)
        self.assertEqual(got["pressed"][:2], ["false", "true"])
        self.assertIn(got["chosen"], got["price"])
        self.assertRegex(got["first"], r"^Jul 1 09:31 ET .*\d")
        self.assertRegex(got["together"], r"^Jul 1 09:31 ET")
        self.assertTrue(got["zoomed"] and got["whole"] and got["dayZoomed"] and got["wholeAgain"], got)
        self.assertEqual(got["loaded"], 0)

    def test_a_phone_needs_no_sideways_scrolling(self):
        driven = self.with_script(self.page("--month", "2025-07"), """
          const root = document.documentElement;
          parent.postMessage({width: root.clientWidth, scroll: root.scrollWidth, errors: root.dataset.errors,
                              chart: document.getElementById("chart-price").clientWidth}, "*");""")
        for width in (320, 400):
            outer = self.write("outer.html", """<!doctype html><body>
              <iframe src="%s" style="border:0;width:%dpx;height:900px"></iframe>
              <script>addEventListener("message", e => {
                document.documentElement.dataset.result = JSON.stringify(e.data); });</script>""" % (driven.name, width))
            text, _ = open_page(outer, "--allow-file-access-from-files", "--hide-scrollbars")
            got = json.loads(Dom(text).root["data-result"])
            self.assertEqual(got["errors"], "0")
            self.assertEqual((got["width"], got["scroll"]), (width, width))
            self.assertGreater(got["chart"], width - 60)

    def test_what_files_hold_never_runs(self):
        logs = self.folder / "attacked"
        shutil.copytree(self.run_logs, logs)
        folder = logs / "mock_trading"
        for summary in folder.glob("summary_*.json"):
            said = json.loads(summary.read_text())
            said["strategy"] = said["config"] = said["preflight_override"] = ATTACK
            said["instruments"].append(ATTACK)
            summary.write_text(json.dumps(said))
        for name in ("trades", "decisions", "signals"):
            for file in folder.glob(name + "_*.jsonl"):
                lines = [json.loads(line) for line in file.read_text().splitlines()]
                for line in lines[:40]:
                    line["symbol"] = ATTACK
                    line["reason"] = ATTACK
                file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        made = self.folder / "attacked.html"
        outcome = run("report", "--month", "2025-07", "--html", made, "--log-dir", logs)
        self.assertEqual(outcome.code, 0, outcome.err)
        got = self.drive(made, """
          for (const button of document.querySelectorAll("[data-instrument]")) button.click();
          result.attacked = document.documentElement.dataset.attacked || "no";
          result.named = document.querySelectorAll("img").length;
          result.shown = document.body.textContent.includes("onerror");""")
        self.assertEqual(got, {"attacked": "no", "named": 0, "shown": True})

    def test_without_javascript_the_evidence_stands(self):
        text = self.page("--month", "2025-07").read_text()
        before_scripts = text[text.index("<body>"):text.index("<script")]
        for said in ("MRD, mean return per day", "No interval: 3 days", "SYNTHETIC", "By instrument", "Assumptions"):
            self.assertIn(said, before_scripts)

    def test_an_error_in_the_page_is_counted(self):
        """The other tests rest on data-errors: it must be able to speak."""
        page = self.page("--date", "2025-07-03")
        page.write_text(page.read_text().replace('"step":1', '"step":"', 1))
        text, console = open_page(page)
        self.assertEqual(Dom(text).root["data-errors"], "1")
        self.assertTrue(console)


if __name__ == "__main__":
    if BROWSER is None:
        print("skipped: no Chromium that runs (Debian: apt-get install chromium)")
        sys.exit(77)
    unittest.main()
