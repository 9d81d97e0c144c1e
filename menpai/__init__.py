"""Menpai (门牌) for other programs: the client of its API."""
