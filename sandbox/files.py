"""Which files were uploaded? Each from the address that was asked for, by its bytes, to the conversation that has it.

Source: docs.slack.dev, files.getUploadURLExternal and files.completeUploadExternal.
"""

import mimetypes
import secrets
from dataclasses import dataclass, field

from sandbox.refusals import Refused


@dataclass
class File:
    """`content` is None until its bytes have come. `is_shared`: its upload is finished, and can't be finished again."""

    id: str
    name: str
    length: int
    alt_text: str
    title: str
    content: bytes | None = None
    is_shared: bool = False

    @property
    def mimetype(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def is_picture(self) -> bool:
        return self.mimetype in ("image/png", "image/jpeg", "image/gif")


@dataclass
class Files:
    """`address` is where bytes are sent to; the server says it when it starts."""

    address: str = ""
    _by_id: dict[str, File] = field(default_factory=dict)
    _by_token: dict[str, File] = field(default_factory=dict)

    def announce(self, name: str, length: int, alt_text: str) -> tuple[File, str]:
        """A file to come, and the address that takes its bytes, once."""
        file = File(f"F{secrets.token_hex(5).upper()}", name, length, alt_text, title=name)
        token = secrets.token_urlsafe(18)
        self._by_id[file.id] = self._by_token[token] = file
        return file, f"{self.address}/{token}"

    def expected(self, token: str) -> File:
        """The file whose bytes that address still takes. Raises Refused."""
        file = self._by_token.get(token)
        if file is None:
            raise Refused("no_such_url")
        if file.content is not None:
            raise Refused("used_url", "an upload address is good for one upload")
        return file

    def receive(self, token: str, content: bytes) -> File:
        """Takes the bytes. Raises Refused where they are not as many as were announced."""
        file = self.expected(token)
        if len(content) != file.length:
            raise Refused("wrong_length", f"{file.length} bytes were announced, {len(content)} came")
        file.content = content
        return file

    def ready(self, file_id: str) -> File:
        """A file that has come, and was not shared yet. Raises Refused."""
        file = self._by_id.get(file_id)
        if file is None:
            raise Refused("file_not_found")
        if file.content is None:
            raise Refused("file_not_found", f"{file_id}: nothing was uploaded to its address")
        if file.is_shared:
            raise Refused("file_not_found", f"{file_id}: its upload was finished before")
        return file
