"""Check, list and install form editions.

check FILE…     reports all mistakes at once, each with its line; needs no servers
list            the installed editions, and which are in use
install FILE    checks and copies a file into the folder of editions; a version in use cannot change
restore         writes the files of editions in use as they were when first used

Exit codes: 0 all is well; 1 mistakes, or a version that is in use; 2 the file cannot be read.
docs/guide-editions.md tells how to write an edition.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

NEEDS_SERVERS = True
NEEDS_NOTHING = ("check",)

_WRONG, _UNREADABLE = 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after `minori edition`."""
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    check = steps.add_parser("check", help="report all mistakes in files, each with its line")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    steps.add_parser("list", help="list the installed editions")
    install = steps.add_parser("install", help="check a file and install it")
    install.add_argument("file", type=Path, metavar="FILE")
    steps.add_parser("restore", help="write the files of editions in use as they were")


def run(options: argparse.Namespace) -> int:
    """Take one step."""
    if options.step == "check":
        return max(check(file) for file in options.files)
    steps: dict[str, Callable[[], int]] = {
        "list": list_all,
        "install": lambda: install(options.file),
        "restore": restore,
    }
    return steps[options.step]()


def check(file: Path) -> int:
    """Print every mistake as FILE:LINE: sentence."""
    from minori.report_forms import editions

    text = _read(file)
    if text is None:
        return _UNREADABLE
    mistakes = editions.mistakes_in(text)
    for one in mistakes:
        print(f"{file}:{one.line}: {one.sentence}")
    if mistakes:
        count = len(mistakes)
        print(f"{count} mistake{'s' if count > 1 else ''}", file=sys.stderr)
        return _WRONG
    edition = editions.read_edition(text, file.name)
    name = f"{edition.key}.v{edition.version}.toml"
    if (editions.SHIPPED / name).exists() and (editions.SHIPPED / name).resolve() != file.resolve():
        print(f"{file}:1: {name} came with Minori: choose another key, or another version")
        return _WRONG
    fields = sum(1 for _field in edition.fields)
    variants = f", {len(edition.variants)} variants" if edition.variants else ""
    print(f"{file}: no mistakes ({name}: {len(edition.sections)} sections, {fields} fields{variants})")
    bare = [one.key for part in edition.parts if part.printed for one in part.sections if not one.heading]
    if bare:
        print(
            f"{file}: hint: no `heading`: {', '.join(bare)}. On paper their questions stand right below the chapter's"
            " title; pages show `title`. Nothing is wrong if the form has it so."
        )
    return 0


def list_all() -> int:
    """Print a line for each edition's file."""
    from minori.programmes.models import PinnedEdition
    from minori.programmes.pinned import broken
    from minori.report_forms import editions

    in_use = {(one.key, one.version) for one in PinnedEdition.objects.all()}
    faults = {(one.pinned.key, one.pinned.version): one.fault.value for one in broken()}
    for file in editions.found_files():
        name = (file.key, file.version)
        words = ["shipped" if file.is_shipped else "installed"]
        words += ["in use"] if name in in_use else []
        words += [f"ERROR: {faults.pop(name)}"] if name in faults else []
        try:
            title = file.edition().title.say("en")
        except editions.EditionError as error:
            title = f"{len(error.problems)} mistakes: `minori edition check {file.path}`"
        print(f"{file.path.name:<24} {', '.join(words):<24} {title}")
    for (key, version), fault in faults.items():
        print(f"{f'{key}.v{version}.toml':<24} in use, ERROR: {fault}. `minori edition restore` puts it back")
    return _WRONG if any(broken()) else 0


def install(file: Path) -> int:
    """Check a file and put it where editions are read from."""
    from django.conf import settings

    from minori.programmes import pinned
    from minori.report_forms import editions

    text = _read(file)
    if text is None:
        return _UNREADABLE
    try:
        installed = pinned.install(text, folder=settings.EDITIONS_DIR)
    except editions.EditionError:
        return check(file)
    except pinned.NameTaken:
        return check(file)
    except pinned.InUse as name:
        print(
            f"minori: {name} is in use and cannot change. Give the file the next version; rounds can then use that.",
            file=sys.stderr,
        )
        return _WRONG
    print(f"installed {installed.path}")
    return 0


def restore() -> int:
    """Put back the files of editions in use."""
    from django.conf import settings

    from minori.programmes import pinned

    for one in pinned.restore(folder=settings.EDITIONS_DIR):
        print(f"{one.name}: it {one.fault.value}; now it is as it was")
    left = list(pinned.broken())
    for one in left:
        print(
            f"minori: {one.name} came with Minori and {one.fault.value}: install Minori again",
            file=sys.stderr,
        )
    return _WRONG if left else 0


def _read(file: Path) -> str | None:
    from minori.report_forms.editions import MOST_BYTES

    try:
        content = file.read_bytes()
    except OSError as error:
        print(f"minori: {file} cannot be read: {error.strerror}", file=sys.stderr)
        return None
    if len(content) > MOST_BYTES:
        print(f"minori: {file} is larger than an edition can be (1 MB)", file=sys.stderr)
        return None
    try:
        return content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        print(f"{file}:{line}: this is no UTF-8 text")
        return None
