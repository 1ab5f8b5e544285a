"""The planted strength, measured on the written bars the way a user would: a fund's own 60-minute
momentum against its own return from the open of bar t+1 to the open of bar t+1+30."""

import math
import unittest
from datetime import date

import support
from generate_multi_symbol_data import generate
from synthetic import alpha, calendar

MOMENTUM, HORIZON = 60, 30
SEEDS = (1, 2, 3, 4)


def day_moments(rows):
    """Per day (sum xy, sum xx, sum yy) over the minutes that have both signal and return."""
    path, level, moments = [], 0.0, []
    days = {}
    for row in rows:
        days.setdefault(row.day, []).append(row)
    for bars in days.values():
        opens = {bar.minute: bar.open for bar in bars}
        start, previous = len(path), None
        xy = xx = yy = 0.0
        for bar in bars:
            # Gapless: a session's first move is measured from its own open.
            level += math.log(bar.close / (previous or bar.open))
            previous = bar.close
            path.extend([path[-1] if path else 0.0] * (start + bar.minute - len(path)))
            path.append(level)
            if len(path) > MOMENTUM and bar.minute + 1 in opens and bar.minute + 1 + HORIZON in opens:
                x = path[-1] - path[-1 - MOMENTUM]
                y = math.log(opens[bar.minute + 1 + HORIZON] / opens[bar.minute + 1])
                xy, xx, yy = xy + x * y, xx + x * x, yy + y * y
        moments.append((xy, xx, yy))
    return moments


def correlation_and_error(moments):
    """Correlation, and its standard error by leaving out one day at a time (returns overlap within days)."""
    total = [sum(m[i] for m in moments) for i in range(3)]

    def value(xy, xx, yy):
        return xy / math.sqrt(xx * yy)

    left_out = [value(*(t - m for t, m in zip(total, moment))) for moment in moments]
    mean, n = sum(left_out) / len(left_out), len(left_out)
    return value(*total), math.sqrt((n - 1) / n * sum((v - mean) ** 2 for v in left_out))


def measured(strength, symbol="SPY", seeds=SEEDS, days=150):
    sessions = calendar.sessions_counted(date(2025, 10, 14), days, -1)
    coupling = alpha.coupling_for(strength, HORIZON)
    moments = []
    for seed in seeds:
        lines = generate([symbol], sessions, seed, coupling)[symbol]
        moments += day_moments([support.parse_row(line) for line in lines])
    return correlation_and_error(moments)


class PlantedAlpha(unittest.TestCase):
    def test_strength_zero_plants_nothing_and_a_tenth_is_found_again(self):
        nothing, nothing_error = measured(0.0)
        self.assertLess(abs(nothing), 2 * nothing_error)
        planted, planted_error = measured(0.1)
        self.assertLess(max(nothing_error, planted_error), 0.015)  # else the test could not tell
        self.assertAlmostEqual(planted, 0.1, delta=0.03)
        # The same seeds have the same innovations, so the difference is far sharper than either.
        self.assertAlmostEqual(planted - nothing, 0.1, delta=0.012)

    def test_an_inverse_fund_shows_the_same_sign(self):
        difference = measured(0.2, "SQQQ", (5,), 60)[0] - measured(0.0, "SQQQ", (5,), 60)[0]
        self.assertAlmostEqual(difference, 0.2, delta=0.03)

    def test_coupling_gives_back_its_correlation(self):
        for strength, horizon in ((0.05, 30), (0.1, 30), (-0.1, 30), (0.2, 60), (0.03, 5)):
            with self.subTest(strength=strength, horizon=horizon):
                coupling = alpha.coupling_for(strength, horizon)
                self.assertAlmostEqual(alpha.information_coefficient(coupling, horizon), strength, places=5)
        self.assertEqual(alpha.coupling_for(0.0, 30), 0.0)

    def test_weak_coupling_agrees_with_the_first_order_formula(self):
        c, horizon = 1e-5, 30
        first_order = c * (horizon - horizon * (horizon - 1) / 120) / math.sqrt(horizon)
        self.assertAlmostEqual(alpha.information_coefficient(c, horizon) / first_order, 1.0, places=2)

    def test_a_strength_out_of_reach_is_refused(self):
        with self.assertRaises(ValueError):
            alpha.coupling_for(0.3, 1)


if __name__ == "__main__":
    unittest.main()
