"""The id of the request being served; events and log lines carry it."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
