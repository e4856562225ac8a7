"""What the project says to people: every message in its sources, and its catalogues."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("platform/minori", "tenants", "reporting", "workers")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_CALL = re.compile(r"(?<![\w.])(_|gettext|ngettext|pgettext|npgettext)\(")


@dataclass(frozen=True)
class Message:
    """One message: context, singular, and the file it stands in."""

    context: str
    text: str
    file: str


def used() -> Iterator[Message]:
    """Every message in Python and in templates."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _in_python(path)
        for path in sorted((ROOT / folder).rglob("templates/**/*")):
            if path.suffix in (".html", ".txt"):
                yield from _in_template(path)


def translated() -> dict[tuple[str, str], set[str]]:
    """(context, message) → its Japanese wordings over all catalogues; fuzzy and empty ones do not count."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in catalogues():
        with path.open("rb") as file:
            for message in read_po(file, locale="ja"):
                text = message.id[0] if isinstance(message.id, tuple | list) else message.id
                words = message.string if isinstance(message.string, tuple | list) else (message.string,)
                if text and all(words) and not message.fuzzy:
                    found.setdefault((message.context or "", text), set()).add("|".join(words))
    return found


def catalogues() -> list[Path]:
    """The Japanese catalogues of all apps."""
    return sorted(
        path for folder in FOLDERS for path in (ROOT / folder).rglob("locale/ja/LC_MESSAGES/django.po")
    )


def _in_python(path: Path) -> Iterator[Message]:
    name = str(path.relative_to(ROOT))
    with path.open("rb") as file:
        for _line, message, _comments, context in extract("python", file, keywords=KEYWORDS):
            yield Message(context or "", message[0] if isinstance(message, tuple) else message, name)


def _in_template(path: Path) -> Iterator[Message]:
    name = str(path.relative_to(ROOT))
    source = templatize(path.read_text(encoding="utf-8"), origin=name)
    for match in _CALL.finditer(source):
        call = _parse(source[match.start() :])
        texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
        if match[1] in ("pgettext", "npgettext"):
            yield Message(texts[0], texts[1], name)
        else:
            yield Message("", texts[0], name)


def _parse(source: str) -> ast.Call:
    """The call at the beginning of a text that is Python only there."""
    end = -1
    while (end := source.find(")", end + 1)) >= 0:
        try:
            tree = ast.parse(source[: end + 1].strip(), mode="eval")
        except SyntaxError:
            continue
        if isinstance(tree.body, ast.Call):
            return tree.body
    raise AssertionError(source[:80])
