"""Starts ``kg`` quickly, and ends it quickly."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run ``kg`` and leave with its exit code.

    A command lives for a tenth of a second: collecting garbage while modules load, and taking
    every object down at the end, cost a tenth of that (see ``benchmarks/``).
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    gc.disable()
    from efficient_llm_kg import cli

    gc.enable()
    code = 0
    try:
        cli.main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        pass
    os._exit(code)


if __name__ == "__main__":
    main()
