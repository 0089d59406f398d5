"""Alerts: sensors that say by mail or webhook that a run failed, off until turned on.

All settings come from the environment, since two of them are secrets: what is said here about a
wrong one never shows its value.
"""

# No postponed annotations here: Dagster reads the annotations themselves.
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from orchestration.errors import WarehouseError

WEBHOOK = "WAREHOUSE_ALERT_WEBHOOK"

MAIL = "WAREHOUSE_ALERT_MAIL_"
MAIL_NEEDED = ("FROM", "TO", "HOST", "PASSWORD")

TIMEOUT_S = 10.0
"""How long the receiver of a webhook may take to answer."""

TEXT_LENGTH = 2000
"""How much of an error's text is sent; all of it stands in the run."""


def define_alerts(environment: Mapping[str, str]) -> list[dg.SensorDefinition]:
    """Return the sensors for which there are settings.

    Raises WarehouseError where settings are incomplete: an alert that is only believed to be on is
    worse than none.
    """
    sensors = [_mail(environment), _webhook(environment)]
    return [sensor for sensor in sensors if sensor]


def post(url: str, text: str) -> None:
    """POST {"text": text} as JSON. Raises WarehouseError where it is not taken, without the URL."""
    body = json.dumps({"text": text}).encode()
    try:
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):
            return
    except urllib.error.HTTPError as error:
        said = f"it answered {error.code}"
    except urllib.error.URLError as error:
        said = f"it cannot be reached: {error.reason}"
    except (OSError, ValueError, HTTPException) as error:
        said = f"it cannot be reached: {type(error).__name__}"
    # Outside of the handlers: errors of urllib can name the URL, which is the secret.
    raise WarehouseError(f"The alert was not delivered to {WEBHOOK}: {said}")


def failure_message(context: dg.RunFailureSensorContext) -> str:
    """Return what is said about a failed run: which, when, why, and that readers see no change."""
    run = context.dagster_run
    whys = [
        _cause(event.step_failure_data.error)
        for event in context.get_step_failure_events()
        if event.step_failure_data.error
    ]
    why = "\n".join(whys) or context.failure_event.message or "no reason is known"
    if len(why) > TEXT_LENGTH:
        why = why[:TEXT_LENGTH] + " ..."
    return f"The warehouse's run {run.run_id[:8]} of {run.job_name} failed.\n{why}"


def _cause(error: SerializableErrorInfo) -> str:
    """Return what a user reads of an error: the text of its first cause, no stack."""
    while error.cause:
        error = error.cause
    return error.message.removeprefix(f"{WarehouseError.__module__}.WarehouseError: ").strip()


def _webhook(environment: Mapping[str, str]) -> dg.SensorDefinition | None:
    url = environment.get(WEBHOOK)
    if not url:
        return None
    if not url.startswith(("https://", "http://")):
        raise WarehouseError(f"{WEBHOOK} must be a URL that starts with https:// or http://")

    @dg.run_failure_sensor(
        name="failed_runs_to_webhook",
        default_status=dg.DefaultSensorStatus.STOPPED,
        description=f'Posts {{"text": ...}} to the URL in {WEBHOOK} when a run has failed.',
    )
    def failed_runs_to_webhook(context: dg.RunFailureSensorContext) -> None:
        post(url, failure_message(context))

    return failed_runs_to_webhook


def _mail(environment: Mapping[str, str]) -> dg.SensorDefinition | None:
    said = {
        name.removeprefix(MAIL): value
        for name, value in environment.items()
        if name.startswith(MAIL) and value
    }
    if not said:
        return None
    missing = [MAIL + name for name in MAIL_NEEDED if name not in said]
    if missing:
        raise WarehouseError(f"Alerts by mail also need {', '.join(missing)}")
    security, port = said.get("SECURITY", "SSL"), said.get("PORT", "")
    if security not in ("SSL", "STARTTLS"):
        raise WarehouseError(f"{MAIL}SECURITY must be SSL or STARTTLS")
    if port and not port.isdecimal():
        raise WarehouseError(f"{MAIL}PORT must be a number")
    return dg.make_email_on_run_failure_sensor(
        name="failed_runs_by_mail",
        email_from=said["FROM"],
        email_to=[address.strip() for address in said["TO"].split(",")],
        email_password=said["PASSWORD"],
        smtp_host=said["HOST"],
        smtp_user=said.get("USER"),
        smtp_type=security,
        smtp_port=int(port) if port else None,
        default_status=dg.DefaultSensorStatus.STOPPED,
    )
