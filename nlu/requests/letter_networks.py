"""The networks that read the clauses of a letter beside each other, as a graph that ONNX Runtime computes.

A small transformer (Vaswani et al., "Attention Is All You Need", 2017) over the vectors of the clauses.
Several are computed at once: the first axis of each weight, and of what is made with it, are the networks.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from nlu.requests.clauses import CLAUSES_AT_MOST

POSITIONS = CLAUSES_AT_MOST + 1
VECTOR = 384
HEADS = 4
BLOCKS = 2
FLAGS = 4
LOUDER = 8.0
"""Vectors have length 1, so that each of their numbers is small beside a flag."""

_EPSILON = 1e-5
_FUSED = "com.microsoft"

Matrix = npt.NDArray[np.float32]
Weights = Mapping[str, Matrix]


class LetterNetworks:
    """Says how likely each place of a letter has each label: the mean of what several networks say."""

    def __init__(self, weights: Weights) -> None:
        """Make them ready to read.

        Args:
            weights: By name as `shapes` has them, those of the same name of all networks in one array.
        """
        options = onnxruntime.SessionOptions()
        # The clauses of a letter are few: to wake a second thread takes as long as it saves.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # From a file: 28 MB less than from memory, where as bytes and as a model it would stay.
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "letters.onnx")
            onnx.save(_graph(weights), path)
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def __call__(self, vectors: Matrix, flags: Matrix) -> Matrix:
        """Read a letter.

        Args:
            vectors: The vector of the whole letter, then of each clause.
            flags: What else is known of each place, the same number of rows.

        Returns:
            One row a place, one column a label; each row adds up to 1.
        """
        shares: Matrix = self._session.run(["shares"], {"vectors": vectors, "flags": flags})[0]
        return shares


def shapes(labels: int, width: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each of a network's weights.

    Args:
        labels: How many labels it knows.
        width: How many numbers it makes of each place.
    """
    found: dict[str, tuple[int, ...]] = {
        "in.weight": (VECTOR + FLAGS, width),
        "in.bias": (width,),
        "positions": (POSITIONS, width),
        "out.weight": (width, labels),
        "out.bias": (labels,),
        "beside.weight": (VECTOR, labels),
    }
    for block in range(BLOCKS):
        found |= {
            f"{block}.attention.weight": (width, 3 * width),
            f"{block}.attention.bias": (3 * width,),
            f"{block}.out.weight": (width, width),
            f"{block}.out.bias": (width,),
            f"{block}.wide.weight": (width, 2 * width),
            f"{block}.wide.bias": (2 * width,),
            f"{block}.narrow.weight": (2 * width, width),
            f"{block}.narrow.bias": (width,),
        }
    for name in ("in", *(f"{block}.{part}" for block in range(BLOCKS) for part in ("seen", "done"))):
        found |= {f"{name}.scale": (width,), f"{name}.shift": (width,)}
    return found


class _Builder:
    """Collects the nodes and numbers of the graph."""

    def __init__(self, weights: Weights) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self._weights = weights
        self._numbers = count(1)

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self._weights[name])

    def row(self, name: str) -> str:
        """A weight of one row, which counts for every place alike."""
        return self.constant(name, self._weights[name][:, None, :])

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        output = f"{operator}.{next(self._numbers)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], output, domain=domain, **attributes))
        return output

    def linear(self, hidden: str, name: str) -> str:
        return self.add(
            "Add", self.add("MatMul", hidden, self.weight(f"{name}.weight")), self.row(f"{name}.bias")
        )

    def normed(self, hidden: str, name: str) -> str:
        even = self.add("LayerNormalization", hidden, "ones", axis=-1, epsilon=_EPSILON)
        return self.add("Add", self.add("Mul", even, self.row(f"{name}.scale")), self.row(f"{name}.shift"))


def _graph(weights: Weights) -> Any:
    width, labels = weights["out.weight"].shape[1:]
    graph = _Builder(weights)
    graph.constant("ones", np.ones(width, np.float32))
    loud = graph.add("Mul", "vectors", graph.constant("louder", np.array(LOUDER, np.float32)))
    hidden = _entered(graph, loud)
    for block in range(BLOCKS):
        hidden = graph.normed(graph.add("Add", hidden, _seen(graph, hidden, block, width)), f"{block}.seen")
        wide = graph.add("FastGelu", graph.linear(hidden, f"{block}.wide"), domain=_FUSED)
        hidden = graph.normed(
            graph.add("Add", hidden, graph.linear(wide, f"{block}.narrow")), f"{block}.done"
        )
    beside = graph.add("MatMul", loud, graph.weight("beside.weight"))
    scores = graph.add("Add", graph.linear(hidden, "out"), beside)
    mean = graph.add("ReduceMean", graph.add("Softmax", scores, axis=-1), axes=[0], keepdims=0)
    graph.nodes.append(helper.make_node("Identity", [mean], ["shares"], "shares"))
    places = [("vectors", VECTOR), ("flags", FLAGS), ("shares", labels)]
    *given, shares = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["places", each]) for name, each in places
    )
    model = helper.make_model(
        helper.make_graph(graph.nodes, "letters", given, [shares], graph.initializers),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)],
        producer_name="rightline",
    )
    model.ir_version = 8
    return model


def _entered(graph: _Builder, loud: str) -> str:
    hidden = graph.linear(graph.add("Concat", loud, "flags", axis=1), "in")
    first, along = (graph.constant(name, np.array([axis])) for name, axis in (("first", 0), ("along", 1)))
    places = graph.add("Shape", "vectors", end=1)
    positions = graph.add("Slice", graph.weight("positions"), first, places, along)
    return graph.normed(graph.add("Add", hidden, positions), "in")


def _seen(graph: _Builder, hidden: str, block: int, width: int) -> str:
    """What each place makes of the others."""
    product = graph.linear(hidden, f"{block}.attention")
    parts = [f"{block}.{part}" for part in ("query", "key", "value")]
    graph.nodes.append(helper.make_node("Split", [product], parts, f"{block}.split", axis=-1))
    apart = graph.constant(f"{block}.apart", np.array([0, 0, HEADS, width // HEADS]))
    query, key, value = (
        graph.add("Transpose", graph.add("Reshape", part, apart), perm=order)
        for part, order in zip(parts, ((0, 2, 1, 3), (0, 2, 3, 1), (0, 2, 1, 3)), strict=True)
    )
    scale = graph.constant(f"{block}.scale", np.array((width // HEADS) ** -0.5, np.float32))
    likeness = graph.add("Softmax", graph.add("Mul", graph.add("MatMul", query, key), scale), axis=-1)
    together = graph.add("Transpose", graph.add("MatMul", likeness, value), perm=(0, 2, 1, 3))
    joined = graph.constant(f"{block}.joined", np.array([0, 0, width]))
    return graph.linear(graph.add("Reshape", together, joined), f"{block}.out")
