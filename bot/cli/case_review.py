"""`./rightline cases review`: an agent reads free text and sends what may be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.case_shared import Reference, console, deciding, name_of, reading, the_case
from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, stop

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from actions.cases.models import Case

Numbers = Annotated[str | None, typer.Option(metavar="N,N", help="Pieces by number, as 1,3 or 2-5.")]
Passages = Annotated[
    list[str] | None, typer.Option("--passage", metavar="WORDS", help="Words to take out, copied exactly.")
]

app = command_app()


@app.command()
def review(
    reference: Reference,
    *,
    by: Annotated[str, typer.Option("--as", metavar="NAME", help="Your name; it is kept.")] = "",
    keep: Numbers = None,
    redact: Annotated[int | None, typer.Option(metavar="N", help="A piece to take words out of.")] = None,
    passage: Passages = None,
    withhold: Numbers = None,
    because: Annotated[
        str | None, typer.Option(metavar="GROUND", help="Why something is left out, as other_people.")
    ] = None,
    looked: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="A place you looked through, as telephony.")
    ] = None,
    found: Annotated[str, typer.Option(help="What was there, in full; nothing when left out.")] = "",
    keep_rest: Annotated[bool, typer.Option("--keep-rest", help="Keep every piece not decided yet.")] = False,
    send: Annotated[bool, typer.Option("--send", help="Send the answer and close the case.")] = False,
    whole: Annotated[bool, typer.Option("--whole", help="Print every piece in full.")] = False,
) -> None:
    """Read the free text that answers a request for access: keep, redact or withhold each piece, then send.

    Example: `cases review PR-7F3K-9Q2M --as dana --redact 3 --passage "Lee called" --because other_people`.
    """
    if not (keep or redact is not None or withhold or looked or keep_rest or send):
        with reading() as session:
            display(session, the_case(session, reference), whole=whole)
        return
    with deciding() as session:
        case = the_case(session, reference)
        act(
            session,
            case,
            by=name_of(by),
            keep=keep,
            redact=redact,
            passages=passage or [],
            withhold=withhold,
            because=because,
            looked=looked,
            found=found,
            rest=keep_rest,
            send=send,
        )
        print(f"{case.reference}: {'the answer is on its way.' if send else 'noted.'}")


def act(
    session: Session,
    case: Case,
    *,
    by: str,
    keep: str | None,
    redact: int | None,
    passages: list[str],
    withhold: str | None,
    because: str | None,
    looked: str | None,
    found: str,
    rest: bool,
    send: bool,
) -> None:
    """Do what the options say, in the order in which a review is done.

    Args:
        session: a writing session.
        case: the case.
        by: the agent.
        keep: pieces to keep whole.
        redact: one piece to take `passages` out of.
        passages: the words.
        withhold: pieces to leave out.
        because: the ground for leaving out.
        looked: a manual source that was looked through.
        found: what was there.
        rest: whether to keep every piece not decided yet.
        send: whether to send the answer.
    """
    from actions.rights import review

    if (redact is not None or withhold) and not because:
        stop(EXIT_USAGE, "say on what ground with --because; data/grounds.yml names them under exemptions.")
    try:
        if looked:
            review.looked(session, case, looked, by=by, found=found)
        if keep:
            review.keep(session, case, numbers(keep), by=by)
        if redact is not None:
            review.redact(session, case, redact, passages, exemption=because or "", by=by)
        if withhold:
            review.withhold(session, case, numbers(withhold), exemption=because or "", by=by)
        if rest:
            review.keep_the_rest(session, case, by=by)
        if send:
            review.send(session, case, by=by)
    except review.ReviewRefused as refusal:
        stop(EXIT_FAILED, str(refusal))


def numbers(text: str) -> list[int]:
    """Pieces as somebody types them: `1,3` or `2-5`."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            stop(EXIT_USAGE, f"'{text}' is no list of numbers; write 1,3 or 2-5.")
        found.extend(range(int(first), int(last if dash else first) + 1))
    return found


def display(session: Session, case: Case, *, whole: bool) -> None:
    """Show the pieces of a review, what was decided, and what is still missing."""
    from rich.markup import escape
    from rich.table import Table

    from actions.rights import review

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("no.", "source", "date", "decision", "text"):
        table.add_column(heading, no_wrap=heading != "text")
    for item in review.items(session, case):
        decision = " ".join(part for part in (item.verdict or "—", item.exemption or "") if part)
        text = item.text or ""
        shown = f"{item.title or ''}: {text if whole else text.replace(chr(10), ' ')[:70]}"
        date = f"{item.at:%Y-%m-%d}" if item.at else ""
        table.add_row(str(item.number), item.source, date, decision, escape(shown))
    console().print(table)
    left = review.missing(session, case)
    print("Ready to be sent with --send." if not left else "\n".join(left))
