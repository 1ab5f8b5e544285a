"""GET of JSON from one vendor: paced, patient with what passes, and without a word about the keys.

Tried again: refused and broken connections, time-outs, 408, 429, 5xx, bodies that are cut or no JSON. A vendor's
Retry-After or X-RateLimit-Reset is waited for, else 1, 2, 4 … 60 s with jitter. Redirects are not followed: they would
carry the keys elsewhere. One thread at a time.
"""

import collections
import email.utils
import json
import math
import random
import time
from collections.abc import Callable, Iterable, Mapping

import httpx
import tenacity

from .errors import SourceError
from .keys import Secret

TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
ATTEMPTS = 8
WAIT_FIRST_S, WAIT_MAX_S = 1.0, 60.0
TOLD_WAIT_MAX_S = 120.0  # of Retry-After
BODY_MAX = 64 << 20  # bytes; the largest page, 50,000 rows, has 8 million
BODY_SECONDS = 180.0  # for one body
TEXT_MAX = 200
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class Refused(SourceError):
    """The vendor's answer to this call is no. `status` is the HTTP status."""

    def __init__(self, text: str, status: int):
        super().__init__(text)
        self.status = status


class Passing(Exception):
    """Goes away by itself. `wait_s`: as long as the vendor said, or None."""

    def __init__(self, text: str, wait_s: float | None = None):
        super().__init__(text)
        self.wait_s = wait_s


class Pace:
    """At most `per_minute` calls within any 60 seconds; 0: no limit."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic,
                 sleep: Callable[[float], None] = time.sleep):
        self._clock, self._sleep = clock, sleep
        self._calls: collections.deque[float] = collections.deque(maxlen=per_minute or None)
        self.per_minute = per_minute

    def wait(self, tell: Callable[[float], None] = lambda seconds: None) -> None:
        """Returns when one more call is in order. `tell` hears how long that takes."""
        if not self.per_minute:
            return
        if len(self._calls) == self.per_minute:
            seconds = self._calls[0] + 60.0 - self._clock()
            if seconds > 0:
                tell(seconds)
                self._sleep(seconds)
        self._calls.append(self._clock())


class HttpSource:
    """`headers` holds the keys as Secrets. `tell` hears, in one line each, why something takes time.

    `sleep`, `clock` (epoch seconds) and `jitter` (0…1) stand in for the world in tests.
    """

    def __init__(self, name: str, base_url: str, headers: Mapping[str, Secret], pace: Pace, *,
                 tell: Callable[[str], None] = lambda text: None, wait_first_s: float = WAIT_FIRST_S,
                 sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.time,
                 jitter: Callable[[], float] = random.random):
        self.name, self.base_url = name, base_url.rstrip("/")
        self._secrets = [secret.reveal().removeprefix("Bearer ") for secret in headers.values()]
        self.pace = pace
        self._tell, self._wait_first_s = tell, wait_first_s
        self._sleep, self._clock, self._jitter = sleep, clock, jitter
        shown = {name: secret.reveal() for name, secret in headers.items()}
        proxies = httpx.URL(self.base_url).host not in THIS_MACHINE
        self._client = httpx.Client(headers=shown, timeout=httpx.Timeout(30.0, connect=10.0), follow_redirects=False,
                                    trust_env=proxies)

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, query: Iterable[tuple[str, str]] = ()) -> dict:
        """The JSON object at `path`, which may hold a query. Refused: the vendor said no. SourceError: it goes on failing."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Passing), stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=self._wait_s, sleep=self._sleep, before_sleep=self._tell_of, reraise=True)
        try:
            return retrying(self._once, path, list(query))
        except Passing as problem:
            raise SourceError(f"{self.name}: {problem}, {ATTEMPTS} times in a row; run the same command again later, "
                              "it goes on where it stopped") from None

    def clean(self, text: object) -> str:
        """One short line of a vendor's text, without keys and control characters."""
        line = " ".join(str(text).split())
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return "".join(c if c.isprintable() else "?" for c in line)[:TEXT_MAX]

    def _once(self, path: str, query: list[tuple[str, str]]) -> dict:
        self.pace.wait(lambda s: self._tell(f"{self.name}: waiting {s:.0f} s, the limit of requests a minute"))
        try:
            with self._client.stream("GET", self.base_url + path, params=query or None) as reply:
                body = self._body(reply)
        except (httpx.TransportError, httpx.DecodingError) as problem:
            raise Passing(self.clean(problem) or type(problem).__name__) from None
        except httpx.HTTPError as problem:
            raise SourceError(f"{self.name}: {self.clean(problem)}") from None
        if reply.status_code != 200:
            self._refuse(reply, body)
        try:
            value = json.loads(body)
        except ValueError:
            raise Passing("the reply is no JSON, or was cut") from None
        if not isinstance(value, dict):
            raise Passing("the reply is not a JSON object")
        return value

    def _body(self, reply: httpx.Response) -> bytes:
        body, until = bytearray(), time.monotonic() + BODY_SECONDS
        for chunk in reply.iter_bytes():
            body += chunk
            if len(body) > BODY_MAX:
                raise SourceError(f"{self.name}: a reply of more than {BODY_MAX >> 20} MiB")
            if time.monotonic() > until:
                raise Passing(f"a reply that took more than {BODY_SECONDS:.0f} s")
        return bytes(body)

    def _refuse(self, reply: httpx.Response, body: bytes) -> None:
        status = reply.status_code
        said = self.clean(message_in(body))
        text = f"HTTP {status}" + (f" ({said})" if said else "")
        if status in TRANSIENT or status >= 500:
            raise Passing(text, told_wait_s(reply.headers, self._clock()))
        raise Refused(f"{self.name}: {text}", status)

    def _wait_s(self, state: tenacity.RetryCallState) -> float:
        problem = state.outcome.exception()
        doubled = min(self._wait_first_s * 2 ** (state.attempt_number - 1), WAIT_MAX_S)
        if problem.wait_s is not None:
            return min(problem.wait_s, TOLD_WAIT_MAX_S) + self._jitter() * self._wait_first_s
        return doubled * (0.5 + 0.5 * self._jitter())

    def _tell_of(self, state: tenacity.RetryCallState) -> None:
        self._tell(f"{self.name}: {state.outcome.exception()}; again in {state.next_action.sleep:.1f} s")


def message_in(body: bytes) -> str:
    """What an error body says; nothing for HTML and the like."""
    try:
        value = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(value, dict):
        return ""
    return " ".join(str(value[name]) for name in ("status", "error", "message") if isinstance(value.get(name), str))


def told_wait_s(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that Retry-After (seconds or a date) or X-RateLimit-Reset (epoch seconds) asks for."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 9:
        return float(text)
    if text:
        try:
            return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - now)
        except (TypeError, ValueError, OverflowError):
            pass
    reset = headers.get("X-RateLimit-Reset", "").strip()
    if reset.isascii() and reset.isdigit() and len(reset) < 12:
        return max(0.0, math.ceil(float(reset) - now))
    return None
