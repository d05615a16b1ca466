"""The DAGs of a file of definitions, parsed by Airflow itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG

from hub_airflow import cache
from hub_airflow.factory import made
from hub_airflow.graph import drawn
from hub_airflow.operators import HubBackfillOperator
from hub_airflow.settings import Settings, Start

HERE = Path(__file__).parent
ACME = HERE / "definitions" / "acme.json"


@pytest.fixture
def dags() -> dict[str, DAG]:
    known = cache.read(ACME)
    assert known is not None
    return made(Settings(kafka="hub_kafka"), known)


def test_a_dag_for_each_group_of_what_airflow_runs(dags: dict[str, DAG]) -> None:
    assert sorted(dags) == ["hub.acme.assets-hourly", "hub.acme.suppliers-nightly"]


def test_the_whole_graph(dags: dict[str, DAG]) -> None:
    text = "\n".join(drawn(dag) for dag in dags.values()) + "\n"
    assert text == (HERE / "definitions" / "acme.graph.txt").read_text()


def test_definitions_run_behind_those_they_need(dags: dict[str, DAG]) -> None:
    dag = dags["hub.acme.suppliers-nightly"]
    assert dag.get_task("parts-nightly.due").upstream_task_ids == {"suppliers-nightly.supplier.reconcile"}
    assert dag.get_task("orders-weekly.due").upstream_task_ids == {"parts-nightly.part.reconcile"}
    assert dag.get_task("orders-weekly.workorder.plan").upstream_task_ids == {
        "orders-weekly.purchasedocument.reconcile"
    }


def test_the_dag_is_due_when_its_first_definition_is(dags: dict[str, DAG]) -> None:
    schedule: Any = dags["hub.acme.suppliers-nightly"].timetable
    assert type(schedule).__name__ == "CronDataIntervalTimetable"
    assert (schedule.expression, str(schedule.timezone)) == ("0 1 * * *", "Europe/Berlin")


def test_a_pool_is_used_once_it_was_made(dags: dict[str, DAG]) -> None:
    load: Any = dags["hub.acme.suppliers-nightly"].get_task("parts-nightly.part.load")
    assert load.operator_class is HubBackfillOperator
    assert load.partial_kwargs["pool"] == "hub.sap.acme.example"
    other: Any = dags["hub.acme.assets-hourly"].get_task("assets-hourly.asset.load")
    assert other.partial_kwargs["pool"] == "default_pool"


def test_a_window_and_its_zone_reach_the_load(dags: dict[str, DAG]) -> None:
    load: Any = dags["hub.acme.suppliers-nightly"].get_task("parts-nightly.part.load")
    assert (load.partial_kwargs["window"], load.partial_kwargs["timezone"]) == ("22:00-06:00", "Europe/Berlin")


def test_a_record_of_the_queue_can_start_a_group() -> None:
    known = cache.read(ACME)
    assert known is not None
    starts = {"assets-hourly": Start("hub_events", "hub.canonical", ("asset.*",))}
    schedule: Any = made(Settings(starts=starts), known)["hub.acme.assets-hourly"].timetable
    assert type(schedule).__name__ == "AssetOrTimeSchedule"
    (asset,) = schedule.asset_condition.objects
    trigger = asset.watchers[0].trigger
    assert trigger.apply_function_kwargs == {"tenant": "acme", "types": ["asset.*"]}


def parsed(tmp_path: Path, file: Path, **environment: str) -> tuple[list[str], str]:
    """Let Airflow parse the file of DAGs, in a process of its own."""
    result = subprocess.run(
        [sys.executable, str(HERE / "parse.py"), str(HERE.parent / "dags")],
        env=os.environ
        | {
            "AIRFLOW_HOME": str(tmp_path / "airflow"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "HUB_AIRFLOW_DEFINITIONS": str(file),
            "HUB_AIRFLOW_REFRESH": "0",
            "AIRFLOW_CONN_CMMS_HUB": '{"conn_type": "cmms_hub", "host": "http://127.0.0.1:9", "password": "hub_x"}',
        }
        | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = json.loads(result.stdout.splitlines()[-1])
    return told["dags"], told["problem"]


def test_airflow_imports_them_without_a_hub(tmp_path: Path) -> None:
    dags, problem = parsed(tmp_path, ACME)
    assert problem == ""
    assert dags == ["hub.acme.assets-hourly", "hub.acme.suppliers-nightly"]


def test_without_file_and_hub_the_import_error_says_what_to_do(tmp_path: Path) -> None:
    dags, problem = parsed(tmp_path, tmp_path / "none.json")
    assert dags == []
    assert "NoDefinitionsError: connection cmms_hub" in problem
    assert "run `hub-airflow sync`" in problem
    assert "hub_x" not in problem


def test_a_definition_that_cannot_be_used_is_an_import_error(tmp_path: Path) -> None:
    file = tmp_path / "definitions.json"
    told = json.loads(ACME.read_text())
    told["definitions"]["cmms_hub"][0]["schedule"] = "nightly"
    file.write_text(json.dumps(told))
    dags, problem = parsed(tmp_path, file)
    assert dags == []
    assert "definition suppliers-nightly: schedule: expected a cron of five fields, not 'nightly'" in problem
