"""`mock --placebo` in synthetic worlds of known edge: does its rank see the edge, and only that?"""

import unittest

from test_alpha_world import mean, replay


def placebo(alpha: float, seed: int) -> dict:
    return replay(alpha, seed, "--placebo", "19")["placebo"]


class PlaceboWorld(unittest.TestCase):
    def test_a_planted_edge_is_more_than_chance(self) -> None:
        for seed in (2, 3):
            found = placebo(0.2, seed)
            self.assertEqual(found["placebos"], 19)
            self.assertEqual(found["gross_per_day"]["rank"], 1, found)
            self.assertEqual(found["mrd"]["rank"], 1, found)
            self.assertIn(": MORE THAN CHANCE, before and after costs.", found["sentence"])

    def test_without_an_edge_the_rank_is_anywhere(self) -> None:
        ranks = [placebo(0.0, seed)["gross_per_day"]["rank"] for seed in (2, 3, 4)]
        # 1 to 20, each as likely: their mean is 10.5 with a standard error of 3.33; two of them each way.
        self.assertGreater(mean(ranks), 3.8, ranks)
        self.assertLess(mean(ranks), 17.2, ranks)


if __name__ == "__main__":
    unittest.main()
