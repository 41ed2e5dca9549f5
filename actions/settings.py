"""The one typed place for settings; every process reads the same ones from the environment."""

from __future__ import annotations

import base64
import ipaddress
import re
import secrets
import sys
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


PREFIX = "RIGHTLINE_"


class WrongSettings(ValueError):
    """Something in the environment cannot be used; the message names the variable and what to do."""


class Settings(BaseSettings):
    """What an operator can set, each as an environment variable `RIGHTLINE_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    home: Path = Field(
        default=PROJECT_ROOT / ".rightline", description="Folder for state, keys, models and logs."
    )
    models: Path | None = Field(
        default=None,
        description="Folder of trained models and the recogniser of names, which instances can share; empty: "
        "the home folder.",
    )
    data: Path = Field(
        default=PROJECT_ROOT / "data", description="Folder of what the assistant says and knows."
    )
    demo: bool = Field(
        default=False, description="Demo contacts, demo mailbox and clock travel. Never in production."
    )
    database_url: str = Field(
        default="", description="SQLAlchemy URL; empty means SQLite in the home folder."
    )
    key: SecretStr = Field(
        default=SecretStr(""),
        description="Base64 of 32 random bytes: encrypts at rest, keys hashes; empty: a file in home.",
    )
    fingerprint_keys: dict[str, SecretStr] = Field(
        default={},
        description="Keys of the suppression list by id, newest first, each base64 of 32 random bytes; the "
        "one from the master key is always known too.",
    )
    ledger: Path | None = Field(
        default=None,
        description="File that remembers erasures outside the database, for backups; empty: a file in home.",
    )
    host: str = Field(default="127.0.0.1", description="Address the gateway listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port the gateway listens on.")
    public_url: str = Field(default="", description="Address people reach the gateway at; used in mails.")
    engine_url: str = Field(
        default="http://127.0.0.1:5005",
        description="The engine as gateways reach it: one, or a load balancer in front of several.",
    )
    engine_tracker_url: str = Field(
        default="",
        description="SQLAlchemy URL of the database where engines keep their sessions, never the one of "
        "`RIGHTLINE_DATABASE_URL`; empty: a file in home, for one engine.",
    )
    engine_redis_url: str = Field(
        default="",
        description="Redis server where several engines keep the locks of sessions; empty for one engine.",
    )
    engine_host: str = Field(
        default="127.0.0.1",
        description="Address the engine listens on; whatever it is, only gateways may reach it.",
    )
    actions_url: str = Field(
        default="",
        description="The action server's `/webhook` as engines reach it: one, or a load balancer in front of "
        "several; empty: on this machine.",
    )
    actions_host: str = Field(
        default="127.0.0.1",
        description="Address the action server listens on; whatever it is, only engines and gateways may "
        "reach it.",
    )
    actions_port: int = Field(default=5055, ge=0, le=65535, description="Port of the action server.")
    smtp_host: str = Field(default="127.0.0.1", description="Mail server.")
    smtp_port: int = Field(default=25, ge=0, le=65535, description="Port of the mail server.")
    smtp_user: str = Field(default="", description="User name at the mail server; empty for none.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Password at the mail server.")
    smtp_tls: bool = Field(
        default=False, description="Upgrade the connection with STARTTLS before anything is sent."
    )
    demo_mailbox: bool = Field(
        default=True,
        description="If the demo is its own mail server; `./rightline up` sets it: not if you named one.",
    )
    erasure_wait_hours: float | None = Field(
        default=None, ge=0, description="Waiting time before an erasure; 24 by default, none in the demo."
    )
    crm: str = Field(
        default="embedded",
        description="Which CRM: `embedded`, `tryton`, `hubspot`, or one of your own, `package.module:name`.",
    )
    helpdesk: str = Field(
        default="embedded",
        description="Which helpdesk: `embedded`, `rt`, or one of your own, `package.module:name`.",
    )
    connector_timeout: float = Field(
        default=10.0, gt=0, le=120, description="Seconds to wait for an answer of a CRM or a helpdesk."
    )
    tryton_url: str = Field(default="", description="Address of the Tryton server, as `https://erp.example`.")
    tryton_database: str = Field(default="", description="Database at the Tryton server.")
    tryton_user: str = Field(default="", description="Login of Rightline's own account at Tryton.")
    tryton_password: SecretStr = Field(default=SecretStr(""), description="Password of that account.")
    hubspot_url: str = Field(default="https://api.hubapi.com", description="HubSpot: its address.")
    hubspot_token: SecretStr = Field(
        default=SecretStr(""), description="HubSpot: the access token of a private app."
    )
    rt_url: str = Field(
        default="", description="Request Tracker: its address, such as https://rt.example.com."
    )
    rt_token: SecretStr = Field(
        default=SecretStr(""),
        description="Request Tracker: an auth token; instead, user and password do too.",
    )
    rt_user: str = Field(
        default="",
        description="Request Tracker: who logs in to export and to anonymise, which a token can't.",
    )
    rt_password: SecretStr = Field(
        default=SecretStr(""), description="Request Tracker: the password of that user."
    )
    rt_queue: str = Field(default="General", description="Request Tracker: the queue for our tickets.")
    rt_erase: Literal["delete", "anonymise"] = Field(
        default="delete",
        description="Request Tracker: are an erased contact's tickets deleted, or only made nobody's?",
    )
    allowed_origins: list[str] = Field(
        default=[], description="Other origins whose pages may embed the chat."
    )
    trusted_proxies: list[str] = Field(
        default=[],
        description="Networks of our own proxies, as `10.0.0.0/8`; only they may say whom they speak for.",
    )
    metrics_port: int = Field(
        default=0, ge=0, le=65535, description="Loopback port of this process's /metrics; 0 for none."
    )
    conversation_idle_days: int = Field(
        default=14,
        ge=1,
        description="Days without a message after which a conversation can't be gone on with.",
    )
    limit_streams: int = Field(default=8, ge=1, description="Event streams held open by one conversation.")
    limit_conversations: str = Field(
        default="", description="New conversations by network address, as `30/hour`."
    )
    limit_messages: str = Field(default="60/minute", description="Messages by conversation, as `60/minute`.")
    limit_codes_network: str = Field(default="", description="Codes sent by network address, as `30/hour`.")
    limit_codes_conversation: str = Field(default="10/hour", description="Codes sent by conversation.")
    slack_bot_token: SecretStr = Field(
        default=SecretStr(""), description="Slack: the bot's token, xoxb-…; empty: no Slack."
    )
    slack_admin_token: SecretStr = Field(
        default=SecretStr(""),
        description="Slack: an administrator's token, xoxp-…, to delete colleagues' messages about somebody "
        "who is erased; empty: people get a task.",
    )
    slack_mode: Literal["socket", "http"] = Field(
        default="socket", description="Slack: `socket` opens a connection to Slack; `http` waits for Slack's."
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""), description="Slack: the app's token, xapp-…, for `socket`."
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), description="Slack: what its requests are signed with, for `http`."
    )
    slack_host: str = Field(default="127.0.0.1", description="Slack: address to listen on, for `http`.")
    slack_port: int = Field(
        default=8010, ge=0, le=65535, description="Slack: port to listen on, for `http`: /slack/events."
    )
    slack_api_url: str = Field(default="https://slack.com/api/", description="Slack: where its Web API is.")
    slack_posts_a_second: float = Field(
        default=1.0,
        ge=0,
        description="Slack: messages a second to one channel, after a few at once; 0: as fast as they come.",
    )
    slack_team_id: str = Field(
        default="", description="Slack: the workspace, T…; empty: the one that the bot's token belongs to."
    )
    slack_support_channel: str = Field(
        default="", description="Slack: the channel of the desk, C…: handovers, approvals and alerts."
    )
    slack_other_channels: list[str] = Field(
        default=[], description="Slack: further channels, C…, in which agents may use the commands."
    )
    slack_roles: dict[Literal["observer", "agent", "approver", "dpo"], list[str]] = Field(
        default={},
        description="Slack: who is what, by users U… and user groups S…; each role includes those before it.",
    )
    slack_deputies: dict[str, list[str]] = Field(
        default={},
        description="Slack: who stands in for whom while they are away: a user, and the users who deputise.",
    )
    two_people_for_agreements: bool = Field(
        default=False,
        description="Erasures under an active agreement need the approval of two different people.",
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for network in value:
            ipaddress.ip_network(network, strict=False)
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _with_a_slash(cls, value: str) -> str:
        return f"{value.rstrip('/')}/"

    @field_validator("home", "data")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @property
    def effective_database_url(self) -> str:
        """The database to use: the one set, or SQLite in the home folder."""
        return self.database_url or f"sqlite:///{self.home / 'rightline.db'}"

    @property
    def effective_models(self) -> Path:
        """Where trained models are."""
        return self.models or self.home

    @property
    def effective_ledger(self) -> Path:
        """The file that remembers erasures outside the database."""
        return self.ledger or self.home / "erasures.jsonl"

    @property
    def effective_tracker_url(self) -> str:
        """The engine's tracker store: the one set, or the SQLite file the engine keeps in the home folder."""
        return self.engine_tracker_url or f"sqlite:///{self.home / 'engine' / 'tracker.db'}"

    @property
    def effective_actions_url(self) -> str:
        """The action server's address, without its webhook and without a slash at its end."""
        url = self.actions_url or f"http://127.0.0.1:{self.actions_port}"
        return url.rstrip("/").removesuffix("/webhook")

    @property
    def effective_public_url(self) -> str:
        """The address written into mails, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def erasure_wait_seconds(self) -> float:
        """Seconds between the confirmation of an erasure and its start (rules: a waiting time before it)."""
        if self.erasure_wait_hours is not None:
            return self.erasure_wait_hours * 3600
        return 0.0 if self.demo else 24 * 3600.0

    @property
    def slack_configured(self) -> bool:
        """Whether there is a workspace to serve."""
        return bool(self.slack_bot_token.get_secret_value())

    def slack_problems(self) -> list[str]:
        """What keeps the Slack app from working, as sentences that say which setting to change."""
        found = []
        if not self.slack_bot_token.get_secret_value().startswith("xoxb-"):
            found.append("RIGHTLINE_SLACK_BOT_TOKEN must be the bot's token, which begins with xoxb-.")
        if self.slack_mode == "socket" and not self.slack_app_token.get_secret_value().startswith("xapp-"):
            found.append("RIGHTLINE_SLACK_APP_TOKEN must be the app's token, which begins with xapp-.")
        if self.slack_mode == "http" and not self.slack_signing_secret.get_secret_value():
            found.append("RIGHTLINE_SLACK_SIGNING_SECRET is missing: over HTTP it proves who calls.")
        if not self.slack_support_channel:
            found.append("RIGHTLINE_SLACK_SUPPORT_CHANNEL is missing: give the channel's id, C….")
        if not any(self.slack_roles.values()):
            found.append(
                "RIGHTLINE_SLACK_ROLES names nobody, so everybody would be turned away. Example: "
                '{"agent": ["S0AGENTS"], "approver": ["U0DANA"], "dpo": ["U0SAM"]}'
            )
        return found

    def limit(self, name: str) -> str:
        """The rate limit of that name; by network address it is generous in the demo, on loopback.

        Args:
            name: `conversations`, `messages`, `codes_network` or `codes_conversation`.
        """
        demo = {"conversations": "100000/hour", "codes_network": "100000/hour"}
        ordinary = {"conversations": "60/hour", "codes_network": "30/hour"}
        chosen: str = getattr(self, f"limit_{name}")
        return chosen or (demo if self.demo else ordinary)[name]

    def master_key(self) -> bytes:
        """The 32-byte key, from the setting or from `home/key` (made at first, readable by its owner only).

        Raises:
            WrongSettings: the key is not base64 of exactly 32 bytes.
        """
        encoded = self.key.get_secret_value() or _key_file(self.home / "key")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise WrongSettings(
                "RIGHTLINE_KEY is not the base64 of 32 bytes. Make one with: "
                'python3 -c "import base64,os;print(base64.b64encode(os.urandom(32)).decode())"'
            )
        return key


def _key_file(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return path.read_text().strip()
    path.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
    return path.read_text().strip()


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        WrongSettings: the environment holds what cannot be used; the message names each variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSettings("\n".join(_sentence(problem) for problem in error.errors())) from None
    except SettingsError as error:
        # A list or an object that is no JSON; the library names the field.
        found = re.search(r'field "(\w+)"', str(error))
        name = variable(found[1]) if found else "A RIGHTLINE_ setting"
        raise WrongSettings(f"{name} is not valid JSON: {_meaning(found[1] if found else '')}") from None


def settings_or_exit() -> Settings:
    """The settings, for a program's first line: wrong ones end it with a sentence and exit code 2."""
    try:
        found = get_settings()
        found.master_key()
    except WrongSettings as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    return found


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{field.upper()}"


def _sentence(problem: ErrorDetails) -> str:
    field = str(problem["loc"][0]) if problem["loc"] else ""
    said = problem["msg"].removeprefix("Value error, ")
    return f"{variable(field)}: {said[0].lower()}{said[1:]}. {_meaning(field)}"


def _meaning(field: str) -> str:
    known = Settings.model_fields.get(field)
    description = known.description if known and known.description else ""
    return f"It means: {description}" if description else "See docs/settings.md."
