"""Imports go one way: quant <- minilora <- serve; nothing imports tests or notebooks."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {"quant": {"quant"}, "minilora": {"quant", "minilora"}}
OURS = {"quant", "minilora", "serve", "tests", "notebooks"}
REFERENCE_ONLY = {"transformers", "peft", "bitsandbytes", "accelerate", "datasets", "scipy"}


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


FILES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    wrong = imported(path) & (OURS - MAY_IMPORT[package])
    assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


# Benchmarks time the reference libraries where they are installed.
NOT_BENCHMARKS = [path for path in FILES if not path.name.startswith("bench")]


@pytest.mark.parametrize("path", NOT_BENCHMARKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_reference_libraries_are_not_needed_at_run_time(path: Path) -> None:
    assert not imported(path) & REFERENCE_ONLY


def test_top_level_holds_what_the_design_says() -> None:
    allowed = {"quant", "minilora", "serve", "notebooks", "tests", "pyproject.toml", "Dockerfile"}
    allowed |= {"README.md", "LICENSE", "CHANGELOG.md"}
    known_outputs = {"runs", "build", "dist", "venv", "minilora.egg-info"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - known_outputs <= allowed
