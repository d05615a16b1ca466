"""Makes a DAG of each group of job definitions that Airflow is in charge of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.apache.kafka.triggers.await_message import AwaitMessageTrigger
from airflow.sdk import (
    DAG,
    Asset,
    AssetOrTimeSchedule,
    AssetWatcher,
    CronDataIntervalTimetable,
    Param,
    TaskGroup,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from hub_airflow import cache
from hub_airflow.api import Patience
from hub_airflow.definitions import Definition, Group, groups
from hub_airflow.hooks import HubHook
from hub_airflow.notify import HubNotifier, tell
from hub_airflow.operators import HubBackfillOperator, HubRetryRejectsOperator
from hub_airflow.pools import pool_name
from hub_airflow.reconcile import complaints, left, retries
from hub_airflow.sensors import HubDueSensor, HubQueueSensor
from hub_airflow.settings import Settings
from hub_airflow.times import covered, first_of_day, moment, pieces, stamp

TOLD_AT_MOST = 20


def dags(settings: Settings | None = None) -> dict[str, DAG]:
    """
    Return the DAGs by id, for the globals of a file in Airflow's folder.

    Asks the hubs when the file of definitions is due; without file and hub it
    raises, which Airflow shows as an import error.
    """
    settings = settings or Settings.of()
    # A parse has little time: one try.
    known = cache.refreshed(settings.file, settings.connections, settings.refresh, fetch(Patience(total=0)))
    return made(settings, known)


def fetch(patience: Patience) -> cache.Fetch:
    """Return what asks a connection's hub for its definitions."""
    return lambda connection: HubHook(connection, patience).definitions()


def made(settings: Settings, known: cache.Known) -> dict[str, DAG]:
    """Return the DAGs of what is known."""
    found = {}
    for connection in settings.connections:
        for group in groups(known.definitions(connection)):
            found[group.id] = _Maker(settings, connection, group, frozenset(known.pools)).dag()
    return found


class _Maker:
    """Makes the DAG of one group."""

    def __init__(self, settings: Settings, connection: str, group: Group, pools: frozenset[str]) -> None:
        self.settings = settings
        self.connection = connection
        self.group = group
        self.pools = pools
        self.first = group.definitions[first_of_day([(one.schedule, one.timezone) for one in group.definitions])]

    def dag(self) -> DAG:
        ids = [one.id for one in self.group.definitions]
        with DAG(
            dag_id=self.group.id,
            description=f"Bulk loads of {self.group.tenant}: {', '.join(ids)}",
            schedule=self._schedule(),
            start_date=self.settings.begin,
            catchup=self.settings.catchup,
            # A load of yesterday and one of today would only overtake each other.
            max_active_runs=1,
            tags=["cmms-hub", self.group.tenant, *sorted({one.system for one in self.group.definitions})],
            params={
                "since": Param(None, type=["null", "string"], description="RFC 3339, or all; in place of the rule"),
                "until": Param(None, type=["null", "string"], description="RFC 3339"),
                "only": Param([], type="array", items={"type": "string", "enum": ids}, description="definitions"),
            },
            default_args={
                "owner": self.group.tenant,
                "retries": 3,
                "retry_delay": timedelta(seconds=10),
                "retry_exponential_backoff": 2.0,
                "max_retry_delay": timedelta(minutes=10),
                "on_failure_callback": HubNotifier(self.settings.notify, self.group.tenant),
            },
        ) as dag:
            ends: dict[str, Any] = {}
            for one in self.group.definitions:
                first, ends[one.id] = self._definition(one)
                for needed in self.group.needs(one):
                    ends[needed] >> first
        return dag

    def _schedule(self) -> Any:
        # Of Airflow's two kinds of cron the one whose runs have an interval: what a run covers.
        cron = CronDataIntervalTimetable(self.first.schedule, timezone=self.first.timezone)
        starts = [(name, start) for name, start in self.settings.starts.items() if name in self._ids()]
        if not starts:
            return cron
        assets = [
            Asset(
                name=f"{self.group.tenant}.{name}.start",
                watchers=[
                    AssetWatcher(
                        name=f"{self.group.tenant}.{name}.start",
                        trigger=AwaitMessageTrigger(
                            topics=[start.topic],
                            apply_function="hub_airflow.messages.starts",
                            apply_function_kwargs={"tenant": self.group.tenant, "types": list(start.types)},
                            kafka_config_id=start.kafka,
                            # The pause after each record that is not meant.
                            poll_interval=0,
                        ),
                    )
                ],
            )
            for name, start in starts
        ]
        return AssetOrTimeSchedule(timetable=cron, assets=assets)

    def _ids(self) -> set[str]:
        return {one.id for one in self.group.definitions}

    def _definition(self, one: Definition) -> tuple[Any, Any]:
        """Return its first task and the one that is done when all of it ended well."""
        with TaskGroup(group_id=one.id, tooltip=_tooltip(one)):
            # Behind a definition that was not due today a later one still runs; behind one that failed it does not.
            due: Any = HubDueSensor(
                task_id="due", cron=one.schedule, timezone=one.timezone, definition=one.id, trigger_rule="none_failed"
            )
            last = due
            if self.settings.kafka:
                sense = HubQueueSensor(
                    task_id="sense",
                    kafka_config_id=self.settings.kafka,
                    topic=f"{self.settings.topics}.inbound",
                    group=f"{self.settings.topics}-transform",
                    poll=self.settings.poll,
                )
                last >> sense
                last = sense
            for entity in one.entities:
                first, end = self._entity(one, entity)
                last >> first
                last = end
        return due, last

    def _entity(self, one: Definition, entity: str) -> tuple[Any, Any]:
        pool = pool_name(one)
        job = {
            "hub_conn_id": self.connection,
            "poll": self.settings.poll,
            "outage": self.settings.outage,
            "window": one.window and f"{one.window.begin:%H:%M}-{one.window.end:%H:%M}",
            "timezone": one.timezone,
            # Of a pool that nobody has made Airflow would never run anything.
            "pool": pool if pool in self.pools else "default_pool",
        }
        target, tolerate, connection = self.settings.notify, self.settings.tolerate, self.connection
        about = {"tenant": one.tenant, "definition": one.id, "entity": entity}
        with TaskGroup(group_id=entity):
            windows: Any = task(plan)(since=one.since, entity=entity, chunk=_seconds(self.settings.chunk))
            loads: Any = HubBackfillOperator.partial(
                task_id="load", system=one.system, definition=one.id, map_index_template="{{ task.since }}", **job
            ).expand_kwargs(windows)
            found: Any = task(rejecting)(loads.output)
            chosen: Any = task.branch(choose)(found, f"{one.id}.{entity}")
            fine: Any = task(task_id="fine")(nothing)()
            again: Any = HubRetryRejectsOperator.partial(task_id="retry", **job).expand(job=found)
            # Nothing waits for it: people who cannot be told do not keep the next load from running.
            task(notify)(about, target, loads.output, again.output)
            summed: Any = task(trigger_rule="none_failed_min_one_success", multiple_outputs=False)(reconcile)(
                about, connection, tolerate, loads.output, again.output
            )
            chosen >> [fine, again]
            [fine, again] >> summed
        return windows, summed


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def _tooltip(one: Definition) -> str:
    parts = [
        f"{one.system}: {', '.join(one.entities)}",
        f"{one.schedule} {one.timezone}",
        f"since {one.since}",
    ]
    return ", ".join(parts + ([f"window {one.window}"] if one.window else []))


