"""Commands for maintainers that write shipped files; no part of the installed product."""
