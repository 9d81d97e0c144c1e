"""Plates (门牌): their events, replacement, blanks, photos and files."""
