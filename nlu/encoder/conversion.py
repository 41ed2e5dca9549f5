"""The converted encoder on disk: made once, kept by the hash of what it is made from."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from nlu.encoder.adaptation import ADAPTATION
from nlu.encoder.package import TOKENIZER_SHA256, WEIGHTS_SHA256, packaged_files
from nlu.home import home

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ConvertedEncoder:
    """The files that sessions need: the graph that encodes one text, the one that encodes several, each
    alone, and what cuts them into tokens."""

    graph: Path
    several: Path
    tokenizer: Path


def encoder_hash() -> str:
    """Name the encoder: the checked files, what it learned, and the code that writes the graph from them.

    Returns:
        Sixteen hexadecimal digits.
    """
    digest = hashlib.sha256()
    digest.update(WEIGHTS_SHA256.encode())
    digest.update(TOKENIZER_SHA256.encode())
    for code in ("graph.py", "quantisation.py", "adaptation.py"):
        digest.update((Path(__file__).parent / code).read_bytes())
    if ADAPTATION.is_file():
        digest.update(ADAPTATION.read_bytes())
    return digest.hexdigest()[:16]


def converted_encoder() -> ConvertedEncoder:
    """Return the converted encoder, converting it the first time.

    Raises:
        EncoderUnavailable: If the packaged encoder is missing or not the one that was checked.
        AdaptationUnusable: If what it learned of privacy requests does not fit it.
    """
    folder = home() / "encoder" / encoder_hash()
    names = ("encoder.onnx", "several.onnx", "tokenizer.json")
    converted = ConvertedEncoder(*(folder / name for name in names))
    if not all((folder / name).is_file() for name in names):
        _convert(converted)
    return converted


def _convert(target: ConvertedEncoder) -> None:
    import onnx
    from safetensors.numpy import load_file

    from nlu.encoder.adaptation import adapted
    from nlu.encoder.graph import build
    from nlu.encoder.quantisation import quantise
    from nlu.encoder.several import several

    started = time.monotonic()
    files = packaged_files()
    parent = target.graph.parent
    parent.mkdir(parents=True, exist_ok=True)
    _write(target.tokenizer, files.tokenizer.read_bytes())
    model = build(adapted(load_file(str(files.weights))))
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        quantised = Path(folder) / target.graph.name
        quantise(model, quantised)
        _write(target.several, several(onnx.load(str(quantised))).SerializeToString())
        quantised.replace(target.graph)
    logger.info("converted the encoder in %.1f s", time.monotonic() - started)


def _write(path: Path, content: bytes) -> None:
    # Two processes may convert at once: each writes a file of its own, and the last rename wins.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