# What follows runs as tasks. -------------------------------------------------------------------------------


def plan(since: str, entity: str, chunk: float | None) -> list[dict[str, str]]:
    """Cut what this run covers into windows, one job each, oldest first."""
    context = get_current_context()
    run = context["dag_run"]
    params: Mapping[str, Any] = context["params"]
    begin = run.data_interval_start or run.run_after
    end = moment(params["until"]) if params.get("until") else run.data_interval_end or run.run_after
    told = params.get("since")
    if told and told != "all":
        covers: tuple[datetime | None, datetime] = (moment(told), end)
    else:
        # Airflow gives a proxy, which is never None itself.
        found = context.get("prev_data_interval_end_success") if since == "last" and run.logical_date else None
        last = found.astimezone(UTC) if found else None
        covers = covered(told or since, begin, end, last, exact=run.run_type == "backfill" and not told)
    cut = pieces(*covers, None if chunk is None else timedelta(seconds=chunk))
    texts = [{"entity": entity, "since": stamp(first), "until": stamp(behind)} for first, behind in cut]
    return [{name: text for name, text in one.items() if text} for one in texts]


def rejecting(loads: Any) -> list[str]:
    """Return the jobs with rows that were rejected."""
    return [job["id"] for job in loads if job["rows"]["rejected"]]


def choose(found: list[str], part: str) -> str:
    """Go to the retry of rejected rows, or on."""
    return f"{part}.retry" if found else f"{part}.fine"


def nothing() -> None:
    """Stand for a load without rejects."""


def notify(about: dict[str, str], target: str, loads: Any, again: Any) -> int:
    """Tell of the rows that stay rejected after a second try; skipped when there are none."""
    retried = retries(again or ())
    rows = {job["id"]: left(job, retried.get(job["id"])) for job in loads}
    rows = {job: count for job, count in rows.items() if count}
    if not rows:
        raise AirflowSkipException("all rows were taken at the second try")
    run = get_current_context()["dag_run"]
    tell(
        target,
        {
            "what": "rows rejected",
            **about,
            "dag": run.dag_id,
            "run": run.run_id,
            "rows": sum(rows.values()),
            "jobs": rows,
        },
    )
    return sum(rows.values())


def reconcile(about: dict[str, str], connection: str, tolerate: int | None, loads: Any, again: Any) -> dict[str, Any]:
    """Hold each job against its acknowledgement; fails when anything does not add up."""
    hook = HubHook(connection)
    jobs = list(loads)
    retried = retries(again or ())
    found: list[str] = []
    for job in (*jobs, *retried.values()):
        found += complaints(job, hook.acknowledgement(job["id"]), hook.chunks(job["id"]))
    rejected = sum(left(job, retried.get(job["id"])) for job in jobs)
    if tolerate is not None and rejected > tolerate:
        found.append(f"{rejected} rows are rejected, {tolerate} are tolerated")
    if found:
        raise AirflowFailException(f"{about['definition']} {about['entity']}: " + "; ".join(found[:TOLD_AT_MOST]))
    names = ("done", "applied", "duplicate", "stale", "queued")
    return {
        **about,
        "jobs": len(jobs),
        "retries": len(retried),
        "received": sum(job["received"]["rows"] for job in jobs),
        **{name: sum(job["rows"].get(name, 0) for job in jobs) for name in names},
        "rejected": rejected,
    }
