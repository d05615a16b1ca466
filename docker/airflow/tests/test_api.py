"""How answers are read: pure, without a hub. With a real one: e2e."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from hub_airflow import api
from hub_airflow.api import Ask, HubAwayError, HubError, Patience, Tries

GET = Ask("GET", "/v1/jobs/1")
NAMED = Ask("POST", "/v1/jobs", body={}, key="k")
UNNAMED = Ask("POST", "/v1/jobs/1/pause")


def answer(status: int, told: str | None = None, **problem: object) -> httpx.Response:
    return httpx.Response(status, headers={"Retry-After": told} if told else {}, json=problem)


@pytest.mark.parametrize(
    ("host", "schema", "port", "url"),
    [
        ("https://hub.example.com/", None, None, "https://hub.example.com"),
        ("https://hub.example.com/way", None, 8443, "https://hub.example.com:8443/way"),
        ("hub.example.com", "https", None, "https://hub.example.com"),
        ("127.0.0.1", None, 8080, "http://127.0.0.1:8080"),
    ],
)
def test_the_address_of_a_connection(host: str, schema: str | None, port: int | None, url: str) -> None:
    assert api.base(host, schema, port) == url


@pytest.mark.parametrize("host", ["", "ftp://hub.example.com"])
def test_what_is_no_address_is_told(host: str) -> None:
    with pytest.raises(ValueError, match="connection"):
        api.base(host, None, None)


@pytest.mark.parametrize(
    ("ask", "status", "again"),
    [
        (GET, 429, True),
        (UNNAMED, 503, True),
        (GET, 502, True),
        (NAMED, 504, True),
        (UNNAMED, 504, False),
        (GET, 500, False),
        (GET, 401, False),
        (NAMED, 409, False),
    ],
)
def test_what_is_asked_again(ask: Ask, status: int, again: bool) -> None:
    assert api.later(ask, answer(status)) is again


def test_a_request_that_is_still_worked_on_is_asked_for_again() -> None:
    assert api.later(NAMED, answer(409, code="idempotency-key-in-flight", retryable=True))


def test_retry_after_is_seconds_or_a_date() -> None:
    now = datetime(2026, 3, 9, 12, 0, 0, tzinfo=UTC)
    assert api.retry_after(answer(503, "7"), now) == 7
    assert api.retry_after(answer(503, "Mon, 09 Mar 2026 12:00:30 GMT"), now) == 30
    assert api.retry_after(answer(503, "Mon, 09 Mar 2026 11:00:00 GMT"), now) == 0
    assert api.retry_after(answer(503, "soon"), now) is None
    assert api.retry_after(answer(503), now) is None


def test_pauses_grow_are_spread_and_not_shorter_than_told() -> None:
    patience = Patience(total=1000)
    pauses = [patience.pause(attempt, 0, None) or 0 for attempt in range(1, 12)]
    assert all(0.5 * 2**i * 0.5 <= pause <= 0.5 * 2**i * 1.5 for i, pause in enumerate(pauses[:7]))
    assert all(pause <= api.LONGEST_PAUSE * 1.5 for pause in pauses)
    assert all((patience.pause(1, 0, 20) or 0) >= 20 for _ in range(50))
    assert len({patience.pause(5, 0, None) for _ in range(50)}) > 10


def test_enough_is_enough() -> None:
    assert Patience(total=10).pause(1, 9.9, 5) is None
    tries = Tries(GET, Patience(total=0))
    with pytest.raises(HubAwayError, match="GET /v1/jobs/1: 503 lane-full: later"):
        tries.judge(answer(503, "1", code="lane-full", detail="later"))


def test_nobody_sends_twice_what_may_have_been_done() -> None:
    with pytest.raises(HubAwayError, match="no-answer"):
        Tries(UNNAMED, Patience()).judge(httpx.ReadTimeout("slow"))
    assert isinstance(Tries(NAMED, Patience()).judge(httpx.ReadTimeout("slow")), float)


def test_an_error_says_what_the_problem_document_says() -> None:
    told = api.error(GET, answer(404, code="not-found", detail="no job of yours has this id"))
    assert str(told) == "GET /v1/jobs/1: 404 not-found: no job of yours has this id"
    assert not isinstance(told, HubAwayError)
    assert str(api.error(GET, httpx.Response(502, text="<html>"))) == "GET /v1/jobs/1: 502 unknown: Bad Gateway"


def test_what_is_no_json_is_told() -> None:
    with pytest.raises(HubError, match="expected JSON"):
        api.read(GET, httpx.Response(200, text="<html>"))
