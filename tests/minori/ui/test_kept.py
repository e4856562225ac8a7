"""Pieces of pages that are drawn once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from minori.ui.templatetags import kept_tags

ROW = "{% for row in rows %}{% kept row=row %}<b>{{ row.name }}</b>{{ row.day|day }}{{ other }}{% endkept %}{% endfor %}"


@dataclass(frozen=True)
class Row:
    name: str
    day: date


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    kept_tags._pieces.clear()


def drawn(source: Template, *names: str, day: date = date(2026, 4, 1), **more: Any) -> str:
    return source.render(Context({"rows": [Row(name, day) for name in names], "other": "", **more}))


def test_a_piece_is_drawn_again_only_when_its_facts_change():
    source = Template(ROW.replace("{{ other }}", ""))
    first = drawn(source, "甲", "乙")
    assert len(kept_tags._pieces) == 2
    assert drawn(source, "甲", "乙") == first
    assert drawn(source, "乙") in first
    assert len(kept_tags._pieces) == 2
    assert "丙" in drawn(source, "丙")
    assert drawn(source, "甲", day=date(2026, 4, 2)) != drawn(source, "甲")


def test_other_languages_and_other_templates_have_their_own():
    source = Template(ROW.replace("{{ other }}", ""))
    with translation.override("ja"):
        japanese = drawn(source, "甲")
    with translation.override("en"):
        assert drawn(source, "甲") != japanese
    twice = Template(ROW.replace("{{ other }}", "!"))
    with translation.override("ja"):
        assert drawn(twice, "甲") == f"{japanese}!"


def test_what_people_wrote_stays_text():
    source = Template(ROW.replace("{{ other }}", ""))
    for _again in range(2):
        assert "<b>&lt;script&gt;</b>" in drawn(source, "<script>")


def test_nothing_else_reaches_it():
    source = Template(
        "{% kept one=one %}{{ one }}{% if other is None %}{% else %}{{ other }}{% endif %}{% endkept %}"
    )
    assert "secret" not in source.render(Context({"one": 1, "other": "secret"}))


def test_it_is_drawn_from_plain_facts_only():
    source = Template("{% kept one=one %}{{ one }}{% endkept %}")
    with pytest.raises(TypeError):
        source.render(Context({"one": object()}))
    with pytest.raises(TemplateSyntaxError):
        Template("{% kept %}{% endkept %}")


def test_the_oldest_go_first(monkeypatch):
    monkeypatch.setattr(kept_tags, "MOST", 3)
    source = Template("{% kept one=one %}{{ one }}{% endkept %}")
    for number in (1, 2, 3, 1, 4):
        source.render(Context({"one": number}))
    assert list(kept_tags._pieces.values()) == ["3", "1", "4"]
