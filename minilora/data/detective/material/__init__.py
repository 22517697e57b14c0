"""Invented subjects, what can be said of them, and passages that say it."""
