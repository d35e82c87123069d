# SPDX-FileCopyrightText: The Plumb authors
# SPDX-License-Identifier: Apache-2.0
"""Serves moto on the listening socket that the parent hands over as descriptor
3, for as long as the parent keeps standard input open."""

import os
import sys
import threading

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
make_server(
    "127.0.0.1",
    int(os.environ["MOTO_PORT"]),
    DomainDispatcherApplication(create_backend_app),
    threaded=True,
    request_handler=MotoRequestHandler,
    fd=3,
).serve_forever()
