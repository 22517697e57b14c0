"""Rows that train a judge: does a source say what a claim says? See :mod:`.build`."""
