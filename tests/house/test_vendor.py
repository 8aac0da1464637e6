"""Guards the files that we did not write: each is named in the manifest with its hash, and nothing else is there."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
MANIFEST = STATIC / "vendor" / "manifest.json"


def entries() -> list[dict[str, str]]:
    listed: list[dict[str, str]] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return listed


def test_every_listed_file_has_the_hash_in_the_manifest() -> None:
    changed = [
        entry["file"]
        for entry in entries()
        if hashlib.sha256((STATIC / entry["file"]).read_bytes()).hexdigest() != entry["sha256"]
    ]
    assert changed == []


def test_every_entry_says_what_it_is_and_under_which_licence() -> None:
    for entry in entries():
        assert all(entry[key] for key in ("name", "version", "file", "sha256", "licence")), entry


def test_no_file_in_vendor_is_missing_from_the_manifest() -> None:
    listed = {entry["file"] for entry in entries()} | {"vendor/manifest.json"}
    present = {path.relative_to(STATIC).as_posix() for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    assert present - listed == set()


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = (STATIC / "img" / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    asked: dict[str, str] = {}
    for page in sorted((ROOT / "templates").rglob("*.html")):
        for name in re.findall(r"""\bicon\(\s*["']([a-z0-9-]+)["']""", page.read_text(encoding="utf-8")):
            asked.setdefault(name, page.relative_to(ROOT).as_posix())
    assert {name: page for name, page in asked.items() if name not in drawn} == {}
