"""What residents tell about plates and addresses, and what became of it."""
