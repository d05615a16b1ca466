"""Job definitions as ``GET /v1/batch`` tells them, in the order they have to run, in groups that belong together."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import croniter

from hub_airflow.times import Window, span

LOG = logging.getLogger(__name__)
_ID = re.compile(r"[a-z][a-z0-9-]*")


class DefinitionError(ValueError):
    """A definition cannot be used: names its id and field, what was expected, and what to do."""


@dataclass(frozen=True)
class Definition:
    """One load: what is loaded, when, behind which others. Checked when it is made."""

    id: str
    tenant: str
    system: str
    entities: tuple[str, ...]
    schedule: str
    timezone: str = "UTC"
    window: Window | None = None
    since: str = "last"
    after: tuple[str, ...] = ()
    by: str = "hub"
    enabled: bool = True
    pool: str = ""
    slots: int = 1

    @staticmethod
    def of(told: Mapping[str, Any]) -> Definition:
        """Read one of the hub's answer; fields that are not known are left aside."""
        name = told.get("id")
        if not isinstance(name, str) or not _ID.fullmatch(name):
            raise DefinitionError(f"definition id: expected [a-z][a-z0-9-]*, not {name!r}")

        def text(field: str, default: str | None = None) -> str:
            value = told.get(field, default)
            if not isinstance(value, str) or not value:
                raise DefinitionError(f"definition {name}: {field}: expected a text, not {value!r}")
            return value

        entities = _texts(name, "entities", told.get("entities"))
        if not entities:
            raise DefinitionError(f"definition {name}: entities: expected at least one")
        schedule = text("schedule")
        if not croniter.is_valid(schedule) or len(schedule.split()) != 5:
            raise DefinitionError(f"definition {name}: schedule: expected a cron of five fields, not {schedule!r}")
        timezone = text("timezone", "UTC")
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError) as e:
            raise DefinitionError(f"definition {name}: timezone: no zone of the tz database: {timezone!r}") from e
        since = text("since", "last")
        slots = told.get("slots", 1)
        if not isinstance(slots, int) or slots < 1:
            raise DefinitionError(f"definition {name}: slots: expected a number from 1, not {slots!r}")
        try:
            if since not in ("all", "last"):
                span(since)
            window = Window.of(told["window"], timezone) if told.get("window") else None
        except ValueError as e:
            raise DefinitionError(f"definition {name}: {e}") from e
        return Definition(
            id=name,
            tenant=text("tenant"),
            system=text("system"),
            entities=entities,
            schedule=schedule,
            timezone=timezone,
            window=window,
            since=since,
            after=_texts(name, "after", told.get("after") or []),
            by=text("by", "hub"),
            enabled=told.get("enabled", True) is not False,
            pool=str(told.get("pool") or text("system")),
            slots=slots,
        )


def _texts(name: str, field: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise DefinitionError(f"definition {name}: {field}: expected a list of texts, not {value!r}")
    return tuple(value)


@dataclass(frozen=True)
class Group:
    """Definitions of one tenant that hang together by ``after``, each behind those it needs."""

    definitions: tuple[Definition, ...]

    @property
    def tenant(self) -> str:
        return self.definitions[0].tenant

    @property
    def id(self) -> str:
        """The id of its DAG: tenant and first definition."""
        return f"hub.{self.tenant}.{self.definitions[0].id}"

    def needs(self, definition: Definition) -> tuple[str, ...]:
        """Return those of ``after`` that are in this group."""
        ids = {one.id for one in self.definitions}
        return tuple(other for other in definition.after if other in ids)


def groups(definitions: Iterable[Definition]) -> list[Group]:
    """
    Return what Airflow runs of one tenant's definitions.

    Left out are those that are switched off, those that the hub runs, and, with a warning, what would wait for one of
    them (`hub check` refuses that; a system that was disabled can bring it about). Order within a group: behind all
    of ``after``, and by id where that leaves a choice.
    """
    mine = {one.id: one for one in definitions if one.by == "airflow" and one.enabled}
    while lost := {one.id: other for one in mine.values() for other in one.after if other not in mine}:
        for name, other in lost.items():
            LOG.warning(
                "%s of %s is left out: it is after %s, which Airflow does not run", name, mine.pop(name).tenant, other
            )
    linked: dict[str, set[str]] = {name: set() for name in mine}
    for one in mine.values():
        for other in one.after:
            if other in mine:
                linked[one.id].add(other)
                linked[other].add(one.id)
    found: list[Group] = []
    seen: set[str] = set()
    for name in sorted(mine):
        if name not in seen:
            members = _reached(name, linked)
            seen |= members
            found.append(Group(tuple(_ordered([mine[member] for member in sorted(members)]))))
    return found


def _reached(begin: str, linked: Mapping[str, set[str]]) -> set[str]:
    reached = {begin}
    edge = [begin]
    while edge:
        edge = [other for name in edge for other in linked[name] if other not in reached]
        reached |= set(edge)
    return reached


def _ordered(definitions: list[Definition]) -> list[Definition]:
    waiting = {one.id: one for one in definitions}
    ordered: list[Definition] = []
    while waiting:
        ready = next((one for one in waiting.values() if not any(name in waiting for name in one.after)), None)
        if ready is None:
            circle = ", ".join(sorted(_circle(waiting)))
            raise DefinitionError(f"after: {circle} wait for each other; take one of them out of an `after`")
        ordered.append(waiting.pop(ready.id))
    return ordered


def _circle(waiting: Mapping[str, Definition]) -> set[str]:
    """Return those that wait for each other, without those that only wait for them."""
    names = set(waiting)
    while idle := {one for one in names if not any(one in waiting[other].after for other in names)}:
        names -= idle
    return names
