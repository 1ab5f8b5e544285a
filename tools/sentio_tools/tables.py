"""The frames, column by column. docs/python.md prints these tables; a test compares."""

import pandas as pd

from .columns import Column, Table

TS = Column("ts", "time", "end of the minute, when its bar became known")
BAR_ID = Column("bar_id", "integer", "names symbol and minute")
SYMBOL = Column("symbol", "text", "ticker")

BARS = Table((
    SYMBOL,
    Column("start", "time", "start of the minute, the file's time stamp"),
    TS._replace(meaning="end of the minute, to join with the other frames"),
    Column("open", "number", "USD per share"),
    Column("high", "number", "USD per share"),
    Column("low", "number", "USD per share"),
    Column("close", "number", "USD per share"),
    Column("volume", "number", "shares"),
))

SIGNALS = Table(
    (
        TS, BAR_ID, SYMBOL,
        Column("valid", "flag", "learner warmed up and price fresh enough"),
        Column("age", "integer", "minutes since the last real bar"),
        Column("probability", "number", "of a rise, 0…1"),
        Column("confidence", "number", "0…1; 0.5 is no skill"),
        Column("strength", "number", "probability × confidence × boost × staleness; 0 below probability ½"),
        Column("rank", "integer", "1 = best; 0 = not ranked"),
        Column("move_bps", "number", "best calibrated move, bps"),
        Column("cost_bps", "number", "a round trip's cost, bps"),
        Column("passes", "flag", "the three filters"),
    ),
    horizons=(
        Column("pred_<h>", "number", "predicted return over h minutes, in σ"),
        Column("sigma_<h>_bps", "number", "that σ, bps"),
    ),
    horizons_after="rank",
)

DECISIONS = Table((
    TS, BAR_ID, SYMBOL._replace(meaning="ticker; `*` is the whole book"),
    Column("action", "text", "`enter`, `exit`, `cancel`, `blocked`, `halt`"),
    Column("reason", "text", "see the user guide"),
    Column("qty", "number", "shares; missing for `*`, like all below", pd.NA),
    Column("price", "number", "USD per share, the close decided on", pd.NA),
    Column("rank", "integer", "1 = best; 0 = not ranked", pd.NA),
    Column("strength", "number", "of the signal", pd.NA),
    Column("net_edge_bps", "number", "move less k times cost, bps", pd.NA),
    Column("move_bps", "number", "best calibrated move, bps", pd.NA),
    Column("cost_bps", "number", "a round trip's cost, bps", pd.NA),
    Column("return_pct", "number", "exits: close / average entry − 1, a fraction", pd.NA),
    Column("sets_held", "integer", "exits: minutes held", pd.NA),
))

TRADES = Table((
    TS._replace(meaning="time of the execution"), BAR_ID, SYMBOL,
    Column("order_id", "text", "an order may have several executions"),
    Column("side", "text", "`buy`, `sell`"),
    Column("qty", "number", "shares"),
    Column("price", "number", "USD per share"),
    Column("fees", "number", "USD"),
    Column("spread_cost", "number", "USD, already in the price"),
    Column("reason", "text", "of the decision; `closed_by_broker`: the broker sold by itself"),
    Column("pnl", "number", "USD after this execution's fees; 0 on buys, whose fees (CAT) are in `fees` alone"),
    Column("pnl_pct", "number", "pnl / cost of these shares, a fraction"),
    Column("last_resort", "flag", "filled at the last trade: no bar until the close", False),
))

EXECUTIONS = Table((
    TS._replace(meaning="time of the execution"), BAR_ID, SYMBOL,
    Column("order_id", "text", "as in trades"),
    Column("side", "text", "`buy`, `sell`"),
    Column("qty", "number", "shares"),
    Column("price", "number", "USD per share, paid or got"),
    Column("decision_close", "number", "USD per share, the close decided on"),
    Column("next_open", "number", "open of the first minute that the order could meet"),
    Column("minute_open", "number", "open of the minute of the execution"),
    Column("half_spread", "number", "USD per share, what mock assumes there"),
    Column("bid", "number", "of the last quote heard before"),
    Column("ask", "number", "of the last quote heard before"),
    Column("quote_age_s", "number", "its age, seconds"),
))

