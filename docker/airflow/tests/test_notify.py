"""Who is told, beside the log."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from hub_airflow import notify
from hub_airflow.api import Patience

HEARD: list[dict[str, Any]] = []
MESSAGE = {"what": "rows rejected", "rows": 3}


def hear(message: dict[str, Any]) -> None:
    HEARD.append(message)


def test_the_log_is_told_always(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        notify.tell("", MESSAGE)
    assert "rows rejected" in caplog.text


def test_a_function_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    HEARD.clear()
    monkeypatch.syspath_prepend(__file__.rpartition("/")[0])
    notify.tell("python:test_notify.hear", MESSAGE)
    import test_notify  # noqa: PLC0415  as Airflow would find it

    assert test_notify.HEARD == [MESSAGE]


def test_anything_else_is_an_error() -> None:
    with pytest.raises(ValueError, match="expected conn:<id> or python:"):
        notify.tell("mail:someone", MESSAGE)


def test_a_webhook_that_is_away_is_told_without_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_HOOK", '{"conn_type": "http", "host": "http://127.0.0.1:9/s3cret"}')
    monkeypatch.setattr(notify, "PATIENCE", Patience(total=0))
    with pytest.raises(Exception, match="webhook of the connection hook: 0 no-answer") as thrown:
        notify.tell("conn:hook", MESSAGE)
    assert "s3cret" not in str(thrown.value)
