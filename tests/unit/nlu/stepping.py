"""Run by the engine's Python: the steps of a graph as Rasa runs them, and as `nlu.tuning` does.

The output is JSON: for each of the two what came out, in which order the steps ran, and what a step that
fails says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain

from nlu import tuning

NEEDS = {
    "last": {"first": "both", "second": "message"},
    "both": {"one": "left", "other": "right"},
    "left": {"text": "message"},
    "right": {"text": "message"},
    "aside": {"text": "message"},
}


def main() -> None:
    theirs = _found()
    tuning.run_the_steps_in_order()
    ours = _found()
    before = [Domain.empty().is_empty(), _domain().is_empty()]
    tuning.remember_whether_a_domain_is_empty()
    domain = _domain()
    after = [Domain.empty().is_empty(), domain.is_empty(), domain.is_empty()]
    json.dump({"theirs": theirs, "ours": ours, "before": before, "after": after}, sys.stdout)


def _found() -> dict[str, Any]:
    order: list[str] = []
    runner = _runner(order)
    first = runner.run({"message": "text"}, ["last"])
    ran = list(order)
    second = runner.run({"message": "another"}, ["left"])
    return {
        "first": first,
        "second": second,
        "all": runner.run({"message": "text"}),
        "ran": sorted(ran),
        "others_before": ran.index("both") > max(ran.index("left"), ran.index("right")),
        "given": runner.run({"left": "text", "message": "text"}, ["last"]),
        "failing": _refused(lambda: runner.run({"message": "fail"}, ["last"])),
        "missing": runner.run({}, ["left"]),
    }


def _runner(order: list[str]) -> Any:
    def step(name: str) -> Callable[..., tuple[str, str]]:
        def call(*given: Any) -> tuple[str, str]:
            order.append(name)
            if ("message", "fail") in given:
                raise RuntimeError("a step failed")
            return name, f"{name}({', '.join(str(each) for each in given)})"

        return call

    nodes = {
        name: SchemaNode(needs, SimpleNamespace, "create", "run", {}, is_target=name in ("last", "aside"))
        for name, needs in NEEDS.items()
    }
    runner = DaskGraphRunner.__new__(DaskGraphRunner)
    runner._graph_schema = GraphSchema(nodes)
    runner._instantiated_nodes = {name: step(name) for name in NEEDS}
    runner._execution_context = None
    return runner


def _refused(run: Callable[[], Any]) -> str:
    try:
        run()
    except Exception as error:
        return type(error).__name__
    return "nothing"


def _domain() -> Domain:
    return Domain.from_dict({"intents": ["greet"]})


if __name__ == "__main__":
    main()
