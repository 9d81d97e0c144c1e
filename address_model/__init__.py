"""What an address is: codes, elements, text and the rules between them; no I/O."""
