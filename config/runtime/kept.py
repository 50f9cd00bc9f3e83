"""A child process that is started again when it dies, and stopped in the end."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger(__name__)

SHORT_LIFE_SECONDS = 20
SHORT_LIVES_ALLOWED = 5
STOP_SECONDS = 60


class KeepsDying(RuntimeError):
    """Starting it once more would not help."""


def die_with_parent(by: signal.Signals) -> list[str]:
    """A command's prefix: the kernel sends the signal when we die, however we die."""
    return ["setpriv", f"--pdeathsig={by.name.removeprefix('SIG')}", "--"]


@dataclass
class Kept:
    name: str
    command: Callable[[], list[str]]
    folder: Path
    log_file: Path | None = None
    """None: the child writes where we write."""
    before_start: Callable[[], None] = lambda: None
    stop_signal: signal.Signals = signal.SIGTERM
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def keep_running(self) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                return
            log.warning("%s died (%s), starting it again", self.name, self.process.returncode)
        lately = [at for at in self.starts if time.monotonic() - at < SHORT_LIFE_SECONDS]
        if len(lately) >= SHORT_LIVES_ALLOWED:
            raise KeepsDying(f"{self.name} keeps dying")
        self.before_start()
        self.process = self._start()
        self.starts.append(time.monotonic())

    def _start(self) -> subprocess.Popen[bytes]:
        """In a process group of its own: Ctrl-C is for us, we pass it on in order."""
        output = self.log_file.open("ab") if self.log_file else None
        try:
            return subprocess.Popen(
                self.command(),
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
            )
        finally:
            if output:
                output.close()

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def wait(self) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            log.warning("%s did not stop in time, killing it", self.name)
            self.process.kill()
            self.process.wait()


def stop_all(children: list[Kept]) -> None:
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait()
