"""The installation's secret key, made once where none is given in the environment."""

import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """Read the key from `<home>/secret-key`, making it (mode 0600) on first use."""
    path = home / "secret-key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        home.mkdir(parents=True, exist_ok=True)
        key = secrets.token_urlsafe(48)
        try:
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            return path.read_text().strip()
        path.write_text(key)
        return key
