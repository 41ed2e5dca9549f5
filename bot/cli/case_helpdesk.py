"""`./rightline cases helpdesk`: everything the helpdesk holds of a contact, as files for whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.case_shared import Reference, deciding, name_of, reading, the_case
from bot.cli.project import EXIT_FAILED, command_app, stop

if TYPE_CHECKING:
    from actions.cases.models import Case
    from actions.helpdesk.interfaces import Helpdesk, Ticket

app = command_app()


@app.command()
def helpdesk(
    reference: Reference,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the files go; made if missing.")],
    *,
    by: Annotated[str, typer.Option("--as", metavar="NAME", help="Your name; it is kept.")] = "",
) -> None:
    """Write every ticket of a case's contact, and what else the helpdesk holds of them, into a folder.

    Only you can read the files; delete them when you are done.

    Example: `cases helpdesk PR-7F3K-9Q2M ~/wren --as dana`.
    """
    from actions.audit import record
    from actions.crm.interfaces import CrmError
    from actions.helpdesk.interfaces import HelpdeskError
    from actions.helpdesk.services import get_helpdesk

    name = name_of(by)
    with reading() as session:
        case = the_case(session, reference)
    try:
        addresses = _addresses(case)
        files = dict(_files(get_helpdesk(), addresses))
    except (CrmError, HelpdeskError) as error:
        stop(EXIT_FAILED, f"{error}.")
    if not addresses:
        stop(EXIT_FAILED, f"{case.reference} has no address any more, and its contact is not on file.")
    _write(folder, files)
    with deciding() as session:
        details = {"files": len(files)}
        record(session, actor=name, action="helpdesk_exported", subject=case.reference, details=details)
    print(f"{len(files)} files in {folder}." if files else "The helpdesk holds nothing of this contact.")


def _addresses(case: Case) -> Sequence[str]:
    from actions.crm.services import get_crm

    contact = get_crm().get(case.contact_id) if case.contact_id else None
    known = [case.address or ""]
    known += [contact.email, *contact.other_emails] if contact is not None else []
    return list(dict.fromkeys(address.strip().lower() for address in known if address.strip()))


def _files(desk: Helpdesk, addresses: Sequence[str]) -> Iterator[tuple[str, str]]:
    for number, address in enumerate(addresses, 1):
        for ticket in desk.find_by_requestor(address):
            yield f"{number}-ticket-{ticket.id}.txt", _told(ticket)
        for name, text in desk.export(address).items():
            yield f"{number}-{name}", text


def _told(ticket: Ticket) -> str:
    head = f"{ticket.subject}\n{ticket.opened_at:%Y-%m-%d %H:%M} UTC, {ticket.state}\n"
    return "\n\n".join([head, ticket.body, *ticket.comments]) + "\n"


def _write(folder: Path, files: dict[str, str]) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in files.items():
            path = folder / name
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        stop(EXIT_FAILED, f"Cannot write into {folder}: {error.strerror}.")
