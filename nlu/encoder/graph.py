"""Writes the encoder's ONNX graph straight from its weights.

The architecture is that of BERT: six layers of self-attention and feed-forward blocks over summed token,
position and segment embeddings. ONNX Runtime has one fused operator for each block, so the graph is written
down in a second, with no deep-learning framework in between. Mean pooling over the real tokens and scaling
to unit length are in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

LAYERS = 6
HEADS = 12
WIDTH = 384
LAYER_NORM_EPSILON = 1e-12
FUSED = "com.microsoft"

Weights = Mapping[str, npt.NDArray[np.float32]]


class _Builder:
    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self._weights[name])

    def transposed(self, name: str) -> str:
        return self.constant(f"{name}.T", self._weights[name].T)

    def add(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(
            helper.make_node(
                operator, inputs, [output], name=f"{output}/{operator}", domain=domain, **attributes
            )
        )
        return output


def build(weights: Weights) -> Any:
    """Build the graph.

    Args:
        weights: The tensors of the checkpoint by their names in it.

    Returns:
        An `onnx.ModelProto` with int32 inputs `input_ids` and `attention_mask` (batch × tokens) and the float
        output `embedding` (batch × 384, unit length).
    """
    graph = _Builder(weights)
    hidden = _embeddings(graph)
    for layer in range(LAYERS):
        hidden = _layer(graph, f"encoder.layer.{layer}", hidden)
    _pooling(graph, hidden)

    tokens = ["batch", "tokens"]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [
                helper.make_tensor_value_info(name, TensorProto.INT32, tokens)
                for name in ("input_ids", "attention_mask")
            ],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH])],
            graph.initializers,
        ),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)],
        producer_name="rightline",
    )
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def _embeddings(graph: _Builder) -> str:
    # One segment only, so its embedding joins the positions' and the segment input stays away.
    segment = graph._weights["embeddings.token_type_embeddings.weight"][0]
    positions = graph._weights["embeddings.position_embeddings.weight"] + segment
    graph.nodes.append(
        helper.make_node(
            "EmbedLayerNormalization",
            [
                "input_ids",
                "",
                graph.weight("embeddings.word_embeddings.weight"),
                graph.constant("embeddings.positions", positions.astype(np.float32)),
                "",
                graph.weight("embeddings.LayerNorm.weight"),
                graph.weight("embeddings.LayerNorm.bias"),
                "attention_mask",
            ],
            ["embeddings", "token_counts"],
            name="embeddings/EmbedLayerNormalization",
            domain=FUSED,
            epsilon=LAYER_NORM_EPSILON,
        )
    )
    return "embeddings"


def _layer(graph: _Builder, name: str, hidden: str) -> str:
    attention, output = f"{name}.attention", f"{name}.output"
    parts = [f"{attention}.self.{part}" for part in ("query", "key", "value")]
    weights = np.concatenate([graph._weights[f"{part}.weight"].T for part in parts], axis=1)
    biases = np.concatenate([graph._weights[f"{part}.bias"] for part in parts])
    context = graph.add(
        "Attention",
        [
            hidden,
            graph.constant(f"{attention}.weights", weights),
            graph.constant(f"{attention}.biases", biases),
            "token_counts",
        ],
        f"{attention}.context",
        domain=FUSED,
        num_heads=HEADS,
    )
    attended = _dense(graph, f"{attention}.output", context, hidden)
    widened = graph.add(
        "MatMul",
        [attended, graph.transposed(f"{name}.intermediate.dense.weight")],
        f"{name}.intermediate.product",
    )
    activated = graph.add(
        "BiasGelu",
        [widened, graph.weight(f"{name}.intermediate.dense.bias")],
        f"{name}.intermediate.activation",
        domain=FUSED,
    )
    return _dense(graph, output, activated, attended)


def _dense(graph: _Builder, name: str, inward: str, residual: str) -> str:
    product = graph.add("MatMul", [inward, graph.transposed(f"{name}.dense.weight")], f"{name}.product")
    return graph.add(
        "SkipLayerNormalization",
        [
            product,
            residual,
            graph.weight(f"{name}.LayerNorm.weight"),
            graph.weight(f"{name}.LayerNorm.bias"),
            graph.weight(f"{name}.dense.bias"),
        ],
        f"{name}.normalised",
        domain=FUSED,
        epsilon=LAYER_NORM_EPSILON,
    )


def _pooling(graph: _Builder, hidden: str) -> None:
    axis = graph.constant("pooling.axis", np.array([-1], dtype=np.int64))
    token_axis = graph.constant("pooling.token_axis", np.array([1], dtype=np.int64))
    mask = graph.add("Cast", ["attention_mask"], "pooling.mask", to=TensorProto.FLOAT)
    column = graph.add("Unsqueeze", [mask, axis], "pooling.column")
    masked = graph.add("Mul", [hidden, column], "pooling.masked")
    # The sum has the mean's direction, and only the direction survives the scaling to unit length.
    summed = graph.add("ReduceSum", [masked, token_axis], "pooling.sum", keepdims=0)
    graph.add("LpNormalization", [summed], "embedding", axis=-1, p=2)
