"""The files of `data/` that people edit, looked at before anything is started or trained on them."""

from __future__ import annotations

from bot.cli.project import EXIT_FAILED, say, stop


def check_data() -> None:
    """End the command when what the data folder holds is malformed, with each place."""
    from actions import masking, policy
    from actions.rights import checking as rights
    from actions.wording.interfaces import WordingError
    from bot.slack.alert_rules import alert_rules

    try:
        masking.check()
        alert_rules()
        malformed = [*rights.check(), *policy.check(approvals=False)]
        outdated = policy.check() if not malformed else []
    except WordingError as error:
        stop(EXIT_FAILED, str(error))
    if malformed:
        stop(EXIT_FAILED, "\n".join(["these must be corrected first:", *malformed]))
    for problem in outdated:
        say(problem)
