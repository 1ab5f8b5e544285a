"""The operator's scripts: times in New York, cron entries, timers and jobs, with crontab and sentio_cli replaced."""

import datetime
import os
import re
import shutil
import subprocess
import unittest
import zoneinfo

import support
from script_support import SCRIPTS, ScriptTest

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
# The Friday before and the Monday after both changes of 2026 in New York, which Europe changes three weeks and one week apart.
CHANGES = ("2026-03-06", "2026-03-09", "2026-10-30", "2026-11-02", "2026-03-27", "2026-03-30", "2026-10-23", "2026-10-26")
ZONES = ("UTC", "America/New_York", "America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo", "Asia/Kolkata", "Australia/Sydney")
FAKE_CRONTAB = """#!/bin/sh
case $1 in
  -l) if [ -e "$TABLE" ]; then cat "$TABLE"; else echo "no crontab for me" >&2; exit 1; fi ;;
  -) cat >"$TABLE" ;;
esac
"""
FAKE_CLI = """#!/bin/sh
echo "$*" >>"$CALLS"
[ -z "$SAYS" ] || echo "$SAYS"
case " $FAILS " in *" $1 "*) exit "$CODE" ;; esac
"""


class AtNewYork(ScriptTest):
    def runs(self, wanted, moment, zone="UTC"):
        """Whether the command ran at that moment on a machine in that zone."""
        result = self.script("at_new_york.sh", wanted, "echo", "ran", TZ=zone, AT_NEW_YORK_NOW=str(int(moment.timestamp())))
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn(result.stdout, ("", "ran\n"))
        return result.stdout != ""

    def test_both_sides_of_both_changes(self):
        for day in CHANGES[:4]:
            right = datetime.datetime.fromisoformat(day + "T09:20").replace(tzinfo=NEW_YORK)
            for zone in ("UTC", "Europe/Berlin", "Asia/Tokyo"):
                with self.subTest(day=day, zone=zone):
                    moment = right.astimezone(datetime.timezone.utc)
                    self.assertTrue(self.runs("09:20", moment, zone))
                    for hours in (-1, 1):
                        self.assertFalse(self.runs("09:20", moment + datetime.timedelta(hours=hours), zone))

    def test_cron_may_be_late_but_never_early(self):
        right = datetime.datetime(2026, 7, 1, 13, 20, tzinfo=datetime.timezone.utc)
        for seconds, expected in ((-1, False), (0, True), (59, True), (600, True), (660, False)):
            self.assertEqual(self.runs("09:20", right + datetime.timedelta(seconds=seconds)), expected, seconds)

    def test_the_commands_own_exit_code_and_words(self):
        result = self.script("at_new_york.sh", "09:20", "sh", "-c", 'printf "%s" "$1"; exit 8', "sh", "a b", AT_NEW_YORK_NOW="1782912000")
        self.assertEqual((result.returncode, result.stdout), (8, "a b"))

    def test_usage(self):
        for arguments in ((), ("09:20",), ("9:20", "true"), ("24:00", "true"), ("09:60", "true")):
            result = self.script("at_new_york.sh", *arguments)
            self.assertEqual(result.returncode, 2, arguments)
            self.assertIn("at_new_york.sh HH:MM COMMAND", result.stderr)

    def test_a_machine_without_time_zones_says_so(self):
        self.put("bin/date", "#!/bin/sh\ncase \"$*\" in *%z) echo +0000 ;; *) exec /bin/date \"$@\" ;; esac\n")
        result = self.script("at_new_york.sh", "09:20", "echo", "ran", PATH=str(self.folder / "bin") + ":" + os.environ["PATH"])
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("install tzdata", result.stderr)


