"""Minori's own processes on one machine: started, watched, started again, and stopped in order."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from minori.local.home import Home
from minori.local.processes import Process, last_words
from minori.problems import Problem

_DEATHS_ALLOWED = 5
_DEATHS_COUNT_FOR = 60  # seconds
_LOOK_EVERY = 0.3  # seconds


@dataclass(frozen=True)
class Service:
    """One process of ours. `ends_within`: seconds it is given to finish what it does."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ends_within: float = 10


@dataclass
class Supervisor:
    """Keeps services running. `say` tells the person at the terminal what happened."""

    home: Home
    folder: Path
    say: Callable[[str], None]
    _running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    _services: dict[str, Service] = field(default_factory=dict)
    _deaths: dict[str, list[float]] = field(default_factory=dict)

    def end_orphans(self, names: Sequence[str]) -> None:
        """End services that a killed supervisor left behind."""
        for name in names:
            process = self._process(name)
            if process.alive():
                self.say(f"ending {name}, left over from a run that was killed")
                process.stop(within=5)

    def start(self, service: Service) -> None:
        """Start a service and watch it from now on."""
        self._services[service.name] = service
        self._running[service.name] = self._process(service.name).start(
            service.command,
            log=self.log(service.name),
            environment=service.environment,
            folder=self.folder,
        )

    def look_after(self) -> None:
        """Start again whatever has ended. Raises Problem when it keeps ending."""
        for name, process in list(self._running.items()):
            if (code := process.poll()) is None:
                continue
            now = time.monotonic()
            deaths = [*(at for at in self._deaths.get(name, []) if now - at < _DEATHS_COUNT_FOR), now]
            self._deaths[name] = deaths
            if len(deaths) > _DEATHS_ALLOWED:
                msg = f"{name} ended {len(deaths)} times within a minute. Its last words:\n" + last_words(
                    self.log(name)
                )
                raise Problem(msg, f"The whole log is {self.log(name)}.")
            self.say(f"{name} ended ({_how(code)}); starting it again. Its log: {self.log(name)}")
            self._process(name).stop(within=5)  # children it may have left
            self.start(self._services[name])

    def watch(self, *, until: Callable[[], bool], also: Callable[[], None] = lambda: None) -> None:
        """Look after the services, and after what `also` looks at, until told otherwise."""
        while not until():
            self.look_after()
            also()
            time.sleep(_LOOK_EVERY)

    def stop(self) -> None:
        """Stop all services, the last one started first."""
        for name in reversed(list(self._running)):
            self._process(name).stop(within=self._services[name].ends_within)
            del self._running[name]

    def log(self, name: str) -> Path:
        """Where a service's output goes."""
        return self.home.logs / f"{name}.log"

    def _process(self, name: str) -> Process:
        return Process(name=name, file=self.home.run / f"{name}.lock")


def _how(code: int) -> str:
    return f"by signal {-code}" if code < 0 else f"with code {code}"
