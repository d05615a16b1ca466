"""From the parse of the DAGs to rows in the shard, with failures on the way. In the order of this file."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from conftest import ASSETS, BEGIN, BROKEN, ORDERS, PARTS, Scene, tell
from hub_airflow.times import moment
from processes import OUT, until

GROUP, HOURLY = "hub.acme.assets-nightly", "hub.acme.assets-hourly"


def jobs(scene: Scene) -> list[dict[str, Any]]:
    return list(scene.hub.get("/v1/jobs?limit=200", scene.key)["jobs"])


def main_run(scene: Scene) -> dict[str, Any]:
    told = scene.airflow.api("GET", f"/dags/{GROUP}/dagRuns")["dag_runs"]
    return next(one for one in told if one["run_type"] == "scheduled")


def noted(scene: Scene, dag: str, run: str) -> list[dict[str, Any]]:
    """Write the tasks of a run with their states to a file, and return them."""
    tasks = scene.airflow.tasks(dag, run)
    tasks.sort(key=lambda one: (one["start_date"] or "9", one["task_id"], one["map_index"]))
    lines = [f"{dag} {run}"]
    for one in tasks:
        index = f"[{one['map_index']}]" if one["map_index"] >= 0 else ""
        began = (one["start_date"] or "-")[11:19]
        lines.append(
            f"  {began}  {one['duration'] or 0:6.1f} s  {one['state']!s:16} try {one['try_number']}  {one['task_id']}{index}"
        )
    with (OUT / "tasks.txt").open("a") as out:
        out.write("\n".join(lines) + "\n\n")
    return tasks


def states(tasks: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for one in tasks:
        found.setdefault(one["task_id"], Counter())[str(one["state"])] += 1
    return found


def test_sync_keeps_the_definitions_and_makes_the_pools(scene: Scene) -> None:
    (OUT / "tasks.txt").unlink(missing_ok=True)
    tell(f"the hub was ready after {scene.hub.started:.1f} s")
    scene.airflow.run("airflow", "db", "migrate")
    said = scene.airflow.run("hub-airflow", "sync")
    assert f"{GROUP}: assets-nightly, parts-nightly, orders-nightly" in said
    assert "4 definitions" in said
    assert scene.key not in said
    known = json.loads((scene.airflow.home / "hub" / "definitions.json").read_text())
    assert scene.key not in json.dumps(known)
    assert known["pools"]


def test_the_graph_is_told_as_text(scene: Scene) -> None:
    said = scene.airflow.run("hub-airflow", "show")
    assert "load[]  (HubBackfillOperator)" in said
    (OUT / "graph.txt").write_text(said)


def test_a_whole_dag_runs_in_one_process(scene: Scene) -> None:
    """``airflow dags test``: no scheduler, triggers in the same process."""
    begin = time.monotonic()
    scene.airflow.run("airflow", "dags", "test", HOURLY, (BEGIN + timedelta(days=1)).isoformat(), seconds=180)
    tell(f"airflow dags test of {HOURLY}: {time.monotonic() - begin:.1f} s")
    (job,) = [one for one in jobs(scene) if one["system"] == "plant"]
    assert (job["kind"], job["state"], job["rows"]["done"]) == ("backfill", "done", ASSETS)
    found = scene.hub.get("/v1/asset?limit=200", scene.key)["items"]
    assert len(found) == ASSETS


def test_airflow_starts_and_parses_the_dags(scene: Scene) -> None:
    begin = time.monotonic()
    scene.airflow.start()
    tell(f"Airflow's API answered after {time.monotonic() - begin:.1f} s")
    until("both DAGs are there", lambda: scene.airflow.api("GET", "/dags")["total_entries"] == 2, 90)
    tell(f"the DAGs were there after {time.monotonic() - begin:.1f} s")
    assert scene.airflow.api("GET", "/importErrors")["total_entries"] == 0
    pools = {one["name"]: one for one in scene.airflow.api("GET", "/pools")["pools"]}
    known = json.loads((scene.airflow.home / "hub" / "definitions.json").read_text())
    assert all(pools[name]["include_deferred"] for name in known["pools"])
    # From now on it is also started by events, which the last test posts.
    scene.airflow.api("PATCH", f"/dags/{HOURLY}", is_paused=False)


def test_a_load_gets_through_an_outage_of_the_source_and_a_hub_that_stands_still(scene: Scene) -> None:
    """Also: rows that are rejected are tried again, and told when they stay so."""
    scene.source.away.set()
    begin = time.monotonic()
    # Released, it makes up for the run that was due last; not for those before, since it does not catch up.
    scene.airflow.api("PATCH", f"/dags/{GROUP}", is_paused=False)
    told = until("the run that was due", lambda: scene.airflow.api("GET", f"/dags/{GROUP}/dagRuns")["dag_runs"], 60)
    assert [one["run_type"] for one in told] == ["scheduled"]
    run = told[0]["dag_run_id"]
    first = threading.Event()

    def look() -> None:
        while not first.is_set():
            mine = [one for one in jobs(scene) if (one["system"], one["kind"]) == ("sap", "backfill")]
            if any(one["rows"]["applied"] for one in mine):
                tell(f"first row in the shard {time.monotonic() - begin:.1f} s after the DAG was released")
                first.set()
            time.sleep(0.5)

    threading.Thread(target=look, daemon=True).start()
    until("the source was asked in vain", lambda: scene.source.refused >= 2, 120)
    scene.source.away.clear()
    until("a row is in the shard", first.is_set, 120)
    until("a part is in the shard", lambda: scene.hub.get("/v1/part?limit=1", scene.key)["items"], 120)
    # In the middle of the parts.
    with scene.hub.paused(8):
        pass
    state = scene.airflow.ended(GROUP, run, 240)
    tell(f"the whole run took {time.monotonic() - begin:.1f} s, the source's outage and 8 s without a hub included")
    tasks = noted(scene, GROUP, run)
    assert state == "success", json.dumps(tasks, indent=1)
    now = states(tasks)
    # 15 days in windows of at most 5.
    assert now["parts-nightly.part.load"] == {"success": 3}
    assert now["parts-nightly.part.retry"] == {"success": 1}
    assert now["parts-nightly.part.fine"] == {"skipped": 1}
    assert now["parts-nightly.part.notify"] == {"success": 1}
    assert now["assets-nightly.asset.retry"] == {"skipped": 1}
    assert now["assets-nightly.asset.fine"] == {"success": 1}


def test_rows_are_in_the_shard(scene: Scene) -> None:
    count = 0
    path: str | None = "/v1/part?limit=200"
    while path:
        page = scene.hub.get(path, scene.key)
        count += len(page["items"])
        path = f"/v1/part?limit=200&cursor={page['next']}" if page.get("next") else None
    assert count == PARTS - BROKEN
    assert len(scene.hub.get("/v1/purchasedocument?limit=200", scene.key)["items"]) == ORDERS


def test_definitions_ran_one_behind_the_other(scene: Scene) -> None:
    run = main_run(scene)
    at = {(one["task_id"], one["map_index"]): one for one in scene.airflow.tasks(GROUP, run["dag_run_id"])}
    for behind, before in (("parts-nightly", "assets-nightly.asset"), ("orders-nightly", "parts-nightly.part")):
        assert at[f"{behind}.due", -1]["start_date"] >= at[f"{before}.reconcile", -1]["end_date"]


def test_it_adds_up(scene: Scene) -> None:
    run = main_run(scene)
    told = scene.airflow.xcom(GROUP, run["dag_run_id"], "parts-nightly.part.reconcile")
    tell(f"reconciled: {json.dumps(told)}")
    assert (told["jobs"], told["retries"], told["rejected"]) == (3, 1, BROKEN)
    assert told["received"] == told["done"] >= PARTS


def test_people_were_told_of_the_rows_that_stay_rejected(scene: Scene) -> None:
    (message,) = [one for one in scene.told.messages if one["what"] == "rows rejected"]
    assert (message["definition"], message["entity"], message["rows"]) == ("parts-nightly", "part", BROKEN)
    assert scene.told.authorizations[0] == "Bearer for-who-is-told"


def test_a_task_that_is_run_again_begins_no_second_job(scene: Scene) -> None:
    run = main_run(scene)
    before = {one["id"] for one in jobs(scene)}
    tries = _tries(scene, run["dag_run_id"])
    scene.airflow.api(
        "POST",
        f"/dags/{GROUP}/clearTaskInstances",
        dry_run=False,
        dag_run_id=run["dag_run_id"],
        task_ids=["parts-nightly.part.load"],
        include_downstream=False,
        only_failed=False,
        reset_dag_runs=True,
    )
    assert scene.airflow.ended(GROUP, run["dag_run_id"], 120) == "success"
    noted(scene, GROUP, run["dag_run_id"])
    assert _tries(scene, run["dag_run_id"]) == {index: count + 1 for index, count in tries.items()}
    assert {one["id"] for one in jobs(scene)} == before


def _tries(scene: Scene, run: str) -> dict[int, int]:
    tasks = scene.airflow.tasks(GROUP, run)
    return {one["map_index"]: one["try_number"] for one in tasks if one["task_id"] == "parts-nightly.part.load"}


def test_a_backfill_by_date_covers_each_interval_once(scene: Scene) -> None:
    before = {one["id"] for one in jobs(scene)}
    scene.airflow.api(
        "POST",
        "/backfills",
        dag_id=HOURLY,
        from_date=BEGIN.isoformat(),
        to_date=(BEGIN + timedelta(hours=1)).isoformat(),
        run_backwards=False,
        reprocess_behavior="none",
        max_active_runs=1,
    )

    def runs() -> list[dict[str, Any]]:
        told = scene.airflow.api("GET", f"/dags/{HOURLY}/dagRuns")["dag_runs"]
        return [one for one in told if one["run_type"] == "backfill"]

    until("the runs of the backfill end", lambda: len(runs()) == 2 and all(one["end_date"] for one in runs()), 180, 1)
    for run in runs():
        noted(scene, HOURLY, run["dag_run_id"])
        assert run["state"] == "success"
    new = [one for one in jobs(scene) if one["id"] not in before]
    hours = [BEGIN + timedelta(hours=hour) for hour in range(3)]
    assert sorted((moment(one["since"]), moment(one["until"])) for one in new) == list(pairwise(hours))
    # What is there already is a duplicate, not a second row.
    assert all(one["rows"]["duplicate"] == one["rows"]["done"] > 0 for one in new)


def test_a_record_of_the_event_queue_starts_a_load(scene: Scene) -> None:
    order = json.loads((OUT.parents[1] / "connectors/sap-s4hana/samples/workorder.from-erp.released.json").read_text())
    begin = time.monotonic()
    answer = httpx.post(
        f"{scene.hub.url}/v1/events/sap", json=order, headers={"Authorization": f"Bearer {scene.key}"}, timeout=30
    )
    assert answer.status_code == 202

    def run() -> dict[str, Any] | None:
        told = scene.airflow.api("GET", f"/dags/{HOURLY}/dagRuns")["dag_runs"]
        return next((one for one in told if one["run_type"].startswith("asset")), None)

    found = until("the DAG is started by an event", run, 60)
    tell(f"a DAG began {time.monotonic() - begin:.1f} s after the event that starts it was posted")
    assert scene.airflow.ended(HOURLY, found["dag_run_id"], 120) == "success"
    noted(scene, HOURLY, found["dag_run_id"])


def test_no_log_has_a_key(scene: Scene) -> None:
    looked = 0
    for file in [*scene.folder.glob("*.log"), *scene.airflow.home.rglob("*.log"), *OUT.glob("*.txt")]:
        text = file.read_text("utf-8", "replace")
        looked += 1
        for secret in (scene.key, scene.slow_key, "for-who-is-told"):
            assert secret not in text, f"{file} has a key"
    assert looked > 20


@pytest.fixture(autouse=True)
def _all_alive(scene: Scene) -> None:
    scene.hub.process.check()
    for process in scene.airflow.processes.values():
        process.check()