class Cron(ScriptTest):
    def entries(self, zone, *flags):
        result = self.script("install_cron.sh", "--zone", zone, *flags, AT_NEW_YORK_NOW="1764340000")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return [line for line in result.stdout.splitlines() if not line.startswith("#")]

    @staticmethod
    def field(text, value):
        return text == "*" or str(value) in text.split(",")

    def firing(self, entries, moment):
        """(New York time, job) of the entries that cron starts at that local moment: no ranges, no steps in ours."""
        out = []
        for entry in entries:
            minute, hour, day, month, weekday, command = entry.split(" ", 5)
            if (self.field(minute, moment.minute) and self.field(hour, moment.hour) and self.field(day, moment.day)
                    and self.field(month, moment.month) and self.field(weekday, moment.isoweekday())):
                out.append(re.search(r"at_new_york.sh (\S+) scripts/operator_job.sh (\S+)", command).groups())
        return out

    def test_each_job_is_let_through_once_at_its_time(self):
        due = [("09:00", "doctor"), ("09:20", "live"), ("16:15", "after-close")]
        days = [(day, due) for day in CHANGES]
        days += [("2026-03-07", [("10:00", "weekly")]), ("2026-10-31", [("10:00", "weekly")]), ("2026-11-07", [("10:00", "weekly")])]
        days += [("2026-03-01", [("11:00", "monthly")]), ("2026-11-01", [("11:00", "monthly")]), ("2027-11-01", [*due, ("11:00", "monthly")]),
                 ("2026-03-08", [])]  # the Sunday of a change
        for zone in ZONES:
            entries = self.entries(zone)
            for day, expected in days:
                with self.subTest(zone=zone, day=day):
                    ran = []
                    start = datetime.datetime.fromisoformat(day).replace(tzinfo=NEW_YORK).astimezone(datetime.timezone.utc)
                    for minute in range(0, 24 * 60, 5):
                        moment = start + datetime.timedelta(minutes=minute)
                        clock = moment.astimezone(NEW_YORK).strftime("%H:%M")
                        for wanted, job in self.firing(entries, moment.astimezone(zoneinfo.ZoneInfo(zone))):
                            if clock == wanted:  # what at_new_york.sh lets through, tested above
                                ran.append((wanted, job))
                    self.assertEqual(sorted(ran), sorted(expected))

    def test_a_machine_in_new_york_needs_one_entry_each(self):
        self.assertEqual(len(self.entries("America/New_York")), 5)
        self.assertEqual(len(self.entries("UTC")), 10)

    def test_flags_survive_cron_and_the_shell(self):
        words = ["--config", "my conf/50% 'so'.json", "--alert-cmd", "echo $HOME; true"]
        entry = self.entries("UTC", "--real", *words)[0]
        command = entry.split(" ", 5)[5].replace("\\%", "%")
        self.assertNotIn("%", entry.replace("\\%", ""))
        shown = subprocess.run(["sh", "-c", "set -- " + command.split(" doctor", 1)[1] + '; printf "%s\\n" "$@"'], capture_output=True, text=True)
        self.assertEqual(shown.stdout.splitlines(), ["--real", *words])
        self.assertTrue(command.startswith("cd %s && " % support.ROOT))

    def test_real_money_needs_a_line_of_ones_own(self):
        result = self.script("install_cron.sh", "--real")
        self.assertNotRegex(result.stdout, r"(?m)^[^#]*SENTIO_REAL_TRADING")
        self.assertIn("yours to write", result.stdout)
        self.assertNotIn("SENTIO_REAL_TRADING", self.script("install_cron.sh").stdout)

    def test_usage(self):
        for arguments in (("--no-such",), ("--config",), ("--zone", "Mars/Base"), ("--config", "a\nb")):
            self.assertEqual(self.script("install_cron.sh", *arguments).returncode, 2, arguments)

    # ---- the crontab

    def install(self, *arguments):
        self.put("bin/crontab", FAKE_CRONTAB)
        return self.script("install_cron.sh", *arguments, PATH=str(self.folder / "bin") + ":" + os.environ["PATH"],
                           TABLE=str(self.table), AT_NEW_YORK_NOW="1764340000")

    @property
    def table(self):
        return self.folder / "table"

    def test_install_is_idempotent_and_remove_restores(self):
        for before in (None, "MAILTO=me\n5 4 * * * mine # >>> sentio\n\n"):
            with self.subTest(before):
                if before is not None:
                    self.table.write_text(before)
                self.assertEqual(self.install("--install").returncode, 0)
                once = self.table.read_text()
                self.assertTrue(once.startswith((before or "").rstrip("\n")))
                self.assertEqual(once.count("operator_job.sh doctor"), once.count("operator_job.sh live"))
                self.install("--install")
                self.assertEqual(self.table.read_text(), once)
                self.install("--install", "--targets", "design-production")
                self.assertEqual(self.table.read_text().count("# >>> sentio:"), 1)
                self.assertIn("--targets design-production", self.table.read_text())
                self.assertEqual(self.install("--remove").returncode, 0)
                self.assertEqual(self.table.read_text().rstrip("\n"), (before or "").rstrip("\n"))
                self.table.unlink()

    def test_a_crontab_that_cannot_be_read_is_left_alone(self):
        self.table.write_text("5 4 * * * mine\n")
        self.put("bin/crontab", FAKE_CRONTAB.replace('-l)', '-l) echo "must be privileged" >&2; exit 1 ;; x)'))
        result = self.script("install_cron.sh", "--install", PATH=str(self.folder / "bin") + ":" + os.environ["PATH"], TABLE=str(self.table))
        self.assertEqual(result.returncode, 1)
        self.assertIn("must be privileged", result.stderr)
        self.assertEqual(self.table.read_text(), "5 4 * * * mine\n")

    def test_half_a_block_is_not_guessed_at(self):
        self.install("--install")
        damaged = "\n".join(line for line in self.table.read_text().splitlines() if "<<<" not in line) + "\n5 4 * * * mine\n"
        self.table.write_text(damaged)
        result = self.install("--install")
        self.assertEqual(result.returncode, 1)
        self.assertIn("crontab -e", result.stderr)
        self.assertEqual(self.table.read_text(), damaged)


