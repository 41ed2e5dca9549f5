"""Tables of the embedded CRM."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import UtcDateTime


class Company(Base):
    """A company we deal with."""

    __tablename__ = "crm_companies"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class Contact(Base):
    """A person registered in the CRM (policy 8: "Your Data"). Unknown fields are NULL."""

    __tablename__ = "crm_contacts"
    # Both: a whole import is added at one instant, and is gone through page by page.
    __table_args__ = (Index("ix_crm_contacts_added", "added_at", "id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    company_id: Mapped[str | None] = mapped_column(ForeignKey("crm_companies.id"), index=True, default=None)
    state: Mapped[str] = mapped_column(String(12), default="active")
    name: Mapped[str | None] = mapped_column(String(200), default=None)
    surname: Mapped[str | None] = mapped_column(String(200), default=None)
    work_telephone: Mapped[str | None] = mapped_column(String(40), default=None)
    mobile_telephone: Mapped[str | None] = mapped_column(String(40), default=None)
    # What the contact sees as their company; goes with the contact, while the company itself stays.
    company: Mapped[str | None] = mapped_column(String(200), default=None)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    has_left: Mapped[bool] = mapped_column(default=False)
    email_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    email_bounced: Mapped[bool] = mapped_column(default=False)
    # Where the details came from: a key of `sources` in data/notices.yml.
    source: Mapped[str | None] = mapped_column(String(40), default=None)


class ContactEmail(Base):
    """An address of a contact; several contacts may share one."""

    __tablename__ = "crm_contact_emails"
    __table_args__ = (UniqueConstraint("contact_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("crm_contacts.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(320), index=True)
    primary: Mapped[bool] = mapped_column(default=True)


class ServiceAgreement(Base):
    """A company's service agreement."""

    __tablename__ = "crm_service_agreements"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    company_id: Mapped[str] = mapped_column(ForeignKey("crm_companies.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date, default=None)


class Signatory(Base):
    """A contact who signed an agreement: only signatories are shown its terms."""

    __tablename__ = "crm_signatories"

    agreement_id: Mapped[str] = mapped_column(
        ForeignKey("crm_service_agreements.id", ondelete="CASCADE"), primary_key=True
    )
    contact_id: Mapped[str] = mapped_column(
        ForeignKey("crm_contacts.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ContactPreference(Base):
    """Whether a contact wants a topic over a channel."""

    __tablename__ = "crm_preferences"

    contact_id: Mapped[str] = mapped_column(
        ForeignKey("crm_contacts.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    wanted: Mapped[bool]


class TrackedEmail(Base):
    """An email between a contact and the sales or support team (policy 8.3)."""

    __tablename__ = "crm_tracked_emails"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("crm_contacts.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
