"""Pages for crews on their phones (/crew): what is to be done, and one page for each plate."""
