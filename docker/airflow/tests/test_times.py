"""What a run covers, in which pieces, and when it may run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from hub_airflow.times import MOST_PIECES, Window, covered, due, first_of_day, moment, pieces, span, stamp


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "Z")


BEGIN, END = at("2026-03-09T01:00:00"), at("2026-03-10T01:00:00")


def test_all_covers_everything_until_the_end_of_the_interval() -> None:
    assert covered("all", BEGIN, END, BEGIN) == (None, END)


def test_last_goes_on_where_the_last_run_that_ended_well_stopped() -> None:
    assert covered("last", BEGIN, END, BEGIN) == (BEGIN, END)
    # Two nights failed in between: they are made up for.
    assert covered("last", BEGIN, END, BEGIN - timedelta(days=2)) == (BEGIN - timedelta(days=2), END)
    # Nothing ever ended well: everything, as when the hub runs it.
    assert covered("last", BEGIN, END, None) == (None, END)


def test_last_of_a_run_without_an_interval_leaves_no_gap() -> None:
    now = at("2026-03-10T09:30:00")
    assert covered("last", now, now, END) == (END, now)


def test_a_duration_is_counted_back_from_the_end() -> None:
    assert covered("7d", BEGIN, END, None) == (END - timedelta(days=7), END)
    assert covered("36h", BEGIN, END, None) == (END - timedelta(hours=36), END)


@pytest.mark.parametrize("since", ["all", "last", "7d"])
def test_a_backfill_by_date_covers_its_interval_and_nothing_else(since: str) -> None:
    assert covered(since, BEGIN, END, BEGIN - timedelta(days=9), exact=True) == (BEGIN, END)


@pytest.mark.parametrize("wrong", ["", "7", "d", "0d", "-1d", "7 d", "7y", "1d2h"])
def test_what_is_no_duration_is_told(wrong: str) -> None:
    with pytest.raises(ValueError, match="expected last, all or a duration such as 7d"):
        span(wrong)


def test_pieces_touch_and_the_last_one_is_shorter() -> None:
    cut = pieces(at("2026-01-01T00:00:00"), at("2026-01-16T12:00:00"), timedelta(days=7))
    assert [(stamp(since), stamp(until)) for since, until in cut] == [
        ("2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z"),
        ("2026-01-08T00:00:00Z", "2026-01-15T00:00:00Z"),
        ("2026-01-15T00:00:00Z", "2026-01-16T12:00:00Z"),
    ]


def test_everything_and_an_empty_interval_are_one_piece() -> None:
    assert pieces(None, END, timedelta(days=1)) == [(None, END)]
    assert pieces(BEGIN, END, None) == [(BEGIN, END)]
    assert pieces(END, END, timedelta(days=1)) == [(END, END)]


def test_pieces_become_longer_before_there_are_too_many() -> None:
    begin = at("1990-01-01T00:00:00")
    cut = pieces(begin, END, timedelta(minutes=1))
    assert len(cut) <= MOST_PIECES
    assert cut[0][0] == begin
    assert cut[-1][1] == END
    assert all(one[1] == other[0] for one, other in pairwise(cut))


def test_times_need_an_offset() -> None:
    assert moment("2026-03-29T02:00:00+02:00") == at("2026-03-29T00:00:00")
    with pytest.raises(ValueError, match="expected an offset"):
        moment("2026-03-29T02:00:00")


@pytest.mark.parametrize(
    ("now", "opens", "closes"),
    [
        ("2026-03-10T20:59:59", "2026-03-10T21:00:00", "2026-03-11T05:00:00"),
        ("2026-03-10T21:00:00", "2026-03-10T21:00:00", "2026-03-11T05:00:00"),
        ("2026-03-11T04:59:00", "2026-03-11T04:59:00", "2026-03-11T05:00:00"),
        ("2026-03-11T05:00:00", "2026-03-11T21:00:00", "2026-03-12T05:00:00"),
        # The clock is put forward in the night: the window is an hour shorter.
        ("2026-03-28T23:00:00", "2026-03-28T23:00:00", "2026-03-29T04:00:00"),
    ],
)
def test_a_window_over_midnight_in_its_own_zone(now: str, opens: str, closes: str) -> None:
    window = Window.of("22:00-06:00", "Europe/Berlin")
    assert window.opens(at(now)) == at(opens)
    assert window.closes(at(now)) == at(closes)
    assert window.is_open(at(now)) == (now == opens)


def test_a_window_within_a_day() -> None:
    window = Window.of("08:00-12:30", "UTC")
    assert window.is_open(at("2026-03-10T12:29:59"))
    assert not window.is_open(at("2026-03-10T12:30:00"))
    assert window.opens(at("2026-03-10T13:00:00")) == at("2026-03-11T08:00:00")


@pytest.mark.parametrize("wrong", ["", "22:00", "24:00-06:00", "22:00-22:00", "22-6", None])
def test_what_is_no_window_is_told(wrong: object) -> None:
    with pytest.raises(ValueError, match="expected such as"):
        Window.of(wrong, "UTC")


def test_the_schedule_that_fires_first_begins_the_group() -> None:
    assert first_of_day([("0 2 * * *", "UTC"), ("30 1 * * *", "UTC"), ("0 3 * * *", "UTC")]) == 1
    # 02:00 in Berlin is 01:00 UTC.
    assert first_of_day([("30 1 * * *", "UTC"), ("0 2 * * *", "Europe/Berlin")]) == 1
    assert first_of_day([("0 2 * * *", "UTC"), ("0 2 * * *", "UTC")]) == 0


def test_a_schedule_is_due_on_its_days_only() -> None:
    sunday, monday = datetime(2026, 3, 8, 1, tzinfo=UTC), datetime(2026, 3, 9, 1, tzinfo=UTC)
    assert due("0 3 * * 0", "UTC", sunday) == datetime(2026, 3, 8, 3, tzinfo=UTC)
    assert due("0 3 * * 0", "UTC", monday) is None
    assert due("0 1 * * *", "UTC", monday) == monday
