"""`minori administrator`."""

import argparse

import pytest

from minori.accounts.models import Person, User
from minori.administration.commands import administrator
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.problems import Problem
from tests.factories import people

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    administrator.add_arguments(parser)
    return administrator.run(parser.parse_args(arguments))


def test_the_first_administrator_is_made_and_twice_changes_nothing(capsys):
    for _twice in range(2):
        assert run(" Admin@Example.JP ", "--name", "管理 太郎") == 0
    user = User.objects.get()
    assert (user.email, user.is_administrator, user.person.name) == ("admin@example.jp", True, "管理 太郎")
    assert Event.objects.filter(action=Action.ADMINISTRATOR_MADE).count() == 1
    assert "管理 太郎 (admin@example.jp) is an administrator" in capsys.readouterr().out


def test_somebody_known_becomes_administrator_and_keeps_their_name():
    sato = people.person(email="sato@example.jp", user=people.user("sato@example.jp", is_active=False))
    run("sato@example.jp", "--name", "別の名前")
    sato.user.refresh_from_db()
    assert (sato.user.is_administrator, sato.user.is_active) == (True, True)
    assert Person.objects.get().name == "佐藤 和子"


def test_an_address_that_is_none_is_refused():
    with pytest.raises(Problem, match="not an e-mail address"):
        run("nobody")
    assert not User.objects.exists()
