"""Wraps the encoder's graph so that one run encodes several texts, each alone.

The scale of whole numbers goes by all that is multiplied at once, so that texts in one batch would have other
vectors than alone (decision 30). A loop in the graph takes one after the other, and Python, of which only one
thread runs at a time, is not needed between them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from nlu.encoder.graph import WIDTH

_NUMBERS = {"zero": np.array([0]), "one": np.array(1)}


def several(model: Any) -> Any:
    """Build the graph.

    Args:
        model: The encoder of one text, as `quantisation.quantise` writes it.

    Returns:
        An `onnx.ModelProto` with the inputs `tokens` (int32: those of all texts, one after the other) and
        `bounds` (int64: where each text begins, and where the last one ends), and the float output
        `embeddings` (texts × 384, unit length).
    """
    encoder = model.graph
    numbers = [numpy_helper.from_array(value, name) for name, value in _NUMBERS.items()]
    wrapped = helper.make_model(
        helper.make_graph(
            [
                helper.make_node("Shape", ["bounds"], ["count_of_bounds"]),
                helper.make_node("Squeeze", ["count_of_bounds"], ["bounds_in_all"]),
                helper.make_node("Sub", ["bounds_in_all", "one"], ["texts"]),
                helper.make_node("Loop", ["texts", ""], ["embeddings"], body=_turn(encoder)),
            ],
            encoder.name,
            [
                helper.make_tensor_value_info("tokens", TensorProto.INT32, ["tokens"]),
                helper.make_tensor_value_info("bounds", TensorProto.INT64, ["bounds"]),
            ],
            [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["texts", WIDTH])],
            [*numbers, *encoder.initializer],
        ),
        opset_imports=list(model.opset_import),
        producer_name=model.producer_name,
    )
    wrapped.ir_version = model.ir_version
    checker.check_model(wrapped)
    return wrapped


def _turn(encoder: Any) -> Any:
    """What the loop does with each text: cut it out, and encode it."""
    ones = helper.make_tensor("ones", TensorProto.INT32, [1], [1])
    return helper.make_graph(
        [
            helper.make_node("Add", ["turn", "one"], ["next_turn"]),
            helper.make_node("Gather", ["bounds", "turn"], ["begins"]),
            helper.make_node("Gather", ["bounds", "next_turn"], ["ends"]),
            helper.make_node("Unsqueeze", ["begins", "zero"], ["first"]),
            helper.make_node("Unsqueeze", ["ends", "zero"], ["behind"]),
            helper.make_node("Slice", ["tokens", "first", "behind"], ["text"]),
            helper.make_node("Unsqueeze", ["text", "zero"], ["input_ids"]),
            helper.make_node("Shape", ["input_ids"], ["size"]),
            helper.make_node("ConstantOfShape", ["size"], ["attention_mask"], value=ones),
            *encoder.node,
            helper.make_node("Squeeze", ["embedding", "zero"], ["one_embedding"]),
            helper.make_node("Identity", ["going"], ["goes_on"]),
        ],
        "turn",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("going", TensorProto.BOOL, []),
        ],
        [
            helper.make_tensor_value_info("goes_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("one_embedding", TensorProto.FLOAT, [WIDTH]),
        ],
    )
