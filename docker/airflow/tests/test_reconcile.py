"""Whether a load adds up."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from hub_airflow.reconcile import complaints, left, retries

JOB: dict[str, Any] = {
    "id": "j1",
    "state": "done",
    "received": {"rows": 100, "bytes": 5000},
    "rows": {"done": 100, "applied": 90, "duplicate": 4, "stale": 3, "queued": 1, "rejected": 2},
    "chunks": {"sent": 2, "done": 2},
}
CHUNKS = [
    {"number": 0, "rows": 60, "applied": 58, "duplicate": 1, "stale": 0, "queued": 0, "rejected": 1},
    {"number": 1, "rows": 40, "applied": 32, "duplicate": 3, "stale": 3, "queued": 1, "rejected": 1},
]


def test_what_adds_up_has_no_complaints() -> None:
    assert complaints(JOB, JOB, CHUNKS) == []


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("received", "rows"), 101, "rows received and rows done: 101 is not 100"),
        (("rows", "stale"), 4, "rows done and the sum of their outcomes: 100 is not 101"),
        (("chunks", "done"), 1, "chunks sent and chunks done: 2 is not 1"),
        (("rows", "rejected"), 1, "rejected in the job and in its acknowledgement: 2 is not 1"),
    ],
)
def test_each_sum_counts(path: tuple[str, str], value: int, told: str) -> None:
    other = copy.deepcopy(JOB)
    other[path[0]][path[1]] = value
    assert any(told in complaint for complaint in complaints(JOB, other, CHUNKS))


def test_chunks_sum_up_to_the_job() -> None:
    told = complaints(JOB, JOB, CHUNKS[:1])
    assert "job j1: rows done and the sum of the chunks' rows: 100 is not 60" in told
    assert "job j1: applied and the sum of the chunks' applied: 90 is not 58" in told


def test_a_job_that_is_not_done_is_told() -> None:
    failed = JOB | {"state": "failed", "reason": "the source answers 500"}
    assert complaints(failed, failed, CHUNKS) == ["job j1 is failed, not done: the source answers 500"]


def test_rows_left_are_those_of_the_retry() -> None:
    again = {"id": "j2", "parent": "j1", "rows": {"rejected": 1}}
    assert left(JOB, None) == 2
    assert left(JOB, again) == 1
    assert retries([again, {"id": "j3"}]) == {"j1": again}
