"""Web server: `gunicorn --config python:config.gunicorn config.wsgi`."""

import os

from config.environment import number, text
from config.logs import logging_config

bind = f"{text('HOST', '127.0.0.1')}:{number('PORT', 8000)}"
worker_class = "config.web_worker.WebWorker"
workers = number("WEB_WORKERS", (os.cpu_count() or 1) + 1)
threads = number("WEB_THREADS", 4)
timeout = 120
keepalive = 75  # longer than any client keeps an idle connection: it hangs up, not we
graceful_timeout = 30
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 8_190  # the most gunicorn takes: requestBody may lie in the address
preload_app = True
control_socket_disable = True
logconfig_dict = logging_config()
