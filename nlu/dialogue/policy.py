"""Rasa's rules, held to one action a turn.

Left alone, Rasa may call several custom actions for one message: it runs an active form first, whatever was
said, and lets rules answer only after the form has rejected the turn; and after an action that failed it
looks for another. Here the first action of a turn is the last one, and a rule that names the active form goes
before the form.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import LOOP_RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, get_active_loop_name

Prediction = tuple[PolicyPrediction, "str | None"]
FoundRule = tuple["str | None", "str | None", bool]

ONE_ACTION = "one action a turn"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class OneActionRules(RulePolicy):
    """Picks the one action that answers a turn: a rule's, or else the active form's."""

    def _predict(self, tracker: DialogueStateTracker, domain: Domain) -> Prediction:
        if _is_answered(tracker):
            return self._certain(ACTION_LISTEN_NAME, ONE_ACTION, tracker, domain)
        form = tracker.active_loop_name
        if form is None:
            prediction: Prediction = super()._predict(tracker, domain)
            return prediction
        action, rule = self._interruption(form, tracker, domain)
        return self._certain(action or form, rule or LOOP_RULES + form, tracker, domain)

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> FoundRule:
        if use_text_for_last_user_input:
            return None, None, False  # no rule of ours goes by the words of a message
        found: FoundRule = super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
        return found

    def _interruption(
        self, form: str, tracker: DialogueStateTracker, domain: Domain
    ) -> tuple[str | None, str | None]:
        if _gives_what_was_asked(tracker):
            return None, None
        action, rule, _ = self._find_action_from_rules(tracker, domain, use_text_for_last_user_input=False)
        if action in (None, form) or rule is None or not _names_the_form(self._rule_key_to_state(rule), form):
            return None, None
        return action, rule

    def _certain(self, action: str, rule: str, tracker: DialogueStateTracker, domain: Domain) -> Prediction:
        return self._rule_prediction(self._prediction_result(action, tracker, domain), rule), rule


def _is_answered(tracker: DialogueStateTracker) -> bool:
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        return tracker.latest_action_name is not None
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecutionRejected):
            return True
        if isinstance(event, UserUttered):
            break
    return False


def _gives_what_was_asked(tracker: DialogueStateTracker) -> bool:
    asked = tracker.get_slot(REQUESTED_SLOT)
    message = tracker.latest_message
    return message is not None and any(entity.get("entity") == asked for entity in message.entities)


def _names_the_form(rule: list[dict[str, Any]], form: str) -> bool:
    return bool(rule) and get_active_loop_name(rule[-1]) == form
