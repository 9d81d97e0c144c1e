"""Symbol → plate → file: pure rendering from strings and millimetres to bytes."""
