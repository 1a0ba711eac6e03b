"""Schedules: the lecture's numbers, and tables written by hand."""

import math

import pytest
from plainnet import schedules


def table(schedule, times):
    return [schedule(t) for t in times]


def test_numbers_of_the_lecture():
    assert schedules.exponential(0.1, k=0.5)(2) == pytest.approx(0.0367879, abs=5e-8)  # 0.1 / e
    assert schedules.inverse_time(0.1, k=0.5)(2) == pytest.approx(0.05)


def test_step_halves_at_the_right_epoch_and_from_the_first_rate():
    rates = table(schedules.step(0.8, every=10), [0, 1, 9, 9.99, 10, 19, 20, 35])
    assert rates == pytest.approx([0.8, 0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.1])


def test_inverse_time_is_no_integer_division():
    assert table(schedules.inverse_time(1, k=1), [0, 1, 2, 3]) == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])


def test_cosine_starts_at_lr_is_half_way_in_the_middle_and_stays_at_the_end():
    rates = table(schedules.cosine(0.2, duration=10, final=0.02), [0, 5, 10, 11, 100])
    assert rates == pytest.approx([0.2, 0.11, 0.02, 0.02, 0.02])
    assert schedules.cosine(1, 10)(2.5) == pytest.approx((1 + math.cos(math.pi / 4)) / 2)


def test_warm_up_rises_to_the_schedule_and_then_starts_its_clock():
    rates = table(schedules.warm_up(schedules.step(1.0, every=2), duration=4, start=0.2), [0, 2, 4, 5, 6, 8])
    assert rates == pytest.approx([0.2, 0.6, 1.0, 1.0, 0.5, 0.25])


def test_constant_is_constant():
    assert table(schedules.constant(0.3), [0, 1.5, 100]) == [0.3] * 3
