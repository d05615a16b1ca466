"""Times of a load: what it covers, in which pieces, when it is due and when it may run. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter

_SPAN = re.compile(r"([1-9][0-9]*)([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WINDOW = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")

MOST_PIECES = 1000


def span(text: str) -> timedelta:
    """Read a duration such as ``7d``."""
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError(f"since: expected last, all or a duration such as 7d, not {text!r}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def stamp(moment: datetime | None) -> str | None:
    """Write a moment as RFC 3339 in UTC, to the second where it is whole."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """Read RFC 3339 with an offset."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(f"time: expected an offset such as Z at the end: {text!r}")
    return read.astimezone(UTC)


def covered(
    since: str, begin: datetime, end: datetime, last: datetime | None, *, exact: bool = False
) -> tuple[datetime | None, datetime]:
    """
    Tell what a run covers: since (None: everything) and until.

    :param since: of the definition: ``last``, ``all`` or a duration
    :param begin: of the run's data interval
    :param end: of the run's data interval; the hub calls this the logical date
    :param last: end of the data interval of the last run before that ended well
    :param exact: the run belongs to a backfill by date: the data interval and nothing else
    """
    if exact:
        return begin, end
    if since == "all":
        return None, end
    if since == "last":
        # Runs that did not end well in between are made up for; a manual run has an interval without length.
        return (None if last is None else min(last, begin)), end
    return end - span(since), end


def pieces(since: datetime | None, until: datetime, length: timedelta | None) -> list[tuple[datetime | None, datetime]]:
    """
    Cut what is covered into windows, oldest first; the last may be shorter.

    Everything (since None) cannot be cut. More than MOST_PIECES are not made: the windows become longer.
    """
    if since is None or length is None or until <= since:
        return [(since, until)]
    length = max(length, timedelta(seconds=-(-(until - since).total_seconds() // MOST_PIECES)))
    cut: list[tuple[datetime | None, datetime]] = []
    begin = since
    while begin < until:
        end = min(begin + length, until)
        cut.append((begin, end))
        begin = end
    return cut


@dataclass(frozen=True)
class Window:
    """Hours of a day in which a load may run; over midnight when the end is before the begin."""

    begin: time
    end: time
    timezone: str

    @staticmethod
    def of(text: object, timezone: str) -> Window:
        found = _WINDOW.fullmatch(text) if isinstance(text, str) else None
        if not found or found[1] + found[2] == found[3] + found[4]:
            raise ValueError(f'window: expected such as "22:00-06:00", not {text!r}')
        hours = [int(part) for part in found.groups()]
        return Window(time(hours[0], hours[1]), time(hours[2], hours[3]), timezone)

    def is_open(self, now: datetime) -> bool:
        clock = now.astimezone(ZoneInfo(self.timezone)).time()
        if self.begin < self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end

    def opens(self, now: datetime) -> datetime:
        """Return when it opens next, or now while it is open."""
        return now if self.is_open(now) else self._next(now, self.begin)

    def closes(self, now: datetime) -> datetime:
        """Return when it closes next."""
        return self._next(now, self.end)

    def _next(self, now: datetime, clock: time) -> datetime:
        local = now.astimezone(ZoneInfo(self.timezone))
        day = datetime.combine(local.date(), clock, ZoneInfo(self.timezone))
        if day <= local:
            day = datetime.combine(local.date() + timedelta(days=1), clock, ZoneInfo(self.timezone))
        return day.astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M} {self.timezone}"


def first_of_day(crons: list[tuple[str, str]]) -> int:
    """Return the index of the schedule (cron, zone) that fires first; a group's DAG starts by it."""
    day = datetime(2024, 1, 1, tzinfo=UTC)
    fires = [_next_fire(cron, zone, day - timedelta(seconds=1)) for cron, zone in crons]
    return fires.index(min(fires))


def due(schedule: str, timezone: str, logical: datetime) -> datetime | None:
    """Return when a schedule fires within the day that begins at the logical date, None when it does not."""
    fire = _next_fire(schedule, timezone, logical - timedelta(seconds=1))
    return fire if fire < logical + timedelta(days=1) else None


def _next_fire(schedule: str, timezone: str, behind: datetime) -> datetime:
    local = behind.astimezone(ZoneInfo(timezone))
    found: datetime = croniter(schedule, local).get_next(datetime)
    return found.astimezone(UTC)
