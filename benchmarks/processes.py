"""Runs a whole process, and says what the system accounts to it when it is finished."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent


class Run(NamedTuple):
    """A process that has ended, or was ``stopped`` since it took too long.

    ``seconds`` are of the processors, user and system; ``elapsed`` are of the clock; ``megabytes``
    is the most memory that it had at once; ``said`` is what it wrote to standard error.
    """

    code: int
    seconds: float
    elapsed: float
    megabytes: float
    said: str
    stopped: bool = False


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of the measured processes: byte code is kept, as it is for users."""
    settings = dict(os.environ)
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    settings["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    settings["EFFICIENT_LLM_KG_CACHE"] = str(folder / "cache")
    return settings


def run(command: Sequence[str], settings: dict[str, str], *, longest: float | None = None) -> Run:
    """Run a process to its end, or stop it after so many seconds."""
    with tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        process = subprocess.Popen(
            command, env=settings, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors
        )
        stopped = False
        # Only this call tells the memory of one process; it knows no time limit.
        while (ended := os.wait4(process.pid, os.WNOHANG if longest else 0))[0] == 0:
            if longest and not stopped and time.monotonic() - start > longest:
                process.kill()
                stopped = True
            time.sleep(0.02)
        elapsed = time.monotonic() - start
        _, status, used = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")
    return Run(
        process.returncode, used.ru_utime + used.ru_stime, elapsed, used.ru_maxrss / 1024, said,
        stopped,
    )  # fmt: skip
