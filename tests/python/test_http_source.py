"""Pace and patience of downloads with a clock of their own, and the keys of config.env."""

import itertools

import pytest

import vendor_server as vendor
from download_support import tools  # noqa: F401
from sentio_tools import http_source
from sentio_tools.errors import SourceError, UsageError
from sentio_tools.keys import Keys, Secret


class Clock:
    def __init__(self):
        self.now, self.slept = 1000.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def test_no_minute_holds_more_requests_than_the_plan_allows():
    clock = Clock()
    pace, calls, told = http_source.Pace(5, clock, clock.sleep), [], []
    for used in itertools.islice(itertools.cycle((0.0, 3.0, 11.0, 0.5)), 40):
        pace.wait(told.append)
        calls.append(clock.now)
        clock.now += used
    assert all(later - earlier >= 60.0 for earlier, later in zip(calls, calls[5:]))
    assert clock.slept == told and calls[-1] - calls[0] < 8 * 60  # and it is no slower than that
    http_source.Pace(0, clock, None).wait()


def source(tools, clock, jitter=lambda: 0.5):
    return http_source.HttpSource("polygon", tools.server.url, {"Authorization": Secret("Bearer " + vendor.POLYGON_KEY)},
                                  http_source.Pace(0), sleep=clock.sleep, clock=clock, jitter=jitter)


PATH = "/v2/aggs/ticker/AAA/range/1/minute/1/2"


def test_waits_grow_and_are_jittered(tools):
    tools.server.faults = [vendor.status(503)] * 7
    for jitter, factor in ((0.0, 0.5), (1.0, 1.0)):
        clock = Clock()
        tools.server.faults = [vendor.status(503)] * 7
        source(tools, clock, lambda: jitter).get(PATH)
        assert clock.slept == [factor * s for s in (1, 2, 4, 8, 16, 32, 60)]


@pytest.mark.parametrize("header, text, seconds", (
    ("Retry-After", "7", 7), ("Retry-After", "Thu, 01 Jan 1970 00:17:10 GMT", 30), ("X-RateLimit-Reset", "1012", 12),
    ("Retry-After", "86400", http_source.TOLD_WAIT_MAX_S), ("X-RateLimit-Reset", "5", 0), ("Retry-After", "soon", None),
    ("X-RateLimit-Reset", "9" * 30, None)))
def test_what_the_vendor_asks_for_is_waited(tools, header, text, seconds):
    clock = Clock()
    tools.server.faults = [vendor.status(429, (header, text))]
    source(tools, clock).get(PATH)
    assert clock.slept == [0.75 if seconds is None else seconds + 0.5]


def test_a_refusal_is_not_asked_again(tools):
    for code in (400, 401, 403, 404, 422):
        tools.server.faults = [vendor.status(code, body=b'{"message":"no \\u001b[31m pk-very-secret\\nno"}')]
        before = len(tools.server.calls)
        with pytest.raises(http_source.Refused, match=rf"^polygon: HTTP {code} \(no \?\[31m \*\*\* no\)$"):
            source(tools, Clock()).get(PATH)
        assert len(tools.server.calls) == before + 1


def test_a_reply_without_end_is_not_read_to_the_end(tools, monkeypatch):
    monkeypatch.setattr(http_source, "BODY_MAX", 1000)
    tools.server.faults = [vendor.status(200, body=b'{"a":"' + b"x" * 2000 + b'"}')]
    with pytest.raises(SourceError, match="a reply of more than"):
        source(tools, Clock()).get(PATH)
    monkeypatch.setattr(http_source, "BODY_SECONDS", -1.0)
    with pytest.raises(SourceError, match="took more than"):
        source(tools, Clock()).get(PATH)


ENV = """\
# comment
export A=plain   # said
B='single # quoted' # x
C="double \\"\\\\\\$\\` \\n"
D=
E=first
E=second\r
"""


def test_config_env_is_read_as_sentio_cli_reads_it(tmp_path):
    file = tmp_path / "config.env"
    file.write_text(ENV)
    keys = Keys(file, {"E": "", "F": "from-environment"})
    assert {n: k.reveal() for n in "ADEF" if (k := keys.find(n))} == {"A": "plain", "E": "second", "F": "from-environment"}
    assert keys._values["B"] == "single # quoted" and keys._values["C"] == 'double "\\$` \\n' and keys._values["D"] == ""
    assert Keys(file, {"A": "wins"}).find("A").reveal() == "wins" and repr(keys.find("A")) == "***"
    with pytest.raises(SourceError, match="^B: a key has no blanks"):
        keys.find("B")
    with pytest.raises(SourceError, match="^D or G is not set; fill in .*config.env, or set the environment"):
        keys.need("D", "G")


@pytest.mark.parametrize("line", (
    "secret", "secret =x", "1secret=x", "=secret", "A= secret", "A=se cret", "A='secret", 'A="secret', "A='secret'x", "A=sec'ret",
    "A=sec\x01ret"))
def test_a_malformed_line_is_named_by_number_and_never_shown(tmp_path, line):
    file = tmp_path / "config.env"
    file.write_text(f"# x\n{line}\n")
    with pytest.raises(UsageError, match="config.env:2: ") as caught:
        Keys(file, {})
    assert "secret" not in str(caught.value) and "sec" not in str(caught.value)
