"""
What is the same for whoever asks the hub: how an answer is read, when to ask again, how errors are told.

Pure: the hook asks and waits by threads, the trigger by its event loop.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from hub_airflow import __version__

LOG = logging.getLogger(__name__)
AGENT = f"hub-airflow/{__version__}"
LONGEST_PAUSE = 60.0
ENDED = frozenset({"done", "failed", "cancelled"})


class HubError(RuntimeError):
    """The hub refused: tells request, status, code and what the hub says is to be done; never the key."""

    def __init__(self, method: str, path: str, status: int, code: str, detail: str) -> None:
        super().__init__(f"{method} {path}: {status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail


class HubAwayError(HubError):
    """The hub could not be asked, or said for too long that it cannot now."""


@dataclass(frozen=True)
class Patience:
    """How long somebody asks again what may succeed later, in seconds."""

    total: float = 300.0
    first: float = 0.5

    def pause(self, attempt: int, spent: float, told: float | None) -> float | None:
        """
        Return how long to wait before the next try, or None when it is enough.

        :param attempt: of tries that are over, from 1
        :param spent: seconds since the first
        :param told: what Retry-After said
        """
        grown = min(self.first * 2 ** min(attempt - 1, 16), LONGEST_PAUSE)
        # Spread, so that tasks that were refused together do not come back together; what the hub told is the least.
        spread = 0.5 + secrets.randbelow(1000) / 1000
        pause = grown * spread if told is None else min(told, 600.0) + grown * spread * 0.1
        return pause if spent + pause <= self.total else None


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    params: Mapping[str, str] | None = None
    body: Any = None
    key: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {"Idempotency-Key": f'"{self.key}"'} if self.key else {}

    @property
    def repeatable(self) -> bool:
        """Tell whether it may be sent again when nobody knows what became of it."""
        return self.method == "GET" or self.key is not None


class Tries:
    """The tries of one request, for whoever sends it and waits in whatever way."""

    def __init__(self, ask: Ask, patience: Patience) -> None:
        self._ask = ask
        self._patience = patience
        self._begin = time.monotonic()
        self._count = 0

    def judge(self, outcome: httpx.Response | httpx.TransportError) -> httpx.Response | float:
        """
        Return the response when it is the answer, else for how many seconds to wait before the next try.

        :raises HubAwayError: it is enough, or nobody knows what became of what may not be sent twice
        """
        self._count += 1
        told = None
        if isinstance(outcome, httpx.Response):
            if not later(self._ask, outcome):
                return outcome
            told, problem = retry_after(outcome), error(self._ask, outcome)
        else:
            problem = away(self._ask, outcome)
            if not self._ask.repeatable:
                raise problem
        pause = self._patience.pause(self._count, time.monotonic() - self._begin, told)
        if pause is None:
            raise problem
        LOG.info("%s; asking again in %.1f s", problem, pause)
        return pause

    @staticmethod
    def wait(seconds: float) -> None:
        """Wait, of those who may block."""
        time.sleep(seconds)


def base(host: str, schema: str | None, port: int | None) -> str:
    """Return the base address a connection names: an address as host, or its parts."""
    if not host:
        raise ValueError("connection: host: expected the hub's base address such as https://hub.example.com")
    address = host if "://" in host else f"{schema or 'http'}://{host}"
    url = httpx.URL(address)
    if url.scheme not in ("http", "https"):
        raise ValueError(f"connection: expected http or https, not {url.scheme}")
    if port and url.port is None:
        url = url.copy_with(port=port)
    return str(url).rstrip("/")


def later(ask: Ask, response: httpx.Response) -> bool:
    """Tell whether the same request may succeed later, and may be sent again."""
    if response.status_code in (429, 503):
        return True
    if response.status_code in (502, 504):
        # A proxy's: nobody knows whether the hub had it.
        return ask.repeatable
    return response.status_code == 409 and _problem(response).get("retryable") is True


def retry_after(response: httpx.Response, now: datetime | None = None) -> float | None:
    """Return the seconds that Retry-After tells, by number or date."""
    told = response.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        when = parsedate_to_datetime(told)
    except ValueError:
        return None
    if when.tzinfo is None:
        return None
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())


def error(ask: Ask, response: httpx.Response) -> HubError:
    """Return what a response that is no success says, from its problem document where it has one."""
    problem = _problem(response)
    detail = problem.get("detail") or response.reason_phrase or "no problem document"
    code = str(problem.get("code") or "unknown")
    kind = HubAwayError if response.status_code in (429, 502, 503, 504) else HubError
    return kind(ask.method, ask.path, response.status_code, code, str(detail)[:500])


def away(ask: Ask, cause: httpx.TransportError) -> HubAwayError:
    """Return what is told when there was no answer."""
    return HubAwayError(ask.method, ask.path, 0, "no-answer", f"{type(cause).__name__}: {str(cause)[:300]}")


def read(ask: Ask, response: httpx.Response) -> Any:
    """Return the JSON of a success."""
    if not response.is_success:
        raise error(ask, response)
    try:
        return response.json()
    except json.JSONDecodeError as e:
        raise HubError(ask.method, ask.path, response.status_code, "no-json", f"expected JSON: {e}") from e


def _problem(response: httpx.Response) -> Mapping[str, Any]:
    try:
        found = response.json()
    except (ValueError, httpx.ResponseNotRead):
        return {}
    return found if isinstance(found, dict) else {}


def lines(text: str) -> Iterator[dict[str, Any]]:
    """Read NDJSON."""
    return (json.loads(line) for line in text.splitlines() if line.strip())
