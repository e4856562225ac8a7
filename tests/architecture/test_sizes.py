"""Files stay small enough to read in one go. The guides of the house, with a reason for every exception."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXCEPTIONS: dict[str, str] = {}


def too_long(pattern: str, limit: int, folders: tuple[str, ...]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for folder in folders
        for path in sorted((ROOT / folder).rglob(pattern))
        if "migrations" not in path.parts
        and str(path.relative_to(ROOT)) not in EXCEPTIONS
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > limit
    ]


SOURCES = ("platform/minori", "tenants", "reporting", "workers")


def test_modules_are_at_most_400_lines():
    assert too_long("*.py", 400, SOURCES) == []


def test_view_modules_are_at_most_250_lines():
    assert too_long("views.py", 250, SOURCES) + too_long("views/*.py", 250, SOURCES) == []


def test_test_files_are_at_most_500_lines():
    assert too_long("*.py", 500, ("tests",)) == []


def test_templates_are_at_most_150_lines():
    assert too_long("*.html", 150, SOURCES) == []


def test_scripts_and_styles_are_at_most_400_lines():
    assert too_long("*.js", 400, SOURCES) + too_long("*.css", 400, SOURCES) == []


def test_exceptions_still_exist():
    assert [name for name in EXCEPTIONS if not (ROOT / name).exists()] == []
