"""How do the views methods of the Web API answer?"""

from sandbox.arguments import needed
from sandbox.refusals import Json, Refused
from sandbox.workspace import Workspace


def open_modal(workspace: Workspace, asked: Json) -> Json:
    person_id = workspace.tickets.spend_trigger(needed(asked, "trigger_id"))
    return _told(workspace, workspace.views.open(person_id, asked.get("view")))


def push(workspace: Workspace, asked: Json) -> Json:
    person_id = workspace.tickets.spend_trigger(needed(asked, "trigger_id"), to_push=True)
    return _told(workspace, workspace.views.push(person_id, asked.get("view")))


def update(workspace: Workspace, asked: Json) -> Json:
    view = workspace.views.find(asked.get("view_id"), asked.get("external_id"))
    if asked.get("hash") and asked["hash"] != view["hash"]:
        raise Refused("hash_conflict")
    return _told(workspace, workspace.views.update(view, asked.get("view")))


def publish(workspace: Workspace, asked: Json) -> Json:
    person = workspace.people.get(needed(asked, "user_id"))
    if not workspace.manifest.has_home:
        raise Refused("not_enabled")
    if person is None or person.is_bot or person.is_deactivated:
        raise Refused("invalid_arguments", "user_id: there is no such person")
    return _told(workspace, workspace.views.publish(person.id, asked.get("view"), asked.get("hash")))


def _told(workspace: Workspace, view: Json) -> Json:
    workspace.touch()
    return {"view": view}
