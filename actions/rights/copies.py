"""A contact's own details as CSV (UK GDPR Art. 20; policy 12, "Right to Data Portability")."""

from __future__ import annotations

import csv
import io

from actions.crm.interfaces import Holdings
from actions.mail.interfaces import Attachment
from actions.spreadsheets import harmless
from actions.wording import phrase, topics


def copy_attachment(holdings: Holdings) -> Attachment:
    """The details and preferences, one a line, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["what", "value"])
    for name, value in holdings.contact.fields.items():
        writer.writerow([phrase(f"field.{name}"), harmless(value)])
    for other in holdings.contact.other_emails:
        writer.writerow([phrase("field.other_email"), harmless(other)])
    for each in holdings.further:
        writer.writerow([phrase(f"further.{each.kind}"), harmless(each.value)])
    for (topic, channel), wanted in sorted(holdings.preferences.items()):
        known = topics()
        label = f"{known.topics[topic].label} by {known.channels[channel].label}"
        writer.writerow([label, "yes" if wanted else "no"])
    return Attachment("your-details.csv", "text/csv", out.getvalue())
