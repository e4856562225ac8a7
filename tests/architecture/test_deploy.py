"""What stands in deploy/ must go on being true while settings change."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"


def read_settings():
    """Names that the settings read from the environment."""
    source = (ROOT / "platform" / "minori" / "settings.py").read_text()
    return set(re.findall(r"\b(MINORI_[A-Z0-9_]+|DATABASE(?:_APP)?_URL|REDIS_URL)\b(?=\")", source))


def test_every_setting_is_explained_in_the_examples_and_no_other():
    examples = (DEPLOY / "environment.example").read_text() + (DEPLOY / "owner.example").read_text()
    explained = set(re.findall(r"^(?:# )?([A-Z0-9_]+)=", examples, flags=re.MULTILINE))

    assert "MINORI_URL" in explained
    read = read_settings()
    # whatever begins so is read: a service's own settings
    families = {name for name in read if name.endswith("_")}
    assert {name for name in explained if not name.startswith(tuple(families))} == read - families
    assert all(any(name.startswith(family) for name in explained) for family in families)


def test_the_owners_login_is_given_to_migrations_and_the_worker_only():
    compose = (DEPLOY / "compose.yaml").read_text()
    services = dict(
        re.findall(r"^  (\w+):\n((?:    .*\n|\n)+)", compose.partition("\nservices:\n")[2], re.MULTILINE)
    )
    units = {path.stem: path.read_text() for path in (DEPLOY / "systemd").glob("*.service")}

    assert {name for name, text in services.items() if "owner]" in text} == {"migrate", "worker"}
    assert {name for name, text in units.items() if "/etc/minori/owner" in text} == {
        "minori-migrate",
        "minori-worker",
    }
    assert "DATABASE_URL=" not in (DEPLOY / "environment.example").read_text()
