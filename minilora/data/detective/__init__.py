"""Training rows of the Data Detective: routing, quoting, answering, refusing, verifying."""
