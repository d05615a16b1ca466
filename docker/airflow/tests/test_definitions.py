"""Definitions are checked, and stand behind those they need."""

from __future__ import annotations

from typing import Any

import pytest

from hub_airflow.definitions import Definition, DefinitionError, groups
from hub_airflow.pools import pool_name, pools

GOOD: dict[str, Any] = {
    "id": "parts-nightly",
    "tenant": "acme",
    "system": "sap",
    "connector": "sap-s4hana",
    "entities": ["part"],
    "schedule": "0 2 * * *",
    "timezone": "Europe/Berlin",
    "window": "22:00-06:00",
    "since": "7d",
    "after": ["suppliers-nightly"],
    "by": "airflow",
    "enabled": True,
    "pool": "sap.acme.example:443",
    "slots": 2,
    "something-newer": {"that": "this does not know"},
}


def definition(name: str, *after: str, **fields: Any) -> Definition:
    return Definition.of(GOOD | {"id": name, "after": list(after)} | fields)


def test_a_definition_is_read() -> None:
    read = Definition.of(GOOD)
    assert (read.id, read.tenant, read.system, read.entities) == ("parts-nightly", "acme", "sap", ("part",))
    assert (read.since, read.after, read.by, read.enabled, read.slots) == (
        "7d",
        ("suppliers-nightly",),
        "airflow",
        True,
        2,
    )
    assert str(read.window) == "22:00-06:00 Europe/Berlin"


def test_what_is_absent_has_a_default() -> None:
    told = {key: GOOD[key] for key in ("id", "tenant", "system", "entities", "schedule")}
    read = Definition.of(told)
    assert (read.timezone, read.window, read.since, read.after, read.by) == ("UTC", None, "last", (), "hub")
    assert (read.enabled, read.pool, read.slots) == (True, "sap", 1)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("id", "Parts", "definition id: expected [a-z][a-z0-9-]*, not 'Parts'"),
        ("id", None, "definition id"),
        ("tenant", "", "definition parts-nightly: tenant: expected a text"),
        ("entities", [], "definition parts-nightly: entities: expected at least one"),
        ("entities", "part", "definition parts-nightly: entities: expected a list of texts"),
        ("schedule", "every night", "definition parts-nightly: schedule: expected a cron of five fields"),
        ("schedule", "0 0 2 * * *", "definition parts-nightly: schedule: expected a cron of five fields"),
        ("timezone", "Europe/Bärlin", "definition parts-nightly: timezone: no zone of the tz database"),
        ("window", "22-6", "definition parts-nightly: window: expected such as"),
        ("since", "yesterday", "definition parts-nightly: since: expected last, all or a duration"),
        ("after", [1], "definition parts-nightly: after: expected a list of texts"),
        ("slots", 0, "definition parts-nightly: slots: expected a number from 1"),
    ],
)
def test_what_is_wrong_is_named(field: str, value: Any, told: str) -> None:
    with pytest.raises(DefinitionError) as thrown:
        Definition.of(GOOD | {field: value})
    assert str(thrown.value).startswith(told)


def test_what_hangs_together_is_one_group_in_the_order_it_has_to_run() -> None:
    found = groups(
        [
            definition("orders", "parts", "suppliers"),
            definition("parts", "suppliers"),
            definition("assets"),
            definition("suppliers"),
        ]
    )
    assert [[one.id for one in group.definitions] for group in found] == [["assets"], ["suppliers", "parts", "orders"]]
    assert found[1].id == "hub.acme.suppliers"
    assert found[1].needs(found[1].definitions[2]) == ("parts", "suppliers")


def test_the_order_is_the_same_however_they_come() -> None:
    some = [definition("c", "a"), definition("b", "a"), definition("a"), definition("d", "b", "c")]
    orders = {tuple(one.id for one in groups(some[turn:] + some[:turn])[0].definitions) for turn in range(len(some))}
    assert orders == {("a", "b", "c", "d")}


def test_what_others_run_and_what_is_off_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    found = groups(
        [
            definition("parts"),
            definition("codes", by="hub"),
            definition("off", enabled=False),
            definition("behind", "off"),
            definition("behind-that", "behind", "parts"),
        ]
    )
    assert [[one.id for one in group.definitions] for group in found] == [["parts"]]
    assert "behind of acme is left out: it is after off, which Airflow does not run" in caplog.text
    assert "behind-that of acme is left out" in caplog.text


def test_a_circle_is_told() -> None:
    with pytest.raises(DefinitionError, match="a, b wait for each other"):
        groups([definition("a", "b"), definition("b", "a"), definition("c", "a")])


def test_a_host_has_one_pool_of_the_smaller_number() -> None:
    other = definition("other", tenant="globex", slots=1)
    made = pools([definition("parts"), other, definition("odd", pool="odd.example", by="hub")])
    assert pool_name(other) == "hub.sap.acme.example-443"
    assert list(made) == ["hub.sap.acme.example-443"]
    assert made["hub.sap.acme.example-443"]["slots"] == 1
    # Jobs that are waited for without a worker count.
    assert made["hub.sap.acme.example-443"]["include_deferred"] is True
