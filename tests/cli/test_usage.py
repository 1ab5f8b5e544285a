"""Flags, help, version, where configuration is found, and the instruction set."""

import json
import os
import shutil
import unittest

from support import CLI, DAY, CliTest, commands, environment, run


class Help(CliTest):
    def test_every_command_has_help_with_an_example(self):
        verbs = [(verb,) for verb in commands()] + [("config", verb) for verb in commands("config")]
        self.assertLessEqual({("mock",), ("live-trade",), ("features",), ("config", "check")}, set(verbs))
        for verb in verbs:
            with self.subTest(verb=verb):
                outcome = self.expect_success(run(*verb, "--help"))
                self.assertRegex(outcome.out, r"Examples?:\n +sentio_cli " + verb[0])

    def test_the_program_explains_its_exit_codes(self):
        outcome = self.expect_success(run("--help"))
        for word in ("Exit codes: 0 done", "2 usage", "3 data", "8 no session that day", "10 gate not met"):
            self.assertIn(word, outcome.out)

    def test_the_version(self):
        self.assertRegex(self.expect_success(run("--version")).out, r"^sentio_cli \d+\.\d+\.\d+\n$")


class Usage(CliTest):
    def refused(self, arguments, problem, help_of="sentio_cli"):
        outcome = run(*arguments)
        self.assertEqual(outcome.code, 2)
        self.assertEqual(outcome.out, "")
        self.assertEqual(outcome.err, "sentio_cli: error: %s\n%s --help shows what there is.\n" % (problem, help_of))

    def test_mistyped_command_lines_name_the_nearest_word_and_the_help(self):
        mock, config = "sentio_cli mock", "sentio_cli config"
        for arguments, problem, help_of in (
            ((), "no command given", "sentio_cli"),
            (("mok",), "unknown command mok; did you mean mock?", "sentio_cli"),
            (("trade",), "unknown command trade", "sentio_cli"),
            (("--verison",), "unknown flag --verison; did you mean --version?", "sentio_cli"),
            (("config",), "no command given", config),
            (("config", "shwo"), "unknown command shwo; did you mean show?", config),
            (("mock", "--spede", "3"), "unknown flag --spede; did you mean --speed?", mock),
            (("mock", "--dat=2025-07-02"), "unknown flag --dat; did you mean --date?", mock),
            (("mock", "--xyzzyxyzzy"), "unknown flag --xyzzyxyzzy", mock),
            (("mock", "--date", DAY, "extra"), "unexpected argument extra", mock),
            (("mock", "--date"), "--date needs a value", mock),
            (("features", "--date", DAY), "--symbol is required", "sentio_cli features"),
        ):
            with self.subTest(arguments=arguments):
                self.refused(arguments, problem, help_of)

    def test_values_no_flag_takes(self):
        for flag, value, text in (
            ("--capital", "-5", "'-5' is not a number from 1 to 1000000000000"),
            ("--capital", "0", "'0' is not a number from 1 to"),
            ("--capital", "nan", "'nan' is not a number from 1 to"),
            ("--capital", "1e300", "'1e300' is not a number from 1 to"),
            ("--capital", "lots", "'lots' is not a number from 1 to"),
            ("--speed", "-1", "'-1' is not a number from 0 to"),
            ("--speed", "nan", "'nan' is not a number from 0 to"),
            ("--participation", "2", "'2' is not a number from 0 to 1"),
            ("--participation", "nan", "'nan' is not a number from 0 to 1"),
            ("--jobs", "1.5", "not in range 0 to 256"),
            ("--jobs", "-1", "not in range 0 to 256"),
            ("--warmup-days", "-1", "not in range 0 to 1000"),
            ("--fill", "perfect", "perfect not in {next-open,close}"),
        ):
            with self.subTest(flag=flag, value=value):
                outcome = self.mock("--date", DAY, flag, value)
                self.assertEqual(outcome.code, 2, outcome.err)
                first, second = outcome.err.splitlines()
                self.assertIn("sentio_cli: error: " + flag + ": ", first)
                self.assertIn(text, first)
                self.assertEqual(second, "sentio_cli mock --help shows what there is.")
                self.assertFalse(self.logs.exists())

    def test_unknown_targets_are_listed(self):
        outcome = self.mock("--date", DAY, "--targets", "moon")
        self.expect_refusal(outcome, 2, "unknown targets 'moon'; known: handbook, design-backtest, design-production")

    def test_the_older_spelling_replays_only(self):
        self.expect_refusal(self.mock("--mock-date", DAY, verb="live-trade"), 2, "add --mock")


class Dispatch(CliTest):
    def test_the_instruction_set_can_be_pinned(self):
        self.expect_success(self.mock("--date", DAY, "-q", env=environment(SENTIO_DISPATCH="baseline")))

    def test_an_unknown_instruction_set_is_refused(self):
        outcome = self.mock("--date", DAY, env=environment(SENTIO_DISPATCH="mmx"))
        self.expect_refusal(outcome, 2, "SENTIO_DISPATCH: mmx is not an instruction set; use baseline, avx2 or avx512")


class Installation(CliTest):
    def shown_name(self, **more):
        return json.loads(self.expect_success(run("config", "show", **more)).out)["name"]

    def test_config_is_found_beside_the_installation_from_anywhere(self):
        self.assertEqual(self.shown_name(cwd=self.folder), "Rotation Strategy v2.0")
        self.expect_success(self.mock("--date", DAY, "-q", cwd=self.folder))

    def test_config_where_the_user_stands_wins(self):
        (self.folder / "config").mkdir()
        self.write("config/rotation_strategy.json", '{"name": "Mine"}')
        self.assertEqual(self.shown_name(cwd=self.folder), "Mine")

    def test_a_binary_far_from_any_config_says_what_to_do(self):
        lone = self.folder / "sentio_cli"
        shutil.copy(CLI, lone)
        os.chmod(lone, 0o755)
        outcome = run("config", "check", cwd=self.folder, executable=str(lone))
        self.expect_refusal(outcome, 2, "config/rotation_strategy.json: configuration file cannot be read: No such file or "
                                        "directory; run where config/ is, or name the file with its flag")


if __name__ == "__main__":
    unittest.main()
