r"""The server's figures, measured from outside: over HTTP, on a process of its own.

``python -m serve.bench`` (:mod:`.__main__`) runs it. In the order of reading:

- :mod:`.config`: what can be chosen; :mod:`.report`: figures, what was wanted of them, Markdown;
- :mod:`.server`: ``python -m serve`` as a process; :mod:`.load`: clients and arrivals;
  :mod:`.questions`: what they ask;
- the parts, each of which checks the result first and then times: :mod:`.start`, :mod:`.health`
  (with :mod:`.probe`, a process of its own), :mod:`.throughput`, :mod:`.schema`, :mod:`.prefix`,
  :mod:`.overload`, :mod:`.malformed` (with :mod:`.bad_requests`);
- :mod:`.peers`: transformers and llama.cpp on the same requests.

Requests made up from the API's own description are another program's work. With the server running
(``python -m serve --anonymous-requests-per-minute 1e9 --anonymous-tokens-per-minute 1e12``):

    pip install schemathesis
    schemathesis run http://127.0.0.1:8000/openapi.json --checks not_a_server_error \
        --phases fuzzing --max-examples 500 --generation-deterministic --continue-on-failure \
        --request-timeout 120 --workers 4

``--max-examples`` counts for each operation; six of them take input, which makes more than 2,000
cases. It ends with code 1 where any answer was a 5xx.
"""
