"""Who waits, who goes on and who is skipped; contexts as Airflow gives them, without a hub."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException, TaskDeferred

from hub_airflow.operators import HubBackfillOperator, HubLoadFileOperator, logical
from hub_airflow.sensors import HubDueSensor
from hub_airflow.triggers import HubJobTrigger, HubQueueTrigger, waiting

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


def context(kind: str, end: datetime, only: list[str] | None = None) -> Any:
    run = SimpleNamespace(run_type=kind, data_interval_end=end, run_after=end, logical_date=end, run_id="r")
    return {"dag_run": run, "params": {"only": only or []}}


def due(cron: str) -> HubDueSensor:
    return HubDueSensor(task_id="due", definition="parts", cron=cron, timezone="UTC")


def test_a_definition_waits_for_its_own_time() -> None:
    tomorrow = NOON + timedelta(days=1)
    due("0 12 * * *").execute(context("scheduled", NOON - timedelta(days=2)))
    with pytest.raises(TaskDeferred) as deferred:
        due("30 12 * * *").execute(context("scheduled", tomorrow))
    assert deferred.value.trigger.moment == tomorrow + timedelta(minutes=30)  # type: ignore[attr-defined]


def test_a_definition_that_is_not_due_on_this_day_is_skipped() -> None:
    with pytest.raises(AirflowSkipException, match="does not fire on this day"):
        due(f"0 12 * * {(NOON.isoweekday() + 3) % 7}").execute(context("scheduled", NOON))


@pytest.mark.parametrize("kind", ["manual", "backfill", "asset_triggered"])
def test_what_somebody_starts_does_not_wait_and_may_name_what_it_wants(kind: str) -> None:
    tomorrow = NOON + timedelta(days=1)
    due("30 12 * * *").execute(context(kind, tomorrow))
    due("30 12 * * *").execute(context(kind, tomorrow, ["orders", "parts"]))
    with pytest.raises(AirflowSkipException, match="only orders were asked for"):
        due("30 12 * * *").execute(context(kind, tomorrow, ["orders"]))


def test_a_load_outside_its_window_waits_for_it_before_it_asks_the_hub() -> None:
    begin = datetime.now(UTC) + timedelta(hours=2)
    window = f"{begin:%H}:00-{begin + timedelta(hours=1):%H}:00"
    load = HubBackfillOperator(task_id="x", system="sap", entity="part", window=window)
    with pytest.raises(TaskDeferred) as deferred:
        load.execute(context("scheduled", NOON))
    assert deferred.value.method_name == "opened"
    assert timedelta(0) < deferred.value.trigger.moment - datetime.now(UTC) <= timedelta(hours=2)  # type: ignore[attr-defined]


def test_a_run_without_a_logical_date_is_known_by_its_id() -> None:
    assert logical(context("manual", NOON)) == NOON.isoformat()
    run = SimpleNamespace(logical_date=None, run_id="asset__7")
    assert logical({"dag_run": run}) == "asset__7"  # type: ignore[typeddict-item]


def test_a_file_of_an_unknown_kind_is_told() -> None:
    load = HubLoadFileOperator(task_id="x", system="sap", file="parts.xlsx")
    with pytest.raises(Exception, match=r"expected \.ndjson, \.csv or \.xml, also with \.gz, not parts\.xlsx"):
        load.begin(context("manual", NOON))


@pytest.mark.parametrize(
    "trigger",
    [
        HubJobTrigger("c", "j", 1, 2, "2026-03-09T06:00:00+00:00"),
        HubQueueTrigger("k", "hub-transform", "hub.inbound", {"0": 7}, 1),
    ],
)
def test_triggers_are_the_same_in_another_triggerer(trigger: Any) -> None:
    path, arguments = trigger.serialize()
    assert path == f"hub_airflow.triggers.{type(trigger).__name__}"
    assert type(trigger)(**arguments).serialize() == (path, arguments)


def test_records_that_wait_are_those_before_the_ends() -> None:
    assert waiting({"0": 10, "1": 5, "2": 0}, {"0": 7, "1": 9, "2": -1001}) == 3
    # A group that never committed has taken nothing.
    assert waiting({"0": 10}, {}) == 10
    assert waiting({"0": 10}, {"0": -1001}) == 10
