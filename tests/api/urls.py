"""A path that writes an event, to test the wire apart from any business operation."""

from __future__ import annotations

from django.urls import path
from msgspec import UNSET, UnsetType

from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInput
from core.api.wire import Amount, Text, Wire
from core.companies.models import Permission
from core.errors import Busy, Conflict
from core.events.services import record


class Note(Wire):
    text: Text
    amount: Amount | UnsetType = UNSET


class Written(Wire):
    text: str
    is_for_test: bool


class Listing(Wire):
    page: PageInput | UnsetType = UNSET


class Notes(WireView):
    @Operation(body=Note, returns=Written, scope=Permission.TRANSFER_WRITE)
    def post(self, call: Call[Note]) -> Written:
        return self.write(call)

    def write(self, call: Call[Note]) -> Written:
        record(
            "note.written",
            workspace=call.workspace,
            object_type="note",
            object_id="1",
            actor=call.actor,
            changes={"text": call.body.text},
        )
        if call.body.text == "refused":
            raise Conflict("안 됩니다.", ids=["a"])
        if call.body.text == "busy":
            raise Busy()
        if call.body.text == "crash":
            raise RuntimeError("a bug")
        return Written(text=call.body.text, is_for_test=call.workspace.is_test)

    @Operation(body=Note, returns=Written, scope=Permission.TRANSFER_WRITE, atomic=False)
    def patch(self, call: Call[Note]) -> Written:
        """Commits its phases itself, as what calls outside does."""
        return self.write(call)

    @Operation(body=Listing, returns=Listing)
    def get(self, call: Call[Listing]) -> Listing:
        return call.body


urlpatterns = [path("platform/notes", Notes.as_view())]
handler404 = "config.failures.not_found"
handler500 = "config.failures.server_error"
