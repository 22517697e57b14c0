"""The Data Detective: questions about documents, answered with quotes and checked."""
