"""Units, their posts and who holds them: the register of the offices of five levels."""
