"""Pages on which a clerk imports an address list: upload, recognise, check, store."""
