"""The entity recogniser for what has no form: names of people and companies, and postal addresses.

It is trained at set-up (`python -m nlu.pseudonyms.training`) on sentences that `sentences` makes up with
faker, and reads after the pipeline's other components (`component`).
"""
