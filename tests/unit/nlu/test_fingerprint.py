"""The model's name changes with everything that shapes the model, and with nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.paths import PROJECT
from nlu.fingerprint import model_fingerprint, model_path

FILES = {
    "config.yml": "pipeline",
    "domain.yml": "intents",
    "data/nlu/rights.yml": "examples",
    "data/rules/answers.yml": "rules",
    "data/policy/retention.yml": "answers",
    "nlu/classification/model.py": "code",
    "data/understanding/tells.txt": "clauses",
    "nlu/understanding/decision.py": "code",
    "nlu/engine.py": "code",
    "nlu/pseudonyms/pipeline.py": "code",
    "nlu/evaluation/baseline.py": "code",
    "data/phrases/greet.yml": "words",
    "README.md": "words",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project."""
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", list(FILES)[:7])
def test_what_shapes_the_model_changes_its_name(root: Path, name: str) -> None:
    before = model_fingerprint(root)
    (root / name).write_text("other", encoding="utf-8")

    assert model_fingerprint(root) != before


@pytest.mark.parametrize("name", list(FILES)[7:])
def test_what_does_not_leaves_it(root: Path, name: str) -> None:
    before = model_fingerprint(root)
    (root / name).write_text("other", encoding="utf-8")

    assert model_fingerprint(root) == before


def test_a_renamed_file_and_a_new_one_change_it(root: Path) -> None:
    before = model_fingerprint(root)
    (root / "data/nlu/rights.yml").rename(root / "data/nlu/wrongs.yml")
    renamed = model_fingerprint(root)
    (root / "data/nlu/more.yml").write_text("", encoding="utf-8")

    assert len({before, renamed, model_fingerprint(root)}) == 3


def test_without_policy_answers_there_is_a_name_too(root: Path) -> None:
    (root / "data/policy/retention.yml").unlink()
    (root / "data/policy").rmdir()

    assert len(model_fingerprint(root)) == 16


def test_the_model_lies_under_the_state_folder(root: Path, tmp_path: Path) -> None:
    path = model_path(root, tmp_path / "home")

    assert path == tmp_path / "home" / "models" / f"{model_fingerprint(root)}.tar.gz"


def test_naming_the_projects_model_needs_nothing_of_the_engine() -> None:
    code = (
        "import sys, pathlib, nlu.fingerprint as f; f.model_fingerprint(pathlib.Path('.'));"
        "print(sorted(m for m in ('rasa', 'tensorflow', 'onnx', 'onnxruntime', 'numpy') if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
