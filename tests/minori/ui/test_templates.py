"""Guards over the templates: the strict CSP holds, everything compiles, nothing is undefined."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation

from minori.ui.gallery import GalleryForm
from minori.ui.views import gallery

ROOT = Path(settings.BASE_DIR)
UI = ROOT / "platform" / "minori" / "ui"
TEMPLATES = sorted(
    path
    for top in ("platform", "tenants", "reporting", "workers")
    for path in ROOT.glob(f"{top}/**/templates/**/*.html")
)
COMPONENTS = sorted(path.stem for path in (UI / "templates" / "cotton").glob("*.html"))
# mail programs know no stylesheets: these templates carry their styles, and no page of ours shows them
MAILS = "/mail/"

FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without a file": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "script inside an htmx attribute": re.compile(r"hx-on|[\"']js:|hx-vals=[\"']javascript", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+off"),
}


def _name(path: Path) -> str:
    return path.as_posix().split("/templates/", 1)[1]


def test_there_are_templates_to_guard():
    assert len(TEMPLATES) > 50
    assert len(COMPONENTS) > 30


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what):
    found = [
        f"{path.relative_to(ROOT)}: {match[0]!r}"
        for path in TEMPLATES
        if MAILS not in path.as_posix()
        for match in FORBIDDEN[what].finditer(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "sample"),
    [
        ("a style attribute", '<p style="x">'),
        ("a style element", "<style>"),
        ("a script without a file", "<script type=module>"),
        ("an event attribute", '<a href="#" onclick="x">'),
        ("a script address", 'href="javascript:x"'),
        ("script inside an htmx attribute", 'hx-vals="js:{}"'),
        ("unescaped text", "{{ x|safe }}"),
    ],
)
def test_the_guard_sees(what, sample):
    assert FORBIDDEN[what].search(sample)


@pytest.mark.parametrize("name", sorted({_name(path) for path in TEMPLATES}))
def test_the_template_compiles(name):
    assert get_template(name).template.nodelist is not None


def test_every_component_is_in_the_gallery():
    shown = "".join(path.read_text() for path in (UI / "templates" / "ui").rglob("gallery*/**/*.html"))
    shown += (UI / "templates" / "ui" / "gallery.html").read_text()
    missing = [name for name in COMPONENTS if not re.search(rf"<c-{name.replace('_', '-')}[\s/>]", shown)]
    assert missing == []


def test_every_component_that_a_page_names_exists():
    named = {
        (match[1], path.relative_to(ROOT).as_posix())
        for path in TEMPLATES
        for match in re.finditer(r"<c-([a-z][\w.-]*)", path.read_text())
    }
    own = {name.replace("_", "-") for name in COMPONENTS} | {"vars", "slot"}
    assert sorted((name, path) for name, path in named if name not in own and "." not in name) == []


def test_every_static_file_exists():
    named = {
        (match[1], path.relative_to(ROOT).as_posix())
        for path in TEMPLATES
        for match in re.finditer(r"\{% static ['\"]([^'\"]+)['\"]", path.read_text())
    }
    assert len(named) > 15
    assert sorted((name, path) for name, path in named if finders.find(name) is None) == []


def test_every_file_that_a_stylesheet_names_exists():
    sheets = sorted((UI / "static" / "ui" / "css").glob("*.css"))
    missing = [
        f"{sheet.name}: {match[1]}"
        for sheet in sheets
        for match in re.finditer(r"url\([\"']?([^\"')]+)", sheet.read_text())
        if not (sheet.parent / match[1]).resolve().exists()
    ]
    assert sheets
    assert missing == []


def test_every_stylesheet_and_script_of_ours_is_loaded():
    loaded = (UI / "templates/ui/styles.html").read_text() + (UI / "templates/ui/scripts.html").read_text()
    ours = [*(UI / "static/ui/css").glob("*.css"), *(UI / "static/ui/js").glob("*.js")]
    assert [path.name for path in ours if f"/{path.name}'" not in loaded] == []


UNDEFINED = "⟨undefined %s⟩"


@pytest.fixture
def _undefined_is_seen(monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", UNDEFINED)


class _Somebody:
    pk = 7
    name = "佐藤 和子"
    slug = "seishinryo"
    title = "地域で支える立ち直り応援事業"


def _request(path: str = "/gallery/", **attributes: object):
    request = RequestFactory().get(path)
    vars(request).update(attributes)
    return request


@pytest.mark.usefixtures("_undefined_is_seen")
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "attributes",
    [{}, {"person": None}, {"person": _Somebody(), "organization": _Somebody(), "distributor": _Somebody()}],
    ids=["bare", "signed out", "signed in"],
)
def test_the_gallery_has_no_undefined_variable(language, attributes):
    with translation.override(language):
        html = gallery(_request(**attributes)).content.decode()
    assert re.findall("⟨undefined[^⟩]*⟩", html) == []


@pytest.mark.usefixtures("_undefined_is_seen")
@pytest.mark.parametrize("layout", ["ui/base.html", "ui/room.html", "ui/desk.html", "ui/narrow.html"])
def test_a_layout_has_no_undefined_variable(layout):
    contexts = [
        {},
        {
            "help_contact": {
                "organization": "日本更生保護協会",
                "name": "佐伯 真理",
                "deputy": "大野 健",
                "phone": "03",
            },
            "messages": [Message(25, "保存しました"), Message(40, "保存できません")],
            "form": GalleryForm({}),
            "programme": _Somebody(),
        },
        {"help_contact": {"name": "佐伯"}},
    ]
    request = _request(person=_Somebody(), organization=_Somebody(), distributor=_Somebody())
    for context in contexts:
        for asked in (request, _request()):
            html = render_to_string(layout, context, request=asked)
            assert re.findall("⟨undefined[^⟩]*⟩", html) == []
