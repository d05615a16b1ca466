"""What is set for the DAGs, by environment variables ``HUB_AIRFLOW_...``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hub_airflow.times import moment, span


@dataclass(frozen=True)
class Start:
    """A record of the event queue that starts a group, besides its schedule."""

    kafka: str
    topic: str
    types: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """Settings, each with its default."""

    connections: tuple[str, ...] = ("cmms_hub",)
    file: Path = Path("hub/definitions.json")
    refresh: float = 300.0
    chunk: timedelta | None = timedelta(days=30)
    begin: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    catchup: bool = False
    kafka: str = ""
    topics: str = "hub"
    notify: str = ""
    poll: float = 5.0
    outage: float = 3600.0
    tolerate: int | None = None
    starts: Mapping[str, Start] = field(default_factory=dict)

    @staticmethod
    def of(environment: Mapping[str, str] = os.environ) -> Settings:
        """
        Read them.

        :raises ValueError: names the variable
        """

        def told(name: str, default: str = "") -> str:
            return environment.get(f"HUB_AIRFLOW_{name}", "").strip() or default

        def each(name: str, read: Any, default: str) -> Any:
            try:
                return read(told(name, default))
            except (ValueError, KeyError, TypeError) as e:
                raise ValueError(f"HUB_AIRFLOW_{name}: {e}") from e

        home = Path(environment.get("AIRFLOW_HOME", "~/airflow")).expanduser()
        return Settings(
            connections=each("CONNECTIONS", _names, "cmms_hub"),
            file=Path(told("DEFINITIONS", str(home / "hub" / "definitions.json"))),
            refresh=each("REFRESH", float, "300"),
            chunk=each("CHUNK", lambda text: None if text == "none" else span(text), "30d"),
            begin=each("BEGIN", moment, "2026-01-01T00:00:00Z"),
            catchup=each("CATCHUP", _flag, "false"),
            kafka=told("KAFKA"),
            topics=told("TOPICS", "hub"),
            notify=told("NOTIFY"),
            poll=each("POLL", float, "5"),
            outage=each("OUTAGE", float, "3600"),
            tolerate=each("TOLERATE", lambda text: None if text == "any" else int(text), "any"),
            starts=each("STARTS", _starts, "{}"),
        )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"expected true or false, not {text!r}")
    return text == "true"


def _starts(text: str) -> dict[str, Start]:
    found = json.loads(text)
    return {name: Start(one["kafka"], one["topic"], tuple(one.get("types", ["*"]))) for name, one in found.items()}
