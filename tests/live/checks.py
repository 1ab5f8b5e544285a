"""What must hold after any day, however faulty: no duplicate order, ledger equals exchange, no key in any file."""

from collections import Counter, defaultdict
from typing import List

from day import CASH, KEY, SECRET, Day, new_york
from support import run

CENT = 0.01


def replay_problems(day: Day) -> List[str]:
    done = run("replay", "--journal", day.folder / ("journal_%s.jsonl" % day.date))
    return [] if done.code == 0 and "identical" in done.out else ["replay: %s%s" % (done.out, done.err)]


def secret_problems(day: Day) -> List[str]:
    places = {"standard output": day.out, "standard error": day.err, "an alert": day.alerts}
    for path in day.folder.parent.rglob("*"):
        if path.is_file():
            places[path.name] = path.read_bytes().decode("latin-1")
    return ["%s in %s" % (secret, name) for name, text in places.items() for secret in (KEY, SECRET) if secret in text]


def duplicate_problems(day: Day) -> List[str]:
    """Client ids are unique; one purchase per decision; no order of a symbol while another is alive."""
    problems = ["%s twice" % name for name, n in Counter(o.client_id for o in day.orders).items() if n > 1]
    entered = Counter((d["symbol"], d["ts"][11:16]) for d in day.decided("enter"))
    for (symbol, minute), n in Counter((o.symbol, o.minute) for o in day.orders if o.own and o.side == "buy").items():
        if n > entered[symbol, minute]:
            problems.append("%d purchases of %s at %s for %d decisions" % (n, symbol, minute, entered[symbol, minute]))
    for symbol in {o.symbol for o in day.orders}:
        mine = sorted((o for o in day.orders if o.symbol == symbol), key=lambda o: o.created)
        for before, after in zip(mine, mine[1:]):
            if not before.ended or before.ended > after.created:
                problems.append("%s while %s is alive" % (after, before))
    held = Counter()
    for fill in day.fills:
        held[fill["symbol"]] += float(fill["qty"]) * (1 if fill["side"] == "buy" else -1)
        if held[fill["symbol"]] < 0:
            problems.append("short of %s" % fill["symbol"])
    return problems


def ledger_problems(day: Day, by_symbol: bool = False) -> List[str]:
    """Trades and executions agree order by order (where the broker closed positions under names of its own: symbol by
    symbol), positions share by share, cash but for the ledger's fees."""
    ours, theirs, held = defaultdict(float), defaultdict(float), Counter()
    fees = 0.0
    for trade in day.lines("trades"):
        ours[trade["symbol"] + " " + trade["side"] if by_symbol else trade["order_id"]] += trade["qty"]
        held[trade["symbol"]] += trade["qty"] * (1 if trade["side"] == "buy" else -1)
        fees += trade["fees"]
    for order in day.orders:
        if order.filled:
            theirs[order.symbol + " " + order.side if by_symbol else order.client_id] += order.filled
    problems = ["%s: ours %s, the exchange's %s" % (name, ours[name], theirs[name])
                for name in sorted({*ours, *theirs}) if ours[name] != theirs[name]]
    held = {symbol: qty for symbol, qty in held.items() if qty}
    if held != day.positions:
        problems.append("positions: ours %s, the exchange's %s" % (held, day.positions))
    if abs(cash_of(day) - day.cash) > fees + CENT:
        problems.append("cash: ours %.4f with fees of %.4f, the exchange's %.2f" % (cash_of(day), fees, day.cash))
    return problems


def cash_of(day: Day) -> float:
    """The ledger's cash from its own trades: positions lines end with the last set, executions do not."""
    cash = float(CASH)
    for trade in day.lines("trades"):
        cash += trade["qty"] * trade["price"] * (-1 if trade["side"] == "buy" else 1) - trade["fees"]
    return cash


def flat_problems(day: Day) -> List[str]:
    """Flat by 15:59:00 with exit 0, or exit 7 and somebody was told."""
    last = max([new_york(f["transaction_time"]) for f in day.fills], default="")
    if day.code == 0:
        problems = ["held: %s" % day.positions] if day.positions else []
        return problems + (["the last fill is of %s" % last] if last > "15:59:00" else [])
    if day.code == 7:
        return [] if "NOT FLAT" in day.alerts else ["exit 7 without an alert: %r" % day.alerts]
    return ["exit %d" % day.code]
