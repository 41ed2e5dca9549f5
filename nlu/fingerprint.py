"""The name of the model that the present inputs lead to. Needs neither Rasa nor the engine's Python."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from nlu.encoder.conversion import encoder_hash

_FILES = ("config.yml", "domain.yml")
_DATA = ("data/nlu", "data/rules", "data/policy", "data/situations", "data/understanding")
# These use a model and leave no trace in it; what they change needs no training.
_NOT_IN_THE_MODEL = (
    "nlu/adapting/",
    "nlu/engine.py",
    "nlu/tuning.py",
    "nlu/understand.py",
    "nlu/reader.py",
    "nlu/pseudonyms/",
    "nlu/evaluation/",
    "nlu/understanding/",
    "nlu/requests/asked.py",
    "nlu/requests/citations.py",
    "nlu/requests/context.py",
    "nlu/requests/joining.py",
    "nlu/requests/letter_clauses.py",
    "nlu/requests/letter_context.py",
    "nlu/requests/letter_networks.py",
    "nlu/requests/letter_orders.py",
    "nlu/requests/letter_pairs.py",
    "nlu/requests/letters.py",
    "nlu/requests/likelihoods.py",
    "nlu/requests/merging.py",
    "nlu/requests/messages.py",
    "nlu/requests/others.py",
    "nlu/requests/pointing.py",
    "nlu/requests/reading.py",
    "nlu/requests/vectors.py",
    "nlu/requests/wordings.py",
)


def model_fingerprint(root: Path) -> str:
    """Name the model by everything that shapes it.

    Args:
        root: The project's folder.

    Returns:
        Sixteen hexadecimal digits over configuration, domain, training data, policy answers, the code of the
        components, and the encoder.
    """
    digest = hashlib.sha256(encoder_hash().encode())
    for path in _inputs(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def model_path(root: Path, home: Path) -> Path:
    """Return where the model of the present inputs is kept; it need not exist yet."""
    return home / "models" / f"{model_fingerprint(root)}.tar.gz"


def _inputs(root: Path) -> Iterator[Path]:
    for name in _FILES:
        yield root / name
    for folder in _DATA:
        yield from sorted(path for path in (root / folder).rglob("*") if path.suffix in (".yml", ".txt"))
    for path in sorted((root / "nlu").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if not name.startswith(_NOT_IN_THE_MODEL):
            yield path
