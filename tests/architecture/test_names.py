"""Names that would shadow the standard library break programs started at the root, while pytest stays green."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def first_level_packages():
    for root in (ROOT, ROOT / "platform"):
        yield from (folder for folder in root.iterdir() if (folder / "__init__.py").exists())
        yield from root.glob("*.py")


def test_platform_is_a_folder_of_sources_and_never_a_package():
    assert (ROOT / "platform" / "minori" / "__init__.py").exists()
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (ROOT / "tests" / "platform").exists()


def test_no_package_of_ours_bears_a_name_of_the_standard_library():
    names = {path.stem for path in first_level_packages()}

    assert {"minori", "tenants", "reporting", "workers", "tests", "manage"} <= names
    assert not names & set(sys.stdlib_module_names)


def test_the_standard_librarys_platform_is_found_from_the_root():
    found = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.system()); print(platform.__file__)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.split()[0] in {"Linux", "Darwin"}
    assert str(ROOT) not in found.stdout or ".venv" in found.stdout


def test_programs_start_from_the_root_as_people_start_them():
    for arguments in (
        ["-m", "django", "--version"],
        ["-m", "gunicorn", "--version"],
        ["manage.py", "--version"],
    ):
        started = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert started.returncode == 0, started.stderr
