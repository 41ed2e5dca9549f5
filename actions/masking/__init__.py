"""What is taken out of a contact's message before it is stored: words read from the data folder."""

from actions.masking.services import check, masking, said_as

__all__ = ["check", "masking", "said_as"]
