"""What keeps the agent honest about text that it did not write: limits, fences, views, outputs.

Nothing here depends on recognising an attack, except :mod:`.scanner`, which is a side signal. Each
module can be read by itself; none of them calls a model.

- :mod:`.limits`: how long a question may be, and what one request may spend.
- :mod:`.normalise`: what a text looks like without invisible and look-alike characters.
- :mod:`.fence`: sources inside delimiters that they cannot know, control tokens broken.
- :mod:`.output`: the answer rebuilt: text and citations of this request, and nothing else.
- :mod:`.canary`: a secret word of the system prompt, found when it leaves, whatever the chunks.
- :mod:`.scanner`: readable features and a small trained head; :mod:`.train` makes the head.
"""