POSITIONS = Table((
    TS, BAR_ID._replace(meaning="names the minute"), SYMBOL,
    Column("qty", "number", "shares"),
    Column("avg_entry", "number", "USD per share"),
    Column("mark", "number", "USD per share, the last real close"),
    Column("unrealized_pnl", "number", "USD"),
    Column("sets_held", "integer", "minutes held"),
))

EQUITY = Table((
    TS, BAR_ID._replace(meaning="names the minute"),
    Column("cash", "number", "USD"),
    Column("equity", "number", "USD, cash + Σ qty × mark"),
    Column("mrd", "number", "running mean return per day of the run, a fraction"),
    Column("skipped_set", "flag", "too many symbols had no bar", False),
    Column("held", "integer", "symbols held"),
))

HEALTH = Table((
    TS._replace(meaning="the day's end"), BAR_ID, SYMBOL,
    Column("healthy", "flag", "no limit broken: may enter the next session"),
    Column("limit", "text", "the limit broken, or `none`"),
    Column("limit_horizon", "integer", "where it broke, minutes", pd.NA),
    Column("rows_learned", "integer", "rows whose labels are known, ever"),
    Column("features", "integer", "count"),
    Column("effective_window", "number", "rows remembered"),
    Column("condition", "number", "condition number, an estimate from below"),
    Column("pivot_min", "number", "least pivot of the factorisation"),
    Column("eigenvalue_min_bound", "number", "least eigenvalue, at least"),
    Column("trace_p", "number", "trace of P, the inverse"),
    Column("factorization_failures", "integer", "in the session"),
    Column("early_rederivations", "integer", "ever"),
    Column("minutes", "integer", "the horizon h"),
    Column("labels", "integer", "of the session"),
    Column("directional_accuracy", "number", "0…1; 0.5 is no skill"),
    Column("rmse_ratio", "number", "1 = predicting zero"),
    Column("prediction_variance_ratio", "number", "var(p)/var(y)"),
    Column("slope", "number", "Σp·y/Σp², of the session"),
    Column("weight_norm", "number", "‖w‖"),
    Column("weight_drift", "number", "‖w − w₀‖/‖w₀‖ since the previous close"),
    Column("hits", "number", "labels with the sign of their prediction; a zero counts ½"),
    Column("sum_p", "number", "Σp over the session's labels"),
    Column("sum_y", "number", "Σy"),
    Column("sum_pp", "number", "Σp²"),
    Column("sum_yy", "number", "Σy²"),
    Column("sum_py", "number", "Σp·y"),
    Column("rank_ic", "number", "rank correlation of p and y; missing where either does not vary", pd.NA),
))

DAILY_RETURNS = Table((
    Column("date", "time", "midnight of the session's day"),
    Column("return_pct", "number", "the day's return after costs, a fraction"),
    Column("equity_start_usd", "number", "USD"),
    Column("equity_end_usd", "number", "USD"),
    Column("trades", "integer", "orders with a fill"),
    Column("round_trips", "integer", "closed"),
    Column("wins", "integer", "round trips with a profit"),
    Column("costs_usd", "number", "USD, spread and fees"),
    Column("drawdown_max_pct", "number", "within the day, a fraction"),
    Column("mode", "text", "`mock`, `live`"),
    Column("synthetic", "flag", "made from SYNTHETIC bars"),
    Column("not_achievable", "flag", "fills that no order can get (`--fill close`)"),
))

TABLES: dict[str, Table] = {
    "bars": BARS, "signals": SIGNALS, "decisions": DECISIONS, "trades": TRADES, "executions": EXECUTIONS, "positions": POSITIONS,
    "equity": EQUITY, "daily_returns": DAILY_RETURNS, "health": HEALTH,
}


def markdown(name: str) -> list[str]:
    """The lines of the frame's table in docs/python.md."""
    table = TABLES[name]
    columns = list(table.columns)
    cut = [c.name for c in columns].index(table.horizons_after) + 1 if table.horizons else 0
    rows = columns[:cut] + list(table.horizons) + columns[cut:]
    return ["| column | dtype | meaning |", "|---|---|---|"] + [f"| `{c.name}` | {c.dtype} | {c.meaning} |" for c in rows]
