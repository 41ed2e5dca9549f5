"""Turns the encoder's matrices into whole numbers of eight bits, which multiplies them three times as fast.

The vectors stay within eight degrees of the exact ones (cosine 0.99 on average), and what is learned is
learned from the vectors that are read later on.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

OPERATORS = ("MatMul", "Attention")
"""What takes nearly all of the time."""

_FLOAT = 1
"""ONNX's number of the type of 32 bits, which the fused operators do not tell by themselves."""


def quantise(model: Any, target: Path) -> None:
    """Write an encoder with quantised weights; inputs of the operators are quantised as they come.

    Args:
        model: The `onnx.ModelProto` that `graph.build` gives.
        target: The file to write.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    was_disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)  # it recommends to infer shapes, which it cannot do for fused operators
    try:
        quantize_dynamic(
            model,
            target,
            op_types_to_quantize=list(OPERATORS),
            per_channel=True,
            # Seven bits: processors without VNNI would clip the sums of products of eight.
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": _FLOAT},
        )
    finally:
        logging.disable(was_disabled)
