"""`./rightline understand`: what the engine makes of a text, line by line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from bot.cli.model import current_model
from bot.cli.project import EXIT_FAILED, command_app, stop
from bot.engine.reader import EngineReader
from bot.paths import ENGINE_PYTHON

app = command_app()


@app.command()
def understand(
    file: Annotated[
        Path | None,
        typer.Argument(exists=True, dir_okay=False, readable=True, help="A text; standard input without it."),
    ] = None,
) -> None:
    """Print a line of JSON for each line of a text: its requests, what would follow, the policy's sections.

    As in a conversation, personal data is replaced by placeholders before the engine sees a line, and put
    back into what is printed.
    """
    from actions.masking import masking
    from actions.settings import get_settings
    from actions.wording import organisation
    from bot.supervisor.layout import engine_environment
    from nlu.pseudonyms import Pseudonymiser

    command = (str(ENGINE_PYTHON), "-m", "nlu.understand", "--model", str(current_model()))
    log = get_settings().home / "logs" / "understand.log"
    pseudonymiser = Pseudonymiser(public=organisation().public_names, masking=masking())
    with (
        file.open("rb") if file else nullcontext(sys.stdin.buffer) as text,
        EngineReader(command, engine_environment(os.environ), log) as engine,
    ):
        for line in lines(text):
            hidden = pseudonymiser.hide(line)
            answer = engine.ask(hidden.text)
            if answer is None:
                stop(EXIT_FAILED, f"the engine's reader ended; its log is {log}")
            values = {placeholder: found.value for placeholder, found in hidden.placeholders.items()}
            print(json.dumps(contract(line, answer, values), ensure_ascii=False), flush=True)


def lines(text: BinaryIO) -> Iterator[str]:
    """The lines of a text, without their ends; what is no UTF-8 becomes the replacement character."""
    for number, line in enumerate(text):
        decoded = line.decode("utf-8-sig" if number == 0 else "utf-8", errors="replace")
        yield decoded.removesuffix("\n").removesuffix("\r")


def contract(text: str, understood: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """Put what the engine understood into the published form, in its order.

    Args:
        text: the line as it was written.
        understood: the engine's answer, with placeholders.
        values: what each placeholder stands for.
    """
    printed: dict[str, Any] = {
        "text": text,
        "decision": understood["decision"],
        "intents": [_intent(intent, values) for intent in understood["intents"]],
        "sections": [
            {"section": section["section"], "score": section["score"]} for section in understood["sections"]
        ],
        "out_of_scope": understood["out_of_scope"],
    }
    if understood.get("candidates"):
        printed["candidates"] = [_intent(intent, values) for intent in understood["candidates"]]
    if understood.get("language"):
        printed["language"] = understood["language"]
    return printed


def _intent(intent: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": intent["name"],
        "confidence": intent["confidence"],
        "slots": put_back(intent.get("slots", {}), values),
    }


def put_back(value: Any, values: Mapping[str, str]) -> Any:
    """Replace placeholders by what they stand for, in a string or in the values of a JSON structure."""
    from nlu.pseudonyms import restore

    if isinstance(value, str):
        return restore(value, values)
    if isinstance(value, Mapping):
        return {name: put_back(item, values) for name, item in value.items()}
    if isinstance(value, list):
        return [put_back(item, values) for item in value]
    return value
