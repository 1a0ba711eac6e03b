"""Times as people and an LMS write them, read without guessing: what may mean two times is refused.

Read are ISO 8601 (`2026-11-30 23:59`, with or without an offset, `Z` or `UTC`), nbgrader's timestamps, and the English
words of Moodle (`Monday, 30 November 2026, 11:59 PM`, `Monday, November 30, 2026, 11:59 PM`, also with 24 hours).
`30/11/26` and `11/30/26` are refused, and so are other languages.
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MONTHS = {
    **{"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6},
    **{"july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12},
}
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?"
DATES = (
    r"(?P<day>\d{1,2})\.? (?P<month>[a-z]+),? (?P<year>\d{4})",
    r"(?P<month>[a-z]+) (?P<day>\d{1,2}),? (?P<year>\d{4})",
)
WORDS = [re.compile(rf"(?:(?P<weekday>[a-z]+), )?{date},? (?:at )?{CLOCK}") for date in DATES]
UNITS = {"minute": "minutes", "hour": "hours", "day": "days", "week": "weeks"}
LONGEST = timedelta(days=366)


def zone_of(name):
    """Return a time zone.

    Raises
    ------
    ValueError
        Where there is none of that name.
    """
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}: expected a name as Europe/Berlin or UTC") from error


def moment(text, zone=None):
    """Return the time that a text says, in UTC.

    Parameters
    ----------
    text : str
    zone : tzinfo, optional
        Of a time that names none itself.

    Returns
    -------
    datetime

    Raises
    ------
    ValueError
        Where it is none of the ways to write a time that are read, or it does not say in which time zone, or the clocks
        showed that time twice or never.
    """
    text = " ".join(text.split())  # narrow blanks before PM, too
    found = _iso(text) or _words(text)
    if found is None:
        raise ValueError(
            f"{text!r} is no time that can be read for sure: expected 2026-11-30 23:59, or Moodle's worksheet in "
            f"English ('Monday, 30 November 2026, 11:59 PM'): set your language in Moodle to English and export again"
        )
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    if zone is None:
        raise ValueError(f"{text!r} does not say in which time zone: give --timezone, for example Europe/Berlin")
    readings = {found.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    if len(readings) > 1:
        raise ValueError(f"{text!r}: the clocks of {zone} changed then: write the offset, as 2026-10-25 02:30+02:00")
    return readings.pop()


def _iso(text):
    """Return an ISO 8601 time or one of nbgrader's, or None."""
    text = re.sub(r"\s*(UTC|Z)$", "+00:00", text)
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text):  # without a time of day it says not when
        return None
    try:
        return datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d{2}:?\d{2}$)", "", text))
    except ValueError:
        return None


def _words(text):
    """Return a time in English words, or None; a weekday that is not that date's is no time."""
    found = next(filter(None, (form.fullmatch(text.lower()) for form in WORDS)), None)
    if found is None:
        return None
    months = [number for name, number in MONTHS.items() if found["month"] in (name, name[:3])]
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * found["half"].startswith("p")
    try:
        when = datetime(
            int(found["year"]), months[0], int(found["day"]), hour, int(found["minute"]), int(found["second"] or 0)
        )
    except (ValueError, IndexError):
        return None
    weekday = found["weekday"]
    return when if weekday in (None, DAYS[when.weekday()], DAYS[when.weekday()][:3]) else None


def duration(text):
    """Return how long a text says: "2 days", "1 week 12 hours".

    Raises
    ------
    ValueError
        Where it is no such text, or longer than a year.
    """
    units = "|".join(UNITS)
    if not re.fullmatch(rf"(\d+ ?({units})s?[ ,]*)+", text.strip().lower()):
        raise ValueError(f"{text!r} is no length of time: expected for example '2 days', '12 hours' or '1 week 2 days'")
    total = timedelta()
    for number, unit in re.findall(rf"(\d+) ?({units})", text.lower()):
        if len(number) > 6:
            raise ValueError(f"{text!r} is longer than a year")
        total += timedelta(**{UNITS[unit]: int(number)})
    if total > LONGEST:
        raise ValueError(f"{text!r} is longer than a year")
    return total


def as_timestamp(when):
    """Return a time as nbgrader's `timestamp.txt` holds it."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
