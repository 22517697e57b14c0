"""What the benchmark asks: distinct questions, alone or after passages, so that lengths differ.

Every chat begins with a system message of its own number, so that no two share a beginning which
the prefix cache could give back.
"""

from __future__ import annotations

from typing import Any

QUESTIONS = (
    "What is the capital of Australia, and why is it not Sydney?",
    "Explain how a bicycle stays upright.",
    "List five vegetables that grow in the shade.",
    "Write a Python function that reverses a string.",
    "How do I boil an egg so that the yolk stays soft?",
    "Summarise the plot of Romeo and Juliet.",
    "Give me a simple recipe for bread.",
    "Why is the sky blue during the day and red in the evening?",
    "What should I pack for a week in the mountains in October?",
    "Describe how a bill becomes a law in a parliament.",
    "What is the difference between a virus and a bacterium?",
    "Write three sentences about the sea.",
    "How does a refrigerator move heat out of a closed box?",
    "Name the planets in order and say one thing about each.",
    "Write a polite letter that cancels a gym membership.",
    "How many minutes are there in a leap year?",
    "Explain recursion to a child of ten.",
    "What are the advantages of public transport in a city?",
    "Compare tea and coffee in a short paragraph.",
    "How do bees find their way back to the hive?",
    "Suggest names for a small bookshop near a harbour.",
    "What does a compiler do between reading and writing code?",
    "Write a short poem about the first snow.",
    "How can I tell whether an avocado is ripe?",
)

PASSAGES = (
    "The harbour was built in 1874 for sailing ships that carried timber and salt. When steamers "
    "came, the quay had to be made longer twice, and the old warehouses were turned round so that "
    "their doors faced the railway. Today two of them hold a market, and the third a theatre with "
    "three hundred seats.",
    "A heat pump moves heat instead of making it. A liquid boils in the outdoor coil at a low "
    "temperature, a compressor squeezes the vapour, which becomes hot, and the vapour gives its "
    "heat to the water of the house. For each unit of electricity three or four units of heat "
    "arrive, fewer on very cold days.",
    "The library lends books for four weeks, films for one. Members may renew twice, at the desk "
    "or by telephone, unless somebody else has asked for the same title. Late returns cost ten "
    "cents a day, children pay nothing, and whoever brings a tin of food in December is forgiven.",
)


def question(place: int) -> str:
    """Return a question, alone or after one or three passages, in turn."""
    n_passages = (0, 1, 3)[place % 3]
    first = place // 3 % len(PASSAGES)
    chosen = [PASSAGES[(first + i) % len(PASSAGES)] for i in range(n_passages)]
    return "\n\n".join([*chosen, QUESTIONS[place % len(QUESTIONS)]])


def chat_body(model: str, text: str, number: int, max_tokens: int, **fields: Any) -> dict[str, Any]:
    """Return a greedy chat request.

    Args:
        model: to ask.
        text: what the user says.
        number: of the conversation; another one shares no beginning with this.
        max_tokens: of the answer.
        fields: further ones of the body.
    """
    messages = [
        {"role": "system", "content": f"{number}. You are a helpful assistant."},
        {"role": "user", "content": text},
    ]
    return {
        "model": model,
        "messages": messages,
        "max_tokens": max_tokens,
        "temperature": 0,
        **fields,
    }
