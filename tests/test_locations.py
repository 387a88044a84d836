"""Where things are: the shipped folders, the cache."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from efficient_llm_kg import locations


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("EFFICIENT_LLM_KG_CACHE", "XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize("name", ["ontology", "graph", "queries", "views"])
def test_every_shipped_folder_is_there(name: str) -> None:
    assert getattr(locations, f"{name}_folder")().is_dir()


def test_pages_go_into_the_checkout_or_from_a_wheel_into_the_working_folder() -> None:
    in_wheel = "_data" in locations.views_folder().parts
    expected = Path() if in_wheel else locations.views_folder()
    assert locations.built_views_folder() == expected


def test_the_named_cache_overrules_the_system(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("HOME", "/home/somebody")
    bare.setenv("EFFICIENT_LLM_KG_CACHE", "/somewhere")
    assert locations.cache_folder() == "/somewhere"


@pytest.mark.parametrize(
    ("platform", "env", "folder"),
    [
        ("linux", {"HOME": "/home/me"}, "/home/me/.cache/efficient-llm-kg"),
        ("linux", {"HOME": "/home/me", "XDG_CACHE_HOME": "/c"}, "/c/efficient-llm-kg"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, None),
        ("linux", {}, None),
        ("linux", {"HOME": "relative"}, None),
        ("darwin", {"HOME": "/Users/me"}, "/Users/me/Library/Caches/efficient-llm-kg"),
        ("darwin", {}, None),
        ("win32", {"LOCALAPPDATA": "/AppData"}, "/AppData/efficient-llm-kg"),
        ("win32", {"HOME": "/home/me"}, None),
    ],
)
def test_the_cache_is_where_the_system_keeps_caches(
    bare: pytest.MonkeyPatch, platform: str, env: dict[str, str], folder: str | None
) -> None:
    bare.setattr(sys, "platform", platform)
    for name, value in env.items():
        bare.setenv(name, value)
    assert locations.cache_folder() == folder
