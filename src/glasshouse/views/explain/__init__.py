"""The guided tour as a folder that works from a file: eight guesses, a lesson for teachers, and their numbers."""

from glasshouse.views.explain.folder import pages, write_explainer

__all__ = ["pages", "write_explainer"]
