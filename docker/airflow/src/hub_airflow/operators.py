"""Loads as tasks: begun once however often the task is run, watched without a worker."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from airflow.providers.standard.triggers.temporal import DateTimeTrigger
from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from hub_airflow import api
from hub_airflow.hooks import HubHook
from hub_airflow.keys import file_key, job_key
from hub_airflow.times import Window, moment
from hub_airflow.triggers import HubJobTrigger

MOST_ATTEMPTS = 20


def logical(context: Context) -> str:
    """Return what tells this run from the others of its DAG: its logical date, or its id where it has none."""
    run = context["dag_run"]
    return run.logical_date.isoformat() if run.logical_date else run.run_id


class HubJobOperator(BaseOperator):
    """
    Begins a job and waits for its end; returns the job as it was then.

    Rows that were rejected are a result, not an error. A job that failed fails the task, whose next try begins another
    one; one that somebody cancelled fails it for good.

    :param wait: False returns the job as soon as it was begun
    :param deferrable: wait in the triggerer, not in a worker
    :param poll: seconds between two looks at the job
    :param outage: for so many seconds the hub may be away while the job is watched
    :param window: when the job may run, such as ``22:00-06:00``: begun outside it waits, at its end it is paused
    """

    def __init__(
        self,
        *,
        hub_conn_id: str = HubHook.default_conn_name,
        wait: bool = True,
        deferrable: bool = True,
        poll: float = 5.0,
        outage: float = 3600.0,
        window: str | None = None,
        timezone: str = "UTC",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.hub_conn_id = hub_conn_id
        self.wait = wait
        self.deferrable = deferrable
        self.poll = poll
        self.outage = outage
        self.window = window
        self.timezone = timezone

    @property
    def hook(self) -> HubHook:
        """Return the hook of the connection."""
        return HubHook(self.hub_conn_id)

    def begin(self, context: Context) -> dict[str, Any]:
        """Begin the job, or find the one that was begun by this task before."""
        raise NotImplementedError

    def execute(self, context: Context) -> Any:
        """Begin the job, when it may run, and wait."""
        window = self._window()
        if window and not window.is_open(now := datetime.now(UTC)):
            opens = window.opens(now)
            self.log.info("waiting for the window %s, which opens at %s", window, opens)
            self.defer(trigger=DateTimeTrigger(moment=opens), method_name="opened")
        return self.opened(context, None)

    def opened(self, context: Context, event: Any) -> Any:
        """Go on once the window is open."""
        job = self.begin(context)
        self.log.info("job %s is %s", job["id"], job["state"])
        if not self.wait or job["state"] in api.ENDED:
            return self._ended(job) if self.wait else job
        if job["state"] == "paused" and self.window:
            self.hook.act(job["id"], "resume")
        if self.deferrable:
            self._watch(str(job["id"]))
        return self._ended(self._waited(str(job["id"])))

    def looked(self, context: Context, event: dict[str, Any], job: str) -> Any:
        """Go on with what the trigger saw."""
        if "error" in event:
            # Another try of the task finds the same job by its key.
            raise AirflowException(f"job {job} cannot be watched: {event['error']}")
        if event.get("closed"):
            window = self._window()
            assert window is not None  # noqa: S101  only a window closes
            self.hook.act(job, "pause")
            opens = window.opens(datetime.now(UTC))
            self.log.info("job %s is paused: its window %s opens again at %s", job, window, opens)
            self.defer(trigger=DateTimeTrigger(moment=opens), method_name="resumed", kwargs={"job": job})
        return self._ended(event["job"])

    def resumed(self, context: Context, event: Any, job: str) -> Any:
        """Go on with a job that was paused at the end of its window."""
        now = self.hook.job(job)
        if now["state"] == "paused":
            self.hook.act(job, "resume")
        self._watch(job)

    def _watch(self, job: str) -> NoReturn:
        window = self._window()
        closes = window.closes(datetime.now(UTC)).isoformat() if window else None
        self.defer(
            trigger=HubJobTrigger(self.hub_conn_id, job, self.poll, self.outage, closes),
            method_name="looked",
            kwargs={"job": job},
        )
        raise AssertionError("deferring does not return")

    def _waited(self, job: str) -> dict[str, Any]:
        while (now := self.hook.job(job))["state"] not in api.ENDED:
            time.sleep(self.poll)
        return now

    def _ended(self, job: dict[str, Any]) -> dict[str, Any]:
        self.log.info(
            "job %s ended: %s%s; received %s, rows %s",
            job["id"],
            job["state"],
            f" ({job['reason']})" if job.get("reason") else "",
            job.get("received"),
            job.get("rows"),
        )
        if job["state"] == "cancelled":
            raise AirflowFailException(f"job {job['id']} was cancelled; clear this task to begin another one")
        if job["state"] != "done":
            raise AirflowException(f"job {job['id']} {job['state']}: {job.get('reason', 'no reason told')}")
        return job

    def _window(self) -> Window | None:
        return Window.of(self.window, self.timezone) if self.window else None


class HubBackfillOperator(HubJobOperator):
    """
    Lets the hub read an entity from a system, since and until a time.

    The job is named by DAG, logical date, definition, entity and window. So a task that is run again (a retry, a worker
    that died, a cleared task) finds the job it began; only where that one failed or was cancelled another is begun.
    """

    template_fields: Sequence[str] = ("system", "entity", "since", "until", "definition")
    ui_color = "#e8f7e4"

    def __init__(
        self,
        *,
        system: str,
        entity: str,
        since: str | None = None,
        until: str | None = None,
        definition: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.system = system
        self.entity = entity
        self.since = since
        self.until = until
        self.definition = definition

    def begin(self, context: Context) -> dict[str, Any]:
        """Begin the backfill, or find the one that goes on or ended well."""
        for attempt in range(1, MOST_ATTEMPTS + 1):
            key = job_key(
                self.dag_id,
                logical(context),
                self.definition,
                self.entity,
                moment(self.since) if self.since else None,
                moment(self.until) if self.until else None,
                attempt,
            )
            job = self.hook.backfill(self.system, self.entity, self.since, self.until, self.definition, key)
            if job["state"] not in ("failed", "cancelled"):
                return job
            self.log.info("job %s of attempt %d is %s", job["id"], attempt, job["state"])
        raise AirflowException(f"{MOST_ATTEMPTS} jobs of this window failed or were cancelled: look at their reasons")


class HubRetryRejectsOperator(HubJobOperator):
    """
    Works once more on the rows that a job rejected, as a job of their own.

    :param job: id of the job
    """

    template_fields: Sequence[str] = ("job",)
    ui_color = "#fdf3d8"

    def __init__(self, *, job: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job = job

    def begin(self, context: Context) -> dict[str, Any]:
        """Begin the retry, or find the one this run began."""
        return self.hook.act(self.job, "retry", job_key(self.dag_id, logical(context), "retry", self.job, None, None))


class HubLoadFileOperator(HubJobOperator):
    """
    Sends a file of rows (NDJSON, CSV or XML, also as .gz) to the hub, never all of it in memory.

    The job is named by DAG, logical date, system, and the file's name, size and time: after a break the rows that the
    hub has are skipped.

    :param entity: every row must be of it
    :param as_of: version of rows that tell none, RFC 3339
    """

    template_fields: Sequence[str] = ("system", "file", "entity", "as_of")
    ui_color = "#e4eef7"
    media_types = {".ndjson": "application/x-ndjson", ".csv": "text/csv", ".xml": "application/xml"}  # noqa: RUF012

    def __init__(
        self, *, system: str, file: str, entity: str | None = None, as_of: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.system = system
        self.file = file
        self.entity = entity
        self.as_of = as_of

    def begin(self, context: Context) -> dict[str, Any]:
        """Send the file."""
        file = Path(self.file)
        kind = Path(file.stem).suffix if file.suffix == ".gz" else file.suffix
        media_type = self.media_types.get(kind.lower())
        if media_type is None:
            raise AirflowException(f"file: expected .ndjson, .csv or .xml, also with .gz, not {file.name}")
        stat = file.stat()
        key = file_key(self.dag_id, logical(context), self.system, file.name, stat.st_size, stat.st_mtime_ns)
        params = {"name": file.name}
        params |= {name: value for name, value in (("entity", self.entity), ("asOf", self.as_of)) if value}
        return self.hook.load(self.system, file, media_type, params, key)
