"""Maintainers' commands that generate shipped files; not part of the installed product."""
