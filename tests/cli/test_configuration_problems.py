"""Wrong configuration files and symbols: exit code 2, all problems at once, the next step where there is one."""

import json
import os
import unittest

from support import CliTest, run

DAY = "2025-07-02"


class ConfigurationProblems(CliTest):
    def refused(self, text, *problems):
        """Both `config check` and `mock` refuse the file, with the same lines."""
        path = self.write("mine.json", text)
        for command in (("config", "check"), ("config", "show"), ("mock", "--date", DAY, "--log-dir", self.logs)):
            with self.subTest(command=command[:2]):
                self.expect_refusal(run(*command, "--config", path), 2, *problems)

    def test_an_unknown_key_is_named_with_the_nearest_known_one(self):
        self.refused('{"rotation_manager_config": {"max_positons": 3}}',
                     'mine.json: rotation_manager_config: unknown key "max_positons"; did you mean "max_positions"?')
        self.refused('{"oes_confg": {}}', 'unknown key "oes_confg"; did you mean "oes_config"?')
        self.refused('{"max_positions": 3}', 'unknown key "max_positions"; it belongs in "rotation_manager_config"')
        self.refused('{"zzzzzzzz": 1}', 'unknown key "zzzzzzzz"')

    def test_values_out_of_range_are_all_named_at_once(self):
        self.refused('{"oes_config": {"ewrls_lambda": 1.5, "horizons": []},'
                     ' "rotation_manager_config": {"max_positions": 0, "stop_loss_pct": -1, "rank_by": "luck"}}',
                     "ewrls_lambda must be <= 1, was 1.5", "horizons must be a list of whole numbers, found []",
                     "max_positions must be >= 1, was 0", "stop_loss_pct must be > 0, was -1", "rank_by must be")

    def test_a_number_in_quotes_is_not_a_number(self):
        self.refused('{"oes_config": {"ewrls_lambda": "0.98"}}', 'must be a number, found "0.98"')

    def test_a_number_of_trials_that_is_none(self):
        self.refused('{"_evidence": {"trials": 0}}',
                     "mine.json: _evidence.trials must be a whole number from 1 to 1000000000, was 0")

    def test_one_key_with_two_values(self):
        self.refused('{"parameters": {"min_hold_bars": 2}, "rotation_manager_config": {"minimum_hold_bars": 5}}',
                     "minimum_hold_bars: one key, two values: 5 here, 2 as parameters.min_hold_bars")
        self.refused('{"parameters": {"min_hold_bars": 2, "min_hold_bars": 3}}',
                     "parameters.min_hold_bars: one key, two values: 2 and 3")
        self.refused('{"oes_config": {"initial_variance": 5, "regularization": 0.1}}',
                     "regularization 0.1 and oes_config.initial_variance 5 contradict each other")

    def test_wrong_json_is_named_with_its_line(self):
        self.refused('{\n "oes_config": {\n  "ewrls_lambda": 0.98,,\n }}\n', "mine.json: parse error at line 3, column ")
        self.refused("", "mine.json: parse error at line 1, column 1")
        self.refused("[]\n", "expected a JSON object, found []")

    def test_a_missing_file(self):
        outcome = self.mock("--date", DAY, "--config", self.folder / "nope.json")
        self.expect_refusal(outcome, 2, "nope.json: configuration file cannot be read: No such file or directory")
        outcome = self.mock("--date", DAY, "--symbols-config", self.folder / "nope.json")
        self.expect_refusal(outcome, 2, "nope.json: configuration file cannot be read: No such file or directory")
        self.expect_refusal(self.mock("--date", DAY, "--config", self.folder), 2, "is not a readable file")

    def test_unknown_symbols(self):
        outcome = self.mock("--date", DAY, "--symbols", "TQQQ,UVXXY,FOO")
        self.expect_refusal(outcome, 2, '--symbols: unknown symbol "UVXXY"; did you mean "UVXY"?',
                            '--symbols: unknown symbol "FOO"')
        outcome = run("features", "--symbol", "UVXXY", "--date", DAY, "--data-dir", self.bars)
        self.expect_refusal(outcome, 2, 'unknown symbol "UVXXY"; did you mean "UVXY"?')
        self.refused('{"active_symbols": ["SPXLL"]}', 'active_symbols: unknown symbol "SPXLL"; did you mean "SPXL"?')

    def test_a_symbols_file_without_its_keys(self):
        path = self.write("symbols.json", "{}")
        self.expect_refusal(run("config", "check", "--symbols-config", path), 2,
                            "active_symbols is missing", "symbol_metadata is missing")

    def test_an_odd_but_sound_configuration_warns_and_goes_on(self):
        path = self.write("early.json", '{"rotation_manager_config": {"eod_exit_time_minutes": 358}}')
        outcome = run("config", "check", "--config", path)
        self.assertEqual(outcome.code, 0)
        self.assertEqual(len(outcome.warnings), 2, outcome.err)
        self.assertIn("358 is 15:28 New York time; 15:58 is 388", outcome.err)


class ConfigShow(CliTest):
    def test_what_is_shown_loads_again_and_shows_the_same(self):
        for config in ("rotation_strategy", "rotation_params", "cost_aware"):
            with self.subTest(config):
                shown = self.expect_success(run("config", "show", "--config", "config/%s.json" % config)).out
                again = self.expect_success(run("config", "show", "--config", self.write("shown.json", shown))).out
                self.assertEqual(again, shown)

    def test_later_files_win_key_by_key_and_the_flag_wins_over_the_files(self):
        path = self.write("more.json", '{"rotation_manager_config": {"max_positions": 2}} // mine\n')
        shown = json.loads(run("config", "show", "--config", "config/rotation_strategy.json", "--config", path).out)
        self.assertEqual(shown["rotation_manager_config"]["max_positions"], 2)
        self.assertEqual(shown["rotation_manager_config"]["minimum_hold_bars"], 5)
        self.assertEqual(shown["active_symbols"], ["TQQQ", "SQQQ", "SPXL", "SDS", "UVXY", "SVXY"])
        shown = json.loads(run("config", "show", "--symbols", "SPY,QQQ").out)
        self.assertEqual(shown["active_symbols"], ["SPY", "QQQ"])

    def test_a_sound_configuration_is_named(self):
        outcome = self.expect_success(run("config", "check"))
        self.assertEqual(outcome.out, "ok: config/rotation_strategy.json, 6 instruments\n")
        outcome = self.expect_success(run("config", "check", "--config", "config/rotation_params.json"))
        self.assertEqual(outcome.out, "ok: config/rotation_params.json, 12 instruments\n")


class Names(CliTest):
    def test_a_file_whose_name_is_no_utf_8(self):
        name = os.fsencode(self.folder) + b"/mine\xff.json"
        with open(name, "wb") as file:
            file.write(b'{"name": "Mine", "active_symbols": ["TQQQ", "SQQQ"]}')
        self.expect_success(self.mock("--date", DAY, "-q", "--config", os.fsdecode(name)))
        summary = json.loads((self.results / ("summary_%s.json" % DAY)).read_text())
        self.assertIn("/mine\ufffd.json", json.dumps(summary, ensure_ascii=False))


if __name__ == "__main__":
    unittest.main()
