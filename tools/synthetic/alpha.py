"""The planted predictable part, and what its strength means.

Let x_t be an index's return in minute t over the standard deviation the model gives that minute.
Minutes are counted along the gapless path: yesterday's last minute precedes today's first. The signal

    s_t = (x_t + x_{t-1} + ... + x_{t-59}) / sqrt(60)

is known when minute t closes, and minute t+1 then moves by

    x_{t+1} = e_{t+1} + c * s_t,     e independent of everything before it.

`alpha` is the correlation of s_t with x_{t+1} + ... + x_{t+H}, the index's return from the open of
bar t+1 to the open of bar t+1+H, which is what an order decided at the close of t can earn. The
momentum feeds itself, so c follows from alpha through the exact autocovariance of this AR(60), not
through a first-order formula. A fund's own 60-minute momentum and its own tradable return show the
same correlation, a little weaker for the bid-ask bounce and the changing volatility; an inverse
fund's too, because both change sign. With alpha = 0 intraday returns are independent of the past.
"""

import math

MOMENTUM_MINUTES = 60
# Beyond this gain the process comes close to a random walk of its own making.
GAIN_MAX = 0.7
RESPONSE_MINUTES = 1200


def information_coefficient(c: float, horizon: int) -> float:
    """Correlation of s_t with the next `horizon` standardised returns, for coupling c."""
    w = MOMENTUM_MINUTES
    response, window = [1.0], 1.0  # impulse response of the AR(w) and the sum of its last w values
    for n in range(1, RESPONSE_MINUTES):
        response.append(c / math.sqrt(w) * window)
        window += response[n] - (response[n - w] if n >= w else 0.0)
    covariance = [
        sum(a * b for a, b in zip(response, response[lag:])) for lag in range(w + horizon + 1)
    ]

    def variance_of_sum(terms: int) -> float:
        return terms * covariance[0] + 2 * sum((terms - k) * covariance[k] for k in range(1, terms))

    cross = sum(covariance[j + k] for j in range(w) for k in range(1, horizon + 1))
    return cross / math.sqrt(variance_of_sum(w) * variance_of_sum(horizon))


def coupling_for(alpha: float, horizon: int) -> float:
    """The c that plants `alpha`. Raises ValueError, naming the limit, where no sound c does."""
    if alpha == 0.0:
        return 0.0
    c_max = math.copysign(GAIN_MAX / math.sqrt(MOMENTUM_MINUTES), alpha)
    reachable = information_coefficient(c_max, horizon)
    if abs(alpha) > abs(reachable):
        raise ValueError(
            "alpha %g is out of reach at a horizon of %d minutes: at most %.3f" % (alpha, horizon, reachable)
        )
    low, high = 0.0, c_max  # the correlation grows with c between them
    for _ in range(24):
        middle = (low + high) / 2
        if abs(information_coefficient(middle, horizon)) < abs(alpha):
            low = middle
        else:
            high = middle
    return (low + high) / 2
