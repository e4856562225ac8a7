"""The installation's secret key, made once where none is given in the environment."""

import os
import secrets
import tempfile
from pathlib import Path


def secret_key(home: Path) -> str:
    """Read the key from `<home>/secret-key`, making it (mode 0600) on first use."""
    path = home / "secret-key"
    if not path.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=home, prefix=".secret-key-")
        with os.fdopen(handle, "w") as target:
            target.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # whole or not at all, and only the first of two at once
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text().strip()
