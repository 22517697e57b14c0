"""Asks ``/health`` at fixed times on one connection.

``python -m serve.bench.probe HOST PORT N RATE_PER_S`` is a process of its own, so that its clock
does not wait for whatever else the benchmark is doing. It prints the seconds of each answer as a
JSON list. An answer that is so late that the next question could not be asked in time counts
against that one too: its time runs from when it was due.
"""

from __future__ import annotations

import http.client
import json
import sys
import time


def probe(host: str, port: int, n: int, rate_per_s: float) -> list[float]:
    """Return the seconds that each of ``n`` answers took.

    Raises:
        ValueError: an answer was not 200.
    """
    connection = http.client.HTTPConnection(host, port, timeout=60)
    connection.connect()
    seconds: list[float] = []
    begun = answered = time.perf_counter()
    for i in range(n):
        due = begun + i / rate_per_s
        time.sleep(max(0.0, due - time.perf_counter()))
        asked = due if answered > due else time.perf_counter()
        connection.request("GET", "/health")
        response = connection.getresponse()
        response.read()
        answered = time.perf_counter()
        if response.status != 200:
            raise ValueError(f"/health answered {response.status}")
        seconds.append(answered - asked)
    connection.close()
    return seconds


if __name__ == "__main__":
    print(json.dumps(probe(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))))
