"""Parsing does not depend on the hub, and says so when it cannot be helped."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from hub_airflow import cache

TOLD: list[dict[str, Any]] = [{"id": "a"}]


def away(connection: str) -> list[dict[str, Any]]:
    raise OSError(f"{connection}: connection refused")


def test_what_was_asked_is_kept_until_it_is_due(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "definitions.json"
    asked: list[str] = []

    def fetch(connection: str) -> list[dict[str, Any]]:
        asked.append(connection)
        return TOLD

    cache.refreshed(file, ["one", "two"], 300, fetch, now=1000)
    assert cache.refreshed(file, ["one", "two"], 300, fetch, now=1299).told == {"one": TOLD, "two": TOLD}
    assert asked == ["one", "two"]
    cache.refreshed(file, ["one", "two"], 300, fetch, now=1300)
    assert asked == ["one", "two", "one", "two"]
    assert [path.name for path in file.parent.iterdir()] == ["definitions.json"]


def test_a_hub_that_is_away_costs_a_warning_and_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "definitions.json"
    cache.write(file, cache.Known({"one": TOLD}, ("pool",), 1000))
    with caplog.at_level(logging.WARNING):
        known = cache.refreshed(file, ["one"], 300, away, now=2000)
    assert known.told == {"one": TOLD}
    assert known.pools == ("pool",)
    assert "one: connection refused" in caplog.text
    caplog.clear()
    cache.refreshed(file, ["one"], 300, away, now=2100)
    assert not caplog.text


def test_without_file_and_hub_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(cache.NoDefinitionsError, match=r"connection one: .*connection refused.*run `hub-airflow sync`"):
        cache.refreshed(tmp_path / "definitions.json", ["one"], 300, away)


def test_a_connection_that_is_new_is_asked_at_once(tmp_path: Path) -> None:
    file = tmp_path / "definitions.json"
    cache.write(file, cache.Known({"one": TOLD}, (), 1000))
    with pytest.raises(cache.NoDefinitionsError, match="connection two"):
        cache.refreshed(file, ["one", "two"], 0, away, now=1001)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"definitions": []}', '{"pools": []}'])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "definitions.json"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"definitions\.json: not a file of `hub-airflow sync`"):
        cache.read(file)


def test_a_place_that_cannot_be_written_costs_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    known = cache.refreshed(tmp_path / "file2" / "x.json", ["one"], 300, lambda _: TOLD, now=1)
    assert json.loads((tmp_path / "file2" / "x.json").read_text())["definitions"] == known.told
    with pytest.raises(OSError, match="file"):
        cache.write(tmp_path / "file" / "x.json", known)
