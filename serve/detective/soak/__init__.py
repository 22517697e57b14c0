"""Mixed use of a real server that is killed again and again, and what must hold after each kill.

- :mod:`.ledger`: what the server acknowledged, and what it must still have.
- :mod:`.texts`: documents, each with one fact of its own.
- :mod:`.work`: uploads, deletions, questions and listings, several at once.
- :mod:`.killed`: the server's process, killed with SIGKILL and started again on the same data.
- :mod:`.files`: whether the databases that a killed process left are whole.
- :mod:`.endpoint`: a model by OpenAI's API that needs no model, for a server that answers at once.
"""
