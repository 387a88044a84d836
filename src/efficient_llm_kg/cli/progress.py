"""A bar on standard error for what takes more than a moment."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click

_MOMENT = 1.0  # seconds


@contextmanager
def progress_bar(files: Iterable[str]) -> Iterator[Callable[[int], object] | None]:
    """Yield a function that is told how many bytes of the files have been read, and shows it.

    The bar appears after a second, and only on a terminal: elsewhere None is yielded.
    """
    if not sys.stderr.isatty():
        yield None
        return
    length = sum(os.path.getsize(file) for file in files if os.path.isfile(file))
    begun = time.monotonic()
    bars: list[Any] = []

    def show(position: int) -> None:
        if not bars and time.monotonic() - begun > _MOMENT:
            bars.append(click.progressbar(length=length, label="reading", file=sys.stderr))
            bars[0].__enter__()
        for bar in bars:
            bar.update(position - bar.pos)

    try:
        yield show
    finally:
        for bar in bars:
            bar.__exit__(None, None, None)
