"""Whether a load adds up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

OUTCOMES = ("applied", "duplicate", "stale", "queued", "rejected")


def complaints(
    job: Mapping[str, Any], acknowledgement: Mapping[str, Any], chunks: Iterable[Mapping[str, Any]]
) -> list[str]:
    """
    Return what does not add up between a job, its acknowledgement and its chunks, as sentences; empty when all does.

    Each row received is done, each row done has one outcome, chunks sum up to the job, and all tell the same.
    """
    found: list[str] = []
    name = f"job {job.get('id')}"

    def same(what: str, one: Any, other: Any) -> None:
        if one != other:
            found.append(f"{name}: {what}: {one} is not {other}")

    if job.get("state") != "done":
        found.append(f"{name} is {job.get('state')}, not done: {job.get('reason', 'no reason told')}")
    rows = acknowledgement.get("rows", {})
    same("rows received and rows done", acknowledgement.get("received", {}).get("rows"), rows.get("done"))
    same("rows done and the sum of their outcomes", rows.get("done"), sum(rows.get(one, 0) for one in OUTCOMES))
    same(
        "chunks sent and chunks done",
        acknowledgement.get("chunks", {}).get("sent"),
        acknowledgement.get("chunks", {}).get("done"),
    )
    for outcome in ("done", *OUTCOMES):
        same(
            f"{outcome} in the job and in its acknowledgement",
            job.get("rows", {}).get(outcome),
            rows.get(outcome),
        )
    sums = dict.fromkeys(("rows", *OUTCOMES), 0)
    for chunk in chunks:
        for what in sums:
            sums[what] += int(chunk.get(what, 0))
    same("rows done and the sum of the chunks' rows", rows.get("done"), sums["rows"])
    for outcome in OUTCOMES:
        same(f"{outcome} and the sum of the chunks' {outcome}", rows.get(outcome), sums[outcome])
    return found


def left(load: Mapping[str, Any], retry: Mapping[str, Any] | None) -> int:
    """Return how many rows of a load are rejected, after those were tried once more."""
    last = load if retry is None else retry
    return int(last.get("rows", {}).get("rejected", 0))


def retries(jobs: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return retries by the job they are of."""
    return {str(job["parent"]): job for job in jobs if job.get("parent")}
