"""Message catalogues: compiles each `.po` whose `.mo` is missing or older, without system gettext.

Run as `python -m minori.local.messages`.
"""

import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from minori.problems import Problem

_PACKAGES = ("minori", "tenants", "reporting", "workers")


def compile_messages(folders: Iterable[Path]) -> list[Path]:
    """Compile what is out of date below the folders; returns the catalogues that were compiled.

    Raises Problem for a catalogue that cannot be read, or whose translation lacks a placeholder of its
    original: it would otherwise fail in front of somebody.
    """
    sources = sorted(file for folder in folders for file in folder.rglob("locale/*/LC_MESSAGES/*.po"))
    stale = [source for source in sources if _is_stale(source)]
    for source in stale:
        _compile(source)
    return stale


def source_folders() -> list[Path]:
    """Folders of the project's packages, as they are installed or checked out."""
    here = Path(__file__).resolve()
    roots = {here.parents[2], here.parents[3]}
    folders = (root / name for root in roots for name in _PACKAGES)
    return sorted(folder for folder in folders if (folder / "__init__.py").exists())


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> None:
    try:
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3], abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        msg = f"{source} cannot be read: {error}."
        raise Problem(msg) from error
    for message, errors in catalogue.check():
        msg = f"{source}, line {message.lineno}: {'; '.join(str(error) for error in errors)}."
        raise Problem(msg)
    content = BytesIO()
    write_mo(content, catalogue)
    draft = source.with_suffix(".mo.new")
    draft.write_bytes(content.getvalue())
    draft.replace(source.with_suffix(".mo"))


def main() -> int:
    """Compile everything of this checkout; one line when there was something to do."""
    try:
        compiled = compile_messages(source_folders())
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    if compiled:
        print(f"compiled {len(compiled)} message catalogues")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