class Systemd(ScriptTest):
    def units(self):
        out = self.folder / "units"
        out.mkdir()
        for file in (SCRIPTS / "systemd").iterdir():
            (out / file.name).write_text(file.read_text().replace("%h/sentio", support.ROOT))
        return out

    def test_times_are_those_of_cron(self):
        cron = {}
        for line in self.script("install_cron.sh", "--zone", "America/New_York").stdout.splitlines():
            found = re.search(r"at_new_york.sh (\S+) scripts/operator_job.sh (\S+)", line)
            if found:
                cron[found[2]] = found[1]
        timers = {}
        for file in (SCRIPTS / "systemd").glob("*.timer"):
            found = re.search(r"OnCalendar=.* (\d\d:\d\d):00 America/New_York", file.read_text())
            timers[file.stem.replace("sentio-", "")] = found[1]
        self.assertEqual(timers, cron)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
    def test_systemd_takes_them(self):
        units = self.units()
        names = [str(p) for p in units.glob("*.timer")] + [str(units / "sentio-live.service")]
        names += [str(units / ("sentio@%s.service" % job)) for job in ("doctor", "weekly")]
        shutil.copy(units / "sentio@.service", units / "sentio@doctor.service")
        shutil.copy(units / "sentio@.service", units / "sentio@weekly.service")
        result = subprocess.run(["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True)
        ours = [line for line in result.stderr.splitlines() if "sentio" in line or str(units) in line]
        self.assertEqual(ours, [], result.stderr)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
    def test_calendars_follow_new_york_across_the_change(self):
        for base, expected in (("2026-03-06 20:00:00 UTC", "2026-03-09 13:20:00 UTC"), ("2026-10-30 20:00:00 UTC", "2026-11-02 14:20:00 UTC")):
            calendar = re.search("OnCalendar=(.*)", (SCRIPTS / "systemd" / "sentio-live.timer").read_text())[1]
            result = subprocess.run(["systemd-analyze", "calendar", "--base-time=" + base, calendar], capture_output=True, text=True,
                                    env={**os.environ, "TZ": "UTC"})
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(expected, result.stdout)


class Jobs(ScriptTest):
    NOW = str(int(datetime.datetime(2026, 3, 9, 20, 15, tzinfo=datetime.timezone.utc).timestamp()))  # 16:15 in New York

    def job(self, *arguments, now=NOW, **environment):
        cli = self.put("cli", FAKE_CLI)
        return self.script("operator_job.sh", *arguments, "--log-dir", self.folder / "lo gs", SENTIO_CLI=str(cli), CALLS=str(self.calls),
                           AT_NEW_YORK_NOW=now, **environment)

    def test_doctor_and_live_get_the_same_set_up(self):
        logs = str(self.folder / "lo gs")
        flags = ("--config", "a b.json", "--data-dir", "bars", "--env-file", "k.env")
        self.assertEqual(self.job("doctor", *flags).returncode, 0)
        self.assertEqual(self.job("live", "--real", *flags, "--alert-cmd", "tell").returncode, 0)
        self.assertEqual(self.called(), [
            "doctor --paper -q --log-dir %s --config a b.json --data-dir bars --env-file k.env" % logs,
            "live --real -q --log-dir %s --yes --alert-cmd tell --config a b.json --data-dir bars --env-file k.env" % logs])

    def test_after_close_analyses_new_yorks_today(self):
        for now, day in ((self.NOW, "2026-03-09"), (str(int(self.NOW) + 6 * 3600), "2026-03-09")):
            self.job("after-close", "--targets", "design-production", now=now, TZ="Asia/Tokyo")
            analysis, report = self.called()[-2:]
            self.assertTrue(analysis.startswith("analyze-mrd --date %s --mode live" % day), analysis)
            self.assertTrue(report.startswith("report --date %s --mode live --html %s/lo gs/reports/day_%s.html" % (day, self.folder, day)), report)
            for call in (analysis, report):
                self.assertTrue(call.endswith("--targets design-production"), call)

    def test_a_closed_day_ends_quietly(self):
        result = self.job("after-close", "--alert-cmd", "echo told >> '%s'" % self.calls, FAILS="analyze-mrd", CODE="8", SAYS="no session")
        self.assertEqual((result.returncode, result.stdout, len(self.called())), (8, "", 1))

    def test_a_failure_is_told_once_and_the_rest_is_done(self):
        alert = "cat >'%s/heard'; echo \"$SENTIO_ALERT_TITLE: $SENTIO_ALERT_TEXT\" >>'%s/heard'" % (self.folder, self.folder)
        result = self.job("after-close", "--alert-cmd", alert, FAILS="analyze-mrd", CODE="3", SAYS="no such day")
        self.assertEqual(result.returncode, 3)
        self.assertEqual(len(self.called()), 2)
        heard = (self.folder / "heard").read_text()
        self.assertEqual(heard, "no such day\nno such day\nsentio after-close: after-close ended with exit code 3\n")
        log = (self.folder / "lo gs" / "operator.log").read_text()
        self.assertEqual(log, "--- 2026-03-09 after-close: exit code 3\nno such day\nno such day\n")

    def test_weekly_maintains_even_where_the_analysis_fails(self):
        result = self.job("weekly", "--backup-dir", self.folder / "backups", FAILS="analyze-mrd", CODE="3")
        self.assertEqual(result.returncode, 3)
        self.assertTrue(self.called()[0].startswith("analyze-mrd --week 2026-03-09 --mode live"))
        self.assertIn("nothing new to pack", result.stdout)

    def test_monthly_is_the_month_before(self):
        for day, month in (("2026-03-01", "2026-02"), ("2026-01-01", "2025-12")):
            noon = datetime.datetime.fromisoformat(day + "T11:00").replace(tzinfo=NEW_YORK)
            self.assertEqual(self.job("monthly", now=str(int(noon.timestamp()))).returncode, 0)
            self.assertIn("report --month %s --mode live --html %s/lo gs/reports/month_%s.html" % (month, self.folder, month), self.called()[-1])

    def test_an_installed_script_works_below_sentio_home(self):
        home = self.folder / "ho me"
        home.mkdir()
        for name in ("operator_job.sh", "weekly_maintenance.sh"):
            self.put("share/" + name, (SCRIPTS / name).read_text())
        cli = self.put("cli", FAKE_CLI)
        environment = {"SENTIO_HOME": str(home), "SENTIO_CLI": str(cli), "CALLS": str(self.calls), "AT_NEW_YORK_NOW": self.NOW}
        result = self.script(str(self.folder / "share/operator_job.sh"), "weekly", **environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("nothing new to pack", result.stdout)
        self.assertTrue((home / "logs/operator.log").exists())
        usage = self.script(str(self.folder / "share/operator_job.sh"), "--help", **environment)
        self.assertTrue(usage.stdout.startswith("One job of the operator's day"), usage.stderr)

    def test_usage(self):
        for arguments in (("no-such-job",), ("doctor", "--no-such", "x"), ("doctor", "--config")):
            result = self.script("operator_job.sh", *arguments)
            self.assertEqual(result.returncode, 2, arguments)
        self.assertEqual(self.script("operator_job.sh", "doctor", "--log-dir", self.folder / "l", SENTIO_CLI="/no/such").returncode, 2)


if __name__ == "__main__":
    unittest.main()
