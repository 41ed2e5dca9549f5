"""Run by the engine's Python: encodes texts with the exact matrices, and with the quantised ones.

Standard input is a list of texts. The output is the cosine of the two vectors of each.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import onnx
from safetensors.numpy import load_file

from nlu.encoder.conversion import ConvertedEncoder
from nlu.encoder.graph import build
from nlu.encoder.package import packaged_files
from nlu.encoder.quantisation import quantise
from nlu.encoder.session import Encoder
from nlu.encoder.several import several


def main() -> None:
    texts = json.load(sys.stdin)
    files = packaged_files()
    exact = build(load_file(str(files.weights)))
    with tempfile.TemporaryDirectory() as folder:
        graphs = [Path(folder) / "exact.onnx", Path(folder) / "quantised.onnx"]
        graphs[0].write_bytes(exact.SerializeToString())
        quantise(exact, graphs[1])
        first, second = (
            [_encoder(graph, files.tokenizer).encode(text) for text in texts] for graph in graphs
        )
    json.dump([float(one @ other) for one, other in zip(first, second, strict=True)], sys.stdout)


def _encoder(graph: Path, tokenizer: Path) -> Encoder:
    wrapped = graph.with_name(f"several-{graph.name}")
    wrapped.write_bytes(several(onnx.load(str(graph))).SerializeToString())
    return Encoder(ConvertedEncoder(graph, wrapped, tokenizer))


if __name__ == "__main__":
    main()
