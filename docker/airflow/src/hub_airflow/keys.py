"""Names of jobs: the same run of the same DAG names the same job, however often a task is run."""

from __future__ import annotations

import uuid
from datetime import datetime

from hub_airflow.times import stamp

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:cmms-hub:airflow")


def job_key(
    dag: str,
    logical: str,
    definition: str,
    entity: str,
    since: datetime | None,
    until: datetime | None,
    attempt: int = 1,
) -> str:
    """
    Return the Idempotency-Key of a load.

    :param logical: the run's logical date, or its run id where it has none
    :param attempt: counts the jobs of one window; a job that failed is not gone on with
    """
    return _named("load", dag, logical, definition, entity, stamp(since) or "", stamp(until) or "", str(attempt))


def file_key(dag: str, logical: str, system: str, file: str, size: int, changed: int) -> str:
    """Return the Idempotency-Key of a file: a file that was changed is another one."""
    return _named("file", dag, logical, system, file, str(size), str(changed))


def _named(kind: str, *parts: str) -> str:
    # Lengths before the parts: no two lists of parts are written alike.
    return f"airflow-{kind}-{uuid.uuid5(_SPACE, ''.join(f'{len(part)}:{part}' for part in (kind, *parts)))}"
