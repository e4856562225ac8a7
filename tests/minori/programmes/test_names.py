"""Names and titles are on one line, whoever writes them."""

import pytest
from django.db import IntegrityError, connection, transaction

from minori.accounts.models import Person
from minori.organizations.models import Organization
from minori.programmes.models import Distributor, Grant, Programme, Round
from minori.tenancy.rooms import as_owner
from tests.factories import people, programmes

pytestmark = pytest.mark.django_db
NAMES = [
    (Person, "name"),
    (Person, "name_kana"),
    (Organization, "name"),
    (Organization, "name_kana"),
    (Distributor, "name"),
    (Distributor, "funder_name"),
    (Programme, "title"),
    (Round, "title"),
    (Grant, "title"),
]


@pytest.mark.parametrize(("model", "field"), NAMES, ids=lambda one: getattr(one, "__name__", one))
def test_a_name_is_kept_on_one_line(hikari, model, field):
    people.speaking(hikari)
    programmes.deadline(organization=hikari)
    one = model.objects.order_by("-pk")[0]
    for bad in ("山田\n太郎", "山田\r\nBcc: x@example.jp", "山田\u2028太郎", "山田\x07"):
        with pytest.raises(IntegrityError, match="is_on_one_line"), transaction.atomic():
            model.objects.filter(pk=one.pk).update(**{field: bad})
    model.objects.filter(pk=one.pk).update(**{field: "山田　太郎 (やまだ)"})


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_otherwise_is_put_on_one_line_when_the_rule_comes(hikari):
    from importlib import import_module

    rule = import_module("minori.programmes.migrations.0050_names_on_one_line")
    people.speaking(hikari)
    with as_owner(), connection.cursor() as cursor:
        operation = rule._on_one_line("accounts_person", "name")
        cursor.execute(operation.reverse_sql)
        Person.objects.update(name="山田\r\n\t太郎\n")
        for statement in operation.sql:
            cursor.execute(statement)
    assert set(Person.objects.values_list("name", flat=True)) == {"山田 太郎"}
