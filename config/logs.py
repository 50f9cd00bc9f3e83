"""Log lines as JSON for machines, as text for a terminal; both carry the request id."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from config.environment import text
from core.events.request import request_id

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request_id"}


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class RouteNotPath(logging.Filter):
    """Django logs failed requests by path, and a path may hold a partner's token."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple) and len(record.args) == 2:
            match = request.resolver_match
            record.args = (record.args[0], f"/{match.route}" if match else "(none)")
        return True


def logging_config() -> dict[str, Any]:
    """LOG_FORMAT is text or json."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": JsonFormatter},
            "text": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        },
        "filters": {"route": {"()": RouteNotPath}},
        "handlers": {
            "standard": {"class": "logging.StreamHandler", "formatter": text("LOG_FORMAT", "text")}
        },
        "root": {"handlers": ["standard"], "level": text("LOG_LEVEL", "INFO")},
        "loggers": {
            "django.request": {"level": "ERROR", "filters": ["route"]},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "weasyprint": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "gunicorn.error": {"handlers": [], "propagate": True},
            "gunicorn.access": {"handlers": [], "propagate": False},
        },
    }
