"""Random lives of a report on a real database: nothing handed in is ever lost or altered, whoever does what when."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.lives.machine import Life

pytestmark = pytest.mark.django_db

# Two cores are shared by everything: slow is not wrong here. The same lives in every run, so that a failure is no
# matter of luck; `make test-long` looks at new ones every time.
CALM = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    print_blob=True,
    database=None,
)


def test_lives_of_a_report(hikari):
    at_once = [Phase.explicit, Phase.generate]  # a failure is told as it is: making it smaller takes minutes
    short = settings(CALM, max_examples=10, stateful_step_count=40, derandomize=True, phases=at_once)
    run_state_machine_as_test(Life, settings=short)


@pytest.mark.long
def test_many_lives_of_a_report(hikari):
    long = settings(CALM, max_examples=300, stateful_step_count=80)
    run_state_machine_as_test(Life, settings=long)
