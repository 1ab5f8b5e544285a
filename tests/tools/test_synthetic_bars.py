import math
import statistics
import unittest
from datetime import date

import support
from generate_multi_symbol_data import generate
from synthetic import calendar
from synthetic.bars import bar_id
from synthetic.instruments import FUNDS, UNIVERSES

# Printed by the C++ function of the same name (src/core/bar.cpp).
KNOWN_IDS = (
    ("TQQQ", 29299050, 5973492084183402),
    ("TQQQ", 0, 5973492054884352),
    ("SQQQ", 25248390, 7587983171601030),
    ("A", 32081099, 601346993128651),
    ("UVXY", 29299050, 8632974488572266),
)


def by_day(rows):
    days = {}
    for row in rows:
        days.setdefault(row.day, {})[row.minute] = row
    return days


class SyntheticBars(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sessions = calendar.sessions_counted(date(2025, 7, 16), 24, -1)  # with 3 July, a half day
        lines = generate(list(FUNDS), cls.sessions, seed=11, closing_print=False)
        cls.rows = {symbol: [support.parse_row(line) for line in lines[symbol]] for symbol in lines}

    def test_bar_id_is_the_number_of_the_cpp_core(self):
        for symbol, epoch_minutes, expected in KNOWN_IDS:
            self.assertEqual(bar_id(symbol, epoch_minutes), expected)

    def test_rows_carry_new_york_stamps_and_their_bar_id_in_time_order(self):
        row = self.rows["TQQQ"][0]
        self.assertEqual(row.stamp, self.sessions[0].day.isoformat() + "T09:30:00-04:00")
        for symbol, rows in self.rows.items():
            starts = {s.day.isoformat(): s.open_epoch_minutes for s in self.sessions}
            expected = [bar_id(symbol, starts[r.day] + r.minute) for r in rows]
            self.assertEqual([r.bar_id for r in rows], expected)
            self.assertEqual(sorted(set(expected)), expected)

    def test_prices_and_volumes_are_sane(self):
        for symbol, rows in self.rows.items():
            for r in rows:
                self.assertTrue(0 < r.low <= min(r.open, r.close) <= max(r.open, r.close) <= r.high, (symbol, r))
                self.assertGreaterEqual(r.volume, 1)

    def test_half_days_have_210_minutes(self):
        days = by_day(self.rows["TQQQ"])
        self.assertEqual({day: len(bars) for day, bars in days.items() if len(bars) != 390}, {"2025-07-03": 210})

    def test_thin_funds_miss_their_share_of_minutes(self):
        minutes = sum(s.minutes for s in self.sessions)
        for symbol, fund in FUNDS.items():
            missing = 1 - len(self.rows[symbol]) / minutes
            deviation = math.sqrt(fund.missing * (1 - fund.missing) / minutes)
            self.assertAlmostEqual(missing, fund.missing, delta=4 * deviation, msg=symbol)
        self.assertGreater(1 - len(self.rows["ERX"]) / minutes, 0.3)

    def test_funds_move_with_their_leverage_since_the_previous_close(self):
        for fund, index, leverage in (("TQQQ", "QQQ", 3), ("SQQQ", "QQQ", -3), ("PSQ", "QQQ", -1),
                                      ("SPXL", "SPY", 3), ("SDS", "SPY", -2), ("SSO", "SPY", 2)):
            funds, indices = by_day(self.rows[fund]), by_day(self.rows[index])
            days = list(funds)
            errors, moves = [], []
            for before, day in zip(days, days[1:]):
                fund_close, index_close = (d[before][max(d[before])].close for d in (funds, indices))
                for minute, bar in funds[day].items():
                    moved = indices[day][minute].close / index_close - 1
                    errors.append(bar.close / fund_close - 1 - leverage * moved)
                    moves.append(leverage * moved)
            # What remains is ticks and spread, of both ends and both funds, and minutes missing at the close.
            tick_noise = 2.5 * 0.01 / min(r.close for r in self.rows[fund]) + 5e-4
            with self.subTest(fund=fund):
                self.assertLess(statistics.pstdev(errors), tick_noise)
                self.assertGreater(statistics.pstdev(moves), 5 * statistics.pstdev(errors))

    def test_volatility_funds_move_against_the_market_and_inverse_ones_with_it(self):
        def moves(symbol):
            bars = by_day(self.rows[symbol])
            return {(day, m): math.log(bars[day][m].close / bars[day][m - 1].close)
                    for day in bars for m in bars[day] if m - 1 in bars[day]}

        market = moves("SPY")
        for symbol, low, high in (("UVXY", -0.95, -0.6), ("SVXY", 0.5, 0.95), ("QQQ", 0.8, 0.99), ("ERX", 0.3, 0.7)):
            other = moves(symbol)
            both = [(market[k], other[k]) for k in other if k in market]
            xs, ys = zip(*both)
            mx, my = statistics.fmean(xs), statistics.fmean(ys)
            correlation = (statistics.fmean((x - mx) * (y - my) for x, y in both)
                           / statistics.pstdev(xs) / statistics.pstdev(ys))
            self.assertTrue(low < correlation < high, "%s %.3f" % (symbol, correlation))

    def test_volume_and_volatility_are_higher_at_both_ends_of_a_session(self):
        full = [r for r in self.rows["TQQQ"] if r.day != "2025-07-03"]

        def mean(minutes, what):
            return statistics.fmean(what(r) for r in full if r.minute in minutes)

        for what, factor in ((lambda r: r.volume, 1.5), (lambda r: (r.high - r.low) / r.open, 1.1)):
            middle = mean(range(180, 210), what)
            self.assertGreater(mean(range(0, 15), what), factor * middle)
            self.assertGreater(mean(range(380, 390), what), factor * middle)

    def test_overnight_gaps_exist(self):
        days = by_day(self.rows["SPY"])
        names = list(days)
        gaps = [abs(math.log(days[b][0].open / days[a][389 if 389 in days[a] else 209].close)) for a, b in zip(names, names[1:])]
        minute = statistics.fmean(abs(math.log(r.close / r.open)) for r in self.rows["SPY"])
        self.assertGreater(statistics.fmean(gaps), 3 * minute)

    def test_a_symbols_bars_do_not_depend_on_the_others(self):
        few = self.sessions[:2]
        alone = generate(["UVXY"], few, seed=11)["UVXY"]
        together = generate(list(UNIVERSES["twelve"]), few, seed=11)["UVXY"]
        self.assertEqual(alone, together)
        self.assertNotEqual(alone, generate(["UVXY"], few, seed=12)["UVXY"])

    def test_closing_print_is_one_flat_row_at_the_close(self):
        sessions = [s for s in self.sessions if s.day in (date(2025, 7, 2), date(2025, 7, 3))]
        rows = [support.parse_row(line) for line in generate(["SPY"], sessions, seed=1, closing_print=True)["SPY"]]
        self.assertEqual(len(rows), 391 + 211)
        for row, stamp in ((rows[390], "2025-07-02T16:00:00-04:00"), (rows[-1], "2025-07-03T13:00:00-04:00")):
            self.assertEqual(row.stamp, stamp)
            self.assertEqual(len({row.open, row.high, row.low, row.close}), 1)

    def test_complete_leaves_no_minute_out(self):
        self.assertEqual(len(generate(["ERY"], self.sessions[:3], seed=1, complete=True)["ERY"]), 3 * 390)

    def test_years_of_a_decaying_fund_stay_above_a_dollar(self):
        sessions = calendar.sessions_counted(date(2025, 7, 16), 250, -1)
        rows = [support.parse_row(line) for line in generate(["UVIX"], sessions, seed=3)["UVIX"]]
        self.assertGreater(min(r.low for r in rows), 1.0)


if __name__ == "__main__":
    unittest.main()
