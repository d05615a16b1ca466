"""The same run names the same job, and no two windows share one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub_airflow.keys import file_key, job_key

SINCE, UNTIL = datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC)
RUN = ("hub.acme.parts", "2026-03-09T01:00:00+00:00", "parts-nightly", "part")


def test_a_key_does_not_change_between_versions_of_this_package() -> None:
    assert job_key(*RUN, SINCE, UNTIL) == "airflow-load-56055439-d80f-5e2a-a4c6-a3b5c20a0ae9"


def test_the_same_moment_in_another_zone_is_the_same_window() -> None:
    zone = datetime.fromisoformat("2026-03-09T01:00:00+01:00")
    assert job_key(*RUN, zone, UNTIL) == job_key(*RUN, SINCE, UNTIL)


@pytest.mark.parametrize("part", range(4))
def test_each_part_counts(part: int) -> None:
    other = list(RUN)
    other[part] += "x"
    assert job_key(other[0], other[1], other[2], other[3], SINCE, UNTIL) != job_key(*RUN, SINCE, UNTIL)


def test_windows_and_attempts_count() -> None:
    keys = {
        job_key(*RUN, SINCE, UNTIL),
        job_key(*RUN, None, UNTIL),
        job_key(*RUN, SINCE, None),
        job_key(*RUN, SINCE, UNTIL + timedelta(seconds=1)),
        job_key(*RUN, SINCE, UNTIL, 2),
    }
    assert len(keys) == 5


def test_parts_do_not_run_into_each_other() -> None:
    assert job_key("a", "bc", "d", "e", None, None) != job_key("ab", "c", "d", "e", None, None)


def test_keys_are_what_the_hub_takes() -> None:
    key = job_key("d" * 300, "l" * 300, "x" * 300, "e" * 300, SINCE, UNTIL)
    assert len(key) <= 255
    assert key.isascii()


def test_a_file_that_was_changed_is_another_one() -> None:
    assert file_key("d", "l", "sap", "parts.csv", 10, 1) == file_key("d", "l", "sap", "parts.csv", 10, 1)
    assert file_key("d", "l", "sap", "parts.csv", 10, 1) != file_key("d", "l", "sap", "parts.csv", 10, 2)
    assert file_key("d", "l", "sap", "parts.csv", 10, 1) != file_key("d", "l", "sap", "parts.csv", 11, 1)
