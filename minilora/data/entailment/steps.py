r"""The judge's step: a source in its fence, one claim, one verdict.

The verdict is all that the model writes, so it is decided at one place, right after the claim, and
its probability is that of the place's first token. The quotation beside a verdict is found without
the model (:func:`minilora.data.entailment.evidence.nearest`), word for word.

The source comes before the claim: all claims on one source share everything up to ``Claim:``,
which is computed once.

The fence stands without the system's sentence on fences, which would cost every claim 50 tokens:
the adapter has seen nothing but fenced sources and answers with one word.

>>> from minilora.data.detective.steps import closing, opening
>>> fence = "\n".join([opening("5f0c", LABEL), plain("It opened in 1871 ."), closing("5f0c")])
>>> print(entail("It opened in 1872.", fence).messages()[1]["content"])
<<source 5f0c: text>>
It opened in 1871.
<<end 5f0c>>
Claim: It opened in 1872.
"""

from __future__ import annotations

from minilora.data.detective.steps import Step, Verdict
from minilora.data.entailment.text import plain
from minilora.data.rows import JsonObject

__all__ = ["ENTAIL_SCHEMA", "LABEL", "VERDICTS", "Verdict", "entail", "plain"]

VERDICTS: tuple[Verdict, ...] = ("supported", "contradicted", "not_found")
LABEL = "text"  # what the source is called in its opening line

ENTAIL_SCHEMA: JsonObject = {
    "type": "object",
    "description": "Compare the claim with the sources.",
    "properties": {"verdict": {"enum": list(VERDICTS)}},
    "required": ["verdict"],
    "additionalProperties": False,
}


def entail(claim: str, sources: str) -> Step:
    """Return the step that judges a claim.

    Args:
        claim: a sentence or a few, with control tokens broken.
        sources: the passages inside their fence, through :func:`~.text.plain`.
    """
    text = plain(claim)
    return Step("entail", ENTAIL_SCHEMA, f"{sources}\nClaim: {text}", claim=text)
