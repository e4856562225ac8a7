"""The command line: `minori NAME …`. Each command is a module of its own, in the layer it belongs to.

A command module has a docstring (its help), `add_arguments(parser)` and `run(options) -> int`, and says what
it needs by plain constants: NEEDS_SERVERS (True unless said otherwise), NEEDS_OWNER (the owner's login of
the database: True, False or "if known") and NEEDS_MAIL (mails it sends are received somewhere).
NEEDS_NOTHING names first words after which it needs no servers all the same.
"""

import argparse
import ast
import difflib
import errno
import importlib
import importlib.util
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import FrameType, ModuleType
from typing import NoReturn

from minori.problems import Problem

COMMANDS = {
    "up": "minori.local.commands.up",
    "check": "minori.local.commands.check",
    "migrate": "minori.local.commands.migrate",
    "roles": "minori.local.commands.roles",
    "provision": "minori.local.commands.provision",
    "administrator": "minori.administration.commands.administrator",
    "demo": "workers.commands.demo",
    "edition": "minori.programmes.commands.edition",
    "remind": "workers.commands.remind",
    "compile": "workers.commands.compile",
    "verify": "reporting.summaries.commands.verify",
    "filing": "minori.filings.commands.filing",
    "files": "workers.commands.files",
    "measure": "minori.indicators.commands.measure",
    "when": "minori.indicators.commands.when",
    "bench": "workers.commands.bench",
}
_BY_SIGNAL = 128
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True)
class Command:
    """What is known of a command without importing it."""

    name: str
    module: str
    summary: str
    needs_servers: bool
    needs_owner: bool | str
    needs_mail: bool
    needs_nothing: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what a person can mend is told in a sentence, without a traceback."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    signal.signal(signal.SIGTERM, _leave)
    if sys.stdout is None:  # closed by the caller (>&-): nobody wants to read
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the process ends
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
        return code
    except Problem as problem:
        return _tell(problem)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return _BY_SIGNAL + signal.SIGINT
    except BrokenPipeError:
        # whoever read our output has seen enough
        _write_no_more()
        return _BY_SIGNAL + signal.SIGPIPE
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        _write_no_more()
        return _tell(Problem(f"What was asked for could not be written: {error.strerror}."))


def _write_no_more() -> None:
    """What still waits to be written goes nowhere, so that leaving does not fail on it again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dispatch(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0
    if arguments[0] == "--version":
        print(f"minori {version('minori')}")
        return 0
    command = _find(arguments[0])
    if any(argument in ("-h", "--help") for argument in arguments[1:]):
        _set_up_django()
        _parser(command, importlib.import_module(command.module)).parse_args(arguments[1:])
    return _run(command, arguments[1:])


def _overview() -> str:
    lines = ["usage: minori NAME …", "", "commands (minori NAME --help tells more):"]
    for name in COMMANDS:
        try:
            lines.append(f"  {name:<10} {_find(name).summary}")
        except Problem:
            continue  # a part that is not installed here
    return "\n".join(lines)


def _find(name: str) -> Command:
    """Read what a command says of itself from its source: importing it may need what it asks for."""
    module = COMMANDS.get(name)
    if module is None:
        close = difflib.get_close_matches(name, COMMANDS, n=1)
        msg = f"There is no command “{name}”." + (f" Did you mean “{close[0]}”?" if close else "")
        raise Problem(msg, "`minori --help` lists the commands.", exit_code=2)
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None or found.origin is None:
        msg = f"The command “{name}” is not part of this installation: there is no {module}."
        raise Problem(msg, exit_code=2)
    source = ast.parse(Path(found.origin).read_text(encoding="utf-8"))
    says = {
        target.id: ast.literal_eval(statement.value)
        for statement in source.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name) and target.id.startswith("NEEDS_")
    }
    return Command(
        name=name,
        module=module,
        summary=(ast.get_docstring(source) or "").partition("\n")[0],
        needs_servers=says.get("NEEDS_SERVERS", True),
        needs_owner=says.get("NEEDS_OWNER", False),
        needs_mail=says.get("NEEDS_MAIL", False),
        needs_nothing=tuple(says.get("NEEDS_NOTHING", ())),
    )


def _parser(command: Command, module: ModuleType) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"minori {command.name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    return parser


def _run(command: Command, arguments: list[str]) -> int:
    with ExitStack() as needs:
        if not command.needs_servers or (arguments and arguments[0] in command.needs_nothing):
            module = importlib.import_module(command.module)
            return int(module.run(_parser(command, module).parse_args(arguments)))
        _provide(command, needs)
        _set_up_django()
        module = importlib.import_module(command.module)
        options = _parser(command, module).parse_args(arguments)
        with _said_plainly():
            return int(module.run(options))


def _provide(command: Command, needs: ExitStack) -> None:
    from minori.local.addresses import servers_given
    from minori.local.home import home_from, open_home
    from minori.local.mailbox import mailbox_for
    from minori.local.servers import given_or_running

    embedded = servers_given(os.environ) is None
    servers = needs.enter_context(given_or_running())
    if command.needs_owner is True and servers.database_url is None:
        msg = f"`minori {command.name}` needs the owner's login of the database, and DATABASE_URL is not set."
        raise Problem(msg, "Set it for this command only: the web process must not have it.", exit_code=2)
    os.environ.pop("DATABASE_URL", None)
    os.environ.update(servers.environment(owner=bool(command.needs_owner)))
    if embedded and (note := open_home(home_from(os.environ)).run / "up.address").is_file():
        # links lead to where `minori up` shows its pages
        os.environ.setdefault("MINORI_URL", note.read_text())
    if command.needs_mail and embedded:
        os.environ.update(needs.enter_context(mailbox_for(os.environ)))


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minori.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        msg = f"The settings are wrong: {error}"
        raise Problem(msg, "deploy/environment.example lists them.", exit_code=2) from error


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what servers and rules raise into a Problem where a person can mend it."""
    import psycopg
    import redis
    from django.core.management import CommandError
    from django.db import OperationalError, ProgrammingError

    try:
        yield
    except CommandError as error:
        raise Problem(str(error), exit_code=error.returncode) from error
    except (OperationalError, psycopg.OperationalError) as error:
        cause = error.__cause__ if isinstance(error, OperationalError) else error
        if not isinstance(cause, psycopg.OperationalError) or cause.sqlstate is not None:
            raise  # the server answered: that is a fault of ours
        msg = f"PostgreSQL cannot be reached: {str(cause).strip().splitlines()[0]}"
        raise Problem(msg, _SERVERS_ADVICE) from error
    except ProgrammingError as error:
        if not isinstance(error.__cause__, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
            raise
        msg = "The database has no tables yet, or they are of an older version."
        raise Problem(
            msg, "`minori migrate` brings them up to date; `minori up` does it by itself."
        ) from error
    except redis.ConnectionError as error:
        msg = f"Valkey cannot be reached: {error}"
        raise Problem(msg, _SERVERS_ADVICE) from error


_SERVERS_ADVICE = "Are the addresses in DATABASE_URL, DATABASE_APP_URL and REDIS_URL right, and do they run?"


def _tell(problem: Problem) -> int:
    print(f"minori: {problem.wrong}", file=sys.stderr)
    if problem.advice:
        print(problem.advice, file=sys.stderr)
    return problem.exit_code


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """End as if by Ctrl-C, so that servers started for this command are stopped."""
    raise SystemExit(_BY_SIGNAL + number)


if __name__ == "__main__":
    raise SystemExit(main())
