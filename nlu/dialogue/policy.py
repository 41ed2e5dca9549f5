"""Rasa's rules, with forms that a rule may interrupt before the form runs.

Rasa runs an active form first, whatever was said, and lets rules answer only after the form has rejected
the turn: two custom actions for one message. Here a rule that names the active form answers in its place.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, get_active_loop_name


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class InterruptibleForms(RulePolicy):
    """Lets a rule with the condition `active_loop` answer, unless the value asked for was given."""

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input:
            return None, None, False  # no rule of ours goes by the words of a message
        found: tuple[str | None, str | None, bool] = super()._find_action_from_rules(tracker, domain, False)
        return found

    def _predict(self, tracker: DialogueStateTracker, domain: Domain) -> tuple[PolicyPrediction, str | None]:
        action, rule = self._interruption(tracker, domain)
        if action:
            return self._rule_prediction(self._prediction_result(action, tracker, domain), rule), rule
        prediction: tuple[PolicyPrediction, str | None] = super()._predict(tracker, domain)
        return prediction

    def _interruption(self, tracker: DialogueStateTracker, domain: Domain) -> tuple[str | None, str | None]:
        form = tracker.active_loop_name
        if form is None or tracker.is_active_loop_rejected or tracker.latest_action_name == form:
            return None, None
        if tracker.latest_action_name == ACTION_LISTEN_NAME and _gives_what_was_asked(tracker):
            return None, None
        action, rule, _ = self._find_action_from_rules(tracker, domain, use_text_for_last_user_input=False)
        if action in (None, form) or rule is None or not _names_the_form(self._rule_key_to_state(rule), form):
            return None, None
        return action, rule


def _gives_what_was_asked(tracker: DialogueStateTracker) -> bool:
    asked = tracker.get_slot(REQUESTED_SLOT)
    message = tracker.latest_message
    return message is not None and any(entity.get("entity") == asked for entity in message.entities)


def _names_the_form(rule: Any, form: str) -> bool:
    states: list[dict[str, Any]] = rule
    return bool(states) and get_active_loop_name(states[-1]) == form
