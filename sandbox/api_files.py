"""How do the files methods of the Web API answer? First an address is asked for, at the end the file is shared."""

from sandbox.arguments import needed
from sandbox.files import File
from sandbox.refusals import Json, Refused
from sandbox.workspace import Workspace

LONGEST_ALT_TEXT = 1000
LARGEST = 10 * 2**20
"""Bytes. Slack takes a gigabyte; this workspace keeps its files in memory."""
NOT_MODELLED = ("channels", "thread_ts", "blocks")


def upload_url(workspace: Workspace, asked: Json) -> Json:
    name, length, alt_text = needed(asked, "filename"), _length(asked), asked.get("alt_txt") or ""
    if not isinstance(alt_text, str):
        raise Refused("invalid_arguments", "alt_txt must be a string")
    if len(alt_text) > LONGEST_ALT_TEXT:
        raise Refused("alt_txt_too_large", f"{len(alt_text)} characters; at most {LONGEST_ALT_TEXT:,}")
    file, address = workspace.files.announce(name, length, alt_text)
    return {"upload_url": address, "file_id": file.id}


def complete(workspace: Workspace, asked: Json) -> Json:
    """Shares what was uploaded. As at Slack the answer tells no message: that comes when the files are processed."""
    if others := [name for name in NOT_MODELLED if asked.get(name)]:
        raise Refused("invalid_arguments", f"{', '.join(others)}: not modelled here; use channel_id")
    named = [(workspace.files.ready(needed(one, "id")), one.get("title")) for one in _listed(asked)]
    channel_id = workspace.place_to_share(needed(asked, "channel_id")) if asked.get("channel_id") else None
    comment = str(asked.get("initial_comment") or "")
    for file, title in named:
        file.title = str(title or file.name)
    if channel_id:
        workspace.share(channel_id, [file for file, _ in named], comment)
    for file, _ in named:
        file.is_shared = True
    return {"files": [{"id": file.id, "title": file.title} for file, _ in named]}


def drawn(file: File) -> Json:
    """A file as Slack tells it."""
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "size": file.length,
        "alt_txt": file.alt_text,
    }


def _length(asked: Json) -> int:
    """Raises Refused."""
    written = str(asked.get("length", ""))
    if not written.isdecimal() or int(written) == 0:
        raise Refused("invalid_arguments", "[ERROR] missing required field: length, the file's bytes")
    if int(written) > LARGEST:
        raise Refused("file_upload_size_restricted")
    return int(written)


def _listed(asked: Json) -> list[Json]:
    """Raises Refused."""
    files = asked.get("files")
    if not isinstance(files, list) or not files or not all(isinstance(one, dict) for one in files):
        raise Refused("invalid_arguments", "[ERROR] missing required field: files, a list of ids and titles")
    if len({str(one.get("id")) for one in files}) < len(files):
        raise Refused("invalid_arguments", "files: an id repeats")
    return files
