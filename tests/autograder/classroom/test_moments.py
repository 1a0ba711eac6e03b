"""Times are read without guessing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.classroom.moments import as_timestamp, duration, moment, zone_of
from autograder.results.gradebook import parsed_timestamp

BERLIN = zone_of("Europe/Berlin")
NIGHT = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-30 23:59",
        "2026-11-30T23:59:00",
        "2026-11-30 22:59 UTC",
        "2026-11-30T22:59:00Z",
        "2026-11-30 23:59 +01:00",
        "Monday, 30 November 2026, 11:59 PM",
        "Monday, 30 November 2026, 11:59\u202fPM",
        "Monday, 30 November 2026, 23:59",
        "Monday, November 30, 2026, 11:59 PM",
        "30 Nov 2026, 11:59 pm",
    ],
)
def test_one_time_in_all_ways_that_are_read(text):
    assert moment(text, BERLIN) == NIGHT


@pytest.mark.parametrize(
    "text",
    [
        "30/11/2026 23:59",
        "11/30/26, 11:59 PM",
        "2026-11-30",
        "Montag, 30. November 2026, 23:59",
        "Tuesday, 30 November 2026, 23:59",  # it was a Monday
        "Monday, 31 November 2026, 23:59",
        "Monday, 30 November 2026, 13:59 PM",
        "46356.999",
        "soon",
        "",
    ],
)
def test_what_may_mean_two_times_or_none_is_refused_with_what_to_do(text):
    with pytest.raises(ValueError, match="set your language in Moodle to English"):
        moment(text, BERLIN)


def test_midnight_and_noon_with_half_days():
    assert moment("Monday, 30 November 2026, 12:05 AM", UTC).hour == 0
    assert moment("Monday, 30 November 2026, 12:05 PM", UTC).hour == 12


def test_a_time_without_a_zone_is_refused_where_none_is_given():
    with pytest.raises(ValueError, match="give --timezone"):
        moment("2026-11-30 23:59")
    with pytest.raises(ValueError, match="no time zone 'Berlin'"):
        zone_of("Berlin")


@pytest.mark.parametrize("text", ["2026-10-25 02:30", "2026-03-29 02:30"])
def test_an_hour_that_came_twice_or_never_is_refused(text):
    with pytest.raises(ValueError, match="write the offset"):
        moment(text, BERLIN)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_nbgrader_reads_what_is_written_as_a_timestamp(when):
    when = when.replace(tzinfo=UTC)
    assert parsed_timestamp(as_timestamp(when)) == when.replace(tzinfo=None)
    assert moment(as_timestamp(when)) == when


def test_lengths_of_time():
    assert duration("1 week 2 days, 12 hours") == timedelta(days=9, hours=12)
    assert duration("90 minutes") == timedelta(minutes=90)
    for text in ("two days", "-1 day", "2", "", "9999999 days", "400 days"):
        with pytest.raises(ValueError, match=r"length of time|longer than a year"):
            duration(text)
